"""What stands on the page, part by part: texts and numbers, no markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from migrascope.model.assessment import Assessment, Finding
from migrascope.model.brand import Brand
from migrascope.model.cost import Cost
from migrascope.model.rule import SEVERITIES
from migrascope.reports import Style
from migrascope.reports.brief import Section, closing, headed, sections
from migrascope.reports.cost_tables import CostTables, Table
from migrascope.reports.cost_words import in_one_line
from migrascope.reports.heading import on_paper, subject, warnings
from migrascope.reports.html import parts
from migrascope.reports.html.pictures.bars import Bar, bars
from migrascope.reports.intervention_words import told as intervention
from migrascope.reports.order import by_rule, ordered
from migrascope.reports.words import ASK, SEVERITY, STATUS, accepted, answered, message, reasons, remark, whose
from migrascope.texts import Speech, later, speech

MOST_FINDINGS: Final = 1_000
"""So many rows stand in the page; the rest is in the formats for machines, and the page says so."""
MOST_BARS: Final = 12
DECISION: Final = 3
"""So many parts of the brief are the decision itself, and stand above the contents."""
OPEN: Final = 3
"""A rule of so few findings that are severe shows them without being asked."""

IN_THE_TEMPLATE: Final = (
    later("Accepted"),
    later("All ties"),
    later("By workload"),
    later("Candidates, beside each other"),
    later("Contents"),
    later("Findings"),
    later("How this was made"),
    later("Moving and staying are not compared:"),
    later("The quarter, step by step"),
    later("Security, of what runs and of where it goes"),
    later("Three things for this quarter, at most"),
    later("To send on"),
    later("What calls what"),
    later("What is not known, and who can tell"),
    later("What it costs"),
    later("What the plan leaves open weighs, a month:"),
    later("What this rests on"),
    later("What to do"),
    later("What was looked at"),
    later("What was read"),
    later("What weighs most in these:"),
    later("Without a price, and so at least:"),
    later("Words"),
    later("what"),
    later("where"),
    later("{n} more stand in the workbook and in the lists: -f xlsx, csv or json."),
)
"""What the template says by itself: named here, so that it is translated with the rest."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A finding as a row."""

    severity: str
    word: str
    title: str
    rule: str
    subject: str
    message: str
    remedy: str
    place: str
    excerpt: str
    accepted: str
    answer: str


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings of one rule; `open` where its rows stand there without being asked for."""

    severity: str
    word: str
    title: str
    rule: str
    remedy: str
    risk: str
    rows: tuple[TableRow, ...]
    open: bool


@dataclass(slots=True)
class Page:
    """All of it, in one language."""

    say: Speech
    title: str
    subject: str
    marks: tuple[str, ...]
    """In whose name, for whom, whether it is a draft."""
    tlp: str
    brand: Brand | None
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    """The parts of the brief; the first three are the decision."""
    interventions: tuple[str, ...]
    counts: tuple[tuple[str, str, int], ...]
    findings: tuple[FindingGroup, ...]
    left_out: int
    accepted: tuple[TableRow, ...]
    gaps: Table
    coverage: Table
    inputs: Table
    closing: str
    forward: str
    cost_line: str = ""
    cost_title: str = ""
    cost: Table = field(default_factory=Table)
    cost_notes: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()
    whole_title: str = ""
    whole: Table = field(default_factory=Table)
    whole_notes: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()
    drivers_title: str = ""
    drivers: Table = field(default_factory=Table)
    workloads: Table = field(default_factory=Table)
    why: tuple[str, ...] = ()
    picture: str = ""
    lanes: str = ""
    candidates: Table = field(default_factory=Table)
    robustness: str = ""
    how_sure: tuple[str, ...] = ()
    security: Table = field(default_factory=Table)
    security_notes: tuple[str, ...] = ()
    map: str = ""
    ties: Table = field(default_factory=Table)
    map_notes: tuple[str, ...] = ()
    seen: str = ""
    method: tuple[str, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()
    contents: tuple[tuple[str, str], ...] = ()


def page_of(assessment: Assessment, style: Style) -> Page:
    """The page of an assessment in a language."""
    say = speech(style.language)
    found, (tlp, others) = sections(assessment, say), on_paper(assessment, style, say)
    rows = ordered(assessment.told(), assessment)
    open_ = [each for each in rows if each.outcome == "finding"]
    page = Page(
        say=say,
        title=headed(assessment, say),
        subject=subject(assessment, style.title, say),
        marks=others,
        tlp=tlp,
        brand=style.brand,
        warnings=tuple(warnings(assessment, say)),
        sections=tuple(each for each in found if each.title != say.say("What it costs")),  # told at length below
        interventions=tuple(intervention(each, assessment, say) for each in assessment.interventions),
        counts=tuple(_counts(assessment, say)),
        findings=tuple(_groups(open_[:MOST_FINDINGS], assessment, say)),
        left_out=max(0, len(open_) - MOST_FINDINGS),
        accepted=tuple(_row(each, assessment, say) for each in rows if each.outcome == "waived"),
        gaps=_gaps(assessment, say),
        coverage=_coverage(assessment, say),
        inputs=Table(
            (say.say("what"), say.say("name"), "SHA-256"), tuple((i.what, i.name, i.sha256) for i in assessment.inputs)
        ),
        closing=closing(say),
        forward=_forward(assessment, found, say),
    )
    page.lanes = parts.quarter(assessment, say)
    page.candidates = parts.candidates(assessment, say)
    page.robustness, page.how_sure = parts.robustness(assessment, say)
    page.security, page.security_notes = parts.security(assessment, say)
    page.map, page.ties, page.map_notes = parts.dependencies(assessment, say)
    page.seen, page.method, page.glossary = parts.seen(assessment, say), parts.method(assessment, say), parts.glossary(say)
    if assessment.cost is not None:
        _money(page, assessment.cost)
    page.contents = tuple(_contents(page))
    return page


def _contents(page: Page) -> Iterator[tuple[str, str]]:
    """What stands below, by its id in the page."""
    say = page.say.say
    yield from ((f"part-{number}", section.title) for number, section in enumerate(page.sections) if number >= DECISION)
    stands = {
        "steps": (say("The quarter, step by step"), page.lanes),
        "candidates": (say("Candidates, beside each other"), page.candidates.rows),
        "findings": (say("Findings"), True),
        "cost": (say("What it costs"), page.cost.rows),
        "security": (say("Security, of what runs and of where it goes"), page.security_notes),
        "ties": (say("What calls what"), page.map),
        "accepted": (say("Accepted"), page.accepted),
        "gaps": (say("What is not known, and who can tell"), True),
        "rests": (say("What this rests on"), True),
        "method": (say("How this was made"), True),
        "words": (say("Words"), True),
    }
    yield from ((id_, title) for id_, (title, there) in stands.items() if there)


def _counts(assessment: Assessment, say: Speech) -> Iterator[tuple[str, str, int]]:
    for name in reversed(SEVERITIES):
        number = assessment.findings_summary.by_severity[name]
        if number:
            yield name, say.say(SEVERITY[name]), number


def _groups(found: list[Finding], assessment: Assessment, say: Speech) -> Iterator[FindingGroup]:
    """By rule, the most severe first."""
    for those in by_rule(found, assessment):
        name = those[0].rule
        rule, severity = assessment.rules[name].rule, max((each.severity for each in those), key=SEVERITIES.index)
        rows = tuple(_row(each, assessment, say) for each in those)
        texts = (each.in_(say.language) for each in (rule.title, rule.remedy, rule.risk))
        title, remedy, risk = texts
        yield FindingGroup(
            severity,
            say.say(SEVERITY[severity]),
            title,
            name,
            remedy,
            risk,
            rows,
            severity in ("critical", "high") and len(rows) <= OPEN,
        )


def _row(finding: Finding, assessment: Assessment, say: Speech) -> TableRow:
    rule, place, waiver, reply = assessment.rules[finding.rule].rule, finding.place, finding.waiver, finding.response
    return TableRow(
        finding.severity, say.say(SEVERITY[finding.severity]), rule.title.in_(say.language), finding.rule, finding.subject.name,
        message(assessment, finding, say), rule.remedy.in_(say.language), str(place) if place is not None else "",
        (place.excerpt or "") if place is not None else "",
        accepted(waiver, say) if waiver else "", answered(reply, say) if reply else "",
    )  # fmt: skip


def _gaps(assessment: Assessment, say: Speech) -> Table:
    rows = tuple(
        (gap.fact, whose(gap, say), reasons(gap, say), str(len(gap.rules_waiting)), say.say(ASK[gap.ask]))
        for gap in assessment.gaps
    )
    heads = (say.say("what"), say.say("of"), say.say("why"), say.say("rules that wait"), say.say("ask"))
    return Table(heads, rows)


def _coverage(assessment: Assessment, say: Speech) -> Table:
    rows = tuple(
        (record.scope, say.say(STATUS[record.status], what=record.operation), str(record.items), remark(record.detail, say))
        for record in assessment.coverage
    )
    return Table((say.say("where"), say.say("how it ended"), say.say("items"), say.say("remark")), rows)


def _forward(assessment: Assessment, found: list[Section], say: Speech) -> str:
    """A paragraph that can be sent on: what is advised, why, and what it costs."""
    said = [line.rstrip(".") for section in found[:1] for line in section.lines]
    said += [line.rstrip(".") for line in in_one_line(assessment.cost, say)]
    return ". ".join(line[:1].upper() + line[1:] for line in said) + ("." if said else "")


def _money(page: Page, cost: Cost) -> None:
    tables = CostTables(cost, page.say)
    page.cost_line = next(in_one_line(cost, page.say), "")
    page.cost_title = page.say.say("What it costs a month ({currency}, without tax)", currency=cost.currency)
    page.cost, page.cost_notes = tables.month(), tuple(tables.month_notes())
    page.open = tables.open(None)
    page.unpriced = tuple(tables.unknown(cost.total.unknown_items))
    if cost.whole.moving is not None:
        page.whole_title, page.whole = tables.whole_title(), tables.whole()
        page.not_compared, page.whole_notes = tables.not_compared(), tuple(tables.whole_notes())
        page.drivers_title, page.drivers = tables.drivers_title(), tables.drivers()
    page.workloads, page.why = tables.workloads(), tuple(tables.why())
    page.picture = bars(_bars(cost, tables), page.say, cost.currency)


def _bars(cost: Cost, tables: CostTables) -> list[Bar]:
    """Workloads whose claim is furthest from what we come to."""
    found = []
    for each in cost.workloads:
        claim, ours = each.claimed, each.repriced
        if (
            claim is None
            or claim.p50 is None
            or ours is None
            or ours.p10 is None
            or ours.p50 is None
            or claim.currency != ours.currency
        ):
            continue
        found.append(Bar(tables.name(each.workload), claim.p50, ours.p10, ours.p50, ours.p90))
    return sorted(found, key=lambda bar: -abs(bar.claimed - bar.middle))[:MOST_BARS]
