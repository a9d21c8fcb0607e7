"""What the plan leaves open, over all workloads: what a month costs more or less by it, what weighs most first.

A line that rests on something supposed runs from its least to its most; the sum of these is what an answer is worth.
"""

from __future__ import annotations

from collections.abc import Sequence

from migrascope.costing.lines import Between
from migrascope.costing.workloads import Costed
from migrascope.model.cost import Unsaid


def unsaid(costs: Sequence[Costed], factor: float) -> tuple[Unsaid, ...]:
    """What is open, by what it is that costs, in the currency of the report."""
    sums: dict[str, tuple[Between, set[str], str]] = {}
    for cost in costs:
        for line in cost.priced.lines:
            if line.assumed and line.planned.low != line.planned.high:
                known, of, field = sums.get(line.group, (Between(), set(), ""))
                sums[line.group] = known + line.planned, of | {cost.workload.id}, field or line.field
    found = [
        Unsaid(
            what=what,
            field=field,
            low=round(float(total.low) * factor, 2),
            high=round(float(total.high) * factor, 2),
            workloads=len(of),
        )
        for what, (total, of, field) in sums.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.low - each.high, each.what)))
