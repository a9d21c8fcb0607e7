"""An order for a few quarters: a serial schedule (Kelley, 1963), and how far at most it can be from the best one.

Each piece of work goes, in the order given, into the first quarter that still holds it. Holding means that in eight of
ten simulated futures the work of the quarter is not more than people have. The best schedule is a hard problem; a bound
by capacity alone says how many pieces no schedule can exceed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from migrascope.schedule.effort import Estimate, quantiles


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work: its estimates [days], days that it takes besides, and the first quarter that it may be in."""

    estimates: tuple[Estimate, ...]
    besides: float = 0.0
    earliest: int = 0


def serial(works: Sequence[Work], capacities: Sequence[float]) -> list[int | None]:
    """The quarter of each piece of work, by its number; None where no quarter holds it."""
    held: list[list[Work]] = [[] for _ in capacities]
    found: list[int | None] = []
    for work in works:
        slots = range(work.earliest, len(capacities))
        slot = next((number for number in slots if holds([*held[number], work], capacities[number])), None)
        found.append(slot)
        if slot is not None:
            held[slot].append(work)
    return found


def holds(works: Sequence[Work], capacity: float) -> bool:
    """In eight of ten simulated futures the work is not more than the days of people; simulated only where it is near."""
    if sum(map(_even, works)) > capacity:
        return False
    if sum(map(_safe, works)) <= capacity:
        return True
    return taken(works) <= capacity


def taken(works: Sequence[Work]) -> float:
    """Days that all of it takes in eight of ten simulated futures; pieces go wrong together."""
    estimates = [estimate for work in works for estimate in work.estimates]
    return sum(work.besides for work in works) + (quantiles(estimates).p80 if estimates else 0.0)


def at_most(works: Sequence[Work], capacities: Sequence[float]) -> int:
    """No schedule holds more pieces than this: the smallest first, by what they take in five of ten futures."""
    room = sum(capacities)
    return sum(total <= room for total in accumulate(sorted(map(_even, works))))


def _even(work: Work) -> float:
    return work.besides + sum(quantiles([estimate]).p50 for estimate in work.estimates)


def _safe(work: Work) -> float:
    return work.besides + sum(quantiles([estimate]).p80 for estimate in work.estimates)
