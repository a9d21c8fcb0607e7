"""What comes after the first: an order for at most four quarters, and never for more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from migrascope.first.choice import Judged, best
from migrascope.first.context import ChoiceContext
from migrascope.first.repairs import estimates, work_bound
from migrascope.model.first import Following, Placed, QuarterLoad
from migrascope.model.reasons import REASONS
from migrascope.model.uncertain import is_unknown
from migrascope.schedule.calendar import Period, quarter, quarter_after
from migrascope.schedule.serial import SerialWork, at_most, serial, taken

QUARTERS: Final = 4


@dataclass(frozen=True, slots=True)
class _Room:
    """A quarter with its days of people, less the buffer that the gate of the first one keeps."""

    name: str
    period: Period
    days: float


def roadmap(winner: Judged, judged: Sequence[Judged], around: ChoiceContext) -> Following | None:
    """The first unit and those after it, by quarter; None where nobody says how many people there are."""
    if around.people <= 0:
        return None
    rooms = list(_rooms(around))
    movable = [one for one in judged if one.moves]
    open_ = [one for one in movable if not _lasting(one)]
    known = [one for one in open_ if _work(one, rooms, around) is not None]
    queue = [winner, *(one for one in best(known) if one is not winner)]
    works = [work for one in queue if (work := _work(one, rooms, around)) is not None]
    if len(works) < len(queue):
        return None
    slots = serial(works, [room.days for room in rooms])
    loads = tuple(_load(number, room, queue, works, slots) for number, room in enumerate(rooms))
    while loads and not loads[-1].units:
        loads = loads[:-1]
    placed = sum(len(load.units) for load in loads)
    return Following(
        quarters=loads,
        considered=len(queue),
        at_most=at_most(works, [room.days for room in rooms]),
        unplaced=len(queue) - placed,
        not_estimated=len(open_) - len(known),
        kept_out=len(movable) - len(open_),
        lacks=around.capacity_lacks,
    )


def _lasting(one: Judged) -> bool:
    return any(REASONS[gate.why].lasting for gate in one.failing())


def _rooms(around: ChoiceContext) -> Iterator[_Room]:
    """The quarter of the plan and three more, with what is left of them."""
    buffer = 1 + around.anchors.limits.buffer_percent / 100
    period, name = around.period, around.quarter_name
    for _ in range(QUARTERS):
        left = Period(max(period.start, around.as_of), period.end)
        yield _Room(name, period, around.open_days(left) * around.people / buffer)
        name = quarter_after(period.end)
        period = quarter(name)


def _work(one: Judged, rooms: Sequence[_Room], around: ChoiceContext) -> SerialWork | None:
    """The unit as a piece of work, repairs included; None where nobody estimated it."""
    stated = estimates(one.unit, around)
    bound = work_bound(one.unit, around)
    if stated is None and bound is None:
        return None
    besides = sum(gate.days for gate in one.repairs()) + (0.0 if stated is not None else bound or 0.0)
    earliest = next((number for number, room in enumerate(rooms) if _not_before(one, around) <= room.period.end), QUARTERS)
    return SerialWork(tuple(stated or ()), besides, earliest)


def _not_before(one: Judged, around: ChoiceContext) -> dt.date:
    """The day before which it cannot go over: the plan's own date, and the landing zone."""
    cutovers = (around.ask(workload, "cutover.on") for workload in one.unit.workloads)
    days: list[dt.date] = [day for day in cutovers if not is_unknown(day)]
    days += [due for _, due in around.planned_parts() if due is not None]
    return max([*days, around.start])


def _load(
    number: int, room: _Room, queue: Sequence[Judged], works: Sequence[SerialWork], slots: Sequence[int | None]
) -> QuarterLoad:
    inside = [(one, work) for one, work, slot in zip(queue, works, slots, strict=True) if slot == number]
    units = tuple(
        Placed(unit=one.unit.id, name=one.unit.name, days=round(taken([work]), 1), conditional=bool(one.in_the_way()))
        for one, work in inside
    )
    days = round(taken([work for _, work in inside]), 1)
    return QuarterLoad(quarter=room.name, capacity_days=round(room.days, 1), planned_days=days, units=units)
