"""Repairable gates: what has to be arranged before a unit goes, with its work and its time; and how much work the unit is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

from migrascope.estate.subjects import WorkloadSubject
from migrascope.first.context import ChoiceContext
from migrascope.first.units import Unit
from migrascope.model.first import Gate
from migrascope.model.uncertain import is_unknown
from migrascope.schedule.effort import EffortEstimate, Quantiles, quantiles

_BOUNDS: Final = ("low", "likely", "high")


def owners(workload: WorkloadSubject, context: ChoiceContext) -> str:
    """Two different people or roles answer for it."""
    business, technical = (context.ask(workload, f"owner.{part}") for part in ("business", "technical"))
    if is_unknown(business) or is_unknown(technical):
        return "owner_missing"
    return "owner_same" if business.casefold() == technical.casefold() else ""


def way_to_test(workload: WorkloadSubject, context: ChoiceContext) -> str:
    """It is written down how to show that it works, and who accepts."""
    stated = (context.ask(workload, f"test.{part}") for part in ("plan", "owner"))
    return "test_missing" if any(map(is_unknown, stated)) else ""


def rollback(workload: WorkloadSubject, context: ChoiceContext) -> str:
    """There is a rollback plan that was tested lately and fits into the change window."""
    plan, tested, minutes = (context.ask(workload, f"rollback.{part}") for part in ("plan", "tested_on", "max_minutes"))
    if is_unknown(plan):
        return "rollback_missing"
    months = context.anchors.limits.rehearsal_months
    oldest = context.as_of - dt.timedelta(days=round(months * 365.25 / 12))
    if is_unknown(tested) or not oldest <= tested <= context.as_of:
        return "rollback_unrehearsed"
    window = context.ask(workload, "cutover.window_hours")
    if is_unknown(minutes) or is_unknown(window):
        return "rollback_time_unknown"
    return "rollback_too_long" if minutes > window * 60 else ""


def outcome(workload: WorkloadSubject, context: ChoiceContext) -> str:
    """What gets better was measured beforehand."""
    stated = {part: context.ask(workload, f"outcome.{part}") for part in ("metric", "target", "baseline.value", "baseline.on")}
    if is_unknown(stated["metric"]) or is_unknown(stated["target"]):
        return "outcome_missing"
    return "baseline_missing" if is_unknown(stated["baseline.value"]) or is_unknown(stated["baseline.on"]) else ""


def rehearsal(workload: WorkloadSubject, context: ChoiceContext) -> str:
    """A trial migration has its day."""
    return "rehearsal_missing" if is_unknown(context.ask(workload, "rehearsal.on")) else ""


def approvals(workload: WorkloadSubject, context: ChoiceContext) -> str:
    """Somebody committed to it, with a date."""
    promises = context.ask(workload, "commitments")
    return "" if not is_unknown(promises) and len(promises) else "commitment_missing"


SOFT: Final[dict[str, Callable[[WorkloadSubject, ChoiceContext], str]]] = {
    "owners": owners,
    "test_path": way_to_test,
    "rollback": rollback,
    "outcome": outcome,
    "rehearsal": rehearsal,
    "approvals": approvals,
}
"""Repairable gates; each gives the code of what is missing, or an empty text."""


def soft_gates(unit: Unit, context: ChoiceContext) -> list[Gate]:
    """The repairable gates of a unit: pass, or repair with its work and its time."""
    gates = []
    for name, judge in SOFT.items():
        missing = [(workload, why) for workload in unit.workloads if (why := judge(workload, context))]
        if not missing:
            gates.append(Gate(gate=name, state="pass", why="ok", values={}))
            continue
        repair = context.anchors.repairs[name]
        days = sum(_days(workload, name, repair.days, context) for workload, _ in missing)
        workload, why = missing[0]
        values = {"workload": workload.name, "days": days, "lead_days": repair.lead_days}
        gates.append(Gate(gate=name, state="repair", why=why, values=values, days=days, lead_days=repair.lead_days))
    return gates


def _days(workload: WorkloadSubject, gate: str, usual: float, context: ChoiceContext) -> float:
    stated: Any = context.ask(workload, "rehearsal.days") if gate == "rehearsal" else None
    return usual if stated is None or is_unknown(stated) else float(stated)


def estimates(unit: Unit, context: ChoiceContext) -> list[EffortEstimate] | None:
    """What people estimate of each of its workloads; None where three estimates are not given for all of it."""
    stated: list[EffortEstimate] = []
    for workload in unit.workloads:
        days = [context.ask(workload, f"effort_days.{bound}") for bound in _BOUNDS]
        if any(map(is_unknown, days)):
            return None
        absolute = context.ask(workload, "effort_days.bounds") == "absolute"
        stated.append(EffortEstimate(days[0], days[1], days[2], absolute))
    return stated


def estimated(unit: Unit, context: ChoiceContext) -> Quantiles | None:
    """Percentiles of the work, where people gave three estimates for all of it [days]."""
    stated = estimates(unit, context)
    return quantiles(stated) if stated is not None else None


def effort(unit: Unit, context: ChoiceContext) -> float | None:
    """The P80 of the work, or else the upper bound that people state [days]; None where there is none."""
    percentiles = estimated(unit, context)
    return percentiles.p80 if percentiles is not None else work_bound(unit, context)


def work_bound(unit: Unit, context: ChoiceContext) -> float | None:
    """The upper bound that people state of the work [days]; None where there is none for some part of it."""
    bounds = [context.ask(workload, "effort_days.high") for workload in unit.workloads]
    return None if any(map(is_unknown, bounds)) else sum(bounds)
