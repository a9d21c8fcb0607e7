"""Quarters and working days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple


class Period(NamedTuple):
    """Days from `start` to `end`, both included."""

    start: dt.date
    end: dt.date


def quarter(name: str) -> Period:
    """The days of a quarter such as `2027-Q1`."""
    year, number = int(name[:4]), int(name[-1])
    start = dt.date(year, 3 * number - 2, 1)
    following = dt.date(year + number // 4, 3 * (number % 4) + 1, 1)
    return Period(start, following - dt.timedelta(days=1))


def quarter_after(day: dt.date) -> str:
    """The quarter that follows the one a day is in."""
    number = (day.month - 1) // 3 + 1
    return f"{day.year + number // 4}-Q{number % 4 + 1}"


@lru_cache(maxsize=64)
def public_holidays(country: str, year: int) -> frozenset[dt.date]:
    """The public holidays of a country; none for a country that the library does not know."""
    import holidays  # imported late: only a plan that names a country pays for it

    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def working_days(period: Period, country: str | None, freezes: Iterable[Period]) -> int:
    """Monday to Friday, less public holidays and freezes."""
    return _working_days(period, country, tuple(freezes))


@lru_cache(maxsize=4096)
def _working_days(period: Period, country: str | None, closed: tuple[Period, ...]) -> int:
    count = 0
    for offset in range((period.end - period.start).days + 1):
        day = period.start + dt.timedelta(days=offset)
        if day.weekday() > 4 or any(freeze.start <= day <= freeze.end for freeze in closed):
            continue
        if country is not None and day in public_holidays(country, day.year):
            continue
        count += 1
    return count


def overlap_days(first: Period, second: Period) -> int:
    """How many days two periods have in common."""
    return max(0, (min(first.end, second.end) - max(first.start, second.start)).days + 1)
