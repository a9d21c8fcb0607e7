"""`-f brief`, and `first` on a terminal: the answer on one page, in fixed words.

Eleven parts, always in this order: advice, why, how firm, what would change it, this quarter, measure, security, stop rule,
not now and why, cost, unknown. Each holds so much that the page stays one; `first --why` tells the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from migrascope.model.assessment import Assessment
from migrascope.model.brand import Brand
from migrascope.model.first import First, NotNow, Quarter, QuarterStep, Reason
from migrascope.reports import Style
from migrascope.reports.cost_words import in_one_line
from migrascope.reports.first_words import (
    GATE,
    PROFILE,
    asked,
    documented,
    firmness,
    headline,
    names_of_subjects,
    overrides,
    reason,
    titled,
)
from migrascope.reports.heading import on_paper, subject, warnings
from migrascope.reports.markdown import escaped
from migrascope.reports.page import wrapped
from migrascope.reports.words import ASK, PART, listed
from migrascope.reports.words import number as plain
from migrascope.texts import LANGUAGES, Speech, later, speech

ROOM: Final = 62
"""Lines that the parts may take: a page of 66, less what stands above and below them."""


class Most(NamedTuple):
    """How many lines of a kind a page holds."""

    changes: int
    checks: int
    repairs: int
    against: int
    questions: int
    cost: int


LEVELS: Final = (
    Most(3, 3, 4, 4, 3, 3), Most(2, 3, 3, 3, 3, 3), Most(2, 2, 2, 3, 2, 3), Most(1, 2, 2, 2, 2, 2),
    Most(1, 1, 1, 1, 2, 1), Most(1, 1, 1, 1, 1, 1)
)  # fmt: skip
"""The first of these that fits on the page is taken."""


class Section(NamedTuple):
    """A part of the page: its title, and its lines. One line is a sentence, several are a list."""

    title: str
    lines: tuple[str, ...]


def sections(assessment: Assessment, say: Speech) -> list[Section]:
    """The parts of the page that have something to say; empty where there is no answer, as for `health`."""
    first = assessment.first
    if first is None:
        return []
    return _sections(_Brief(assessment, first, say, _fitting(assessment, first)))


def _fitting(assessment: Assessment, first: First) -> Most:
    """How much the page holds: the same in every language, so that both tell the same."""
    for most in LEVELS:
        pages = (_sections(_Brief(assessment, first, speech(language), most)) for language in LANGUAGES)
        if all(sum(1 for _ in laid_out(page)) <= ROOM for page in pages):
            return most
    return LEVELS[-1]


def laid_out(found: Sequence[Section]) -> Iterator[tuple[int, str]]:
    """The parts as lines of text, each with the number of its part: a title of its own, or beside a single sentence."""
    for number, (title, lines) in enumerate(found):
        if len(lines) == 1 and number:
            yield from ((number, line) for line in wrapped(f"{title}: {lines[0]}", hanging="  "))
        else:
            yield number, title
            for line in lines:
                bullet = wrapped(line, "  - ", "    ") if len(lines) > 1 else wrapped(line, "  ", "  ")
                yield from ((number, each) for each in bullet)
        yield number, ""


def _sections(page: _Brief) -> list[Section]:
    say = page.say
    found = [
        Section(page.advice_title(), tuple(page.advice())),
        Section(say.say("Why"), tuple(page.why())),
        Section(say.say("How firm this is"), tuple(page.firm())),
        Section(say.say("What would change it"), tuple(page.changes())),
        Section(page.quarter_title(), tuple(page.quarter())),
        Section(say.say("How success is seen"), tuple(page.measure())),
        Section(say.say("Security first"), tuple(page.security())),
        Section(say.say("Stop rule"), tuple(page.stop())),
        Section(say.say("Not now, and why"), tuple(page.not_now())),
        Section(say.say("What it costs"), tuple(page.cost())),
        Section(say.say("What is not known"), tuple(page.unknown())),
    ]
    return [section for section in found if section.lines]


def closing(say: Speech) -> str:
    """The last line: who decides."""
    return say.say("We advise, you decide: [ ] agreed  [ ] agreed, if …  [ ] no   signed:")


@dataclass(frozen=True, slots=True)
class OnePage:
    """The page in one language, for whatever shows it: no markup."""

    say: Speech
    title: str
    subject: str
    marks: tuple[str, ...]
    """In whose name, for whom, who may see it, whether it is a draft."""
    tlp: str
    """Who may see it, for the head of each sheet of paper."""
    warnings: tuple[str, ...]
    sections: tuple[Section, ...]
    elsewhere: str
    """How much the page does not tell, and what does."""
    closing: str
    brand: Brand | None


def one_page(assessment: Assessment, style: Style) -> OnePage:
    """The page of an assessment."""
    say = speech(style.language)
    tlp, others = on_paper(assessment, style, say)
    return OnePage(
        say,
        headed(assessment, say),
        subject(assessment, style.title, say, templates=False),
        others,
        tlp,
        tuple(warnings(assessment, say)),
        tuple(sections(assessment, say)),
        elsewhere(assessment, say),
        closing(say),
        style.brand,
    )


def headed(assessment: Assessment, say: Speech) -> str:
    """What a page is called: for a person, not by the name of a file."""
    name = assessment.estate.organisation
    if assessment.first is None:
        return say.say("A look at what runs: {name}", name=name) if name else say.say("A look at what runs")
    return (
        say.say("Second opinion on the cloud plan of {name}", name=name) if name else say.say("Second opinion on a cloud plan")
    )


def elsewhere(assessment: Assessment, say: Speech) -> str:
    """How many findings and missing facts a short format leaves to the report."""
    summary = assessment.findings_summary
    found = say.count("{n} finding", "{n} findings", len(assessment.told()) + summary.kept_back)
    missing = say.count("{n} missing fact", "{n} missing facts", len(assessment.gaps) + summary.gaps_kept_back)
    return say.say("Not here, but in the report: {found} and {missing}.", found=found, missing=missing)


def render(assessment: Assessment, style: Style) -> bytes:
    """The page as Markdown."""
    page = one_page(assessment, style)
    lines = [f"# {escaped(page.title)}", "", escaped(page.subject), ""]
    above = (*((page.tlp,) if style.share is not None else ()), *page.marks, *page.warnings)
    lines += [line for mark in above for line in (f"> {escaped(mark)}", "")]
    for title, told in page.sections:
        bullets = [escaped(line) for line in told]
        lines += [f"## {escaped(title)}", "", *([f"- {line}" for line in bullets] if len(told) > 1 else bullets), ""]
    lines += [escaped(page.elsewhere), "", escaped(page.closing)]
    return "".join(f"{line}\n" for line in lines).encode()


class _Brief:
    """Says each part in one language."""

    def __init__(self, assessment: Assessment, first: First, say: Speech, most: Most) -> None:
        self.assessment, self.first, self.say, self.most = assessment, first, say, most
        self.own_quarter: Quarter | None = assessment.quarter

    def advice_title(self) -> str:
        profile = PROFILE[self.first.profile]
        return self.say.say("Advice, weighed as: {profile}", profile=self.say.say(profile))

    def advice(self) -> Iterator[str]:
        first, say = self.first, self.say
        yield headline(first, say, self.assessment)
        if first.step.kind == "decision" and first.name is not None:
            yield say.say("The first workload is {unit}.", unit=first.name)
        yield from overrides(first, say)

    def why(self) -> Iterator[str]:
        yield from map(self.said, self.first.why or self.first.unblock)

    def firm(self) -> Iterator[str]:
        first, say = self.first, self.say
        if firm := firmness(first, say):
            yield firm
        if first.robustness is not None:
            shares = {name: round(100 * share) for name, share in first.robustness.evidence.items()}
            yield say.say("Of its score {measured} % is measured, {declared} % declared, {missing} % missing.", **shares)
        yield from documented(first, say)

    def changes(self) -> Iterator[str]:
        """The changes that were shown to turn the answer: of those that come nearest."""
        rank = {score.unit: place for place, score in enumerate(self.first.scores)}
        turning = [each for each in self.first.not_now if each.flip is not None]
        for each in sorted(turning, key=lambda each: rank.get(each.unit, len(rank)))[: self.most.changes]:
            change = self.said(each.flip) if each.flip is not None else ""
            yield self.say.say("{unit} comes first if {change}", unit=each.name, change=change)
        if not turning and self.first.workload is not None and self.first.runner_up is not None:
            yield self.say.say("No single change that was tried puts another first.")

    def quarter_title(self) -> str:
        quarter = self.own_quarter
        if quarter is not None and quarter.fits is False:
            return self.say.say("What fits this quarter")
        return self.say.say("This quarter")

    def quarter(self) -> Iterator[str]:
        """What to find out, what to arrange, and the steps on their days; the landing zone stands under security."""
        checks = [found for found in self.first.conditions if found.code.startswith("gate_")]
        yield from self._some(checks, self.most.checks)
        quarter = self.own_quarter
        if quarter is None:
            return
        repairs = [step for step in quarter.steps if step.kind == "repair"]
        yield from map(self._step, repairs[: self.most.repairs])
        if len(repairs) > self.most.repairs:
            yield self._more(len(repairs) - self.most.repairs)
        reachable = [found for found in self.first.conditions if found.code == "prerequisite"]
        if reachable:
            names = listed([str(found.values["workload"]) for found in reachable], self.say)
            yield self.said(Reason(code="prerequisite", values={"workload": names}))
        late = [step for step in quarter.steps if step.kind not in ("repair", "landing_zone") and step.start <= quarter.end]
        for before, step in zip([None, *late], late, strict=False):
            yield self._step(step, named=before is None or self._who(before) != self._who(step))
        if quarter.held_days is not None:
            yield self.say.say(
                "{days} days of the move are held by this quarter; the cutover is in a later one.",
                days=plain(quarter.held_days, self.say),
            )
        if quarter.futures is not None:
            yield self._futures(quarter)

    def measure(self) -> Iterator[str]:
        found, say = self.first.measure, self.say
        if found is None:
            return
        values = found.values
        if found.code == "measure_missing":
            yield say.say("agree what gets better with {unit}, and measure it beforehand", unit=values["unit"])
            return
        words = {"metric": values["metric"], "target": plain(values["target"], self.say), "measured_in": values["measured_in"]}
        words["day"] = values["due"] or say.say("a day to be agreed")
        words["who"] = values["measured_by"] or say.say("whom nobody named yet")
        if values["baseline"] is None:
            yield say.say("{metric}: to {target} {measured_in}; measure it before the move, and on {day} by {who}", **words)
        else:
            words["baseline"] = plain(values["baseline"], self.say)
            yield say.say("{metric}: from {baseline} to {target} {measured_in}, measured on {day} by {who}", **words)

    def security(self) -> Iterator[str]:
        """What has to stand in the target before anything lands there, by its state."""
        say = self.say
        of = {state: [part for part in self.first.security if part.state == state] for state in _STATE}
        for state, template in _STATE.items():
            names = [say.say(PART[part.part]) + (f" ({say.shown(part.due)})" if part.due else "") for part in of[state]]
            if names:
                yield say.say(template, parts=", ".join(names))

    def stop(self) -> Iterator[str]:
        quarter, say = self.own_quarter, self.say
        if quarter is None or quarter.stop_on is None or self.first.workload is None:
            return
        if quarter.fits is False:
            yield say.say("The cutover does not fit this quarter: prepare it now, and cut over in the next.")
        else:
            yield say.say("What is not over on {day} goes back, and is looked at again.", day=quarter.stop_on)

    def not_now(self) -> Iterator[str]:
        """Those that come nearest with their reason, the others by what keeps them out."""
        others = list(self.first.not_now)
        near = [each for each in others if each.reason.code.startswith("scores_")][: min(2, self.most.against)]
        rest = [each for each in others if each not in near]
        groups: dict[str, list[NotNow]] = {}
        for each in rest:
            groups.setdefault(self._kept_out_by(each), []).append(each)
        shown = sorted(groups.values(), key=lambda group: -len(group))[: max(1, self.most.against - len(near))]
        for each in near:
            yield f"{each.name}: {self.said(each.reason)}"
        for group in shown:
            yield f"{self._names(group)}: {self._together(group)}"
        told = len(near) + sum(len(group) for group in shown)
        if told < len(others):
            yield self._more(len(others) - told)

    def cost(self) -> Iterator[str]:
        """The plan's claim beside what we come to, how much of it has a price, and what is worth most to ask."""
        yield from list(in_one_line(self.assessment.cost, self.say))[: self.most.cost]

    def unknown(self) -> Iterator[str]:
        names = names_of_subjects(self.assessment)
        settled = self.first.workload is not None and not self.first.worth_asking
        questions = self.assessment.questions[: self.most.questions - settled]
        if questions and settled:
            yield self.say.say("No single answer changes who is first.")
        yield from (asked(question, names, self.say) for question in questions)

    def said(self, found: Reason) -> str:
        """A reason in words; a rule is told by its title."""
        return reason(titled(found, self.assessment, self.say), self.say)

    def _some(self, found: Sequence[Reason], most: int) -> Iterator[str]:
        yield from map(self.said, found[:most])
        if len(found) > most:
            yield self._more(len(found) - most)

    def _more(self, number: int) -> str:
        return self.say.count("and {n} other", "and {n} others", number) + ": migrascope first --why"

    def _step(self, step: QuarterStep, *, named: bool = True) -> str:
        start, end = (self.say.shown(day) for day in (step.start, step.end))
        days = start if start == end else f"{start} – {end}"
        return f"{days}: {self.said(step.what)}" + (f" ({self._who(step)})" if named else "")

    def _who(self, step: QuarterStep) -> str:
        role = ASK[step.ask]
        return step.who or self.say.say(role)

    def _futures(self, quarter: Quarter) -> str:
        futures = quarter.futures
        if futures is None:
            return ""
        days, done = futures.days, futures.done_by
        if not done:
            return self.say.say(
                "In 8 of 10 simulations, {days} days of work are enough. No date can be given: {facts} not stated.",
                days=plain(days["p80"], self.say),
                facts=listed(list(futures.lacks), self.say, 3),
            )
        return self.say.say(
            "In 8 of 10 simulated futures, given the estimates, {days} days of work are done by {day}; in 9 by {late}.",
            days=plain(days["p80"], self.say),
            day=done["p80"],
            late=done["p90"],
        )

    def _kept_out_by(self, each: NotNow) -> str:
        """The gate that keeps a unit out, or else the code of the reason against it."""
        why = each.reason.code.removeprefix("gate_")
        gates = (gate for gate in self.first.gates.get(each.unit, ()) if gate.why == why and gate.state != "pass")
        gate = next(gates, None)
        return gate.gate if gate is not None and gate.state == "fail" else each.reason.code

    def _together(self, group: Sequence[NotNow]) -> str:
        said = Counter(self.said(each.reason) for each in group)
        if len(said) == 1:
            return next(iter(said))
        kind = self._kept_out_by(group[0])
        return self.say.say(GATE[kind]) if kind in GATE else self.said(group[0].reason)

    def _names(self, group: Iterable[NotNow]) -> str:
        return listed([each.name for each in group], self.say, 3)


_STATE: Final = {
    "in_place": later("in place: {parts}"),
    "planned": later("planned: {parts}"),
    "absent": later("absent, and needed first: {parts}"),
    None: later("not known, find out first: {parts}"),
}
