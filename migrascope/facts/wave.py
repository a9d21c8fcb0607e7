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
