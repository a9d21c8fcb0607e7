"""The quarter of the first workload: what comes before it, the move, and what is measured after, on real days.

The people of the plan work on one thing at a time; what only waits (a commitment, a measurement) waits beside it.
Days are working days less holidays and freezes. Dates from a distribution stand only where people gave three estimates.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Final

from migrascope.first.choice import Judged
from migrascope.first.context import Context
from migrascope.first.gates import effort, estimated
from migrascope.model.first import Futures, Quarter, QuarterStep, Reason
from migrascope.schedule.calendar import Period

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


def _after(start: dt.date, days: float, around: Context) -> dt.date:
    """The working day on which so many working days are over; the first is `start`, if that is one."""
    left, day = math.ceil(days), start
    for _ in range(_MOST_DAYS):
        open_ = around.open_days(Period(day, day))
        left -= open_
        if open_ and left <= 0:
            break
        day += dt.timedelta(days=1)
    return day


def plan_quarter(winner: Judged | None, around: Context) -> Quarter | None:
    """The steps of the quarter for the first unit; None where there is none, or nobody says how many people there are."""
    share = around.people
    if winner is None or share <= 0:
        return None
    steps = list(_before(winner, around, share))
    start = max((dt.date.fromisoformat(step.end) for step in steps), default=around.start)
    futures = estimated(winner.unit)
    work = futures.p80 if futures is not None else effort(winner.unit)
    if work is None:
        return Quarter(start=around.start.isoformat(), end=around.period.end.isoformat(), steps=tuple(steps))
    end = _after(start, work / share, around)
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
        dates = {name: _after(start, each / share, around).isoformat() for name, each in days.items()}
        done = Futures(days={name: math.ceil(each * 2) / 2 for name, each in days.items()}, done_by=dates)
    latest = dt.date.fromisoformat(done.done_by["p90"]) if done else around.period.end
    return Quarter(
        start=around.start.isoformat(),
        end=around.period.end.isoformat(),
        steps=tuple(steps),
        futures=done,
        fits=cutover <= around.period.end,
        stop_on=min(max(latest, cutover), around.period.end).isoformat(),
    )


def _before(winner: Judged, around: Context, share: float) -> Iterator[QuarterStep]:
    """What has to stand before the move: the landing zone by its dates, repairs one after the other."""
    for name, due in around.planned_parts():
        if due is not None:
            yield QuarterStep(
                kind="landing_zone",
                what=Reason(code="landing_zone", values={"part": name, "due": due.isoformat()}),
                ask="security_officer",
                start=around.start.isoformat(),
                end=max(due, around.start).isoformat(),
                days=0,
            )
    free = around.start
    for gate in winner.repairs():
        worked = _after(free, gate.days / share, around)
        waited = around.start + dt.timedelta(days=gate.lead_days)
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
