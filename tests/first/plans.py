"""Small estates for the choice: workloads of which every gate passes, and what one changes in them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from migrascope.model.assessment import Assessment
from migrascope.model.first import First, Gate
from tests.support import judged, plan

ZONE = {part: {"state": "in_place", "evidence": "docs/zone.md"} for part in
        ("identity", "network", "segmentation", "access", "logging", "backup")}  # fmt: skip

DISK = {"name": "Hard disk 1", "capacity_mib": 40960, "raw": False, "mode": "persistent", "bus_sharing": "none",
        "multi_writer": False, "thin": True, "place": {"sheet": "vDisk", "row": 2}}  # fmt: skip

READY: dict[str, Any] = {
    "category": "web",
    "disposition": "rehost",
    "target": {"at": "west"},
    "criticality": "low",
    "users": 100,
    "rto_hours": 24,
    "data": {"class": "internal", "personal": False, "special": False, "volume_gb": 10},
    "dependencies": [],
    "effort_days": {"low": 3, "likely": 5, "high": 8},
    "owner": {"business": "head of service", "technical": "platform team"},
    "test": {"plan": "docs/test.md", "owner": "key user"},
    "rollback": {"plan": "docs/back.md", "owner": "platform team", "tested_on": "2026-10-01", "max_minutes": 60},
    "cutover": {"on": "2027-02-20", "window_hours": 8},
    "rehearsal": {"on": "2027-02-06", "days": 2},
    "outcome": {
        "metric": "wait",
        "unit": "days",
        "baseline": {"value": 5, "on": "2026-11-01", "source": "log"},
        "target": 4,
        "better": "lower",
    },
    "commitments": [{"person": "key user", "on": "2026-11-01", "text": "tests in February"}],
}


def ready(name: str, **changes: Any) -> dict[str, Any]:
    """A workload that may go first, with changes; a value of None takes the field away."""
    fields = copy.deepcopy(READY) | {"id": name, "name": name, "members": [{"name": f"{name}-1"}]} | changes
    return {key: value for key, value in fields.items() if value is not None}


def document(*workloads: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A plan for one quarter with a landing zone that stands and people enough."""
    base = {
        "schema": 1,
        "as_of": "2026-11-23",
        "quarter": "2027-Q1",
        "profile": "trust-first",
        "capacity": {"fte": 2, "reserve_percent": 20, "holidays": "NL", "freezes": []},
        "landing_zone": ZONE,
        "residency": {"regions": ["EEA"]},
        "targets": [{"id": "west", "provider": "azure", "region": "westeurope"}],
        "workloads": list(workloads),
    }
    return base | changes


def machines(
    *workloads: dict[str, Any], system: str = "Ubuntu 24.04 LTS", others: int = 0, watched_days: float | None = 30
) -> list[dict[str, Any]]:
    """An inventory with the machines of the workloads, and others that nobody claims."""
    names = [member["name"] for workload in workloads for member in workload.get("members", ())]
    names += [f"other-{number}" for number in range(others)]
    header = {"kind": "header", "schema_version": 1, "tool": "test", "collected_at": "2026-11-20"}
    looked_at = ("server", "relation.calls", "server.disks", "server.partitions", "server.snapshots", "server.nics",
                 "server.readings")  # fmt: skip
    coverage = [
        {"kind": "coverage", "source": "test", "scope": "all", "operation": covered, "status": "ok" if count else "empty",
         "items": count, "covers": [covered], "detail": "", "watched_days": watched_days}
        for covered in looked_at
        for count in [len(names) if covered in ("server", "server.disks") else 0]
    ]  # fmt: skip
    return [header, *coverage, *(_machine(name, system) for name in names)]


def _machine(name: str, system: str) -> dict[str, Any]:
    attributes = {"hostname": name, "cpus": 2, "memory_mib": 4096, "provisioned_mib": 40960, "os_config": system,
                  "os_tools": system, "power": "on", "template": False, "cluster": "c", "host": "h", "disk_count": 1,
                  "nic_count": 0, "disks": [DISK], "partitions": [], "snapshots": [],
                  "nics": []}  # fmt: skip
    return {"kind": "resource", "type": "server", "id": f"id-{name}", "name": name, "provider": "vmware", "source": "test",
            "scope": "all", "place": {"file": "all.csv", "row": 1}, "attributes": attributes}  # fmt: skip


def calls(records: list[dict[str, Any]], *pairs: tuple[str, str]) -> list[dict[str, Any]]:
    """The same inventory, in which one machine was seen to call another."""
    seen = [
        {"kind": "relation", "type": "calls", "source": f"id-{caller}", "target": f"id-{callee}", "method": "flow",
         "place": {"file": "flows.csv", "row": row}}
        for row, (caller, callee) in enumerate(pairs, start=2)
    ]  # fmt: skip
    of_calls = {"status": "ok", "items": len(seen)}
    counted = [{**record, **of_calls} if record.get("covers") == ["relation.calls"] else record for record in records]
    return [*counted, *seen]


def opinion(data: dict[str, Any], folder: Path, records: list[dict[str, Any]] | None = None) -> Assessment:
    """The whole opinion on a plan as data; the inventory holds its machines unless another is given."""
    found = machines(*data["workloads"]) if records is None else records
    return judged(plan(json.dumps(data)), found, folder)


def first_of(data: dict[str, Any], folder: Path, records: list[dict[str, Any]] | None = None) -> First:
    """Only the answer."""
    first = opinion(data, folder, records).first
    assert first is not None
    return first


def gate(first: First, unit: str, name: str) -> Gate:
    """One gate of one unit."""
    return next(gate for gate in first.gates[unit] if gate.gate == name)


def against(first: First, unit: str) -> str:
    """The code of the one reason against a unit."""
    return next(entry.reason.code for entry in first.not_now if entry.unit == unit)
