"""Gates. Hard ones exclude; repairable ones become prerequisites whose work and time count in the hard ones."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Final, get_args

from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.workload import moves
from migrascope.first.context import ChoiceContext
from migrascope.first.repairs import effort, soft_gates
from migrascope.first.units import Unit, silent_about_calls, stays
from migrascope.model.evidence import Evidence
from migrascope.model.first import Gate, GateState
from migrascope.model.plan import OverridableGate
from migrascope.model.uncertain import Unknown, is_unknown, known_or_none
from migrascope.schedule.calendar import Period

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


def _each(gate: str, judge: Callable[[WorkloadSubject, ChoiceContext], Gate]) -> Callable[[Unit, ChoiceContext], Gate]:
    def judged(unit: Unit, context: ChoiceContext) -> Gate:
        return _worst([_overridden(judge(workload, context), [workload], context) for workload in unit.workloads], gate)

    return judged


def _place(workload: WorkloadSubject, field: str, value: Any, context: ChoiceContext) -> tuple[Evidence, ...]:
    return (Evidence(fact=field, value=value, source=context.asking.at((*workload.path, *field.split(".")))),)


def blocker(unit: Unit, context: ChoiceContext) -> Gate:
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


def group(unit: Unit, context: ChoiceContext) -> Gate:
    """What has to move together is small, moves as a whole, and is known to be all of it."""
    limit, asking = context.anchors.limits.members, context.asking
    outward = (call for call in unit.boundary if call.binding == "hard" and call.caller in unit.workloads)
    kept = next((call for call in outward if stays(asking, call.callee)), None)
    if kept is not None:
        return _gate("group", "fail", "tied_to_what_stays", caller=kept.caller.name, callee=kept.callee.name)
    staying = next((workload for workload in unit.workloads if stays(asking, workload)), None)
    if staying is not None and len(unit.workloads) > 1:
        return _gate("group", "fail", "tied_to_what_stays", caller=unit.name, callee=staying.name)
    before = [call for call in unit.boundary if call.precedes is not False and call.caller in unit.workloads]
    due = next((call for call in before if call.precedes and not stays(asking, call.callee)), None)
    if due is not None:
        return _gate("group", "fail", "callee_moves_first", caller=due.caller.name, callee=due.callee.name)
    unsaid = next((workload for workload in unit.workloads if isinstance(moves(asking, workload), Unknown)), None)
    if unsaid is not None and len(unit.workloads) > 1:
        return _gate("group", "unknown", "disposition_unknown", workload=unsaid.name)
    if unit.size > limit:
        return _gate("group", "fail", "group_too_big", size=unit.size, limit=limit, members=len(unit.workloads))
    if before and not stays(asking, before[0].callee):
        return _gate("group", "unknown", "order_unknown", caller=before[0].caller.name, callee=before[0].callee.name)
    return _whole_group(unit, context) or _gate("group", "pass", "ok", size=unit.size)


def _whole_group(unit: Unit, context: ChoiceContext) -> Gate | None:
    """What may tie the unit to more than is known; None where it is known to be all of it."""
    silent = silent_about_calls(context.asking)
    if silent:
        return _gate("group", "unknown", "calls_unknown", count=len(silent))
    if unit.seen:
        named = context.estate.workload_by_id
        caller, callee = (named[id_].name for id_ in unit.seen[0])
        return _gate("group", "unknown", "call_seen", caller=caller, callee=callee)
    stranger = _calls_a_stranger(unit, context)
    if stranger is not None:
        return _gate("group", "unknown", "call_to_stranger", workload=stranger.name)
    lost = context.estate.traffic.lost
    if lost:
        return _gate("group", "unknown", "calls_lost", what=lost[0])
    outward = [call for call in unit.boundary if call.binding is None and call.caller in unit.workloads]
    if any(stays(context.asking, call.callee) for call in outward):
        return _gate("group", "unknown", "binding_unknown", others=1)
    if len(unit.largest) > len(unit.workloads):
        return _gate("group", "unknown", "binding_unknown", others=len(unit.largest) - len(unit.workloads))
    if not unit.complete:
        return _gate("group", "unknown", "servers_unknown", workload=unit.name)
    return None


def _calls_a_stranger(unit: Unit, context: ChoiceContext) -> WorkloadSubject | None:
    """One that was seen to exchange calls with a machine that nobody claims, where somebody does not name all machines."""
    strangers = context.estate.traffic.with_strangers
    found = next((workload for workload in unit.workloads if workload.index in strangers), None)
    return found if found is not None and context.machines_not_named else None


def avoid_list(workload: WorkloadSubject, context: ChoiceContext) -> Gate:
    """Not a heavy system that everything hangs on.

    What a name suggests is a guess: it leaves the gate unknown, and its unit among those that are compared.
    """
    category = context.ask(workload, "category")
    if is_unknown(category):
        names = [workload.id, workload.name, *(server.name for server in workload.servers)]
        kind, word = well_known(names, context) or (None, None)
        if kind in AGAINST:
            return _gate("avoid_list", "unknown", "name_on_avoid_list", category=kind, word=word, workload=workload.name)
        return _gate("avoid_list", "unknown", "category_unknown", workload=workload.name)
    evidence = _place(workload, "category", category, context)
    state: GateState = "fail" if category in AVOID else "pass"
    return Gate(gate="avoid_list", state=state, why="on_avoid_list", values={"category": category}, evidence=evidence)


def well_known(names: list[str], context: ChoiceContext) -> tuple[str, str] | None:
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


def regulated_data(workload: WorkloadSubject, context: ChoiceContext) -> Gate:
    """No secret or special data; personal data with its assessment done."""
    class_, personal, special, dpia = (
        context.ask(workload, f"data.{name}") for name in ("class", "personal", "special", "dpia.state")
    )

    def gate(state: GateState, why: str) -> Gate:
        return _gate("regulated_data", state, why, workload=workload.name)

    if class_ == "secret" or special is True:
        return gate("fail", "data_special")
    if is_unknown(personal):
        return gate("unknown", "data_unknown")
    if personal and not is_unknown(dpia) and dpia not in ("done", "not_required"):
        return gate("fail", "dpia_open")
    if is_unknown(class_):
        return gate("unknown", "class_unknown")
    if personal and is_unknown(special):  # without personal data there is none of a special kind
        return gate("unknown", "special_unknown")
    if personal and is_unknown(dpia):
        return gate("unknown", "dpia_unknown")
    return _gate("regulated_data", "pass", "ok")


def security_baseline(_unit: Unit, context: ChoiceContext) -> Gate:
    """Identity, segmentation, access and logging stand in the target, or will before the quarter ends."""
    unknown: list[str] = []
    for name in LANDING:
        state, due = (context.of_plan(f"landing_zone.{name}.{part}") for part in ("state", "due"))
        if is_unknown(state) or (state == "planned" and is_unknown(due)):
            unknown.append(name)
        elif state == "absent" or (state == "planned" and due > context.period.end):
            return _gate("security_baseline", "fail", "baseline_absent", part=name)
    if unknown:
        return _gate("security_baseline", "unknown", "baseline_unknown", parts=unknown)
    return _gate("security_baseline", "pass", "ok")


def remaining_life(workload: WorkloadSubject, context: ChoiceContext) -> Gate:
    """It moves, somebody uses it, and it is not replaced soon after."""
    off = _switched_off(workload, context)
    if off is not None and off.state == "fail":
        return off
    moving = moves(context.asking, workload)
    if isinstance(moving, Unknown):
        return _gate("remaining_life", "unknown", "disposition_unknown", workload=workload.name)
    replaced = _replaced_soon(workload, context)
    if replaced.state == "fail" or off is None:
        return replaced
    return off if replaced.state == "pass" else replaced


def _replaced_soon(workload: WorkloadSubject, context: ChoiceContext) -> Gate:
    """Its planned successor comes late enough for a move to pay."""
    replaced, what, day = (context.ask(workload, name) for name in ("is_replaced", "replaced_by.what", "replaced_by.on"))
    if replaced is False:
        return _gate("remaining_life", "pass", "ok")
    if is_unknown(replaced):
        return _gate("remaining_life", "unknown", "successor_unknown", workload=workload.name)
    name = known_or_none(what) or "?"
    if is_unknown(day):
        return _gate("remaining_life", "unknown", "successor_undated", what=name)
    cutover = context.ask(workload, "cutover.on")
    limit = context.anchors.limits.life_months
    landing = context.period.end if is_unknown(cutover) else cutover
    months = (day.year - landing.year) * 12 + day.month - landing.month
    state: GateState = "fail" if months < limit else "pass"
    return _gate("remaining_life", state, "replaced_soon", months=months, limit=limit, what=name)


def _switched_off(workload: WorkloadSubject, context: ChoiceContext) -> Gate | None:
    """Every server of it is off: nobody would notice that it moved, and nothing could be measured. None where one is on.

    A server of which it is not known, or that was not seen, leaves it unknown where all the rest is off.
    """
    servers = workload.servers
    states = [(server, context.ask(server, "power")) for server in servers]
    if workload.others or any(not is_unknown(power) and power != "off" for _, power in states):
        return None
    unclear = next((server.name for server, power in states if is_unknown(power)), None)
    if unclear is not None:
        return _gate("remaining_life", "unknown", "power_unknown", workload=workload.name, server=unclear)
    if not servers.complete:
        return _gate("remaining_life", "unknown", "servers_unknown", workload=workload.name)
    return _gate("remaining_life", "fail", "switched_off", workload=workload.name) if states else None


def critical(workload: WorkloadSubject, context: ChoiceContext) -> Gate:
    """Under trust-first, nothing that the organisation stands or falls with."""
    if context.profile != "trust-first":
        return _gate("critical", "pass", "ok")
    level = context.ask(workload, "criticality")
    if is_unknown(level):
        return _gate("critical", "unknown", "criticality_unknown", workload=workload.name)
    return _gate("critical", "fail" if level == "mission" else "pass", "mission_critical", workload=workload.name)


def hub(unit: Unit, context: ChoiceContext) -> Gate:
    """Under trust-first, nothing that many others cannot run without."""
    limit = context.anchors.limits.callers
    if context.profile != "trust-first":
        return _gate("hub", "pass", "ok")
    if unit.hard_callers >= limit:
        return _gate("hub", "fail", "too_many_callers", callers=unit.hard_callers, limit=limit)
    silent = silent_about_calls(context.asking)
    unnamed = context.machines_not_named if _calls_a_stranger(unit, context) is not None else 0
    if unnamed and unit.possible_callers + len(silent) + unnamed >= limit:
        return _gate("hub", "unknown", "call_to_stranger", workload=unit.name)
    if silent and unit.possible_callers + len(silent) >= limit:
        return _gate("hub", "unknown", "calls_unknown", count=len(silent))
    if unit.possible_callers >= limit:
        return _gate("hub", "unknown", "callers_unknown", callers=unit.possible_callers)
    if context.estate.traffic.lost:
        return _gate("hub", "unknown", "calls_lost", what=context.estate.traffic.lost[0])
    return _gate("hub", "pass", "ok")


def capacity(unit: Unit, context: ChoiceContext, repairs: list[Gate]) -> Gate:
    """The work, repairs included, is not more than people have."""
    extra = sum(gate.days for gate in repairs)
    work = effort(unit, context)
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


def fits_quarter(unit: Unit, context: ChoiceContext, repairs: list[Gate]) -> Gate:
    """Repairs, work and a buffer end before the quarter does; the cutover falls into it and into no freeze."""
    days = [(workload, context.ask(workload, "cutover.on")) for workload in unit.workloads]
    for _, day in days:
        if not is_unknown(day) and day > context.period.end:
            return _gate("quarter", "fail", "cutover_later", day=day.isoformat())
        if not is_unknown(day) and any(freeze.start <= day <= freeze.end for freeze in context.freezes()):
            return _gate("quarter", "fail", "cutover_in_freeze", day=day.isoformat())
    undated = next((workload for workload, day in days if is_unknown(day)), None)
    work = effort(unit, context)
    if work is None:
        return _gate("quarter", "unknown", "effort_unknown", workload=unit.name)
    if is_unknown(context.of_plan("capacity.fte")):
        return _gate("quarter", "unknown", "capacity_unknown")
    if not context.people:
        return _gate("quarter", "fail", "does_not_fit", needed=None, left=0)
    share = context.people
    lead = max((gate.lead_days for gate in repairs), default=0)
    ready = context.start + dt.timedelta(days=lead)
    days_left = context.open_days(Period(ready, context.period.end))
    needed = (work + sum(gate.days for gate in repairs)) / share
    needed *= 1 + context.anchors.limits.buffer_percent / 100
    if needed <= days_left and undated is not None:
        return _gate("quarter", "unknown", "cutover_unknown", workload=undated.name)
    if needed <= days_left and context.capacity_lacks:
        return _gate("quarter", "unknown", "capacity_partly", facts=list(context.capacity_lacks))
    state: GateState = "fail" if needed > days_left else "pass"
    return _gate("quarter", state, "does_not_fit", needed=math.ceil(needed), left=days_left)


def gates(unit: Unit, context: ChoiceContext) -> list[Gate]:
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


def profile_gates(unit: Unit, context: ChoiceContext) -> dict[str, Gate]:
    """The gates that depend on the profile, by name."""
    return {
        "critical": _each("critical", critical)(unit, context),
        "hub": _overridden(hub(unit, context), unit.workloads, context),
    }


def _overridden(gate: Gate, workloads: Sequence[WorkloadSubject], context: ChoiceContext) -> Gate:
    """A named person may take responsibility for some gates; that is printed."""
    if gate.state != "fail" or gate.gate not in OVERRIDABLE:
        return gate
    ids = {workload.id for workload in workloads}
    for override in context.asking.plan.overrides or ():
        if override.workload in ids and override.gate == gate.gate:
            values = {"by": override.by, "on": override.on.isoformat(), "reason": override.reason, "was": gate.why}
            return Gate(gate=gate.gate, state="pass", why="overridden", values=values, evidence=gate.evidence)
    return gate
