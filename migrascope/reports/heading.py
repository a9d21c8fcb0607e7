"""The lines above an opinion: what it is about, as of when, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator

from migrascope.model.assessment import Assessment
from migrascope.reports import Style
from migrascope.reports.page import wrapped
from migrascope.reports.words import kinds
from migrascope.texts import Speech


def subject(assessment: Assessment, title: str, say: Speech, *, templates: bool = True) -> str:
    """What was judged, how much of it, and as of when, in one line."""
    estate = assessment.estate
    parts = [title, estate.organisation or ""]
    if assessment.first is not None:
        parts.append(kinds(say, "workload", estate.workloads))
    if estate.servers is not None:
        parts.append(kinds(say, "server", estate.servers))
        if estate.templates and templates:
            parts.append(say.count("{n} template left out", "{n} templates left out", estate.templates))
    parts.append(say.say("as of {day}", day=assessment.as_of))
    collected = max((i.collected_at for i in assessment.inputs if i.collected_at), default=None)
    if collected is not None:
        parts.append(say.say("inventory of {day}", day=collected[:10]))
    return "  ·  ".join(part for part in parts if part)


def warnings(assessment: Assessment, say: Speech) -> Iterator[str]:
    """What makes the opinion less than whole."""
    for lost in assessment.incomplete:
        yield say.say("Incomplete: {reason}", reason=lost)
    for old in assessment.old_knowledge:
        yield say.say("Nobody checked this for a year: {source}", source=old)
    for rule, why in assessment.rules_off.items():
        yield say.say("Switched off: {rule} ({why})", rule=rule, why=why)


def heading(assessment: Assessment, style: Style, say: Speech, *, templates: bool = True) -> Iterator[str]:
    """Both as lines of text."""
    yield from wrapped(subject(assessment, style.title, say, templates=templates))
    for warning in warnings(assessment, say):
        yield from wrapped(warning, indent="! ")
    yield ""
