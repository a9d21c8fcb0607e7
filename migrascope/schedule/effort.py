"""How much work it will be: three estimates as a Beta-PERT distribution, and sums of several that go wrong together.

Beta-PERT(a, m, b) is a Beta distribution over a to b with alpha = 1 + 4(m-a)/(b-a) and beta = 1 + 4(b-m)/(b-a). People's
`low` and `high` are rarely the true extremes: unless they say so, one in ten is below `low` and one in ten above `high`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

CORRELATION: Final = 0.3
"""How much pieces of work go wrong together, in the copula; ours. Independence would understate what can happen."""
SAMPLES: Final = 10_000
_GRID: Final = 1_001
_ROUNDS: Final = 40


@dataclass(frozen=True, slots=True)
class EffortEstimate:
    """Three estimates [days]. `absolute`: low and high are extremes, not the tenth and the ninetieth of a hundred."""

    low: float
    likely: float
    high: float
    absolute: bool = False


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Days of work that suffice in 5, 8 and 9 of 10 simulated futures, given the estimates."""

    p50: float
    p80: float
    p90: float


@lru_cache(maxsize=4096)
def _curve(estimate: EffortEstimate) -> Any:
    """The inverse of the distribution: shares from 0 to 1, and the days that they stand for."""
    import numpy as np

    low, mode, high = (estimate.low, estimate.likely, estimate.high) if estimate.absolute else _extremes(estimate)
    shares, points = _standard(low, mode, high)
    return shares, low + (high - low) * points if high > low else np.full(_GRID, mode)


def _standard(low: float, mode: float, high: float) -> tuple[Array, Array]:
    """The distribution on 0 to 1, as cumulated shares on a grid."""
    import numpy as np

    points = np.linspace(0, 1, _GRID)
    if high <= low:
        return points, points
    alpha, beta = 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)
    density = points ** (alpha - 1) * (1 - points) ** (beta - 1)
    shares = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return shares / shares[-1], points


def _extremes(estimate: EffortEstimate) -> tuple[float, float, float]:
    """The extremes for which a tenth lies below `low` and a tenth above `high`; nothing takes less than no time."""
    import numpy as np

    low, mode, high = estimate.low, estimate.likely, estimate.high
    for _ in range(_ROUNDS if high > low else 0):
        shares, points = _standard(low, mode, high)
        tenth, ninetieth = low + (high - low) * np.interp([0.1, 0.9], shares, points)
        low = min(max(low + estimate.low - tenth, 0.0), mode)
        high = max(high + estimate.high - ninetieth, mode)
    return float(low), mode, float(high)


class SharedOverrun:
    """Pieces of work that go wrong together, as so many simulated sums: a one-factor copula over their distributions.

    `plus` gives a new one and leaves this as it is, so that a piece can be tried.
    """

    def __init__(self, correlation: float = CORRELATION, seed: int = 0) -> None:
        import numpy as np

        self.correlation, self.seed, self.pieces = correlation, seed, 0
        self.common = np.random.default_rng([seed, 0]).standard_normal(SAMPLES)
        self.total = np.zeros(SAMPLES)

    def plus(self, estimate: EffortEstimate) -> SharedOverrun:
        """The same with another piece of work."""
        import numpy as np

        more = copy(self)
        more.pieces = self.pieces + 1
        shares, days = _curve(estimate)
        own = np.random.default_rng([self.seed, more.pieces]).standard_normal(SAMPLES)
        latent = math.sqrt(self.correlation) * self.common + math.sqrt(1 - self.correlation) * own
        ranks = np.empty(SAMPLES)
        ranks[np.argsort(latent, kind="stable")] = np.arange(SAMPLES)
        more.total = self.total + np.interp((ranks + 0.5) / SAMPLES, shares, days)
        return more

    def days(self) -> Quantiles:
        """What suffices in 5, 8 and 9 of 10 futures: the order statistics of the sums."""
        import numpy as np

        places = [math.ceil(SAMPLES * share) - 1 for share in (0.5, 0.8, 0.9)]
        found = np.partition(self.total, places)
        return Quantiles(*(float(found[place]) for place in places))


def quantiles(estimates: Sequence[EffortEstimate], *, correlation: float = CORRELATION, seed: int = 0) -> Quantiles:
    """What all of it together takes. One piece of work is exact; several are simulated."""
    if len(estimates) == 1:
        return _alone(estimates[0])
    together = SharedOverrun(correlation, seed)
    for estimate in estimates:
        together = together.plus(estimate)
    return together.days()


@lru_cache(maxsize=4096)
def _alone(estimate: EffortEstimate) -> Quantiles:
    import numpy as np

    shares, days = _curve(estimate)
    return Quantiles(*(float(found) for found in np.interp([0.5, 0.8, 0.9], shares, days)))
