"""Facts about the plan as a whole."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterator
from typing import Any

from migrascope.estate.graph import circles
from migrascope.estate.subjects import PlanSubject, WaveSubject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.workload import moves, shared_service, wave
from migrascope.model.secrets import holds_secret
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown
from migrascope.schedule.calendar import Period, overlap_days, public_holidays, quarter, quarter_after, working_days


def as_of(asking: Asking, plan: PlanSubject) -> Fact[dt.date]:
    """The day on which the plan is judged."""
    place = asking.at(("as_of",)) if asking.claim(plan).as_of else None
    return Known(asking.estate.as_of, (place,) if place else ())


def moving_workloads(asking: Asking, plan: PlanSubject) -> Fact[int] | Bounds:
    """How many workloads move, as the plan says it."""
    low, missing = 0, set[Missing]()
    answers = [moves(asking, workload) for workload in asking.estate.workloads]
    for answer in answers:
        if isinstance(answer, Unknown):
            missing |= answer.missing
        else:
            low += answer.value
    if not missing:
        return Known(low)
    return Bounds(low, low + sum(isinstance(answer, Unknown) for answer in answers), frozenset(missing))


def cycles_across_waves(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Circles of calls whose workloads move in different waves, each as `a -> b -> a (wave 1, wave 2)`."""
    edges = [
        d for d in asking.estate.dependencies if d.caller is not d.callee and asking.claim(d.callee).shared_service is not True
    ]
    found: list[str] = []
    missing = set(asking.estate.dependencies.missing)
    for circle in circles(asking.estate.workloads, ((d.caller, d.callee) for d in edges)):
        waves: list[WaveSubject] = []
        unknown = set[Missing]()
        for workload in circle:
            answer = wave(asking, workload)
            if isinstance(answer, Known):
                waves.append(answer.value)
            else:
                unknown |= answer.missing
        inferred = [w for w in circle if asking.claim(w).shared_service is None and _is_shared(asking, w)]
        if inferred:
            # By its category it is a shared service, and would break the circle; the plan does not say so.
            missing |= {Missing("workload", "shared_service", w.id, "silent") for w in inferred}
        elif len({w.rank for w in waves}) > 1:
            found.append(_described(asking, circle, waves))
        else:
            missing |= unknown
    return Listing(tuple(found), frozenset(missing))


def _is_shared(asking: Asking, workload: WorkloadSubject) -> bool:
    answer = shared_service(asking, workload)
    return isinstance(answer, Known) and answer.value


def _described(asking: Asking, circle: list[WorkloadSubject], waves: list[WaveSubject]) -> str:
    names = " -> ".join([*(workload.id for workload in circle), circle[0].id])
    ranked = sorted({wave.rank: wave.id for wave in waves}.items())
    return f"{names} ({', '.join(name for _, name in ranked)})"


def secret_places(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Fields of the plan that hold what looks like a password, a key or a token, by path."""
    return Listing(tuple(_secrets(asking.claim(plan).model_dump(by_alias=True, exclude_none=True), ())))


def _secrets(node: dict[str, Any] | list[Any] | tuple[Any, ...], path: tuple[str, ...]) -> Iterator[str]:
    for step, value in node.items() if isinstance(node, dict) else enumerate(node):
        if isinstance(value, str):
            if holds_secret(value):
                yield ".".join((*path, str(step)))
        elif isinstance(value, (dict, list, tuple)):
            yield from _secrets(value, (*path, str(step)))


def overlapping_ranges(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Address ranges of the landing zone that overlap a range in use at a site, each as `range: site range`."""
    claim = asking.claim(plan)
    missing = set[Missing]()
    zone = claim.landing_zone.network if claim.landing_zone and claim.landing_zone.network else None
    ours = zone.ranges if zone is not None else None
    if ours is None:
        missing.add(Missing("plan", "landing_zone.network.ranges", "plan", "silent"))
    if claim.sites is None:
        missing.add(Missing("plan", "sites", "plan", "silent"))
    found: list[str] = []
    for site in claim.sites or ():
        if site.ranges is None:
            missing.add(Missing("plan", "sites.ranges", "plan", "silent"))
        for theirs in site.ranges or ():
            found += [f"{range_}: {site.id} {theirs}" for range_ in ours or () if _overlap(range_, theirs)]
    return Listing(tuple(found), frozenset(missing))


def _overlap(first: str, second: str) -> bool:
    left, right = ipaddress.ip_network(first), ipaddress.ip_network(second)
    return left.version == right.version and left.overlaps(right)


def quarter_name(asking: Asking, plan: PlanSubject) -> Fact[str]:
    """The quarter that is planned; the one after as_of where the plan names none."""
    place = asking.at(("quarter",)) if asking.claim(plan).quarter else None
    return Known(asking.claim(plan).quarter or quarter_after(asking.estate.as_of), (place,) if place else ())


def capacity_days(asking: Asking, plan: PlanSubject) -> Fact[float] | Bounds:
    """Working days that the stated people have in the quarter, less holidays, freezes and the reserve [days].

    Each of the three that the plan does not state leaves an upper bound only.
    """
    capacity = asking.claim(plan).capacity
    if capacity is None or capacity.fte is None:
        return Unknown.because("plan", "capacity.fte", "plan", "silent")
    period = quarter(asking.claim(plan).quarter or quarter_after(asking.estate.as_of))
    freezes = (Period(freeze.from_, freeze.to) for freeze in capacity.freezes or ())
    days = working_days(period, capacity.holidays, freezes)
    found = capacity.fte * days * (1 - (capacity.reserve_percent or 0) / 100)
    missing = {
        Missing("plan", f"capacity.{name}", "plan", "silent")
        for name in ("reserve_percent", "holidays", "freezes")
        if getattr(capacity, name) is None
    }
    if capacity.holidays is not None and not public_holidays(capacity.holidays, period.start.year):
        missing.add(Missing("plan", "capacity.holidays", "plan", "no_knowledge", capacity.holidays))
    place = asking.at(("capacity",))
    return Bounds(0.0, found, frozenset(missing)) if missing else Known(found, (place,) if place else ())


def effort_days_in_quarter(asking: Asking, plan: PlanSubject) -> Fact[float] | Bounds:
    """Likely work of the workloads that move in the quarter, by the days that their wave shares with it [days]."""
    period = quarter(asking.claim(plan).quarter or quarter_after(asking.estate.as_of))
    total, missing = 0.0, set[Missing]()
    for workload in asking.estate.workloads:
        moving = moves(asking, workload)
        if isinstance(moving, Known) and not moving.value:
            continue
        share = _share(asking, workload, period)
        stated = asking.claim(workload).effort_days
        effort = stated.likely if stated else None
        if share == 0:
            continue
        if isinstance(moving, Unknown):
            missing |= moving.missing
        elif share is None:
            missing.add(Missing("workload", "wave", workload.id, "silent"))
        elif effort is None:
            missing.add(Missing("workload", "effort_days.likely", workload.id, "silent"))
        else:
            total += effort * share
    return Bounds(total, None, frozenset(missing)) if missing else Known(total)


def _share(asking: Asking, workload: WorkloadSubject, period: Period) -> float | None:
    """The part of a workload's wave that falls into a period; None where the wave or its days are not known."""
    answer = wave(asking, workload)
    if isinstance(answer, Unknown):
        return None
    start, end = asking.claim(answer.value).start, asking.claim(answer.value).end
    if start is None or end is None or end < start:
        return None
    return overlap_days(Period(start, end), period) / ((end - start).days + 1)


def days_before_first_workload(asking: Asking, plan: PlanSubject) -> Fact[int] | Bounds:
    """Days from the start of the first wave to the start of the first wave in which a workload moves."""
    starts, missing, unsure = [], set[Missing](), False
    for subject in asking.estate.waves:
        start = asking.claim(subject).start
        if start is None:
            unsure = True  # it may start before all others
            missing.add(Missing("wave", "start", subject.id, "silent"))
        else:
            starts.append(start)
    used = set[str]()
    for workload in asking.estate.workloads:
        moving, where = moves(asking, workload), wave(asking, workload)
        if isinstance(moving, Known) and not moving.value:
            continue
        if isinstance(moving, Known) and isinstance(where, Known):
            used.add(where.value.id)
        else:
            unsure = True
            for answer in (moving, where):
                missing |= answer.missing if isinstance(answer, Unknown) else frozenset()
    first = [start for w in asking.estate.waves if w.id in used and (start := asking.claim(w).start) is not None]
    if not starts or not first:
        return Unknown(frozenset(missing) or frozenset((Missing("plan", "waves", "plan", "silent"),)))
    days = (min(first) - min(starts)).days
    return Bounds(0, None, frozenset(missing)) if unsure else Known(days)
