"""What may turn out otherwise for everything at once: prices, use, discounts, overruns. Seeded, and drawn once for a plan.

Each shock is a standard normal; what it does is an inverse distribution of it. Shocks that all lines share make sums wide, as
they are; independent draws would understate what can happen.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Final

from migrascope.knowledge.assumptions import CostAssumptions, Delay, Overrun, Triangle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DRAWS: Final = 10_000
SHOCKS: Final = (
    "prices", "open", "licences", "traffic", "coverage", "discount", "support", "realised", "growth", "overrun", "delay",
    "effort",
)  # fmt: skip
"""What is shared by all workloads: how far prices are off, what the plan leaves open, and so on."""
_NORMAL: Final = NormalDist()
_TENTH: Final = _NORMAL.inv_cdf(0.9)
"""How far from its middle the ninetieth of a hundred of a standard normal is."""
_EDGE: Final = 6.0
_GRID: Final = 4_001


@lru_cache(maxsize=1)
def _bell() -> tuple[Array, Array]:
    import numpy as np

    points = np.linspace(-_EDGE, _EDGE, _GRID)
    return points, np.array([_NORMAL.cdf(point) for point in points])


def share(normal: Array) -> Array:
    """The part of a standard normal that lies below: uniform between 0 and 1."""
    import numpy as np

    return np.interp(normal, *_bell())


@dataclass(frozen=True, slots=True)
class Shocks:
    """One standard normal for each shock, in as many draws."""

    by_name: Mapping[str, Array]
    own_seed: int | None
    """Seed of what differs from one workload to the next; None where nothing does."""

    @property
    def draws(self) -> int:
        """How many futures."""
        return len(self.by_name["prices"])

    def uniform(self, name: str) -> Array:
        """A shock as a share between 0 and 1."""
        return share(self.by_name[name])

    def own(self, name: str, number: int, together: float) -> Array:
        """A shock of one workload (`open` or `effort`), as a share between 0 and 1: partly the same as in all others."""
        import numpy as np

        common = self.by_name[name]
        if self.own_seed is None:
            return share(math.sqrt(together) * common)
        alone = np.random.default_rng([self.own_seed, SHOCKS.index(name), number]).standard_normal(self.draws)
        return share(math.sqrt(together) * common + math.sqrt(1 - together) * alone)


def drawn(seed: int, draws: int = DRAWS) -> Shocks:
    """As many futures, always the same for a seed."""
    import numpy as np

    found = {name: np.random.default_rng([seed, 7, number]).standard_normal(draws) for number, name in enumerate(SHOCKS)}
    return Shocks(found, seed)


def one_at_a_time() -> Shocks:
    """All in the middle, and then each shock alone at its tenth and its ninetieth of a hundred: 1 + 2 x as many draws."""
    import numpy as np

    found = {name: np.zeros(1 + 2 * len(SHOCKS)) for name in SHOCKS}
    for number, name in enumerate(SHOCKS):
        found[name][1 + 2 * number : 3 + 2 * number] = (-_TENTH, _TENTH)
    return Shocks(found, None)


def triangular(of: Triangle, uniform: Array) -> Array:
    """A triangular distribution, by a share between 0 and 1."""
    import numpy as np

    width = of.high - of.low
    if width <= 0:
        return np.full_like(uniform, of.low)
    middle = (of.likely - of.low) / width
    rising = of.low + width * np.sqrt(uniform * middle)
    falling = of.high - width * np.sqrt((1 - uniform) * (1 - middle))
    return np.where(uniform < middle, rising, falling)


def between(low: float, high: float, normal: Array) -> Array:
    """A share of which a tenth lies below `low` and a tenth above `high`: logit-normal, so that it stays between 0 and 1."""
    import numpy as np

    ends = [math.log(value / (1 - value)) for value in (low, high)]
    middle, width = sum(ends) / 2, (ends[1] - ends[0]) / (2 * _TENTH)
    return 1 / (1 + np.exp(-(middle + width * normal)))


def log_between(low: float, high: float, sigma: float, normal: Array) -> Array:
    """A lognormal of which a tenth lies below `low` and a tenth above `high`, no narrower than `sigma` around its middle."""
    import numpy as np

    if high <= 0:
        return np.zeros_like(normal)
    bottom = max(low, high / 1000)
    width = max(math.log(high / bottom) / (2 * _TENTH), sigma)
    return math.sqrt(bottom * high) * np.exp(width * normal)


@lru_cache(maxsize=4)
def _overrun_curve(of: Overrun) -> tuple[Array, Array]:
    import numpy as np

    points = np.exp(np.linspace(math.log(0.3), math.log(of.tail_to), 20_001))
    body = np.array([_NORMAL.cdf(value) for value in (np.log(points) - math.log(of.body_median)) / of.body_sigma])
    whole = 1 - (of.tail_from / of.tail_to) ** of.tail_alpha
    beyond = np.clip((1 - (of.tail_from / np.maximum(points, of.tail_from)) ** of.tail_alpha) / whole, 0, 1)
    return (1 - of.tail) * body + of.tail * beyond, points


def overrun(of: Overrun, uniform: Array) -> Array:
    """By how much the cost of doing it is multiplied."""
    import numpy as np

    return np.interp(uniform, *_overrun_curve(of))


def delay(of: Delay, normal: Array) -> Array:
    """By how much the time until something ends is multiplied; nothing ends sooner than planned."""
    import numpy as np

    return np.maximum(1.0, np.exp(of.sigma * (normal - _NORMAL.inv_cdf(1 - of.late))))


def price_sigma(quality: str, age_years: float, assumptions: CostAssumptions) -> float:
    """By how much a price may be off, as a share of it: by its quality, and more the older it is."""
    known = assumptions.price_sigma
    return math.hypot(known.get(quality, 0.0), known["a_year"] * max(age_years, 0.0))
