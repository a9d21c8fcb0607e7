"""Two estates that say everything, so that every bound is closed and a loss can be noticed.

`complete` goes from a data centre to AWS, with a bill of nothing and a measured load; `leaving` runs in AWS, is billed, and
goes to Azure. Both are of our own making; figures are round, and consistent with each other.
"""

from __future__ import annotations

from typing import Any, Final

ZONE: Final = {
    part: {"state": "in_place", "evidence": f"docs/{part}.md"}
    for part in ("identity", "segmentation", "access", "logging", "policy")
} | {
    "network": {"state": "in_place", "link_mbps": 1000, "link_efficiency_percent": 60, "ranges": ["10.40.0.0/16"]},
    "backup": {"state": "planned", "due": "2027-01-15"},
}
ONCE: Final = {"licences": 500, "training": 0, "hardware": 0, "exit": 250, "other": 0}
HEAD: Final[dict[str, Any]] = {
    "schema": 1,
    "organisation": {"name": "Example", "sector": "industry", "country": "NL"},
    "as_of": "2026-11-23",
    "currency": "EUR",
    "rates": [{"from": "USD", "to": "EUR", "rate": 0.92, "on": "2026-11-20"}],
    "profile": "trust-first",
    "quarter": "2027-Q1",
    "capacity": {"fte": 3, "reserve_percent": 20, "holidays": "NL", "freezes": [{"from": "2027-03-15", "to": "2027-03-19"}]},
    "landing_zone": ZONE,
    "residency": {"regions": ["EEA"], "jurisdictions": ["US", "EU"]},
    "suppliers": [],
    "costs": {
        "as_is_per_month": 4000, "to_be_per_month": 3000, "dual_running_per_month": 500, "contingency_percent": 15,
        "egress_per_month": 40, "training": 1500, "support_plan": 100, "day_rate": 800, "tax": "excluded",
    },
}  # fmt: skip


def _workload(name: str, target: dict[str, Any], **fields: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "id": name, "name": name.title(), "category": "web",
        "owner": {"business": f"head of {name}", "technical": "platform team"},
        "members": [{"name": f"{name}-1"}, {"name": f"{name}-2"}],
        "disposition": "rehost", "environment": "production", "criticality": "medium", "users": 300, "rto_hours": 8,
        "rpo_hours": 4, "shared_service": False,
        "target": {
            "at": "there", "count": 2, "disk_gb": 400, "subnet": "10.40.4.0/24",
            "commitment": {"years": 1, "coverage_percent": 50},
            "licence": {"windows": "none", "sql": "none", "oracle": "none"}, **target,
        },
        "data": {"class": "internal", "personal": True, "special": False, "volume_gb": 120, "change_gb_per_day": 2,
                 "residency": ["EEA"], "dpia": {"state": "done", "on": "2026-09-01"}},
        "dependencies": [], "wave": "first", "effort_days": {"low": 6, "likely": 10, "high": 18, "bounds": "p10_p90"},
        "cost_per_month": {"now": 700, "planned": 500}, "cost_once": ONCE, "decommission_on": "2027-05-15",
        "cutover": {"on": "2027-02-20", "window_hours": 8}, "replication_starts": "2027-02-01",
        "rollback": {"plan": "docs/back.md", "owner": "platform team", "tested_on": "2026-10-01", "max_minutes": 90},
        "test": {"plan": "docs/test.md", "owner": "key user"}, "rehearsal": {"on": "2027-02-10", "days": 2},
        "outcome": {"metric": "wait", "unit": "days", "baseline": {"value": 5, "on": "2026-11-01", "source": "log"},
                    "target": 3, "due": "2027-03-31", "better": "lower", "measured_by": "key user"},
        "commitments": [{"person": "key user", "on": "2026-11-12", "text": "tests in February"}],
        "deadlines": [{"what": "support contract", "on": "2027-09-30"}],
    }  # fmt: skip
    return base | fields


def complete() -> dict[str, Any]:
    """A plan that states everything, from a data centre to AWS."""
    size = {"size": "m5.xlarge"}
    return HEAD | {
        "sites": [{"id": "hall", "ranges": ["10.20.0.0/16"], "lease_ends": "2027-12-31", "notice_by": "2027-06-30"}],
        "targets": [{"id": "there", "provider": "aws", "region": "eu-central-1"}],
        "waves": [
            {"id": "first", "name": "First", "start": "2027-01-11", "end": "2027-03-26", "window_hours": 10},
            {"id": "second", "name": "Second", "start": "2027-04-05", "end": "2027-06-25", "window_hours": 10},
        ],
        "workloads": [
            _workload("forms", size),
            _workload("wiki", size, users=40, criticality="low", data={
                "class": "internal", "personal": False, "volume_gb": 30, "change_gb_per_day": 1}),
            _workload("stock", size, category="database", criticality="high", users=120, wave="second",
                      cutover={"on": "2027-05-22", "window_hours": 8}, rehearsal={"on": "2027-05-08", "days": 2},
                      replication_starts="2027-04-20", decommission_on="2027-08-15",
                      dependencies=[
                          {"on": "forms", "binding": "soft", "style": "batch", "latency_budget_ms": 500, "calls_per_day": 2000,
                           "gb_per_month": 2, "port": 443},
                          {"on": "directory", "binding": "soft", "style": "login", "latency_budget_ms": 200,
                           "calls_per_day": 500, "gb_per_month": 1}]),
            _workload("fax", size, users=3, criticality="low"),
            {"id": "directory", "name": "Directory", "category": "identity", "shared_service": True, "disposition": "retain",
             "members": [{"name": "dc-1"}], "dependencies": [], "users": 500, "environment": "production"},
        ],
    }  # fmt: skip


def leaving() -> dict[str, Any]:
    """A plan that states everything, from AWS to Azure."""
    size = {"size": "Standard_D4s_v5"}
    return HEAD | {
        "sites": [],
        "targets": [{"id": "there", "provider": "azure", "region": "westeurope"}],
        "waves": [{"id": "first", "name": "First", "start": "2027-01-11", "end": "2027-03-26", "window_hours": 10}],
        "workloads": [
            _workload("shop", size),
            _workload("mail", size, users=900, outcome={
                "metric": "answered", "unit": "per day", "baseline": {"value": 40, "on": "2026-11-01", "source": "log"},
                "target": 60, "due": "2027-03-31", "better": "higher", "measured_by": "key user"}),
        ],
    }  # fmt: skip


def _coverage(scope: str, covered: str, items: int, **more: Any) -> dict[str, Any]:
    return {
        "kind": "coverage", "source": "test", "scope": scope, "operation": covered, "status": "ok" if items else "empty",
        "items": items, "covers": [covered], "detail": "", **more,
    }  # fmt: skip


def _server(name: str, row: int, **attributes: Any) -> dict[str, Any]:
    has: dict[str, Any] = {
        "template": False, "power": "on", "cpus": 4, "memory_mib": 16384.0, "disk_count": 2, "nic_count": 1,
        "provisioned_mib": 204800.0, "in_use_mib": 92160.0, "os_config": "Ubuntu Linux (64-bit)",
        "os_tools": "Ubuntu 24.04 LTS", "hardware_version": 19, "firmware": "efi", "addresses": [f"10.20.1.{row}"],
        "disks": [
            {"name": f"Hard disk {n}", "capacity_mib": 102400.0, "raw": False, "mode": "persistent", "bus_sharing": "none",
             "multi_writer": False, "path": f"[ds] {name}/{n}.vmdk", "thin": True, "place": {"sheet": "vDisk", "row": row}}
            for n in (1, 2)
        ],
        "partitions": [
            {"path": path, "capacity_mib": 100000.0, "free_mib": 60000.0, "place": {"sheet": "vPartition", "row": row}}
            for path in ("/", "/data")
        ],
        "snapshots": [],
        "nics": [{"name": "eth0", "network": "front", "addresses": [f"10.20.1.{row}"],
                  "place": {"sheet": "vNetwork", "row": row}}],
    }  # fmt: skip
    return {
        "kind": "resource", "type": "server", "id": f"vsphere:vc:{name}", "name": name, "provider": "vsphere",
        "source": "rvtools", "scope": "vc.xlsx", "place": {"file": "vc.xlsx", "sheet": "vInfo", "row": row},
        "attributes": has | attributes,
    }  # fmt: skip


def _loads(id_: str) -> list[dict[str, Any]]:
    rows = (("cpu_percent", "p95", 30.0), ("cpu_percent", "p99.5", 40.0), ("memory_percent", "p95", 50.0),
            ("memory_percent", "p99.5", 60.0), ("disk_iops", "p99.5", 900.0), ("disk_mbps", "p99.5", 40.0))  # fmt: skip
    return [
        {"kind": "measurement", "id": id_, "metric": metric, "statistic": statistic, "unit": "percent",
         "window": "P31D/2026-10-20", "samples": 8928, "coverage": 1.0, "value": value}
        for metric, statistic, value in rows
    ]  # fmt: skip


HEADER: Final = {"kind": "header", "schema_version": 1, "tool": "test", "collected_at": "2026-11-20T00:00:00Z"}


def data_centre() -> list[dict[str, Any]]:
    """What was observed of the complete plan: ten servers, a load of each, all calls of a month."""
    names = [f"{name}-{n}" for name in ("forms", "wiki", "stock", "fax") for n in (1, 2)]
    servers = [_server(name, row, **({"power": "off"} if name.startswith("fax") else {})) for row, name in enumerate(names, 2)]
    servers.append(_server("dc-1", 12, os_config="Microsoft Windows Server 2022", os_tools="Microsoft Windows Server 2022"))
    network = {
        "kind": "resource", "type": "network", "id": "net-front", "name": "front", "provider": "vsphere", "source": "rvtools",
        "scope": "vc.xlsx", "place": {"file": "vc.xlsx", "sheet": "dvPort", "row": 2},
        "attributes": {"promiscuous": False, "mac_changes": False, "forged_transmits": False, "vmkernel": False},
    }  # fmt: skip
    calls = [
        {"kind": "relation", "type": "calls", "source": f"vsphere:vc:{a}", "target": f"vsphere:vc:{b}", "method": "flow",
         "place": {"file": "flows.csv", "row": row}}
        for row, (a, b) in enumerate((("stock-1", "forms-1"), ("stock-2", "dc-1")), 2)
    ]  # fmt: skip
    n = len(servers)
    lists = {"server": n, "server.disks": 2 * n, "server.partitions": 2 * n, "server.nics": n, "server.snapshots": 0,
             "server.readings": 0, "network": 1, "database": 0, "storage": 0, "service": 0}  # fmt: skip
    coverage = [_coverage("vc.xlsx", covered, items) for covered, items in lists.items()]
    coverage.append(_coverage("flows.csv", "relation.calls", len(calls), watched_days=31))
    loads = [row for server in servers for row in _loads(server["id"])]
    return [HEADER, *coverage, *servers, network, *calls, *loads]


def account() -> list[dict[str, Any]]:
    """What was observed of the plan that leaves AWS: four servers, their bill, their load."""
    scope = "123456789012/eu-central-1"
    servers = []
    for row, name in enumerate(("shop-1", "shop-2", "mail-1", "mail-2"), 2):
        server = _server(name, row, size="m5.xlarge")
        for gone in ("template", "hardware_version", "firmware"):
            del server["attributes"][gone]
        moved = {"id": f"i-{row:017}", "provider": "aws", "region": "eu-central-1", "source": "aws", "scope": scope}
        servers.append(server | moved | {"place": {"call": "ec2:DescribeInstances", "scope": scope}})
    bill = [
        {"kind": "measurement", "id": server["id"], "metric": "cost", "statistic": "effective", "unit": "EUR",
         "window": "2026-10-01/2026-11-01", "samples": 1, "coverage": 1.0, "value": 210.0}
        for server in servers
    ]  # fmt: skip
    n = len(servers)
    lists = {"server": n, "server.disks": 2 * n, "server.partitions": 2 * n, "server.nics": n, "server.snapshots": 0,
             "server.readings": 0, "network": 0, "database": 0, "storage": 0, "service": 0}  # fmt: skip
    coverage = [_coverage(scope, covered, items) for covered, items in lists.items()]
    coverage.append(_coverage("flows", "relation.calls", 0, watched_days=31))
    return [HEADER, *coverage, *servers, *bill, *(row for server in servers for row in _loads(server["id"]))]
