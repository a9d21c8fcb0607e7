"""Facts about a network: what it lets in, and who stands on it."""

from __future__ import annotations

from typing import Any

from migrascope.estate.subjects import ResourceSubject, ServerSubject
from migrascope.facts.asking import Asking
from migrascope.facts.observed import absent, at_a_provider, incomplete, item_place
from migrascope.knowledge.ports import PortGroup
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown


def _open(asking: Asking, network: ResourceSubject, group: PortGroup) -> Listing[str]:
    """Ports of a group that anybody on the internet may reach, each as `22 SSH`."""
    if network.attributes.get("what", "rules") != "rules":
        return Listing(())  # it holds no rules of its own: those stand in groups
    found: dict[str, dict[str, Any]] = {}
    missing = set(incomplete(network, "ingress"))
    for opening in network.attributes.get("ingress", ()):
        if opening.get("internet") is False or opening.get("protocol") == "icmp":
            continue
        lacking = [fact for fact in ("internet", "protocol", "first_port", "last_port") if fact not in opening]
        if opening.get("protocol") == "any" and "internet" in opening:
            lacking = []
        if lacking:
            missing |= network.absent(f"ingress.{lacking[0]}")
            continue
        for port in asking.estate.knowledge.ports:
            if port.group == group and _lets_in(opening, port.number, port.protocol):
                found[f"{port.number} {port.name}"] = opening
    places = tuple(item_place(opening, network) for opening in found.values())
    return Listing(tuple(found), frozenset(missing), places)


def _lets_in(opening: dict[str, Any], port: int, protocol: str) -> bool:
    if opening["protocol"] == "any":
        return True
    return bool(opening["protocol"] == protocol and opening["first_port"] <= port <= opening["last_port"])


def open_admin_ports(asking: Asking, network: ResourceSubject) -> Listing[str]:
    """Ports for administration that anybody on the internet may reach."""
    return _open(asking, network, "admin")


def open_database_ports(asking: Asking, network: ResourceSubject) -> Listing[str]:
    """Ports of databases and caches that anybody on the internet may reach."""
    return _open(asking, network, "database")


def open_clear_text_ports(asking: Asking, network: ResourceSubject) -> Listing[str]:
    """Ports of protocols without encryption that anybody on the internet may reach."""
    return _open(asking, network, "clear_text")


def open_file_ports(asking: Asking, network: ResourceSubject) -> Listing[str]:
    """Ports of file sharing and directories that anybody on the internet may reach."""
    return _open(asking, network, "file")


def _of_a_switch(network: ResourceSubject, fact: str) -> Fact[bool]:
    if fact in network.attributes:
        return Known(network.attributes[fact], network.where)
    # A provider's network is no switch that machines share: each is given its own traffic and nothing else. Source: AWS,
    # "Logical separation on AWS" (the hypervisor does not deliver what is not addressed to a machine).
    return Known(value=False, places=network.where) if at_a_provider(network) else absent(network, fact)


def promiscuous(asking: Asking, network: ResourceSubject) -> Fact[bool]:
    """Machines on it may read traffic that is not theirs; never so in a network of a cloud provider."""
    return _of_a_switch(network, "promiscuous")


def mac_changes(asking: Asking, network: ResourceSubject) -> Fact[bool]:
    """Machines on it may change their MAC address; never so in a network of a cloud provider."""
    return _of_a_switch(network, "mac_changes")


def forged_transmits(asking: Asking, network: ResourceSubject) -> Fact[bool]:
    """Machines on it may send under another MAC address; never so in a network of a cloud provider."""
    return _of_a_switch(network, "forged_transmits")


def vmkernel(asking: Asking, network: ResourceSubject) -> Fact[bool]:
    """The hypervisor itself is managed or stored over it; never so in a network of a cloud provider."""
    return _of_a_switch(network, "vmkernel")


def _by_network(asking: Asking) -> tuple[dict[str, list[ServerSubject]], frozenset[Missing]]:
    """Servers by the networks of their cards, and what is missing to know them all."""
    found: dict[str, list[ServerSubject]] = {}
    missing = set(asking.estate.servers.missing)
    for server in asking.estate.servers:
        names = {nic["network"].lower() for nic in server.attributes.get("nics", ()) if "network" in nic}
        lacking = incomplete(server, "nics")
        if not names or lacking:
            missing |= set(sorted(lacking or server.absent("nics.network"))[:1])
        for name in names:
            found.setdefault(name, []).append(server)
    return found, frozenset(sorted(missing)[:1])


def servers(asking: Asking, network: ResourceSubject) -> Listing[ServerSubject]:
    """The servers that have a card on it."""
    found, missing = asking.once(_by_network)
    if "name" not in network.record:
        return Listing((), missing | network.absent("name"))
    return Listing(tuple(found.get(network.name.lower(), ())), missing)


def share_of_servers_percent(asking: Asking, network: ResourceSubject) -> Fact[float] | Bounds:
    """The part of all servers that have a card on it [%]."""
    here, total = servers(asking, network), len(asking.estate.servers)
    if total == 0:
        return Unknown(asking.estate.servers.missing) if asking.estate.servers.missing else Known(0.0)
    share = 100.0 * len(here) / total
    if here.missing:
        return Bounds(share if not asking.estate.servers.missing else 0.0, 100.0, here.missing)
    return Known(share, network.where)


def environments(asking: Asking, network: ResourceSubject) -> Listing[str]:
    """The environments of the workloads whose servers stand on it."""
    found: dict[str, None] = {}
    here = servers(asking, network)
    missing = set(here.missing)
    for server in here:
        missing |= server.maybe_claimed
        for workload in server.workloads:
            environment = asking.claim(workload).environment
            if environment is None:
                missing.add(Missing("workload", "environment", workload.id, "silent"))
            else:
                found[environment] = None
    return Listing(tuple(sorted(found)), frozenset(missing))
