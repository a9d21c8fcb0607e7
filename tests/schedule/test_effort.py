"""How much work: against exact numbers, and the laws that a simulation has to keep."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrascope.schedule.effort import EffortEstimate, quantiles
from tests.first.test_additive import case


def estimate(first: float, second: float, third: float, absolute: bool) -> EffortEstimate:
    low, likely, high = sorted((first, second, third))
    return EffortEstimate(low, likely, high, absolute)


days = st.floats(0.5, 60, allow_nan=False)
estimates = st.tuples(days, days, days, st.booleans()).map(lambda drawn: estimate(*drawn))


def test_ten_tasks_that_go_wrong_together() -> None:
    told = case("betapert_correlation_widens")
    low, likely, high = told["inputs"]["pert"]
    one = EffortEstimate(low, likely, high, absolute=True)
    single = quantiles([one])
    assert [single.p50, single.p80, single.p90] == pytest.approx(told["expected"]["single_P50_P80_P90"], abs=0.02)
    for correlation, expected in told["expected"]["sum_P50_P80_P90_by_rho"].items():
        found = quantiles([one] * told["inputs"]["tasks"], correlation=float(correlation), seed=1)
        assert [found.p50, found.p80, found.p90] == pytest.approx(expected, abs=2 * told["expected"]["tolerance"])


def test_ten_and_ninety_in_a_hundred_are_kept() -> None:
    usual = quantiles([EffortEstimate(5, 10, 25)])
    extreme = quantiles([EffortEstimate(5, 10, 25, absolute=True)])
    assert usual.p90 == pytest.approx(25, abs=0.05)
    assert extreme.p90 < usual.p90
    assert quantiles([EffortEstimate(8, 8, 8)]).p80 == pytest.approx(8)


@settings(max_examples=60)
@given(st.lists(estimates, min_size=1, max_size=4), st.floats(0.5, 30))
def test_a_worse_pessimist_never_makes_it_less(work: list[EffortEstimate], more: float) -> None:
    first, *rest = work
    worse = EffortEstimate(first.low, first.likely, first.high + more, first.absolute)
    assert quantiles([worse, *rest]).p80 >= quantiles(work).p80 - 0.05
    found = quantiles(work)
    assert found.p50 <= found.p80 <= found.p90


@settings(max_examples=25)
@given(estimates.filter(lambda e: e.high > e.low + 1))
def test_what_goes_wrong_together_takes_longer_in_bad_futures(one: EffortEstimate) -> None:
    found = [quantiles([one] * 6, correlation=rho).p80 for rho in (0.0, 0.3, 0.6, 1.0)]
    spread = one.high - one.low
    assert all(later >= sooner - 0.05 * spread for sooner, later in pairwise(found))
