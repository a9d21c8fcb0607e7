"""The choice: gates before scores, then the highest value. Free of rank reversal, and never by simulation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from migrascope.first.additive import contributions, rank_order_centroid
from migrascope.first.context import ChoiceContext
from migrascope.first.criteria import CriterionValue, values
from migrascope.first.gates import gates, profile_gates
from migrascope.first.repairs import SOFT, effort
from migrascope.first.units import Unit, stays
from migrascope.model.first import Contribution, Criterion, Gate, Score
from migrascope.model.uncertain import Bounds

DecidedBy = Literal["value", "unknowns", "size", "effort", "alphabet", "only_candidate"]
_EPSILON: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Judged:
    """A unit with its gates and its score."""

    unit: Unit
    gates: tuple[Gate, ...]
    score: Score
    values: dict[Criterion, CriterionValue]
    work: float | None
    """The work of the unit [days], as far as it is stated."""
    moves: bool
    """Something of it may move; what is retired or retained is never named first."""

    def failing(self) -> list[Gate]:
        """Hard gates that fail."""
        return [gate for gate in self.gates if gate.state == "fail"]

    def unknown(self) -> list[Gate]:
        """Hard gates that nobody can judge."""
        return [gate for gate in self.gates if gate.state == "unknown"]

    def suspect(self) -> bool:
        """By its name it is a system that no first step takes; nobody said so."""
        return any(gate.why == "name_on_avoid_list" for gate in self.unknown())

    def in_the_way(self) -> list[Gate]:
        """Hard gates that fail, then those that nobody can judge."""
        return [*self.failing(), *self.unknown()]

    def opened(self) -> Judged | None:
        """The same unit with the one thing in its way out of it; None where nothing is, or more than one thing."""
        closed = self.in_the_way()
        if len({gate.why for gate in closed}) != 1:
            return None
        passed = tuple(gate.model_copy(update={"state": "pass"}) if gate in closed else gate for gate in self.gates)
        return replace(self, gates=passed)

    def repairs(self) -> list[Gate]:
        """What has to be arranged first."""
        return [gate for gate in self.gates if gate.state == "repair"]


def arranged(one: Judged) -> Judged:
    """The same unit, of which all may be arranged and told that is not; a silence of it earns nobody else a label."""
    best = {
        name: each if each.best is None else replace(each, bounds=Bounds(each.low, each.best))
        for name, each in one.values.items()
    }
    return replace(one, values=best, score=_score(one.unit, best, tuple(c.criterion for c in one.score.contributions)))


def judge(unit: Unit, context: ChoiceContext, order: tuple[Criterion, ...]) -> Judged:
    """Gates and score of one unit. It depends on no other candidate."""
    judged = gates(unit, context)
    own = values(unit, judged, context)
    moves = not all(stays(context.asking, workload) for workload in unit.workloads)
    return Judged(unit, tuple(judged), _score(unit, own, order), own, effort(unit, context), moves)


def reordered(one: Judged, order: tuple[Criterion, ...]) -> Judged:
    """The same unit with its criteria in another order, or with fewer of them."""
    return replace(one, score=_score(one.unit, one.values, order))


def under_profile(one: Judged, context: ChoiceContext, order: tuple[Criterion, ...]) -> Judged:
    """The same unit as another profile sees it: two gates and the order of the criteria depend on it."""
    again = profile_gates(one.unit, context)
    found = tuple(again.get(gate.gate, gate) for gate in one.gates)
    return replace(one, gates=found, score=_score(one.unit, one.values, order))


def _score(unit: Unit, values: dict[Criterion, CriterionValue], order: tuple[Criterion, ...]) -> Score:
    weights = dict(zip(order, rank_order_centroid(len(order)), strict=True))
    adds = contributions(weights, {name: each.middle for name, each in values.items()})
    parts = tuple(
        Contribution.model_construct(
            criterion=name,
            weight=weights[name],
            low=values[name].low,
            high=values[name].high,
            value=values[name].middle,
            contribution=adds[name],
            basis=values[name].basis,
        )
        for name in order
    )
    # Numbers of our own need no validation, and there are eight for every unit and profile.
    return Score.model_construct(
        unit=unit.id,
        members=tuple(workload.id for workload in unit.workloads),
        total=sum(part.contribution for part in parts),
        low=sum(part.weight * part.low for part in parts),
        high=sum(part.weight * part.high for part in parts),
        contributions=parts,
    )


MOST: Final = 50
"""So many units are compared or tried one by one; where there are more, the best of them."""


def best(judged: Iterable[Judged]) -> list[Judged]:
    """Those that are worth most."""
    return sorted(judged, key=lambda one: (-one.score.total, one.unit.id))[:MOST]


def reaching(judged: Iterable[Judged]) -> list[Judged]:
    """Those that can reach most, where what is missing is at its best."""
    return sorted(judged, key=lambda one: (-one.score.high, one.unit.id))[:MOST]


def first_of(judged: Iterable[Judged], tie: float) -> str | None:
    """The id of the unit that would be chosen."""
    winner = choose(list(judged), tie).winner
    return winner.unit.id if winner is not None else None


@dataclass(frozen=True, slots=True)
class Choice:
    """The first and the second of the candidates, and what decided between them."""

    winner: Judged | None
    runner_up: Judged | None
    decided_by: DecidedBy | None
    documented: Judged | None
    pool: tuple[Judged, ...] = ()
    """Those that could be named in its place today: all gates passed like its own, or else unknown like its own."""
    candidates: tuple[Judged, ...] = ()
    """All that no gate keeps out; an answer may bring each of them into the pool."""


def choose(judged: Sequence[Judged], tie: float) -> Choice:
    """Units whose hard gates all pass come before those with an unknown one; then the highest value wins."""
    candidates = [one for one in judged if one.moves and not one.failing()]
    candidates.sort(key=lambda one: (-one.score.total, one.unit.id))
    sure = [one for one in candidates if not one.unknown()]
    # A name that suggests a heavy system is a guess: such a unit is compared, and named only where there is no other.
    ranked = sure or [one for one in candidates if not one.suspect()] or candidates
    if not ranked:
        return Choice(None, None, None, None)
    close = [one for one in ranked if ranked[0].score.total - one.score.total < tie - _EPSILON]
    winner = min(close, key=_tie_break)
    behind = [one for one in candidates if one.unknown()] if sure else []
    others = [one for one in ranked if one is not winner] + behind
    runner_up = others[0] if others else None
    return Choice(
        winner, runner_up, _decided(winner, runner_up, tie), _documented(candidates), tuple(ranked), tuple(candidates)
    )


def _tie_break(one: Judged) -> tuple[int, int, float, str]:
    """Within a tie: fewer unknown gates, fewer members, less work, and last the alphabet."""
    work = one.work if one.work is not None else float("inf")
    return len(one.unknown()), len(one.unit.workloads), work, one.unit.id


def _decided(winner: Judged, runner_up: Judged | None, tie: float) -> DecidedBy:
    if runner_up is None:
        return "only_candidate"
    if abs(winner.score.total - runner_up.score.total) >= tie - _EPSILON:
        return "value"
    names: tuple[DecidedBy, ...] = ("unknowns", "size", "effort", "alphabet")
    pairs = zip(names, _tie_break(winner), _tie_break(runner_up), strict=True)
    return next(name for name, mine, theirs in pairs if mine != theirs)


def _documented(candidates: Sequence[Judged]) -> Judged | None:
    """The choice on evidence alone: gates that pass today, and every value at its worst."""
    known = [one for one in candidates if not one.unknown()]
    pool = [one for one in known if all(gate.state == "pass" for gate in one.gates)] or known
    return min(pool, key=lambda one: (-one.score.low, one.unit.id)) if pool else None


def cheapest_unblock(judged: Sequence[Judged]) -> Judged | None:
    """Where nothing can be first: the unit with the fewest and cheapest gates in its way."""
    movers = [one for one in judged if one.moves]
    if not movers:
        return None
    return min(movers, key=lambda one: (len(one.failing()), len(one.unknown()), _work(one), -one.score.total, one.unit.id))


def _work(one: Judged) -> float:
    return sum(gate.days for gate in one.gates if gate.gate in SOFT)
