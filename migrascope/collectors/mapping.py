"""Which column of somebody's table is which fact: stated in a mapping, or guessed and shown before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from migrascope.collectors.delimited import Rows, key

Kind = Literal["servers", "dependencies"]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a column can supply: how its cells are read, and the headers it is known by."""

    name: str
    kind: str
    headers: tuple[str, ...]
    meaning: str


SERVERS: Final = (
    Field("name", "text", ("VM Name", "Server Name", "server_name", "MachineName", "HostName", "VMware.VMName", "Name",
                           "Servernaam", "Hostname", "Naam"), "name of the server"),
    Field("id", "text", ("VM UUID", "ServerId", "MachineId",
                        "ExternalId", "SMBiosId", "CI ID", "UUID"), "natural id"),
    Field("hostname", "text", ("server_fqdn", "FQDN", "DNS Name"), "name that the guest gives itself"),
    Field("addresses", "addresses", ("IP addresses", "IPAddress", "PrimaryIPAddress", "IP", "IP-adres"), "IP addresses"),
    Field("cpus", "whole", ("Cores", "CPU.NumberOfLogicalCores", "AllocatedProcessorCoreCount", "CPUs", "vCPU"), "processors"),
    Field("memory_mb", "number", ("Memory (In MB)", "RAM.TotalSizeInMB", "Memory MB"), "memory [MB]"),
    Field("memory_gb", "number", ("MemoryGiB", "Memory GB", "RAM GB", "Geheugen GB"), "memory [GiB]"),
    Field("storage_gb", "number", ("TotalDiskAllocatedGiB", "Disk GB", "Storage GB", "Opslag GB"), "storage [GiB]"),
    Field("os", "text", ("OS name", "OsName", "OS.Name", "server_os_version", "Operating System", "OS", "Besturingssysteem"),
          "operating system"),
    Field("os_version", "text", ("OS version", "OsVersion", "OS.Version"), "version of the operating system"),
    Field("power", "power", ("Powerstate", "MachineStatus", "Power state", "Power Stats", "Status"), "power state"),
    Field("application", "text", ("Application", "app_name", "Applications", "Applicatie", "Application Name"), "workload"),
    Field("environment", "text", ("Environment", "server_environment", "Omgeving", "OTAP"), "environment"),
    Field("owner", "text", ("Service Owner", "Owner", "Business Owner", "Eigenaar"), "business owner"),
    Field("criticality", "text", ("Business Criticality", "Criticality", "Kritikaliteit"), "weight for the business"),
    Field("wave", "text", ("wave_name", "ApplicationWave", "Wave", "Wave Name", "Golf"), "wave"),
    Field("disposition", "text", ("r_type", "Migration Strategy", "Disposition", "Strategie"), "one of the 7 Rs"),
    Field("region", "text", ("aws_region", "Target Region", "Region"), "region of the target"),
    Field("size", "text", ("instanceType", "Target Size", "Instance Type"), "size of the target"),
    Field("subnet", "text", ("subnet_IDs", "Subnet"), "subnet of the target"),
    Field("test_subnet", "text", ("subnet_IDs_test",), "subnet of the test"),
    Field("tier", "text", ("server_tier", "Tier", "Laag"), "tier"),
    Field("backup_age_hours", "number", ("Backup Age Hours",), "age of the backup [hours]"),
    Field("tags", "tags", ("tags", "Tags"), "tags"),
)  # fmt: skip
"""What a table of servers can supply; the last ones become tags, so that a plan can be drafted from them."""

DEPENDENCIES: Final = (
    Field("source", "text", ("source_name", "Source", "Source server name", "Bron"), "name of what calls"),
    Field("source_id", "text", ("source_id",), "natural id of what calls"),
    Field("target", "text", ("dependency_name", "Destination", "Destination server name", "Target", "Doel"),
          "name of what is called"),
    Field("target_id", "text", ("dependency_id",), "natural id of what is called"),
    Field("port", "text", ("ports", "Destination port", "Port", "Poort"), "ports"),
    Field("criticality", "text", ("criticality",), "how much it matters"),
    Field("method", "text", ("validation_method", "Method"), "how it was found"),
)  # fmt: skip

FIELDS: Final[dict[str, tuple[Field, ...]]] = {"servers": SERVERS, "dependencies": DEPENDENCIES}
TAGGED: Final = ("application", "environment", "owner", "criticality", "wave", "disposition", "region", "size",
                 "subnet", "test_subnet", "tier", "backup_age_hours")  # fmt: skip
"""Fields that are no attribute of a server and are kept as its tags."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """A kind of table, and the column of each field by its header."""

    kind: Kind
    columns: dict[str, str] = field(default_factory=dict)
    guessed: bool = False
    watched_days: float | None = None
    """For how many days the calls of a list of dependencies were watched."""


def guess(rows: Rows) -> Mapping:
    """The mapping that the headers suggest. A table with a caller and a callee is a list of dependencies."""
    dependencies = _columns(rows, "dependencies")
    if ("source" in dependencies or "source_id" in dependencies) and ("target" in dependencies or "target_id" in dependencies):
        return Mapping("dependencies", dependencies, guessed=True)
    return Mapping("servers", _columns(rows, "servers"), guessed=True)


def most_telling(tables: Sequence[Rows]) -> Rows:
    """The table of which most columns are known; of two as good, the first."""
    return max(tables, key=lambda rows: len(guess(rows).columns))


def _columns(rows: Rows, kind: str) -> dict[str, str]:
    """The first known header of each field; a column supplies one field only."""
    known = {key(header): header for header in reversed(rows.header)}
    found: dict[str, str] = {}
    used: set[str] = set()
    for each in FIELDS[kind]:
        header = next((known[key(h)] for h in each.headers if key(h) in known and known[key(h)] not in used), None)
        if header is not None:
            found[each.name] = header
            used.add(header)
    return found


def unused(mapping: Mapping, rows: Rows) -> list[str]:
    """Columns that the mapping does not use."""
    taken = set(mapping.columns.values())
    return [header for header in rows.header if header and header not in taken]
