"""A workload with its lines as the simulation takes it: a few ranges of money, and some months."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal

from migrascope.costing.context import PricingContext
from migrascope.costing.lines import FREE, Group, Line
from migrascope.costing.one_off import OneOff, OneOffWork
from migrascope.costing.shocks import price_sigma
from migrascope.costing.timing import Timing
from migrascope.costing.traffic import stated_width
from migrascope.costing.workloads import WorkloadPrice
from migrascope.model.uncertain import Bounds, exactly, is_unknown

_STORED: Final[tuple[Group, ...]] = ("storage", "databases")
_KEPT: Final[tuple[Group, ...]] = ("backup", "logs")
NOTHING: Final = exactly(0.0)
Level = Literal["least", "expected", "most"]
"""What the plan or the inventory leaves open is at its least, as expected, or at its most."""
LEVELS: Final[tuple[Level, ...]] = ("least", "expected", "most")


@dataclass(frozen=True, slots=True)
class SimulatedPart:
    """A kind of line [money a month] at each level, as planned and right-sized, and by how much its price may be off
    (standard deviation of the logarithm)."""

    planned: Mapping[Level, Bounds] = field(default_factory=lambda: dict.fromkeys(LEVELS, NOTHING))
    right_sized: Mapping[Level, Bounds] = field(default_factory=lambda: dict.fromkeys(LEVELS, NOTHING))
    sigma: float = 0.0


@dataclass(frozen=True, slots=True)
class Inputs:
    """What is simulated of one workload. Money a month; months count from the day of the opinion."""

    number: int
    seed: int = 0
    """Of what is its own: by its id, so that no other workload moves it."""
    sure: bool = True
    """The plan says that it moves."""
    machines: SimulatedPart = field(default_factory=SimulatedPart)
    licences: SimulatedPart = field(default_factory=SimulatedPart)
    storage: SimulatedPart = field(default_factory=SimulatedPart)
    upkeep: SimulatedPart = field(default_factory=SimulatedPart)
    traffic: Bounds = NOTHING
    traffic_stated: bool = False
    coverage: float | None = None
    """Stated share of the machines that a commitment covers; None where it is not stated."""
    commitment_stated: bool = False
    discount: Bounds = NOTHING
    """What a commitment takes off, from the least to the most of the terms that are possible."""
    term_stated: bool = False
    now: float = 0.0
    now_sure: bool = True
    """What it costs today is no less than that."""
    grows_now: bool = False
    """What runs today is paid for by use."""
    start: Bounds = NOTHING
    stop: Bounds = NOTHING
    expected_start: Bounds = NOTHING
    expected_stop: Bounds = NOTHING
    lease: float = 0.0
    """How long where it runs today may have to be paid for, however early it moves."""
    work: OneOffWork | None = None
    fixed: float = 0.0
    """What is paid once and does not overrun."""


def inputs(number: int, price: WorkloadPrice, times: Timing, once: OneOff, context: PricingContext) -> Inputs:
    """A workload as it is simulated."""
    ask = context.asking.ask
    years, covered = (ask(price.workload, f"target.commitment.{name}") for name in ("years", "coverage_percent"))
    traffic = [line for line in price.priced.lines if line.group == "traffic"]
    stated = all(not line.assumed for line in traffic)
    moved, width = sum((line.planned for line in traffic), FREE), Decimal(str(stated_width(context))) if stated else Decimal(1)
    return Inputs(
        number,
        seed=zlib.crc32(price.workload.id.encode()),
        sure=not is_unknown(ask(price.workload, "disposition")),
        machines=_part(price, ("machines",), context),
        licences=_part(price, ("licences",), context),
        storage=_part(price, _STORED, context),
        upkeep=_part(price, _KEPT, context),
        traffic=Bounds(float(moved.low * width * context.money.factor), float(moved.high / width * context.money.factor)),
        traffic_stated=stated,
        coverage=None if is_unknown(covered) else covered / 100,
        commitment_stated=not is_unknown(years),
        discount=_discount(years, context),
        term_stated=not is_unknown(years),
        now=float(price.now.amount) if price.now is not None else 0.0,
        now_sure=price.now is None or price.now.sure,
        grows_now=price.now is not None and price.now.cloud,
        start=times.start,
        stop=times.stop,
        expected_start=times.expected_start,
        expected_stop=times.expected_stop,
        lease=times.lease,
        work=once.work,
        fixed=once.fixed,
    )


def _part(price: WorkloadPrice, groups: Sequence[Group], context: PricingContext) -> SimulatedPart:
    lines = [line for line in price.priced.lines if line.group in groups]
    levels = [line.levels for line in lines]

    def money(amounts: Iterable[Bounds]) -> Bounds:
        summed = sum(amounts, FREE)
        return Bounds(float(summed.low * context.money.factor), float(summed.high * context.money.factor))

    return SimulatedPart(
        {"least": money(each.least for each in levels), "expected": money(line.planned for line in lines),
         "most": money(each.most for each in levels)},
        {"least": money(each.right_least for each in levels), "expected": money(line.right_sized for line in lines),
         "most": money(each.right_most for each in levels)},
        _sigma(lines, context),
    )  # fmt: skip


def _sigma(lines: Iterable[Line], context: PricingContext) -> float:
    """By how much the prices of some lines may be off: the worst of them."""
    today = context.asking.estate.as_of
    sigmas = (
        price_sigma(
            line.price.quality, (today - line.price.as_of).days / 365.25 if line.price.as_of else 0.0, context.assumptions
        )
        for line in lines
        if line.price is not None
    )
    return max(sigmas, default=0.0)


def _discount(years: Any, context: PricingContext) -> Bounds:
    terms = [context.prices.discount(term) for term in ([1, 3] if is_unknown(years) else [years])]
    return Bounds(float(min(term.least for term in terms)), float(max(term.most for term in terms)))
