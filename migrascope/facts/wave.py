"""Facts about a wave."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from migrascope.estate.subjects import WaveSubject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.workload import moves, provider
from migrascope.facts.workload import wave as wave_of
from migrascope.model.plan import PARTS
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown


def rank(asking: Asking, wave: WaveSubject) -> Fact[int]:
    """The place of the wave in the plan's order, from 1."""
    place = asking.at(wave.path)
    return Known(wave.rank, (place,) if place else ())


@dataclass(frozen=True, slots=True)
class _Moving:
    """All workloads, sorted once by what the plan says of where they go."""

    sure: Mapping[str, tuple[WorkloadSubject, ...]]
    """Those that move, or may, by the id of their wave."""
    inside: Mapping[str, int]
    """How many of these surely move."""
    unsure: int
    """How many of which it is not known whether they move, or in which wave."""
    waveless: frozenset[Missing]
    """Which workloads name no wave."""
    missing: frozenset[Missing]
    """All that is missing of those that are unsure."""


def _moving(asking: Asking) -> _Moving:
    """Every workload by the wave that it moves in."""
    sure: dict[str, list[WorkloadSubject]] = {}
    inside: Counter[str] = Counter()
    unsure, waveless, missing = 0, set[Missing](), set[Missing]()
    for workload in asking.estate.workloads:
        moving, where = moves(asking, workload), wave_of(asking, workload)
        if isinstance(moving, Known) and not moving.value:
            continue
        if isinstance(where, Known):
            sure.setdefault(where.value.id, []).append(workload)
        else:
            waveless |= where.missing
        if isinstance(moving, Known) and isinstance(where, Known):
            inside[where.value.id] += 1
        else:
            unsure += 1
            missing |= {each for answer in (moving, where) if isinstance(answer, Unknown) for each in answer.missing}
    by_wave = {name: tuple(found) for name, found in sure.items()}
    return _Moving(by_wave, inside, unsure, frozenset(waveless), frozenset(missing))


def workloads(asking: Asking, wave: WaveSubject) -> Listing[WorkloadSubject]:
    """The workloads that move in it; what is retired or retained does not move."""
    moving = asking.once_of_claims(_moving)
    return Listing(moving.sure.get(wave.id, ()), moving.waveless)


def share_percent(asking: Asking, wave: WaveSubject) -> Fact[float] | Bounds:
    """The part of all moving workloads that move in this wave [%]."""
    moving = asking.once_of_claims(_moving)
    inside = moving.inside.get(wave.id, 0)
    total = sum(moving.inside.values()) + moving.unsure
    if total == 0:
        return Known(0.0)
    if not moving.unsure:
        return Known(100.0 * inside / total)
    return Bounds(100.0 * inside / total, 100.0 * (inside + moving.unsure) / total, moving.missing)


EFFICIENCY = (0.25, 0.85)
"""Share of a link that a copy gets where nobody measured it: from a shared path to a tuned one (ESnet)."""


def transfer_hours(asking: Asking, wave: WaveSubject) -> Fact[float] | Bounds:
    """Time to copy the data of what moves in it over the stated link, less what is replicated beforehand [hours]."""
    zone = asking.estate.plan.landing_zone
    link = zone.network.link_mbps if zone and zone.network else None
    if not link:
        return Unknown.because("plan", "landing_zone.network.link_mbps", "plan", "silent")
    share = zone.network.link_efficiency_percent if zone and zone.network else None
    volume, missing = 0.0, set(workloads(asking, wave).missing)
    for workload in workloads(asking, wave):
        claim = asking.claim(workload)
        if claim.replication_starts is not None or claim.disposition == "repurchase":
            continue
        size = claim.data.volume_gb if claim.data else None
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
    return Bounds(hours[0], hours[1] if only_the_link else None, frozenset(missing))


def servers(asking: Asking, wave: WaveSubject) -> Fact[int] | Bounds:
    """How many servers move in it."""
    moving = workloads(asking, wave)
    missing, ids = set(moving.missing), set[str]()
    for workload in moving:
        missing |= workload.servers.missing
        ids |= {server.id for server in workload.servers}
    return Bounds(len(ids), None, frozenset(missing)) if missing else Known(len(ids))


def volume_gb(asking: Asking, wave: WaveSubject) -> Fact[float] | Bounds:
    """Data of what moves in it, as the plan says it [GB]."""
    total, missing = _data_of(asking, wave, "volume_gb")
    return Bounds(total, None, frozenset(missing)) if missing else Known(total)


def _data_of(asking: Asking, wave: WaveSubject, field: str) -> tuple[float, set[Missing]]:
    """A figure about the data of what moves in it, summed over those that give it, and what is missing."""
    moving = workloads(asking, wave)
    total, missing = 0.0, set(moving.missing)
    for workload in moving:
        value = getattr(asking.claim(workload).data, field) if asking.claim(workload).data else None
        if value is None:
            missing.add(Missing("workload", f"data.{field}", workload.id, "silent"))
        else:
            total += value
    return total, missing


def daily_change_hours(asking: Asking, wave: WaveSubject) -> Fact[float] | Bounds:
    """Time that the link needs each day to carry what changed in the data of its workloads [hours]."""
    zone = asking.estate.plan.landing_zone
    link = zone.network.link_mbps if zone and zone.network else None
    if not link:
        return Unknown.because("plan", "landing_zone.network.link_mbps", "plan", "silent")
    share = zone.network.link_efficiency_percent if zone and zone.network else None
    total, missing = _data_of(asking, wave, "change_gb_per_day")
    hours = [total * 8000 / (link * part) / 3600 for part in ((share / 100,) * 2 if share else EFFICIENCY[::-1])]
    if share is None:
        missing.add(Missing("plan", "landing_zone.network.link_efficiency_percent", "plan", "silent"))
    if not missing:
        return Known(hours[0])
    only_the_link = share is None and len(missing) == 1
    return Bounds(min(hours), max(hours) if only_the_link else None, frozenset(missing))


def late_parts(asking: Asking, wave: WaveSubject) -> Listing[str]:
    """Parts of the landing zone that are planned for a day after the wave starts, each as `network (2027-02-01)`."""
    zone = asking.estate.plan.landing_zone
    start = asking.claim(wave).start
    found, missing = [], set[Missing]()
    if start is None:
        missing.add(Missing("wave", "start", wave.id, "silent"))
    for name in PARTS:
        part = getattr(zone, name) if zone is not None else None
        if part is None or part.state is None:
            missing.add(Missing("plan", f"landing_zone.{name}.state", "plan", "silent"))
        elif part.state == "planned" and part.due is None:
            missing.add(Missing("plan", f"landing_zone.{name}.due", "plan", "silent"))
        elif part.state == "planned" and start is not None and part.due is not None and part.due > start:
            found.append(f"{name} ({part.due})")
    return Listing(tuple(found), frozenset(missing))


def starts_before_the_one_before(asking: Asking, wave: WaveSubject) -> Fact[bool]:
    """It starts on an earlier day than the wave that stands before it in the plan."""
    if wave.rank == 1:
        return Known(value=False)
    before = asking.estate.waves[wave.rank - 2]
    for each in (before, wave):
        if asking.claim(each).start is None:
            return Unknown.because("wave", "start", each.id, "silent")
    place = asking.at((*wave.path, "start"))
    starts = [asking.claim(each).start or dt.date.max for each in (before, wave)]
    return Known(starts[1] < starts[0], (place,) if place else ())


def name_before(asking: Asking, wave: WaveSubject) -> Fact[str]:
    """The name of the wave that stands before it."""
    if wave.rank == 1:
        return Unknown.because("wave", "name_before", wave.id, "undecidable")
    return Known(asking.estate.waves[wave.rank - 2].name)


def replication_limit(asking: Asking, wave: WaveSubject) -> Fact[int]:
    """Most machines that the provider's own service replicates at a time, for the provider that the wave goes to."""
    limits: list[int] = []
    missing = set(workloads(asking, wave).missing)
    for workload in workloads(asking, wave):
        where = provider(asking, workload)
        if isinstance(where, Unknown):
            missing |= where.missing
            continue
        limit = asking.estate.knowledge.disk_limits.get(where.value)
        if limit is None or limit.replicating is None:
            missing.add(Missing("wave", "replication_limit", wave.id, "no_knowledge", where.value))
        else:
            limits.append(limit.replicating)
    if not limits or missing:
        return Unknown(frozenset(missing) or frozenset((Missing("wave", "workloads", wave.id, "undecidable"),)))
    return Known(min(limits))
