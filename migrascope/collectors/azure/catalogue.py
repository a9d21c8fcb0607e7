"""Every question that `collect azure` asks, and what a full answer makes complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from migrascope.collectors.azure.queries import QUERIES
from migrascope.collectors.azure.reads import BILLS, LOAD, SIZES
from migrascope.collectors.azure.resources import read
from migrascope.collectors.cloud.operation import Operation

READER: Final = "the role Reader on the subscription or its management group"

_NETWORK: Final = ("network", "network.tags")
_SERVICE: Final = ("service", "service.tags")
_STORAGE: Final = ("storage", "storage.tags", "storage.encrypted")
_COVERS: Final[dict[str, tuple[str, ...]]] = {
    "subscriptions": ("account",),
    "virtual machines": ("server", "server.tags", "server.disks", "server.size", "server.os_config"),
    "scale sets": _SERVICE,
    "disks": (*_STORAGE, "storage.size_gib", "storage.attached"),
    "snapshots": (*_STORAGE, "storage.size_gib"),
    "network interfaces": ("server.nics", "server.addresses"),
    "security groups": (*_NETWORK, "network.ingress"),
    "virtual networks": _NETWORK,
    "gateways": _NETWORK,
    "public addresses": _NETWORK,
    "load balancers": _SERVICE,
    "flow logs": ("network.flow_logs",),
    "databases": ("database", "database.tags", "database.engine", "database.version"),
    "storage accounts": (*_STORAGE, "storage.public", "storage.https_only"),
    "web and containers": _SERVICE,
    "vaults": _SERVICE,
    "role assignments": ("identity", "identity.policies"),
    "policy states": ("account.compliant_percent",),
}
OPERATIONS: Final[tuple[Operation, ...]] = tuple(
    Operation(
        "resource-graph",
        name.replace(" ", "-"),
        "data",
        read=read,
        covers=_COVERS[name],
        reach="account",
        permissions=(READER,),
        further=(SIZES, LOAD) if name == "virtual machines" else (),
    )
    for name in QUERIES
)
OPTIONS: Final = ("costs", "utilisation")
"""What is only asked when somebody wants it."""
TEXTS: Final = {name.replace(" ", "-"): text for name, text in QUERIES.items()}
"""The query of each call."""

NEVER_TOLD: Final = ("disk_count", "nic_count", "provisioned_mib", "in_use_mib", "partitions",
                     "snapshots", "tools_state", "host", "cluster", "datacenter", "readings")  # fmt: skip
"""What Azure shows of no machine."""
SIZED: Final = ("cpus", "memory_mib")
"""What Resource Graph does not show of a machine, and its size does."""


def every_call(options: tuple[str, ...] = OPTIONS) -> Iterator[Operation]:
    """Each question, with those that follow from others."""
    for operation in (*OPERATIONS, *BILLS):
        yield from (each for each in operation.all() if each.when in ("", *options))


_TYPE: Final = re.compile(r"(=~|in~|startswith) *\(?((?:'[^']+',? *)+)")


def actions(options: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The permissions that suffice: reading each type that a query asks for, and the other reads that are made."""
    found = {"Microsoft.ResourceGraph/resources/read"}
    for text in TEXTS.values():
        for how, names in _TYPE.findall(text):
            types = [name for name in re.findall(r"'([^']+)'", names) if name.startswith("microsoft.")]
            found |= {f"{name.rstrip('/')}/*/read" if how == "startswith" else f"{name}/read" for name in types}
    found |= {each for operation in every_call(options) for each in operation.permissions if each != READER}
    return tuple(sorted(found, key=str.lower))
