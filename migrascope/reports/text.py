"""`-f text`: for a terminal or a mail. 72 columns, the same bytes piped or not but for colour, nothing cut off."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from itertools import groupby
from typing import Final

from tabulate import tabulate

from migrascope.model.assessment import Assessment, Finding, Gap
from migrascope.model.first import First, Reason
from migrascope.model.inventory import Coverage
from migrascope.model.rule import SEVERITIES
from migrascope.reports import Style
from migrascope.reports.first_words import PROFILE, SHORT, asked_as, firmness, headline, how_sure, name_of, reason, titled
from migrascope.reports.intervention_words import told as intervention
from migrascope.reports.words import ASK, SEVERITY, STATUS, kinds, listed, message, reasons, some_of, whose
from migrascope.texts import Speech, speech

WIDTH: Final = 72
FEW: Final = 3
"""Up to so many findings of one rule are told one by one; more are told together, by name."""

MOST_CONDITIONS: Final = 6
"""So many conditions fit on a first screen; `first` tells all of them."""

_COLOURS: Final = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "info": "2",
    "title": "1",
    "dim": "2",
}


def _of_100(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"


class _Page:
    """Writes one assessment in one language."""

    def __init__(self, assessment: Assessment, style: Style) -> None:
        self.assessment = assessment
        self.style = style
        self.speech: Speech = speech(style.language)

    def paint(self, text: str, colour: str) -> str:
        return f"\033[{_COLOURS[colour]}m{text}\033[0m" if self.style.colour else text

    def opening(self) -> Iterator[str]:
        """The first screen: what to do, what to ask, and how much was found."""
        yield from self.head()
        yield from self.interventions()
        yield from self.decision(most=MOST_CONDITIONS)
        yield from self.three_questions()
        yield from self._counts()

    def lines(self) -> Iterator[str]:
        yield from self.opening()
        yield from self._findings()
        yield from self.not_now()
        yield from self._gaps()
        yield from self._coverage()
        yield from self._foot()

    def head(self) -> Iterator[str]:
        estate, say = self.assessment.estate, self.speech
        parts = [self.style.title, estate.organisation or ""]
        if self.assessment.first is not None:
            parts.append(kinds(say, "workload", estate.workloads))
        if estate.servers is not None:
            parts.append(kinds(say, "server", estate.servers))
            if estate.templates:
                parts.append(say.count("{n} template left out", "{n} templates left out", estate.templates))
        parts.append(say.say("as of {day}", day=self.assessment.as_of))
        collected = max((i.collected_at for i in self.assessment.inputs if i.collected_at), default=None)
        if collected is not None:
            parts.append(say.say("inventory of {day}", day=collected[:10]))
        yield from _wrapped("  ·  ".join(part for part in parts if part))
        for lost in self.assessment.incomplete:
            yield from _wrapped(say.say("Incomplete: {reason}", reason=lost), indent="! ")
        for old in self.assessment.old_knowledge:
            yield from _wrapped(say.say("Nobody checked this for a year: {source}", source=old), indent="! ")
        for rule, why in self.assessment.rules_off.items():
            yield from _wrapped(say.say("Switched off: {rule} ({why})", rule=rule, why=why), indent="! ")
        yield ""

    def interventions(self) -> Iterator[str]:
        """At most three things to do this quarter."""
        if not self.assessment.interventions:
            return
        yield self.paint(self.speech.say("This quarter"), "title")
        for number, each in enumerate(self.assessment.interventions, start=1):
            yield from _wrapped(intervention(each, self.assessment, self.speech), f"  {number}. ", "     ")
        yield ""

    def decision(self, most: int | None = None) -> Iterator[str]:
        """What to do first, why, and on what conditions; `most` of them, where a number is given."""
        first, say = self.assessment.first, self.speech
        if first is None:
            return
        yield from self._bold(_wrapped(headline(first, say, self.assessment)))
        firm = firmness(first, say)
        if first.step.kind == "decision" and first.name is not None:
            yield from _wrapped(say.say("The first workload is {unit}.", unit=first.name))
        if firm:
            yield from _wrapped(firm)
        profile = PROFILE[first.profile]
        yield from _wrapped(say.say("Weighed as: {profile}.", profile=say.say(profile)))
        yield from self._reasons(say.say("Why"), first.why)
        yield from self._reasons(say.say("Before it goes"), first.conditions[:most])
        if most is not None and len(first.conditions) > most:
            more = say.count("and {n} other", "and {n} others", len(first.conditions) - most)
            yield f"  - {more}: migrascope first"
        yield from self._reasons(say.say("In the way"), first.unblock)
        for override in first.overrides:
            names = {"who": "by", "gate": "gate", "day": "on", "why": "reason"}
            values = {name: override[field] for name, field in names.items()}
            yield from _wrapped(say.say("{who} takes responsibility for {gate} ({day}): {why}", **values), indent="  ! ")
        documented = first.documented_choice
        if documented is not None and documented != "+".join(first.move_group):
            yield from _wrapped(say.say("If you must decide today on evidence alone: {unit}.", unit=name_of(documented, first)))
        yield ""

    def quarter(self) -> Iterator[str]:
        """The steps of the quarter, with their days, and when to stop."""
        quarter, say = self.assessment.quarter, self.speech
        if quarter is None:
            return
        yield self.paint(say.say("This quarter"), "title")
        for step in quarter.steps:
            days = step.start if step.start == step.end else f"{step.start} – {step.end}"
            who = ASK[step.ask]
            yield from _wrapped(f"{days}: {self._said(step.what)} ({say.say(who)})", indent="  - ", hanging="    ")
        if quarter.futures is not None:
            days_, done = quarter.futures.days, quarter.futures.done_by
            names = {"days": f"{days_['p80']:g}", "day": done["p80"], "late": done["p90"]}
            text = say.say(
                "In 8 of 10 simulated futures, given the estimates, {days} days of work are done by {day}; in 9 by {late}.",
                **names,
            )
            yield from _wrapped(text, indent="  ", hanging="  ")
        if quarter.fits is False:
            yield from _wrapped(
                say.say("The cutover does not fit this quarter: prepare it now, and cut over in the next."), indent="  ! "
            )
        elif quarter.stop_on is not None:
            yield from _wrapped(
                say.say("Stop rule: what is not over on {day} goes back, and is looked at again.", day=quarter.stop_on),
                indent="  ",
                hanging="  ",
            )
        yield ""

    def not_now(self) -> Iterator[str]:
        """Every other workload, and the one reason against it."""
        first = self.assessment.first
        if first is None or not first.not_now:
            return
        yield self.paint(self.speech.say("Not now, and why"), "title")
        alike: dict[tuple[str, str], list[str]] = {}
        for other in first.not_now:
            turn = self._said(other.flip) if other.flip is not None else ""
            alike.setdefault((self._said(other.reason), turn), []).append(other.name)
        for (against, turn), names in alike.items():
            yield from _wrapped(f"{listed(names, self.speech)}: {against}", indent="  - ", hanging="    ")
            if turn:
                turned = self.speech.say("First in its place if {change}.", change=turn)
                yield from _wrapped(turned, indent="    ", hanging="    ")
        yield ""

    def three_questions(self) -> Iterator[str]:
        """The questions that matter most, with who can answer."""
        asked, say, first = self.assessment.questions[:3], self.speech, self.assessment.first
        if not asked:
            return
        yield self.paint(say.say("Ask this next"), "title")
        if first is not None and first.workload is not None and not first.worth_asking:
            yield from _wrapped(say.say("No single answer changes who is first."), indent="  ", hanging="  ")
        for number, question in enumerate(asked, start=1):
            who = ASK[question.ask]
            whose = ", ".join(self._name(subject) for subject in question.subjects[:3])
            rest = len(question.subjects) - 3
            more = say.count("and {n} other", "and {n} others", rest) if rest > 0 else ""
            names = {"who": say.say(who), "whose": f"{whose} {more}".strip()}
            text = say.say("{who}: {question}", who=names["who"], question=asked_as(question, names["whose"], say))
            yield from _wrapped(text[:1].upper() + text[1:], indent=f"  {number}. ", hanging="     ")
        yield ""

    def _name(self, subject: str) -> str:
        if subject == "plan":
            return self.speech.say("the plan")
        return self._names.get(subject, subject)

    @cached_property
    def _names(self) -> dict[str, str]:
        return {finding.subject.id: finding.subject.name for finding in self.assessment.findings}

    def candidates(self) -> Iterator[str]:
        """Every candidate: what it scores on each criterion, and the gates that are not passed."""
        first, say = self.assessment.first, self.speech
        if first is None:
            return
        yield self.paint(say.say("Candidates"), "title")
        header = [say.say("workload"), *(say.say(SHORT[name]) for name in first.order), say.say("total")]
        rows = [[say.say("weight")]]
        rows[0] += [f"{part.weight:.3f}" for part in first.scores[0].contributions] if first.scores else []
        rows += [
            [score.unit, *(f"{part.contribution:.1f}" for part in score.contributions), f"{score.total:.1f}"]
            for score in first.scores
        ]
        yield tabulate(rows, headers=header, tablefmt="simple", disable_numparse=True)
        yield ""
        yield from self._sureness(first)
        for score in first.scores:
            open_ = [gate for gate in first.gates[score.unit] if gate.state != "pass"]
            said = ", ".join(f"{gate.gate} {gate.state}" for gate in open_) or say.say("all gates passed")
            yield from _wrapped(f"{score.unit}: {said}", indent="  ", hanging="    ")
        yield ""

    def _sureness(self, first: First) -> Iterator[str]:
        """The shares of draws, and what else the firmness rests on."""
        sure, say = first.robustness, self.speech
        if sure is None:
            return
        yield self.paint(say.say("How sure"), "title")
        header = [say.say("workload"), say.say("first at worst"), say.say("first"), say.say("first at best")]
        header.append(say.say("in the last third"))
        rows = [
            [each.unit, *(_of_100(share) for share in (each.p_low, each.p_first, each.p_high, each.p_bottom_third))]
            for each in sorted(sure.standings, key=lambda each: (-each.p_first, each.unit))
        ]
        yield say.say("In so many of 100 draws of weights and uncertain data it comes")
        yield tabulate(rows, headers=header, tablefmt="simple", disable_numparse=True)
        for line in how_sure(first, say):
            yield from _wrapped(line, indent="  - ", hanging="    ")
        yield ""

    def _reasons(self, label: str, reasons: tuple[Reason, ...]) -> Iterator[str]:
        if reasons:
            yield f"{label}:"
        for found in reasons:
            yield from _wrapped(self._said(found), indent="  - ", hanging="    ")

    def _said(self, found: Reason) -> str:
        """A reason in words; a rule is told by its title."""
        return reason(titled(found, self.assessment, self.speech), self.speech)

    def _bold(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            yield self.paint(line, "title")

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
        yield ""

    def _findings(self) -> Iterator[str]:
        told = [finding for finding in self.assessment.findings if finding.outcome in ("finding", "waived")]
        told.sort(key=lambda f: (f.outcome != "finding", f.baseline, -self._highest(f.rule, f.outcome), f.rule))
        for _, group in groupby(told, key=lambda f: (f.outcome, f.baseline, f.rule)):
            yield from self._rule(list(group))

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
            yield from _wrapped(rule.remedy.in_(say.language), indent=f"  = {todo}: ", hanging="       ")
        yield ""

    def _title(self, head: str, label: str, severity: str) -> Iterator[str]:
        wrapped = list(_wrapped(head, hanging="  "))
        wrapped[0] = wrapped[0].replace(label, self.paint(label, severity), 1)
        yield from wrapped

    def _one(self, finding: Finding, highest: str) -> Iterator[str]:
        said = message(self.assessment, finding, self.speech)
        if finding.severity != highest:
            said = f"{said} [{self.speech.say(SEVERITY[finding.severity])}]"
        yield from _wrapped(said, indent="  ")
        if finding.missing:
            names = ", ".join(name.partition(".")[2] for name in finding.missing)
            note = self.speech.say("it may weigh less: {names} not known", names=names)
            yield from _wrapped(note, indent="  = ", hanging="    ")
        if finding.place is not None:
            yield f"  {self.paint('-->', 'dim')} {finding.place}"
            if finding.place.excerpt and finding.place.line:
                gutter = str(finding.place.line)
                yield f"   {gutter} | {finding.place.excerpt}"
        if finding.waiver:
            note = self.speech.say(
                "accepted until {day} by {who}: {reason}",
                day=finding.waiver.expires,
                who=finding.waiver.approver or self.speech.say("unknown"),
                reason=finding.waiver.reason,
            )
            yield from _wrapped(note, indent="  = ", hanging="    ")
        if finding.response:
            answer = f"{finding.response.by} ({finding.response.on}): {finding.response.text}"
            yield from _wrapped(answer, indent="  = ", hanging="    ")

    def _many(self, findings: list[Finding]) -> Iterator[str]:
        kind = findings[0].subject.kind
        tally = self.assessment.findings_summary.by_rule[findings[0].rule]
        total = tally.finding + tally.unknown + tally.waived + tally.clear + tally.not_applicable
        weights = Counter(finding.severity for finding in findings)
        parts = [f"{weights[name]} {self.speech.say(SEVERITY[name])}" for name in reversed(SEVERITIES) if weights[name]]
        split = f" ({', '.join(parts)})" if len(weights) > 1 else ""
        yield from _wrapped(f"{some_of(self.speech, kind, len(findings), total)}{split}:", indent="  ")
        yield from _wrapped(", ".join(sorted(finding.subject.name for finding in findings)), indent="  ")

    def _gaps(self) -> Iterator[str]:
        if not self.assessment.gaps:
            return
        yield self.paint(self.speech.say("What is not known, and who can tell"), "title")
        groups: dict[tuple[str, str, str], list[Gap]] = {}
        for gap in self.assessment.gaps:
            groups.setdefault((gap.ask, whose(gap, self.speech), reasons(gap, self.speech)), []).append(gap)
        for (ask, of, why), gaps in groups.items():
            yield from _wrapped(self._gap(gaps, of, why, ASK[ask]), indent="  - ", hanging="    ")
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
        unseen = [record for record in self.assessment.coverage if record.status not in ("ok", "empty")]
        doubts = [record for record in self.assessment.coverage if record.status in ("ok", "empty") and record.detail]
        if unseen:
            yield self.paint(self.speech.say("What could not be seen"), "title")
            yield from self._records(unseen)
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
                yield from _wrapped(f"{scope}: {said}", indent="  - ", hanging="    ")
            if self.style.verbose:
                for record in here:
                    yield from _wrapped(record.detail, indent="      ") if record.detail else ()

    def _foot(self) -> Iterator[str]:
        say, summary = self.speech, self.assessment.findings_summary
        found = summary.by_outcome.get("finding", 0)
        rules = kinds_of_rules(say, sum(1 for tally in summary.by_rule.values() if tally.finding))
        yield from _wrapped(
            say.count("{n} finding from {rules}.", "{n} findings from {rules}.", found, rules=rules)
            if found
            else say.say("No findings; what is unknown stands above.")
            if self.assessment.gaps
            else say.say("No findings, and nothing that was asked is unknown.")
        )
        yield from _wrapped(say.say("Next: migrascope rules explain RULE says why; -v shows every finding with its place."))


def kinds_of_rules(say: Speech, number: int) -> str:
    """A number of rules."""
    return say.count("{n} rule", "{n} rules", number)


def _wrapped(text: str, indent: str = "", hanging: str | None = None) -> Iterator[str]:
    following = indent if hanging is None else hanging
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def render_first(assessment: Assessment, style: Style) -> bytes:
    """Only the answer; with `verbose` every candidate with its gates and its score."""
    page = _Page(assessment, style)
    lines = [*page.head(), *page.decision(), *page.three_questions(), *page.quarter(), *page.not_now()]
    if style.verbose:
        lines += page.candidates()
    return "".join(f"{line.rstrip()}\n" for line in lines).encode()


def render_opening(assessment: Assessment, style: Style) -> bytes:
    """The first screen of the report."""
    return "".join(f"{line.rstrip()}\n" for line in _Page(assessment, style).opening()).encode()


def render(assessment: Assessment, style: Style) -> bytes:
    """The report as text in UTF-8."""
    lines = _Page(assessment, style).lines()
    return "".join(f"{line.rstrip()}\n" for line in lines).encode()
