"""What the cost of a plan rests on where nobody said it, each with its source."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.scalars import Amount, Day, Text

Share = Annotated[float, Field(gt=0, le=1)]


class Between(Frozen):
    """From the least to the most that is likely: eight times in ten."""

    low: Amount
    high: Amount
    unit: Text
    source: Text


class Triangle(Frozen):
    """A triangular distribution."""

    low: Amount
    likely: Amount
    high: Amount
    unit: Text = ""
    source: Text = "ours"


class Days(Frozen):
    """Three estimates [days of work]."""

    low: Amount
    likely: Amount
    high: Amount


class Overrun(Frozen):
    """How far the cost of doing it goes beyond what was thought: a lognormal body and a Pareto tail that is cut off."""

    tail: Amount
    tail_from: Amount
    tail_alpha: Amount
    tail_to: Amount
    body_median: Amount
    body_sigma: Amount
    source: Text


class Delay(Frozen):
    """How much later than planned something ends: the share that is late, and the width of it."""

    late: Amount
    sigma: Amount
    source: Text


class Together(Frozen):
    """How much shocks go together (correlations)."""

    open: Amount
    overrun_delay: Amount
    source: Text


class NetPresent(Frozen):
    """Over how many months, and at which rates a year."""

    months: Annotated[int, Field(gt=0)]
    rate: Amount
    low_rate: Amount
    high_rate: Amount
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
    price_sigma: dict[str, Amount]
    traffic_sigma: dict[str, Amount]
    effort_days: dict[str, Days]
    overrun: Overrun
    delay: Delay
    together: Together
    net_present: NetPresent
