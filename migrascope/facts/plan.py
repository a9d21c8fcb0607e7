"""Facts about the plan as a whole."""

from __future__ import annotations

import datetime as dt

from migrascope.estate.graph import circles
from migrascope.estate.subjects import DependencySubject, PlanSubject, WaveSubject, WorkloadSubject
from migrascope.facts.workload import moves, shared_service, wave
from migrascope.model.fact import Fact, Interval, Known, Listing, Missing, Unknown


def as_of(plan: PlanSubject) -> Fact[dt.date]:
    """The day on which the plan is judged."""
    place = plan.estate.at(("as_of",)) if plan.claim.as_of else None
    return Known(plan.estate.as_of, (place,) if place else ())


def moving_workloads(plan: PlanSubject) -> Fact[int] | Interval:
    """How many workloads move, as the plan says it."""
    low, missing = 0, set[Missing]()
    answers = [moves(workload) for workload in plan.estate.workloads]
    for answer in answers:
        if isinstance(answer, Unknown):
            missing |= answer.missing
        else:
            low += answer.value
    if not missing:
        return Known(low)
    return Interval(low, low + sum(isinstance(answer, Unknown) for answer in answers), frozenset(missing))


def cycles_across_waves(plan: PlanSubject) -> Listing[str]:
    """Circles of calls whose workloads move in different waves, each as `a -> b -> a (wave 1, wave 2)`."""
    estate = plan.estate
    edges = [d for d in estate.dependencies if d.caller is not d.callee and not _is_shared(d)]
    found: list[str] = []
    missing = set(estate.dependencies.missing)
    for circle in circles(estate.workloads, ((d.caller, d.callee) for d in edges)):
        waves: list[WaveSubject] = []
        unknown = set[Missing]()
        for workload in circle:
            answer = wave(workload)
            if isinstance(answer, Known):
                waves.append(answer.value)
            else:
                unknown |= answer.missing
        if len({w.rank for w in waves}) > 1:
            found.append(_described(circle, waves))
        else:
            missing |= unknown
    for dependency in estate.dependencies:
        shared = shared_service(dependency.callee)
        if isinstance(shared, Unknown):
            missing |= shared.missing
    return Listing(tuple(found), frozenset(missing))


def _is_shared(dependency: DependencySubject) -> bool:
    answer = shared_service(dependency.callee)
    return isinstance(answer, Known) and answer.value


def _described(circle: list[WorkloadSubject], waves: list[WaveSubject]) -> str:
    names = " -> ".join([*(workload.id for workload in circle), circle[0].id])
    ranked = sorted({wave.rank: wave.id for wave in waves}.items())
    return f"{names} ({', '.join(name for _, name in ranked)})"
