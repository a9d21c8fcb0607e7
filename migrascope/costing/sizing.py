"""Which size of machine holds a server: the cheapest one of today that has the processors, memory, disks and cards it needs.

How much of its processors a server needs is taken from a high percentile of what was measured: for production and databases
the 99.5th, of which four fifths of the machine may be filled (AWS Compute Optimizer's default); otherwise the 95th and 1.3
times that (Azure Migrate's). `benchmarks/sizing.py` holds these rules against traces of real machines. An average is no base
for a size: it only bounds one, by how much higher the peaks of such traces are. Where nothing was measured, there is a range
and no guess.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from migrascope.estate.utilisation import Load
from migrascope.knowledge.assumptions import Policy
from migrascope.knowledge.prices import MachineSize, PriceBook, System
from migrascope.model.uncertain import Bounds

PEAKS: Final[Mapping[float, tuple[float, float]]] = {95: (1.4, 3.6), 99.5: (1.7, 10.0), 100: (1.8, 15.0)}
"""How many times its average the load of a machine is at a percentile, in eight of ten (146 machine-days of PlanetLab)."""


_PERCENTILES: Final[Mapping[str, float]] = {
    "p50": 50, "p90": 90, "p95": 95, "p99": 99, "p99.5": 99.5, "p99_5": 99.5, "maximum": 100, "max": 100,
}  # fmt: skip


def at(load: Load, percentile: float) -> Bounds | None:
    """The load at a percentile: what was measured there, or between what was measured around it."""
    told = load.by_statistic
    known = sorted((_PERCENTILES[name], value) for name, value in told.items() if name in _PERCENTILES)
    if not known:
        return _from_average(told["average"], percentile) if "average" in told else None
    places = [place for place, _ in known]
    number = bisect_left(places, percentile)
    if number < len(known) and places[number] == percentile:
        return Bounds(known[number][1], known[number][1])
    low = known[number - 1][1] if number else told.get("average", 0.0)
    high = known[number][1] if number < len(known) else 1.0
    return Bounds(min(low, high), high)


def _from_average(average: float, percentile: float) -> Bounds:
    place = min(PEAKS, key=lambda known: abs(known - percentile))
    low, high = PEAKS[place]
    return Bounds(min(average * low, 1.0), min(average * high, 1.0))


def needed(load: Load | None, policy: Policy, least: float, short: float) -> Bounds:
    """The part of what there is that is needed [0 to 1]; a range from `least` to all of it where nothing was measured.

    Less than a month of measurements may lack the busiest day: the most that may be needed is then `short` times as much.
    """
    span = at(load, policy.percentile) if load is not None else None
    if load is None or span is None:
        return Bounds(least, 1.0)
    more = short if load.short else 1.0
    return Bounds(min(span.low * policy.factor, 1.0), min(span.high * policy.factor * more, 1.0))


@dataclass(frozen=True, slots=True)
class Need:
    """What a machine has to hold."""

    vcpus: int
    memory_mib: float
    iops: float = 0.0
    mbps: float = 0.0
    disks: int = 0
    nics: int = 0
    windows: bool = False

    def at_most(self, vcpus: int, memory_mib: float) -> Need:
        """No more than a machine that is planned has."""
        return replace(self, vcpus=min(self.vcpus, vcpus), memory_mib=min(self.memory_mib, memory_mib))

    def part(self, processors: float, memory: float) -> Need:
        """The need of a machine of which only a part is used; what remains is at least one processor and half a GiB."""
        return Need(
            max(1, math.ceil(self.vcpus * processors - 1e-9)), max(512.0, self.memory_mib * memory), self.iops, self.mbps,
            self.disks, self.nics, self.windows,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """The cheapest size that holds it, and its price an hour with the system that it runs."""

    size: MachineSize
    hourly: Decimal


class Sizes:
    """The sizes that a provider sells in a region, cheapest first. Answers are kept: many servers are alike."""

    def __init__(self, provider: str, region: str, prices: PriceBook) -> None:
        self._rows: dict[System, list[Fit]] = {}
        self._kept: dict[Need, Fit | None] = {}
        for os in ("linux", "windows"):
            priced = ((size, prices.price(size.name, region, os).amount) for size in _sold(provider, prices))
            rows = [Fit(size, amount) for size, amount in priced if amount is not None]
            self._rows[os] = sorted(rows, key=lambda fit: (fit.hourly, fit.size.name))

    def fitting(self, need: Need) -> Fit | None:
        """The cheapest one; None where none that is known holds it."""
        if need not in self._kept:
            rows = self._rows["windows" if need.windows else "linux"]
            self._kept[need] = next((fit for fit in rows if _holds(fit.size, need)), None)
        return self._kept[need]


def _sold(provider: str, prices: PriceBook) -> list[MachineSize]:
    """Sizes of today on x86 that run at full speed all day; what a burstable one can do depends on credits."""
    azure = provider == "azure"
    return [
        size
        for size in prices.sizes.values()
        if size.name.startswith("Standard_") == azure and size.current and size.arch == "x86_64" and not size.burstable
    ]


def _holds(size: MachineSize, need: Need) -> bool:
    """A limit that the source does not give keeps nothing out but what needs it for sure."""
    enough = size.vcpus >= need.vcpus and size.memory_mib >= need.memory_mib
    limits = ((size.iops, need.iops), (size.mbps, need.mbps), (size.disks, need.disks), (size.nics, need.nics))
    return enough and all((has if has is not None else 0) >= wanted for has, wanted in limits)
