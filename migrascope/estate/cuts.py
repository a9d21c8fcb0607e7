"""Cuts: the fewest ties to bridge so that a part of what hangs together comes free.

A smallest cut between two nodes is a largest flow between them (Ford and Fulkerson, 1956), found along shortest paths
(Edmonds and Karp, 1972). Groups that move together have tens or hundreds of members, so plain dictionaries do.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

N = TypeVar("N", bound=Hashable)
_TRIED: Final = 50


class Cut(NamedTuple, Generic[N]):
    """The ties to bridge, what they cost together, and the part that comes free."""

    ties: tuple[tuple[N, N], ...]
    cost: float
    free: tuple[N, ...]


def cheapest_cut(nodes: Sequence[N], ties: Mapping[tuple[N, N], float], fits: Callable[[Sequence[N]], bool]) -> Cut[N] | None:
    """The cheapest set of ties that frees a part that fits, from the node that most hangs on; None where there is none.

    `ties` gives the cost of bridging each pair. Of a large group the fifty that hang on least are tried.
    """
    if len(nodes) < 2:
        return None
    weight = dict.fromkeys(nodes, 0.0)
    for pair, cost in ties.items():
        for node in pair:
            weight[node] += cost
    place = {node: number for number, node in enumerate(nodes)}
    core = max(nodes, key=lambda node: (weight[node], -place[node]))
    tried = sorted((node for node in nodes if node is not core), key=lambda node: (weight[node], place[node]))[:_TRIED]
    found = (smallest_cut(nodes, ties, node, core) for node in tried)
    fitting = [cut for cut in found if cut.free and fits(cut.free)]
    return min(fitting, key=lambda cut: (cut.cost, len(cut.free), place[cut.free[0]]), default=None)


def smallest_cut(nodes: Iterable[N], ties: Mapping[tuple[N, N], float], source: N, sink: N) -> Cut[N]:
    """The cheapest ties that part `source` from `sink`, and everything that then hangs on `source`."""
    left: dict[N, dict[N, float]] = {node: {} for node in nodes}
    for (one, other), cost in ties.items():
        left[one][other] = left[one].get(other, 0.0) + cost
        left[other][one] = left[other].get(one, 0.0) + cost
    reached = _reached(left, source)
    while sink in reached:
        path = list(_path(reached, sink))
        narrowest = min(left[one][other] for one, other in path)
        for one, other in path:
            left[one][other] -= narrowest
            left[other][one] += narrowest
        reached = _reached(left, source)
    cut = tuple(pair for pair in ties if (pair[0] in reached) != (pair[1] in reached))
    return Cut(cut, sum(ties[pair] for pair in cut), tuple(node for node in left if node in reached))


def _reached(left: Mapping[N, Mapping[N, float]], source: N) -> dict[N, N]:
    """What can be reached where something is left, each with the node before it."""
    before = {source: source}
    waiting = deque([source])
    while waiting:
        node = waiting.popleft()
        for other, room in left[node].items():
            if room > 0 and other not in before:
                before[other] = node
                waiting.append(other)
    return before


def _path(before: Mapping[N, N], sink: N) -> Iterable[tuple[N, N]]:
    node = sink
    while before[node] != node:
        yield before[node], node
        node = before[node]
