"""Weights of which only the order is known, drawn evenly, and who comes first under each of them.

Arrays: `weights` is draws x criteria, most important criterion first; `low` and `high` are units x criteria.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


def draws(seed: int) -> Any:
    """A generator of random numbers; the same seed gives the same numbers."""
    import numpy as np  # imported late: only an answer pays for it

    return np.random.default_rng(seed)


def weights(count: int, samples: int, random: Any, *, ordered: bool = True) -> Array:
    """Weights that add up to one, evenly from all there are, or from all that fall from first to last."""
    import numpy as np

    found: Array = random.exponential(size=(samples, count))
    found /= found.sum(axis=1, keepdims=True)
    return -np.sort(-found, axis=1) if ordered else found


def rank_acceptabilities(values: Array) -> Array:
    """The share of draws in which each unit takes each rank; `values` is draws x units. Units that tie keep their order."""
    import numpy as np

    samples, count = values.shape
    ranks = _ranks(values)
    found: Array = np.stack([(ranks == rank).sum(axis=0) for rank in range(count)], axis=1) / samples
    return found


def _ranks(values: Array) -> Any:
    """The rank of each unit in each draw, 0 for the first."""
    import numpy as np

    return np.argsort(np.argsort(-values, axis=1, kind="stable"), axis=1)


@dataclass(frozen=True, slots=True)
class Shares:
    """Of each unit, by its row: the share of draws in which it is first, and in which it is among the last third.

    `low` has its own missing values at their worst and its rivals at their best, `high` the reverse, and
    `first` and `last_third` draw every missing value evenly. For each draw, to win in the worst completion is to win in
    every completion; so a value that goes missing can only widen `low` to `high`.
    """

    low: Array
    first: Array
    high: Array
    last_third: Array


def shares(weights: Array, low: Array, high: Array, random: Any, arranged: Array | None = None) -> Shares:
    """Who comes first, over all draws. Of units that tie in a draw each has its part.

    `arranged` is what units are at their best when that is more than `high`: it counts in the `low` of the others and in
    their own `high`.
    """
    import numpy as np

    worst, best = weights @ low.T, weights @ high.T
    rival = best if arranged is None else weights @ arranged.T
    drawn = worst.copy()
    for criterion in range(low.shape[1]):
        open_ = np.flatnonzero(high[:, criterion] > low[:, criterion])
        if len(open_):
            width = (high - low)[open_, criterion]
            drawn[:, open_] += weights[:, [criterion]] * width * random.random((len(weights), len(open_)))
    top = drawn.max(axis=1, keepdims=True)
    at_top = np.isclose(drawn, top, rtol=0, atol=1e-9)
    last = _ranks(drawn) >= np.ceil(2 * len(low) / 3)
    return Shares(
        low=(worst > _best_rival(rival) + 1e-9).mean(axis=0),
        first=(at_top / at_top.sum(axis=1, keepdims=True)).mean(axis=0),
        high=(rival >= _best_rival(worst) - 1e-9).mean(axis=0),
        last_third=last.mean(axis=0),
    )


def _best_rival(values: Array) -> Array:
    """For each draw and unit, the highest value of any other unit."""
    import numpy as np

    rows = np.arange(len(values))
    first = values.argmax(axis=1)
    rest = values.copy()
    rest[rows, first] = -np.inf
    rivals = np.repeat(values[rows, first][:, None], values.shape[1], axis=1)
    rivals[rows, first] = rest.max(axis=1)
    return rivals


def vertices(count: int) -> Array:
    """The corners of all weights that fall from first to last: the first j share everything, for every j."""
    import numpy as np

    corners: Array = np.tril(np.ones((count, count))) / np.arange(1, count + 1)[:, None]
    return corners


def never_behind(low: Array, high: Array, unit: int) -> bool:
    """At every such weight and for every missing value the unit is at least as good as every other."""
    import numpy as np

    gaps = vertices(low.shape[1]) @ (low[unit] - np.delete(high, unit, axis=0)).T
    return bool((gaps >= -1e-9).all())


def regrets(low: Array, high: Array) -> Array:
    """How much each unit can fall short of the best of the others, at the worst weights and missing values."""
    corners = vertices(low.shape[1])
    own, theirs = corners @ low.T, corners @ high.T
    short: Array = (_best_rival(theirs) - own).max(axis=0)
    return short.clip(min=0.0)
