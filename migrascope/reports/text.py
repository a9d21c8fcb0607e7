"""`-f text`: for a terminal or a mail. 72 columns, the same bytes piped or not but for colour, nothing cut off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from tabulate import tabulate

from migrascope.model.assessment import Assessment, Finding, Gap
from migrascope.model.inventory import Coverage
from migrascope.model.rule import SEVERITIES
from migrascope.reports import Style
from migrascope.reports.cost_text import CostText
from migrascope.reports.cost_words import in_one_line
from migrascope.reports.first_text import FirstPage
from migrascope.reports.first_words import headline
from migrascope.reports.heading import heading, kept_back, unseen
from migrascope.reports.intervention_words import told as intervention
from migrascope.reports.order import by_rule
from migrascope.reports.page import painted, printed, wrapped
from migrascope.reports.words import ASK, SEVERITY, STATUS, accepted, answered, message, reasons, remark, some_of, whose
from migrascope.texts import Speech, speech

FEW: Final = 3
"""Up to so many findings of one rule are told one by one; more are told together, by name."""

MOST_CONDITIONS: Final = 4
"""So many conditions fit on a first screen; `first` tells all of them."""


class _Page:
    """Writes one assessment in one language."""

    def __init__(self, assessment: Assessment, style: Style) -> None:
        self.assessment = assessment
        self.style = style
        self.speech: Speech = speech(style.language)
        self.first = FirstPage(assessment, style)
        self.cost = CostText(assessment, style)

    def paint(self, text: str, colour: str) -> str:
        return painted(text, colour, coloured=self.style.colour)

    def opening(self) -> Iterator[str]:
        """The first screen: what to do, what to ask, and how much was found."""
        yield from heading(self.assessment, self.style, self.speech)
        yield from self.first.decision(most=MOST_CONDITIONS)
        yield from self.interventions()
        yield from self.first.beside()
        yield from self.first.three_questions()
        yield from self._counts()

    def lines(self) -> Iterator[str]:
        yield from self.opening()
        yield from self.cost.lines()
        yield from self._findings()
        yield from self.first.not_now()
        yield from self._gaps()
        yield from self._coverage()
        yield from self._foot()

    def interventions(self) -> Iterator[str]:
        """At most three things to do this quarter."""
        if not self.assessment.interventions:
            return
        yield self.paint(self.speech.say("Three things for this quarter, at most"), "title")
        for number, each in enumerate(self.assessment.interventions, start=1):
            yield from wrapped(intervention(each, self.assessment, self.speech), f"  {number}. ", "     ")
        yield ""

    def _counts(self) -> Iterator[str]:
        summary, say = self.assessment.findings_summary, self.speech
        rows = [
            (self.paint(say.say(SEVERITY[name]), name), summary.by_severity[name])
            for name in reversed(SEVERITIES)
            if summary.by_severity[name]
        ]
        accepted = summary.by_outcome.get("waived", 0)
        known = summary.in_baseline
        counts = "   ".join(f"{number} {word}" for word, number in rows) or say.say("none")
        table = [(self.paint(say.say("Findings"), "title"), counts)]
        if accepted:
            table.append((say.say("Accepted"), str(accepted)))
        if known:
            table.append((say.say("Known before"), say.say("{n}, in the baseline", n=known)))
        if self.assessment.gaps:
            missing = say.count("{n} missing fact", "{n} missing facts", len(self.assessment.gaps))
            rules = len({rule for gap in self.assessment.gaps for rule in gap.rules_waiting})
            waiting = say.count("{n} rule waits", "{n} rules wait", rules)
            table.append((say.say("Unknown"), f"{missing}; {waiting}"))
        yield tabulate(table, tablefmt="plain", disable_numparse=True)
        for number, line in enumerate(in_one_line(self.assessment.cost, say)):
            head = say.say("Cost")
            yield from wrapped(line if number else f"{head}: {line}", "  " if number else "", "  ")
        yield ""

    def _findings(self) -> Iterator[str]:
        for group in by_rule(self.assessment.told(), self.assessment):
            yield from self._rule(group)

    def _highest(self, rule: str, outcome: str) -> int:
        return self._heaviest[rule, outcome]

    @cached_property
    def _heaviest(self) -> dict[tuple[str, str], int]:
        """The highest severity of each rule's findings, by outcome."""
        found: dict[tuple[str, str], int] = {}
        for finding in self.assessment.findings:
            mark = finding.rule, finding.outcome
            found[mark] = max(found.get(mark, 0), SEVERITIES.index(finding.severity))
        return found

    def _rule(self, findings: list[Finding]) -> Iterator[str]:
        say, first = self.speech, findings[0]
        rule = self.assessment.rules[first.rule].rule
        highest = SEVERITIES[self._highest(first.rule, first.outcome)]
        label = say.say(SEVERITY[highest]) if first.outcome == "finding" else say.say("accepted")
        if all(finding.baseline for finding in findings):
            label = say.say("known before")
        head = f"{label}[{first.rule}] {rule.title.in_(say.language)}"
        yield from self._title(head, label, highest)
        if len(findings) <= FEW or self.style.verbose:
            for finding in findings:
                yield from self._one(finding, highest)
        else:
            yield from self._many(findings)
        if first.outcome == "finding":
            todo = say.say("do")
            yield from wrapped(rule.remedy.in_(say.language), indent=f"  = {todo}: ", hanging="       ")
        yield ""

    def _title(self, head: str, label: str, severity: str) -> Iterator[str]:
        lines = list(wrapped(head, hanging="  "))
        lines[0] = lines[0].replace(label, self.paint(label, severity), 1)
        yield from lines

    def _one(self, finding: Finding, highest: str) -> Iterator[str]:
        said = message(self.assessment, finding, self.speech)
        if finding.severity != highest:
            said = f"{said} [{self.speech.say(SEVERITY[finding.severity])}]"
        yield from wrapped(said, indent="  ")
        if finding.missing:
            names = ", ".join(name.partition(".")[2] for name in finding.missing)
            note = self.speech.say("it may weigh less: {names} not known", names=names)
            yield from wrapped(note, indent="  = ", hanging="    ")
        if finding.place is not None:
            yield f"  {self.paint('-->', 'dim')} {finding.place}"
            if finding.place.excerpt and finding.place.line:
                gutter = str(finding.place.line)
                yield f"   {gutter} | {finding.place.excerpt}"
        if finding.waiver:
            yield from wrapped(accepted(finding.waiver, self.speech), indent="  = ", hanging="    ")
        if finding.response:
            yield from wrapped(answered(finding.response, self.speech), indent="  = ", hanging="    ")

    def _many(self, findings: list[Finding]) -> Iterator[str]:
        kind = findings[0].subject.kind
        tally = self.assessment.findings_summary.by_rule[findings[0].rule]
        total = tally.finding + tally.unknown + tally.waived + tally.clear + tally.not_applicable
        weights = Counter(finding.severity for finding in findings)
        parts = [f"{weights[name]} {self.speech.say(SEVERITY[name])}" for name in reversed(SEVERITIES) if weights[name]]
        split = f" ({', '.join(parts)})" if len(weights) > 1 else ""
        yield from wrapped(f"{some_of(self.speech, kind, len(findings), total)}{split}:", indent="  ")
        yield from wrapped(", ".join(sorted(finding.subject.name for finding in findings)), indent="  ")

    def _gaps(self) -> Iterator[str]:
        if not self.assessment.gaps:
            return
        yield self.paint(self.speech.say("What is not known, and who can tell"), "title")
        groups: dict[tuple[str, str, str], list[Gap]] = {}
        derived = sorted({gap.fact for gap in self.assessment.gaps if gap.derived and not self.style.verbose})
        for gap in self.assessment.gaps:
            if gap.derived and not self.style.verbose:
                continue
            groups.setdefault((gap.ask, whose(gap, self.speech), reasons(gap, self.speech)), []).append(gap)
        for (ask, of, why), gaps in groups.items():
            yield from wrapped(self._gap(gaps, of, why, ASK[ask]), indent="  - ", hanging="    ")
        if derived:
            told = self.speech.say("worked out from these, and so not known of some: {facts}; -v", facts=", ".join(derived))
            yield from wrapped(told, indent="  - ", hanging="    ")
        yield ""

    def _gap(self, gaps: list[Gap], of: str, why: str, ask: str) -> str:
        """Missing facts in one line: which fields, of how many, why, how many rules wait, and whom to ask."""
        say = self.speech
        rules = {rule for gap in gaps for rule in gap.rules_waiting}
        return say.say(
            "{fact} of {whose}: {why}; {waiting}; ask {who}",
            fact=", ".join(gap.fact for gap in gaps),
            whose=of,
            why=why,
            waiting=say.count("{n} rule waits", "{n} rules wait", len(rules)),
            who=say.say(ask),
        )

    def _coverage(self) -> Iterator[str]:
        missed = unseen(self.assessment)
        doubts = [record for record in self.assessment.coverage if record.status in ("ok", "empty") and record.detail]
        if missed:
            yield self.paint(self.speech.say("What could not be seen"), "title")
            yield from self._records(missed)
            yield ""
        if doubts and self.style.verbose:
            yield self.paint(self.speech.say("Read with a remark"), "title")
            yield from self._records(doubts)
            yield ""

    def _records(self, records: list[Coverage]) -> Iterator[str]:
        for scope in sorted({record.scope for record in records}):
            here = [record for record in records if record.scope == scope]
            for status in sorted({record.status for record in here}):
                named = [record.operation for record in here if record.status == status]
                said = self.speech.say(STATUS[status], what=", ".join(named))
                yield from wrapped(f"{scope}: {said}", indent="  - ", hanging="    ")
            if self.style.verbose:
                for record in here:
                    yield from wrapped(remark(record.detail, self.speech), indent="      ") if record.detail else ()

    def _foot(self) -> Iterator[str]:
        say, summary = self.speech, self.assessment.findings_summary
        if (first := self.assessment.first) is not None:
            verdict = headline(first, say, self.assessment)
            yield from wrapped(say.say("In one line: {verdict}", verdict=verdict), hanging="  ")
        found = summary.by_outcome.get("finding", 0)
        rules = kinds_of_rules(say, sum(1 for tally in summary.by_rule.values() if tally.finding))
        if found or not (kept := list(kept_back(self.assessment, say))):
            kept = [
                say.count("{n} finding from {rules}.", "{n} findings from {rules}.", found, rules=rules)
                if found
                else say.say("No findings; what is unknown stands above.")
                if self.assessment.gaps
                else say.say("No findings, and nothing that was asked is unknown.")
            ]
        for line in kept:
            yield from wrapped(line)
        yield from wrapped(
            say.say(
                "Next: -v shows every finding with its place; migrascope rules explain RULE says why; "
                "-f html=report.html is a page to mail; -f questions=questions.yaml asks those who know."
            )
        )


def kinds_of_rules(say: Speech, number: int) -> str:
    """A number of rules."""
    return say.count("{n} rule", "{n} rules", number)


def render_opening(assessment: Assessment, style: Style) -> bytes:
    """The first screen of the report."""
    return printed(_Page(assessment, style).opening())


def render(assessment: Assessment, style: Style) -> bytes:
    """The report as text in UTF-8."""
    return printed(_Page(assessment, style).lines())
