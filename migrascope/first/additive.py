"""Additive value: weights from a ranking, contributions that add up, and nothing that depends on who else is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeVar

from migrascope.model.first import Criterion
from migrascope.model.plan import Goal

K = TypeVar("K")

BASE: Final[dict[str, tuple[Criterion, ...]]] = {
    "trust-first": ("isolation", "consequence", "value", "readiness", "learning", "change", "gravity", "urgency"),
    "value-first": ("value", "learning", "readiness", "isolation", "consequence", "change", "gravity", "urgency"),
    "deadline-first": ("urgency", "change", "isolation", "readiness", "gravity", "consequence", "value", "learning"),
}
"""The order of the criteria in each profile, most important first."""

GOALS: Final[dict[Goal, tuple[Criterion, ...]]] = {
    "value": ("value",),
    "cost": ("value",),
    "learning": ("learning",),
    "continuity": ("consequence", "isolation"),
    "security": ("consequence", "isolation"),
    "speed": ("change", "gravity"),
    "readiness": ("readiness",),
    "deadline": ("urgency",),
}
"""The criteria that a goal names."""


def order(profile: str, goals: Sequence[Goal] | None) -> tuple[Criterion, ...]:
    """The criteria, most important first: the profile's first stays first, goals order the others that they name."""
    base = BASE[profile]
    named = [criterion for goal in goals or () for criterion in GOALS[goal] if criterion != base[0]]
    return tuple(dict.fromkeys([base[0], *named, *base]))


def rank_order_centroid(count: int) -> tuple[float, ...]:
    """Weights of `count` criteria of which only the order is known (Barron and Barrett, 1996)."""
    return tuple(sum(1 / k for k in range(j, count + 1)) / count for j in range(1, count + 1))


def contributions(weights: Mapping[K, float], values: Mapping[K, float]) -> dict[K, float]:
    """What each criterion adds; their sum is the additive value."""
    return {name: weight * values[name] for name, weight in weights.items()}


def binned(bins: Iterable[tuple[float, float | None, float]], value: float) -> float:
    """The value of the bin (from, to, value) that a number falls into."""
    return next(worth for low, high, worth in bins if value >= low and (high is None or value <= high))
