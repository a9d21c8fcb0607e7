"""Parts of the page that no other format has: candidates beside each other, pictures, method and glossary."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Final

from migrascope.model.assessment import Assessment
from migrascope.model.rule import SEVERITIES
from migrascope.reports.cost_tables import Table
from migrascope.reports.first_words import SHORT, how_sure, name_of, reason, titled
from migrascope.reports.heading import kept_back, unseen
from migrascope.reports.html.pictures.lanes import Lane, lanes
from migrascope.reports.html.pictures.map import KINDS, dependency_map
from migrascope.reports.html.pictures.shares import Share, shares
from migrascope.reports.words import PART, SEVERITY, number
from migrascope.texts import Speech, later

MOST_CANDIDATES: Final = 15
STATES: Final = {
    "in_place": later("in place"),
    "planned": later("planned"),
    "absent": later("absent"),
    None: later("not known"),
}

GLOSSARY: Final = (
    (later("workload"), later("what people use as one: an application with its machines, data and links")),
    (later("move group"), later("workloads that cannot run apart, and so move together")),
    (later("gate"), later("what has to hold before something can be first; unknown is not passed")),
    (later("finding"), later("what a rule found to be so, with its evidence")),
    (later("unknown"), later("what nobody saw or said; it is never taken for good")),
    (later("landing zone"), later("what has to stand in the target before anything lands: identity, network, logging, …")),
    (later("stop rule"), later("the day on which a move that is not over goes back")),
    (later("dual running"), later("the months in which the old and the new are both paid")),
    (later("low, middle, high"), later("what 1, 5 and 9 of 10 simulated futures stay below")),
    (later("list price"), later("what the provider asks of everybody, before any contract")),
)  # fmt: skip


def candidates(assessment: Assessment, say: Speech) -> Table:
    """The units that could be first, by their points, and why each of the others is not."""
    first = assessment.first
    if first is None or not first.scores:
        return Table()
    against = {each.unit: reason(titled(each.reason, assessment, say), say) for each in first.not_now}
    mine = "+".join(first.move_group)
    sure = {each.unit: each for each in first.robustness.standings} if first.robustness else {}
    ranked = sorted(first.scores, key=lambda score: (score.unit != mine, -score.total, score.unit))
    heads = (say.say("workload"), say.say("points"), say.say("first in 100 draws"),
             *(say.say(SHORT[name]) for name in first.order), say.say("why not now"))  # fmt: skip
    named = {mine: first.name or mine}
    rows = tuple(
        (
            named.get(score.unit) or name_of(score.unit, first) or score.unit,
            number(round(score.total, 1), say),
            f"{100 * sure[score.unit].p_first:.0f}" if score.unit in sure else "–",
            *(number(round(part.contribution, 1), say) for part in score.contributions),
            against.get(score.unit, "–"),
        )
        for score in ranked[:MOST_CANDIDATES]
    )
    return Table(heads, rows)


def robustness(assessment: Assessment, say: Speech) -> tuple[str, tuple[str, ...]]:
    """How often each comes first, as a picture, and what else the firmness rests on."""
    first = assessment.first
    if first is None or first.robustness is None:
        return "", ()
    found = sorted(first.robustness.standings, key=lambda each: (-each.p_first, each.unit))[:MOST_CANDIDATES]
    mine = "+".join(first.move_group)
    bars = [
        Share(
            (first.name if each.unit == mine else None) or name_of(each.unit, first) or each.unit,
            each.p_low,
            each.p_first,
            each.p_high,
            say.say("{n} of 100", n=f"{100 * each.p_first:.0f}"),
        )
        for each in found
    ]
    title = say.say("In so many of 100 draws of weights and uncertain data it comes first")
    return shares("robustness", bars, title, say), tuple(how_sure(first, say))


def quarter(assessment: Assessment, say: Speech) -> str:
    """The steps of the quarter as lanes."""
    found = assessment.quarter
    if found is None:
        return ""
    day = dt.date.fromisoformat
    steps = [
        Lane(reason(titled(step.what, assessment, say), say), day(step.start), day(step.end), step.kind == "cutover")
        for step in found.steps
    ]
    return lanes(steps, day(found.start), day(found.end), say, day(found.stop_on) if found.stop_on else None)


def security(assessment: Assessment, say: Speech) -> tuple[Table, tuple[str, ...]]:
    """How much was found and is not known about security, and what stands in the target before anything lands there."""
    found = Counter(each.severity for each in assessment.told() if each.category == "security" and each.outcome == "finding")
    rules = {name for name, each in assessment.rules.items() if each.category == "security"}
    waiting = {rule for gap in assessment.gaps for rule in gap.rules_waiting} & rules
    counts = ", ".join(f"{found[name]} {say.say(SEVERITY[name])}" for name in reversed(SEVERITIES) if found[name])
    kept = list(kept_back(assessment, say))
    notes = kept if kept and not found else [say.say("Found: {counts}.", counts=counts or say.say("none"))]
    if waiting:
        words = {"n": len(waiting), "total": len(rules)}
        notes.append(
            say.say("Of {total} rules about security {n} wait for facts: what they ask is not known to be in order.", **words)
        )
    first = assessment.first
    parts = first.security if first is not None else ()
    rows = tuple(
        (say.say(PART[each.part]), say.say(STATES[each.state]), str(say.shown(each.due)) if each.due else "–") for each in parts
    )
    return Table((say.say("part of the landing zone"), say.say("state"), say.say("on")), rows), tuple(notes)


def dependencies(assessment: Assessment, say: Speech) -> tuple[str, Table, tuple[str, ...]]:
    """The map, its ties as a table, and what the map leaves out."""
    found = assessment.landscape
    if found is None or not found.ties:
        return "", Table(), ()
    mine = "+".join(assessment.first.move_group) if assessment.first else None
    names = [group.name for group in found.groups]
    rows = tuple((names[tie.caller], names[tie.callee], say.say(KINDS[tie.kind]), str(tie.calls)) for tie in found.ties)
    heads = (say.say("caller"), say.say("called"), say.say("tie"), say.say("calls"))
    return dependency_map(found, say, mine), Table(heads, rows), tuple(_left(assessment, say))


def _left(assessment: Assessment, say: Speech) -> Iterator[str]:
    found = assessment.landscape
    if found is None:
        return
    if found.apart:
        yield say.count("{n} call nothing that is known, and stands apart.", "{n} call nothing that is known, and stand apart.",
                        found.apart)  # fmt: skip
    if found.left_out:
        yield say.count("{n} with fewer ties is not drawn.", "{n} with fewer ties are not drawn.", found.left_out)
    if found.shared:
        yield say.say("Services that most need are not drawn: {names}.", names=", ".join(found.shared))


def seen(assessment: Assessment, say: Speech) -> str:
    """How much of what was looked for was seen, by source."""
    looked: Counter[str] = Counter()
    missed = Counter(record.scope for record in unseen(assessment))
    for scope, _ in {(record.scope, record.operation) for record in assessment.coverage}:
        looked[scope] += 1
    bars = []
    for scope, total in sorted(looked.items())[:MOST_CANDIDATES]:
        found = total - min(total, missed[scope])
        share = found / total
        bars.append(Share(scope, share, share, share, say.say("{n} of {total}", n=found, total=total)))
    return shares("seen", bars, say.say("How much of what was looked for was seen, by source"), say)


def method(assessment: Assessment, say: Speech) -> tuple[str, ...]:
    """How the opinion was made, so that it can be made again."""
    tool, summary = assessment.tool, assessment.findings_summary
    words = {"name": tool.name, "version": tool.version, "rules": len(summary.by_rule), "seed": assessment.seed}
    return (
        say.say("{name} {version} asked {rules} rules; seed {seed}. The same input gives the same bytes.", **words),
        say.say("A rule ends in a finding, clear, unknown or not applicable. What nobody saw or said is unknown, never clear."),
        say.say(
            "The first workload passes every gate and has most points at weights by rank; 20,000 draws say how firm it is."
        ),
        say.say("Money is at list prices without tax, as quantiles of 10,000 seeded futures; what has no price is named."),
    )


def glossary(say: Speech) -> tuple[tuple[str, str], ...]:
    """Words that a reader may not know."""
    return tuple((say.say(word), say.say(meaning)) for word, meaning in GLOSSARY)
