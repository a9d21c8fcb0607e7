"""RVTools: which sheet and column supplies which fact, with the headers of versions 3 and 4.

Headers are matched by their letters and digits alone. Versions before 4 write MB and mean MiB. The names were
read from real exports of both versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "text",
    "number",
    "whole",
    "boolean",
    "day",
    "power",
    "bus",
    "raw_mode",
    "multi_writer",
    "addresses",
    "firmware",
    "fault_tolerance",
    "limit",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One fact of a sheet: its name, what kind of cell holds it, and the headers it is known by."""

    fact: str
    kind: Kind
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListSheet:
    """A sheet with several rows a machine: they become a list of the server.

    `only_when_running`: the guest's tools supply the rows, so a machine without rows was not examined.
    """

    sheet: str
    list: str
    columns: tuple[Column, ...]
    only_when_running: bool = False


@dataclass(frozen=True, slots=True)
class ReadingSheet:
    """A sheet that says something a second time: it corroborates or contradicts vInfo."""

    sheet: str
    columns: tuple[Column, ...]


NAME: Final = ("VM",)
VM_ID: Final = ("VM ID",)
VM_UUID: Final = ("VM UUID",)
VCENTER: Final = ("VI SDK UUID", "vCenter UUID", "VI SDK Server")
TEMPLATE: Final = ("Template",)
PLACEHOLDER: Final = ("SRM Placeholder",)

VINFO: Final = (
    Column("power", "power", ("Powerstate",)),
    Column("hostname", "text", ("DNS Name",)),
    Column("addresses", "addresses", ("Primary IP Address",)),
    Column("cpus", "whole", ("CPUs",)),
    Column("memory_mib", "number", ("Memory",)),
    Column("disk_count", "whole", ("Disks",)),
    Column("nic_count", "whole", ("NICs",)),
    Column("provisioned_mib", "number", ("Provisioned MiB", "Provisioned MB")),
    Column("in_use_mib", "number", ("In Use MiB", "In Use MB")),
    Column("os_config", "text", ("OS according to the configuration file", "OS")),
    Column("os_tools", "text", ("OS according to the VMware Tools",)),
    Column("hardware_version", "whole", ("HW version",)),
    Column("firmware", "firmware", ("Firmware",)),
    Column("changed_block_tracking", "boolean", ("CBT",)),
    Column("consolidation_needed", "boolean", ("Consolidation Needed",)),
    Column("created", "day", ("Creation date",)),
    Column("disk_uuid", "boolean", ("EnableUUID", "disk.EnableUUID")),
    Column("fault_tolerance", "fault_tolerance", ("FT State",)),
    Column("secure_boot", "boolean", ("EFI Secure boot",)),
    Column("host", "text", ("Host",)),
    Column("cluster", "text", ("Cluster",)),
    Column("datacenter", "text", ("Datacenter",)),
    Column("folder", "text", ("Folder",)),
    Column("resource_pool", "text", ("Resource pool",)),
)
CLUSTER_RULE: Final = (("Cluster rule(s)",), ("Cluster rule name(s)",))

ANNOTATION: Final = ("Annotation",)

_DEVICE: Final = (
    Column("name", "text", ("Device Node", "Device Type")),
    Column("connected", "boolean", ("Connected",)),
)

LISTS: Final = (
    ListSheet(
        "vDisk",
        "disks",
        (
            Column("name", "text", ("Disk",)),
            Column("capacity_mib", "number", ("Capacity MiB", "Capacity MB")),
            Column("raw", "boolean", ("Raw",)),
            Column("raw_mode", "raw_mode", ("Raw Comp. Mode", "Raw Com. Mode")),
            Column("lun", "text", ("Raw LUN ID",)),
            Column("mode", "text", ("Disk Mode",)),
            Column("bus_sharing", "bus", ("Shared Bus",)),
            Column("multi_writer", "multi_writer", ("Sharing mode",)),
            Column("path", "text", ("Disk Path", "Path")),
            Column("thin", "boolean", ("Thin",)),
            Column("controller", "text", ("Controller",)),
        ),
    ),
    ListSheet(
        "vPartition",
        "partitions",
        (
            Column("path", "text", ("Disk",)),
            Column("capacity_mib", "number", ("Capacity MiB", "Capacity MB")),
            Column("free_mib", "number", ("Free MiB", "Free MB")),
            Column("free_percent", "number", ("Free %",)),
        ),
        only_when_running=True,
    ),
    ListSheet(
        "vSnapshot",
        "snapshots",
        (
            Column("name", "text", ("Name",)),
            Column("created", "day", ("Date / time",)),
            Column("size_mib", "number", ("Size MiB (total)", "Size MB (total)", "Size MiB (vmsn)", "Size MB")),
        ),
    ),
    ListSheet(
        "vNetwork",
        "nics",
        (
            Column("name", "text", ("NIC label", "Network adapter")),
            Column("network", "text", ("Network",)),
            Column("adapter", "text", ("Adapter",)),
            Column("mac", "text", ("Mac Address",)),
            Column("addresses", "addresses", ("IPv4 Address", "IP Address")),
            Column("connected", "boolean", ("Connected",)),
            Column("direct_path", "boolean", ("Direct Path IO",)),
        ),
    ),
    ListSheet("vCD", "cd_drives", _DEVICE),
    ListSheet("vUSB", "usb_devices", _DEVICE),
)

READINGS: Final = (
    ReadingSheet("vCPU", (Column("cpus", "whole", ("CPUs",)), Column("cpu_hot_add", "boolean", ("Hot Add",)))),
    ReadingSheet(
        "vMemory",
        (
            Column("memory_mib", "number", ("Size MiB", "Size MB")),
            Column("memory_hot_add", "boolean", ("Hot Add",)),
            Column("memory_limit_mib", "limit", ("Limit",)),
            Column("memory_ballooned_mib", "number", ("Ballooned",)),
            Column("memory_swapped_mib", "number", ("Swapped",)),
        ),
    ),
    ReadingSheet("vTools", (Column("tools_state", "text", ("Tools",)),)),
)
FILLS: Final = frozenset(
    {
        "tools_state",
        "cpu_hot_add",
        "memory_hot_add",
        "memory_limit_mib",
        "memory_ballooned_mib",
        "memory_swapped_mib",
    }
)
"""Facts that stand in no other sheet: a reading of these is the value itself."""

VHOST: Final = (
    Column("product", "text", ("ESX Version",)),
    Column("cpus", "whole", ("# Cores",)),
    Column("vcpus", "whole", ("# vCPUs",)),
    Column("memory_mib", "number", ("# Memory",)),
    Column("cluster", "text", ("Cluster",)),
    Column("datacenter", "text", ("Datacenter",)),
)

VCLUSTER: Final = (
    Column("hosts", "whole", ("NumHosts",)),
    Column("high_availability", "boolean", ("HA enabled",)),
    Column("drs", "boolean", ("DRS enabled",)),
    Column("dpm", "boolean", ("DPM enabled",)),
)
VDATASTORE: Final = (
    Column("capacity_mib", "number", ("Capacity MiB", "Capacity MB")),
    Column("free_percent", "number", ("Free %",)),
)
PORT_GROUPS: Final = (
    ("vPort", ("Port Group",)),
    ("dvPort", ("Port",)),
)
"""Sheets of port groups, on standard and on distributed switches, and the column that names them."""
PORT_GROUP: Final = (
    Column("vlan", "text", ("VLAN",)),
    Column("promiscuous", "boolean", ("Promiscuous Mode", "Allow Promiscuous")),
    Column("mac_changes", "boolean", ("Mac Changes",)),
    Column("forged_transmits", "boolean", ("Forged Transmits",)),
)
VMKERNEL: Final = ("vSC_VMK", ("Port Group",))
