"""Findings that belong together: of one subject, and resting on one of the same facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from migrascope.model.assessment import Finding

_MOST: Final = 5
"""So many related findings are named."""


def with_related(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The same findings; those that are open name the fingerprints of others that one and the same value leads to."""
    by_fact: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        if finding.outcome == "finding":
            for fact in {evidence.fact for evidence in finding.evidence}:
                by_fact.setdefault((finding.subject.kind, finding.subject.id, fact), []).append(finding)
    return tuple(finding if finding.outcome != "finding" else _with(finding, by_fact) for finding in findings)


def _with(finding: Finding, by_fact: dict[tuple[str, str, str], list[Finding]]) -> Finding:
    subject = (finding.subject.kind, finding.subject.id)
    others = (each for evidence in finding.evidence for each in by_fact[(*subject, evidence.fact)] if each is not finding)
    related = tuple(dict.fromkeys(each.fingerprint for each in others))[:_MOST]
    return finding.model_copy(update={"related": related}) if related else finding
