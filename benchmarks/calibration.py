"""What the labels are worth, and how few questions it takes: synthetic portfolios of which the true weights are known.

`python -m benchmarks.calibration` draws portfolios of ten units on eight criteria with values from Beta(2, 2), true
weights evenly from all that fall in the order (the tool knows the order alone), and hides a part of the values. It shows
how often the choice names the truly best, for each label, and after so many questions asked by expected value, by weight
and at random. Chance would name it once in ten. `--portfolios N` sets how many (default 400). Synthetic: independent
criteria, even priors; real fields hang together.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any, Final

import numpy as np
from tabulate import tabulate

from migrascope.first.additive import rank_order_centroid
from migrascope.first.robustness import LIKELY, SURE
from migrascope.first.sampling import draws, shares, weights
from migrascope.first.value_of_information import expected_gain

UNITS: Final = 10
CRITERIA: Final = 8
SAMPLES: Final = 4_000
TIE: Final = 0.005
ROC: Final = np.array(rank_order_centroid(CRITERIA))


def chosen(low: Any, high: Any) -> int:
    """The unit with the highest value at rank order weights, what is missing at its middle."""
    return int(((low + high) / 2 @ ROC).argmax())


def label(low: Any, high: Any, random: Any) -> str:
    """The label of the choice, as the product gives it where every gate passes."""
    winner, totals = chosen(low, high), np.sort((low + high) / 2 @ ROC)
    if totals[-1] - totals[-2] < TIE:
        return "toss_up"
    found = shares(weights(CRITERIA, SAMPLES, random), low, high, random)
    half = 1.96 * float(np.sqrt(found.low[winner] * (1 - found.low[winner]) / SAMPLES))
    if found.low[winner] - half >= SURE and _holds_without(low, high, winner):
        return "recommend"
    return "suggest" if found.first[winner] >= LIKELY else "toss_up"


def _holds_without(low: Any, high: Any, winner: int) -> bool:
    fewer = np.array(rank_order_centroid(CRITERIA - 1))
    for left_out in range(CRITERIA):
        rest = [k for k in range(CRITERIA) if k != left_out]
        if (np.delete(high, winner, axis=0)[:, rest] @ fewer).max() > low[winner, rest] @ fewer:
            return False
    return True


def next_question(low: Any, high: Any, how: str, random: Any) -> tuple[int, int] | None:
    """The missing value to ask for, None where nothing is left that is worth it."""
    open_ = [(int(i), int(k)) for i, k in np.argwhere(high > low)]
    if not open_:
        return None
    if how == "random":
        return open_[int(random.integers(len(open_)))]
    if how == "weight":
        return max(open_, key=lambda cell: ROC[cell[1]] * (high - low)[cell])
    totals = (low + high) / 2 @ ROC
    order = np.argsort(-totals)
    gains = {}
    for i, k in open_:
        rival = totals[order[1]] if i == order[0] else totals[order[0]]
        reach = ROC[k] * (high - low)[i, k] / 2
        gains[i, k] = expected_gain(totals[i] - reach, totals[i] + reach, rival)
    best = max(gains, key=lambda cell: gains[cell])
    return best if gains[best] > 0 else None


def ask(low: Any, high: Any, values: Any, how: str, most: int, random: Any) -> tuple[int, int]:
    """Who is named after at most so many answers, and how many were asked for."""
    low, high = low.copy(), high.copy()
    for asked in range(most):
        cell = next_question(low, high, how, random)
        if cell is None:
            return chosen(low, high), asked
        low[cell] = high[cell] = values[cell]
    return chosen(low, high), most


def main() -> int:
    """Run and print both tables."""
    portfolios = int(sys.argv[sys.argv.index("--portfolios") + 1]) if "--portfolios" in sys.argv else 400
    labels, questions = [], []
    for missing in (0.0, 0.1, 0.3):
        random = draws(20261123)
        named: Counter[str] = Counter()
        right: Counter[str] = Counter()
        tries = [("gain", 0), ("gain", 3), ("weight", 3), ("random", 3), ("random", 12), ("gain", 99)]
        hits, asked = Counter[int](), Counter[int]()
        for _ in range(portfolios):
            values = random.beta(2, 2, size=(UNITS, CRITERIA))
            best = int((values @ weights(CRITERIA, 1, random)[0]).argmax())
            hidden = random.random(values.shape) < missing
            low, high = np.where(hidden, 0.0, values), np.where(hidden, 1.0, values)
            word = label(low, high, random)
            named[word] += 1
            right[word] += chosen(low, high) == best
            for column, (how, most) in enumerate(tries if missing else ()):
                name, number = ask(low, high, values, how, most, random)
                hits[column] += name == best
                asked[column] += number
        total = sum(right.values()) / portfolios
        shown = [f"{right[w] / named[w]:.2f} (n={named[w]})" if named[w] else "-" for w in ("recommend", "suggest", "toss_up")]
        labels.append((f"{missing:.0%}", f"{total:.2f}", *shown))
        if missing:
            cells = [f"{hits[c] / portfolios:.2f} ({asked[c] / portfolios:.1f})" for c in range(len(tries))]
            questions.append((f"{missing:.0%}", *cells))
    print(f"{portfolios} portfolios of {UNITS} units; how often the truly best is named, in all and by label\n")
    print(tabulate(labels, headers=("missing", "all", "recommend", "suggest", "toss-up"), disable_numparse=True))
    print("\nthe same after so many questions (in brackets how many were asked on average)\n")
    headers = ("missing", "none", "3 by gain", "3 by weight", "3 at random", "12 at random", "by gain until none helps")
    print(tabulate(questions, headers=headers, disable_numparse=True))
    return 0


if __name__ == "__main__":
    sys.exit(main())
