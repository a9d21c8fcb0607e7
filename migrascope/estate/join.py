"""Join a plan with an inventory into a frozen estate."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from migrascope.estate.bill import bill_of
from migrascope.estate.coverage import CoverageIndex
from migrascope.estate.matching import match_members
from migrascope.estate.subjects import (
    DependencySubject,
    Estate,
    PlanSubject,
    ResourceSubject,
    ServerSubject,
    Subject,
    WaiverSubject,
    WaveSubject,
    WorkloadSubject,
)
from migrascope.estate.traffic import observed
from migrascope.estate.utilisation import utilisation
from migrascope.knowledge import Knowledge
from migrascope.model.inventory import Inventory
from migrascope.model.kinds import KINDS
from migrascope.model.place import Place
from migrascope.model.places import Places
from migrascope.model.plan import Plan, Waiver
from migrascope.model.uncertain import NOTHING, Listing, Missing


def join(
    plan: Plan,
    places: Places,
    inventory: Inventory | None,
    knowledge: Knowledge,
    as_of: dt.date,
    waivers: Sequence[tuple[Waiver, Place | None]] = (),
) -> Estate:
    """The estate of a plan and an inventory; without an inventory every server is unknown."""
    held = inventory if inventory is not None else Inventory()
    collected = inventory is not None
    coverage = CoverageIndex.of(held)
    workloads = tuple(
        WorkloadSubject(claim.id, claim.name or claim.id, claim=claim, index=index)
        for index, claim in enumerate(plan.workloads)
    )
    servers, templates = _servers(held, coverage, collected=collected)
    resources = _resources(held, coverage, collected=collected)
    match_members(workloads, servers, resources, collected=collected)
    claimed = ((s.id, s.name, tuple(w.index for w in s.workloads)) for s in servers)
    disks, doubts = _shared_disks(servers)
    apart_by_rule = _kept_apart(held, servers)
    bill = bill_of(held)
    memory = {server.id: server.attributes.get("memory_mib", 0.0) for server in servers}
    organisation = plan.organisation.name if plan.organisation else None
    return Estate(
        plan=plan,
        places=places,
        as_of=as_of,
        knowledge=knowledge,
        coverage=coverage,
        has_inventory=collected,
        plan_subject=PlanSubject("plan", organisation or "plan", claim=plan),
        waves=tuple(WaveSubject(w.id, w.name or w.id, claim=w, rank=rank) for rank, w in enumerate(plan.waves or (), start=1)),
        workloads=workloads,
        dependencies=_dependencies(workloads),
        servers=servers,
        templates=templates,
        waivers=tuple(_waivers(plan, places, waivers)),
        resources=resources,
        bill=bill if bill.currency else None,
        traffic=observed(held, claimed, coverage, knowledge.anchors.limits.watched_days),
        apart=_by_server(apart_by_rule),
        apart_by_rule=apart_by_rule,
        collected_on=_oldest_day(held),
        utilisation=utilisation(held.measurements, memory),
        disk_doubts=doubts,
        shared_disks=disks,
    )


def _oldest_day(inventory: Inventory) -> dt.date | None:
    """The oldest day of collection; None where a part does not say its day."""
    days = [header.collected_at for header in inventory.headers]
    dated = [dt.date.fromisoformat(day[:10]) for day in days if day is not None]
    return min(dated) if dated and len(dated) == len(days) else None


def _kept_apart(inventory: Inventory, servers: Iterable[ServerSubject]) -> dict[str, tuple[ServerSubject, ...]]:
    """Servers that a cluster rule keeps on different hosts, by that rule."""
    if not any(tie[0] == "kept_apart" for tie in inventory.relations.ties):
        return {}
    by_id = {server.id: server for server in servers}
    by_rule: dict[str, dict[str, ServerSubject]] = {}
    for relation in inventory.relations:
        if relation.type == "kept_apart" and relation.source in by_id:
            by_rule.setdefault(relation.target, {})[relation.source] = by_id[relation.source]
    return {rule: tuple(members.values()) for rule, members in by_rule.items()}


def _by_server(by_rule: Mapping[str, Sequence[ServerSubject]]) -> dict[str, tuple[str, ...]]:
    """The rules that keep a server apart from others, by its id."""
    rules: dict[str, list[str]] = {}
    for rule, members in by_rule.items():
        for server in members:
            rules.setdefault(server.id, []).append(rule)
    return {id_: tuple(names) for id_, names in rules.items()}


def _waivers(plan: Plan, places: Places, beside: Sequence[tuple[Waiver, Place | None]]) -> Iterable[WaiverSubject]:
    """The plan's own waivers, and those that were given beside it."""
    own = [(claim, places.at(("waivers", number))) for number, claim in enumerate(plan.waivers or ())]
    counts: Counter[str] = Counter()
    for number, (claim, place) in enumerate([*own, *beside]):
        rules = " ".join(rule for rule in (claim.rule, *(claim.rules or ())) if rule)
        name = f"{rules or '?'}: {claim.subject or '?'}"
        counts[name] += 1
        id_ = f"{name} #{counts[name]}" if counts[name] > 1 else name
        yield WaiverSubject(id_, name, claim=claim, number=number, place=place)


def _servers(inventory: Inventory, coverage: CoverageIndex, *, collected: bool) -> tuple[Listing[ServerSubject], int]:
    """The servers that are no templates, and how many templates there are."""
    records = [record for record in inventory.resources if record["type"] == "server"]
    running = [record for record in records if record["attributes"].get("template") is not True]
    # Only vSphere has templates in its list of machines; there, one that is not marked may be one.
    doubtful = (r for r in running if r.get("provider", "vsphere") == "vsphere" and "template" not in r["attributes"])
    doubts = frozenset(Missing("server", "template", record["id"], "blank") for record in doubtful)
    missing = coverage.missing("server", {record["scope"] for record in records}, collected=collected)
    servers = tuple(ServerSubject(r["id"], r.get("name") or r["id"], record=r, coverage=coverage) for r in running)
    return Listing(servers, missing | doubts), len(records) - len(running)


def _resources(inventory: Inventory, coverage: CoverageIndex, *, collected: bool) -> dict[str, Listing[Subject]]:
    """Everything that was observed but servers, by kind."""
    resources: dict[str, Listing[Subject]] = {}
    for kind in KINDS:
        if kind != "server":
            records = [record for record in inventory.resources if record["type"] == kind]
            missing = coverage.missing(kind, {record["scope"] for record in records}, collected=collected)
            subjects = (
                ResourceSubject(r["id"], r.get("name") or r["id"], record=r, coverage=coverage, kind=kind) for r in records
            )
            resources[kind] = Listing(tuple(subjects), missing)
    return resources


def _dependencies(workloads: Sequence[WorkloadSubject]) -> Listing[DependencySubject]:
    """Every dependency that the plan states, and the workloads of which it states none."""
    by_id = {workload.id: workload for workload in workloads}
    dependencies: list[DependencySubject] = []
    missing: set[Missing] = set()
    for caller in workloads:
        claimed = caller.claim.dependencies
        if claimed is None:
            missing.add(Missing("workload", "dependencies", caller.id, caller.why_unstated("dependencies")))
        counts: Counter[str] = Counter()
        for number, claim in enumerate(claimed or ()):
            callee = by_id[claim.on]
            counts[claim.on] += 1
            repeated = f" #{counts[claim.on]}" if counts[claim.on] > 1 else ""
            id_, name = f"{caller.id} -> {callee.id}{repeated}", f"{caller.name} -> {callee.name}"
            dependencies.append(DependencySubject(id_, name, claim=claim, caller=caller, callee=callee, number=number))
    return Listing(tuple(dependencies), frozenset(missing))


def _shared_disks(servers: Iterable[ServerSubject]) -> tuple[dict[str, tuple[ServerSubject, ...]], frozenset[Missing]]:
    """Servers by the disk that they share, and what would have to be known to be sure of it.

    A raw LUN that two servers name, or a disk file that several may write to, is one disk.
    """
    users: dict[str, dict[str, ServerSubject]] = {}
    doubts: set[Missing] = set()
    for server in servers:
        for disk in server.attributes.get("disks", ()):
            key = disk.get("lun") or (disk.get("path") if disk.get("multi_writer") else None)
            if key:
                users.setdefault(key, {})[server.id] = server
        doubts |= _disk_doubts(server)
    shared = {key: tuple(members.values()) for key, members in sorted(users.items()) if len(members) > 1}
    # One of them is enough to say that something is missing; each server tells its own.
    return shared, frozenset(sorted(doubts)[:1])


def _disk_doubts(server: ServerSubject) -> frozenset[Missing]:
    doubts = NOTHING
    if "disks" not in server.attributes:
        doubts |= server.absent("disks")
    elif (lacking := server.lacking("disks")) is not None:
        doubts |= {Missing("server", "disks", server.id, "incomplete", lacking)}
    for disk in server.attributes.get("disks", ()):
        if disk.get("raw") is not False and "lun" not in disk:
            doubts |= server.absent("disks.lun")
        if disk.get("multi_writer") and "path" not in disk:
            doubts |= server.absent("disks.path")
    return doubts
