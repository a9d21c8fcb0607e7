"""How sure the name is: over weights, over what is missing, without one criterion, with other ties, in other profiles.

None of this chooses. The choice is additive and does not depend on who else is there; what is computed here says how
easily another name would have come out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt
from typing import Final

from migrascope.first.additive import BASE
from migrascope.first.additive import order as order_of
from migrascope.first.choice import Choice, Judged, arranged, first_of, judge, reaching, reordered, under_profile
from migrascope.first.context import ChoiceContext
from migrascope.first.sampling import draws, never_behind, regrets, shares, weights
from migrascope.first.units import form_units, open_ties
from migrascope.model.first import Criterion, Evidenced, Robustness, Standing, Status

SAMPLES: Final = 20_000
SURE: Final = 0.8
LIKELY: Final = 0.5
"""Shares of draws from which a name is recommended, and suggested. Ours; see `benchmarks/calibration.py`."""


def robustness(choice: Choice, judged: Sequence[Judged], around: ChoiceContext, seed: int) -> Robustness | None:
    """How sure the winner is; None where no other could be named in its place, today or after an answer."""
    winner, tie = choice.winner, around.anchors.limits.tie_points
    if winner is None or len(choice.candidates) < 2:
        return None
    compared = sorted(
        {one.unit.id: one for one in (*reaching(choice.candidates), winner)}.values(), key=lambda one: one.unit.id
    )
    standings, never, regret = _drawn(compared, winner, seed)
    own = next(each for each in standings if each.unit == winner.unit.id)
    without, at_worst = _without(compared, winner, tie)
    return Robustness(
        samples=SAMPLES,
        seed=seed,
        half_width=1.96 * sqrt(own.p_low * (1 - own.p_low) / SAMPLES),
        candidates=len(choice.candidates),
        compared=len(compared),
        standings=standings,
        never_behind=never,
        max_regret=regret[winner.unit.id],
        least_regret=min(regret, key=lambda name: (round(regret[name], 9), name != winner.unit.id, name)),
        without=without,
        without_at_worst=at_worst,
        all_tied=_all_tied(judged, around, tie),
        profiles=_other_profiles(judged, around, tie),
        evidence=_evidence(winner, around),
    )


def _drawn(compared: Sequence[Judged], winner: Judged, seed: int) -> tuple[tuple[Standing, ...], bool, dict[str, float]]:
    """Shares of draws, whether none can come before the winner, and everyone's regret."""
    import numpy as np

    random = draws(seed)
    low = np.array([[part.low for part in one.score.contributions] for one in compared])
    high = np.array([[part.high for part in one.score.contributions] for one in compared])
    rivals = np.array([[part.high for part in arranged(one).score.contributions] for one in compared])
    found = shares(weights(low.shape[1], SAMPLES, random), low, high, random, rivals)
    standings = tuple(
        Standing(
            unit=one.unit.id,
            p_low=float(found.low[row]),
            p_first=round(float(found.first[row]), 6),
            p_high=float(found.high[row]),
            p_bottom_third=float(found.last_third[row]) if len(compared) > 2 else None,
        )
        for row, one in enumerate(compared)
    )
    never = never_behind(low, high, compared.index(winner))
    regret = {one.unit.id: round(float(each), 6) for one, each in zip(compared, regrets(low, high), strict=True)}
    return standings, never, regret


def _without(compared: Sequence[Judged], winner: Judged, tie: float) -> tuple[dict[Criterion, str], bool]:
    """Who is first when one criterion is left out, and whether the winner's worst then is no less than any other's best.

    Worst against best, with all that a rival still has to arrange arranged: what goes missing cannot make the second true.
    """
    order = tuple(part.criterion for part in winner.score.contributions)
    found: dict[Criterion, str] = {}
    at_worst = True
    for left_out in order:
        rest = tuple(name for name in order if name != left_out)
        fewer = {one.unit.id: reordered(one, rest) for one in compared}
        found[left_out] = first_of(fewer.values(), tie) or ""
        worst = fewer[winner.unit.id].score.low
        at_worst = at_worst and all(arranged(one).score.high <= worst for one in fewer.values() if one.unit is not winner.unit)
    return found, at_worst


def _all_tied(judged: Sequence[Judged], around: ChoiceContext, tie: float) -> str | None:
    """Who is first when every dependency of unknown binding ties. A unit that stays the same is judged already."""
    if not open_ties(around.asking):
        return None
    order = order_of(around.profile, around.asking.plan.goals)
    known = {one.unit.id: one for one in judged}
    units = form_units(around.asking, unknown_ties=True)
    return first_of((known.get(unit.id) or judge(unit, around, order) for unit in units), tie)


def _other_profiles(judged: Sequence[Judged], around: ChoiceContext, tie: float) -> dict[str, str | None]:
    """Who is first under each of the other profiles."""
    found: dict[str, str | None] = {}
    for profile in BASE:
        if profile != around.profile:
            other, order = replace(around, profile=profile), order_of(profile, around.asking.plan.goals)
            found[profile] = first_of((under_profile(one, other, order) for one in judged), tie)
    return found


def _evidence(winner: Judged, around: ChoiceContext) -> dict[Evidenced, float]:
    """The shares of the winner's weights that rest on what was measured, on what people say, and on nothing."""
    measured: set[Criterion] = {"learning", "urgency"} if around.estate.has_inventory else set()
    if around.estate.traffic.looked_at and not around.estate.traffic.lacking:
        measured.add("isolation")
    found: dict[Evidenced, float] = {"measured": 0.0, "declared": 0.0, "missing": 0.0}
    for part in winner.score.contributions:
        missing = part.weight * (part.high - part.low) / 100
        found["missing"] += missing
        found["measured" if part.criterion in measured else "declared"] += part.weight - missing
    return {name: round(share, 4) for name, share in found.items()}


def status(choice: Choice, sure: Robustness | None, around: ChoiceContext) -> Status:
    """The label. Only what holds in nearly every draw, whatever is missing, is recommended; a near tie never is."""
    winner, rival = choice.winner, choice.runner_up
    if winner is None:
        return "none"
    equal = rival is not None and len(rival.unknown()) <= len(winner.unknown())
    if equal and rival is not None and abs(winner.score.total - rival.score.total) < around.anchors.limits.tie_points:
        return "toss_up"
    if sure is None:
        return "suggest"
    own = sure.of(winner.unit.id)
    if len(choice.pool) > 1 and _recommended(winner, own, sure, around):
        return "recommend"
    return "suggest" if own.p_first >= LIKELY else "toss_up"


def _recommended(winner: Judged, own: Standing, sure: Robustness, around: ChoiceContext) -> bool:
    """Every hard gate passes, an inventory was seen, and the same name comes out nearly always and each other way."""
    return (
        not winner.unknown()
        and around.estate.has_inventory
        and own.p_low - sure.half_width >= SURE
        and sure.without_at_worst
        and sure.all_tied in (None, winner.unit.id)
    )
