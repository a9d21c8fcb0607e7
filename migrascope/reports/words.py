"""Words that several formats share: how findings and gaps are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from migrascope.model.assessment import Assessment, Finding, Gap, ResponseNote, WaiverNote
from migrascope.model.evidence import Evidence, filled, rounded
from migrascope.model.kinds import KINDS
from migrascope.texts import Speech, later

SEVERITY: Final = {
    "critical": later("critical"),
    "high": later("high"),
    "medium": later("medium"),
    "low": later("low"),
    "info": later("info"),
}
WHY: Final = {
    "silent": later("the plan does not say"),
    "on_purpose": later("the plan says that it is unknown"),
    "no_inventory": later("no inventory was given"),
    "not_looked_at": later("nothing that was collected looks at it"),
    "not_covered": later("not seen"),
    "incomplete": later("not everything was seen"),
    "blank": later("blank in the source"),
    "contradiction": later("two sources disagree"),
    "undecidable": later("too vague to decide on"),
    "no_knowledge": later("no dated fact about it is known"),
}
STATUS: Final = {
    "ok": later("{what}"),
    "empty": later("{what}"),
    "denied": later("not allowed: {what}"),
    "region_disabled": later("region switched off: {what}"),
    "not_enabled": later("not switched on: {what}"),
    "throttled": later("held back by the provider: {what}"),
    "unsupported": later("not in it: {what}"),
    "partial": later("read in part: {what}"),
    "error": later("failed: {what}"),
}
ASK: Final = {
    "business_owner": later("the business owner"),
    "technical_owner": later("the technical owner"),
    "migration_lead": later("the migration lead"),
    "finance": later("finance"),
    "network_engineer": later("the network engineer"),
    "infrastructure_engineer": later("the infrastructure engineer"),
    "security_officer": later("the security officer"),
    "privacy_officer": later("the privacy officer"),
    "management": later("management"),
}


PART: Final = {
    "identity": later("identity"),
    "network": later("the network"),
    "segmentation": later("segmentation"),
    "access": later("administrative access"),
    "logging": later("logging"),
    "backup": later("backup"),
    "policy": later("policy"),
}
"""The parts of a landing zone."""
UNSEEN: Final = {
    **{kind.name: kind.all_of_them for kind in KINDS.values()},
    "dependency": later("the dependencies"),
    "wave": later("the waves"),
    "workload": later("the workloads"),
}


def kinds(speech: Speech, kind: str, number: int) -> str:
    """A number of subjects of a kind."""
    said = {
        "plan": lambda: speech.count("{n} plan", "{n} plans", number),
        "wave": lambda: speech.count("{n} wave", "{n} waves", number),
        "workload": lambda: speech.count("{n} workload", "{n} workloads", number),
        "dependency": lambda: speech.count("{n} dependency", "{n} dependencies", number),
        "waiver": lambda: speech.count("{n} waiver", "{n} waivers", number),
    }
    if kind in KINDS:
        return speech.count(*KINDS[kind].counted, number)
    return said[kind]() if kind in said else f"{number} {kind}"


def some_of(speech: Speech, kind: str, number: int, total: int) -> str:
    """`3 of 40 workloads`; `all 40 workloads`; of what nobody saw, no number."""
    if total == 0:
        return speech.say(UNSEEN[kind]) if kind in UNSEEN else kind
    if number == total:
        return kinds(speech, kind, total) if total == 1 else speech.say("all {things}", things=kinds(speech, kind, total))
    return speech.say("{n} of {things}", n=number, things=kinds(speech, kind, total))


def listed(names: Sequence[str], speech: Speech, most: int = 8) -> str:
    """Names joined by commas, as far as a reader follows."""
    rest = len(names) - most
    more = [speech.count("and {n} other", "and {n} others", rest)] if rest > 0 else []
    return " ".join([", ".join(names[:most]), *more])


def whose(gap: Gap, speech: Speech) -> str:
    """The subjects that a fact is missing of, in words."""
    subjects = gap.subjects
    return some_of(speech, gap.kind, subjects.count, subjects.of and max(subjects.of, subjects.count))


def message(assessment: Assessment, finding: Finding, speech: Speech) -> str:
    """A finding's sentence in a language, rendered from the rule and the evidence."""
    template = assessment.rules[finding.rule].rule.message.in_(speech.language)
    return filled(template, finding.evidence, lambda evidence: shown(evidence, speech))


def shown(evidence: Evidence, speech: Speech) -> str:
    """A value in words."""
    if evidence.fact.endswith("parts") and isinstance(evidence.value, list):
        return ", ".join(_part(str(item), speech) for item in evidence.value) or speech.say("none")
    return speech.say("unknown") if evidence.value is None else _value(evidence.value, speech)


def _part(text: str, speech: Speech) -> str:
    """A part of the landing zone, `network (2027-02-01)`, as the language calls it."""
    name, _, rest = text.partition(" (")
    part = PART.get(name)
    if part is None or speech.language == "en":
        return text
    return f"{speech.say(part)} ({speech.shown(rest.rstrip(')'))})" if rest else speech.say(part)


def _value(value: Any, speech: Speech) -> str:
    if isinstance(value, bool):
        return speech.say("yes") if value else speech.say("no")
    if isinstance(value, list):
        return ", ".join(_value(item, speech) for item in value) or speech.say("none")
    if isinstance(value, dict) and "at_least" in value:
        low, high = value["at_least"], value["at_most"]
        if low is None and high is None:
            return speech.say("unknown")
        if low is None:
            late = speech.say("{high} at the latest", high=high)
            return late if isinstance(high, str) else speech.say("at most {high}", high=number(high, speech))
        if high is None:
            return speech.say("{low} or more", low=number(low, speech))
        return speech.say("{low} to {high}", low=number(low, speech), high=number(high, speech))
    if isinstance(value, dict) and "items" in value:
        names = {"names": _value(value["items"], speech), "n": value["of"] - len(value["items"])}
        return speech.say("{names} and {n} others", **names)
    if isinstance(value, dict):
        rest = ", ".join(f"{key} {_value(item, speech)}" for key, item in value.items() if key != "name")
        if "name" not in value:
            return rest
        return f"{value['name']} ({rest})" if rest else str(value["name"])
    return number(value, speech)


def number(value: Any, speech: Speech) -> str:
    """A number as a person would say it, a day as the language writes it, the rest as it is."""
    if isinstance(value, float):
        text = rounded(value)
        return text.replace(".", ",") if speech.language == "nl" else text
    return str(speech.shown(value))


def accepted(waiver: WaiverNote, speech: Speech) -> str:
    """Who accepts a finding, until when and why."""
    who = waiver.approver or speech.say("unknown")
    return speech.say("accepted until {day} by {who}: {reason}", day=waiver.expires, who=who, reason=waiver.reason)


def answered(reply: ResponseNote, speech: Speech) -> str:
    """What the plan's author answers."""
    return f"{reply.by} ({speech.shown(reply.on)}): {reply.text}"


def remark(text: str, speech: Speech) -> str:
    """What a collector remarked, which is a part of the inventory and in English: in another language it is quoted."""
    return f"“{text}”" if text and speech.language != "en" else text


def reasons(gap: Gap, speech: Speech) -> str:
    """Why a fact is missing, with what the source said about it."""
    parts = []
    for reason in gap.why:
        said = speech.say(WHY[reason.why])
        if reason.detail and not gap.derived:
            said = f"{said} ({remark(reason.detail, speech)})"
        parts.append(f"{said}: {reason.count}" if len(gap.why) > 1 else said)
    return "; ".join(parts)
