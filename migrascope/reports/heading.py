"""The lines above an opinion: what it is about, as of when, and what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from migrascope.model.assessment import Assessment
from migrascope.model.inventory import Coverage
from migrascope.reports import Style
from migrascope.reports.page import wrapped
from migrascope.reports.sharing import TLP
from migrascope.reports.words import STATUS, kinds
from migrascope.texts import Speech

_NOTHING_THERE: Final = ("ok", "empty", "region_disabled", "not_enabled")
"""How a question ended that leaves nothing open: it was answered, or there is nothing to see."""


def unseen(assessment: Assessment) -> list[Coverage]:
    """What was looked for and not seen, each question once in a place. What nobody can see is left out."""
    found: dict[tuple[str, str, str], Coverage] = {}
    for record in assessment.coverage:
        if record.status not in _NOTHING_THERE and not record.operation.endswith(":inside"):
            found.setdefault((record.scope, record.operation, record.status), record)
    return list(found.values())


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


def marks(assessment: Assessment, style: Style, say: Speech) -> Iterator[str]:
    """In whose name it is, for whom, who may see it, and whether it is a draft; nothing where nobody asked for any."""
    if style.brand is not None:
        if style.brand.client:
            yield say.say("For {client}", client=style.brand.client)
        if style.brand.by:
            yield say.say("By {who}", who=style.brand.by)
    if style.share is not None:
        yield say.say(TLP[style.share])
    if style.share not in (None, "internal"):
        yield from kept_back(assessment, say)
    if style.concept:
        yield from _draft(assessment, say)


def on_paper(assessment: Assessment, style: Style, say: Speech) -> tuple[str, tuple[str, ...]]:
    """For the head of each sheet: who may see it, said or not; and the other marks."""
    share = style.share or "internal"
    tlp = say.say(TLP[share])
    return tlp, tuple(mark for mark in marks(assessment, style, say) if mark != tlp)


def kept_back(assessment: Assessment, say: Speech) -> Iterator[str]:
    """How many findings the reader is not told, so that what is not there is not taken for good."""
    kept = assessment.findings_summary.kept_back
    if kept:
        yield say.count(
            "{n} finding is told to the organisation only.", "{n} findings are told to the organisation only.", kept
        )


def _draft(assessment: Assessment, say: Speech) -> Iterator[str]:
    """That it is a draft, while a finding has no answer of the plan's author."""
    told = [finding for finding in assessment.told() if finding.outcome == "finding"]
    answered = sum(finding.response is not None for finding in told)
    if answered < len(told):
        yield say.say("DRAFT: the author of the plan has answered {n} of {total} findings.", n=answered, total=len(told))


def warnings(assessment: Assessment, say: Speech) -> Iterator[str]:
    """What makes the opinion less than whole."""
    for lost in assessment.incomplete:
        yield say.say("Incomplete: {reason}", reason=lost)
    for old in assessment.old_knowledge:
        yield say.say("Nobody checked this for a year: {source}", source=old)
    for rule, why in assessment.rules_off.items():
        yield say.say("Switched off: {rule} ({why})", rule=rule, why=why)


def not_seen(assessment: Assessment, say: Speech) -> Iterator[str]:
    """How much of what was looked for was not seen, and why, in one line; nothing where all of it was."""
    if missed := unseen(assessment):
        total = len({(record.scope, record.operation) for record in assessment.coverage})
        states = sorted({record.status for record in missed})
        number = {status: sum(record.status == status for record in missed) for status in states}
        what = "; ".join(say.say(STATUS[status], what=number[status]) for status in states)
        yield say.say("Not seen, of {total} parts that were looked for: {what}", total=total, what=what)


def heading(assessment: Assessment, style: Style, say: Speech, *, brief: bool = False) -> Iterator[str]:
    """All of it as lines of text. A brief tells in a part of its own what was not seen."""
    for mark in marks(assessment, style, say):
        yield from wrapped(mark)
    yield from wrapped(subject(assessment, style.title, say, templates=not brief))
    for warning in [*warnings(assessment, say), *(() if brief else not_seen(assessment, say))]:
        yield from wrapped(warning, indent="! ")
    yield ""
