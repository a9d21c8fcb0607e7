"""When a workload starts to cost at its target, and stops to cost where it is [months from the day of the opinion].

What runs today ends in steps: a host or a licence is paid to the end of its month, and hosting to the end of its lease.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from migrascope.costing.context import lacking
from migrascope.costing.lines import Unpriced
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.model.phrase import Phrase
from migrascope.model.uncertain import Bounds, is_unknown
from migrascope.texts import later

_MONTH: float = 365.25 / 12


@dataclass(frozen=True, slots=True)
class Timing:
    """`start` and `stop` at the soonest and the latest; what is expected inside of them; and what is not known.

    A late move makes `stop` later, and not the end of a lease (`lease`, at the latest).
    """

    start: Bounds
    stop: Bounds
    expected_start: Bounds
    expected_stop: Bounds
    lease: float = 0.0
    unknown: tuple[Unpriced, ...] = ()


def timing(asking: Asking, workload: WorkloadSubject, horizon: int) -> Timing:
    """The months of a workload that moves. Where a date is missing, anything up to the horizon is possible."""
    unknown: list[Unpriced] = []
    start, expected_start = _start(asking, workload, horizon)
    if is_unknown(asking.ask(workload, "cutover.on")) and is_unknown(asking.ask(workload, "wave.end")):
        unknown.append(Unpriced(Phrase(later("when it moves")), lacking(workload, "cutover.on")))
    day = asking.ask(workload, "decommission_on")
    if is_unknown(day):
        unknown.append(Unpriced(Phrase(later("when the old one stops")), lacking(workload, "decommission_on")))
        stop = Bounds(start.low, float(horizon))
        expected_stop = Bounds(max(expected_start.high, start.low), float(horizon))
        return Timing(start, stop, expected_start, expected_stop, 0.0, tuple(unknown))
    step = float(math.ceil(_months(asking, day) or 0.0))
    leases = _leases(asking, horizon)
    expected_stop = Bounds(step, max(step, leases.low))
    return Timing(start, Bounds(step, step), expected_start, expected_stop, leases.high, tuple(unknown))


def _start(asking: Asking, workload: WorkloadSubject, horizon: int) -> tuple[Bounds, Bounds]:
    """From the first copy to the cutover: at the soonest and the latest, and as expected."""
    copied, cutover, begins, ends = (
        _months(asking, asking.ask(workload, name)) for name in ("replication_starts", "cutover.on", "wave.start", "wave.end")
    )
    last = _first_known(cutover, ends, float(horizon))
    first = _first_known(begins, 0.0)
    if copied is not None:
        return Bounds(copied, copied), Bounds(copied, copied)
    likely = (_first_known(begins, cutover, 0.0), last)
    return Bounds(min(first, last), max(first, last)), Bounds(min(likely), max(likely))


def _first_known(*months: float | None) -> float:
    return next(each for each in months if each is not None)


def _months(asking: Asking, day: Any) -> float | None:
    if not isinstance(day, dt.date):
        return None
    return max(0.0, (day - asking.estate.as_of).days / _MONTH)


def _leases(asking: Asking, horizon: int) -> Bounds:
    """How long the lease of where it runs goes on: of the plan's sites nobody says which one that is.

    A site whose lease has no end, or no word about sites at all, may be paid for to the horizon.
    """
    sites = asking.plan.sites
    if sites is None:
        return Bounds(0.0, float(horizon))
    ends = [float(horizon) if s.lease_ends is None else math.ceil(_months(asking, s.lease_ends) or 0.0) for s in sites]
    latest = min(float(horizon), max(ends, default=0.0))
    known = len(sites) == 1 and sites[0].lease_ends is not None
    return Bounds(latest if known else 0.0, latest)
