"""An intervention in words."""

from __future__ import annotations

from typing import Final

from migrascope.model.assessment import Assessment, Intervention
from migrascope.reports.words import ASK, UNSEEN, some_of
from migrascope.texts import Speech

FEW: Final = 5


def told(each: Intervention, assessment: Assessment, speech: Speech) -> str:
    """What to do, of what, who, how much work, and what it closes."""
    who = ASK[each.ask]
    if each.kind == "check":
        return _check(each, speech, speech.say(who))
    text = assessment.rules[each.rule or ""].rule
    words = {
        "title": text.title.in_(speech.language),
        "remedy": text.remedy.in_(speech.language),
        "who": speech.say(who),
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
    waiting = speech.count("{n} rule waits", "{n} rules wait", each.unlocks)
    if fact == kind and kind in UNSEEN:
        unseen = UNSEEN[kind]
        return speech.say(
            "Have {what} looked at: {waiting} for it. By {who}.", what=speech.say(unseen), waiting=waiting, who=who
        )
    return speech.say("Find out {what}: {waiting} for it. By {who}.", what=fact, waiting=waiting, who=who)
