"""Facts about a server: its disks and its snapshots."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from migrascope.estate.subjects import ServerSubject
from migrascope.facts.asking import Asking
from migrascope.facts.observed import absent, incomplete, item_place
from migrascope.facts.workload import moves, wave
from migrascope.knowledge import DiskLimit
from migrascope.model.place import Place
from migrascope.model.uncertain import NONE, Bounds, Fact, Known, Listing, Missing, Unknown


def disks_shared_with(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Other servers that use one of its disks: the same raw LUN, or a file that several may write to."""
    if server.id in asking.once(_with_own_disks):
        return NONE
    names: dict[str, None] = {}
    shared: set[str] = set()
    for key in asking.once(_shared_keys).get(server.id, ()):
        names.update((user.name, None) for user in asking.estate.shared_disks[key] if user is not server)
        shared.add(key)
    missing = _sharing_doubts(asking, server)
    if not shared:
        return Listing((), frozenset(missing))
    disks = [d for d in server.attributes.get("disks", ()) if shared & {d.get("lun"), d.get("path")}]
    return Listing(tuple(names), frozenset(missing), tuple(item_place(disk, server) for disk in disks))


def _with_own_disks(asking: Asking) -> frozenset[str]:
    """Servers, by id, of which all disks are known and each is a file that nobody else may write to."""
    shared = asking.once(_shared_keys)
    if asking.estate.servers.missing:
        return frozenset()
    return frozenset(
        server.id
        for server in asking.estate.servers
        if server.id not in shared
        and not incomplete(server, "disks")
        and all(disk.get("raw") is False and disk.get("multi_writer") is False for disk in server.attributes["disks"])
    )


def _sharing_doubts(asking: Asking, server: ServerSubject) -> set[Missing]:
    """What would have to be known to be sure with whom it shares a disk."""
    missing = set(incomplete(server, "disks")) | asking.estate.servers.missing
    for disk in server.attributes.get("disks", ()):
        if disk.get("raw") is False and disk.get("multi_writer") is False:
            continue
        missing |= _disk_doubt(disk, server)
        if disk.get("lun") or disk.get("multi_writer"):
            # Whoever shares it names the same LUN or file: any server that nobody could look into may.
            missing |= asking.estate.disk_doubts
    return missing


def _shared_keys(asking: Asking) -> dict[str, list[str]]:
    """What identifies the shared disks of each server."""
    found: dict[str, list[str]] = {}
    for key, users in asking.estate.shared_disks.items():
        for user in users:
            found.setdefault(user.id, []).append(key)
    return found


def shared_over_waves(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Other servers that use one of its disks and move in another wave, or in none."""
    if server.id in asking.once(_with_own_disks):
        return NONE
    keys = asking.once(_shared_keys).get(server.id, ())
    missing = _sharing_doubts(asking, server)
    if not keys and not missing:
        return NONE
    own, unsure = _waves(asking, server)
    missing |= unsure
    found: dict[str, None] = {}
    for key in keys:
        for user in asking.estate.shared_disks[key]:
            theirs, unknown = _waves(asking, user)
            if unknown and user is not server:
                missing |= unknown
            elif theirs != own and user is not server:
                found[user.name] = None
    return Listing(tuple(found), frozenset(missing))


def _waves(asking: Asking, server: ServerSubject) -> tuple[frozenset[str], set[Missing]]:
    """The waves in which the workloads of a server move, and what is missing to know them all."""
    waves, missing = set[str](), set(server.maybe_claimed)
    for workload in server.workloads:
        moving, where = moves(asking, workload), wave(asking, workload)
        if isinstance(moving, Known) and not moving.value:
            continue
        if isinstance(where, Known):
            waves.add(where.value.id)
        else:
            missing |= where.missing
    return frozenset(waves), missing


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


def physical_rdm_disks(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Raw device mappings in physical mode, by label."""
    rest = [disk for disk in server.attributes.get("disks", ()) if disk.get("raw") is not False]
    if not rest and not incomplete(server, "disks"):
        return NONE
    disks = [disk for disk in rest if disk.get("raw") and disk.get("raw_mode") == "physical"]
    missing = set(incomplete(server, "disks"))
    for disk in rest:
        for fact in ("raw", "raw_mode"):
            if fact not in disk and disk.get("raw") is not False and disk.get("raw_mode") != "virtual":
                missing |= absent(server, f"disks.{fact}").missing
    return Listing(tuple(_labels(disks)), frozenset(missing), tuple(item_place(disk, server) for disk in disks))


def _labels(items: list[Any]) -> list[str]:
    return [str(item.get("name") or item.get("path") or "?") for item in items]


def largest_disk_gib(asking: Asking, server: ServerSubject) -> Fact[float] | Bounds:
    """Size of its largest disk [GiB]."""
    missing = set(incomplete(server, "disks"))
    largest = None
    for disk in server.attributes.get("disks", ()):
        if "capacity_mib" not in disk:
            missing |= absent(server, "disks.capacity_mib").missing
        elif largest is None or disk["capacity_mib"] > largest["capacity_mib"]:
            largest = disk
    if largest is None:
        return Unknown(frozenset(missing)) if missing else absent(server, "disks")
    size = largest["capacity_mib"] / 1024
    if missing:
        return Bounds(size, None, frozenset(missing))
    return Known(size, partial(_places_of, largest, server))


def _places_of(item: Any, server: ServerSubject) -> tuple[Place, ...]:
    return (item_place(item, server),)


def system_disk_gib(asking: Asking, server: ServerSubject) -> Fact[float]:
    """Size of the disk it starts from: the first in its list, where that is called hard disk 1 [GiB]."""
    missing = incomplete(server, "disks")
    first = next(iter(server.attributes.get("disks", ())), None)
    if first is None:
        return Unknown(missing) if missing else absent(server, "disks")
    if "name" not in first or "capacity_mib" not in first:
        return absent(server, f"disks.{'name' if 'name' not in first else 'capacity_mib'}")
    if not str(first["name"]).endswith(" 1"):
        return Unknown.because("server", "disks.name", server.id, "undecidable", str(first["name"]))
    return Known(first["capacity_mib"] / 1024, partial(_places_of, first, server))


def target_disk_limit_gib(asking: Asking, server: ServerSubject) -> Fact[float]:
    """Largest general-purpose disk of the provider that its workload goes to [GiB]."""
    return _target_limit(asking, server, "target_disk_limit_gib", lambda limit: limit.general_gib)


def target_system_disk_limit_gib(asking: Asking, server: ServerSubject) -> Fact[float]:
    """Largest disk to start from at the provider that its workload goes to [GiB]."""
    return _target_limit(asking, server, "target_system_disk_limit_gib", lambda limit: limit.system_gib)


def target_disk_count_limit(asking: Asking, server: ServerSubject) -> Fact[float]:
    """Most disks that a machine can have at the provider that its workload goes to, on the sizes that allow most."""
    return _target_limit(asking, server, "target_disk_count_limit", lambda limit: limit.disks)


def _target_limit(asking: Asking, server: ServerSubject, fact: str, of: Callable[[DiskLimit], float | None]) -> Fact[float]:
    """The smallest of the limits at the providers that its workloads go to."""
    if len(server.workloads) == 1 and not server.maybe_claimed:
        kept = asking.kept(server.workloads[0])
        known: Fact[float] | None = kept.get(f"{fact} for its servers")
        if known is None:
            known = kept[f"{fact} for its servers"] = _limit(asking, server, fact, of)
        if isinstance(known, Known):
            return known
    return _limit(asking, server, fact, of)


def _limit(asking: Asking, server: ServerSubject, fact: str, of: Callable[[DiskLimit], float | None]) -> Fact[float]:
    limits: list[float] = []
    missing = set(server.maybe_claimed)
    for workload in server.workloads:
        answer = asking.ask(workload, "provider")
        if isinstance(answer, Unknown):
            missing |= answer.missing
            continue
        limit = asking.estate.knowledge.disk_limits.get(answer)
        value = of(limit) if limit is not None else None
        if value is None:
            missing.add(Missing("server", fact, server.id, "no_knowledge", answer))
        else:
            limits.append(float(value))
    if limits and not missing:
        return Known(min(limits))
    return Unknown(frozenset(missing)) if missing else Unknown.because("server", "workloads", server.id, "silent")


def oldest_snapshot_days(asking: Asking, server: ServerSubject) -> Fact[int] | Bounds:
    """Age of its oldest snapshot [days]; 0 where it has none."""
    missing = set(incomplete(server, "snapshots"))
    oldest: tuple[dt.date, Place] | None = None
    for snapshot in server.attributes.get("snapshots", ()):
        if "created" not in snapshot:
            missing |= absent(server, "snapshots.created").missing
            continue
        created = dt.date.fromisoformat(snapshot["created"])
        if oldest is None or created < oldest[0]:
            oldest = (created, item_place(snapshot, server))
    if oldest is None:
        return Unknown(frozenset(missing)) if missing else Known(0, server.where)
    days = (asking.estate.as_of - oldest[0]).days
    return Bounds(days, None, frozenset(missing)) if missing else Known(days, (oldest[1],))
