"""An order for a few quarters: a serial schedule (Kelley, 1963), and how far at most it can be from the best one.

Each piece of work goes, in the order given, into the first quarter that still holds it. Holding means that in eight of
ten simulated futures the work of the quarter is not more than people have. The best schedule is a hard problem; a bound
by capacity alone says how many pieces no schedule can exceed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import accumulate

from migrascope.schedule.effort import EffortEstimate, SharedOverrun, quantiles


@dataclass(frozen=True, slots=True)
class SerialWork:
    """A piece of work: its estimates [days], days that it takes besides, and the first quarter that it may be in."""

    estimates: tuple[EffortEstimate, ...]
    besides: float = 0.0
    earliest: int = 0


@dataclass(slots=True)
class _Slot:
    """A quarter: its days of people, and what it holds, as simulated sums that grow piece by piece."""

    capacity: float
    besides: float = 0.0
    even: float = 0.0
    together: SharedOverrun = field(default_factory=SharedOverrun)

    def with_(self, work: SerialWork) -> _Slot | None:
        """The quarter with another piece of work; None where it does not hold it."""
        besides, even = self.besides + work.besides, self.even + _even(work)
        if even > self.capacity:
            return None
        together = reduce(SharedOverrun.plus, work.estimates, self.together)
        took = besides + (together.days().p80 if together.pieces else 0.0)
        return _Slot(self.capacity, besides, even, together) if took <= self.capacity else None


def serial(works: Sequence[SerialWork], capacities: Sequence[float]) -> list[int | None]:
    """The quarter of each piece of work, by its number; None where no quarter holds it."""
    slots = [_Slot(capacity) for capacity in capacities]
    found: list[int | None] = []
    for work in works:
        place = None
        for number in range(work.earliest, len(slots)):
            filled = slots[number].with_(work)
            if filled is not None:
                slots[number], place = filled, number
                break
        found.append(place)
    return found


def holds(works: Sequence[SerialWork], capacity: float) -> bool:
    """In eight of ten simulated futures the work is not more than the days of people."""
    return sum(map(_even, works)) <= capacity and taken(works) <= capacity


def taken(works: Sequence[SerialWork]) -> float:
    """Days that all of it takes in eight of ten simulated futures; pieces go wrong together."""
    estimates = [estimate for work in works for estimate in work.estimates]
    return sum(work.besides for work in works) + (quantiles(estimates).p80 if estimates else 0.0)


def at_most(works: Sequence[SerialWork], capacities: Sequence[float]) -> int:
    """No schedule holds more pieces than this: the smallest first, by what they take in five of ten futures."""
    room = sum(capacities)
    return sum(total <= room for total in accumulate(sorted(map(_even, works))))


def _even(work: SerialWork) -> float:
    return work.besides + sum(quantiles([estimate]).p50 for estimate in work.estimates)
