"""Side by side: the first workload against another one, and the plan against what might be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tabulate import tabulate

from migrascope.model.assessment import Assessment, Supposed
from migrascope.model.cost import Range
from migrascope.model.first import Contribution, First, Quarter, Reason, Score
from migrascope.reports.cost_words import about
from migrascope.reports.first_words import CRITERION, SHORT, name_of, reason, titled
from migrascope.reports.page import WIDTH
from migrascope.reports.words import number
from migrascope.texts import Speech, later

_Money = tuple[Range | None, Range | None, Range | None]

STATUS: Final = {
    "recommend": later("firm"),
    "suggest": later("fair"),
    "toss_up": later("a close call"),
    "none": later("nothing can be first yet"),
}
TOLD: Final = 3
"""So many differences are told in natural units."""


def scenarios(assessment: Assessment, say: Speech) -> Iterator[str]:
    """A table: the plan in the first column, each scenario in one of its own."""
    first = assessment.first
    if first is None or not assessment.scenarios:
        return
    columns: list[tuple[str, First, Quarter | None]] = [(say.say("the plan"), first, assessment.quarter)]
    columns += [(each.name, each.first, each.quarter) for each in assessment.scenarios if each.first is not None]
    cost = assessment.cost
    money: list[_Money] = [(cost.total.claimed, cost.total.repriced, cost.whole.moving) if cost else (None, None, None)]
    money += [(each.claimed, each.repriced, each.moving) for each in assessment.scenarios if each.first is not None]
    answers = [
        _answer(found, quarter, say) | _costs(paid, say) for (_, found, quarter), paid in zip(columns, money, strict=True)
    ]
    rows = [[label, *(answer[label] for answer in answers)] for label in answers[0]]
    yield from _table([say.say("what if"), *(name for name, _, _ in columns)], rows)
    yield ""
    for each in assessment.scenarios:
        yield f"{each.name}: {_turned(each, first, say)}"


def _answer(first: First, quarter: Quarter | None, say: Speech) -> dict[str, str]:
    status = STATUS[first.status]
    own = next((score for score in first.scores if score.unit == "+".join(first.move_group)), None)
    cutover = next((step.start for step in quarter.steps if step.kind == "cutover"), None) if quarter else None
    verify = sum(found.code.startswith("gate_") for found in first.conditions)
    arrange = sum(found.code.startswith("repair_") for found in first.conditions)
    return {
        say.say("first"): first.name or "–",
        say.say("how firm"): say.say(status),
        say.say("points"): _points(own.total, say) if own else "–",
        say.say("first in 100 draws"): "–" if first.p_first is None else f"{100 * first.p_first:.0f}",
        say.say("to find out"): str(verify),
        say.say("to arrange"): str(arrange),
        say.say("cutover"): cutover or "–",
        say.say("stop rule"): (quarter.stop_on if quarter else None) or "–",
        say.say("decide first, by"): (first.step.by if first.step.kind == "decision" else None) or "–",
    }


def _costs(found: _Money, say: Speech) -> dict[str, str]:
    """A month by the plan and at list, and the whole of moving; nothing where nothing moves."""
    claimed, repriced, moving = (_range(each, say) for each in found)
    return {
        say.say("a month, claimed"): claimed,
        say.say("a month, priced again"): repriced,
        say.say("moving, the whole"): moving,
    }


def _range(found: Range | None, say: Speech) -> str:
    if found is None or found.p10 is None:
        return "–"
    low = f"{found.currency} {about(found.p10, say)}"
    if found.p10 == found.p90:
        return low
    return f"≥ {low}" if found.p90 is None else f"{low} – {about(found.p90, say)}"


def _turned(each: Supposed, first: First, say: Speech) -> str:
    if each.first is None or each.first.move_group == first.move_group:
        return say.say("the same workload is first.")
    return say.say("{unit} is first instead.", unit=each.first.name or say.say("nobody"))


def versus(assessment: Assessment, unit: str, say: Speech) -> Iterator[str]:
    """The first unit beside another: points by criterion, what differs most in natural units, and what is in its way."""
    first = assessment.first
    if first is None:
        return
    mine, other = _score(first, "+".join(first.move_group)), _score(first, unit)
    against = next((each for each in first.not_now if each.unit == unit), None)
    if mine is None or other is None:
        if against is not None:
            yield f"{against.name}: {reason(titled(against.reason, assessment, say), say)}"
        return
    names = (first.name or "–", name_of(unit, first) or unit)
    rows = [
        [
            say.say(SHORT[left.criterion]),
            _points(left.contribution, say),
            _points(right.contribution, say),
            _signed(left.contribution - right.contribution, say),
        ]
        for left, right in zip(mine.contributions, other.contributions, strict=True)
    ]
    rows.append(
        [
            say.say("total"),
            *(_points(each, say) for each in (mine.total, other.total)),
            _points(mine.total - other.total, say, "+.1f"),
        ]
    )
    yield from _table([say.say("points"), *names, say.say("difference")], rows)
    yield ""
    yield from _natural(mine, other, names, say)
    for score, name in ((mine, names[0]), (other, names[1])):
        yield f"{name}: {'; '.join(dict.fromkeys(_open_gates(first, score, assessment, say))) or say.say('all gates passed')}"
    if against is not None and against.flip is not None:
        change = reason(titled(against.flip, assessment, say), say)
        yield say.say("{unit} comes first if {change}", unit=names[1], change=change)


def _open_gates(first: First, score: Score, assessment: Assessment, say: Speech) -> list[str]:
    """What is in the way of a unit, or still to be arranged, in words."""
    gates = [gate for gate in first.gates[score.unit] if gate.state != "pass"]
    prefix = {gate.gate: "repair" if gate.state == "repair" else "gate" for gate in gates}
    codes = [Reason(code=f"{prefix[gate.gate]}_{gate.why}", values=gate.values) for gate in gates]
    return [reason(titled(code, assessment, say), say) for code in codes]


def _natural(mine: Score, other: Score, names: tuple[str, str], say: Speech) -> Iterator[str]:
    """What differs most, each side in natural units."""
    pairs = list(zip(mine.contributions, other.contributions, strict=True))
    pairs.sort(key=lambda pair: -abs(pair[0].contribution - pair[1].contribution))
    for left, right in pairs[:TOLD]:
        if round(left.contribution - right.contribution, 1):
            criterion = CRITERION[left.criterion]
            sides = "; ".join(f"{name}: {_basis(part, say)}" for name, part in zip(names, (left, right), strict=True))
            yield f"{say.say(criterion)} – {sides}"


def _basis(part: Contribution, say: Speech) -> str:
    """What a value was read from."""
    known = {name: value for name, value in part.basis.items() if value is not None}
    if not known:
        return say.say("unknown")
    words = {name: _BASIS[name] for name in known if name in _BASIS}
    return ", ".join(f"{say.say(word)} {_plain(known[name], say)}" for name, word in words.items())


def _plain(value: Any, say: Speech) -> str:
    return number(value, say)


_BASIS: Final = {
    "improvement_percent": later("better by %"),
    "users": later("users"),
    "share_percent": later("servers like it, %"),
    "calls": later("calls"),
    "calls_at_least": later("calls, at least"),
    "calls_seen_only": later("calls that the plan does not name"),
    "criticality": later("criticality"),
    "rto_hours": later("hours to recover"),
    "disposition": later("way"),
    "findings": later("kinds of findings"),
    "volume_gb": later("GB"),
    "days_left": later("days left"),
    "passed": later("arranged"),
    "of": later("of"),
}


def _score(first: First, unit: str) -> Score | None:
    return next((score for score in first.scores if score.unit == unit), None)


def _signed(value: float, say: Speech) -> str:
    return _points(value, say, "+.1f")


def _points(value: float, say: Speech, form: str = ".1f") -> str:
    """Points with one digit behind the sign of the language."""
    text = format(value, form)
    return text.replace(".", ",") if say.language == "nl" else text


def _table(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table within the width of the page; a cell that is too wide goes over several lines."""
    width = max(10, (WIDTH - 20) // max(1, len(headers) - 1) - 4)
    cells = {"maxcolwidths": [None, *[width] * (len(headers) - 1)], "maxheadercolwidths": [None, *[width] * (len(headers) - 1)]}
    yield from tabulate(rows, headers=headers, tablefmt="simple", disable_numparse=True, **cells).splitlines()  # type: ignore[arg-type]
