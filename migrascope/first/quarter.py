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
from migrascope.first.context import ChoiceContext
from migrascope.first.repairs import estimated
from migrascope.first.roadmap import roadmap
from migrascope.model.first import Futures, Quarter, QuarterStep, Reason
from migrascope.model.uncertain import is_unknown, known_or_none
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
_DAY: Final = dt.timedelta(days=1)
_LAST_YEAR: Final = 9000
"""A calendar that is closed for ever ends here."""
_MONTH: Final = dt.timedelta(days=29)
TOO_LARGE: Final = ("capacity", "quarter")
"""Gates that a smaller part of the work would pass."""


def plan_quarter(choice: Choice, judged: Sequence[Judged], around: ChoiceContext) -> Quarter | None:
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
    return planned.model_copy(update={"following": roadmap(choice.winner, judged, around)})


def _only_too_large(judged: Sequence[Judged]) -> Judged | None:
    nearest = cheapest_unblock(judged)
    if nearest is None or any(gate.gate not in TOO_LARGE for gate in nearest.failing()):
        return None
    return nearest


class _Planned:
    """Puts the steps of one unit on days."""

    def __init__(self, one: Judged, around: ChoiceContext) -> None:
        self.one, self.around = one, around

    def quarter(self) -> Quarter:
        one, around = self.one, self.around
        before = [*self._landing_zone(), *self._repairs()]
        start = max((dt.date.fromisoformat(step.end) for step in before), default=around.start)
        futures, work = estimated(one.unit, around), one.work
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
        latest = dt.date.fromisoformat(done.done_by["p90"]) if done and done.done_by else around.period.end
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
        """Days of work, and the days on which it is done: none where what comes before it, or who does it, is not all known."""
        days = {name: getattr(found, name) for name in ("p50", "p80", "p90")}
        rounded = {name: math.ceil(each * 2) / 2 for name, each in days.items()}
        lacks = (*self.around.capacity_lacks, *self.around.undated_parts())
        if lacks:
            return Futures(days=rounded, done_by={}, lacks=lacks)
        dates = {name: self._after(start, each / self.around.people).isoformat() for name, each in days.items()}
        return Futures(days=rounded, done_by=dates)

    def _rehearsal(self, begun: dt.date, ready: dt.date) -> QuarterStep:
        """The trial migration: on its day, if the move has begun by then, or as soon as the work is done."""
        days = self._days("rehearsal.on")
        day = max(days) if days and max(days) >= begun else ready
        return self._step("rehearsal", "technical_owner", day, day)

    def _cutover(self, ready: dt.date) -> dt.date:
        """The day that the plan names, if all is done by then."""
        return max([ready, *self._days("cutover.on")])

    def _days(self, fact: str) -> list[dt.date]:
        """A day that the plan names of each workload, as far as it does."""
        days = (self.around.ask(workload, fact) for workload in self.one.unit.workloads)
        return [day for day in days if not is_unknown(day)]

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
        # Whole months first, then day by day: work of many years has its true date too.
        while day.year < _LAST_YEAR and (month := self.around.open_days(Period(day, day + _MONTH))) < left:
            left, day = left - month, day + _MONTH + _DAY
        while day.year < _LAST_YEAR:
            left -= self.around.open_days(Period(day, day))
            if left <= 0 and self.around.open_days(Period(day, day)):
                break
            day += _DAY
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
        field = {"business_owner": "business", "technical_owner": "technical"}.get(ask)
        workloads = self.one.unit.workloads
        if field is None or len(workloads) > 1:
            return None
        name: str | None = known_or_none(self.around.ask(workloads[0], f"owner.{field}"))
        return name
