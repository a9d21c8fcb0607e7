"""One finding: its evidence, its sentence, its place and its fingerprint, as plain values."""

from __future__ import annotations

import hashlib
from typing import Any, Final

from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evidence import gather
from migrascope.engine.outcome import RuleAnswer
from migrascope.engine.waivers import WaiverBook
from migrascope.estate.subjects import DependencySubject, ResourceSubject, ServerSubject, Subject, WaiverSubject
from migrascope.facts.asking import Asking
from migrascope.model.assessment import Finding, ResponseNote, WaiverNote
from migrascope.model.assessment import FindingSubject as SubjectName
from migrascope.model.evidence import Evidence, filled, rounded
from migrascope.model.place import Place
from migrascope.model.rule import SEVERITIES

_OUTCOMES: Final = {"finding": 0, "waived": 1, "unknown": 2}


def finding(
    asking: Asking,
    rule: CompiledRule,
    subject: Subject,
    answer: RuleAnswer,
    waivers: WaiverBook,
    baseline: frozenset[str],
) -> Finding:
    """What one rule says of one subject, where that is a finding or unknown."""
    evidence = gather(asking, rule, subject) if answer.verdict == "finding" else ()
    mark = fingerprint(rule.rule.id, subject.kind, subject.id)
    waiver: WaiverNote | None = None
    if answer.verdict == "finding" and rule.rule.waivable:
        waiver = waivers.find(rule.rule.id, (subject.id, subject.name))
    missing = tuple(sorted({f"{fact.kind}.{fact.fact}" for fact in answer.missing}))
    return Finding(
        rule=rule.rule.id,
        category=rule.category,
        severity=answer.severity,
        confidence=rule.rule.confidence,
        outcome="waived" if waiver else answer.verdict,
        subject=SubjectName(kind=subject.kind, id=subject.id, name=subject.name),
        place=_place(asking, rule, subject, evidence),
        evidence=evidence,
        message=_message(rule, answer.verdict, evidence),
        fingerprint=mark,
        missing=missing,
        waiver=waiver,
        response=_response(asking, mark),
        claimed_at=_claimed_at(asking, subject),
        baseline=mark in baseline and answer.verdict == "finding",
    )


def _claimed_at(asking: Asking, subject: Subject) -> Place | None:
    """The line of the plan that claims a server; a code host shows findings at lines of files that it knows."""
    workload = subject.workloads[0] if isinstance(subject, ServerSubject) and subject.workloads else None
    return asking.at(workload.path) if workload is not None else None


def _response(asking: Asking, mark: str) -> ResponseNote | None:
    for response in asking.plan.responses or ():
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
    if isinstance(value, dict) and "items" in value:
        return f"{_shown(value['items'])} and {value['of'] - len(value['items'])} others"
    if isinstance(value, dict):
        rest = ", ".join(f"{key} {_shown(item)}" for key, item in value.items() if key != "name")
        return (f"{value['name']} ({rest})" if rest else str(value["name"])) if "name" in value else rest
    return rounded(value)


def _place(asking: Asking, rule: CompiledRule, subject: Subject, evidence: tuple[Evidence, ...]) -> Place | None:
    """Where the finding points: the place that the rule names, or its nearest parent that exists.

    In an inventory that is the row that showed it, where one row did: a disk, a partition, a snapshot.
    """
    if isinstance(subject, ResourceSubject):
        rows = (item.source for item in evidence if item.source is not None)
        return next((row for row in rows if row.sheet is not None and row.sheet != subject.place.sheet), subject.place)
    if isinstance(subject, WaiverSubject):
        return subject.place
    if isinstance(subject, DependencySubject) and rule.rule.at == "caller.dependencies":
        return asking.at(subject.path)
    here: Any = subject
    steps = (rule.rule.at or "").split(".") if rule.rule.at else []
    while steps and isinstance(getattr(here, steps[0], None), Subject):
        here = getattr(here, steps.pop(0))
    return asking.at((*here.path, *steps))


def fingerprint(rule: str, kind: str, subject: str) -> str:
    """The identity of a finding over time: rule, kind of subject and natural id, nothing else."""
    return hashlib.sha256("\0".join((rule, kind, subject)).encode()).hexdigest()[:32]


def order(found: Finding) -> tuple[int, int, str, str, str]:
    """Findings before what is accepted or unknown, the severest first, then by rule and subject."""
    severity = -SEVERITIES.index(found.severity)
    return _OUTCOMES[found.outcome], severity, found.rule, found.subject.kind, found.subject.id
