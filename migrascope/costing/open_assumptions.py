"""What the plan leaves open, over all workloads: what a month costs more or less by it, what matters most first.

A line that rests on something supposed runs from its least to its most; the sum of these is what an answer is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from migrascope.costing.lines import FREE
from migrascope.costing.workloads import WorkloadPrice
from migrascope.model.cost import Unsaid
from migrascope.model.uncertain import Bounds


@dataclass(slots=True)
class _Sum:
    total: Bounds = FREE
    workloads: set[str] = field(default_factory=set)
    settles: str = ""


def open_assumptions(prices: Sequence[WorkloadPrice], factor: float) -> tuple[Unsaid, ...]:
    """What is open, by what it is that costs, in the currency of the report."""
    sums: dict[str, _Sum] = {}
    for price in prices:
        for line in price.priced.lines:
            if line.assumed and line.planned.low != line.planned.high:
                known = sums.setdefault(line.group, _Sum())
                known.total += line.planned
                known.workloads.add(price.workload.id)
                known.settles = known.settles or line.field
    items = [
        Unsaid(
            what=what,
            field=each.settles,
            low=round(float(each.total.low) * factor, 2),
            high=round(float(each.total.high) * factor, 2),
            workloads=len(each.workloads),
        )
        for what, each in sums.items()
    ]
    return tuple(sorted(items, key=lambda item: (item.low - item.high, item.what)))
