"""Facts about a dependency."""

from __future__ import annotations

from migrascope.estate.subjects import DependencySubject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.model.uncertain import Fact, Known


def caller(asking: Asking, dependency: DependencySubject) -> Fact[WorkloadSubject]:
    """The workload that calls."""
    place = asking.at(dependency.caller.path)
    return Known(dependency.caller, (place,) if place else ())


def callee(asking: Asking, dependency: DependencySubject) -> Fact[WorkloadSubject]:
    """The workload that is called."""
    place = asking.at((*dependency.path, "on"))
    return Known(dependency.callee, (place,) if place else ())
