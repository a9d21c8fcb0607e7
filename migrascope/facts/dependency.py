"""Facts about a dependency."""

from __future__ import annotations

from migrascope.estate.subjects import DependencySubject, WorkloadSubject
from migrascope.model.uncertain import Fact, Known


def caller(dependency: DependencySubject) -> Fact[WorkloadSubject]:
    """The workload that calls."""
    place = dependency.estate.at(dependency.caller.path)
    return Known(dependency.caller, (place,) if place else ())


def callee(dependency: DependencySubject) -> Fact[WorkloadSubject]:
    """The workload that is called."""
    place = dependency.estate.at((*dependency.path, "on"))
    return Known(dependency.callee, (place,) if place else ())
