"""A line of a bill to come, and what is summed of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from migrascope.knowledge.prices import Price
from migrascope.model.uncertain import Bounds, Missing, exactly

HOURS: Final = 730
"""A month [h]."""
FREE: Final = exactly(Decimal())
"""No money a month."""

Group = Literal["machines", "commitment", "licences", "storage", "databases", "traffic", "backup", "logs", "support"]


@dataclass(frozen=True, slots=True)
class Unpriced:
    """What has no price, or of which more may be paid than is priced: it opens the upper bound of every sum it is in."""

    text: str
    missing: Missing


@dataclass(frozen=True, slots=True)
class Extremes:
    """What a line costs with everything that is open about it at its least, and at its most [money a month]."""

    least: Bounds
    most: Bounds
    right_least: Bounds
    right_most: Bounds


@dataclass(frozen=True, slots=True)
class Line:
    """One line [money a month]: as planned and right-sized. `price` is that of a unit; None where a line holds several.

    `planned` and `right_sized` are what the line is expected to cost. Where a fact is missing that would settle it, `extremes`
    say how far it can be from that; what is only assumed and no fact could settle is in every range.
    """

    group: Group
    item: str
    quantity: Decimal
    unit: str
    planned: Bounds
    right_sized: Bounds
    price: Price | None = None
    assumed: str = ""
    """What was supposed, where the plan does not say it and nothing measured it."""
    field: str = ""
    """The field of a workload in the plan that would settle it."""
    extremes: Extremes | None = None

    @property
    def levels(self) -> Extremes:
        """With everything that is open at its least and at its most."""
        return self.extremes or Extremes(self.planned, self.planned, self.right_sized, self.right_sized)

    @property
    def bounds(self) -> Bounds:
        """What it costs as planned at least and at most."""
        return Bounds(self.levels.least.low, self.levels.most.high)


@dataclass(frozen=True, slots=True)
class Priced:
    """Lines, and what has no price. `right_open`: something that only a right size depends on was not measured."""

    lines: tuple[Line, ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    without_machines: bool = False
    """It has none: what it stores is all there is to price."""
    right_open: bool = False

    @property
    def stands(self) -> bool:
        """What it mainly consists of has a price, and not only what comes on top: logs, backup, traffic."""
        main = ("machines", "databases", "storage") if self.without_machines else ("machines", "databases")
        return any(line.group in main for line in self.lines)

    @property
    def planned(self) -> Bounds:
        """The sum of the lines as planned."""
        return summed(line.bounds for line in self.lines)


def summed(amounts: Iterable[Bounds]) -> Bounds:
    """The sum, at least and at most [money a month]."""
    return sum(amounts, FREE)
