"""Facts about a wave."""

from __future__ import annotations

from migrascope.estate.subjects import WaveSubject, WorkloadSubject
from migrascope.facts.workload import moves
from migrascope.facts.workload import wave as wave_of
from migrascope.model.fact import Fact, Interval, Known, Listing, Missing, Unknown


def rank(wave: WaveSubject) -> Fact[int]:
    """The place of the wave in the plan's order, from 1."""
    place = wave.estate.at(wave.path)
    return Known(wave.rank, (place,) if place else ())


def workloads(wave: WaveSubject) -> Listing[WorkloadSubject]:
    """The workloads that move in it; what is retired or retained does not move."""
    found: list[WorkloadSubject] = []
    missing = set[Missing]()
    for workload in wave.estate.workloads:
        moving, answer = moves(workload), wave_of(workload)
        if isinstance(moving, Known) and not moving.value:
            continue
        if isinstance(answer, Unknown):
            missing |= answer.missing
        elif answer.value is wave:
            found.append(workload)
    return Listing(tuple(found), frozenset(missing))


def share_percent(wave: WaveSubject) -> Fact[float] | Interval:
    """The part of all moving workloads that move in this wave [%]."""
    inside = other = unsure = 0
    missing = set[Missing]()
    for workload in wave.estate.workloads:
        moving, where = moves(workload), wave_of(workload)
        if isinstance(moving, Known) and not moving.value:
            continue
        here = isinstance(where, Known) and where.value is wave
        if isinstance(moving, Known) and isinstance(where, Known):
            inside += here
            other += not here
        else:
            unsure += 1
            for answer in (moving, where):
                if isinstance(answer, Unknown):
                    missing |= answer.missing
    total = inside + other + unsure
    if total == 0:
        return Known(0.0)
    if not unsure:
        return Known(100.0 * inside / total)
    return Interval(100.0 * inside / total, 100.0 * (inside + unsure) / total, frozenset(missing))


EFFICIENCY = (0.25, 0.85)
"""Share of a link that a copy gets where nobody measured it: from a shared path to a tuned one (ESnet)."""


def transfer_hours(wave: WaveSubject) -> Fact[float] | Interval:
    """Time to copy the data of what moves in it over the stated link, less what is replicated beforehand [hours]."""
    zone = wave.estate.plan.landing_zone
    link = zone.network.link_mbps if zone and zone.network else None
    if not link:
        return Unknown.because("plan", "landing_zone.network.link_mbps", "plan", "silent")
    share = zone.network.link_efficiency_percent if zone and zone.network else None
    volume, missing = 0.0, set(workloads(wave).missing)
    for workload in workloads(wave):
        if workload.claim.replication_starts is not None or workload.claim.disposition == "repurchase":
            continue
        size = workload.claim.data.volume_gb if workload.claim.data else None
        if size is None:
            missing.add(Missing("workload", "data.volume_gb", workload.id, "silent"))
        else:
            volume += size
    if share is None:
        missing.add(Missing("plan", "landing_zone.network.link_efficiency_percent", "plan", "silent"))
    slow, fast = (share / 100, share / 100) if share else EFFICIENCY
    hours = [volume * 8000 / (link * part) / 3600 for part in (fast, slow)]
    if not missing:
        return Known(hours[0])
    only_the_link = share is None and len(missing) == 1
    return Interval(hours[0], hours[1] if only_the_link else None, frozenset(missing))
