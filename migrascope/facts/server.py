"""Facts about a server."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from migrascope.estate.subjects import ServerSubject, WorkloadSubject
from migrascope.facts.observed import item_place
from migrascope.facts.workload import provider
from migrascope.knowledge import Lifetime
from migrascope.knowledge.operating_systems import identify, plain
from migrascope.model.fact import Fact, Interval, Known, Listing, Missing, Unknown
from migrascope.model.place import Place

_BASICS = ("cpus", "memory_mib", "os_config", "cluster", "host", "disk_count")


def _absent(server: ServerSubject, fact: str) -> Unknown:
    return Unknown(server.absent(fact))


def _incomplete(server: ServerSubject, name: str) -> frozenset[Missing]:
    """Why a list of the server may not be all there is; empty where it is."""
    if name not in server.attributes:
        return _absent(server, name).missing
    lacking = server.lacking(name)
    if lacking is None:
        return frozenset()
    return frozenset((Missing("server", name, server.id, "incomplete", lacking),))


def _os_names(server: ServerSubject) -> list[str]:
    """What the configuration and the guest itself call the operating system, where they say anything."""
    facts = ("os_config", "os_tools")
    attributes = server.attributes
    names = [attributes.get(fact) for fact in facts]
    if "readings" in server.record:
        names += [reading["value"] for reading in server.record["readings"] if reading["fact"] in facts]
    return [name for name in names if isinstance(name, str) and name]


def _lifetime(server: ServerSubject, name: str | None) -> Lifetime | None:
    """The support period of one name, None where the name cannot be decided on."""
    system = identify(name) if name else None
    if system is None or not system.version:
        return None
    lifetime = server.estate.knowledge.lifetimes.get((system.product, system.version))
    return lifetime if lifetime is not None and lifetime.ends is not None else None


def _lifetimes(server: ServerSubject) -> list[Lifetime]:
    """The support periods of the names that can be decided."""
    found = (_lifetime(server, name) for name in _os_names(server))
    return [lifetime for lifetime in found if lifetime is not None]


def _unheard(server: ServerSubject) -> frozenset[Missing]:
    """Which of the two words about the operating system is missing. Only vSphere has two, and who says so itself."""
    vsphere = server.record.get("provider", "vsphere") == "vsphere"
    facts = [
        fact
        for fact in ("os_config", "os_tools")
        if vsphere or fact in server.attributes or server.estate.seen.covers(server.scopes, f"server.{fact}")
    ]
    absent = [server.absent(fact) for fact in facts if fact not in server.attributes]
    if not absent and "os_tools" in facts and _lifetime(server, server.attributes["os_tools"]) is None:
        return Unknown.because("server", "os_tools", server.id, "undecidable").missing
    return frozenset().union(*absent)


def _earliest(server: ServerSubject, days: list[dt.date]) -> Fact[dt.date] | Interval:
    """The earliest of the days that the names stand for; where a word is missing it may be earlier still.

    So one name past its support is enough for a finding, and it takes both to be clear.
    """
    if not days:
        names = ", ".join(dict.fromkeys(_os_names(server)))
        if not names:
            return _absent(server, "os_config")
        return Unknown.because("server", "os_config", server.id, "undecidable", names)
    missing = _unheard(server)
    return Interval(None, min(days), missing) if missing else Known(min(days), server.where)


def os_name(server: ServerSubject) -> Fact[str]:
    """The operating system as its sources write it, both where they differ."""
    names = list(dict.fromkeys(_os_names(server)))
    return Known(" / ".join(names), server.where) if names else _absent(server, "os_config")


def os_product(server: ServerSubject) -> Fact[str]:
    """The product that its operating system is a version of; the guest's own word comes first."""
    for fact in ("os_tools", "os_config"):
        system = identify(server.attributes[fact]) if fact in server.attributes else None
        if system is not None:
            return Known(system.product, server.where)
    if _os_names(server):
        return Unknown.because("server", "os_config", server.id, "undecidable")
    return _absent(server, "os_config")


def support_ends(server: ServerSubject) -> Fact[dt.date] | Interval:
    """Last day of public security updates for its operating system; the earlier one where two names differ."""
    return _earliest(server, [life.ends for life in _lifetimes(server) if life.ends])


def paid_support_ends(server: ServerSubject) -> Fact[dt.date] | Interval:
    """Last day of a paid extension of that support; the end of public support where there is no extension."""
    return _earliest(server, [life.paid_until or life.ends for life in _lifetimes(server) if life.ends])


def support_source(server: ServerSubject) -> Fact[str]:
    """The authority for the end of support, and the day on which it was read."""
    lifetimes = _lifetimes(server)
    if not lifetimes:
        return Unknown.because("server", "os_config", server.id, "undecidable")
    return Known(", ".join(dict.fromkeys(f"{life.source} ({life.checked})" for life in lifetimes)))


def os_undecidable(server: ServerSubject) -> Fact[bool]:
    """The operating system has a name, but one that stands for several versions or for none that is known."""
    if "os_config" not in server.attributes:
        return _absent(server, "os_config")
    return Known(not _lifetimes(server), server.where)


def os_names_differ(server: ServerSubject) -> Fact[bool]:
    """The configuration and the guest's tools name different operating systems."""
    for fact in ("os_config", "os_tools"):
        if fact not in server.attributes:
            return _absent(server, fact)
    config, tools = server.attributes["os_config"], server.attributes["os_tools"]
    return Known(plain(config) != plain(tools), server.where)


def os_same_version(server: ServerSubject) -> Fact[bool]:
    """Both names stand for the same product and version, and differ in edition only."""
    for fact in ("os_config", "os_tools"):
        if fact not in server.attributes:
            return _absent(server, fact)
    config, tools = (identify(server.attributes[fact]) for fact in ("os_config", "os_tools"))
    return Known(config is not None and config == tools and bool(config.version), server.where)


def workloads(server: ServerSubject) -> Listing[WorkloadSubject]:
    """The workloads of the plan that claim it."""
    return Listing(tuple(server.workloads), server.maybe_claimed)


def workload_names(server: ServerSubject) -> Listing[str]:
    """The names of the workloads that claim it."""
    return Listing(tuple(workload.name for workload in server.workloads), server.maybe_claimed)


def disks_shared_with(server: ServerSubject) -> Listing[str]:
    """Other servers that use one of its disks: the same raw LUN, or a file that several may write to."""
    names: dict[str, None] = {}
    shared: set[str] = set()
    for key, users in server.estate.shared_disks.items():
        if any(user is server for user in users):
            names.update((user.name, None) for user in users if user is not server)
            shared.add(key)
    missing = set(_incomplete(server, "disks")) | set(server.estate.servers.missing)
    for disk in server.attributes.get("disks", ()):
        missing |= _disk_doubt(disk, server)
        if disk.get("lun") or disk.get("multi_writer"):
            # Whoever shares it names the same LUN or file: any server that nobody could look into may.
            missing |= server.estate.disk_doubts
    disks = [d for d in server.attributes.get("disks", ()) if shared & {d.get("lun"), d.get("path")}]
    return Listing(tuple(names), frozenset(missing), tuple(item_place(disk, server) for disk in disks))


def _disk_doubt(disk: Mapping[str, Any], server: ServerSubject) -> frozenset[Missing]:
    """What would have to be known of a disk to be sure whether it is shared, and with whom."""
    missing: frozenset[Missing] = frozenset()
    if "multi_writer" not in disk and "bus_sharing" not in disk:
        missing |= server.absent("disks.multi_writer")
    if disk.get("raw") is not False and "lun" not in disk:
        missing |= server.absent("disks.lun")
    if disk.get("multi_writer") and "path" not in disk:
        missing |= server.absent("disks.path")
    return missing


def physical_rdm_disks(server: ServerSubject) -> Listing[str]:
    """Raw device mappings in physical mode, by label."""
    disks = [disk for disk in server.attributes.get("disks", ()) if disk.get("raw") and disk.get("raw_mode") == "physical"]
    missing = set(_incomplete(server, "disks"))
    for disk in server.attributes.get("disks", ()):
        for fact in ("raw", "raw_mode"):
            if fact not in disk and disk.get("raw") is not False and disk.get("raw_mode") != "virtual":
                missing |= _absent(server, f"disks.{fact}").missing
    return Listing(tuple(_labels(disks)), frozenset(missing), tuple(item_place(disk, server) for disk in disks))


def _labels(items: list[Any]) -> list[str]:
    return [str(item.get("name") or item.get("path") or "?") for item in items]


def largest_disk_gib(server: ServerSubject) -> Fact[float] | Interval:
    """Size of its largest disk [GiB]."""
    missing = set(_incomplete(server, "disks"))
    sizes: list[tuple[float, Place]] = []
    for disk in server.attributes.get("disks", ()):
        if "capacity_mib" in disk:
            sizes.append((disk["capacity_mib"] / 1024, item_place(disk, server)))
        else:
            missing |= _absent(server, "disks.capacity_mib").missing
    if not sizes:
        return Unknown(frozenset(missing)) if missing else _absent(server, "disks")
    size, place = max(sizes, key=lambda pair: pair[0])
    return Interval(size, None, frozenset(missing)) if missing else Known(size, (place,))


def target_disk_limit_gib(server: ServerSubject) -> Fact[float]:
    """Largest general-purpose disk of the provider that its workload goes to [GiB]."""
    limits: list[float] = []
    missing = set(server.maybe_claimed)
    for workload in server.workloads:
        answer = provider(workload)
        if isinstance(answer, Unknown):
            missing |= answer.missing
            continue
        limit = server.estate.knowledge.disk_limits.get(answer.value)
        if limit is None:
            missing.add(Missing("server", "target_disk_limit_gib", server.id, "no_knowledge", answer.value))
        else:
            limits.append(float(limit.general_gib))
    if limits and not missing:
        return Known(min(limits))
    return Unknown(frozenset(missing)) if missing else Unknown.because("server", "workloads", server.id, "silent")


def contradictions(server: ServerSubject) -> Listing[str]:
    """Where two parts of the source disagree about it, each as `cpus 1 (vInfo) / 2 (vCPU)`."""
    found = []
    missing = set(_incomplete(server, "disks")) | set(_incomplete_readings(server))
    for reading in server.record.get("readings", ()):
        fact, value = reading["fact"], reading["value"]
        first = server.record.get("name") if fact == "name" else server.attributes.get(fact)
        if first is None:
            missing |= server.absent(fact)
        elif first != value:
            here, there = _spot(server.record["place"]), _spot(reading["place"])
            found.append(f"{fact} {_short(first)} ({here}) / {_short(value)} ({there})")
    disks, counted = server.attributes.get("disks"), server.attributes.get("disk_count")
    if disks is not None and counted is not None and len(disks) != counted and not _incomplete(server, "disks"):
        listed = _spot(disks[0].get("place", {})) if disks else "disks"
        found.append(f"disk_count {counted} ({_spot(server.record['place'])}) / {len(disks)} ({listed})")
    if counted is None:
        missing |= _absent(server, "disk_count").missing
    return Listing(tuple(found), frozenset(missing))


def _incomplete_readings(server: ServerSubject) -> frozenset[Missing]:
    """Why a second word about this server may be missing."""
    lacking = server.lacking("readings")
    if lacking is None:
        return frozenset()
    return frozenset((Missing("server", "readings", server.id, "not_covered", lacking),))


def _spot(place: Any) -> str:
    return str(place.get("sheet") or place.get("file") or "?")


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def blank_basics(server: ServerSubject) -> Listing[str]:
    """Basic facts that the source has a place for and leaves blank for this machine: processors, memory, system, …"""
    blank: list[str] = []
    missing = set[Missing]()
    for fact in _BASICS:
        if fact in server.attributes:
            continue
        reasons = server.absent(fact)
        if all(reason.why == "blank" for reason in reasons):
            blank.append(fact)
        else:
            missing |= reasons
    return Listing(tuple(blank), frozenset(missing))


def oldest_snapshot_days(server: ServerSubject) -> Fact[int] | Interval:
    """Age of its oldest snapshot [days]; 0 where it has none."""
    missing = set(_incomplete(server, "snapshots"))
    oldest: tuple[dt.date, Place] | None = None
    for snapshot in server.attributes.get("snapshots", ()):
        if "created" not in snapshot:
            missing |= _absent(server, "snapshots.created").missing
            continue
        created = dt.date.fromisoformat(snapshot["created"])
        if oldest is None or created < oldest[0]:
            oldest = (created, item_place(snapshot, server))
    if oldest is None:
        return Unknown(frozenset(missing)) if missing else Known(0, server.where)
    days = (server.estate.as_of - oldest[0]).days
    return Interval(days, None, frozenset(missing)) if missing else Known(days, (oldest[1],))
