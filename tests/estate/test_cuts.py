"""The cheapest bridge: against every way to part a small group, and on the group that nothing would start with."""

from __future__ import annotations

from itertools import combinations, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from migrascope.estate.cuts import cheapest_cut, smallest_cut

NODES = tuple("abcdef")
PAIRS = tuple(combinations(NODES, 2))
ties = st.dictionaries(st.sampled_from(PAIRS), st.integers(1, 5).map(float), max_size=12)


def cost(found: dict[tuple[str, str], float], side: set[str]) -> float:
    return sum(weight for (one, other), weight in found.items() if (one in side) != (other in side))


@settings(max_examples=300)
@given(ties)
def test_no_way_to_part_two_is_cheaper(found: dict[tuple[str, str], float]) -> None:
    cut = smallest_cut(NODES, found, "a", "f")
    rest = NODES[1:-1]
    every = (cost(found, {"a", *some}) for size in range(len(rest) + 1) for some in combinations(rest, size))
    assert cut.cost == min(every) == sum(found[tie] for tie in cut.ties)
    assert cost(found, set(cut.free)) == cut.cost
    assert "a" in cut.free
    assert "f" not in cut.free


def test_the_part_that_hangs_on_least_comes_free() -> None:
    core = {("erp", name): 1.0 for name in ("sales", "stock", "pay")} | {("sales", "stock"): 1.0}
    cut = cheapest_cut(("erp", "sales", "stock", "pay"), core, lambda free: len(free) <= 2)
    assert cut is not None
    assert cut.ties == (("erp", "pay"),)
    assert cut.free == ("pay",)


def test_a_part_that_is_too_large_is_no_part() -> None:
    chain = dict.fromkeys(pairwise("abc"), 1.0)
    assert cheapest_cut(tuple("abc"), chain, lambda _: False) is None
    assert cheapest_cut(("a",), {}, lambda _: True) is None


def test_a_group_in_which_everything_is_tied_to_everything_is_answered_too() -> None:
    """Five hundred workloads and 124,750 calls: what a programme that ties all to all looks like."""
    nodes = tuple(range(500))
    cut = cheapest_cut(nodes, dict.fromkeys(combinations(nodes, 2), 1.0), lambda free: len(free) < 10)
    assert cut is not None
    assert cut.cost == 499
    assert len(cut.free) == 1
