"""The quarter of the first workload: what comes before it, the move, and what is measured after, on real days.

The people of the plan work on one thing at a time; what only waits (a commitment, a measurement) waits beside it.
Days are working days less holidays and freezes. Dates from a distribution stand only where people gave three estimates.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Final

from migrascope.first.choice import Choice, Judged, cheapest_unblock
from migrascope.first.context import Context
from migrascope.first.following import following
from migrascope.first.gates import effort, estimated
from migrascope.model.first import Futures, Quarter, QuarterStep, Reason
from migrascope.schedule.calendar import Period
from migrascope.schedule.effort import Quantiles

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
_PARTS: Final = {"network": "network_engineer", "segmentation": "network_engineer", "backup": "infrastructure_engineer"}
_MOST_DAYS: Final = 400
TOO_LARGE: Final = ("capacity", "quarter")
"""Gates that a smaller part of the work would pass."""


def plan_quarter(choice: Choice, judged: Sequence[Judged], around: Context) -> Quarter | None:
    """The steps of the quarter, and the order of what follows.

    For the first unit; where nothing can be first, for the nearest, if that is only too large. None where there is none,
    or nobody says how many people there are.
    """
    one = choice.winner or _only_too_large(judged)
    if one is None or around.people <= 0:
        return None
    planned = _Planned(one, around).quarter()
    if choice.winner is None or planned.held_days is not None:
        return planned
    return planned.model_copy(update={"following": following(choice.winner, judged, around)})


def _only_too_large(judged: Sequence[Judged]) -> Judged | None:
    nearest = cheapest_unblock(judged)
    if nearest is None or any(gate.gate not in TOO_LARGE for gate in nearest.failing()):
        return None
    return nearest


class _Planned:
    """Puts the steps of one unit on days."""

    def __init__(self, one: Judged, around: Context) -> None:
        self.one, self.around = one, around

    def quarter(self) -> Quarter:
        one, around = self.one, self.around
        before = [*self._landing_zone(), *self._repairs()]
        start = max((dt.date.fromisoformat(step.end) for step in before), default=around.start)
        futures = estimated(one.unit)
        work = futures.p80 if futures is not None else effort(one.unit)
        first_day, last_day = around.start.isoformat(), around.period.end.isoformat()
        bare = Quarter(unit=one.unit.id, start=first_day, end=last_day, steps=tuple(before))
        if work is None:
            return bare
        end = self._after(start, work / around.people)
        trial = self._rehearsal(start, end)
        cutover = self._cutover(max(end, dt.date.fromisoformat(trial.end)))
        quiet = cutover + dt.timedelta(days=SOAK_DAYS)
        steps = [
            *before,
            self._step("move", "technical_owner", start, end, work),
            trial,
            self._step("cutover", "technical_owner", cutover, cutover),
            self._step("soak", "technical_owner", cutover, quiet),
            self._step("measure", "business_owner", quiet, quiet),
        ]
        done = self._futures(futures, start) if futures is not None else None
        latest = dt.date.fromisoformat(done.done_by["p90"]) if done else around.period.end
        fits = cutover <= around.period.end and not any(gate.gate in TOO_LARGE for gate in one.failing())
        return bare.model_copy(
            update={
                "steps": tuple(steps),
                "futures": done,
                "fits": fits,
                "stop_on": min(max(latest, cutover), around.period.end).isoformat(),
                "held_days": None if fits else self._held(start, work),
            }
        )

    def _held(self, start: dt.date, work: float) -> float:
        """How much of the move is done before the quarter ends [days], when it does not fit."""
        room = self.around.open_days(Period(start, self.around.period.end)) * self.around.people
        return round(max(0.0, min(work, room)), 1)

    def _futures(self, found: Quantiles, start: dt.date) -> Futures:
        days = {name: getattr(found, name) for name in ("p50", "p80", "p90")}
        dates = {name: self._after(start, each / self.around.people).isoformat() for name, each in days.items()}
        return Futures(days={name: math.ceil(each * 2) / 2 for name, each in days.items()}, done_by=dates)

    def _rehearsal(self, begun: dt.date, ready: dt.date) -> QuarterStep:
        """The trial migration: on its day, if the move has begun by then, or as soon as the work is done."""
        claims = [workload.claim.rehearsal for workload in self.one.unit.workloads]
        days = [claim.on for claim in claims if claim and claim.on]
        day = max(days) if days and max(days) >= begun else ready
        return self._step("rehearsal", "technical_owner", day, day)

    def _cutover(self, ready: dt.date) -> dt.date:
        """The day that the plan names, if all is done by then."""
        cutovers = [workload.claim.cutover for workload in self.one.unit.workloads]
        return max([ready, *(cutover.on for cutover in cutovers if cutover and cutover.on)])

    def _landing_zone(self) -> Iterator[QuarterStep]:
        """What has to stand before the move, by its dates."""
        start = self.around.start
        for name, due in self.around.planned_parts():
            if due is not None:
                what = Reason(code="landing_zone", values={"part": name, "due": due.isoformat()})
                yield self._step("landing_zone", _PARTS.get(name, "security_officer"), start, max(due, start), what=what)

    def _repairs(self) -> Iterator[QuarterStep]:
        """What has to be arranged, one after the other."""
        free = self.around.start
        for gate in self.one.repairs():
            worked = self._after(free, gate.days / self.around.people)
            waited = self.around.start + dt.timedelta(days=gate.lead_days)
            what = Reason(code=f"repair_{gate.why}", values=gate.values)
            yield self._step("repair", _ROLES[gate.gate], free, max(worked, waited), gate.days, what)
            free = worked

    def _after(self, start: dt.date, days: float) -> dt.date:
        """The working day on which so many working days are over; the first is `start`, if that is one."""
        left, day = math.ceil(days), start
        for _ in range(_MOST_DAYS):
            open_ = self.around.open_days(Period(day, day))
            left -= open_
            if open_ and left <= 0:
                break
            day += dt.timedelta(days=1)
        return day

    def _step(
        self, kind: str, ask: str, start: dt.date, end: dt.date, days: float = 0, what: Reason | None = None
    ) -> QuarterStep:
        return QuarterStep(
            kind=kind,
            what=what or Reason(code=f"quarter_{kind}"),
            ask=ask,
            who=self._named(ask),
            start=start.isoformat(),
            end=end.isoformat(),
            days=round(days, 1),
        )

    def _named(self, ask: str) -> str | None:
        """Whom the plan names in a role; None where it names nobody, or several."""
        owners = [workload.claim.owner for workload in self.one.unit.workloads]
        field = {"business_owner": "business", "technical_owner": "technical"}.get(ask)
        named = {getattr(owner, field) for owner in owners if owner is not None} if field else set()
        return named.pop() if len(named) == 1 and len(owners) == 1 else None
