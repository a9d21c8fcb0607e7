"""What running a workload costs a month: each line from the least it can be to the most, and what is not priced.

    compute  count x 730 h x (Linux x (1 - covered x discount) + licences x vCPU)
    disk     GB x the price of a GB and month

A commitment lowers the price of Linux, never of a licence. What the plan leaves open makes a line wider, never narrower; what
has no price leaves the sum without an upper bound. Money in USD, net of tax.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from migrascope.knowledge.prices import Price, PriceBook
from migrascope.model.plan import Commitment, WorkloadTarget

HOURS: Final = 730
"""A month [h]."""
_ALWAYS_OPEN: Final = ("traffic out", "backup", "monitoring", "support")
"""What every workload costs besides, and nothing in a plan's target prices."""
_DISKS: Final = {"aws": "aws-gp3"}
"""What a GB of ordinary disk is called in the price book; Azure sells disks by their size, and the plan names none."""
_SQL: Final = ("sql-web", "sql-enterprise")
"""The least and the most that SQL Server costs a vCPU, where its edition is not told."""
_SQL_CORES: Final = 4
"""SQL Server is licensed for no fewer."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill to come [USD a month]."""

    item: str
    quantity: Decimal
    unit: str
    low: Decimal
    high: Decimal
    price: Price


@dataclass(frozen=True, slots=True)
class RunCost:
    """Lines, and what has no price."""

    lines: tuple[Line, ...]
    unpriced: tuple[str, ...]

    @property
    def low(self) -> Decimal:
        """The least it can be; what has no price costs at least nothing."""
        return sum((line.low for line in self.lines), Decimal())

    @property
    def high(self) -> Decimal | None:
        """The most it can be; None where something has no price."""
        return None if self.unpriced else sum((line.high for line in self.lines), Decimal())


def run_cost(target: WorkloadTarget, provider: str, region: str, prices: PriceBook) -> RunCost:
    """The run cost of a workload in its target."""
    lines: list[Line] = []
    unpriced = list(_ALWAYS_OPEN)
    for name, line in (("machines", _compute(target, region, prices)), ("disk", _disk(target, provider, region, prices))):
        if line is None:
            unpriced.insert(0, name)
        else:
            lines.append(line)
    return RunCost(tuple(lines), tuple(unpriced))


def _compute(target: WorkloadTarget, region: str, prices: PriceBook) -> Line | None:
    if target.size is None:
        return None
    linux = prices.price(target.size, region)
    if linux.amount is None:
        return None
    least, most = _committed(target.commitment, prices)
    low, high = _licences(target, region, prices)
    count = Decimal(target.count if target.count is not None else 1)
    hours = count * HOURS
    return Line(
        target.size,
        hours,
        "hour",
        hours * (linux.amount * (1 - most) + low),
        hours * (linux.amount * (1 - least) + high),
        linux,
    )


def _committed(claim: Commitment | None, prices: PriceBook) -> tuple[Decimal, Decimal]:
    """The share of the price of Linux that a commitment takes off, at least and at most."""
    terms = [prices.discount(claim.years)] if claim is not None and claim.years else [prices.discount(1), prices.discount(3)]
    covered = claim.coverage_percent if claim is not None else None
    part = None if covered is None else Decimal(str(covered)) / 100
    if part is not None and claim is not None:
        return part * min(term.least for term in terms), part * max(term.most for term in terms)
    # Nobody said how much of it is covered: none of it may be, or all of it.
    return Decimal(), max(term.most for term in terms)


def _licences(target: WorkloadTarget, region: str, prices: PriceBook) -> tuple[Decimal, Decimal]:
    """What licences add to an hour of one machine, at least and at most."""
    cores = prices.vcpus(target.size or "")
    if cores is None:
        return Decimal(), Decimal()
    said = target.licence
    windows, sql = (said.windows, said.sql) if said is not None else (None, None)
    runs_windows = prices.price(target.size or "", region, "windows").amount is not None
    uplift = prices.licence("windows") * cores if runs_windows else Decimal()
    low = uplift if windows == "included" else Decimal()
    high = Decimal() if windows in ("byol", "none") else uplift
    if sql not in ("byol", "none"):
        least, most = (prices.licence(name) * max(cores, _SQL_CORES) for name in _SQL)
        low, high = low + (least if sql == "included" else 0), high + most
    return low, high


def _disk(target: WorkloadTarget, provider: str, region: str, prices: PriceBook) -> Line | None:
    if target.disk_gb is None or provider not in _DISKS:
        return None
    price = prices.price(_DISKS[provider], region)
    if price.amount is None:
        return None
    quantity = Decimal(str(target.disk_gb))
    amount = quantity * price.amount
    return Line(price.sku, quantity, price.unit, amount, amount, price)
