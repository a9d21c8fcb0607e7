"""Facts about a hypervisor host."""

from __future__ import annotations

import datetime as dt

from migrascope.estate.subjects import ResourceSubject
from migrascope.facts.asking import Asking
from migrascope.facts.observed import absent, supported_until
from migrascope.knowledge.hypervisors import identify_hypervisor
from migrascope.model.uncertain import Fact, Known, Unknown


def support_ends(asking: Asking, host: ResourceSubject) -> Fact[dt.date]:
    """Last day of general support for its hypervisor."""
    if "product" not in host.attributes:
        return absent(host, "product")
    return supported_until(asking, host, "product", identify_hypervisor(host.attributes["product"]))


def release(asking: Asking, host: ResourceSubject) -> Fact[float]:
    """Release of its hypervisor as a number to compare: 6.5 is 6005, 6.10 is 6010, 7.0 is 7000."""
    if "product" not in host.attributes:
        return absent(host, "product")
    found = identify_hypervisor(host.attributes["product"])
    if found is None:
        return Unknown.because("host", "product", host.id, "undecidable", host.attributes["product"])
    major, _, minor = found[1].partition(".")
    return Known(int(major) * 1000.0 + int(minor or 0), host.where)


def vcpus_per_core(asking: Asking, host: ResourceSubject) -> Fact[float]:
    """Virtual processors of the machines on it, for each of its cores."""
    for fact in ("vcpus", "cpus"):
        if fact not in host.attributes:
            return absent(host, fact)
    if not host.attributes["cpus"]:
        return Unknown.because("host", "cpus", host.id, "undecidable")
    return Known(host.attributes["vcpus"] / host.attributes["cpus"], host.where)
