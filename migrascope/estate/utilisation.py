"""How busy machines were, out of what was measured: one statistic at a time becomes one load a machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from migrascope.model.columns import Measurements

_SHARES: Final = {"cpu_percent": "processors", "memory_percent": "memory"}
_RATES: Final = {"disk_iops": "iops", "disk_mbps": "mbps"}
_FREE: Final = "memory_available_bytes"
_DAYS: Final = re.compile(r"^P(?P<days>\d+)D(?:/|$)")
ENOUGH_DAYS: Final = 30
"""What was watched for less may lack what runs once a month."""


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured of one thing, by statistic: `average`, `maximum`, `p95`, `p99.5`; a share of 1, or a rate a second."""

    by_statistic: Mapping[str, float] = field(default_factory=dict)
    days: float | None = None
    """For how many days; None where the source does not say it."""

    @property
    def only_average(self) -> bool:
        """No percentile and no maximum was measured."""
        return set(self.by_statistic) == {"average"}

    @property
    def short(self) -> bool:
        """A month's end may not be in it."""
        return self.days is None or self.days < ENOUGH_DAYS


@dataclass(frozen=True, slots=True)
class Utilisation:
    """How busy one server was."""

    processors: Load | None = None
    memory: Load | None = None
    iops: Load | None = None
    mbps: Load | None = None


def utilisation(measurements: Measurements, memory_mib: Mapping[str, float]) -> dict[str, Utilisation]:
    """How busy each machine was, by its id; `memory_mib` is what each has, for a source that only tells what was free."""
    wanted = {*_SHARES, *_RATES, _FREE}
    if not wanted & set(measurements.words.texts):
        return {}
    found: dict[tuple[str, str], dict[str, float]] = {}
    days: dict[tuple[str, str], float] = {}
    for row in measurements:
        if row.metric not in wanted or row.value != row.value:
            continue
        what, statistic, value = _understood(row.metric, row.statistic, row.value, memory_mib.get(row.id))
        if value is None:
            continue
        known = found.setdefault((row.id, what), {})
        known[statistic] = max(value, known.get(statistic, 0.0))
        span = _DAYS.match(row.window)
        if span is not None:
            days[row.id, what] = float(span["days"]) * (row.coverage if row.coverage == row.coverage else 1.0)
    return _together(found, days)


def _understood(metric: str, statistic: str, value: float, memory: float | None) -> tuple[str, str, float | None]:
    """What it is about, its statistic and its value; what was free at least was used at most."""
    if metric in _SHARES:
        return _SHARES[metric], statistic, min(max(value / 100, 0.0), 1.0)
    if metric in _RATES:
        return _RATES[metric], statistic, value
    used = None if not memory else min(max(1 - value / (memory * 2**20), 0.0), 1.0)
    return "memory", {"minimum": "maximum"}.get(statistic, statistic), used


def _together(
    found: Mapping[tuple[str, str], Mapping[str, float]], days: Mapping[tuple[str, str], float]
) -> dict[str, Utilisation]:
    parts: dict[str, dict[str, Load]] = {}
    for (id_, what), by_statistic in found.items():
        parts.setdefault(id_, {})[what] = Load(by_statistic, days.get((id_, what)))
    return {id_: Utilisation(**of) for id_, of in parts.items()}
