"""Facts about a server."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from migrascope.estate.subjects import ServerSubject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.observed import absent, at_a_provider, incomplete
from migrascope.knowledge.sizes import previous_generation
from migrascope.model.secrets import holds_secret
from migrascope.model.uncertain import NONE, NOTHING, Fact, Known, Listing, Missing, Unknown

_BASICS = ("cpus", "memory_mib", "os_config", "cluster", "host", "disk_count")
_BASIC_NAMES = frozenset(_BASICS)
_OF_A_HYPERVISOR = ("cluster", "host", "disk_count")
"""What nobody can know of a machine at a cloud provider."""


def in_cloud(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """It runs at a cloud provider already, so that its hypervisor is the provider's own affair."""
    return Known(at_a_provider(server), server.where)


def workloads(asking: Asking, server: ServerSubject) -> Listing[WorkloadSubject]:
    """The workloads of the plan that claim it."""
    return Listing(tuple(server.workloads), server.maybe_claimed)


def workload_names(asking: Asking, server: ServerSubject) -> Listing[str]:
    """The names of the workloads that claim it."""
    return Listing(tuple(workload.name for workload in server.workloads), server.maybe_claimed)


def contradictions(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Where two parts of the source disagree about it, each as `cpus 1 (vInfo) / 2 (vCPU)`."""
    attributes = server.attributes
    disks, counted = attributes.get("disks"), attributes.get("disk_count")
    missing = incomplete(server, "disks") | _incomplete_readings(server)
    if not missing and "readings" not in server.record and disks is not None and len(disks) == counted:
        return NONE
    return _contradictions(server, set(missing))


def _contradictions(server: ServerSubject, missing: set[Missing]) -> Listing[str]:
    found = []
    for reading in server.record.get("readings", ()):
        fact, value = reading["fact"], reading["value"]
        first = server.record.get("name") if fact == "name" else server.attributes.get(fact)
        if first is None:
            missing |= server.absent(fact)
        elif first != value:
            here, there = _spot(server.record["place"]), _spot(reading["place"])
            found.append(f"{fact} {_short(first)} ({here}) / {_short(value)} ({there})")
    disks, counted = server.attributes.get("disks"), server.attributes.get("disk_count")
    if disks is not None and counted is not None and len(disks) != counted and not incomplete(server, "disks"):
        listed = _spot(disks[0].get("place", {})) if disks else "disks"
        found.append(f"disk_count {counted} ({_spot(server.record['place'])}) / {len(disks)} ({listed})")
    if counted is None:
        missing |= absent(server, "disk_count").missing
    return Listing(tuple(found), frozenset(missing))


def _incomplete_readings(server: ServerSubject) -> frozenset[Missing]:
    """Why a second word about this server may be missing."""
    lacking = server.lacking("readings")
    if lacking is None:
        return NOTHING
    return frozenset((Missing("server", "readings", server.id, "not_covered", lacking),))


def _spot(place: Any) -> str:
    return str(place.get("sheet") or place.get("file") or "?")


def _short(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else str(value)


def blank_basics(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Basic facts that the source has a place for and leaves blank for this machine: processors, memory, system, …"""
    if server.attributes.keys() >= _BASIC_NAMES:
        return NONE
    blank: list[str] = []
    missing = set[Missing]()
    for fact in _BASICS:
        if fact in server.attributes or (fact in _OF_A_HYPERVISOR and at_a_provider(server)):
            continue
        reasons = server.absent(fact)
        if all(reason.why == "blank" for reason in reasons):
            blank.append(fact)
        else:
            missing |= reasons
    return Listing(tuple(blank), frozenset(missing))


def _addresses(server: ServerSubject) -> list[str]:
    """All its addresses that say something: none of its own, and none that it gave itself."""
    attributes = server.attributes
    texts = attributes.get("addresses", ())
    for nic in attributes.get("nics", ()):
        if "addresses" in nic:
            texts = [*texts, *nic["addresses"]]
    if len(texts) == 1:
        address, _ = _told(texts[0])
        return [address] if address else []
    return list(dict.fromkeys(address for text in texts if (address := _told(text)[0])))


_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PRIVATE = re.compile(rf"(?:10\.{_OCTET}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.{_OCTET}\.{_OCTET}")
"""Addresses of RFC 1918 as they are usually written: most of them, and known without taking them apart."""


def _told(text: str) -> tuple[str, bool]:
    """An address as it is usually written, empty where it says nothing, and whether it is one of the public internet."""
    return (text, False) if _PRIVATE.fullmatch(text) else _taken_apart(text)


@lru_cache(maxsize=2**17)
def _taken_apart(text: str) -> tuple[str, bool]:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "", False
    if address.is_loopback or address.is_link_local or address.is_unspecified:
        return "", False
    return str(address), address.is_global


def public_addresses(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Its addresses that belong to the public internet."""
    found = asking.once(_public_addresses).get(server.id, ())
    missing = _addressless(server)
    return Listing(found, missing) if found or missing else NONE


def _public_addresses(asking: Asking) -> dict[str, tuple[str, ...]]:
    """The public addresses of every server that has one."""
    found: dict[str, tuple[str, ...]] = {}
    for server in asking.estate.servers:
        addresses = [text for text in _addresses(server) if _told(text)[1]]
        if addresses:
            found[server.id] = tuple(addresses)
    return found


def _addressless(server: ServerSubject) -> frozenset[Missing]:
    """What is missing where no address of it was seen."""
    return NOTHING if server.attributes.get("addresses") else absent(server, "addresses").missing


def ipv6_only(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """It has addresses, and all of them are IPv6 addresses."""
    found = [text for text in server.attributes.get("addresses", ()) if text]
    if not found:
        return absent(server, "addresses")
    return Known(all(":" in text for text in found), server.where)


_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def name_fits_target(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """Its name has at most 63 letters, digits and hyphens, as RFC 1123 and the providers ask."""
    if "name" not in server.record:
        return absent(server, "name")
    return Known(_NAME.fullmatch(server.record["name"]) is not None, server.where)


@dataclass(frozen=True, slots=True)
class _Twins:
    """Of every server: others that carry what should be its own, by id. `without`: servers of which it is not known."""

    names: dict[str, dict[str, None]]
    without: frozenset[str]
    doubt: frozenset[Missing]
    """One of them is enough to say that any server may have a twin that nobody saw."""


def _twins(asking: Asking, kind: str) -> _Twins:
    by_mark: dict[str, list[ServerSubject]] = {}
    unknown: list[ServerSubject] = []
    for server in asking.estate.servers:
        marks = _marks(kind, server)
        for mark in marks:
            if mark in by_mark:
                by_mark[mark].append(server)
            else:
                by_mark[mark] = [server]
        if not marks:
            unknown.append(server)
    doubt: set[Missing] = set(asking.estate.servers.missing)
    if unknown:
        doubt |= absent(min(unknown, key=lambda server: server.id), kind).missing
    names: dict[str, dict[str, None]] = {}
    for same in by_mark.values():
        if len(same) == 1:
            continue
        for server in same:
            names.setdefault(server.id, {}).update((other.name, None) for other in same if other is not server)
    return _Twins(names, frozenset(server.id for server in unknown), frozenset(doubt))


def _marks(kind: str, server: ServerSubject) -> list[str]:
    if kind == "addresses":
        return _addresses(server)
    name = str(server.attributes.get(kind, "")).lower()
    return [name] if name and name not in ("localhost", "localhost.localdomain") else []


def _twins_of(asking: Asking, kind: str, server: ServerSubject) -> Listing[str]:
    twins = asking.once(_twins, kind)
    missing = twins.doubt | absent(server, kind).missing if server.id in twins.without else twins.doubt
    names = twins.names.get(server.id)
    return Listing(tuple(names or ()), missing) if names or missing else NONE


def same_hostname_as(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Other servers whose guest calls itself by the same name."""
    return _twins_of(asking, "hostname", server)


def same_address_as(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Other servers that carry one of its addresses."""
    return _twins_of(asking, "addresses", server)


def kept_apart_from(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Other servers that a cluster rule keeps on another host."""
    rules = asking.estate.apart.get(server.id, ())
    kept = asking.estate.coverage.lacking(server.scopes, "relation.kept_apart")
    if not rules and kept is None and not asking.estate.servers.missing:
        return NONE
    names = {other.name: None for rule in rules for other in asking.estate.apart_by_rule[rule] if other is not server}
    missing = set(asking.estate.servers.missing)
    if kept is not None:
        missing.add(Missing("server", "kept_apart_from", server.id, "not_looked_at"))
    return Listing(tuple(names), frozenset(missing))


def calling_servers(asking: Asking, server: ServerSubject) -> Fact[int]:
    """How many different servers were seen to call it."""
    traffic = asking.estate.traffic
    if not traffic.looked_at:
        return Unknown.because("server", "calling_servers", server.id, "not_looked_at")
    if traffic.lacking:
        return Unknown.because("server", "calling_servers", server.id, "incomplete", traffic.lacking[0])
    known = traffic.callers_by_id
    return Known(known.get(server.id, known.get(server.name, 0)), server.where)


@dataclass(frozen=True, slots=True)
class _Networks:
    """Networks by name as they are looked up; `plain` are those that the hypervisor is known not to use itself."""

    by_name: dict[str, Any]
    plain: frozenset[str]
    missing: frozenset[Missing]


def _networks(asking: Asking) -> _Networks:
    networks = asking.estate.subjects("network")
    found: dict[str, Any] = {network.name.lower(): network for network in networks}
    plain = (name for name, network in found.items() if network.attributes.get("vmkernel") is False)
    nameless = [network.absent("name") for network in found.values() if "name" not in network.record]
    return _Networks(found, frozenset(plain), networks.missing.union(*nameless[:1]))


def hypervisor_networks(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Networks of its cards over which the hypervisor itself is managed or stored."""
    networks = asking.once(_networks)
    lacking = incomplete(server, "nics") | networks.missing
    rest = [nic for nic in server.attributes.get("nics", ()) if nic.get("network", "").lower() not in networks.plain]
    if not rest or not networks.by_name:
        return Listing((), lacking) if lacking else NONE
    missing = set(lacking)
    found: dict[str, None] = {}
    for nic in rest:
        if "network" not in nic:
            missing |= absent(server, "nics.network").missing
            continue
        network = networks.by_name.get(nic["network"].lower())
        if network is not None and "vmkernel" not in network.attributes:
            missing |= network.absent("vmkernel")
        elif network is not None and network.attributes["vmkernel"]:
            found[network.name] = None
    return Listing(tuple(found), frozenset(missing))


_WHOSE = ("owner", "application", "app", "project", "service", "costcenter", "cost-center", "team", "eigenaar")


def says_whose_it_is(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """One of its tags names an owner, an application, a project, a team or a cost centre."""
    if "tags" not in server.attributes:
        return absent(server, "tags")
    keys = {key.lower() for key, value in server.attributes["tags"].items() if value}
    if keys & set(_WHOSE):
        return Known(value=True, places=server.where)
    lacking = server.lacking("tags")
    if lacking is not None:
        return Unknown.because("server", "tags", server.id, "incomplete", lacking)
    return Known(value=False, places=server.where)


def secret_tags(asking: Asking, server: ServerSubject) -> Listing[str]:
    """Tags that hold what looks like a password, a key or a token, by key."""
    tags = server.attributes.get("tags", {})
    found = tuple([key for key, value in tags.items() if holds_secret(f"{key}: {value}")])
    missing = incomplete(server, "tags")
    return Listing(found, missing) if found or missing else NONE


def _tag(server: ServerSubject, name: str) -> str | Unknown | None:
    """A tag that an intake form filled; None where all tags are known and this is none of them."""
    tags = server.attributes.get("tags")
    if tags is None:
        return absent(server, "tags")
    if tags.get(name):
        return str(tags[name])
    lacking = incomplete(server, "tags")
    return Unknown(lacking) if lacking else None


def planned_size(asking: Asking, server: ServerSubject) -> Fact[str]:
    """The machine size that an intake form names for it."""
    size = _tag(server, "size")
    if isinstance(size, Unknown):
        return size
    return Known(size or "", server.where)


def planned_size_is_old(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """The size that an intake form names for it belongs to a generation that its provider calls previous."""
    size = _tag(server, "size")
    if isinstance(size, Unknown):
        return size
    if size is None:
        return Known(value=False, places=server.where)
    old = previous_generation(size)
    if old is None:
        return Unknown.because("server", "planned_size", server.id, "undecidable", size)
    return Known(old, server.where)


def tested_in_live_subnet(asking: Asking, server: ServerSubject) -> Fact[bool]:
    """The intake form names one subnet for the test and for the real launch."""
    live, test = _tag(server, "subnet"), _tag(server, "test_subnet")
    for part in (live, test):
        if isinstance(part, Unknown):
            return part
    return Known(live is not None and live == test, server.where)
