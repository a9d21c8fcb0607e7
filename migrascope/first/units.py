"""Units: what has to move together. Shared services are prerequisites and never join a unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from migrascope.estate.graph import together
from migrascope.estate.subjects import DependencySubject, Estate, ResourceSubject, ServerSubject, WorkloadSubject
from migrascope.facts.workload import moves, shared_service
from migrascope.model.uncertain import Known, Missing


@dataclass(frozen=True, eq=False)
class Unit:
    """Workloads that move together: one, as a rule.

    `largest` holds the ids of the unit that it would be in if every dependency of unknown binding were hard.
    `boundary` are the dependencies across its edge, shared services left out; `seen` the calls across it that were
    seen and that the plan does not name, as ids of caller and callee. Nobody said of those whether they tie.
    """

    workloads: tuple[WorkloadSubject, ...]
    largest: tuple[str, ...]
    boundary: tuple[DependencySubject, ...]
    prerequisites: tuple[str, ...]
    seen: tuple[tuple[str, str], ...] = ()

    @cached_property
    def id(self) -> str:
        """The id of its only workload, or the ids of all of them."""
        return "+".join(workload.id for workload in self.workloads)

    @cached_property
    def name(self) -> str:
        """The name that people use."""
        return " + ".join(workload.name for workload in self.workloads)

    @cached_property
    def servers(self) -> tuple[ServerSubject, ...]:
        """The servers of all its workloads."""
        return tuple({server.id: server for workload in self.workloads for server in workload.servers}.values())

    @cached_property
    def others(self) -> tuple[ResourceSubject, ...]:
        """The databases, storage and services of all its workloads."""
        return tuple({each.id: each for workload in self.workloads for each in workload.others}.values())

    @property
    def hard_callers(self) -> int:
        """How many workloads outside call it and cannot run apart from it."""
        mine = set(self.workloads)
        return len({d.caller.id for d in self.boundary if d.callee in mine and d.claim.binding == "hard"})

    @property
    def possible_callers(self) -> int:
        """How many workloads outside call it of which nobody said that they can run apart from it."""
        mine = {workload.id for workload in self.workloads}
        said = {d.caller.id for d in self.boundary if d.callee.id in mine and d.claim.binding != "soft"}
        return len(said | {caller for caller, callee in self.seen if callee in mine})


def is_shared(workload: WorkloadSubject) -> bool:
    """The workload is known to be a shared service."""
    answer = shared_service(workload)
    return isinstance(answer, Known) and answer.value


def stays(workload: WorkloadSubject) -> bool:
    """The workload is known not to move."""
    answer = moves(workload)
    return isinstance(answer, Known) and not answer.value


def seen_only(estate: Estate) -> list[tuple[WorkloadSubject, WorkloadSubject]]:
    """Calls between workloads that were seen and that the plan does not name, shared services left out."""
    return estate.once("first.seen_only", _seen_only)


def _seen_only(estate: Estate) -> list[tuple[WorkloadSubject, WorkloadSubject]]:
    named = {(d.caller.index, d.callee.index) for d in estate.dependencies}
    joins = [not is_shared(workload) for workload in estate.workloads]
    return [
        (estate.workloads[caller], estate.workloads[callee])
        for caller, callee in sorted(estate.traffic.calls)
        if joins[caller] and joins[callee] and (caller, callee) not in named
    ]


def open_ties(estate: Estate) -> bool:
    """Of some call nobody said whether it ties: the plan leaves it open, or does not know of it."""
    return any(d.claim.binding is None for d in estate.dependencies) or bool(seen_only(estate))


def form_units(estate: Estate, *, unknown_ties: bool = False) -> list[Unit]:
    """All units, in the order of the plan. Every workload that is no shared service is in one.

    A dependency of unknown binding does not tie, unless it is asked what would be if it did; nor does a call that was
    seen and that the plan does not name.
    """
    nodes = [workload for workload in estate.workloads if not is_shared(workload)]
    inside = set(nodes)
    calls = [d for d in estate.dependencies if d.caller in inside and d.callee in inside and d.caller is not d.callee]
    hard = [(d.caller, d.callee) for d in calls if d.claim.binding == "hard" and not stays(d.callee)]
    hard += [pair for pair in tied_by_servers(estate) if pair[0] in inside and pair[1] in inside]
    unknown = [(d.caller, d.callee) for d in calls if d.claim.binding is None and not stays(d.callee)]
    seen = seen_only(estate)
    unknown += [pair for pair in seen if not stays(pair[1])]
    largest = {w: tuple(m.id for m in group) for group in together(nodes, [*hard, *unknown]) for w in group}
    shared = _shared_callees(estate)
    units = []
    groups = together(nodes, [*hard, *unknown] if unknown_ties else hard)
    group_of = {workload: number for number, group in enumerate(groups) for workload in group}
    boundaries: list[list[DependencySubject]] = [[] for _ in groups]
    for call in calls:
        ends = group_of[call.caller], group_of[call.callee]
        if ends[0] != ends[1]:
            for end in ends:
                boundaries[end].append(call)
    crossing: list[list[tuple[str, str]]] = [[] for _ in groups]
    for caller, callee in seen:
        for end in {group_of[caller], group_of[callee]} if group_of[caller] != group_of[callee] else ():
            crossing[end].append((caller.id, callee.id))
    for number, group in enumerate(groups):
        needed = sorted({name for workload in group for name in shared.get(workload, ())})
        edge, also = tuple(boundaries[number]), tuple(crossing[number])
        units.append(Unit(tuple(group), largest[group[0]], edge, tuple(needed), also))
    return units


def _shared_callees(estate: Estate) -> dict[WorkloadSubject, list[str]]:
    found: dict[WorkloadSubject, list[str]] = {}
    for dependency in estate.dependencies:
        if is_shared(dependency.callee):
            found.setdefault(dependency.caller, []).append(dependency.callee.id)
    return found


def tied_by_servers(estate: Estate) -> Iterator[tuple[WorkloadSubject, WorkloadSubject]]:
    """Workloads that use one server, database or service, or servers that share a disk."""
    groups: list[list[ResourceSubject]] = [[server] for server in estate.servers if len(server.workloads) > 1]
    others = {each.id: each for workload in estate.workloads for each in workload.others}
    groups += [[each] for each in others.values() if len(each.workloads) > 1]
    groups += [list(users) for users in estate.shared_disks.values()]
    for servers in groups:
        workloads = list(dict.fromkeys(workload for server in servers for workload in server.workloads))
        for other in workloads[1:]:
            yield workloads[0], other


def silent_about_calls(estate: Estate) -> frozenset[Missing]:
    """Workloads whose dependencies nobody named: any of them may be tied to any other."""
    return estate.dependencies.missing
