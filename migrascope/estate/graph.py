"""Graphs: circles, and what hangs together. Plain lists and arrays, linear in nodes and edges."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

N = TypeVar("N", bound=Hashable)


def circles(nodes: Sequence[N], edges: Iterable[tuple[N, N]]) -> list[list[N]]:
    """Strongly connected components of two nodes or more, each in the order of `nodes` (Tarjan, 1972)."""
    number = {node: index for index, node in enumerate(nodes)}
    following: list[list[int]] = [[] for _ in nodes]
    for source, target in edges:
        following[number[source]].append(number[target])
    found = _components(following)
    return [[nodes[index] for index in sorted(component)] for component in found if len(component) > 1]


class _Tarjan:
    """The state of one run over `following`, the successors of each node."""

    def __init__(self, following: list[list[int]]) -> None:
        count = len(following)
        self.following = following
        self.order, self.low, self.on_stack = [-1] * count, [0] * count, [False] * count
        self.stack: list[int] = []
        self.found: list[list[int]] = []
        self.clock = 0

    def visit(self, root: int) -> None:
        """Everything that can be reached from a node; no recursion, so that depth is no limit."""
        self._enter(root)
        work = [(root, iter(self.following[root]))]
        while work:
            node, rest = work[-1]
            target = next((step for step in rest if self._is_new(node, step)), None)
            if target is not None:
                self._enter(target)
                work.append((target, iter(self.following[target])))
                continue
            work.pop()
            if work:
                parent = work[-1][0]
                self.low[parent] = min(self.low[parent], self.low[node])
            if self.low[node] == self.order[node]:
                self._close(node)

    def _enter(self, node: int) -> None:
        self.order[node] = self.low[node] = self.clock
        self.clock += 1
        self.stack.append(node)
        self.on_stack[node] = True

    def _is_new(self, node: int, step: int) -> bool:
        """True where the step leads to a node that is new; an old one only lowers the mark."""
        if self.order[step] == -1:
            return True
        if self.on_stack[step]:
            self.low[node] = min(self.low[node], self.order[step])
        return False

    def _close(self, node: int) -> None:
        component: list[int] = []
        while not component or component[-1] != node:
            component.append(self.stack.pop())
            self.on_stack[component[-1]] = False
        self.found.append(component)


def _components(following: list[list[int]]) -> list[list[int]]:
    tarjan = _Tarjan(following)
    for root in range(len(following)):
        if tarjan.order[root] == -1:
            tarjan.visit(root)
    return sorted(tarjan.found, key=min)


def together(nodes: Sequence[N], pairs: Iterable[tuple[N, N]]) -> list[list[N]]:
    """Groups of nodes that pairs tie together, each and all in the order of `nodes`; single nodes too (union-find)."""
    number = {node: index for index, node in enumerate(nodes)}
    parent = list(range(len(nodes)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for first, second in pairs:
        left, right = root(number[first]), root(number[second])
        if left != right:
            parent[max(left, right)] = min(left, right)
    groups: dict[int, list[N]] = {}
    for index, node in enumerate(nodes):
        groups.setdefault(root(index), []).append(node)
    return list(groups.values())
