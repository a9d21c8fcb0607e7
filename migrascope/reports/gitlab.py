"""`-f gitlab`: GitLab's code quality report. One entry a finding; an accepted one is told as information."""

from __future__ import annotations

import json
from typing import Final

from migrascope.model.assessment import Assessment, Finding
from migrascope.reports import Style
from migrascope.texts.visible import all_visible

_SEVERITY: Final = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def render(assessment: Assessment, style: Style) -> bytes:
    """A list of entries, as GitLab asks for them."""
    entries = [_entry(finding, style) for finding in assessment.told()]
    if assessment.gaps:
        entries.append(_left_out(len(assessment.gaps), style))
    return json.dumps(all_visible(entries), indent=2, ensure_ascii=False).encode() + b"\n"


def _left_out(gaps: int, style: Style) -> dict[str, object]:
    """That facts are missing, and where they are told: a report without findings is not a clean one."""
    return {
        "description": f"{gaps} facts are missing, and rules wait for them; -f md or -f csv tells each",
        "check_name": "missing-facts",
        "fingerprint": "missing-facts",
        "severity": "info",
        "location": {"path": style.title, "lines": {"begin": 1}},
        "categories": ["Clarity"],
    }


def _entry(finding: Finding, style: Style) -> dict[str, object]:
    place = finding.claimed_at or finding.place
    # What stands in no text file (a sheet, an API) is shown at the head of the plan.
    in_text = place is not None and place.line is not None
    path = str(place.file) if place is not None and in_text else style.title
    accepted = finding.outcome == "waived" or finding.baseline
    said = f"{finding.message} (accepted)" if accepted else finding.message
    return {
        "description": said,
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": "info" if accepted else _SEVERITY[finding.severity],
        "location": {"path": path, "lines": {"begin": (place.line or 1) if place is not None and in_text else 1}},
        "categories": [finding.category],
    }
