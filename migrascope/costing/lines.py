"""A line of a bill to come, and what is summed of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from migrascope.knowledge.prices import Price

HOURS: Final = 730
"""A month [h]."""

Group = Literal["machines", "commitment", "licences", "storage", "databases", "traffic", "backup", "logs", "support"]


@dataclass(frozen=True, slots=True)
class Between:
    """Money a month from the least to the most, in the currency of the price book."""

    low: Decimal = Decimal()
    high: Decimal = Decimal()

    def __add__(self, other: Between) -> Between:
        return Between(self.low + other.low, self.high + other.high)

    def times(self, low: Decimal, high: Decimal | None = None) -> Between:
        """So many of it, where a part may cost less than nothing."""
        return Between(self.low * low, self.high * (low if high is None else high))


@dataclass(frozen=True, slots=True)
class Line:
    """One line: as planned and right-sized. `price` is that of a unit; None where a line holds things of several prices."""

    group: Group
    item: str
    quantity: Decimal
    unit: str
    planned: Between
    right_sized: Between
    price: Price | None = None
    assumed: str = ""
    """What was supposed, where nobody said or measured it."""
    field: str = ""
    """The field of a workload in the plan that would settle it."""


@dataclass(frozen=True, slots=True)
class Priced:
    """Lines, and what has no price."""

    lines: tuple[Line, ...] = ()
    unknown: tuple[str, ...] = ()
    without_machines: bool = False
    """It has none: what it stores is all there is to price."""

    @property
    def stands(self) -> bool:
        """What it mainly consists of has a price, and not only what comes on top: logs, backup, traffic."""
        main = ("machines", "databases", "storage") if self.without_machines else ("machines", "databases")
        return any(line.group in main for line in self.lines)

    @property
    def planned(self) -> Between:
        """The sum of the lines as planned."""
        return summed(line.planned for line in self.lines)

    @property
    def right_sized(self) -> Between:
        """The sum of the lines right-sized."""
        return summed(line.right_sized for line in self.lines)


def summed(amounts: Iterable[Between]) -> Between:
    """The sum, at least and at most."""
    total = Between()
    for amount in amounts:
        total = total + amount
    return total
