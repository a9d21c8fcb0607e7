"""The order of a few quarters: nothing over capacity, nothing twice, and never better than the bound."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from migrascope.schedule.effort import EffortEstimate
from migrascope.schedule.serial import SerialWork, at_most, holds, serial


def exact(days: float, earliest: int = 0) -> SerialWork:
    return SerialWork((EffortEstimate(days, days, days, absolute=True),), earliest=earliest)


works = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3)).map(lambda drawn: exact(*drawn)), max_size=12)


@settings(max_examples=200)
@given(works, st.lists(st.integers(0, 60).map(float), min_size=4, max_size=4))
def test_no_quarter_holds_more_than_people_have_and_the_bound_is_one(those: list[SerialWork], capacities: list[float]) -> None:
    slots = serial(those, capacities)
    for number, capacity in enumerate(capacities):
        inside = [work for work, slot in zip(those, slots, strict=True) if slot == number]
        assert sum(work.estimates[0].high for work in inside) <= capacity + 1e-6
        assert all(work.earliest <= number for work in inside)
    placed = [slot for slot in slots if slot is not None]
    assert len(placed) <= at_most(those, capacities)
    for work, slot in zip(those, slots, strict=True):
        for number in range(work.earliest, len(capacities)) if slot is None else ():
            inside = [other for other, where in zip(those, slots, strict=True) if where == number]
            assert not holds([*inside, work], capacities[number])


def test_what_is_worth_most_goes_first_and_what_is_small_fills_the_gap() -> None:
    assert serial([exact(20), exact(15), exact(10), exact(5)], [30.0, 30.0]) == [0, 1, 0, 1]


def test_work_that_goes_wrong_together_is_simulated_where_it_is_near() -> None:
    wide = [SerialWork((EffortEstimate(5, 10, 25, absolute=True),)) for _ in range(10)]
    assert holds(wide, 135.5)  # the eighth of ten futures is at 134.7 days, and the sum of ten eighths at 148
    assert not holds(wide, 130)
