"""`-f md`: the report as Markdown, for a merge request, a wiki or a step summary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from migrascope.model.assessment import Assessment, Finding
from migrascope.model.rule import SEVERITIES
from migrascope.reports import Style
from migrascope.reports.cost_tables import CostTables, Table
from migrascope.reports.first_words import firmness, headline, reason, titled
from migrascope.reports.heading import marks, not_seen, warnings
from migrascope.reports.intervention_words import told as intervention
from migrascope.reports.order import by_rule
from migrascope.reports.words import ASK, SEVERITY, accepted, answered, message, reasons, whose
from migrascope.texts import Speech, speech
from migrascope.texts.visible import visible

_MARKUP: Final = re.compile(r"[\\`*_\[\]<>|~&]")


def render(assessment: Assessment, style: Style) -> bytes:
    """Decision, counts, findings by rule, what is not known."""
    say = speech(style.language)
    lines = [
        *_decision(assessment, style, say),
        *_counts(assessment, say),
        *_cost(assessment, say),
        *_findings(assessment, say),
        *_gaps(assessment, say),
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def escaped(text: str) -> str:
    """A text that stays a text inside a Markdown table: no markup, no links, no HTML."""
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", visible(" ".join(text.split())))


def _decision(assessment: Assessment, style: Style, say: Speech) -> Iterator[str]:
    yield f"# {escaped(style.title)}"
    yield ""
    day = say.say("as of {day}", day=assessment.as_of)
    yield escaped("  ·  ".join(part for part in (assessment.estate.organisation or "", day) if part))
    yield ""
    for warning in (*marks(assessment, style, say), *warnings(assessment, say), *not_seen(assessment, say)):
        yield f"> {escaped(warning)}"
        yield ""
    for number, each in enumerate(assessment.interventions, start=1):
        yield f"{number}. {escaped(intervention(each, assessment, say))}"
    first = assessment.first
    if first is None:
        yield ""
        return
    yield f"**{escaped(headline(first, say, assessment))}**"
    yield ""
    if firm := firmness(first, say):
        yield escaped(firm)
        yield ""
    for label, found in ((say.say("Why"), first.why), (say.say("Before it goes"), first.conditions)):
        if found:
            yield f"{label}:"
            yield ""
            yield from (f"- {escaped(reason(titled(each, assessment, say), say))}" for each in found)
            yield ""


def _counts(assessment: Assessment, say: Speech) -> Iterator[str]:
    summary = assessment.findings_summary
    columns = [(say.say(SEVERITY[name]), summary.by_severity[name]) for name in reversed(SEVERITIES)]
    columns.append((say.say("accepted"), summary.by_outcome.get("waived", 0)))
    yield f"## {say.say('Findings')}"
    yield ""
    yield "| " + " | ".join(name for name, _ in columns) + " |"
    yield "|" + " ---: |" * len(columns)
    yield "| " + " | ".join(str(number) for _, number in columns) + " |"
    yield ""


def _cost(assessment: Assessment, say: Speech) -> Iterator[str]:
    """A month three ways, what the plan leaves open, the whole, and each workload."""
    cost = assessment.cost
    if cost is None:
        return
    tables = CostTables(cost, say)
    yield f"## {escaped(say.say('What it costs a month ({currency}, without tax)', currency=cost.currency))}"
    yield ""
    yield from _table(tables.month())
    yield from _listed("", tables.month_notes())
    yield from _listed(say.say("What the plan leaves open weighs, a month:"), tables.open(None))
    yield from _listed(say.say("Without a price, and so at least:"), tables.unknown(cost.total.unknown_items))
    if cost.whole.moving is not None:
        yield f"### {escaped(tables.whole_title())}"
        yield ""
        yield from _listed(say.say("Moving and staying are not compared:"), tables.not_compared())
        yield from _table(tables.whole())
        yield from _listed("", tables.whole_notes())
        yield f"{escaped(tables.drivers_title())}"
        yield ""
        yield from _table(tables.drivers())
    yield f"### {escaped(say.say('By workload, those first whose claim is furthest from what we come to'))}"
    yield ""
    yield from _table(tables.workloads())
    yield from _listed(say.say("What weighs most in these:"), tables.why())


def _table(table: Table) -> Iterator[str]:
    """A table whose numbers stand to the right; nothing where it has no rows."""
    if not table.rows:
        return
    yield "| " + " | ".join(map(escaped, table.heads)) + " |"
    yield "| --- |" + " ---: |" * (len(table.heads) - 1)
    yield from ("| " + " | ".join(map(escaped, row)) + " |" for row in table.rows)
    yield ""


def _listed(title: str, items: Iterable[str]) -> Iterator[str]:
    found = [f"- {escaped(item)}" for item in items]
    if found and title:
        yield from (escaped(title), "")
    yield from found
    if found:
        yield ""


def _findings(assessment: Assessment, say: Speech) -> Iterator[str]:
    for findings in by_rule(assessment.told(), assessment):
        outcome, rule_id = findings[0].outcome, findings[0].rule
        rule = assessment.rules[rule_id].rule
        severity = max((f.severity for f in findings), key=SEVERITIES.index)
        label = say.say("accepted") if outcome == "waived" else say.say(SEVERITY[severity])
        yield f"### {label}: {escaped(rule.title.in_(say.language))} (`{rule_id}`)"
        yield ""
        yield f"| {say.say('What was found')} | {say.say('Where')} |"
        yield "| --- | --- |"
        yield from (_row(assessment, finding, say) for finding in findings)
        yield ""
        yield f"{say.say('What to do')}: {escaped(rule.remedy.in_(say.language))}"
        yield ""


def _row(assessment: Assessment, finding: Finding, say: Speech) -> str:
    said = escaped(message(assessment, finding, say))
    if finding.waiver is not None:
        said += "<br>" + escaped(accepted(finding.waiver, say))
    if finding.response is not None:
        said += "<br>" + escaped(answered(finding.response, say))
    if finding.baseline:
        said += f" ({say.say('known before')})"
    return f"| {said} | {escaped(str(finding.place or ''))} |"


def _gaps(assessment: Assessment, say: Speech) -> Iterator[str]:
    if not assessment.gaps:
        return
    yield f"## {say.say('What is not known, and who can tell')}"
    yield ""
    yield f"| {say.say('Missing')} | {say.say('Whose')} | {say.say('Why')} | {say.say('Ask')} |"
    yield "| --- | --- | --- | --- |"
    for gap in assessment.gaps:
        cells = (gap.fact, whose(gap, say), reasons(gap, say), say.say(ASK[gap.ask]))
        yield "| " + " | ".join(escaped(cell) for cell in cells) + " |"
    yield ""
