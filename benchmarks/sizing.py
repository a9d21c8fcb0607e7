"""Sizes by rule, held against what machines really needed: the first half of a trace sizes a machine, the second half tries it.

`python -m benchmarks.sizing FOLDER` reads traces of processor load: a file a machine, a number between 0 and 100 a line, as in
the PlanetLab traces that the CloudSim repository holds (11,746 machine-days, every 5 minutes; they are not ours to ship).
A machine is cut in halves for as long as its rule allows. Columns: capacity that is kept, machines that became smaller, test
intervals above what was kept, and machines above it for more than a twentieth of the time.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tabulate import tabulate

from migrascope.costing.sizing import needed
from migrascope.estate.utilisation import Load
from migrascope.readers.knowledge import read_knowledge

Trace = NDArray[np.float64]
SMALLEST: Final = 1 / 16
OFTEN: Final = 0.05
EXPECTED: Final = {
    "P95 x 1": (31, 90, 2.38, 13.3), "P95 x 1.3": (39, 82, 1.05, 3.8), "P95 / 0.7": (42, 79, 0.89, 3.0),
    "P90 x 1": (26, 93, 4.55, 32), "P99.5 x 1.25": (56, 64, 0.20, 0.3), "P99.5 / 0.7": (61, 58, 0.14, 0.2),
    "mean x 2": (30, 89, 4.33, 29),
}  # fmt: skip
"""What the same rules gave on all 11,746 machine-days [%]."""


def traces(folder: Path) -> Iterator[Trace]:
    """The load of each machine, as a share of 1; what is no trace is left out."""
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        words = path.read_text(encoding="utf-8", errors="replace").split()
        if len(words) > 100 and all(word.replace(".", "", 1).isdigit() for word in words):
            yield np.array([min(float(word), 100.0) for word in words]) / 100


def ours(policy: str) -> Callable[[Trace], float]:
    """What our own rule needs, out of the statistic that a collector would bring."""
    sizing = read_knowledge().assumptions.sizing
    rule = sizing.careful if policy == "careful" else sizing.ordinary

    def need(trace: Trace) -> float:
        measured = Load({f"p{rule.percentile:g}": float(np.percentile(trace, rule.percentile))}, days=30)
        return float(needed(measured, rule, sizing.least_processors, sizing.short).high)

    return need


def percentile(share: float, factor: float) -> Callable[[Trace], float]:
    """A percentile times a factor."""
    return lambda trace: float(np.percentile(trace, share)) * factor


RULES: Final[dict[str, Callable[[Trace], float]]] = {
    "P95 x 1": percentile(95, 1.0),
    "P95 x 1.3": ours("ordinary"),
    "P95 / 0.7": percentile(95, 1 / 0.7),
    "P90 x 1": percentile(90, 1.0),
    "P99.5 x 1.25": ours("careful"),
    "P99.5 / 0.7": percentile(99.5, 1 / 0.7),
    "mean x 2": lambda trace: float(trace.mean()) * 2,
}


def kept(need: float) -> float:
    """The part of a machine that is kept: halved for as long as the need still fits."""
    if need <= 0:
        return SMALLEST
    return max(SMALLEST, min(1.0, 2.0 ** math.ceil(math.log2(need) - 1e-12)))


def tried(found: Sequence[Trace], rule: Callable[[Trace], float]) -> tuple[float, float, float, float]:
    """Capacity kept, machines made smaller, intervals above, and machines often above [%]."""
    capacities, above, often = [], [], []
    for trace in found:
        half = len(trace) // 2
        capacity = kept(rule(trace[:half]))
        over = trace[half:] > capacity
        capacities.append(capacity)
        above.append(over.mean())
        often.append(over.mean() > OFTEN)
    smaller = sum(capacity < 1 for capacity in capacities) / len(capacities)
    means = (np.mean(capacities), smaller, np.mean(above), np.mean(often))
    return tuple(100 * float(value) for value in means)  # type: ignore[return-value]


def main() -> int:
    """Print the table; 1 where the order of the rules is not the expected one."""
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python -m benchmarks.sizing FOLDER\n")
        return 2
    found = list(traces(Path(sys.argv[1])))
    if not found:
        sys.stderr.write(f"{sys.argv[1]}: no traces\n")
        return 2
    results = {name: tried(found, rule) for name, rule in RULES.items()}
    rows = [
        [name, *(f"{value:.2f}" for value in values), " / ".join(f"{value:g}" for value in EXPECTED[name])]
        for name, values in results.items()
    ]
    busy = [each for each in found if each.mean()]
    peaks = [[np.percentile(each, share) / each.mean() for share in (95, 99.5, 100)] for each in busy]
    heads = ["rule", "kept %", "smaller %", "above %", "often above %", "on all 11,746"]
    print(f"{len(found)} machines, mean load {100 * np.mean([each.mean() for each in found]):.1f} %")
    print(tabulate(rows, headers=heads, disable_numparse=True))
    middle = np.percentile(np.array(peaks), [10, 50, 90], axis=0)
    for column, name in enumerate(("P95", "P99.5", "the maximum")):
        low, half, high = middle[:, column]
        print(f"{name} is {half:.2f} times the mean in the middle, {low:.2f} to {high:.2f} in eight of ten")
    careful, ordinary, mean = (results[name][3] for name in ("P99.5 x 1.25", "P95 x 1.3", "mean x 2"))
    return 0 if careful <= ordinary <= mean else 1


if __name__ == "__main__":
    sys.exit(main())
