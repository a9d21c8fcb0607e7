"""`-f concise`: a line a finding, `place: severity: rule: message`, for editors and for grep."""

from __future__ import annotations

from migrascope.model.assessment import Assessment
from migrascope.reports import Style
from migrascope.reports.first_words import headline
from migrascope.reports.words import SEVERITY, message, reasons, whose
from migrascope.texts import speech
from migrascope.texts.visible import visible


def render(assessment: Assessment, style: Style) -> bytes:
    """One line each: the decision, every finding, every gap."""
    say = speech(style.language)
    lines = [f"{style.title}: {headline(assessment.first, say, assessment)}"] if assessment.first is not None else []
    for finding in assessment.findings:
        if finding.outcome == "unknown":
            continue
        severity = SEVERITY[finding.severity]
        weight = say.say("accepted") if finding.outcome == "waived" else say.say(severity)
        place = finding.place or style.title
        lines.append(f"{place}: {weight}: {finding.rule}: {message(assessment, finding, say)}")
    for gap in assessment.gaps:
        unknown = say.say("unknown")
        lines.append(f"{style.title}: {unknown}: {gap.fact}: {whose(gap, say)}: {reasons(gap, say)}")
    return "".join(f"{visible(' '.join(line.split()))}\n" for line in lines).encode()
