"""`-f csv`: a row a finding and a row a missing fact, for a spreadsheet, Jira or ServiceNow.

Never localised; cells cannot become formulas.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from migrascope.model.assessment import Assessment, Finding, Gap
from migrascope.reports import Style
from migrascope.reports.words import ASK, reasons, whose
from migrascope.texts import speech
from migrascope.texts.visible import visible

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins like this is run by spreadsheets (OWASP: CSV injection)."""
_JIRA: Final = {"critical": "Highest", "high": "High", "medium": "Medium", "low": "Low", "info": "Lowest"}
_SERVICENOW: Final = {"critical": "1", "high": "1", "medium": "2", "low": "3", "info": "3"}


def render(assessment: Assessment, style: Style) -> bytes:
    """The table in UTF-8 with a byte order mark, which spreadsheets want; lines end as RFC 4180 says."""
    rows = {"generic": _generic, "jira": _jira, "servicenow": _servicenow}[style.csv_profile]
    buffer = io.StringIO()
    header = list(rows(assessment, None))
    writer = csv.DictWriter(buffer, header)
    writer.writeheader()
    for finding in assessment.told():
        writer.writerow({name: safe(value) for name, value in rows(assessment, finding).items()})
    gaps = {"generic": _generic_gap, "jira": _jira_gap, "servicenow": _servicenow_gap}[style.csv_profile]
    for gap in assessment.gaps:
        writer.writerow(dict.fromkeys(header, "") | {name: safe(value) for name, value in gaps(gap).items()})
    return buffer.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return visible(f"'{text}" if text.startswith(FORMULA) else text)


def _generic_gap(gap: Gap) -> dict[str, str]:
    """A missing fact; its outcome is `gap`, and it has no severity: nobody knows how bad it is."""
    return {
        "outcome": "gap",
        "subject_kind": gap.kind,
        "subject_name": _of(gap),
        "message": _missing(gap),
        "remedy": f"ask {ASK[gap.ask]}",
        "fingerprint": f"{gap.kind}.{gap.fact}",
    }


def _jira_gap(gap: Gap) -> dict[str, str]:
    return {
        "Summary": f"Find out: {gap.fact}, of {_of(gap)}"[:250],
        "Issue Type": "Task",
        "Priority": "Medium",
        "Labels": "migrascope gap",
        "Description": f"{_missing(gap)}\nAsk {ASK[gap.ask]}.",
        "Status": "To Do",
        "External issue ID": f"{gap.kind}.{gap.fact}",
    }


def _servicenow_gap(gap: Gap) -> dict[str, str]:
    return {
        "short_description": f"Find out: {gap.fact}, of {_of(gap)}"[:160],
        "description": f"{_missing(gap)}\nAsk {ASK[gap.ask]}.",
        "impact": "2",
        "urgency": "2",
        "category": "gap",
        "state": "new",
        "correlation_id": f"{gap.kind}.{gap.fact}",
    }


def _of(gap: Gap) -> str:
    return whose(gap, speech("en"))


def _missing(gap: Gap) -> str:
    waiting = len(gap.rules_waiting)
    return f"{gap.fact} is not known of {_of(gap)}: {reasons(gap, speech('en'))}. {gap.meaning}. Rules that wait: {waiting}"


def _generic(assessment: Assessment, finding: Finding | None) -> dict[str, str]:
    if finding is None:
        names = (
            "rule category severity confidence outcome subject_kind subject_id subject_name message place remedy effort "
            "sources accepted_until accepted_by accepted_why baseline fingerprint"
        )
        return dict.fromkeys(names.split(), "")
    rule = assessment.rules[finding.rule].rule
    waiver = finding.waiver
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "outcome": finding.outcome,
        "subject_kind": finding.subject.kind,
        "subject_id": finding.subject.id,
        "subject_name": finding.subject.name,
        "message": finding.message,
        "place": str(finding.place or ""),
        "remedy": rule.remedy.en,
        "effort": str(rule.effort),
        "sources": "; ".join(source.url for source in rule.sources),
        "accepted_until": waiver.expires if waiver else "",
        "accepted_by": (waiver.approver or "") if waiver else "",
        "accepted_why": waiver.reason if waiver else "",
        "baseline": "yes" if finding.baseline else "no",
        "fingerprint": finding.fingerprint,
    }


def _description(assessment: Assessment, finding: Finding) -> str:
    rule = assessment.rules[finding.rule].rule
    parts = [finding.message, rule.risk.en, f"What to do: {rule.remedy.en}", f"Where: {finding.place or finding.subject.id}"]
    if finding.waiver:
        parts.append(f"Accepted until {finding.waiver.expires}: {finding.waiver.reason}")
    return "\n".join(parts)


def _jira(assessment: Assessment, finding: Finding | None) -> dict[str, str]:
    """Columns that Jira's importer maps by name."""
    if finding is None:
        names = ("Summary", "Issue Type", "Priority", "Labels", "Description", "Status", "Story Points", "External issue ID")
        return dict.fromkeys(names, "")
    rule = assessment.rules[finding.rule].rule
    return {
        "Summary": f"{rule.title.en}: {finding.subject.name}"[:250],
        "Issue Type": "Task",
        "Priority": _JIRA[finding.severity],
        "Labels": f"migrascope {finding.category} {finding.rule}",
        "Description": _description(assessment, finding),
        "Status": "Done" if finding.outcome == "waived" else "To Do",
        "Story Points": str(rule.effort),
        "External issue ID": finding.fingerprint,
    }


def _servicenow(assessment: Assessment, finding: Finding | None) -> dict[str, str]:
    """Columns of a ServiceNow import set for tasks. `correlation_id` keeps a second import from making a second task."""
    if finding is None:
        names = ("short_description", "description", "impact", "urgency", "category", "cmdb_ci", "state", "correlation_id")
        return dict.fromkeys(names, "")
    rule = assessment.rules[finding.rule].rule
    return {
        "short_description": f"{rule.title.en}: {finding.subject.name}"[:160],
        "description": _description(assessment, finding),
        "impact": _SERVICENOW[finding.severity],
        "urgency": "1" if finding.severity == "critical" else _SERVICENOW[finding.severity],
        "category": finding.category,
        "cmdb_ci": finding.subject.name,
        "state": "closed" if finding.outcome == "waived" else "new",
        "correlation_id": finding.fingerprint,
    }
