"""What changed from one opinion to the next, as text, Markdown or JSON."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from migrascope.model.difference import CHANGES, Changed, Difference
from migrascope.reports.cost_words import spread
from migrascope.reports.page import printed, wrapped
from migrascope.reports.words import SEVERITY
from migrascope.texts import Language, Speech, later, speech

TITLES: Final = {
    "new": later("New"),
    "expired": later("Accepted before, and not any more"),
    "worse": later("Worse"),
    "unknown": later("Not known any more"),
    "better": later("Better"),
    "accepted": later("Accepted"),
    "gone": later("Gone"),
}
_COUNTS: Final = {
    "new": later("{n} new"),
    "expired": later("{n} no longer accepted"),
    "worse": later("{n} worse"),
    "unknown": later("{n} not known any more"),
    "better": later("{n} better"),
    "accepted": later("{n} accepted"),
    "gone": later("{n} gone"),
}


def render_text(found: Difference, language: Language) -> bytes:
    """For a terminal or a mail."""
    return printed(_lines(found, speech(language)))


def render_markdown(found: Difference, language: Language) -> bytes:
    """For a merge request."""
    from migrascope.reports.markdown import escaped

    say = speech(language)
    lines = [f"# {escaped(_head(found, say))}", "", escaped(_first(found, say)), ""]
    lines += [line for cost in _cost(found, say) for line in (escaped(cost), "")]
    for change, group in _groups(found):
        lines += [f"## {escaped(say.say(TITLES[change]))}", ""]
        lines += [f"- {escaped(_one(each, say))}" for each in group] + [""]
    lines.append(escaped(_closing(found, say)))
    return "".join(f"{line}\n" for line in lines).encode()


def render_json(found: Difference, _language: Language) -> bytes:
    """The whole of it; English, as all machine formats are."""
    return (found.model_dump_json(indent=1) + "\n").encode()


FORMATS: Final = {"text": render_text, "md": render_markdown, "json": render_json}


def _lines(found: Difference, say: Speech) -> Iterator[str]:
    yield from wrapped(_head(found, say))
    yield ""
    yield from wrapped(_first(found, say))
    for line in _cost(found, say):
        yield from wrapped(line)
    yield ""
    for change, group in _groups(found):
        yield say.say(TITLES[change])
        for each in group:
            yield from wrapped(_one(each, say), "  - ", "    ")
        yield ""
    yield from wrapped(_closing(found, say))


def _groups(found: Difference) -> list[tuple[str, list[Changed]]]:
    return [(change, list(group)) for change, group in groupby(found.changes, key=lambda each: each.change)]


def _head(found: Difference, say: Speech) -> str:
    return say.say("What changed from {before} to {after}", before=found.before, after=found.after)


def _first(found: Difference, say: Speech) -> str:
    was, now = found.first.before, found.first.after
    if was == now:
        return say.say("The first workload is the same: {name}.", name=now) if now else say.say("There is no first workload.")
    words = {"before": was or say.say("none"), "after": now or say.say("none")}
    return say.say("The first workload is another one: {after}, and not {before}.", **words)


def _cost(found: Difference, say: Speech) -> Iterator[str]:
    money = found.cost
    if money is None or money.repriced_before == money.repriced_after:
        return
    before, after = spread(money.repriced_before, say), spread(money.repriced_after, say)
    yield say.say("A month at list prices: {before} before, {after} now.", before=before, after=after)


def _one(each: Changed, say: Speech) -> str:
    """A change in one line. What a rule found stands in the report; here only which rule, of what, and how heavy."""
    before, after = (say.say(SEVERITY[name]) if name else "" for name in (each.before, each.after))
    words = {"rule": each.rule, "subject": each.subject, "before": before, "after": after, "severity": after or before}
    if before and after and before != after:
        return say.say("{rule}, {subject}: from {before} to {after}", **words)
    if not words["severity"]:
        return say.say("{rule}, {subject}", **words)
    return say.say("{rule}, {subject}: {severity}", **words)


def _closing(found: Difference, say: Speech) -> str:
    counts = [say.say(_COUNTS[name], n=found.counts[name]) for name in CHANGES if found.counts[name]]
    if not counts:
        return say.say("No finding changed; {n} stand as they were.", n=found.unchanged)
    return say.say("{counts}; {n} stand as they were.", counts=", ".join(counts), n=found.unchanged)
