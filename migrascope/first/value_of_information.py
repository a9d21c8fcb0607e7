"""What an answer is worth: how much better the choice gets, on average, when one missing thing becomes known.

For a value that may lie anywhere in its interval, evenly, this is the expected value of perfect partial information,
in points of the score. A gate that nobody can judge is worth asking where its answer can change who is first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from migrascope.first.choice import Choice, Judged, best, choose, reaching
from migrascope.first.context import ChoiceContext
from migrascope.first.units import Unit, silent_about_calls
from migrascope.model.first import Contribution, Gate, ValueOfInformation
from migrascope.model.reasons import REASONS
from migrascope.model.uncertain import is_unknown

_CONSEQUENCE: Final = {"criticality": 0.5, "users": 0.25, "rto_hours": 0.25}
"""The parts of one criterion that consists of three."""

_OUTCOME: Final = ("outcome.baseline.value", "outcome.target", "outcome.better")

_Fact = tuple[str, str, tuple[str, ...], float]
"""Kind, fact, subjects, and the part of the criterion's interval that it answers for."""


def expected_gain(low: float, high: float, rival: float) -> float:
    """What it is worth to learn a value that lies evenly between two bounds, where the best other is worth `rival`."""
    if high <= low or not low < rival < high:
        return 0.0
    learnt = (rival**2 - 2 * rival * low + high**2) / (2 * (high - low))
    return learnt - max((low + high) / 2, rival)


def value_of_information(choice: Choice, judged: Sequence[Judged], around: ChoiceContext) -> tuple[ValueOfInformation, ...]:
    """Facts by what they are worth: those that may decide a gate, then those of which the choice gains most."""
    if choice.winner is None:
        return ()
    found: dict[tuple[str, str], ValueOfInformation] = {}
    for item in (*_values(choice, around), *_gates(choice, judged, around)):
        key = (item.kind, item.fact)
        known = found.get(key)
        found[key] = item if known is None else _both(known, item)
    return tuple(sorted(found.values(), key=lambda each: (not each.decides, -each.points, each.kind, each.fact)))


def _both(one: ValueOfInformation, other: ValueOfInformation) -> ValueOfInformation:
    """One question for several subjects; it is worth as much as the best of them."""
    first, second = (one, other) if (one.decides, one.points) >= (other.decides, other.points) else (other, one)
    subjects = tuple(dict.fromkeys((*first.subjects, *second.subjects)))
    return first.model_copy(update={"subjects": subjects, "points": max(one.points, other.points)})


def _values(choice: Choice, around: ChoiceContext) -> Iterator[ValueOfInformation]:
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
                    yield ValueOfInformation(kind=kind, fact=fact, subjects=subjects, points=round(points, 4), decides=False)


def _facts(unit: Unit, part: Contribution, around: ChoiceContext) -> list[_Fact]:
    """What is missing about one criterion of a unit."""
    ids = tuple(workload.id for workload in unit.workloads)

    def unknown(name: str) -> list[str]:
        return [workload.id for workload in unit.workloads if is_unknown(around.ask(workload, name))]

    if part.criterion == "consequence":
        missing = {name: share for name, share in _CONSEQUENCE.items() if unknown(name)}
        return [("workload", name, ids, share / sum(missing.values())) for name, share in missing.items()]
    if part.criterion == "gravity":
        return [("workload", "data.volume_gb", ids, 1.0)]
    if part.criterion == "value":
        facts = ["users"] if part.basis.get("users") is None else []
        if part.basis.get("improvement_percent") is None:
            facts += [name for name in _OUTCOME if unknown(name)][:1] or ["outcome.baseline.value"]
        return [("workload", fact, ids, 1.0 / len(facts)) for fact in facts]
    if part.criterion == "isolation":
        silent = tuple(sorted(missing.subject for missing in silent_about_calls(around.asking) if missing.kind == "workload"))
        own = tuple(unknown("dependencies"))
        asked = own or silent or tuple(sorted({caller for caller, _ in unit.seen}))
        return [("workload", "dependencies", asked, 1.0)] if asked else []
    if part.criterion == "change":
        return (
            _of_findings(unit, around)
            if len(unknown("disposition")) < len(unit.workloads)
            else [("workload", "disposition", ids, 1.0)]
        )
    if not unit.complete:
        return [("workload", "members", ids, 1.0)]
    return [("server", "os_config", tuple(server.id for server in unit.servers), 1.0)] if unit.servers else []


def _of_findings(unit: Unit, around: ChoiceContext) -> list[_Fact]:
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


def _gates(choice: Choice, judged: Sequence[Judged], around: ChoiceContext) -> Iterator[ValueOfInformation]:
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


def _about(gate: Gate, unit: Unit) -> Iterator[ValueOfInformation]:
    for kind, fact in facts_of(gate):
        subjects = tuple(workload.id for workload in unit.workloads) if kind == "workload" else ("plan",)
        yield ValueOfInformation(kind=kind, fact=fact, subjects=subjects, points=0.0, decides=True)


def facts_of(gate: Gate) -> tuple[tuple[str, str], ...]:
    """The facts, as kind and name, that would settle a gate."""
    reason = REASONS.get(gate.why)
    if reason is None:
        return ()
    if reason.facts_in is None:
        return reason.facts
    value, pattern = reason.facts_in
    return tuple(("plan", pattern.format(name)) for name in gate.values[value])
