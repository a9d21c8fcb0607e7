"""Eight criteria on absolute anchors, 0 to 100. What is not known is an interval, never a middle that was made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from migrascope.facts.server_support import os_product, support_ends
from migrascope.first.context import Context
from migrascope.first.units import Unit, silent_about_calls
from migrascope.knowledge.anchors import Scale
from migrascope.model.first import SOFT_GATES, Criterion, Gate
from migrascope.model.uncertain import Known


@dataclass(frozen=True, slots=True)
class Worth:
    """A value between `low` and `high`, and what it was read from, in natural units."""

    low: float
    high: float
    basis: dict[str, Any] = field(default_factory=dict)
    best: float | None = None
    """What it may become once everything is told on which the plan is silent; None where that is `high`."""

    @property
    def middle(self) -> float:
        """The value that counts: the middle of what is possible."""
        return (self.low + self.high) / 2


def _scaled(scale: Scale, value: float | None) -> tuple[float, float]:
    return scale.span() if value is None else (scale.at(value), scale.at(value))


def value(unit: Unit, context: Context) -> Worth:
    """How much better it gets, times how many people notice."""
    gains, reach = [], 0
    low_reach = False
    for workload in unit.workloads:
        outcome = workload.claim.outcome
        baseline = outcome.baseline.value if outcome and outcome.baseline else None
        target = outcome.target if outcome else None
        if baseline is not None and target is not None:
            gains.append(abs(target - baseline) / abs(baseline) * 100 if baseline else (100.0 if target else 0.0))
        low_reach |= workload.claim.users is None
        reach += workload.claim.users or 0
    complete = len(gains) == len(unit.workloads)
    gain = _scaled(context.anchors.improvement_percent, max(gains) if gains and complete else None)
    people = _scaled(context.anchors.users, None if low_reach else reach)
    percent = round(max(gains)) if gains and complete else None
    basis = {"improvement_percent": percent, "users": None if low_reach else reach}
    return Worth(gain[0] * people[0] / 100, gain[1] * people[1] / 100, basis)


def learning(unit: Unit, context: Context) -> Worth:
    """The part of the inventory that is like it: what is learnt here is of use there."""
    total = len(context.estate.servers)
    complete = all(workload.servers.complete for workload in unit.workloads)
    if not total:
        return Worth(0, 100, {"share_percent": None})
    answers = [os_product(server) for server in unit.servers]
    known = {answer.value for answer in answers if isinstance(answer, Known)}
    share = 100 * sum(context.archetypes.get(kind, 0) for kind in known) / total
    low = context.anchors.archetype_share_percent.at(share)
    sure = all(isinstance(answer, Known) for answer in answers)
    if not (complete and sure and context.estate.servers.complete):
        return Worth(low, 100, {"share_percent": None})
    return Worth(low, low, {"share_percent": round(share)})


def isolation(unit: Unit, context: Context) -> Worth:
    """How few calls cross its edge; shared services do not count.

    What was seen and the plan does not name makes it an interval: one of both is wrong.
    """
    calls = len({(d.caller.id, d.callee.id) for d in unit.boundary})
    scale, seen = context.anchors.boundary_calls, len(unit.seen)
    silent = silent_about_calls(context.estate)
    if not silent and not seen:
        return Worth(scale.at(calls), scale.at(calls), {"calls": calls})
    own = any(workload.claim.dependencies is None for workload in unit.workloads)
    low = 0.0 if own else scale.at(calls + seen + len(silent))
    return Worth(low, scale.at(calls), {"calls": None, "calls_at_least": calls, "calls_seen_only": seen})


def consequence(unit: Unit, context: Context) -> Worth:
    """How little it hurts when it goes wrong: weight for the business, people, time to recover."""
    anchors = context.anchors
    low = high = 100.0
    basis: dict[str, Any] = {}
    for workload in unit.workloads:
        level = workload.claim.criticality
        weight = (anchors.criticality.words[level],) * 2 if level else anchors.criticality.span()
        people = _scaled(anchors.users_at_risk, workload.claim.users)
        recovery = _scaled(anchors.rto_hours, workload.claim.rto_hours)
        low = min(low, weight[0] / 2 + people[0] / 4 + recovery[0] / 4)
        high = min(high, weight[1] / 2 + people[1] / 4 + recovery[1] / 4)
        basis = {"criticality": level, "users": workload.claim.users, "rto_hours": workload.claim.rto_hours}
    return Worth(low, high, basis)


def change(unit: Unit, context: Context) -> Worth:
    """How little has to change: the way of moving, less a penalty for each kind of finding."""
    anchors = context.anchors
    ways = [workload.claim.disposition for workload in unit.workloads]
    known = anchors.disposition.words
    spans = [(known[way], known[way]) if way in known else anchors.disposition.span() for way in ways]
    worst: dict[str, dict[str, float]] = {"finding": {}, "unknown": {}}
    silent: set[str] = set()
    for finding in context.of(unit):
        if finding.outcome in worst:
            penalty = anchors.finding_penalty.words[finding.severity]
            kept = worst[finding.outcome]
            kept[finding.rule] = max(kept.get(finding.rule, 0), penalty)
            if finding.outcome == "finding" and any(each.value is None for each in finding.evidence):
                silent.add(finding.rule)
    for rule in context.undecided(unit):
        worst["unknown"][rule] = max(worst["unknown"].get(rule, 0), anchors.finding_penalty.words[context.severity[rule]])
    sure = sum(worst["finding"].values())
    unsure = sum(penalty for rule, penalty in worst["unknown"].items() if rule not in worst["finding"])
    low = max(0.0, min(span[0] for span in spans) - sure - unsure)
    high = max(0.0, min(span[1] for span in spans) - sure)
    told = sum(penalty for rule, penalty in worst["finding"].items() if rule not in silent)
    best = max(0.0, min(span[1] for span in spans) - told)
    return Worth(low, high, {"disposition": ways[0], "findings": len(worst["finding"])}, best)


def gravity(unit: Unit, context: Context) -> Worth:
    """How little data has to come along."""
    scale = context.anchors.volume_gb
    volumes = [workload.claim.data.volume_gb if workload.claim.data else None for workload in unit.workloads]
    known = [volume for volume in volumes if volume is not None]
    # The data cannot be more than the disks that were promised to the machines.
    sizes = [server.attributes.get("provisioned_mib") for server in unit.servers]
    whole = all(w.servers.complete for w in unit.workloads) and not unit.others
    bounded = whole and bool(sizes) and None not in sizes
    room = sum(size or 0 for size in sizes) * 2**20 / 1e9
    if len(known) == len(volumes):
        said = sum(known)
        if bounded and said > room:  # one of both is wrong
            return Worth(scale.at(said), scale.at(room), {"volume_gb": None, "volume_said_gb": said, "disks_gb": round(room)})
        return Worth(scale.at(said), scale.at(said), {"volume_gb": said})
    return Worth(scale.at(room) if bounded else 0.0, scale.at(sum(known)), {"volume_gb": None})


def urgency(unit: Unit, context: Context) -> Worth:
    """How soon a date presses: end of support, contract, lease, law."""
    days: list[int] = []
    unsure = any(not workload.servers.complete for workload in unit.workloads)
    for workload in unit.workloads:
        days += [(deadline.on - context.as_of).days for deadline in workload.claim.deadlines or ()]
    for server in unit.servers:
        ends = support_ends(server)
        if isinstance(ends, Known):
            days.append((ends.value - context.as_of).days)
        else:
            unsure = True
            high = getattr(ends, "high", None)
            days += [(high - context.as_of).days] if isinstance(high, dt.date) else []
    if not days:
        return Worth(0, 100 if unsure else 0, {"days_left": None})
    low = context.anchors.days_left.at(min(days))
    return Worth(low, 100 if unsure else low, {"days_left": min(days)})


CRITERIA: Final[dict[Criterion, Callable[[Unit, Context], Worth]]] = {
    "value": value,
    "learning": learning,
    "isolation": isolation,
    "consequence": consequence,
    "change": change,
    "gravity": gravity,
    "urgency": urgency,
}


def readiness(gates: list[Gate]) -> Worth:
    """The part of the repairable gates that pass. What is missing counts as what fails, so hiding gains nothing."""
    soft = [gate for gate in gates if gate.gate in SOFT_GATES]
    passed = sum(gate.state == "pass" for gate in soft)
    share = 100 * passed / len(soft)
    return Worth(share, share, {"passed": passed, "of": len(soft)}, 100.0)


def worths(unit: Unit, gates: list[Gate], context: Context) -> dict[Criterion, Worth]:
    """All eight values of a unit."""
    return {name: judge(unit, context) for name, judge in CRITERIA.items()} | {"readiness": readiness(gates)}
