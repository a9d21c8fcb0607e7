"""What an answer is worth: how much better the choice gets, on average, when one missing thing becomes known.

For a value that may lie anywhere in its interval, evenly, this is the expected value of perfect partial information,
in points of the score. A gate that nobody can judge is worth asking where its answer can change who is first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from migrascope.first.choice import Choice, Judged, best, choose, reaching
from migrascope.first.context import Context
from migrascope.first.gates import LANDING
from migrascope.first.units import Unit, silent_about_calls
from migrascope.model.first import Asking, Contribution, Gate

_CONSEQUENCE: Final = {"criticality": 0.5, "users": 0.25, "rto_hours": 0.25}
"""The parts of one criterion that consists of three."""

_Fact = tuple[str, str, tuple[str, ...], float]
"""Kind, fact, subjects, and the part of the criterion's interval that it answers for."""


def expected_gain(low: float, high: float, rival: float) -> float:
    """What it is worth to learn a value that lies evenly between two bounds, where the best other is worth `rival`."""
    if high <= low or not low < rival < high:
        return 0.0
    learnt = (rival**2 - 2 * rival * low + high**2) / (2 * (high - low))
    return learnt - max((low + high) / 2, rival)


def worth_asking(choice: Choice, judged: Sequence[Judged], around: Context) -> tuple[Asking, ...]:
    """Facts by what they are worth: those that may decide a gate, then those of which the choice gains most."""
    if choice.winner is None:
        return ()
    found: dict[tuple[str, str], Asking] = {}
    for asking in (*_values(choice, around), *_gates(choice, judged, around)):
        key = (asking.kind, asking.fact)
        known = found.get(key)
        found[key] = asking if known is None else _both(known, asking)
    return tuple(sorted(found.values(), key=lambda each: (not each.decides, -each.points, each.kind, each.fact)))


def _both(one: Asking, other: Asking) -> Asking:
    """One question for several subjects; it is worth as much as the best of them."""
    first, second = (one, other) if (one.decides, one.points) >= (other.decides, other.points) else (other, one)
    subjects = tuple(dict.fromkeys((*first.subjects, *second.subjects)))
    return first.model_copy(update={"subjects": subjects, "points": max(one.points, other.points)})


def _values(choice: Choice, around: Context) -> Iterator[Asking]:
    winner = choice.winner
    totals = {one.unit.id: one.score.total for one in choice.pool}
    for one in reaching(choice.pool):
        rivals = [total for name, total in totals.items() if name != one.unit.id]
        if not rivals:
            return
        rival = max(rivals) if one is winner or winner is None else totals[winner.unit.id]
        for part in one.score.contributions:
            for kind, fact, subjects, share in _facts(one.unit, part, around) if part.high > part.low else ():
                reach = part.weight * (part.high - part.low) * share
                points = expected_gain(one.score.total - reach / 2, one.score.total + reach / 2, rival)
                if points > 0:
                    yield Asking(kind=kind, fact=fact, subjects=subjects, points=round(points, 4), decides=False)


def _facts(unit: Unit, part: Contribution, around: Context) -> list[_Fact]:
    """What is missing about one criterion of a unit."""
    ids = tuple(workload.id for workload in unit.workloads)
    claims = [workload.claim for workload in unit.workloads]
    if part.criterion == "consequence":
        missing = {name: share for name, share in _CONSEQUENCE.items() if any(getattr(c, name) is None for c in claims)}
        return [("workload", name, ids, share / sum(missing.values())) for name, share in missing.items()]
    if part.criterion == "gravity":
        return [("workload", "data.volume_gb", ids, 1.0)]
    if part.criterion == "value":
        facts = ["users"] if part.basis.get("users") is None else []
        facts += ["outcome.baseline.value"] if part.basis.get("improvement_percent") is None else []
        return [("workload", fact, ids, 1.0 / len(facts)) for fact in facts]
    if part.criterion == "isolation":
        silent = tuple(sorted(missing.subject for missing in silent_about_calls(around.estate) if missing.kind == "workload"))
        own = tuple(workload.id for workload in unit.workloads if workload.claim.dependencies is None)
        asked = own or silent or tuple(sorted({caller for caller, _ in unit.seen}))
        return [("workload", "dependencies", asked, 1.0)] if asked else []
    if part.criterion == "change":
        return _of_findings(unit, around) if any(c.disposition for c in claims) else [("workload", "disposition", ids, 1.0)]
    if any(not workload.servers.complete for workload in unit.workloads):
        return [("workload", "members", ids, 1.0)]
    return [("server", "os_config", tuple(server.id for server in unit.servers), 1.0)] if unit.servers else []


def _of_findings(unit: Unit, around: Context) -> list[_Fact]:
    """Facts for which rules about the unit wait; each answers for its part of the penalties."""
    waiting: dict[tuple[str, str], float] = {}
    subjects: dict[tuple[str, str], dict[str, None]] = {}
    for finding in around.of(unit):
        for missing in finding.missing if finding.outcome == "unknown" else ():
            kind, _, fact = missing.partition(".")
            penalty = around.anchors.finding_penalty.words[finding.severity]
            waiting[kind, fact] = waiting.get((kind, fact), 0) + penalty / len(finding.missing)
            subjects.setdefault((kind, fact), {})[finding.subject.id] = None
    ids = tuple(workload.id for workload in unit.workloads)
    for rule in around.undecided(unit):
        facts, penalty = around.waits_for.get(rule, ()), around.anchors.finding_penalty.words[around.severity[rule]]
        for kind, fact in facts:
            waiting[kind, fact] = waiting.get((kind, fact), 0) + penalty / len(facts)
            subjects.setdefault((kind, fact), {}).update((name, None) for name in _subjects(kind, unit, ids))
    total = sum(waiting.values())
    return [(kind, fact, tuple(subjects[kind, fact]), share / total) for (kind, fact), share in waiting.items() if total]


def _subjects(kind: str, unit: Unit, ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(server.id for server in unit.servers) if kind == "server" else ids


def _gates(choice: Choice, judged: Sequence[Judged], around: Context) -> Iterator[Asking]:
    """Gates of which one answer, for or against, would put another first."""
    winner, tie = choice.winner, around.anchors.limits.tie_points
    if winner is not None and len(choice.pool) > 1:
        for gate in winner.unknown():
            yield from _about(gate, winner.unit)
    pool = best(choice.pool)
    for one in best(one for one in judged if one is not winner and not one.failing() and one.unknown()):
        opened = one.opened()
        if opened is not None and choose([*(other for other in pool if other is not one), opened], tie).winner is opened:
            yield from _about(one.unknown()[0], one.unit)


def _about(gate: Gate, unit: Unit) -> Iterator[Asking]:
    for kind, fact in facts_of(gate):
        subjects = tuple(workload.id for workload in unit.workloads) if kind == "workload" else ("plan",)
        yield Asking(kind=kind, fact=fact, subjects=subjects, points=0.0, decides=True)


_FACTS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "calls_unknown": (("workload", "dependencies"),),
    "binding_unknown": (("workload", "dependencies"),),
    "call_seen": (("workload", "dependencies"),),
    "callers_unknown": (("workload", "dependencies"),),
    "servers_unknown": (("workload", "members"),),
    "category_unknown": (("workload", "category"),),
    "data_unknown": (("workload", "data.personal"),),
    "cutover_unknown": (("workload", "cutover.on"),),
    "class_unknown": (("workload", "data.class"),),
    "special_unknown": (("workload", "data.special"),),
    "call_to_stranger": (("workload", "members"),),
    "rollback_time_unknown": (("workload", "rollback.max_minutes"), ("workload", "cutover.window_hours")),
    "dpia_unknown": (("workload", "data.dpia.state"),),
    "disposition_unknown": (("workload", "disposition"),),
    "successor_undated": (("workload", "replaced_by.on"),),
    "effort_unknown": (("workload", "effort_days.high"),),
    "capacity_unknown": (("plan", "capacity.fte"),),
    "criticality_unknown": (("workload", "criticality"),),
    "owner_missing": (("workload", "owner.business"), ("workload", "owner.technical")),
    "test_missing": (("workload", "test.plan"), ("workload", "test.owner")),
    "rollback_missing": (("workload", "rollback.plan"),),
    "rollback_unrehearsed": (("workload", "rollback.tested_on"),),
    "outcome_missing": (("workload", "outcome.metric"),),
    "baseline_missing": (("workload", "outcome.baseline.value"),),
    "rehearsal_missing": (("workload", "rehearsal.on"),),
}
"""The facts that would settle a gate, by the gate's reason."""


def facts_of(gate: Gate) -> tuple[tuple[str, str], ...]:
    """The facts, as kind and name, that would settle a gate."""
    if gate.why == "baseline_unknown":
        parts: Any = gate.values["parts"]
        return tuple(("plan", f"landing_zone.{part}.state") for part in LANDING if part in parts)
    if gate.why == "capacity_partly":
        lacking: Any = gate.values["facts"]
        return tuple(("plan", fact) for fact in lacking)
    return _FACTS.get(gate.why, ())
