"""Ask every rule of every subject. The rule is data, the finding holds plain values, and here they are joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, Final

from migrascope.engine import nodes
from migrascope.engine.batch_compiler import CompiledBatch, Hit, compile_batch
from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evaluate import OnSubject
from migrascope.engine.findings import finding, order
from migrascope.engine.gaps import GapBook
from migrascope.engine.outcome import conclude, said
from migrascope.engine.profile import Profile
from migrascope.engine.waivers import WaiverBook
from migrascope.estate.subjects import Subject
from migrascope.facts.asking import Asking
from migrascope.model.assessment import Finding, FindingsSummary, Gap, RuleTally
from migrascope.model.rule import SEVERITIES
from migrascope.model.uncertain import Listing

Progress = Callable[[str, int, int], None]
"""Told what is being asked, how many subjects were, and of how many."""

MAX_STEPS: Final = 4_000_000_000
"""Budget of one run: parts of expressions times subjects. Ours take about 1,000 steps a server."""

MOST_UNKNOWN: Final = 200
"""So many subjects of which a rule could not decide are listed one by one; all are counted, and told as gaps."""

_TELL_EVERY: Final = 1000
_USUAL_LIST: Final = 16
"""A list of a subject is taken to be this long, until a run comes near its budget."""


_Said = tuple[CompiledRule, Subject, Any, Any]
"""A rule, a subject, and what `when` and `unless` said, where that is not clear."""


@dataclass(slots=True)
class Results:
    """What came out of a run."""

    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    summary: FindingsSummary
    waivers: tuple[dict[str, Any], ...]
    failed: tuple[str, ...]
    unlisted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By the id of a subject, rules that could not decide about it and of which no finding is listed."""
    seconds_told: float = 0.0
    """How much of the run went into findings: their evidence, sentences and places. The rest is evaluation."""


@dataclass(slots=True)
class _Run:
    asking: Asking
    waivers: WaiverBook
    baseline: frozenset[str]
    progress: Progress
    gaps: GapBook = field(default_factory=GapBook)
    unlisted: dict[str, list[str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    tallies: dict[str, RuleTally] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    steps: int = 0
    seconds_told: float = 0.0


def run(
    asking: Asking,
    rules: Sequence[CompiledRule],
    progress: Progress,
    *,
    baseline: frozenset[str] = frozenset(),
    profile: Profile | None = None,
) -> Results:
    """Ask all rules. A rule that fails, or for which the budget does not reach, makes the analysis incomplete."""
    estate, book = asking.estate, WaiverBook(asking.estate.waivers, asking.estate.as_of)
    state = _Run(asking.knowing(waiver_states=book.states), book, baseline, progress)
    by_kind: dict[str, list[CompiledRule]] = {}
    for rule in rules:
        by_kind.setdefault(rule.rule.for_, []).append(rule)
    # What a waiver did is known once everything else was asked.
    for kind in sorted(by_kind, key=lambda kind: (kind == "waiver", kind)):
        subjects = estate.subjects(kind)
        affordable = list(_affordable(state, by_kind[kind], subjects))
        if profile is not None:
            profile.measure(state.asking, affordable, subjects)
        _ask_kind(state, affordable, subjects, kind)
    for name, reason in state.failed.items():
        state.tallies[name] = RuleTally(failed=reason, subjects_complete=False)
    failed = tuple(f"rule {name} did not finish: {reason}" for name, reason in sorted(state.failed.items()))
    findings = tuple(sorted(state.findings, key=order))
    summary = _summary(findings, state.tallies)
    gaps = state.gaps.gaps(estate)
    return Results(findings, gaps, summary, state.waivers.report(), failed, state.unlisted, state.seconds_told)


def _affordable(state: _Run, rules: list[CompiledRule], subjects: Listing[Subject]) -> Iterator[CompiledRule]:
    """The rules that the budget reaches, in their order. Steps are counted and not seconds: results stay the same."""
    parts = {rule.rule.id: [node for expression in rule.expressions() for node in expression.walk()] for rule in rules}
    loops = {name for name, nodes_ in parts.items() if any(isinstance(node, nodes.Over) for node in nodes_)}
    # Lists are counted only where long ones could reach the budget: counting takes time too.
    far = sum(map(len, parts.values())) * len(subjects) * _USUAL_LIST < MAX_STEPS
    items = len(subjects) * _USUAL_LIST if far else sum(_items(subject) for subject in subjects)
    for rule in rules:
        name = rule.rule.id
        steps = len(parts[name]) * (items if name in loops else len(subjects))
        if state.steps + steps > MAX_STEPS:
            state.failed[name] = "ran out of its budget of steps"
            continue
        state.steps += steps
        yield rule


def _items(subject: Subject) -> int:
    """How often the inside of a list may be looked at."""
    return 1 + max((len(value) for value in subject.lists()), default=0)


def _ask_kind(state: _Run, rules: list[CompiledRule], subjects: Listing[Subject], kind: str) -> None:
    counts = {rule.rule.id: Counter[str]() for rule in rules}
    to_tell: list[_Said] = []
    ask, asked = _all_of(state, rules), rules
    for number, subject in enumerate(subjects):
        if number % _TELL_EVERY == 0:
            state.progress(f"asking {len(rules)} rules of every {kind}", number, len(subjects))
        try:
            hits = ask(state.asking, subject)
        except Exception:  # a defect in one rule or fact must not take the opinion with it
            hits = list(_one_by_one(state, asked, subject))
            # The numbers in these hits are those of the rules that were asked until now.
            to_tell += _counted(state, asked, subject, hits, counts)
            asked = [rule for rule in asked if rule.rule.id not in state.failed]
            ask = _all_of(state, asked)
            continue
        to_tell += _counted(state, asked, subject, hits, counts)
    _tell(state, to_tell, counts, kind)
    for rule in rules:
        if subjects.missing:
            state.gaps.add(subjects.missing, rule.rule.id)
        found = counts[rule.rule.id]
        clear = len(subjects) - sum(found.values())
        tally = {**found, "clear": clear, "subjects_complete": subjects.complete}
        state.tallies[rule.rule.id] = RuleTally.model_validate(tally)


def _all_of(state: _Run, rules: list[CompiledRule]) -> CompiledBatch:
    """One function for all rules; where it cannot be made, the interpreter."""
    try:
        return compile_batch(rules)
    except (RecursionError, SyntaxError, MemoryError):
        return lambda _asking, subject: list(_one_by_one(state, rules, subject))


def _one_by_one(state: _Run, rules: list[CompiledRule], subject: Subject) -> Iterator[Hit]:
    """What the interpreter says, rule by rule; one that fails is noted."""
    lookup = OnSubject(state.asking, subject)
    for number, rule in enumerate(rules):
        try:
            fired, excepted = said(rule, lookup)
            if excepted is True or fired is not False:
                yield number, fired, excepted
        except Exception as error:
            state.failed.setdefault(rule.rule.id, f"{type(error).__name__}: {error}")


def _counted(
    state: _Run, rules: list[CompiledRule], subject: Subject, hits: list[Hit], counts: dict[str, Counter[str]]
) -> Iterator[_Said]:
    """Count what was said of a subject, and give what has to be told."""
    for number, fired, excepted in hits:
        rule = rules[number]
        count = counts[rule.rule.id]
        if excepted is True:
            count["not_applicable"] += 1
            continue
        if fired is not True or excepted is not False:
            for part in (fired, excepted):
                if not isinstance(part, bool):
                    state.gaps.add(part.missing, rule.rule.id)
            count["unknown"] += 1
            if count["unknown"] > MOST_UNKNOWN:
                state.unlisted.setdefault(subject.id, []).append(rule.rule.id)
                continue
        yield rule, subject, fired, excepted


def _tell(state: _Run, to_tell: list[_Said], counts: dict[str, Counter[str]], kind: str) -> None:
    """Make the findings, and count those that are not unknown."""
    started = perf_counter()
    for number, (rule, subject, fired, excepted) in enumerate(to_tell):
        if number % _TELL_EVERY == 0:
            state.progress(f"writing what was found of every {kind}", number, len(to_tell))
        try:
            answer = conclude(rule, OnSubject(state.asking, subject), fired, excepted)
            found = finding(state.asking, rule, subject, answer, state.waivers, state.baseline)
        except Exception as error:
            state.failed.setdefault(rule.rule.id, f"{type(error).__name__}: {error}")
            continue
        if found.outcome != "unknown":
            counts[rule.rule.id][found.outcome] += 1
        state.findings.append(found)
    state.seconds_told += perf_counter() - started


def _summary(findings: tuple[Finding, ...], tallies: dict[str, RuleTally]) -> FindingsSummary:
    open_ = [found for found in findings if found.outcome == "finding"]
    severities = Counter(found.severity for found in open_ if not found.baseline)
    outcomes: Counter[str] = Counter()
    for tally in tallies.values():
        for name in ("finding", "unknown", "waived", "clear", "not_applicable"):
            outcomes[name] += getattr(tally, name)
    listed = sum(found.outcome == "unknown" for found in findings)
    return FindingsSummary(
        by_severity={name: severities[name] for name in reversed(SEVERITIES)},
        by_outcome=dict(outcomes),
        by_rule=dict(sorted(tallies.items())),
        in_baseline=sum(found.baseline for found in open_),
        unknown_not_listed=outcomes["unknown"] - listed,
    )
