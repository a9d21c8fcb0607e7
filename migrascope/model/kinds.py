"""The kinds of resource that an inventory can hold: one row each, and nothing about a kind stands anywhere else.

A new kind is a row here with the shape of its attributes (`model/inventory.py`), and, where rules ask what takes thought, a
module `facts/<kind>.py`. Its schema, reading, subjects, facts and words follow from the row.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

from migrascope.model.inventory import (
    Account,
    Cluster,
    Database,
    Host,
    Identity,
    Network,
    Server,
    Service,
    Storage,
    record_shape,
)
from migrascope.model.phrase import later


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of resource."""

    name: str
    attributes: Any
    """The shape of what a collector reads of it (a TypedDict)."""
    ask: str
    """The role that can answer for what is missing."""
    counted: tuple[str, str]
    """One and many of them, with `{n}` for the number."""
    all_of_them: str
    """All of them, where nobody knows how many there are."""
    heading: str
    member: bool = False
    """It can be part of a workload."""


def counted(one: str, many: str) -> tuple[str, str]:
    """Marks a singular and a plural for translation."""
    return one, many


_INFRASTRUCTURE: Final = "infrastructure_engineer"
_ROWS: Final = (
    Kind("server", Server, _INFRASTRUCTURE, counted("{n} server", "{n} servers"), later("the servers"), "Servers", member=True),
    Kind("host", Host, _INFRASTRUCTURE, counted("{n} host", "{n} hosts"), later("the hosts"), "Hosts"),
    Kind("cluster", Cluster, _INFRASTRUCTURE, counted("{n} cluster", "{n} clusters"), later("the clusters"), "Clusters"),
    Kind(
        "database", Database, _INFRASTRUCTURE, counted("{n} database", "{n} databases"), later("the databases"), "Databases",
        member=True,
    ),
    Kind(
        "storage", Storage, _INFRASTRUCTURE, counted("{n} storage place", "{n} storage places"), later("the storage places"),
        "Storage", member=True,
    ),
    Kind("network", Network, "network_engineer", counted("{n} network", "{n} networks"), later("the networks"), "Networks"),
    Kind("service", Service, _INFRASTRUCTURE, counted("{n} service", "{n} services"), later("the services"), "Services",
         member=True),
    Kind("identity", Identity, "security_officer", counted("{n} identity", "{n} identities"), later("the identities"),
         "Identities"),
    Kind("account", Account, "security_officer", counted("{n} account", "{n} accounts"), later("the accounts"), "Accounts"),
)  # fmt: skip

KINDS: Final[dict[str, Kind]] = {row.name: row for row in _ROWS}
"""Every kind of resource, by its name in the inventory."""
SUBJECT_KINDS: Final[tuple[str, ...]] = ("plan", "wave", "workload", "dependency", *KINDS, "waiver")
"""Everything that a rule can be asked of."""


@cache
def adapter(kind: str) -> TypeAdapter[Any]:
    """What checks a record of a kind; made at its first use. Raises KeyError where there is no such kind."""
    return TypeAdapter(record_shape(kind, KINDS[kind].attributes))
