"""What to ask: missing facts as questions, those first on which the first workload depends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrascope.engine.run import Results
from migrascope.facts.catalogue import spec_of
from migrascope.first.value_of_information import facts_of
from migrascope.model.assessment import Gap, Question
from migrascope.model.first import First, Gate, ValueOfInformation

Key = tuple[str, str]


class _Asked:
    """Gathers who waits for which fact."""

    def __init__(self) -> None:
        self.subjects: dict[Key, dict[str, None]] = {}
        self.rules: dict[Key, set[str]] = {}
        self.gates: dict[Key, set[str]] = {}
        self.worth: dict[Key, ValueOfInformation] = {}

    def add(self, key: Key, subjects: Iterator[str] | tuple[str, ...], rule: str = "", gate: str = "") -> None:
        self.subjects.setdefault(key, {}).update((subject, None) for subject in subjects)
        self.rules.setdefault(key, set()).update([rule] if rule else [])
        self.gates.setdefault(key, set()).update([gate] if gate else [])


def questions(results: Results, first: First) -> tuple[Question, ...]:
    """All questions; first those that can change who is first, then those that it waits for, then by rules that wait."""
    asked = _Asked()
    for asking in first.worth_asking:
        asked.worth[asking.kind, asking.fact] = asking
        asked.add((asking.kind, asking.fact), asking.subjects)
    for key, subjects, gate in _of_gates(first):
        asked.add(key, subjects, gate=gate)
    for gap in results.gaps:
        for rule in gap.rules_waiting:
            asked.add((gap.kind, gap.fact), gap.subjects.ids, rule=rule)
    for finding in results.findings:
        for evidence in finding.evidence if finding.outcome == "finding" else ():
            spec = spec_of(finding.subject.kind, evidence.fact)
            if evidence.value is None and spec is not None and spec.silence == "finding":
                asked.add((finding.subject.kind, evidence.fact), (finding.subject.id,), rule=finding.rule)
    found = [_question(key, asked) for key in asked.subjects]
    ranked = sorted(
        (question for question in found if question is not None),
        key=lambda q: (
            not q.decides,
            -q.points,
            -len(q.gates_waiting),
            -len(q.rules_waiting),
            -len(q.subjects),
            q.kind,
            q.fact,
        ),
    )
    return tuple(ranked)


def _of_gates(first: First) -> Iterator[tuple[Key, tuple[str, ...], str]]:
    """The facts that the gates of the first unit wait for, or of the one that is nearest to it."""
    unit = "+".join(first.move_group) or (first.step.workload or "")
    members = first.move_group or ((first.step.workload,) if first.step.workload else ())
    for key, gate in _waiting(first.gates.get(unit, ())):
        yield key, members if key[0] == "workload" else ("plan",), gate


def _waiting(gates: Iterable[Gate]) -> Iterator[tuple[Key, str]]:
    """The facts that gates wait for, each with the name of the gate."""
    return ((key, gate.gate) for gate in gates if gate.state in ("unknown", "repair") for key in facts_of(gate))


def with_gates(gaps: Sequence[Gap], first: First | None) -> tuple[Gap, ...]:
    """The missing facts, each with the gates of any workload that wait for it."""
    waiting: dict[Key, set[str]] = {}
    for gates in first.gates.values() if first is not None else ():
        for key, gate in _waiting(gates):
            waiting.setdefault(key, set()).add(gate)
    return tuple(
        gap.model_copy(update={"gates_waiting": tuple(sorted(waiting[gap.kind, gap.fact]))})
        if (gap.kind, gap.fact) in waiting
        else gap
        for gap in gaps
    )


def _question(key: Key, asked: _Asked) -> Question | None:
    kind, fact = key
    spec = spec_of(kind, fact)
    if spec is None or spec.computed or not asked.subjects[key]:
        return None
    worth = asked.worth.get(key)
    return Question(
        kind=kind,
        fact=fact,
        meaning=spec.meaning,
        unit=spec.unit,
        ask=spec.ask,
        subjects=tuple(asked.subjects[key]),
        rules_waiting=tuple(sorted(asked.rules[key])),
        gates_waiting=tuple(sorted(asked.gates[key])),
        decides=worth is not None and worth.decides,
        points=worth.points if worth is not None else 0.0,
    )
