"""A layered layout of what calls what (Sugiyama, 1981): callers on the left, few crossings. Pure numbers, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from migrascope.estate.graph import circles

Edge = tuple[int, int]
_SWEEPS: Final = 8


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns of nodes, each from top to bottom, and of each edge the nodes that it goes through.

    A number that is no node holds a place for an edge that goes past.
    """

    columns: list[list[int]]
    routes: list[list[int]]


def layered(count: int, edges: Sequence[Edge]) -> Layout:
    """A node stands right of all that call it; inside a circle some edges lead back."""
    inside = {node: number for number, group in enumerate(circles(range(count), edges)) for node in group}
    back = [a in inside and inside.get(b) == inside[a] and a > b for a, b in edges]
    forward = [(b, a) if turned else (a, b) for (a, b), turned in zip(edges, back, strict=True)]
    layer = _longest_paths(count, forward)
    columns: list[list[int]] = [[] for _ in range(max(layer, default=0) + 1)]
    for node in range(count):
        columns[layer[node]].append(node)
    routes, following = [], count
    for a, b in forward:
        past = list(range(following, following + layer[b] - layer[a] - 1))
        for place, number in enumerate(past, start=layer[a] + 1):
            columns[place].append(number)
        following += len(past)
        routes.append([a, *past, b])
    steps = [pair for route in routes for pair in pairwise(route)]
    for sweep in range(_SWEEPS):
        _sweep(columns, steps, backwards=bool(sweep % 2))
    return Layout(columns, [route[::-1] if turned else route for route, turned in zip(routes, back, strict=True)])


def _longest_paths(count: int, edges: Sequence[Edge]) -> list[int]:
    """The layer of each node; no circle is left, so that after as many rounds as the longest path nothing changes."""
    layer = [0] * count
    for _ in range(count):
        late = [(a, b) for a, b in edges if layer[b] <= layer[a]]
        for a, b in late:
            layer[b] = max(layer[b], layer[a] + 1)
        if not late:
            break
    return layer


def _sweep(columns: list[list[int]], steps: Sequence[Edge], *, backwards: bool) -> None:
    """Put each node beside the middle of its neighbours, column by column."""
    place = {node: (row + 0.5) / len(column) for column in columns for row, node in enumerate(column)}
    near: dict[int, list[int]] = {}
    for a, b in steps:
        near.setdefault(a if backwards else b, []).append(b if backwards else a)
    for column in reversed(columns) if backwards else columns:
        middles = {node: _middle([place[other] for other in near.get(node, ())], place[node]) for node in column}
        column.sort(key=lambda node: (middles[node], node))
        place.update({node: (row + 0.5) / len(column) for row, node in enumerate(column)})


def _middle(places: Sequence[float], own: float) -> float:
    return sum(places) / len(places) if places else own
