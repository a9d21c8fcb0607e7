"""Gates. Hard ones exclude; repairable ones become prerequisites whose work and time count in the hard ones."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any, Final, get_args

from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.workload import moves
from migrascope.first.context import Context
from migrascope.first.units import Unit, silent_about_calls, stays
from migrascope.model.evidence import Evidence
from migrascope.model.first import Gate, GateState
from migrascope.model.plan import OverridableGate
from migrascope.model.uncertain import Unknown
from migrascope.schedule.calendar import Period
from migrascope.schedule.effort import Estimate, Quantiles, quantiles

AVOID: Final = ("erp", "crm", "finance", "warehouse", "middleware", "mainframe", "appliance", "integration")
"""Categories that a first move avoids (AWS migration guidance, avoid list for a pilot)."""
AGAINST: Final = (*AVOID, "identity", "infrastructure")
"""What a well-known name may say against a workload whose category the plan does not give."""
OVERRIDABLE: Final = get_args(OverridableGate)
_ENDINGS: Final = ("erp", "crm", "dwh", "esb")
"""Short names that machines are often called after, with something before them."""
_BEGINNINGS: Final = (*_ENDINGS, "sap", "afas")
"""Short names that machines are often called after, with something behind them."""
LANDING: Final = ("identity", "segmentation", "access", "logging")


def _gate(gate: str, state: GateState, why: str, **values: Any) -> Gate:
    return Gate(gate=gate, state=state, why=why, values=values)


def _worst(gates: list[Gate], gate: str) -> Gate:
    """The gate of a unit is the worst of its workloads'."""
    order = ("fail", "unknown", "repair", "pass")
    return min(gates, key=lambda found: order.index(found.state)) if gates else _gate(gate, "pass", "ok")


def _each(gate: str, judge: Callable[[WorkloadSubject, Context], Gate]) -> Callable[[Unit, Context], Gate]:
    def judged(unit: Unit, context: Context) -> Gate:
        return _worst([_overridden(judge(workload, context), [workload], context) for workload in unit.workloads], gate)

    return judged


def _place(workload: WorkloadSubject, field: str, value: Any) -> tuple[Evidence, ...]:
    return (Evidence(fact=field, value=value, source=workload.estate.at((*workload.path, *field.split(".")))),)


def blocker(unit: Unit, context: Context) -> Gate:
    """No open finding that blocks a move, and every such rule could be asked."""
    open_ = [f for f in context.of(unit) if f.rule in context.blocking]
    found = [f for f in open_ if f.outcome == "finding"]
    if found:
        return Gate(
            gate="blocker",
            state="fail",
            why="blocker_found",
            values={"rule": found[0].rule, "subject": found[0].subject.name},
            evidence=found[0].evidence[:3],
        )
    unseen = [workload for workload in unit.workloads if not workload.servers.complete]
    if unseen:
        return _gate("blocker", "unknown", "servers_unknown", workload=unseen[0].name)
    unknown = [f for f in open_ if f.outcome == "unknown"]
    if unknown:
        return _gate("blocker", "unknown", "blocker_unknown", rule=unknown[0].rule, subject=unknown[0].subject.name)
    undecided = [rule for rule in context.undecided(unit) if rule in context.blocking]
    if undecided:
        return _gate("blocker", "unknown", "blocker_unknown", rule=undecided[0], subject=unit.name)
    return _gate("blocker", "pass", "ok")


def group(unit: Unit, context: Context) -> Gate:
    """What has to move together is small, moves as a whole, and is known to be all of it."""
    limit = context.anchors.limits.members
    outward = (d for d in unit.boundary if d.claim.binding == "hard" and d.caller in unit.workloads)
    kept = next((d for d in outward if stays(d.callee)), None)
    if kept is not None:
        return _gate("group", "fail", "tied_to_what_stays", caller=kept.caller.name, callee=kept.callee.name)
    staying = next((workload for workload in unit.workloads if stays(workload)), None)
    if staying is not None and len(unit.workloads) > 1:
        return _gate("group", "fail", "tied_to_what_stays", caller=unit.name, callee=staying.name)
    unsaid = next((workload for workload in unit.workloads if isinstance(moves(workload), Unknown)), None)
    if unsaid is not None and len(unit.workloads) > 1:
        return _gate("group", "unknown", "disposition_unknown", workload=unsaid.name)
    size = max(len(unit.servers) + len(unit.others), len(unit.workloads))
    if size > limit:
        return _gate("group", "fail", "group_too_big", size=size, limit=limit, members=len(unit.workloads))
    silent = silent_about_calls(context.estate)
    if silent:
        return _gate("group", "unknown", "calls_unknown", count=len(silent))
    if unit.seen:
        named = context.estate.workload_by_id
        caller, callee = (named[id_].name for id_ in unit.seen[0])
        return _gate("group", "unknown", "call_seen", caller=caller, callee=callee)
    stranger = _calls_a_stranger(unit, context)
    if stranger is not None:
        return _gate("group", "unknown", "call_to_stranger", workload=stranger.name)
    if len(unit.largest) > len(unit.workloads):
        return _gate("group", "unknown", "binding_unknown", others=len(unit.largest) - len(unit.workloads))
    if any(not workload.servers.complete for workload in unit.workloads):
        return _gate("group", "unknown", "servers_unknown", workload=unit.name)
    return _gate("group", "pass", "ok", size=size)


def _calls_a_stranger(unit: Unit, context: Context) -> WorkloadSubject | None:
    """One that was seen to exchange calls with a machine that nobody claims, where somebody does not name all machines."""
    strangers = context.estate.traffic.with_strangers
    found = next((workload for workload in unit.workloads if workload.index in strangers), None)
    return found if found is not None and context.machines_not_named else None


def avoid_list(workload: WorkloadSubject, context: Context) -> Gate:
    """Not a heavy system that everything hangs on."""
    category = workload.claim.category
    if category is None:
        names = [workload.id, workload.name, *(server.name for server in workload.servers)]
        kind, word = well_known(names, context) or (None, None)
        if kind in AGAINST:
            return _gate("avoid_list", "fail", "name_on_avoid_list", category=kind, word=word)
        return _gate("avoid_list", "unknown", "category_unknown", workload=workload.name)
    evidence = _place(workload, "category", category)
    state: GateState = "fail" if category in AVOID else "pass"
    return Gate(gate="avoid_list", state=state, why="on_avoid_list", values={"category": category}, evidence=evidence)


def well_known(names: list[str], context: Context) -> tuple[str, str] | None:
    """The category that a well-known product's name in one of these names stands for, and that name."""
    products = context.estate.knowledge.products
    for name in names:
        lowered = name.lower()
        words = [lowered, *re.split(r"[^a-z]+", lowered), *re.findall(r"[a-z]+(?=\d|$)", lowered)]
        words += [part.lower() for part in re.findall(r"[A-Z]{3,}", name)]  # nxtERPdb01
        for word in words:
            if word in products:
                return products[word], name
            begun = next((known for known in _BEGINNINGS if word.startswith(known)), None)
            if begun is not None and begun in products:
                return products[begun], name
        stem = re.sub(r"[^a-z]*\d*$", "", lowered)
        for known in products:
            if (len(known) >= 5 and lowered.startswith(known)) or (known in _ENDINGS and stem.endswith(known)):
                return products[known], name
    return None


def regulated_data(workload: WorkloadSubject, _context: Context) -> Gate:
    """No secret or special data; personal data with its assessment done."""
    data = workload.claim.data
    if data is not None and (data.class_ == "secret" or data.special):
        return _gate("regulated_data", "fail", "data_special", workload=workload.name)
    if data is None or data.personal is None:
        return _gate("regulated_data", "unknown", "data_unknown", workload=workload.name)
    state = data.dpia.state if data.dpia else None
    if data.personal and state not in (None, "done", "not_required"):
        return _gate("regulated_data", "fail", "dpia_open", workload=workload.name)
    if data.class_ is None:
        return _gate("regulated_data", "unknown", "class_unknown", workload=workload.name)
    if data.personal and data.special is None:  # without personal data there is none of a special kind
        return _gate("regulated_data", "unknown", "special_unknown", workload=workload.name)
    if data.personal and state is None:
        return _gate("regulated_data", "unknown", "dpia_unknown", workload=workload.name)
    return _gate("regulated_data", "pass", "ok")


def security_baseline(_unit: Unit, context: Context) -> Gate:
    """Identity, segmentation, access and logging stand in the target, or will before the quarter ends."""
    zone = context.estate.plan.landing_zone
    unknown: list[str] = []
    for name in LANDING:
        part = getattr(zone, name, None)
        if part is None or part.state is None or (part.state == "planned" and part.due is None):
            unknown.append(name)
            continue
        late = part.state == "planned" and part.due is not None and part.due > context.period.end
        if part.state == "absent" or late:
            return _gate("security_baseline", "fail", "baseline_absent", part=name)
    if unknown:
        return _gate("security_baseline", "unknown", "baseline_unknown", parts=unknown)
    return _gate("security_baseline", "pass", "ok")


def remaining_life(workload: WorkloadSubject, context: Context) -> Gate:
    """It moves, somebody uses it, and it is not replaced soon after."""
    if _switched_off(workload):
        return _gate("remaining_life", "fail", "switched_off", workload=workload.name)
    moving = moves(workload)
    if isinstance(moving, Unknown):
        return _gate("remaining_life", "unknown", "disposition_unknown", workload=workload.name)
    successor = workload.claim.replaced_by
    if successor is None:
        return _gate("remaining_life", "pass", "ok")
    if successor.on is None:
        return _gate("remaining_life", "unknown", "successor_undated", what=successor.what or "?")
    landing = (workload.claim.cutover.on if workload.claim.cutover else None) or context.period.end
    months = (successor.on.year - landing.year) * 12 + successor.on.month - landing.month
    limit = context.anchors.limits.life_months
    state: GateState = "fail" if months < limit else "pass"
    return _gate("remaining_life", state, "replaced_soon", months=months, limit=limit, what=successor.what or "?")


def _switched_off(workload: WorkloadSubject) -> bool:
    """Every machine of it is off: nobody would notice that it moved, and nothing could be measured."""
    servers = workload.servers
    return (
        bool(servers.items)
        and servers.complete
        and not workload.others
        and all(server.attributes.get("power") == "off" for server in servers)
    )


def critical(workload: WorkloadSubject, context: Context) -> Gate:
    """Under trust-first, nothing that the organisation stands or falls with."""
    if context.profile != "trust-first":
        return _gate("critical", "pass", "ok")
    level = workload.claim.criticality
    if level is None:
        return _gate("critical", "unknown", "criticality_unknown", workload=workload.name)
    return _gate("critical", "fail" if level == "mission" else "pass", "mission_critical", workload=workload.name)


def hub(unit: Unit, context: Context) -> Gate:
    """Under trust-first, nothing that many others cannot run without."""
    limit = context.anchors.limits.callers
    if context.profile != "trust-first":
        return _gate("hub", "pass", "ok")
    if unit.hard_callers >= limit:
        return _gate("hub", "fail", "too_many_callers", callers=unit.hard_callers, limit=limit)
    silent = silent_about_calls(context.estate)
    unnamed = context.machines_not_named if _calls_a_stranger(unit, context) is not None else 0
    if unnamed and unit.possible_callers + len(silent) + unnamed >= limit:
        return _gate("hub", "unknown", "call_to_stranger", workload=unit.name)
    if silent and unit.possible_callers + len(silent) >= limit:
        return _gate("hub", "unknown", "calls_unknown", count=len(silent))
    if unit.possible_callers >= limit:
        return _gate("hub", "unknown", "callers_unknown", callers=unit.possible_callers)
    return _gate("hub", "pass", "ok")


def owners(workload: WorkloadSubject, _context: Context) -> str:
    """Two different people or roles answer for it."""
    owner = workload.claim.owner
    if owner is None or owner.business is None or owner.technical is None:
        return "owner_missing"
    return "owner_same" if owner.business.casefold() == owner.technical.casefold() else ""


def way_to_test(workload: WorkloadSubject, _context: Context) -> str:
    """It is written down how to show that it works, and who accepts."""
    test = workload.claim.test
    return "" if test is not None and test.plan and test.owner else "test_missing"


def rollback(workload: WorkloadSubject, context: Context) -> str:
    """There is a way back that was rehearsed lately and fits into the outage."""
    found = workload.claim.rollback
    if found is None or found.plan is None:
        return "rollback_missing"
    months = context.anchors.limits.rehearsal_months
    oldest = context.as_of - dt.timedelta(days=round(months * 365.25 / 12))
    if found.tested_on is None or not oldest <= found.tested_on <= context.as_of:
        return "rollback_unrehearsed"
    window = workload.claim.cutover.window_hours if workload.claim.cutover else None
    if found.max_minutes is None or window is None:
        return "rollback_time_unknown"
    if found.max_minutes > window * 60:
        return "rollback_too_long"
    return ""


def outcome(workload: WorkloadSubject, _context: Context) -> str:
    """What gets better was measured beforehand."""
    found = workload.claim.outcome
    if found is None or found.metric is None or found.target is None:
        return "outcome_missing"
    baseline = found.baseline
    return "" if baseline is not None and baseline.value is not None and baseline.on is not None else "baseline_missing"


def rehearsal(workload: WorkloadSubject, _context: Context) -> str:
    """A trial migration has its day."""
    found = workload.claim.rehearsal
    return "" if found is not None and found.on is not None else "rehearsal_missing"


def approvals(workload: WorkloadSubject, _context: Context) -> str:
    """Somebody committed to it, with a date."""
    return "" if workload.claim.commitments else "commitment_missing"


SOFT: Final[dict[str, Callable[[WorkloadSubject, Context], str]]] = {
    "owners": owners,
    "test_path": way_to_test,
    "rollback": rollback,
    "outcome": outcome,
    "rehearsal": rehearsal,
    "approvals": approvals,
}
"""Repairable gates; each gives the code of what is missing, or an empty text."""


def soft_gates(unit: Unit, context: Context) -> list[Gate]:
    """The repairable gates of a unit: pass, or repair with its work and its time."""
    found = []
    for name, judge in SOFT.items():
        missing = [(workload, why) for workload in unit.workloads if (why := judge(workload, context))]
        if not missing:
            found.append(_gate(name, "pass", "ok"))
            continue
        repair = context.anchors.repairs[name]
        days = sum(_repair_days(workload, name, repair.days) for workload, _ in missing)
        workload, why = missing[0]
        values = {"workload": workload.name, "days": days, "lead_days": repair.lead_days}
        found.append(Gate(gate=name, state="repair", why=why, values=values, days=days, lead_days=repair.lead_days))
    return found


def _repair_days(workload: WorkloadSubject, gate: str, usual: float) -> float:
    stated = workload.claim.rehearsal.days if gate == "rehearsal" and workload.claim.rehearsal else None
    return usual if stated is None else stated


def estimates(unit: Unit) -> list[Estimate] | None:
    """What people estimate of each of its workloads; None where three estimates are not given for all of it."""
    found: list[Estimate] = []
    for workload in unit.workloads:
        stated = workload.claim.effort_days
        if stated is None or stated.low is None or stated.likely is None or stated.high is None:
            return None
        found.append(Estimate(stated.low, stated.likely, stated.high, stated.bounds == "absolute"))
    return found


def estimated(unit: Unit) -> Quantiles | None:
    """The work in simulated futures, where people gave three estimates for all of it [days]."""
    stated = estimates(unit)
    return quantiles(stated) if stated is not None else None


def effort(unit: Unit) -> float | None:
    """The work that fits in 8 of 10 futures, or else the upper bound that people state [days]; None where there is none."""
    found = estimated(unit)
    return found.p80 if found is not None else work_bound(unit)


def work_bound(unit: Unit) -> float | None:
    """The upper bound that people state of the work [days]; None where there is none for some part of it."""
    bounds = [workload.claim.effort_days.high if workload.claim.effort_days else None for workload in unit.workloads]
    known = [bound for bound in bounds if bound is not None]
    return sum(known) if len(known) == len(bounds) else None


def capacity(unit: Unit, context: Context, repairs: list[Gate]) -> Gate:
    """The work, repairs included, is not more than people have."""
    extra = sum(gate.days for gate in repairs)
    work = effort(unit)
    if context.capacity is not None and extra > context.capacity:
        return _gate("capacity", "fail", "too_much_work", days=extra, capacity=round(context.capacity, 1))
    if work is None:
        return _gate("capacity", "unknown", "effort_unknown", workload=unit.name)
    if context.capacity is None:
        return _gate("capacity", "unknown", "capacity_unknown")
    total = round(work + extra, 1)
    if total <= context.capacity and context.capacity_lacks:
        return _gate("capacity", "unknown", "capacity_partly", facts=list(context.capacity_lacks))
    state: GateState = "fail" if total > context.capacity else "pass"
    return _gate("capacity", state, "too_much_work", days=total, capacity=round(context.capacity, 1))


def fits_quarter(unit: Unit, context: Context, repairs: list[Gate]) -> Gate:
    """Repairs, work and a buffer end before the quarter does; the cutover falls into it and into no freeze."""
    for workload in unit.workloads:
        day = workload.claim.cutover.on if workload.claim.cutover else None
        if day is not None and day > context.period.end:
            return _gate("quarter", "fail", "cutover_later", day=day.isoformat())
        if day is not None and any(freeze.start <= day <= freeze.end for freeze in context.freezes()):
            return _gate("quarter", "fail", "cutover_in_freeze", day=day.isoformat())
    undated = next((w for w in unit.workloads if not (w.claim.cutover and w.claim.cutover.on)), None)
    plan = context.estate.plan
    fte = plan.capacity.fte if plan.capacity else None
    work = effort(unit)
    if work is None:
        return _gate("quarter", "unknown", "effort_unknown", workload=unit.name)
    if not fte:
        return _gate("quarter", "unknown", "capacity_unknown")
    share = context.people
    lead = max((gate.lead_days for gate in repairs), default=0)
    ready = context.start + dt.timedelta(days=lead)
    days_left = context.open_days(Period(ready, context.period.end))
    needed = (work + sum(gate.days for gate in repairs)) / share if share else float("inf")
    needed *= 1 + context.anchors.limits.buffer_percent / 100
    if needed <= days_left and undated is not None:
        return _gate("quarter", "unknown", "cutover_unknown", workload=undated.name)
    if needed <= days_left and context.capacity_lacks:
        return _gate("quarter", "unknown", "capacity_partly", facts=list(context.capacity_lacks))
    state: GateState = "fail" if needed > days_left else "pass"
    return _gate("quarter", state, "does_not_fit", needed=_ceil(needed), left=days_left)


def _ceil(value: float) -> int | None:
    return None if value == float("inf") else int(-(-value // 1))


def gates(unit: Unit, context: Context) -> list[Gate]:
    """All gates of a unit, hard ones first, with overrides applied."""
    repairs = soft_gates(unit, context)
    hard = [
        blocker(unit, context),
        _overridden(group(unit, context), unit.workloads, context),
        _each("avoid_list", avoid_list)(unit, context),
        _each("regulated_data", regulated_data)(unit, context),
        security_baseline(unit, context),
        _each("remaining_life", remaining_life)(unit, context),
        capacity(unit, context, repairs),
        fits_quarter(unit, context, repairs),
        *profile_gates(unit, context).values(),
    ]
    return [*hard, *repairs]


def profile_gates(unit: Unit, context: Context) -> dict[str, Gate]:
    """The gates that depend on the profile, by name."""
    return {
        "critical": _each("critical", critical)(unit, context),
        "hub": _overridden(hub(unit, context), unit.workloads, context),
    }


def _overridden(gate: Gate, workloads: Sequence[WorkloadSubject], context: Context) -> Gate:
    """A named person may take responsibility for some gates; that is printed."""
    if gate.state != "fail" or gate.gate not in OVERRIDABLE:
        return gate
    ids = {workload.id for workload in workloads}
    for override in context.estate.plan.overrides or ():
        if override.workload in ids and override.gate == gate.gate:
            values = {"by": override.by, "on": override.on.isoformat(), "reason": override.reason, "was": gate.why}
            return Gate(gate=gate.gate, state="pass", why="overridden", values=values, evidence=gate.evidence)
    return gate
