"""The answer in words: fixed sentences for every reason, no generated prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from migrascope.model.assessment import Assessment, Question
from migrascope.model.first import First, Reason
from migrascope.model.reasons import TEXTS
from migrascope.reports.words import ASK, PART, listed, number
from migrascope.texts import Speech, later

CRITERION: Final = {
    "value": later("value"),
    "learning": later("what it teaches"),
    "isolation": later("how few calls cross its edge"),
    "consequence": later("what it costs when it fails"),
    "change": later("how much has to change"),
    "gravity": later("how much data comes along"),
    "readiness": later("what is arranged"),
    "urgency": later("dates that press"),
}
PROFILE: Final = {
    "trust-first": later("trust first"),
    "value-first": later("value first"),
    "deadline-first": later("deadline first"),
}
DISPOSITION: Final = {
    "retire": later("it is retired"),
    "retain": later("it stays where it is"),
}

CATEGORY: Final = {
    "web": later("a website"),
    "collaboration": later("collaboration"),
    "database": later("a database"),
    "erp": later("ERP"),
    "crm": later("customer relations"),
    "finance": later("finance"),
    "warehouse": later("a data warehouse"),
    "middleware": later("middleware"),
    "identity": later("identity"),
    "infrastructure": later("infrastructure"),
    "file": later("files"),
    "mainframe": later("a mainframe"),
    "appliance": later("an appliance"),
    "integration": later("integration"),
    "custom": later("custom software"),
    "other": later("something else"),
}
CRITICALITY: Final = {
    "low": later("low"),
    "medium": later("medium"),
    "high": later("high"),
    "mission": later("mission-critical"),
}
_REASONS: Final = {
    **TEXTS,
    "move": later("move {unit}"),
    "decide_deadline": later("decide: {what}"),
    "decide_site": later("decide whether the lease or contract of {what} is extended"),
    "decide_people": later("decide whether {percent} % more people, or a smaller part of each move, is worth it"),
    "nothing_moves": later("the plan moves nothing: say of each workload what happens to it"),
    "stays": later("{disposition}"),
    "scores_less": later("{total} points against {first}; most is lost on {criterion}"),
    "scores_same": later("{total} points as well: equal on all that is known"),
    "why_value": later("it gets {improvement_percent} % better for {users} people"),
    "why_learning": later("{share_percent} % of the servers are like it: what is learnt is of use there"),
    "why_isolation": later("it stands apart; calls from or to others: {calls}"),
    "why_consequence": later("little is lost when it fails: criticality {criticality}, users {users}"),
    "why_change": later("little has to change: {disposition}, kinds of findings: {findings}"),
    "why_gravity": later("little data comes along: {volume_gb} GB"),
    "why_readiness": later("{passed} of {of} things that have to be arranged are arranged"),
    "why_urgency": later("a date presses: days left {days_left}"),
    "why_urgency_past": later("a date presses that has passed, {days_ago} days ago"),
    "prerequisite": later("{workload} has to be reachable from the target"),
    "landing_zone": later("{part} has to stand in the target, planned for {due}"),
    "quarter_move": later("move it"),
    "quarter_rehearsal": later("rehearse the move on a copy"),
    "quarter_cutover": later("cut over"),
    "quarter_soak": later("leave the old place as it is, and watch"),
    "quarter_measure": later("measure again, and compare"),
    "flip_gate": later("this is mended: {what}"),
    "flip_known": later("the answer is favourable: {what}"),
    "flip_volume": later("at most {volume_gb} GB comes along"),
    "flip_calls": later("at most {calls} calls cross its edge (now {now})"),
    "flip_deadline": later("a date presses on it, {day} or sooner"),
    "flip_gain": later("it gets {improvement_percent} % better or more"),
    "flip_criticality": later("its criticality is {criticality}"),
    "flip_disposition": later("it can be moved another way: {way}"),
    "flip_order": later("this weighs as number {place} and not {was}: {criterion}"),
    "flip_profile": later("it is weighed otherwise: {profile}"),
}

SHORT: Final = {
    "value": later("value"),
    "learning": later("learning"),
    "isolation": later("isolation"),
    "consequence": later("consequence"),
    "change": later("change"),
    "gravity": later("data"),
    "readiness": later("readiness"),
    "urgency": later("urgency"),
}
GATE: Final = {
    "blocker": later("something blocks the move"),
    "group": later("too much has to move together"),
    "avoid_list": later("a system of this kind is no first step"),
    "regulated_data": later("the data that it holds is not cleared"),
    "security_baseline": later("the target is not safe in time"),
    "remaining_life": later("it is not used, or is replaced too soon after a move"),
    "capacity": later("it is more work than people have"),
    "quarter": later("it is more work than the quarter holds"),
    "critical": later("the organisation stands or falls with it"),
    "hub": later("too many cannot run without it"),
}
_PLAIN: Final = later("what is {fact} of {whose}?")
_QUESTIONS: Final = {
    "effort_days.high": later("how many days of work is {whose} if much goes wrong?"),
    "effort_days.likely": later("how many days of work is {whose}, most likely?"),
    "dependencies": later("what do these call, and what cannot run apart: {whose}?"),
    "members": later("which servers do these run on: {whose}?"),
    "category": later("what kind of application is {whose}?"),
    "disposition": later("what happens to these, move, stay or retire: {whose}?"),
    "criticality": later("how much does the organisation depend on {whose}?"),
    "data.personal": later("is there personal data in {whose}?"),
    "data.volume_gb": later("how much data is there in {whose}?"),
    "data.dpia.state": later("is the data protection assessment of {whose} done?"),
    "capacity.fte": later("how many people are there for the work this quarter?"),
    "capacity.reserve_percent": later("which share of the people's days is kept free for what comes up?"),
    "capacity.holidays": later("in which country do the people have their public holidays?"),
    "landing_zone.identity.state": later("does identity stand in the target, or when will it?"),
    "landing_zone.segmentation.state": later("does segmentation stand in the target, or when will it?"),
    "landing_zone.access.state": later("does administrative access stand in the target, or when will it?"),
    "landing_zone.logging.state": later("does logging stand in the target, or when will it?"),
    "residency.regions": later("in which countries or regions may the data be?"),
    "owner.business": later("who answers for {whose} on behalf of the business?"),
    "owner.technical": later("who answers for the technology of {whose}?"),
    "outcome.metric": later("what has to get better with {whose}, and how is that measured?"),
    "test.plan": later("how is it shown that {whose} works after the move?"),
    "rollback.plan": later("how does {whose} go back when the move fails?"),
    "rollback.tested_on": later("when was the way back of {whose} last rehearsed?"),
    "outcome.baseline.value": later("what was measured of {whose}, before anything changes?"),
    "test.owner": later("who accepts the test of {whose}?"),
    "os_config": later("which operating system, in which version, runs on {whose}?"),
    "os_tools": later("which operating system do the tools see on {whose}?"),
    "rehearsal.on": later("when is the trial migration of {whose}?"),
    "cutover.on": later("on which day do these go over: {whose}?"),
    "rto_hours": later("how long may these be away: {whose}?"),
    "rpo_hours": later("how much work may be lost of {whose}?"),
    "suppliers": later("which suppliers does the plan rest on, until when, and how does one leave them?"),
    "sites": later("until when can the buildings and contracts of today be used?"),
    "costs.as_is_per_month": later("what does all of this cost in a month today?"),
    "capacity.freezes": later("in which periods may nothing change?"),
    "replaced_by.on": later("is any of these going to be replaced, and when: {whose}?"),
    "data.special": later("is there personal data of a special kind, as of health, in {whose}?"),
    "rollback.max_minutes": later("how long does the way back of {whose} take?"),
    "cutover.window_hours": later("how long may these be away during the cutover: {whose}?"),
    "data.class": later("how confidential is the data of {whose}?"),
    "environment": later("is this production, acceptance or test: {whose}?"),
    "target.at": later("where do these go: {whose}?"),
    "wave": later("in which wave do these move: {whose}?"),
}
_DECIDED: Final = {
    "only_candidate": later("It is the only candidate; the alternative is to do nothing yet."),
    "unknowns": later("The next one is as good; this one has fewer open questions."),
    "size": later("The next one is as good; this one is smaller."),
    "effort": later("The next one is as good; this one is less work."),
    "alphabet": later("Equal on all that is known, and named by the alphabet alone: answer the questions below."),
}


def reason(found: Reason, speech: Speech) -> str:
    """A reason as a sentence without its full stop."""
    code, values = found.code, {name: _value(name, value, speech) for name, value in found.values.items()}
    if code == "why_urgency" and found.values["days_left"] < 0:
        code, values["days_ago"] = "why_urgency_past", -found.values["days_left"]
    template = _REASONS[code]
    if "gate" in found.values:
        values["what"] = speech.say(_REASONS[found.values["gate"]], **values)
    return speech.say(template, **values)


def _value(name: str, value: Any, speech: Speech) -> Any:
    tables = {
        "profile": PROFILE,
        "criterion": CRITERION,
        "part": PART,
        "disposition": DISPOSITION,
        "category": CATEGORY,
        "criticality": CRITICALITY,
    }
    if name == "parts":
        said = [speech.say(word) for word in (PART.get(part, part) for part in value)]
        return ", ".join(said)
    if isinstance(value, (list, tuple)):
        return listed([str(each) for each in value], speech, 3)
    word = tables.get(name, {}).get(value, value)
    if name in tables and isinstance(word, str):
        return speech.say(word)
    return speech.say("unknown") if value is None else value


def titled(found: Reason, assessment: Assessment, speech: Speech) -> Reason:
    """The reason with a rule's title in the place of its id, and with its remedy."""
    rule = assessment.rules.get(str(found.values.get("rule")))
    if rule is None:
        return found
    words = {"rule": rule.rule.title.in_(speech.language), "remedy": rule.rule.remedy.in_(speech.language).rstrip(".")}
    return Reason(code=found.code, values={**found.values, **words})


def asked_as(question: Question, whose: str, speech: Speech) -> str:
    """A question as one would ask it."""
    template = _QUESTIONS.get(question.fact, _PLAIN)
    return speech.say(template, whose=whose, fact=question.fact)


def names_of_subjects(assessment: Assessment) -> dict[str, str]:
    """The names that people use, by the ids of what was found to be wrong or unknown."""
    return {finding.subject.id: finding.subject.name for finding in assessment.findings}


def asked(question: Question, names: Mapping[str, str], speech: Speech) -> str:
    """Who is asked, and what, in one sentence."""
    shown = [speech.say("the plan") if each == "plan" else names.get(each, each) for each in question.subjects]
    who = ASK[question.ask]
    whole = {"who": speech.say(who), "question": asked_as(question, listed(shown, speech, 2), speech)}
    text = speech.say("{who}: {question}", **whole)
    return text[:1].upper() + text[1:]


def overrides(first: First, speech: Speech) -> Iterator[str]:
    """Who takes responsibility for which gate."""
    for override in first.overrides:
        values = {"who": override["by"], "gate": override["gate"], "day": override["on"], "why": override["reason"]}
        yield speech.say("{who} takes responsibility for {gate} ({day}): {why}", **values)


def documented(first: First, speech: Speech) -> Iterator[str]:
    """The choice on evidence alone, where it is another."""
    name = first.documented_choice
    if name is not None and name != "+".join(first.move_group):
        yield speech.say("If you must decide today on evidence alone: {unit}.", unit=name_of(name, first))


def headline(first: First, speech: Speech, assessment: Assessment) -> str:
    """What to do next, in one sentence."""
    said = reason(titled(first.step.what, assessment, speech), speech)
    if first.step.kind == "decision":
        return speech.say("First {what}, by {day} at the latest.", what=said, day=first.step.by)
    if first.step.kind == "check":
        return speech.say("First verify, then move {unit}: {what}.", what=said, unit=first.name)
    if first.status == "none":
        return speech.say("Nothing can be first yet. The shortest way: {what}.", what=said)
    return speech.say("Move {unit} first.", unit=first.name)


def name_of(unit: str | None, first: First) -> str | None:
    """The name of a unit that is not the first."""
    return next((entry.name for entry in first.not_now if entry.unit == unit), unit)


def firmness(first: First, speech: Speech) -> str:
    """How firm the name is, in words; the numbers behind it stand with the candidates."""
    if first.status == "none":
        return ""
    rival = name_of(first.runner_up, first)
    if first.status == "toss_up" and first.decided_by == "value":
        return speech.say("A close call: {unit} is as defensible. Stop choosing, answer the questions.", unit=rival)
    if first.decided_by in _DECIDED:
        template = _DECIDED[first.decided_by]
        return speech.say(template)
    if first.runner_up is None:
        return ""
    if first.status == "recommend":
        return speech.say("Firm: whatever is still unknown, hardly any weights put another first. Next is {unit}.", unit=rival)
    totals = {score.unit: score.total for score in first.scores}
    points = {"best": round(totals["+".join(first.move_group)]), "second": round(totals[first.runner_up]), "unit": rival}
    return speech.say("Fair: {best} points of 100; the next, {unit}, has {second}.", **points)


def how_sure(first: First, speech: Speech) -> list[str]:
    """What the firmness rests on, a sentence each."""
    sure = first.robustness
    if sure is None:
        return []
    drawn = {"draws": sure.samples, "seed": sure.seed, "n": sure.compared, "all": sure.candidates}
    said = [speech.say("{draws} draws of weights in this order (seed {seed}), {n} of {all} candidates compared.", **drawn)]
    unit = "+".join(first.move_group)
    if sure.never_behind:
        said.append(speech.say("No weights in this order and no missing value put another first."))
    else:
        least = first.name if sure.least_regret == unit else name_of(sure.least_regret, first)
        points = {"points": number(sure.max_regret, speech), "unit": least}
        said.append(speech.say("At worst it is {points} points short of another; {unit} risks least.", **points))
    others = {criterion: name for criterion, name in sure.without.items() if name != unit}
    for criterion, name in others.items():
        names = {"criterion": speech.say(CRITERION[criterion]), "unit": name_of(name, first)}
        said.append(speech.say("Without this criterion {unit} is first: {criterion}.", **names))
    if not others:
        said.append(speech.say("It stays first whichever criterion is left out."))
    if sure.all_tied is not None:
        tied = first.name if sure.all_tied == unit else name_of(sure.all_tied, first)
        said.append(speech.say("If every dependency of unknown binding ties, {unit} is first.", unit=tied))
    for profile, found in sure.profiles.items():
        other = first.name if found == unit else name_of(found, first) or speech.say("nobody")
        said.append(speech.say("Weighed as {profile}: {unit}.", profile=speech.say(PROFILE[profile]), unit=other))
    shares = {name: round(100 * share) for name, share in sure.evidence.items()}
    said.append(speech.say("Of its score {measured} % is measured, {declared} % declared, {missing} % missing.", **shares))
    return said
