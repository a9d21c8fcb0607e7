"""Eight criteria on absolute anchors, 0 to 100. What is not known is an interval, never a middle that was made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.server_support import os_product, support_ends
from migrascope.first.context import ChoiceContext
from migrascope.first.units import Unit, silent_about_calls
from migrascope.knowledge.anchors import Scale
from migrascope.model.first import SOFT_GATES, Criterion, Gate
from migrascope.model.uncertain import Bounds, Known, exactly, is_unknown, known_or_none


@dataclass(frozen=True, slots=True)
class CriterionValue:
    """A value on a criterion [0 to 100], what it was read from in natural units, and what it may become.

    `best` is what it may become once everything is told on which the plan is silent; None where that is the upper bound.
    """

    bounds: Bounds
    basis: dict[str, Any] = field(default_factory=dict)
    best: float | None = None

    @property
    def low(self) -> float:
        """The lower bound."""
        return float(self.bounds.low)

    @property
    def high(self) -> float:
        """The upper bound."""
        return float(self.bounds.high)

    @property
    def middle(self) -> float:
        """The value that counts: the middle of what is possible."""
        return (self.low + self.high) / 2


def _scaled(scale: Scale, value: Any) -> Bounds:
    return Bounds(*scale.span()) if is_unknown(value) else exactly(scale.at(value))


def value(unit: Unit, context: ChoiceContext) -> CriterionValue:
    """How much better it gets, times how many people notice.

    Which direction is better has to be said: without it, a change may be a gain or none.
    """
    gains = [_gain(workload, context) for workload in unit.workloads]
    scale = context.anchors.improvement_percent
    scores = [Bounds(*scale.span()) if gain is None else Bounds(scale.at(gain.low), scale.at(gain.high)) for gain in gains]
    gain = Bounds(max(score.low for score in scores), max(score.high for score in scores))
    users = [context.ask(workload, "users") for workload in unit.workloads]
    reach = None if any(map(is_unknown, users)) else sum(users)
    people = Bounds(*context.anchors.users.span()) if reach is None else exactly(context.anchors.users.at(reach))
    known = [each for each in gains if each is not None and each.low == each.high]
    percent = round(max(each.high for each in known)) if len(known) == len(gains) else None
    basis = {"improvement_percent": percent, "users": reach}
    return CriterionValue(Bounds(gain.low * people.low / 100, gain.high * people.high / 100), basis)


def _gain(workload: WorkloadSubject, context: ChoiceContext) -> Bounds | None:
    """By how many percent of its baseline an outcome gets better; None where that is not stated."""
    baseline, target, better = (context.ask(workload, f"outcome.{name}") for name in ("baseline.value", "target", "better"))
    if is_unknown(baseline) or is_unknown(target):
        return None
    change = 100.0 * (target - baseline) / abs(baseline) if baseline else (100.0 if target > 0 else -100.0 if target else 0.0)
    if is_unknown(better):
        return Bounds(0.0, abs(change))
    return exactly(max(0.0, change if better == "higher" else -change))


def learning(unit: Unit, context: ChoiceContext) -> CriterionValue:
    """The part of the inventory that is like it: what is learnt here is of use there."""
    total = len(context.estate.servers)
    if not total:
        return CriterionValue(Bounds(0, 100), {"share_percent": None})
    answers = [os_product(context.asking, server) for server in unit.servers]
    known = {answer.value for answer in answers if isinstance(answer, Known)}
    share = 100 * sum(context.archetypes.get(kind, 0) for kind in known) / total
    low = context.anchors.archetype_share_percent.at(share)
    sure = all(isinstance(answer, Known) for answer in answers)
    if not context.estate.servers.complete:
        return CriterionValue(Bounds(0, 100), {"share_percent": None})
    if not (unit.complete and sure):
        return CriterionValue(Bounds(low, 100), {"share_percent": None})
    # Servers of which the system is not known may be like it as well.
    high = context.anchors.archetype_share_percent.at(min(100.0, share + 100 * context.unknown_systems / total))
    return CriterionValue(Bounds(low, high), {"share_percent": round(share) if high - low < 1 else None})


def isolation(unit: Unit, context: ChoiceContext) -> CriterionValue:
    """How few calls cross its edge; shared services do not count.

    What was observed and the plan does not name makes it an interval: one of both is wrong.
    """
    calls = len({(call.caller.id, call.callee.id) for call in unit.boundary})
    scale, observed = context.anchors.boundary_calls, len(unit.seen)
    silent = silent_about_calls(context.asking)
    lost = bool(context.estate.traffic.lost)
    if not silent and not observed and not lost:
        return CriterionValue(exactly(scale.at(calls)), {"calls": calls})
    own = lost or any(is_unknown(context.ask(workload, "dependencies")) for workload in unit.workloads)
    low = 0.0 if own else scale.at(calls + observed + len(silent))
    return CriterionValue(Bounds(low, scale.at(calls)), {"calls": None, "calls_at_least": calls, "calls_seen_only": observed})


def consequence(unit: Unit, context: ChoiceContext) -> CriterionValue:
    """How little it hurts when it fails: criticality, users, time to recover."""
    anchors = context.anchors
    total = exactly(100.0)
    basis: dict[str, Any] = {}
    for workload in unit.workloads:
        level, users, rto = (context.ask(workload, name) for name in ("criticality", "users", "rto_hours"))
        weight = Bounds(*anchors.criticality.span()) if is_unknown(level) else exactly(anchors.criticality.words[level])
        parts = weight.times(0.5) + _scaled(anchors.users_at_risk, users).times(0.25)
        own = parts + _scaled(anchors.rto_hours, rto).times(0.25)
        total = Bounds(min(total.low, own.low), min(total.high, own.high))
        basis = {name: known_or_none(part) for name, part in (("criticality", level), ("users", users), ("rto_hours", rto))}
    return CriterionValue(total, basis)


def change(unit: Unit, context: ChoiceContext) -> CriterionValue:
    """How little has to change: the disposition, less a penalty for each kind of finding."""
    anchors = context.anchors
    ways = [known_or_none(context.ask(workload, "disposition")) for workload in unit.workloads]
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
    return CriterionValue(Bounds(low, high), {"disposition": ways[0], "findings": len(worst["finding"])}, best)


def gravity(unit: Unit, context: ChoiceContext) -> CriterionValue:
    """How little data has to come along."""
    scale = context.anchors.volume_gb
    volumes = [context.ask(workload, "data.volume_gb") for workload in unit.workloads]
    stated = sum(volume for volume in volumes if not is_unknown(volume))
    # The data cannot be more than the disks that were promised to the servers.
    promised = context.asking.total(unit.servers, "provisioned_mib")
    room = promised.value * 2**20 / 1e9 if isinstance(promised, Known) and unit.servers else None
    if not unit.complete or unit.others:
        room = None
    if not any(map(is_unknown, volumes)):
        if room is not None and stated > room:  # one of both is wrong
            return CriterionValue(
                Bounds(scale.at(stated), scale.at(room)),
                {"volume_gb": None, "volume_said_gb": stated, "disks_gb": round(room)},
            )
        return CriterionValue(exactly(scale.at(stated)), {"volume_gb": stated})
    least = 0.0 if room is None else scale.at(max(room, stated))
    return CriterionValue(Bounds(least, scale.at(stated)), {"volume_gb": None})


def urgency(unit: Unit, context: ChoiceContext) -> CriterionValue:
    """How soon a date presses: end of support, contract, lease, law."""
    days: list[int] = []
    unsure = not unit.complete
    for workload in unit.workloads:
        deadlines = context.ask(workload, "deadlines")
        unsure |= is_unknown(deadlines)
        days += [(each.on - context.as_of).days for each in (() if is_unknown(deadlines) else deadlines)]
    for server in unit.servers:
        ends = support_ends(context.asking, server)
        if isinstance(ends, Known):
            days.append((ends.value - context.as_of).days)
        else:
            unsure = True
            high = ends.high if isinstance(ends, Bounds) else None
            days += [(high - context.as_of).days] if isinstance(high, dt.date) else []
    if not days:
        return CriterionValue(Bounds(0, 100 if unsure else 0), {"days_left": None})
    low = context.anchors.days_left.at(min(days))
    return CriterionValue(Bounds(low, 100 if unsure else low), {"days_left": min(days)})


CRITERIA: Final[dict[Criterion, Callable[[Unit, ChoiceContext], CriterionValue]]] = {
    "value": value,
    "learning": learning,
    "isolation": isolation,
    "consequence": consequence,
    "change": change,
    "gravity": gravity,
    "urgency": urgency,
}


def readiness(gates: list[Gate]) -> CriterionValue:
    """The part of the repairable gates that pass. What is missing counts as what fails, so hiding gains nothing."""
    soft = [gate for gate in gates if gate.gate in SOFT_GATES]
    passed = sum(gate.state == "pass" for gate in soft)
    share = 100 * passed / len(soft)
    return CriterionValue(exactly(share), {"passed": passed, "of": len(soft)}, 100.0)


def values(unit: Unit, gates: list[Gate], context: ChoiceContext) -> dict[Criterion, CriterionValue]:
    """All eight values of a unit."""
    return {name: judge(unit, context) for name, judge in CRITERIA.items()} | {"readiness": readiness(gates)}
