"""Units: what has to move together. Shared services are prerequisites and never join a unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from migrascope.estate.graph import together
from migrascope.estate.subjects import ResourceSubject, ServerSubject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.workload import moves, shared_service
from migrascope.model.uncertain import Known, Missing, known_or_none

Binding = Literal["hard", "soft"] | None


@dataclass(frozen=True, slots=True)
class Call:
    """A dependency that the plan states; `binding` is None where it does not say whether it ties.

    `precedes` says that the one that is called has to move first; None where that is not known.
    """

    caller: WorkloadSubject
    callee: WorkloadSubject
    binding: Binding
    precedes: bool | None = False


@dataclass(frozen=True, eq=False)
class Unit:
    """Workloads that move together: one, as a rule.

    `largest` holds the ids of the unit that it would be in if every dependency of unknown binding were hard.
    `boundary` are the dependencies across its edge, shared services left out; `seen` the calls across it that were
    observed and that the plan does not name, as ids of caller and callee. `callers` are all calls to one of its workloads from
    another one, inside the unit or outside of it.
    """

    workloads: tuple[WorkloadSubject, ...]
    largest: tuple[str, ...]
    boundary: tuple[Call, ...]
    prerequisites: tuple[str, ...]
    seen: tuple[tuple[str, str], ...] = ()
    callers: tuple[Call, ...] = ()

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
    def size(self) -> int:
        """How much has to move together: machines and all else that it consists of, or workloads where these are more."""
        return max(len(self.servers) + len(self.others), len(self.workloads))

    @property
    def complete(self) -> bool:
        """All servers of all its workloads are known."""
        return all(workload.servers.complete for workload in self.workloads)

    @property
    def hard_callers(self) -> int:
        """How many other workloads cannot run without the one of its workloads that most depend on.

        A hard caller joins the unit of what it calls, and depends on it all the same.
        """
        return max(len({c.caller.id for c in self.callers if c.callee is w and c.binding == "hard"}) for w in self.workloads)

    @property
    def possible_callers(self) -> int:
        """The same, counting those of which nobody said that they can run apart from it."""
        return max(len(self._possible(workload)) for workload in self.workloads)

    def _possible(self, workload: WorkloadSubject) -> set[str]:
        stated = {call.caller.id for call in self.callers if call.callee is workload and call.binding != "soft"}
        return stated | {caller for caller, callee in self.seen if callee == workload.id}


def is_shared(asking: Asking, workload: WorkloadSubject) -> bool:
    """The workload is known to be a shared service."""
    answer = shared_service(asking, workload)
    return isinstance(answer, Known) and answer.value


def stays(asking: Asking, workload: WorkloadSubject) -> bool:
    """The workload is known not to move."""
    answer = moves(asking, workload)
    return isinstance(answer, Known) and not answer.value


def observed_only(asking: Asking) -> list[tuple[WorkloadSubject, WorkloadSubject]]:
    """Calls between workloads that were observed and that the plan does not name, shared services left out."""
    estate = asking.estate
    named = {(d.caller.index, d.callee.index) for d in estate.dependencies}
    joins = [not is_shared(asking, workload) for workload in estate.workloads]
    return [
        (estate.workloads[caller], estate.workloads[callee])
        for caller, callee in sorted(estate.traffic.calls)
        if joins[caller] and joins[callee] and (caller, callee) not in named
    ]


def stated_calls(asking: Asking) -> list[Call]:
    """The dependencies of the plan between different workloads."""
    dependencies = (d for d in asking.estate.dependencies if d.caller is not d.callee)
    return [
        Call(d.caller, d.callee, *(known_or_none(asking.ask(d, name)) for name in ("binding", "precedes")))
        for d in dependencies
    ]


def open_ties(asking: Asking) -> bool:
    """Of some call nobody said whether it ties: the plan leaves it open, or does not know of it."""
    return any(call.binding is None for call in asking.once_of_claims(stated_calls)) or bool(
        asking.once_of_claims(observed_only)
    )


def form_units(asking: Asking, *, unknown_ties: bool = False) -> list[Unit]:
    """All units, in the order of the plan. Every workload that is no shared service is in one.

    A dependency of unknown binding does not tie, unless it is asked what would be if it did; nor does a call that was
    observed and that the plan does not name.
    """
    nodes = [workload for workload in asking.estate.workloads if not is_shared(asking, workload)]
    inside = set(nodes)
    calls = [c for c in asking.once_of_claims(stated_calls) if c.caller in inside and c.callee in inside]
    hard = [(c.caller, c.callee) for c in calls if c.binding == "hard" and not stays(asking, c.callee)]
    hard += [pair for pair in tied_by_servers(asking) if pair[0] in inside and pair[1] in inside]
    unknown = [(c.caller, c.callee) for c in calls if c.binding is None and not stays(asking, c.callee)]
    observed = asking.once_of_claims(observed_only)
    unknown += [pair for pair in observed if not stays(asking, pair[1])]
    largest = {w: tuple(m.id for m in group) for group in together(nodes, [*hard, *unknown]) for w in group}
    groups = together(nodes, [*hard, *unknown] if unknown_ties else hard)
    return _units(asking, groups, calls, observed, largest)


def _units(
    asking: Asking,
    groups: list[list[WorkloadSubject]],
    calls: list[Call],
    observed: list[tuple[WorkloadSubject, WorkloadSubject]],
    largest: dict[WorkloadSubject, tuple[str, ...]],
) -> list[Unit]:
    """Groups with the calls to them and across their edges."""
    shared = _shared_callees(asking)
    group_of = {workload: number for number, group in enumerate(groups) for workload in group}
    boundaries: list[list[Call]] = [[] for _ in groups]
    callers: list[list[Call]] = [[] for _ in groups]
    for call in calls:
        ends = group_of[call.caller], group_of[call.callee]
        callers[ends[1]].append(call)
        for end in ends if ends[0] != ends[1] else ():
            boundaries[end].append(call)
    crossing: list[list[tuple[str, str]]] = [[] for _ in groups]
    for caller, callee in observed:
        for end in {group_of[caller], group_of[callee]} if group_of[caller] != group_of[callee] else ():
            crossing[end].append((caller.id, callee.id))
    return [
        Unit(
            tuple(group),
            largest[group[0]],
            tuple(boundaries[number]),
            tuple(sorted({name for workload in group for name in shared.get(workload, ())})),
            tuple(crossing[number]),
            tuple(callers[number]),
        )
        for number, group in enumerate(groups)
    ]


def _shared_callees(asking: Asking) -> dict[WorkloadSubject, list[str]]:
    callees: dict[WorkloadSubject, list[str]] = {}
    for call in asking.once_of_claims(stated_calls):
        if is_shared(asking, call.callee):
            callees.setdefault(call.caller, []).append(call.callee.id)
    return callees


def tied_by_servers(asking: Asking) -> Iterator[tuple[WorkloadSubject, WorkloadSubject]]:
    """Workloads that use one server, database or service, or servers that share a disk."""
    estate = asking.estate
    groups: list[list[ResourceSubject]] = [[server] for server in estate.servers if len(server.workloads) > 1]
    others = {each.id: each for workload in estate.workloads for each in workload.others}
    groups += [[each] for each in others.values() if len(each.workloads) > 1]
    groups += [list(users) for users in estate.shared_disks.values()]
    for servers in groups:
        workloads = list(dict.fromkeys(workload for server in servers for workload in server.workloads))
        for other in workloads[1:]:
            yield workloads[0], other


def silent_about_calls(asking: Asking) -> frozenset[Missing]:
    """Workloads whose dependencies nobody named: any of them may be tied to any other."""
    return asking.estate.dependencies.missing
