"""Join a plan with an inventory."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from migrascope.estate.bill import Bill, bill_of
from migrascope.estate.load import loads, measured
from migrascope.estate.matching import match_members
from migrascope.estate.seen import Seen
from migrascope.estate.subjects import (
    AccountSubject,
    ClusterSubject,
    DatabaseSubject,
    DependencySubject,
    Estate,
    HostSubject,
    IdentitySubject,
    NetworkSubject,
    PlanSubject,
    ResourceSubject,
    ServerSubject,
    ServiceSubject,
    StorageSubject,
    WaiverSubject,
    WaveSubject,
    WorkloadSubject,
)
from migrascope.estate.traffic import observed
from migrascope.knowledge import Knowledge
from migrascope.model.inventory import Inventory
from migrascope.model.place import Place
from migrascope.model.places import Places
from migrascope.model.plan import Plan, Waiver
from migrascope.model.uncertain import Listing, Missing


def join(
    plan: Plan,
    places: Places,
    inventory: Inventory | None,
    knowledge: Knowledge,
    as_of: dt.date,
    waivers: Sequence[tuple[Waiver, Place | None]] = (),
) -> Estate:
    """The estate of a plan and an inventory; without an inventory every server is unknown."""
    seen = Seen.of(inventory) if inventory else Seen()
    estate = Estate(plan, places, as_of, knowledge, seen, inventory is not None)
    name = (plan.organisation.name if plan.organisation else None) or "plan"
    estate.plan_subject = PlanSubject(estate, "plan", name)
    _waivers(estate, waivers)
    _waves(estate)
    _workloads(estate)
    _servers(estate, inventory or Inventory())
    _resources(estate, inventory or Inventory())
    match_members(estate)
    claimed = ((s.id, s.name, tuple(w.index for w in s.workloads)) for s in estate.servers)
    estate.traffic = observed(inventory or Inventory(), claimed, estate.seen, knowledge.anchors.limits.watched_days)
    _dependencies(estate)
    _shared_disks(estate)
    _kept_apart(estate, inventory or Inventory())
    found = bill_of(inventory) if inventory is not None else Bill()
    estate.bill = found if found.currency else None
    days = [header.collected_at for header in inventory.headers] if inventory else []
    dated = [dt.date.fromisoformat(day[:10]) for day in days if day is not None]
    estate.collected_on = min(dated) if dated and len(dated) == len(days) else None
    return estate


def _kept_apart(estate: Estate, inventory: Inventory) -> None:
    """Cluster rules that keep machines on different hosts."""
    if not any(tie[0] == "kept_apart" for tie in inventory.relations.ties):
        return
    servers = {server.id: server for server in estate.servers}
    by_rule: dict[str, dict[str, ServerSubject]] = {}
    for relation in inventory.relations:
        if relation.type == "kept_apart" and relation.source in servers:
            by_rule.setdefault(relation.target, {})[relation.source] = servers[relation.source]
    estate.apart_by_rule = {rule: tuple(found.values()) for rule, found in by_rule.items()}
    rules: dict[str, list[str]] = {}
    for rule, found in by_rule.items():
        for name in found:
            rules.setdefault(name, []).append(rule)
    estate.apart = {name: tuple(found) for name, found in rules.items()}


def _waivers(estate: Estate, beside: Sequence[tuple[Waiver, Place | None]]) -> None:
    """The plan's own waivers, and those that were given beside it."""
    own = [(claim, estate.at(("waivers", number))) for number, claim in enumerate(estate.plan.waivers or ())]
    for number, (claim, place) in enumerate([*own, *beside]):
        rules = " ".join(rule for rule in (claim.rule, *(claim.rules or ())) if rule)
        name = f"{rules or '?'}: {claim.subject or '?'}"
        repeated = sum(name == other.name for other in estate.waivers)
        id_ = f"{name} #{repeated + 1}" if repeated else name
        estate.waivers.append(WaiverSubject(estate, id_, name, claim=claim, number=number, place=place))


def _waves(estate: Estate) -> None:
    for rank, wave in enumerate(estate.plan.waves or (), start=1):
        subject = WaveSubject(estate, wave.id, wave.name or wave.id, claim=wave, rank=rank)
        estate.waves.append(subject)
        estate.wave_by_id[wave.id] = subject


def _workloads(estate: Estate) -> None:
    for index, workload in enumerate(estate.plan.workloads):
        subject = WorkloadSubject(estate, workload.id, workload.name or workload.id, claim=workload, index=index)
        estate.workloads.append(subject)
        estate.workload_by_id[workload.id] = subject


def _servers(estate: Estate, inventory: Inventory) -> None:
    records = [record for record in inventory.resources if record["type"] == "server"]
    running = [record for record in records if record["attributes"].get("template") is not True]
    # Only vSphere has templates in its list of machines; there, one that is not marked may be one.
    doubtful = (r for r in running if r.get("provider", "vsphere") == "vsphere" and "template" not in r["attributes"])
    doubts = frozenset(Missing("server", "template", record["id"], "blank") for record in doubtful)
    scopes = {record["scope"] for record in records}
    missing = estate.seen.missing("server", scopes, collected=estate.has_inventory)
    servers = (ServerSubject(estate, r["id"], r.get("name") or r["id"], record=r) for r in running)
    estate.servers = Listing(tuple(servers), missing | doubts)
    estate.templates = len(records) - len(running)
    memory = {server.id: server.attributes.get("memory_mib", 0.0) for server in estate.servers}
    estate.busy = loads(inventory.measurements, memory)
    estate.measured = measured(estate.busy)


def _resources(estate: Estate, inventory: Inventory) -> None:
    classes: tuple[type[ResourceSubject], ...] = (
        HostSubject, ClusterSubject, DatabaseSubject, StorageSubject, NetworkSubject, ServiceSubject, IdentitySubject,
        AccountSubject,
    )  # fmt: skip
    for each in classes:
        records = [record for record in inventory.resources if record["type"] == each.kind]
        missing = estate.seen.missing(each.kind, {r["scope"] for r in records}, collected=estate.has_inventory)
        found = (each(estate, record["id"], record.get("name") or record["id"], record=record) for record in records)
        estate.resources[each.kind] = Listing(tuple(found), missing)


def _dependencies(estate: Estate) -> None:
    found: list[DependencySubject] = []
    missing: set[Missing] = set()
    for caller in estate.workloads:
        claimed = caller.claim.dependencies
        if claimed is None:
            why = "on_purpose" if "dependencies" in caller.claim.model_fields_set else "silent"
            missing.add(Missing("workload", "dependencies", caller.id, why))  # type: ignore[arg-type]
        counts: Counter[str] = Counter()
        for number, claim in enumerate(claimed or ()):
            callee = estate.workload_by_id[claim.on]
            repeated = counts[claim.on]
            counts[claim.on] += 1
            found.append(
                DependencySubject(
                    estate,
                    f"{caller.id} -> {callee.id}" + (f" #{repeated + 1}" if repeated else ""),
                    f"{caller.name} -> {callee.name}",
                    claim=claim,
                    caller=caller,
                    callee=callee,
                    number=number,
                )
            )
    estate.dependencies = Listing(tuple(found), frozenset(missing))


def _shared_disks(estate: Estate) -> None:
    """A raw LUN that two machines name, or a disk file that several may write to, is one disk."""
    users: dict[str, dict[str, ServerSubject]] = {}
    for server in estate.servers:
        for disk in server.attributes.get("disks", ()):
            key = disk.get("lun") or (disk.get("path") if disk.get("multi_writer") else None)
            if key:
                users.setdefault(key, {})[server.id] = server
    doubts: set[Missing] = set()
    for server in estate.servers:
        if "disks" not in server.attributes:
            doubts |= server.absent("disks")
        elif (lacking := server.lacking("disks")) is not None:
            doubts.add(Missing("server", "disks", server.id, "incomplete", lacking))
        for disk in server.attributes.get("disks", ()):
            if disk.get("raw") is not False and "lun" not in disk:
                doubts |= server.absent("disks.lun")
            if disk.get("multi_writer") is not False and "path" not in disk:
                doubts |= server.absent("disks.path") if disk.get("multi_writer") else frozenset()
    # One of them is enough to say that something is missing; each server tells its own.
    estate.disk_doubts = frozenset(sorted(doubts)[:1])
    estate.shared_disks = {key: tuple(found.values()) for key, found in sorted(users.items()) if len(found) > 1}
