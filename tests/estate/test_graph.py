"""Circles and groups, against the plain definition."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from migrascope.estate.graph import circles, together

nodes = st.integers(0, 7)
edges = st.lists(st.tuples(nodes, nodes), max_size=20)
NODES = list(range(8))


def reachable(found: list[tuple[int, int]]) -> set[tuple[int, int]]:
    pairs = set(found)
    while True:
        more = {(a, d) for a, b in pairs for c, d in pairs if b == c} - pairs
        if not more:
            return pairs
        pairs |= more


@given(edges)
def test_a_circle_is_what_can_reach_each_other(found: list[tuple[int, int]]) -> None:
    pairs = reachable(found)
    expected = {frozenset(b for b in NODES if b == a or ((a, b) in pairs and (b, a) in pairs)) for a in NODES}
    assert {frozenset(c) for c in circles(NODES, found)} == {group for group in expected if len(group) > 1}


@given(edges)
def test_a_group_is_what_hangs_together_and_every_node_is_in_one(found: list[tuple[int, int]]) -> None:
    groups = together(NODES, found)
    assert sorted(node for group in groups for node in group) == NODES
    pairs = reachable([*found, *((b, a) for a, b in found), *((n, n) for n in NODES)])
    for group in groups:
        assert set(group) == {b for b in NODES if (group[0], b) in pairs}


def test_a_long_chain_is_no_limit() -> None:
    chain = list(range(50_000))
    assert circles(chain, [*itertools.pairwise(chain), (49_999, 0)]) == [chain]
