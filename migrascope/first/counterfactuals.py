"""What would put another first: for each, the smallest change of which a second judgement shows that it does.

A change is tried in this order: one gate that is in its way, one fact in its natural unit, another place for one
criterion, another profile. What does not turn the answer when it is judged again is not told.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from migrascope.first.choice import MOST, Judged, choose, first_of, judge, reordered
from migrascope.first.context import ChoiceContext
from migrascope.knowledge.anchors import Scale
from migrascope.model.first import Criterion, Reason
from migrascope.model.plan import Deadline
from migrascope.model.uncertain import is_unknown, known_or_none


@dataclass(frozen=True)
class Others:
    """Against whom a changed unit is judged: the candidates of the day, best first, and the order of the criteria."""

    pool: tuple[Judged, ...]
    around: ChoiceContext
    order: tuple[Criterion, ...]
    profiles: Mapping[str, str | None]
    """Who is first under the other profiles."""

    @cached_property
    def places(self) -> list[tuple[dict[str, Any], str]]:
        """Who is first when one criterion moves up; it is the same for all that are tried."""
        return list(_places(self.pool, self.order, self.around.anchors.limits.tie_points))

    def win(self, one: Judged) -> bool:
        """A unit, as it would be, comes first."""
        rivals = [other for other in self.pool if other.unit.id != one.unit.id]
        return choose([*rivals, one], self.around.anchors.limits.tie_points).winner is one


def counterfactuals(judged: Sequence[Judged], winner: Judged, others: Others) -> dict[str, Reason]:
    """For each unit that something small would put first, that change, by the id of the unit."""
    rest = [one for one in judged if one is not winner and one.moves]
    rest.sort(key=lambda one: (len(one.in_the_way()), -one.score.total, one.unit.id))
    found = ((one.unit.id, flip(one, winner, others)) for one in rest[:MOST])
    return {name: change for name, change in found if change is not None}


def flip(one: Judged, winner: Judged, others: Others) -> Reason | None:
    """The smallest change that puts a unit first, None where none was found."""
    return _gate(one, others) or _fact(one, winner, others) or _place(one, others) or _profile(one, others)


def _gate(one: Judged, others: Others) -> Reason | None:
    """The one thing in its way is out of it."""
    opened = one.opened()
    if opened is None or not others.win(opened):
        return None
    gate = one.in_the_way()[0]
    code = "flip_gate" if gate.state == "fail" else "flip_known"
    return Reason(code=code, values={**gate.values, "unit": one.unit.name, "gate": f"gate_{gate.why}"})


def _fact(one: Judged, winner: Judged, others: Others) -> Reason | None:
    """One fact has another value: that of the criterion which has to move least, hence of the heaviest that can.

    Of several workloads that move together nobody can suppose one value; only the calls across their edge.
    """
    gap = winner.score.total - one.score.total + others.around.anchors.limits.tie_points
    for part in sorted(one.score.contributions, key=lambda part: -part.weight):
        needed = part.value + gap / part.weight
        if part.low >= needed or needed > 100 + 1e-9 or part.criterion not in _SUPPOSED:
            continue
        if len(one.unit.workloads) > 1 and part.criterion != "isolation":
            continue
        found = _SUPPOSED[part.criterion](one, needed, others)
        if found is not None:
            return found
    return None


def _judged_with(one: Judged, others: Others, fact: str, value: Any) -> bool:
    """The unit comes first when its plan says something else: rules, gates and criteria are asked again, of a fork."""
    around = others.around.supposing(one.unit.workloads[0], fact, value)
    return others.win(judge(one.unit, around, others.order))


def _stated(one: Judged, others: Others, fact: str) -> Any:
    """What the plan says of the only workload of a unit."""
    return others.around.ask(one.unit.workloads[0], fact)


def reached(scale: Scale, needed: float) -> float | None:
    """The number nearest to where the scale is lowest that is worth at least `needed`; None where none is."""
    points = scale.points if scale.points[0][1] < scale.points[-1][1] else tuple(reversed(scale.points))
    if needed > points[-1][1]:
        return None
    if needed <= points[0][1]:
        return points[0][0]
    for (left, low), (right, high) in pairwise(points):
        if needed <= high:
            return left + (right - left) * (needed - low) / (high - low)
    return None


def _volume(one: Judged, needed: float, others: Others) -> Reason | None:
    most = reached(others.around.anchors.volume_gb, needed)
    if most is None:
        return None
    volume = math.floor(most)
    if not _judged_with(one, others, "data.volume_gb", float(volume)):
        return None
    return Reason(
        code="flip_volume", values={"now": known_or_none(_stated(one, others, "data.volume_gb")), "volume_gb": volume}
    )


def _calls(one: Judged, needed: float, others: Others) -> Reason | None:
    most = reached(others.around.anchors.boundary_calls, needed)
    if most is None:
        return None
    pairs = list(dict.fromkeys((d.caller.id, d.callee.id) for d in one.unit.boundary))
    kept = set(pairs[: math.floor(most)])
    fewer = replace(one.unit, boundary=tuple(d for d in one.unit.boundary if (d.caller.id, d.callee.id) in kept))
    if len(kept) == len(pairs) or not others.win(judge(fewer, others.around, others.order)):
        return None
    return Reason(code="flip_calls", values={"now": len(pairs), "calls": len(kept)})


def _deadline(one: Judged, needed: float, others: Others) -> Reason | None:
    days = reached(others.around.anchors.days_left, needed)
    if days is None:
        return None
    on = others.around.as_of + dt.timedelta(days=math.floor(days))
    stated = _stated(one, others, "deadlines")
    if not _judged_with(one, others, "deadlines", (*(() if is_unknown(stated) else stated), Deadline(what="?", on=on))):
        return None
    return Reason(code="flip_deadline", values={"day": on.isoformat()})


def _gain(one: Judged, needed: float, others: Others) -> Reason | None:
    """It gets better by so many percent; what is measured today has to be known."""
    baseline, better, users = (_stated(one, others, name) for name in ("outcome.baseline.value", "outcome.better", "users"))
    people = 0.0 if is_unknown(users) else others.around.anchors.users.at(users)
    percent = reached(others.around.anchors.improvement_percent, 100 * needed / people) if people else None
    if percent is None or is_unknown(baseline) or not baseline or is_unknown(better):
        return None
    percent = math.ceil(percent)
    change = abs(baseline) * percent / 100
    if not _judged_with(one, others, "outcome.target", baseline + (change if better == "higher" else -change)):
        return None
    return Reason(code="flip_gain", values={"improvement_percent": percent})


def _criticality(one: Judged, _needed: float, others: Others) -> Reason | None:
    word = _better_word(one, others, "criticality", others.around.anchors.criticality.words)
    return Reason(code="flip_criticality", values={"criticality": word}) if word else None


def _disposition(one: Judged, _needed: float, others: Others) -> Reason | None:
    word = _better_word(one, others, "disposition", others.around.anchors.disposition.words)
    return Reason(code="flip_disposition", values={"way": word}) if word else None


def _better_word(one: Judged, others: Others, field: str, words: Mapping[str, float]) -> str | None:
    """The nearest better word for a field that puts the unit first, None where none does."""
    now = words.get(known_or_none(_stated(one, others, field)) or "", -1.0)
    better = (word for word in sorted(words, key=lambda word: words[word]) if words[word] > now)
    return next((word for word in better if _judged_with(one, others, field, word)), None)


_SUPPOSED: Final = {
    "gravity": _volume,
    "isolation": _calls,
    "urgency": _deadline,
    "value": _gain,
    "consequence": _criticality,
    "change": _disposition,
}
"""What can be supposed of a criterion. What others are like is not in anybody's hands, and readiness is told as gates."""


def _place(one: Judged, others: Others) -> Reason | None:
    """One criterion counts for more: the shortest way up that turns the answer. The profile's first stays first."""
    if one.in_the_way() and not any(other.unit.id == one.unit.id for other in others.pool):
        return None
    found = next((values for values, first in others.places if first == one.unit.id), None)
    return Reason(code="flip_order", values=found) if found is not None else None


def _places(pool: Sequence[Judged], order: tuple[Criterion, ...], tie: float) -> Iterator[tuple[dict[str, Any], str]]:
    """Who is first when one criterion moves up, the shortest ways first."""
    for up in range(1, len(order) - 1):
        for was in range(up + 1, len(order)):
            rest = [name for name in order if name != order[was]]
            changed = (*rest[: was - up], order[was], *rest[was - up :])
            first = first_of((reordered(each, changed) for each in pool), tie)
            if first is not None:
                yield {"criterion": order[was], "was": was + 1, "place": was - up + 1}, first


def _profile(one: Judged, others: Others) -> Reason | None:
    """Another profile puts it first."""
    found = next((profile for profile, name in others.profiles.items() if name == one.unit.id), None)
    return Reason(code="flip_profile", values={"profile": found}) if found is not None else None
