"""Cuts: the fewest ties to bridge so that a part of what hangs together comes free.

A smallest cut between two nodes is a largest flow between them (Ford and Fulkerson, 1956), found along all shortest paths
at once (Dinic, 1970). Groups that move together have tens or hundreds of members, so plain dictionaries do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final, Generic, NamedTuple, TypeVar

N = TypeVar("N", bound=Hashable)
_TRIED: Final = 50
_LOOKED_AT: Final = 500_000
"""Ties that are looked at in all: of a group that is tied in more ways, fewer members are tried."""


class Cut(NamedTuple, Generic[N]):
    """The ties to bridge, what they cost together, and the part that comes free."""

    ties: tuple[tuple[N, N], ...]
    cost: float
    free: tuple[N, ...]


def cheapest_cut(nodes: Sequence[N], ties: Mapping[tuple[N, N], float], fits: Callable[[Sequence[N]], bool]) -> Cut[N] | None:
    """The cheapest set of ties that frees a part that fits, from the node that most hangs on; None where there is none.

    `ties` gives the cost of bridging each pair. Of a large group those that hang on least are tried, fifty at most.
    """
    if len(nodes) < 2:
        return None
    weight = dict.fromkeys(nodes, 0.0)
    for pair, cost in ties.items():
        for node in pair:
            weight[node] += cost
    place = {node: number for number, node in enumerate(nodes)}
    core = max(nodes, key=lambda node: (weight[node], -place[node]))
    tried = sorted((node for node in nodes if node is not core), key=lambda node: (weight[node], place[node]))
    tried = tried[: max(1, min(_TRIED, _LOOKED_AT // max(1, len(ties))))]
    found = (smallest_cut(nodes, ties, node, core) for node in tried)
    fitting = [cut for cut in found if cut.free and fits(cut.free)]
    return min(fitting, key=lambda cut: (cut.cost, len(cut.free), place[cut.free[0]]), default=None)


def smallest_cut(nodes: Iterable[N], ties: Mapping[tuple[N, N], float], source: N, sink: N) -> Cut[N]:
    """The cheapest ties that part `source` from `sink`, and everything that then hangs on `source`."""
    left: dict[N, dict[N, float]] = {node: {} for node in nodes}
    for (one, other), cost in ties.items():
        left[one][other] = left[one].get(other, 0.0) + cost
        left[other][one] = left[other].get(one, 0.0) + cost
    steps = _steps(left, source)
    while sink in steps:
        _fill(left, steps, source, sink)
        steps = _steps(left, source)
    cut = tuple(pair for pair in ties if (pair[0] in steps) != (pair[1] in steps))
    return Cut(cut, sum(ties[pair] for pair in cut), tuple(node for node in left if node in steps))


def _steps(left: Mapping[N, Mapping[N, float]], source: N) -> dict[N, int]:
    """How many steps each node is from the source, of those that can be reached where something is left."""
    steps = {source: 0}
    waiting = deque([source])
    while waiting:
        node = waiting.popleft()
        for other, room in left[node].items():
            if room > 0 and other not in steps:
                steps[other] = steps[node] + 1
                waiting.append(other)
    return steps


def _fill(left: dict[N, dict[N, float]], steps: Mapping[N, int], source: N, sink: N) -> None:
    """Let flow all that shortest paths hold. Each way that turns out to lead nowhere is looked at once."""
    ahead = {node: iter(tuple(left[node])) for node in steps}
    path = [source]
    while path:
        node = path[-1]
        if node == sink:
            pairs = list(pairwise(path))
            narrowest = min(left[one][other] for one, other in pairs)
            for one, other in pairs:
                left[one][other] -= narrowest
                left[other][one] += narrowest
            path = [source]
            continue
        onward = (other for other in ahead[node] if left[node][other] > 0 and steps.get(other) == steps[node] + 1)
        following = next(onward, None)
        if following is not None:
            path.append(following)
        else:
            path.pop()
