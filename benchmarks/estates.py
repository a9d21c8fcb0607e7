"""Estates of any size, the same for the same numbers: a plan in YAML and an inventory in JSON Lines.

The mix follows real exports: a tenth of the machines past support, a few percent with old snapshots or full disks, now
and then a blank cell, one sheet that was not there. Calls stay inside a workload or go to a few others and to shared ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from random import Random
from typing import Any

_SYSTEMS = (
    ("Red Hat Enterprise Linux 8 (64-bit)", 30),
    ("Red Hat Enterprise Linux 9 (64-bit)", 25),
    ("Microsoft Windows Server 2019 (64-bit)", 20),
    ("Microsoft Windows Server 2022 (64-bit)", 14),
    ("Microsoft Windows Server 2012 (64-bit)", 5),
    ("CentOS 7 (64-bit)", 3),
    ("Microsoft Windows Server 2016 or later (64-bit)", 2),
    ("Debian GNU/Linux 8 (64-bit)", 1),
)
_CATEGORIES = ("web", "database", "finance", "middleware", "file", "custom", "integration", "crm")
_FILE = "estate.xlsx"


@dataclass(frozen=True, slots=True)
class Size:
    """How many of everything."""

    workloads: int
    servers: int
    calls: int
    seed: int = 20261123


def write(folder: Path, size: Size) -> tuple[Path, Path]:
    """Write plan.yaml and inventory.jsonl; gives their paths."""
    random = Random(size.seed)  # noqa: S311 (a benchmark, not a secret)
    plan, inventory = folder / "plan.yaml", folder / "inventory.jsonl"
    plan.write_text("\n".join(_plan(size)) + "\n", encoding="utf-8")
    with inventory.open("w", encoding="utf-8") as stream:
        for record in _records(size, random):
            stream.write(json.dumps(record) + "\n")
    return plan, inventory


def _plan(size: Size) -> Iterator[str]:
    waves = max(size.workloads // 40, 1)
    yield "schema: 1\nas_of: 2026-11-23\ncurrency: EUR\norganisation: {name: Benchmark, sector: industry, country: NL}"
    yield "capacity: {fte: 12, reserve_percent: 25, holidays: NL, freezes: []}"
    yield "landing_zone:"
    yield from (f"  {part}: {{state: in_place}}" for part in ("identity", "segmentation", "access", "logging", "backup"))
    yield "  network: {state: in_place, link_mbps: 1000, ranges: [10.200.0.0/16]}"
    yield "residency: {regions: [EEA]}\ntargets: [{id: cloud, provider: azure, region: westeurope}]\nwaves:"
    for number in range(waves):
        year, quarter = divmod(number, 40)
        month = 1 + quarter % 12
        yield f"  - {{id: w{number}, start: {2027 + year}-{month:02}-01, end: {2027 + year}-{month:02}-28, window_hours: 12}}"
    yield "workloads:"
    for number in range(size.workloads):
        yield from _workload(number, size, waves)


def _calls_of(number: int, size: Size) -> set[int]:
    """The workloads that one calls, as the plan says and the traffic shows."""
    random = Random(size.seed * 1_000_003 + number)  # noqa: S311
    return {random.randrange(size.workloads) for _ in range(random.randrange(4))} - {number}


def _shares(size: Size) -> list[range]:
    """The servers of each workload, by number: of a large estate most have a few, and every fifth has many."""
    each = size.servers // size.workloads
    few = 4 if each > 10 else each
    wanted = [few if each <= 10 or number % 5 else 5 * each - 4 * few for number in range(size.workloads)]
    wanted[-1] += size.servers - sum(wanted)
    starts = [0, *accumulate(wanted)]
    return [range(start, end) for start, end in pairwise(starts)]


def _workload(number: int, size: Size, waves: int) -> Iterator[str]:
    wave = number * waves // size.workloads
    others = _calls_of(number, size)
    yield f"  - id: app-{number:05}"
    yield f"    category: {_CATEGORIES[number % len(_CATEGORIES)]}"
    yield f"    owner: {{business: Owner {number % 300}, technical: Engineer {number % 200}}}"
    yield f'    members: [{{pattern: "a{number:05}-*"}}]'
    yield "    disposition: rehost\n    target: {at: cloud, size: Standard_D4s_v5}"
    yield f"    environment: {'production' if number % 3 else 'test'}"
    yield f"    criticality: {'high' if number % 7 == 0 else 'medium'}"
    yield f"    wave: w{wave}\n    users: {10 + number % 500}\n    rto_hours: 8\n    rpo_hours: 4"
    personal = "true" if number % 2 else "false"
    yield f"    data: {{class: internal, personal: {personal}, special: false, volume_gb: {50 + number % 900}}}"
    yield f"    effort_days: {{low: 5, likely: {8 + number % 9}, high: 30}}\n    cost_per_month: {{now: 900, planned: 700}}"
    yield "    rollback: {plan: docs/rollback.md, owner: Lead, tested_on: 2026-10-01, max_minutes: 60}"
    yield "    test: {plan: docs/test.md, owner: Lead}\n    decommission_on: 2028-12-31"
    if others:
        yield "    dependencies:"
        for other in sorted(others):
            yield f"      - {{on: app-{other:05}, binding: soft, style: batch, calls_per_day: 100, latency_budget_ms: 200}}"
    else:
        yield "    dependencies: []"


def _records(size: Size, random: Random) -> Iterator[dict[str, Any]]:
    yield {"kind": "header", "schema_version": 1, "tool": "benchmark", "collected_at": "2026-11-20"}
    shares = _shares(size)
    owner = [workload for workload, share in enumerate(shares) for _ in share]
    disks = partitions = snapshots = nics = 0
    for number in range(size.servers):
        name = f"a{owner[number]:05}-{number - shares[owner[number]].start:02}"
        record = _server(name, number, random)
        attributes = record["attributes"]
        disks += len(attributes["disks"])
        partitions += len(attributes["partitions"])
        snapshots += len(attributes["snapshots"])
        nics += len(attributes["nics"])
        yield record
    for number in range(60):
        yield _network(number)
    for _ in range(size.calls):
        yield _call(size, shares, owner, random)
    counts = {"disks": disks, "partitions": partitions, "snapshots": snapshots, "nics": nics}
    yield from _coverage(size, counts)


def _server(name: str, number: int, random: Random) -> dict[str, Any]:
    row = number + 2
    system = random.choices([name for name, _ in _SYSTEMS], [weight for _, weight in _SYSTEMS])[0]
    attributes: dict[str, Any] = {
        "template": False, "power": "off" if random.random() < 0.03 else "on", "hostname": f"{name}.example",
        "addresses": [f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"], "cpus": random.choice((2, 4, 8)),
        "memory_mib": random.choice((4096, 8192, 16384)), "disk_count": 2, "nic_count": 1, "provisioned_mib": 150000,
        "in_use_mib": 70000, "os_config": system, "os_tools": system, "hardware_version": random.choice((13, 17, 19)),
        "firmware": "efi", "changed_block_tracking": True, "fault_tolerance": False, "consolidation_needed": False,
        "tools_state": "toolsOk", "host": f"esx-{number % 500:03}", "cluster": f"cluster-{number % 25:02}",
        "datacenter": "dc", "folder": "vm", "resource_pool": "Resources", "secure_boot": False, "disk_uuid": False,
        "cpu_hot_add": False, "memory_hot_add": False, "memory_limit_mib": 65536.0, "memory_ballooned_mib": 0.0,
        "memory_swapped_mib": 0.0, "annotation_secret": False, "cd_drives": [], "usb_devices": [], "created": "2021-05-01",
        "tags": {"application": name[:6]},
        "disks": [_disk(nth, row, random) for nth in range(2)],
        "partitions": [_partition(path, row, random) for path in ("/", "/data")],
        "snapshots": [_snapshot(row)] if random.random() < 0.02 else [],
        "nics": [{"name": "Network adapter 1", "network": f"vlan-{number % 60}", "adapter": "Vmxnet3", "connected": True,
                  "direct_path": False,
                  "mac": f"00:50:56:{number >> 16 & 255:02x}:{number >> 8 & 255:02x}:{number & 255:02x}"}],
    }  # fmt: skip
    if random.random() < 0.01:
        del attributes["os_tools"]
    if random.random() < 0.002:
        del attributes["cpus"]
    return {
        "kind": "resource", "type": "server", "id": f"vsphere:bench:{number:06}", "name": name, "provider": "vsphere",
        "source": "rvtools", "scope": _FILE, "place": {"file": _FILE, "sheet": "vInfo", "row": row}, "attributes": attributes,
    }  # fmt: skip


def _network(number: int) -> dict[str, Any]:
    loose = {"promiscuous": number == 7, "mac_changes": False, "forged_transmits": False, "vmkernel": False}
    return {
        "kind": "resource", "type": "network", "id": f"network:{number}", "name": f"vlan-{number}", "provider": "vsphere",
        "source": "rvtools", "scope": _FILE, "place": {"file": _FILE, "sheet": "dvPort", "row": number + 2},
        "attributes": {"vlan": str(number), **loose},
    }  # fmt: skip


def _disk(nth: int, row: int, random: Random) -> dict[str, Any]:
    return {
        "name": f"Hard disk {nth + 1}", "capacity_mib": random.choice((51200, 102400)), "raw": False, "mode": "persistent",
        "bus_sharing": "none", "multi_writer": False, "thin": True, "controller": "SCSI controller 0",
        "path": f"[ds-{row % 90}] vm{row}/disk{nth}.vmdk", "place": {"sheet": "vDisk", "row": row * 2 + nth},
    }  # fmt: skip


def _partition(path: str, row: int, random: Random) -> dict[str, Any]:
    free = 5 if random.random() < 0.03 else random.choice((30, 45, 60))
    place = {"sheet": "vPartition", "row": row}
    return {"path": path, "capacity_mib": 50000, "free_mib": 500 * free, "free_percent": free, "place": place}


def _snapshot(row: int) -> dict[str, Any]:
    return {"name": "before patch", "created": "2026-03-01", "size_mib": 100, "place": {"sheet": "vSnapshot", "row": row}}


def _call(size: Size, shares: list[range], owner: list[int], random: Random) -> dict[str, Any]:
    """Most calls stay inside a workload; of the others nearly all are in the plan."""
    source, chance = random.randrange(size.servers), random.random()
    called = sorted(_calls_of(owner[source], size)) if chance > 0.9 else []
    share = shares[random.choice(called)] if called else shares[owner[source]]
    target = random.randrange(size.servers) if chance > 0.9999 else random.choice(share)
    ids = (f"vsphere:bench:{source:06}", f"vsphere:bench:{target:06}")
    return {
        "kind": "relation", "type": "calls", "source": ids[0], "target": ids[1], "method": "flow log", "detail": "443",
        "place": {"file": "flows.csv"},
    }  # fmt: skip


def _coverage(size: Size, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    common = {"kind": "coverage", "source": "rvtools", "scope": _FILE, "status": "ok", "detail": ""}
    yield {**common, "operation": "vInfo", "items": size.servers, "covers": ["server"]}
    for name, sheet in (("disks", "vDisk"), ("partitions", "vPartition"), ("snapshots", "vSnapshot"), ("nics", "vNetwork")):
        yield {**common, "operation": sheet, "items": counts[name], "covers": [f"server.{name}"]}
    for name in ("cd_drives", "usb_devices"):
        yield {**common, "operation": name, "items": 0, "covers": [f"server.{name}"], "status": "empty"}
    yield {**common, "operation": "dvPort", "items": 60, "covers": ["network"]}
    yield {**common, "operation": "tags", "items": size.servers, "covers": ["server.tags"]}
    yield {**common, "operation": "rules", "items": 0, "covers": ["relation.kept_apart"], "status": "empty"}
    yield {**common, "operation": "readings", "items": 0, "covers": ["server.readings"], "status": "empty"}
    yield {
        **common,
        "scope": "flows.csv",
        "operation": "flows",
        "items": size.calls,
        "covers": ["relation.calls"],
        "watched_days": 30,
    }
