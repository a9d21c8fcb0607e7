"""What the cost of a plan rests on where nobody said it, each with its source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from migrascope.model.base import Frozen
from migrascope.model.scalars import Amount, Day, Text

Share = Annotated[float, Field(gt=0, le=1)]


Part = Annotated[float, Field(ge=0, le=1)]
Above = Annotated[float, Field(gt=0, le=1000)]


class Between(Frozen):
    """From the least to the most that is likely: eight times in ten."""

    low: Amount
    high: Amount
    unit: Text
    source: Text

    @model_validator(mode="after")
    def _least_first(self) -> Between:
        if self.low > self.high:
            raise PydanticCustomError("order", "low is more than high")
        return self


class Triangle(Frozen):
    """A triangular distribution."""

    low: Amount
    likely: Amount
    high: Amount
    unit: Text = ""
    source: Text = "ours"

    @model_validator(mode="after")
    def _in_order(self) -> Triangle:
        if not self.low <= self.likely <= self.high:
            raise PydanticCustomError("order", "low, likely and high are not in this order")
        return self


class Days(Frozen):
    """Three estimates [days of work]."""

    low: Amount
    likely: Amount
    high: Amount

    @model_validator(mode="after")
    def _in_order(self) -> Days:
        if not self.low <= self.likely <= self.high:
            raise PydanticCustomError("order", "low, likely and high are not in this order")
        return self


class Overrun(Frozen):
    """How far the cost of doing it goes beyond what was thought: a lognormal body and a Pareto tail that is cut off."""

    tail: Part
    tail_from: Above
    tail_alpha: Above
    tail_to: Above
    body_median: Above
    body_sigma: Above
    source: Text

    @model_validator(mode="after")
    def _a_tail(self) -> Overrun:
        if self.tail_from >= self.tail_to:
            raise PydanticCustomError("order", "tail_from is not below tail_to")
        return self


class Delay(Frozen):
    """How much later than planned something ends: the share that is late, and the width of it."""

    late: Annotated[float, Field(gt=0, lt=1)]
    sigma: Annotated[float, Field(ge=0, le=3)]
    source: Text


class Together(Frozen):
    """How much shocks go together (correlations)."""

    open: Part
    overrun_delay: Part
    source: Text


class NetPresent(Frozen):
    """Over how many months, and at which rates a year."""

    months: Annotated[int, Field(gt=0, le=600)]
    rate: Part
    low_rate: Part
    high_rate: Part
    source: Text


class Policy(Frozen):
    """How much of a machine is needed: a percentile of its load, times a factor."""

    percentile: Annotated[float, Field(gt=0, le=100)]
    factor: Annotated[float, Field(gt=0)]

    @property
    def name(self) -> str:
        """As people write it: P95 x 1.3."""
        return f"P{self.percentile:g} x {self.factor:g}"


class Sizing(Frozen):
    """How sizes are found, and what is needed at least where nothing was measured [share of a machine]."""

    careful: Policy
    ordinary: Policy
    least_processors: Share
    least_memory: Share
    short: Annotated[float, Field(ge=1)]


class CostAssumptions(Frozen):
    """The file `cost_assumptions.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    checked: Day
    sources: dict[str, Text]
    sizing: Sizing
    ranges: dict[str, Between]
    triangles: dict[str, Triangle]
    price_sigma: dict[str, Annotated[float, Field(ge=0, le=3)]]
    traffic_sigma: dict[str, Annotated[float, Field(ge=0, le=3)]]
    effort_days: dict[str, Days]
    overrun: Overrun
    delay: Delay
    together: Together
    net_present: NetPresent

    @model_validator(mode="after")
    def _known(self) -> CostAssumptions:
        """Shares are shares, and a source is one of the list."""
        for name in ("realised", "between_zones"):
            if name in self.ranges and self.ranges[name].high > 1:
                raise PydanticCustomError("share", "{name} is more than 1", {"name": name})
        if "realised" in self.ranges and not 0 < self.ranges["realised"].low <= self.ranges["realised"].high < 1:
            raise PydanticCustomError("share", "realised lies between 0 and 1, and is neither")
        for name in ("coverage", "copy_efficiency"):
            if name in self.triangles and self.triangles[name].high > 1:
                raise PydanticCustomError("share", "{name} is more than 1", {"name": name})
        used = {each.source for each in self.ranges.values()} | {each.source for each in self.triangles.values()}
        for name in sorted(used - self.sources.keys()):
            raise PydanticCustomError("source", "{name} is not one of the sources", {"name": name})
        return self
