"""Every question that `collect azure` asks, and what a full answer makes complete."""

from __future__ import annotations

from typing import Final

from migrascope.collectors.azure.queries import QUERIES
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
    )
    for name in QUERIES
)
TEXTS: Final = {name.replace(" ", "-"): text for name, text in QUERIES.items()}
"""The query of each call."""

NEVER_TOLD: Final = ("cpus", "memory_mib", "disk_count", "nic_count", "provisioned_mib", "in_use_mib", "partitions",
                     "snapshots", "tools_state", "host", "cluster", "datacenter", "readings")  # fmt: skip
"""What Resource Graph shows of no machine."""
