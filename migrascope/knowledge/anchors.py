"""The anchors of the criteria: absolute scales from a natural unit to 0 to 100."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, Strict

from migrascope.model.base import Frozen
from migrascope.model.scalars import Items, Text


class Scale(Frozen):
    """Points joined by straight lines, or words with a value each."""

    points: Items[Annotated[tuple[float, float], Strict(strict=False)]] = ()
    words: dict[str, float] = Field(default_factory=dict)

    def at(self, value: float) -> float:
        """The value of a number; beyond the ends, the value of the end."""
        points = self.points
        if value <= points[0][0]:
            return points[0][1]
        for (left, low), (right, high) in pairwise(points):
            if value <= right:
                return low + (high - low) * (value - left) / (right - left)
        return points[-1][1]

    def span(self) -> tuple[float, float]:
        """The lowest and the highest value that the scale can give."""
        values = list(self.words.values()) or [value for _, value in self.points]
        return min(values), max(values)


class Repair(Frozen):
    """What it takes to supply something that is missing."""

    days: float
    lead_days: int


class Limits(Frozen):
    """Where gates close."""

    members: int
    callers: int
    life_months: int
    rehearsal_months: int
    buffer_percent: float
    tie_points: float
    watched_days: float


class Anchors(Frozen):
    """The file `anchors.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    version: Text
    improvement_percent: Scale
    users: Scale
    archetype_share_percent: Scale
    boundary_calls: Scale
    criticality: Scale
    users_at_risk: Scale
    rto_hours: Scale
    disposition: Scale
    finding_penalty: Scale
    volume_gb: Scale
    days_left: Scale
    repairs: dict[str, Repair]
    limits: Limits


class ProductNames(Frozen):
    """The file `product_names.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    names: dict[str, Items[Text]]
