"""What to ask: missing facts as questions, those first on which the first workload depends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from migrascope.engine.run import Results
from migrascope.facts.catalogue import spec_of
from migrascope.first.gates import LANDING
from migrascope.model.assessment import Question
from migrascope.model.first import First

_GATES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "calls_unknown": (("workload", "dependencies"),),
    "servers_unknown": (("workload", "members"),),
    "category_unknown": (("workload", "category"),),
    "data_unknown": (("workload", "data.personal"),),
    "dpia_unknown": (("workload", "data.dpia.state"),),
    "baseline_unknown": tuple(("plan", f"landing_zone.{part}.state") for part in LANDING),
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

Key = tuple[str, str]


class _Asked:
    """Gathers who waits for which fact."""

    def __init__(self) -> None:
        self.subjects: dict[Key, dict[str, None]] = {}
        self.rules: dict[Key, set[str]] = {}
        self.gates: dict[Key, set[str]] = {}

    def add(self, key: Key, subjects: Iterator[str] | tuple[str, ...], rule: str = "", gate: str = "") -> None:
        self.subjects.setdefault(key, {}).update((subject, None) for subject in subjects)
        self.rules.setdefault(key, set()).update([rule] if rule else [])
        self.gates.setdefault(key, set()).update([gate] if gate else [])


def questions(results: Results, first: First) -> tuple[Question, ...]:
    """All questions; first those that the first workload waits for, then those that most rules wait for."""
    asked = _Asked()
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
        key=lambda q: (-len(q.gates_waiting), -len(q.rules_waiting), -len(q.subjects), q.kind, q.fact),
    )
    return tuple(ranked)


def _of_gates(first: First) -> Iterator[tuple[Key, tuple[str, ...], str]]:
    """The facts that the gates of the first unit wait for, or of the one that is nearest to it."""
    unit = "+".join(first.move_group) or (first.step.workload or "")
    for gate in first.gates.get(unit, ()):
        if gate.state in ("unknown", "repair"):
            for kind, fact in _GATES.get(gate.why, ()):
                if gate.why == "baseline_unknown" and fact.split(".")[1] not in gate.values["parts"]:
                    continue
                members = first.move_group or ((first.step.workload,) if first.step.workload else ())
                yield (kind, fact), members if kind == "workload" else ("plan",), gate.gate


def _question(key: Key, asked: _Asked) -> Question | None:
    kind, fact = key
    spec = spec_of(kind, fact)
    if spec is None or spec.computed or not asked.subjects[key]:
        return None
    return Question(
        kind=kind,
        fact=fact,
        meaning=spec.meaning,
        unit=spec.unit,
        ask=spec.ask,
        subjects=tuple(asked.subjects[key]),
        rules_waiting=tuple(sorted(asked.rules[key])),
        gates_waiting=tuple(sorted(asked.gates[key])),
    )
