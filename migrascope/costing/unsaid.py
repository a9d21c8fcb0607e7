"""What the plan leaves open, over all workloads: what a month costs more or less by it, what weighs most first.

A line that rests on something supposed runs from its least to its most; the sum of these is what an answer is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from migrascope.costing.lines import Between
from migrascope.costing.workloads import Costed
from migrascope.model.cost import Unsaid


@dataclass(slots=True)
class _Sum:
    total: Between = field(default_factory=Between)
    workloads: set[str] = field(default_factory=set)
    settles: str = ""


def unsaid(costs: Sequence[Costed], factor: float) -> tuple[Unsaid, ...]:
    """What is open, by what it is that costs, in the currency of the report."""
    sums: dict[str, _Sum] = {}
    for cost in costs:
        for line in cost.priced.lines:
            if line.assumed and line.planned.low != line.planned.high:
                known = sums.setdefault(line.group, _Sum())
                known.total += line.planned
                known.workloads.add(cost.workload.id)
                known.settles = known.settles or line.field
    found = [
        Unsaid(
            what=what,
            field=each.settles,
            low=round(float(each.total.low) * factor, 2),
            high=round(float(each.total.high) * factor, 2),
            workloads=len(each.workloads),
        )
        for what, each in sums.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.low - each.high, each.what)))
