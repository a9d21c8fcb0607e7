"""The arithmetic of what is not known for sure: it holds what it must, and knows less where less is known."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.model.uncertain import Bounds, Unknown, at_least, bounded, exactly, total

LOST = Unknown.because("server", "disks", "s-1", "incomplete")


@st.composite
def bounds(draw: st.DrawFn) -> tuple[Bounds, float]:
    """Bounds, and a value that lies between them."""
    low = draw(st.integers(0, 1000))
    high = draw(st.none() | st.integers(low, 2000))
    return Bounds(low, high), draw(st.integers(low, 3000 if high is None else high))


def holds(found: Bounds, value: float) -> bool:
    return found.low <= value and (found.high is None or value <= found.high)


@given(bounds(), bounds())
def test_a_sum_holds_those_of_the_values(one: tuple[Bounds, float], two: tuple[Bounds, float]) -> None:
    assert holds(one[0] + two[0], one[1] + two[1])
    assert holds(bounded(total([one[0], two[0]])), one[1] + two[1])


@given(bounds(), st.integers(0, 50), st.integers(0, 50))
def test_a_product_and_a_hull_hold_those_of_the_values(one: tuple[Bounds, float], factor: int, more: int) -> None:
    assert holds(one[0].times(factor, factor + more), one[1] * (factor + more // 2))
    assert holds(one[0].hull(exactly(factor)), one[1])
    assert holds(one[0].hull(exactly(factor)), factor)


@pytest.mark.parametrize("parts", [[10, LOST], [LOST, 10], [exactly(10), at_least(0)], [10, bounded(LOST)]])
def test_one_unknown_part_leaves_a_sum_without_an_upper_bound(parts: list[Any]) -> None:
    whole = total(parts)
    assert isinstance(whole, Bounds)
    assert whole.low == 10
    assert whole.high is None


def test_what_is_missing_is_the_union_of_what_each_part_misses() -> None:
    other = Unknown.because("server", "memory_mib", "s-2", "silent")
    whole = total([10, LOST, other])
    assert isinstance(whole, Bounds)
    assert whole.missing == LOST.missing | other.missing
