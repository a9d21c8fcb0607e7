"""What a plan brings besides money, in its own unit; money beside it only where the plan says what a unit is worth."""

from __future__ import annotations

from pydantic import Field

from migrascope.model.base import Frozen


class Worth(Frozen):
    """What a gain is worth by the plan's own price of a unit, from the least to the most."""

    low: float
    high: float | None = Field(description="Null where the plan names one price only as the least")
    currency: str


class Gain(Frozen):
    """Something that gets better. `now` is measured where `measured_on` names a day."""

    what: str
    workload: str | None
    unit: str | None
    now: float | None
    expected: float | None
    on: str | None
    measured_on: str | None = None
    measured_by: str | None = None
    worth: Worth | None = None


class ValueOpinion(Frozen):
    """All that the plan promises besides money. Nothing of it is added up, and nothing of it is in the cost."""

    gains: tuple[Gain, ...]
    without_baseline: int = Field(description="Gains of which nobody measured what they are today")
