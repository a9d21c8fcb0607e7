"""An intervention in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from migrascope.model.assessment import Assessment, Intervention
from migrascope.reports.first_words import reason, titled
from migrascope.reports.words import ASK, UNSEEN, number, some_of
from migrascope.texts import Speech

FEW: Final = 5


def told(each: Intervention, assessment: Assessment, speech: Speech) -> str:
    """What to do, of what, who, how much work, for whom it opens a way, and what it closes."""
    role = ASK[each.ask]
    who = each.who or speech.say(role)
    if each.kind == "check":
        return _check(each, speech, who)
    if each.rule is not None:
        return " ".join([_fix(each, assessment, speech, who), *_opens(each, speech)])
    said = reason(titled(each.what, assessment, speech), speech) if each.what is not None else ""
    parts = [f"{said[:1].upper()}{said[1:]}."]
    if each.by is not None:
        parts.append(speech.say("By {who}, on {day} at the latest.", who=who, day=each.by))
    elif each.days is not None:
        parts.append(speech.say("By {who}; {days} days of work.", who=who, days=number(each.days, speech)))
    else:
        parts.append(speech.say("By {who}.", who=who))
    if each.closes:
        parts.append(speech.count("It closes {n} finding.", "It closes {n} findings.", len(each.closes)))
    return " ".join([*parts, *_opens(each, speech)])


def _opens(each: Intervention, speech: Speech) -> Iterator[str]:
    """For how many workloads it takes something out of the way, or is of use."""
    if each.kind == "workload":
        of_use = each.workloads
        yield speech.count("What is learnt is of use to {n} workload.", "What is learnt is of use to {n} workloads.", of_use)
    elif each.by is not None:
        yield speech.count("It concerns {n} workload.", "It concerns {n} workloads.", each.workloads)
    elif each.workloads:
        gates = each.workloads
        yield speech.count("It opens a gate for {n} workload,", "It opens a gate for {n} workloads,", gates)
        yield speech.count("and the last one for {n}.", "and the last one for {n}.", each.opens)


def _fix(each: Intervention, assessment: Assessment, speech: Speech, who: str) -> str:
    text = assessment.rules[each.rule or ""].rule
    words = {
        "title": text.title.in_(speech.language),
        "remedy": text.remedy.in_(speech.language),
        "who": who,
        "work": speech.count("{n} point of work", "{n} points of work", each.effort),
        "closed": speech.count("{n} finding", "{n} findings", each.unlocks),
    }
    if text.for_ == "plan":
        return speech.say("{title}. {remedy} By {who}; {work}; closes {closed}.", **words)
    tally = assessment.findings_summary.by_rule[each.rule or ""]
    total = tally.finding + tally.unknown + tally.waived + tally.clear + tally.not_applicable
    names = ", ".join(each.start_with[:FEW])
    rest = len(each.start_with) - FEW
    more = " " + speech.count("and {n} other", "and {n} others", rest) if rest > 0 else ""
    return speech.say(
        "{title} ({of}). {remedy} Start with {names}. By {who}; {work}; closes {closed}.",
        of=some_of(speech, text.for_, len(each.subjects), total),
        names=f"{names}{more}",
        **words,
    )


def _check(each: Intervention, speech: Speech, who: str) -> str:
    kind, _, fact = (each.fact or "").partition(".")
    if each.workloads:
        waiting = speech.count("{n} workload waits", "{n} workloads wait", each.workloads)
        return speech.say("Find out {what}: {waiting} for it. By {who}.", what=_facts(each), waiting=waiting, who=who)
    waiting = speech.count("{n} rule waits", "{n} rules wait", each.unlocks)
    if fact == kind and kind in UNSEEN:
        unseen = UNSEEN[kind]
        return speech.say(
            "Have {what} looked at: {waiting} for it. By {who}.", what=speech.say(unseen), waiting=waiting, who=who
        )
    return speech.say("Find out {what}: {waiting} for it. By {who}.", what=fact, waiting=waiting, who=who)


def _facts(each: Intervention) -> str:
    return ", ".join(name.partition(".")[2] for name in each.facts)
