"""What is known of an account and its regions before anything is asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from migrascope.collectors.cloud.records import Record, RecordOrigin

NEVER_TOLD: Final = ("disk_count", "nic_count", "provisioned_mib", "in_use_mib", "partitions", "snapshots", "os_tools",
                     "tools_state", "host", "cluster", "datacenter", "readings")  # fmt: skip
"""What the other side of the hypervisor would know."""


def place(origin: RecordOrigin) -> Iterator[Record]:
    """The account, or its part in a region, as something that rules ask about; and what no call shows of its machines.

    Every place that is asked is listed, whatever it answers, so that the list of places is complete.
    """
    whole = origin.region == "global"
    id_ = f"aws:{origin.account}" if whole else f"aws:{origin.scope}"
    name = origin.account if whole else origin.scope
    yield origin.resource("account", id_, name, {"part": "account" if whole else "region"})
    yield _coverage(origin, "aws:place", "ok", 1, ("account",), "")
    if not whole:
        covers = tuple(f"server.{fact}" for fact in NEVER_TOLD)
        detail = "EC2 shows neither the inside of a machine nor what it runs on"
        yield _coverage(origin, "ec2:inside", "unsupported", 0, covers, detail)


def _coverage(origin: RecordOrigin, operation: str, status: str, items: int, covers: tuple[str, ...], detail: str) -> Record:
    found = {"kind": "coverage", "source": "aws", "scope": origin.scope, "operation": operation, "status": status}
    return found | {"items": items, "covers": list(covers)} | ({"detail": detail} if detail else {})
