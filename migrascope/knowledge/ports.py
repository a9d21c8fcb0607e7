"""What well-known ports stand for."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.scalars import Count, Day, Items, Text

PortGroup = Literal["admin", "database", "file", "clear_text", "web", "mail", "infrastructure"]


class Port(Frozen):
    """One port, its usual service, and the group that rules ask about."""

    number: Count
    protocol: Literal["tcp", "udp"] = "tcp"
    name: Text
    group: PortGroup


class Ports(Frozen):
    """The file `ports.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    source: Text
    checked: Day
    ports: Items[Port]
