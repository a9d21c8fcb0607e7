"""Three-valued logic against the definition: unknown is whatever leaves the answer open."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.model import uncertain
from migrascope.model.uncertain import Bounds, Listing, Missing, Unknown

U = Unknown.because("server", "fact", "a", "blank")
MISSING = frozenset((Missing("server", "fact", "a", "blank"),))
TRUTHS: tuple[Any, ...] = (True, False, U)

truths = st.lists(st.sampled_from(TRUTHS), max_size=5)


def completions(values: list[Any]) -> list[tuple[bool, ...]]:
    """Every way in which the unknowns may turn out."""
    return list(itertools.product(*([v] if isinstance(v, bool) else [True, False] for v in values)))


def same(answer: Any, outcomes: set[bool]) -> bool:
    """The answer is what all completions agree on, and unknown where they do not."""
    return answer in outcomes if isinstance(answer, bool) and len(outcomes) == 1 else not isinstance(answer, bool)


@given(truths)
def test_and_or_not_are_what_all_completions_agree_on(values: list[Any]) -> None:
    assert same(uncertain.conjunction(values), {all(c) for c in completions(values)})
    assert same(uncertain.disjunction(values), {any(c) for c in completions(values)})
    for value in values:
        assert same(uncertain.negation(value), {not c[0] for c in completions([value])})


@given(truths, st.booleans())
def test_a_list_that_may_be_longer_is_never_sure_of_what_one_more_item_could_change(values: list[Any], longer: bool) -> None:
    listing = Listing(tuple(values), MISSING if longer else frozenset())
    for function, fold in (("any", any), ("all", all)):
        possible = {fold(c) for c in completions(values)}
        if longer:
            possible |= {fold((*c, extra)) for c in completions(values) for extra in (True, False)}
        assert same(uncertain.quantify(function, values, listing), possible)


@given(truths, st.booleans())
def test_a_count_holds_every_number_that_is_possible(values: list[Any], longer: bool) -> None:
    counted = uncertain.count_true(values, MISSING if longer else frozenset())
    possible = {sum(c) for c in completions(values)}
    if isinstance(counted, Bounds):
        assert counted.low == min(possible)
        assert counted.high == (None if longer else max(possible))
    else:
        assert possible == {counted}
        assert not longer


numbers = st.integers(min_value=-5, max_value=5)
ranges = st.tuples(numbers, numbers).map(lambda pair: Bounds(min(pair), max(pair), MISSING))


def points(value: Any) -> list[int]:
    return list(range(value.low, value.high + 1)) if isinstance(value, Bounds) else [value]


@given(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers | ranges, numbers | ranges)
def test_comparing_ranges_is_sure_only_where_every_point_agrees(op: str, left: Any, right: Any) -> None:
    answer = uncertain.compare(op, left, right)
    possible = {bool(uncertain.compare(op, a, b)) for a in points(left) for b in points(right)}
    if isinstance(answer, bool):
        assert possible == {answer}
    elif not isinstance(left, Bounds) or not isinstance(right, Bounds) or op not in ("==", "!="):
        assert len(possible) == 2 or any(isinstance(v, Bounds) and v.low == v.high for v in (left, right))


@given(st.sampled_from("+-*/"), numbers | ranges, numbers | ranges)
def test_arithmetic_on_ranges_holds_every_result(op: str, left: Any, right: Any) -> None:
    zero = Missing("server", "division by zero", "a", "undecidable")
    answer = uncertain.arithmetic(op, left, right, zero)
    for a, b in itertools.product(points(left), points(right)):
        if op == "/" and b == 0:
            assert isinstance(answer, Unknown)
            return
        exact = uncertain.arithmetic(op, a, b, zero)
        if isinstance(answer, Bounds):
            assert answer.low - 1e-9 <= exact <= answer.high + 1e-9
        elif not isinstance(answer, Unknown):
            assert answer == exact


def test_unknown_is_never_taken_for_true_or_false() -> None:
    with pytest.raises(TypeError, match="neither true nor false"):
        bool(U)


ENDS = st.one_of(st.none(), st.integers(-50, 50))


@given(ENDS, ENDS, st.integers(-5, 5), st.integers(-60, 60))
def test_an_interval_times_a_number_holds_the_product_of_everything_in_it(
    low: Any, high: Any, factor: int, inside: int
) -> None:
    if low is not None and high is not None and low > high:
        low, high = high, low
    if (low is not None and inside < low) or (high is not None and inside > high):
        return
    zero = Missing("server", "fact", "a", "undecidable")
    for answer in (
        uncertain.arithmetic("*", Bounds(low, high, MISSING), factor, zero),
        uncertain.arithmetic("*", factor, Bounds(low, high, MISSING), zero),
    ):
        assert answer.missing == MISSING
        assert answer.low is None or answer.low <= inside * factor
        assert answer.high is None or inside * factor <= answer.high
        # What is bounded stays bounded: a claim below the least that it can be is one, however much is not known.
        assert factor == 0 or (answer.low is None) == ((low if factor > 0 else high) is None)
