"""When a workload starts to cost at its target, and stops to cost where it is: in months from the day of the opinion.

What runs today ends in steps: a host or a licence is paid to the end of its month, and hosting to the end of its lease.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from migrascope.estate.subjects import WorkloadSubject
from migrascope.model.phrase import Phrase
from migrascope.texts import later

_MONTH: float = 365.25 / 12


@dataclass(frozen=True, slots=True)
class When:
    """From the soonest to the latest [months]; and what is not known of it."""

    start: tuple[float, float]
    stop: tuple[float, float]
    unknown: tuple[str, ...] = ()


def when(workload: WorkloadSubject, months: int) -> When:
    """The months of a workload that moves."""
    estate, claim = workload.estate, workload.claim
    wave = estate.wave_by_id.get(claim.wave) if claim.wave else None
    unknown: list[str] = []
    first = claim.replication_starts or (wave.claim.start if wave else None) or (claim.cutover.on if claim.cutover else None)
    last = (claim.cutover.on if claim.cutover else None) or (wave.claim.end if wave else None)
    if first is None and last is None:
        unknown.append(Phrase(later("when it moves")))
        start = (0.0, float(months))
    else:
        start = (
            _months(estate.as_of, first or last),
            _months(estate.as_of, last if claim.replication_starts is None else first),
        )
    moved = _months(estate.as_of, last) if last is not None else start[1]
    if claim.decommission_on is None:
        unknown.append(Phrase(later("when the old one stops")))
        stop = (max(moved, start[0]), float(months))
    else:
        step = float(math.ceil(_months(estate.as_of, claim.decommission_on)))
        stop = (step, max(step, _lease(workload, months)))
    return When((min(start), max(start)), (min(stop), max(stop)), tuple(unknown))


def _months(today: dt.date, day: dt.date | None) -> float:
    return 0.0 if day is None else max(0.0, (day - today).days / _MONTH)


def _lease(workload: WorkloadSubject, months: int) -> float:
    """The end of the lease of where it runs, where the plan has but one site."""
    sites = workload.estate.plan.sites or ()
    if len(sites) != 1 or sites[0].lease_ends is None:
        return 0.0
    return min(float(months), math.ceil(_months(workload.estate.as_of, sites[0].lease_ends)))
