"""What stands in the workbook, sheet by sheet: every finding, gap, workload, cost line, question and source."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from migrascope.model.assessment import Assessment, Finding, Question
from migrascope.model.cost import CostLine, Range
from migrascope.model.plan import SECTIONS
from migrascope.reports import Style
from migrascope.reports.brief import closing, sections
from migrascope.reports.cost_tables import CostTables
from migrascope.reports.cost_words import GROUPS, QUALITY, UNITS
from migrascope.reports.first_words import asked_as, names_of_subjects, reason, titled
from migrascope.reports.heading import subject, warnings
from migrascope.reports.order import ordered
from migrascope.reports.words import ASK, SEVERITY, STATUS, accepted, answered, kinds, message, reasons, remark, whose
from migrascope.texts import Speech, later, speech

Cell = str | int | float | dt.date | None

ANSWER: Final = later("answer")
BY: Final = later("by")
ON: Final = later("on")
FACT: Final = later("fact")
SUBJECT: Final = later("subject")
QUESTIONS: Final = later("questions")
"""The columns and the sheet that `--answers` reads back, in whichever language they were written."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its columns with their widths [characters], its rows, and the columns that people fill in."""

    name: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]
    open: tuple[int, ...] = ()


def sheets(assessment: Assessment, style: Style) -> list[Sheet]:
    """All of them, in the reader's language. A sheet without rows stands there all the same: nothing was found."""
    say = speech(style.language)
    return [
        _advice(assessment, style, say),
        _findings(assessment, say),
        _gaps(assessment, say),
        _workloads(assessment, say),
        _costs(assessment, say),
        _questions(assessment, say),
        _coverage(assessment, say),
    ]


def _advice(assessment: Assessment, style: Style, say: Speech) -> Sheet:
    rows: list[tuple[Cell, ...]] = [("", line) for line in (subject(assessment, style.title, say), *warnings(assessment, say))]
    for title, lines in sections(assessment, say):
        rows += [(title if not number else "", line) for number, line in enumerate(lines)]
    rows.append(("", closing(say)))
    return Sheet(say.say("advice"), ((say.say("part"), 28), (say.say("what"), 120)), tuple(rows))


def _findings(assessment: Assessment, say: Speech) -> Sheet:
    heads = (
        (say.say("severity"), 10), (say.say("rule"), 32), (say.say("of"), 14), (say.say("name"), 26), (say.say("what"), 70),
        (say.say("What to do"), 60), (say.say("where"), 30), (say.say("story points"), 8), (say.say("accepted"), 30),
        (say.say("the author's answer"), 40), (say.say("known before"), 8), (say.say("mark"), 18),
    )  # fmt: skip
    rows = tuple(_finding(each, assessment, say) for each in ordered(assessment.told(), assessment))
    return Sheet(say.say("findings"), heads, rows)


def _finding(finding: Finding, assessment: Assessment, say: Speech) -> tuple[Cell, ...]:
    rule, waiver, reply = assessment.rules[finding.rule].rule, finding.waiver, finding.response
    return (
        say.say(SEVERITY[finding.severity]), finding.rule, kinds(say, finding.subject.kind, 1), finding.subject.name,
        message(assessment, finding, say), rule.remedy.in_(say.language), str(finding.place or ""), rule.effort,
        accepted(waiver, say) if waiver else "", answered(reply, say) if reply else "",
        say.say("yes") if finding.baseline else "", finding.fingerprint,
    )  # fmt: skip


def _gaps(assessment: Assessment, say: Speech) -> Sheet:
    heads = (
        (say.say("what"), 32), (say.say("of"), 24), (say.say("why"), 50), (say.say("rules that wait"), 10),
        (say.say("ask"), 26), (say.say("names"), 80),
    )  # fmt: skip
    names = names_of_subjects(assessment)
    rows = tuple(
        (
            gap.fact, whose(gap, say), reasons(gap, say), len(gap.rules_waiting), say.say(ASK[gap.ask]),
            ", ".join(names.get(each, each) for each in gap.subjects.ids),
        )
        for gap in assessment.gaps
    )  # fmt: skip
    return Sheet(say.say("gaps"), heads, rows)


def _workloads(assessment: Assessment, say: Speech) -> Sheet:
    """Each workload once: its place in the choice, what was found about it, and what it costs."""
    heads = (
        (say.say("workload"), 30), (say.say("id"), 20), (say.say("moves with"), 30), (say.say("points"), 8),
        (say.say("why not now"), 60), (say.say("findings"), 10), (say.say("worst"), 10), (say.say("currency"), 8),
        (say.say("today"), 12), (say.say("claimed"), 12), *_three(say.say("priced again"), say),
        *_three(say.say("sized to the load"), say),
    )  # fmt: skip
    return Sheet(say.say("workloads"), heads, tuple(_workload_rows(assessment, say)))


def _three(name: str, say: Speech) -> Iterator[tuple[str, int]]:
    for each in (say.say("low"), say.say("middle"), say.say("high")):
        yield f"{name}, {each}", 14


def _workload_rows(assessment: Assessment, say: Speech) -> Iterator[tuple[Cell, ...]]:
    first = assessment.first
    scores = {} if first is None else {member: score for score in first.scores for member in score.members}
    against = {} if first is None else {each.unit: reason(titled(each.reason, assessment, say), say) for each in first.not_now}
    told = [] if first is None else [*first.gates, *against]
    units = {member: unit for unit in told for member in unit.split("+")}
    found = Counter(each.subject.id for each in assessment.told() if each.outcome == "finding")
    heaviest = {
        each.subject.id: each.severity for each in reversed(ordered(assessment.told(), assessment)) if each.outcome == "finding"
    }
    costs = {} if assessment.cost is None else {each.workload: each for each in assessment.cost.workloads}
    names = {each.subject.id: each.subject.name for each in assessment.findings if each.subject.kind == "workload"}
    for workload in sorted({*units, *costs, *names}):
        cost, unit, score = costs.get(workload), units.get(workload, workload), scores.get(workload)
        worst = heaviest.get(workload)
        yield (
            (cost.name if cost else None) or names.get(workload) or workload, workload,
            ", ".join(each for each in unit.split("+") if each != workload),
            round(score.total, 1) if score else None, against.get(unit, ""), found[workload],
            say.say(SEVERITY[worst]) if worst else "",
            assessment.cost.currency if cost and assessment.cost else "",
            *((_middle(cost.now), _middle(cost.claimed), *_range(cost.repriced), *_range(cost.right_sized))
              if cost else (None,) * 8),
        )  # fmt: skip


def _middle(found: Range | None) -> float | None:
    return None if found is None or found.p50 is None else found.p50


def _range(found: Range | None) -> tuple[Cell, Cell, Cell]:
    """Low, middle and high; a question mark where something has no price, so that no total can be made of it."""
    if found is None or found.p10 is None:
        return None, None, None
    return found.p10, found.p50, "?" if found.p90 is None else found.p90


def _costs(assessment: Assessment, say: Speech) -> Sheet:
    heads = (
        (say.say("workload"), 30), (say.say("group"), 16), (say.say("what"), 50), (say.say("quantity"), 10),
        (say.say("unit"), 12),
        (say.say("price of one"), 12), (say.say("currency"), 8), (say.say("how the price is known"), 16),
        (say.say("source"), 50),
        (say.say("prices of"), 12), (say.say("a month, low"), 12), (say.say("a month, high"), 12),
        (say.say("sized to the load, low"), 12), (say.say("sized to the load, high"), 12), (say.say("supposed"), 60),
    )  # fmt: skip
    cost = assessment.cost
    if cost is None:
        return Sheet(say.say("cost lines"), heads, ())
    tables = CostTables(cost, say)
    rows = [_line(tables.name(each.workload), line, tables, say) for each in cost.workloads for line in each.lines]
    rows += [_line(say.say("what the workloads share"), line, tables, say) for line in cost.total.lines]
    rows += [
        (tables.name(each.workload), say.say("without a price"), tables.told(what), *[None] * 12)
        for each in cost.workloads
        for what in each.unknown_items
    ]
    return Sheet(say.say("cost lines"), heads, tuple(rows))


def _line(name: str, line: CostLine, tables: CostTables, say: Speech) -> tuple[Cell, ...]:
    day = line.price_as_of
    return (
        name, say.say(GROUPS[line.group]), tables.told(line.item), line.quantity, say.say(UNITS.get(line.unit, line.unit)),
        line.price, line.price_currency, say.say(QUALITY[line.quality]), line.source,
        dt.date.fromisoformat(day) if day else None, line.low, line.high, line.right_sized_low, line.right_sized_high,
        tables.told(line.assumed) if line.assumed else "",
    )  # fmt: skip


def _questions(assessment: Assessment, say: Speech) -> Sheet:
    """A row a question and subject, to be filled in and read back with `--answers`."""
    heads = (
        (say.say(FACT), 30), (say.say(SUBJECT), 24), (say.say("question"), 70), (say.say("ask"), 26),
        (say.say(ANSWER), 30), (say.say(BY), 24), (say.say(ON), 12),
    )  # fmt: skip
    names = names_of_subjects(assessment) | {"plan": say.say("the plan")}
    rows = tuple(row for question in assessment.questions for row in _question(question, names, say))
    return Sheet(say.say(QUESTIONS), heads, rows, open=(4, 5, 6))


def _question(question: Question, names: dict[str, str], say: Speech) -> Iterator[tuple[Cell, ...]]:
    if question.kind not in ("plan", *SECTIONS):
        return  # an inventory answers this, and no person; it stands with the gaps
    for each in question.subjects:
        text = asked_as(question, names.get(each, each), say)
        yield f"{question.kind}.{question.fact}", each, text, say.say(ASK[question.ask]), None, None, None


def _coverage(assessment: Assessment, say: Speech) -> Sheet:
    heads = (
        (say.say("source"), 16), (say.say("where"), 40), (say.say("what"), 40), (say.say("how it ended"), 30),
        (say.say("items"), 8), (say.say("remark"), 70), (say.say("covers"), 40),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = [
        (each.source, each.scope, each.operation, say.say(_ENDED[each.status]) if each.status in _ENDED
         else say.say(STATUS[each.status], what=each.operation), each.items, remark(each.detail, say), ", ".join(each.covers))
        for each in assessment.coverage
    ]  # fmt: skip
    rows += [(each.what, each.name, "SHA-256", each.sha256, None, each.collected_at or "", "") for each in assessment.inputs]
    return Sheet(say.say("coverage"), heads, tuple(rows))


_ENDED: Final = {"ok": later("seen"), "empty": later("seen, and nothing there")}
