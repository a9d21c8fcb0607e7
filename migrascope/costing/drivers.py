"""What makes a range wide: a tornado diagram (each shock alone at its P10 and P90), and rank correlations with the total."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from migrascope.costing.shocks import SHOCKS, Shocks, one_at_a_time
from migrascope.costing.simulation import Model, Sums, expected
from migrascope.costing.simulation_inputs import Inputs
from migrascope.knowledge.assumptions import CostAssumptions
from migrascope.model.cost import Driver
from migrascope.model.uncertain import Bounds

if TYPE_CHECKING:
    from migrascope.costing.shocks import Array


def drivers(
    workloads: Sequence[Inputs],
    shared: Bounds,
    assumptions: CostAssumptions,
    shocks: Shocks,
    totals: Array,
    of: Callable[[Sums], Array],
) -> tuple[Driver, ...]:
    """The shocks that move the total at all, the strongest first."""
    model = Model(one_at_a_time(), assumptions, assumptions.net_present.rate)
    alone = of(expected(workloads, model, shared))
    ranks = _ranks(totals)
    moved = [
        Driver(
            what=name,
            low=float(min(alone[1 + 2 * number], alone[2 + 2 * number])),
            high=float(max(alone[1 + 2 * number], alone[2 + 2 * number])),
            rank_correlation=round(_spearman(_ranks(shocks.by_name[name]), ranks), 2),
        )
        for number, name in enumerate(SHOCKS)
    ]
    wide = [driver for driver in moved if driver.high - driver.low > 1e-9 * max(abs(driver.high), 1.0)]
    return tuple(sorted(wide, key=lambda driver: (driver.low - driver.high, driver.what)))


def _ranks(draws: Array) -> Array:
    import numpy as np

    ranks = np.empty(len(draws))
    ranks[np.argsort(draws, kind="stable")] = np.arange(len(draws))
    return ranks


def _spearman(first: Array, second: Array) -> float:
    import numpy as np

    if len(first) < 2 or first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])
