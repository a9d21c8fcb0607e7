"""Facts about a hypervisor host."""

from __future__ import annotations

import datetime as dt

from migrascope.estate.subjects import HostSubject
from migrascope.facts.observed import absent
from migrascope.knowledge.hypervisors import identify_hypervisor
from migrascope.model.fact import Fact, Known, Unknown


def _version(host: HostSubject) -> tuple[str, str] | Unknown:
    if "product" not in host.attributes:
        return absent(host, "product")
    found = identify_hypervisor(host.attributes["product"])
    if found is None:
        return Unknown.because("host", "product", host.id, "undecidable", host.attributes["product"])
    return found


def support_ends(host: HostSubject) -> Fact[dt.date]:
    """Last day of general support for its hypervisor."""
    found = _version(host)
    if isinstance(found, Unknown):
        return found
    lifetime = host.estate.knowledge.lifetimes.get(found)
    if lifetime is None or lifetime.ends is None:
        return Unknown.because("host", "product", host.id, "no_knowledge", " ".join(found))
    return Known(lifetime.ends, host.where)


def release(host: HostSubject) -> Fact[float]:
    """Release of its hypervisor as a number to compare: 6.5 is 6005, 6.10 is 6010, 7.0 is 7000."""
    found = _version(host)
    if isinstance(found, Unknown):
        return found
    major, _, minor = found[1].partition(".")
    return Known(int(major) * 1000.0 + int(minor or 0), host.where)


def vcpus_per_core(host: HostSubject) -> Fact[float]:
    """Virtual processors of the machines on it, for each of its cores."""
    for fact in ("vcpus", "cpus"):
        if fact not in host.attributes:
            return absent(host, fact)
    if not host.attributes["cpus"]:
        return Unknown.because("host", "cpus", host.id, "undecidable")
    return Known(host.attributes["vcpus"] / host.attributes["cpus"], host.where)
