"""The answer as text: what to do first, what to ask, what else was weighed."""

from __future__ import annotations

from collections.abc import Iterator

from tabulate import tabulate

from migrascope.model.assessment import Assessment
from migrascope.model.first import First, Following, Reason
from migrascope.reports import Style
from migrascope.reports.brief import closing, laid_out, sections
from migrascope.reports.first_words import (
    PROFILE,
    SHORT,
    asked,
    documented,
    firmness,
    headline,
    how_sure,
    names_of_subjects,
    overrides,
    reason,
    titled,
)
from migrascope.reports.heading import heading
from migrascope.reports.page import WIDTH, painted, printed, wrapped
from migrascope.reports.side_by_side import scenarios, versus
from migrascope.reports.words import listed, number
from migrascope.texts import Speech, speech


class FirstPage:
    """Writes the answer of one assessment in one language."""

    def __init__(self, assessment: Assessment, style: Style) -> None:
        self.assessment = assessment
        self.style = style
        self.speech: Speech = speech(style.language)

    def paint(self, text: str, colour: str) -> str:
        """A text in a colour, on a terminal."""
        return painted(text, colour, coloured=self.style.colour)

    def beside(self) -> Iterator[str]:
        """Another workload beside the first, and scenarios beside the plan, where they are asked for."""
        if self.style.versus is not None:
            yield from ("", *_folded(versus(self.assessment, self.style.versus, self.speech)))
        if self.assessment.scenarios:
            yield from ("", *_folded(scenarios(self.assessment, self.speech)))

    def rest(self) -> Iterator[str]:
        """What is behind the one page: all conditions, all others, every candidate, how sure."""
        first = self.assessment.first
        if first is None:
            return
        yield ""
        yield from self._reasons(self.speech.say("Before it goes"), first.conditions)
        yield ""
        yield from self.not_now()
        yield from self.following()
        yield from self.candidates()

    def following(self) -> Iterator[str]:
        """The order of at most four quarters, and how far it may be from the best."""
        quarter, say = self.assessment.quarter, self.speech
        after = quarter.following if quarter is not None else None
        if after is None:
            return
        yield self.paint(say.say("After that, by quarter"), "title")
        for load in after.quarters:
            unsure = say.say("if its gates open")
            names = [f"{unit.name} ({unsure})" if unit.conditional else unit.name for unit in load.units]
            days = {name: number(getattr(load, f"{name}_days"), say) for name in ("planned", "capacity")}
            held = say.say("{planned} of {capacity} days", **days)
            yield from wrapped(f"{load.quarter}: {listed(names, say, 20) or '–'}; {held}", "  - ", "    ")
        for line in self._bounds(after):
            yield from wrapped(line, "  ", "  ")
        yield ""

    def _bounds(self, after: Following) -> Iterator[str]:
        say = self.speech
        placed = after.considered - after.unplaced
        yield say.say(
            "{placed} of {considered} looked at; by capacity alone no order holds more than {at_most}.",
            placed=placed, considered=after.considered, at_most=after.at_most,
        )  # fmt: skip
        if after.not_estimated:
            yield say.count("{n} has no estimate of its work.", "{n} have no estimate of their work.", after.not_estimated)
        if after.kept_out:
            out = after.kept_out
            yield say.count("{n} is kept out by what time does not mend.", "{n} are kept out by what time does not mend.", out)
        if after.lacks:
            yield say.say("The days of people are an upper bound: the plan does not say all of them.")

    def decision(self, most: int | None = None) -> Iterator[str]:
        """What to do first, why, and on what conditions; `most` of them, where a number is given."""
        first, say = self.assessment.first, self.speech
        if first is None:
            return
        profile = PROFILE[first.profile]
        yield from wrapped(say.say("Weighed as: {profile}.", profile=say.say(profile)))
        yield from self._bold(wrapped(headline(first, say, self.assessment)))
        firm = firmness(first, say)
        if first.step.kind == "decision" and first.name is not None:
            yield from wrapped(say.say("The first workload is {unit}.", unit=first.name))
        if firm:
            yield from wrapped(firm)
        yield from self._reasons(say.say("Why"), first.why)
        yield from self._reasons(say.say("Before it goes"), first.conditions[:most])
        if most is not None and len(first.conditions) > most:
            more = say.count("and {n} other", "and {n} others", len(first.conditions) - most)
            yield f"  - {more}: migrascope first"
        yield from self._reasons(say.say("In the way"), first.unblock)
        for override in overrides(first, say):
            yield from wrapped(override, indent="  ! ")
        for other in documented(first, say):
            yield from wrapped(other)
        yield ""

    def three_questions(self) -> Iterator[str]:
        """The questions that matter most, with who can answer."""
        questions, say, first = self.assessment.questions[:3], self.speech, self.assessment.first
        if not questions:
            return
        yield self.paint(say.say("Ask this next"), "title")
        if first is not None and first.workload is not None and not first.worth_asking:
            yield from wrapped(say.say("No single answer changes who is first."), indent="  ", hanging="  ")
        names = names_of_subjects(self.assessment)
        for place, question in enumerate(questions, start=1):
            yield from wrapped(asked(question, names, say), indent=f"  {place}. ", hanging="     ")
        yield ""

    def not_now(self) -> Iterator[str]:
        """Every other workload, and the one reason against it."""
        first = self.assessment.first
        if first is None or not first.not_now:
            return
        yield self.paint(self.speech.say("Not now, and why"), "title")
        alike: dict[tuple[str, str, str], list[str]] = {}
        for other in first.not_now:
            turn = self._said(other.flip) if other.flip is not None else ""
            way_in = self._said(other.fix) if other.fix is not None and other.flip is None else ""
            alike.setdefault((self._said(other.reason), turn, way_in), []).append(other.name)
        for (against, turn, way_in), names in alike.items():
            yield from wrapped(f"{listed(names, self.speech)}: {against}", indent="  - ", hanging="    ")
            if way_in:
                yield from wrapped(self.speech.say("Way in: {change}.", change=way_in), indent="    ", hanging="    ")
            if turn:
                turned = self.speech.say("First in its place if {change}.", change=turn)
                yield from wrapped(turned, indent="    ", hanging="    ")
        yield ""

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
            yield from wrapped(f"{score.unit}: {said}", indent="  ", hanging="    ")
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
            yield from wrapped(line, indent="  - ", hanging="    ")
        yield ""

    def _reasons(self, label: str, reasons: tuple[Reason, ...]) -> Iterator[str]:
        if reasons:
            yield f"{label}:"
        for found in reasons:
            yield from wrapped(self._said(found), indent="  - ", hanging="    ")

    def _said(self, found: Reason) -> str:
        """A reason in words; a rule is told by its title."""
        return reason(titled(found, self.assessment, self.speech), self.speech)

    def _bold(self, lines: Iterator[str]) -> Iterator[str]:
        for line in lines:
            yield self.paint(line, "title")


def _of_100(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"


def render(assessment: Assessment, style: Style) -> bytes:
    """The answer on one page; with `verbose` also every candidate with its gates and its score."""
    say = speech(style.language)
    page = FirstPage(assessment, style)
    lines = [*heading(assessment, style, say, brief=True), *_one_page(page), *page.beside()]
    return printed([*lines, *(page.rest() if style.verbose else ())])


def _one_page(page: FirstPage) -> Iterator[str]:
    """The parts of the brief; titles and the advice stand out on a terminal."""
    found = sections(page.assessment, page.speech)
    for part, line in laid_out(found):
        title = found[part].title
        if part == 0 and line:
            yield page.paint(line, "title")
        else:
            yield line.replace(title, page.paint(title, "title"), 1) if line.startswith(title) else line
    yield from wrapped(closing(page.speech))


def _folded(lines: Iterator[str]) -> Iterator[str]:
    """Sentences over as many lines as they take; the lines of a table stay as they are."""
    for line in lines:
        table = "   " in line or not line.strip("- ")
        yield from [line] if table or len(line) <= WIDTH else wrapped(line, hanging="  ")
