"""Servers and lines folded into their workload, as the simulation takes them: a few spans of money, and some months."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from migrascope.costing.context import Context
from migrascope.costing.lines import Between, Group, Line, summed
from migrascope.costing.once import Once
from migrascope.costing.shocks import price_sigma
from migrascope.costing.simulation import Folded, Part, Span
from migrascope.costing.when import When
from migrascope.costing.workloads import Costed, Money
from migrascope.model.plan import Commitment

_STORED: Final[tuple[Group, ...]] = ("storage", "databases")
_KEPT: Final[tuple[Group, ...]] = ("backup", "logs")


def folded(number: int, cost: Costed, times: When, once: Once, context: Context, money: Money) -> Folded:
    """A workload as it is simulated."""
    target = cost.workload.claim.target
    claim = target.commitment if target is not None else None
    covered = claim.coverage_percent if claim is not None else None
    traffic = [line for line in cost.priced.lines if line.group == "traffic"]
    moved = _span(summed(line.planned for line in traffic), money.factor)
    return Folded(
        number,
        seed=zlib.crc32(cost.workload.id.encode()),
        machines=_part(cost, ("machines",), context, money),
        licences=_part(cost, ("licences",), context, money),
        storage=_part(cost, _STORED, context, money),
        upkeep=_part(cost, _KEPT, context, money),
        traffic=moved,
        traffic_stated=all(not line.assumed for line in traffic),
        coverage=None if covered is None else covered / 100,
        commitment_said=claim is not None,
        discount=_discount(claim, context),
        now=float(cost.now.amount) if cost.now is not None else 0.0,
        grows_now=cost.now is not None and cost.now.cloud,
        start=times.start,
        stop=times.stop,
        once=once.work,
        fixed_once=once.fixed,
    )


def _part(cost: Costed, groups: Sequence[Group], context: Context, money: Money) -> Part:
    lines = [line for line in cost.priced.lines if line.group in groups]
    planned, right = summed(line.planned for line in lines), summed(line.right_sized for line in lines)
    return Part(_span(planned, money.factor), _span(right, money.factor), _sigma(lines, context))


def _sigma(lines: Iterable[Line], context: Context) -> float:
    """By how much the prices of some lines may be off: the worst of them."""
    today = context.estate.as_of
    found = [
        price_sigma(
            line.price.quality, (today - line.price.as_of).days / 365.25 if line.price.as_of else 0.0, context.assumptions
        )
        for line in lines
        if line.price is not None
    ]
    return max(found, default=0.0)


def _span(amount: Between, factor: Decimal) -> Span:
    return Span(float(amount.low * factor), float(amount.high * factor))


def _discount(claim: Commitment | None, context: Context) -> tuple[float, float]:
    """What a commitment takes off, from the least to the most of the terms that are possible."""
    years = [claim.years] if claim is not None and claim.years else [1, 3]
    terms = [context.prices.discount(term) for term in years]
    return float(min(term.least for term in terms)), float(max(term.most for term in terms))
