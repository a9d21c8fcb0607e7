"""Ask every rule of every subject. The rule is data, the finding holds plain values, and here they are joined."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evaluate import OnSubject
from migrascope.engine.evidence import gather
from migrascope.engine.gaps import GapBook
from migrascope.engine.outcome import Answer, ask
from migrascope.engine.waivers import WaiverBook
from migrascope.estate.subjects import DependencySubject, Estate, ResourceSubject, Subject
from migrascope.model.assessment import (
    Finding,
    FindingsSummary,
    Gap,
    ResponseNote,
    RuleTally,
)
from migrascope.model.assessment import Subject as SubjectName
from migrascope.model.evidence import Evidence, filled, rounded
from migrascope.model.place import Place
from migrascope.model.rule import SEVERITIES

Progress = Callable[[str, int, int], None]
"""Told the rule, its number and how many there are."""


@dataclass(slots=True)
class Results:
    """What came out of a run."""

    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    summary: FindingsSummary
    waivers: tuple[dict[str, Any], ...]
    failed: tuple[str, ...]


@dataclass(slots=True)
class _Run:
    estate: Estate
    waivers: WaiverBook
    gaps: GapBook = field(default_factory=GapBook)
    findings: list[Finding] = field(default_factory=list)
    tallies: dict[str, RuleTally] = field(default_factory=dict)


def run(estate: Estate, rules: Sequence[CompiledRule], progress: Progress) -> Results:
    """Ask all rules. A rule that fails makes the analysis incomplete, never clean."""
    waivers = WaiverBook(estate.plan.waivers or (), estate.as_of)
    state = _Run(estate, waivers)
    failed: list[str] = []
    for number, rule in enumerate(rules, start=1):
        progress(rule.rule.id, number, len(rules))
        try:
            _run_rule(state, rule)
        except Exception as error:  # a defect in one rule or fact must not take the opinion with it
            failed.append(f"rule {rule.rule.id} did not finish: {type(error).__name__}: {error}")
            state.tallies[rule.rule.id] = RuleTally(failed=f"{type(error).__name__}: {error}", subjects_complete=False)
    findings = tuple(sorted(state.findings, key=_order))
    return Results(findings, state.gaps.gaps(estate), _summary(findings, state.tallies), waivers.report(), tuple(failed))


def _run_rule(state: _Run, rule: CompiledRule) -> None:
    subjects = state.estate.subjects(rule.rule.for_)
    counts: Counter[str] = Counter()
    found: list[Finding] = []
    for subject in subjects:
        answer = ask(rule, OnSubject(subject))
        outcome = answer.verdict
        if outcome in ("finding", "unknown"):
            finding = _finding(state, rule, subject, answer)
            found.append(finding)
            counts[finding.outcome] += 1
            if outcome == "unknown":
                state.gaps.add(answer.missing, rule.rule.id)
        else:
            counts[outcome] += 1
    if subjects.missing:
        state.gaps.add(subjects.missing, rule.rule.id)
    state.findings += found
    state.tallies[rule.rule.id] = RuleTally.model_validate({**counts, "subjects_complete": subjects.complete})


def _finding(state: _Run, rule: CompiledRule, subject: Subject, answer: Answer) -> Finding:
    evidence = gather(rule, subject) if answer.verdict == "finding" else ()
    name = SubjectName(kind=subject.kind, id=subject.id, name=subject.name)
    mark = fingerprint(rule.rule.id, subject.kind, subject.id)
    waiver = None
    if answer.verdict == "finding" and rule.rule.waivable:
        waiver = state.waivers.find(rule.rule.id, (subject.id, subject.name))
    return Finding(
        rule=rule.rule.id,
        category=rule.category,
        severity=answer.severity,
        confidence=rule.rule.confidence,
        outcome="waived" if waiver else answer.verdict,
        subject=name,
        place=_place(rule, subject, evidence),
        evidence=evidence,
        message=_message(rule, answer.verdict, evidence),
        fingerprint=mark,
        missing=tuple(sorted({f"{fact.kind}.{fact.fact}" for fact in answer.missing})),
        waiver=waiver,
        response=_response(state.estate, mark),
    )


def _response(estate: Estate, mark: str) -> ResponseNote | None:
    for response in estate.plan.responses or ():
        if response.fingerprint == mark:
            return ResponseNote(by=response.by, on=str(response.on), text=response.text)
    return None


def _message(rule: CompiledRule, verdict: str, evidence: tuple[Evidence, ...]) -> str:
    """What is said in English; of what is unknown, only the rule's title."""
    if verdict != "finding":
        return f"Not known: {rule.rule.title.en}"
    return filled(rule.rule.message.en, evidence, _told)


def _told(evidence: Evidence) -> str:
    return "unknown" if evidence.value is None else _shown(evidence.value)


def _shown(value: Any) -> str:
    """A value in English."""
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, dict) and "at_least" in value:
        low, high = value["at_least"], value["at_most"]
        if low is None and high is None:
            return "unknown"
        if low is None:
            return f"{high} at the latest" if isinstance(high, str) else f"at most {rounded(high)}"
        return f"{rounded(low)} or more" if high is None else f"{rounded(low)} to {rounded(high)}"
    if isinstance(value, dict):
        rest = ", ".join(f"{key} {_shown(item)}" for key, item in value.items() if key != "name")
        return f"{value['name']} ({rest})" if "name" in value else rest
    return rounded(value)


def _place(rule: CompiledRule, subject: Subject, evidence: tuple[Evidence, ...]) -> Place | None:
    """Where the finding points: the place that the rule names, or its nearest parent that exists.

    In an inventory that is the row that showed it, where one row did: a disk, a partition, a snapshot.
    """
    if isinstance(subject, ResourceSubject):
        rows = (item.source for item in evidence if item.source is not None)
        return next((row for row in rows if row.sheet is not None and row.sheet != subject.place.sheet), subject.place)
    if isinstance(subject, DependencySubject) and rule.rule.at == "caller.dependencies":
        return subject.estate.at(subject.path)
    here: Any = subject
    steps = (rule.rule.at or "").split(".") if rule.rule.at else []
    while steps and isinstance(getattr(here, steps[0], None), Subject):
        here = getattr(here, steps.pop(0))
    return subject.estate.at((*here.path, *steps))


def fingerprint(rule: str, kind: str, subject: str) -> str:
    """The identity of a finding over time: rule, kind of subject and natural id, nothing else."""
    return hashlib.sha256("\0".join((rule, kind, subject)).encode()).hexdigest()[:32]


def _order(finding: Finding) -> tuple[int, int, str, str, str]:
    outcome = {"finding": 0, "waived": 1, "unknown": 2}[finding.outcome]
    return (
        outcome,
        -SEVERITIES.index(finding.severity),
        finding.rule,
        finding.subject.kind,
        finding.subject.id,
    )


def _summary(findings: tuple[Finding, ...], tallies: dict[str, RuleTally]) -> FindingsSummary:
    severities = Counter(finding.severity for finding in findings if finding.outcome == "finding")
    outcomes: Counter[str] = Counter()
    for tally in tallies.values():
        for name in ("finding", "unknown", "waived", "clear", "not_applicable"):
            outcomes[name] += getattr(tally, name)
    return FindingsSummary(
        by_severity={name: severities[name] for name in reversed(SEVERITIES)},
        by_outcome=dict(outcomes),
        by_rule=dict(sorted(tallies.items())),
    )
