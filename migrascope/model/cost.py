"""What a plan costs: as claimed, priced again, and right-sized; line by line, as ranges, with what is not known beside it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.phrase import Said

Way = Literal["claimed", "repriced", "right_sized"]


class Range(Frozen):
    """Amounts that 1, 5 and 9 of 10 simulated futures stay below; `p90` is null where something has no price.

    Where something has no price, `p10` and `p50` are of what has one: it costs that at least.
    """

    p10: float | None
    p50: float | None
    p90: float | None
    currency: str
    basis: str


class CostLine(Frozen):
    """One line of a bill to come: from the least to the most a month, as planned and right-sized, with its price."""

    group: str
    item: str
    quantity: float
    unit: str
    price: float | None = Field(description="Of one unit, in the currency of the price book")
    price_currency: str
    quality: str
    source: str
    price_as_of: str | None
    low: float
    high: float
    right_sized_low: float
    right_sized_high: float
    assumed: str = Field(default="", description="What was supposed, where nobody said or measured it")


class CopyDays(Frozen):
    """How long the first copy takes [days]; null where more changes in a day than the link carries: it never ends."""

    p10: float | None
    p50: float | None
    p90: float | None
    change_known: bool = Field(description="How much changes in a day was said; without it a copy takes longer than this")


class CostThreeWays(Frozen):
    """What something costs a month, three ways."""

    claimed: Range | None
    repriced: Range | None
    right_sized: Range | None
    priced_items: int
    unknown_items: tuple[str, ...]


class WorkloadCost(CostThreeWays):
    """A workload: three ways, why they differ line by line, and what it costs today."""

    workload: str
    name: str = ""
    provider: str | None
    region: str | None
    now: Range | None
    copy_days: CopyDays | None = None
    lines: tuple[CostLine, ...]


class TotalCost(CostThreeWays):
    """All workloads that move, with what they share."""

    now: Range | None
    lines: tuple[CostLine, ...] = Field(default=(), description="What the workloads share, such as support")
    workloads_priced: int = 0
    workloads_moving: int = 0


class Unsaid(Frozen):
    """Something that the plan leaves open, and what a month costs more or less by it, over all workloads."""

    what: str
    field: str = Field(description="The field of a workload in the plan that would settle it; empty where there is none")
    low: float
    high: float
    workloads: int


class Driver(Frozen):
    """What makes the range wide: the middle of the total where this alone is low or high, and how it ranks with the total."""

    what: str
    low: float
    high: float
    rank_correlation: float


class Whole(Frozen):
    """The whole cost over some months, as its value today, and what it is compared with."""

    months: int
    discount_rate: float
    staying: Range | None
    moving: Range | None
    moving_right_sized: Range | None
    difference: Range | None = Field(description="Moving less staying; null where the two cannot be compared")
    difference_low_rate: Range | None = None
    difference_high_rate: Range | None = None
    parts: dict[str, Range] = Field(description="Of moving: run, dual_running, one_off, transfer, training, exit")
    not_comparable: tuple[str, ...] = Field(default=(), description="Why moving and staying cannot be compared; what to ask")
    contingency_percent: float | None = Field(
        default=None, description="What the one-off work needs above its middle, to suffice in 8 of 10 futures [%]"
    )
    unknown_items: tuple[str, ...] = ()
    work_days: float | None = Field(default=None, description="The likely days of work, before they overrun")
    work_days_stated: float | None = Field(default=None, description="Of these, the days that the plan's own people estimated")
    day_rate: float | None = None


class Assumed(Frozen):
    """Something that was supposed because nobody said it."""

    what: str
    low: float
    high: float
    unit: str
    source: str


class Cost(Frozen):
    """The whole opinion on money. Amounts are net of tax."""

    currency: str
    rate: float | None = Field(
        description="One of the price book's currency in this one, by the plan; null where none was needed"
    )
    prices_as_of: str | None = Field(description="The oldest price that was used")
    prices_from: tuple[str, ...] = ()
    seed: int
    draws: int
    total: TotalCost
    workloads: tuple[WorkloadCost, ...]
    whole: Whole
    drivers: tuple[Driver, ...]
    unsaid: tuple[Unsaid, ...] = Field(default=(), description="What the plan leaves open, what weighs most first")
    assumed: tuple[Assumed, ...]
    notes: tuple[str, ...] = ()
    words: dict[str, Said] = Field(default_factory=dict, description="What texts were made of, to say them in another language")
