"""The quarter of the first workload: what comes before it, the move, and what is measured after, on real days.

The people of the plan work on one thing at a time; what only waits (a commitment, a measurement) waits beside it.
Days are working days less holidays and freezes. Dates from a distribution stand only where people gave three estimates.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from migrascope.first.choice import Judged
from migrascope.first.context import Context
from migrascope.first.gates import effort, estimated
from migrascope.model.first import Futures, Quarter, QuarterStep, Reason
from migrascope.schedule.calendar import Period, working_days

SOAK_DAYS: Final = 14
"""Calendar days in which the old place stays as it is; ours."""
_ROLES: Final = {
    "owners": "management",
    "test_path": "technical_owner",
    "rollback": "technical_owner",
    "outcome": "business_owner",
    "rehearsal": "technical_owner",
    "approvals": "business_owner",
}
_MOST_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class _Calendar:
    around: Context

    def after(self, start: dt.date, days: float) -> dt.date:
        """The day on which so many working days are over; the first is `start`, if that is one."""
        plan = self.around.estate.plan
        country = plan.capacity.holidays if plan.capacity else None
        freezes, left, day = self.around.freezes(), math.ceil(days), start
        for _ in range(_MOST_DAYS):
            left -= working_days(Period(day, day), country, freezes)
            if left <= 0 and working_days(Period(day, day), country, freezes):
                return day
            day += dt.timedelta(days=1)
        return day


def plan_quarter(winner: Judged | None, around: Context) -> Quarter | None:
    """The steps of the quarter for the first unit; None where there is none, or nobody says how many people there are."""
    capacity = around.estate.plan.capacity
    if winner is None or capacity is None or not capacity.fte:
        return None
    share = capacity.fte * (1 - (capacity.reserve_percent or 0) / 100)
    if share <= 0:
        return None
    calendar = _Calendar(around)
    steps = list(_before(winner, around, calendar, share))
    start = max((dt.date.fromisoformat(step.end) for step in steps), default=_start(around))
    futures = estimated(winner.unit)
    work = effort(winner.unit)
    if work is None:
        return Quarter(start=_start(around).isoformat(), end=around.period.end.isoformat(), steps=tuple(steps))
    end = calendar.after(start, work / share)
    wanted = [w.claim.cutover.on for w in winner.unit.workloads if w.claim.cutover and w.claim.cutover.on]
    cutover = max([end, *wanted])
    quiet = cutover + dt.timedelta(days=SOAK_DAYS)
    steps += [
        _step("move", "technical_owner", start, end, work),
        _step("cutover", "technical_owner", cutover, cutover, 0),
        _step("soak", "technical_owner", cutover, quiet, 0),
        _step("measure", "business_owner", quiet, quiet, 0),
    ]
    done = None
    if futures is not None:
        days = {name: getattr(futures, name) for name in ("p50", "p80", "p90")}
        dates = {name: calendar.after(start, each / share).isoformat() for name, each in days.items()}
        done = Futures(days={name: math.ceil(each * 2) / 2 for name, each in days.items()}, done_by=dates)
    stop = min(dt.date.fromisoformat(done.done_by["p90"]) if done else around.period.end, around.period.end)
    return Quarter(
        start=_start(around).isoformat(),
        end=around.period.end.isoformat(),
        steps=tuple(steps),
        futures=done,
        fits=cutover <= around.period.end,
        stop_on=max(stop, cutover).isoformat() if cutover <= around.period.end else around.period.end.isoformat(),
    )


def _start(around: Context) -> dt.date:
    return max(around.period.start, around.as_of)


def _before(winner: Judged, around: Context, calendar: _Calendar, share: float) -> Iterator[QuarterStep]:
    """What has to stand before the move: the landing zone by its dates, repairs one after the other."""
    zone = around.estate.plan.landing_zone
    for name in ("identity", "network", "segmentation", "access", "logging", "backup"):
        part = getattr(zone, name, None)
        if part is not None and part.state == "planned" and part.due is not None:
            due = max(part.due, _start(around))
            yield QuarterStep(
                kind="landing_zone",
                what=Reason(code="landing_zone", values={"part": name, "due": part.due.isoformat()}),
                ask="security_officer",
                start=_start(around).isoformat(),
                end=due.isoformat(),
                days=0,
            )
    free = _start(around)
    for gate in winner.repairs():
        worked = calendar.after(free, gate.days / share)
        waited = _start(around) + dt.timedelta(days=gate.lead_days)
        what = Reason(code=f"repair_{gate.why}", values=gate.values)
        ends = max(worked, waited)
        yield QuarterStep(
            kind="repair", what=what, ask=_ROLES[gate.gate], start=free.isoformat(), end=ends.isoformat(), days=gate.days
        )
        free = worked


def _step(kind: str, ask: str, start: dt.date, end: dt.date, days: float) -> QuarterStep:
    return QuarterStep(
        kind=kind,
        what=Reason(code=f"quarter_{kind}"),
        ask=ask,
        start=start.isoformat(),
        end=end.isoformat(),
        days=round(days, 1),
    )
