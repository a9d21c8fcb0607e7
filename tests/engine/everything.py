# ruff: noqa: E501 (a table of what is wrong reads better in long lines)
"""A small estate in which nearly everything is wrong: most rules that ship find something here.

Its use is to take things away from it. Not an example for people: those stand in `examples/`.
"""

from __future__ import annotations

from typing import Any

FILE = "all.xlsx"

PLAN = """
schema: 1
organisation: {name: All, sector: municipality, country: NL}
as_of: 2026-11-23
currency: EUR
rates: [{from: USD, to: EUR, rate: 0.92, on: 2026-05-01}]
quarter: 2027-Q1
capacity: {fte: 0.2, reserve_percent: 25, holidays: NL, freezes: [{from: 2027-02-15, to: 2027-03-19, reason: elections}]}
landing_zone:
  identity: {state: in_place}
  network: {state: planned, due: 2027-06-01, link_mbps: 50, link_efficiency_percent: 50, ranges: [10.20.0.0/16]}
  segmentation: {state: absent}
  access: {state: in_place}
  logging: {state: planned, due: 2027-05-01}
  backup: {state: in_place}
  policy: {state: absent}
sites: [{id: hall, ranges: [10.0.0.0/8], lease_ends: 2027-01-31, notice_by: 2026-09-30}]
residency: {regions: [EEA], jurisdictions: [EU]}
suppliers:
  - {name: Cloudy, parent_jurisdiction: US, contract_ends: 2027-02-01, notice_days: 180, processor_agreement: absent, subprocessors: [Hoster],
     exit_plan: {state: absent, cost: 5000}}
  - {name: Hosty, parent_jurisdiction: NL, contract_ends: 2029-02-01, notice_days: 30, processor_agreement: in_place,
     exit_plan: {state: in_place, tested_on: 2021-01-01, cost: 100}}
  - {name: Silent, exit_plan: {state: absent}}
targets: [{id: far, provider: aws, region: us-east-1}]
waves:
  - {id: one, name: One, start: 2027-01-11, end: 2028-03-26, window_hours: 2}
  - {id: two, name: Two, start: 2026-12-01, end: 2026-11-30, window_hours: 4}
workloads:
  - id: core
    name: Core
    category: erp
    owner: {business: Same, technical: Same}
    members: [{name: core-01}, {name: core-02}, {name: ghost-01}]
    disposition: rehost
    replaced_by: {what: suite, on: 2027-06-01}
    target: {at: far, size: m4.large, count: 2, subnet: 10.20.4.0/30, commitment: {years: 3, coverage_percent: 90},
             licence: {windows: byol, oracle: byol}}
    environment: production
    criticality: mission
    users: 900
    rto_hours: 1
    data: {class: confidential, personal: true, special: true, volume_gb: 900000, change_gb_per_day: 900, biv: "333",
           dpia: {state: absent}}
    wave: one
    effort_days: {low: 10, likely: 40, high: 90}
    dependencies:
      - {on: base, binding: hard, style: synchronous, latency_budget_ms: 5, calls_per_day: 250000}
      - {on: stays, binding: hard, style: synchronous}
      - {on: goes, binding: soft, style: batch}
      - {on: boxed, binding: soft, style: batch}
    cost_per_month: {now: 90000, planned: 0}
    cost_once: {migration: 90000, training: 1, hardware: 1, exit: 1, other: 1}
    cutover: {on: 2027-03-01, window_hours: 6}
    replication_starts: 2027-03-05
    decommission_on: 2027-03-02
    rollback: {max_minutes: 600, tested_on: 2020-01-01}
    test: {owner: Same}
    skills: {need: [terraform], have: [{skill: excel, person: Same}]}
    security:
      mfa: {state: absent}
      segmentation: {state: planned, due: 2027-09-01}
      access_review: {state: absent}
      encryption: {state: absent}
      secrets: {state: absent}
      logging: {state: absent}
      backup: {state: absent, age_hours: 90, restore_tested_on: 2020-01-01}
      penetration_test: {state: absent}
  - id: base
    name: Base
    category: database
    owner: {technical: Same}
    members: [{name: base-01}, {name: core-02}]
    disposition: refactor
    target: {at: far}
    environment: test
    criticality: high
    data: {class: internal, personal: false, volume_gb: 2000, change_gb_per_day: 1}
    wave: two
    dependencies: [{on: core, binding: hard, style: synchronous, latency_budget_ms: 5, calls_per_day: 10}]
    cost_per_month: {now: 10, planned: 5}
    cost_once: {migration: 1, licences: 1, training: 1, hardware: 1, exit: 1, other: 1}
  - {id: boxed, category: appliance, disposition: rehost, wave: one, members: [{name: box-01}], target: {at: far},
     environment: production, criticality: high, dependencies: [], data: {personal: false, volume_gb: 5000, change_gb_per_day: 1},
     cost_per_month: {now: 1, planned: 1}, cost_once: {migration: 1, training: 1, hardware: 1, exit: 1, other: 1}}
  - {id: warehouse, category: warehouse, disposition: refactor, wave: one, members: [{name: sun-01}], target: {at: far},
     environment: test, criticality: low, dependencies: [], data: {personal: false, volume_gb: 5000, change_gb_per_day: 1},
     cost_per_month: {now: 1, planned: 1}, cost_once: {migration: 1, licences: 1, training: 1, hardware: 1, exit: 1, other: 1}}
  - {id: solar, category: custom, disposition: rehost, wave: one, members: [{name: sun-01}], target: {at: far},
     environment: test, criticality: low, dependencies: [], data: {personal: false, volume_gb: 5, change_gb_per_day: 1},
     cost_per_month: {now: 1, planned: 1}, cost_once: {migration: 1, licences: 1, training: 1, hardware: 1, exit: 1, other: 1}}
  - {id: stays, disposition: retain, members: [{name: stay-01}], dependencies: []}
  - {id: goes, disposition: retire, data: {retention: undecided}, members: [], dependencies: []}
  - {id: silent, members: []}
costs: {as_is_per_month: 100, to_be_per_month: 1, contingency_percent: 5, training: 0, total: 10}
waivers:
  - {rule: no-rehearsal, subject: base, reason: small, expires: 2027-12-31}
  - {rule: no-rehearsal, subject: core, reason: old, expires: 2025-12-31}
  - {rule: no-rehearsal, subject: nobody, reason: gone, expires: 2027-12-31}
  - {rule: no-rehearsal, subject: core}
"""


def _server(name: str, row: int, **attributes: Any) -> dict[str, Any]:
    basics: dict[str, Any] = {
        "template": False, "power": "on", "hostname": f"{name}.local", "addresses": [f"10.1.0.{row}"], "cpus": 4,
        "memory_mib": 8192.0, "disk_count": 1, "nic_count": 1, "provisioned_mib": 100000.0, "in_use_mib": 1000.0,
        "os_config": "Debian GNU/Linux 12 (64-bit)", "os_tools": "Debian GNU/Linux 12 (64-bit)", "hardware_version": 19,
        "firmware": "efi", "changed_block_tracking": True, "fault_tolerance": False, "consolidation_needed": False,
        "tools_state": "toolsOk", "secure_boot": False, "disk_uuid": False, "cpu_hot_add": False, "memory_hot_add": False,
        "memory_limit_mib": 90000.0, "memory_ballooned_mib": 0.0, "memory_swapped_mib": 0.0, "annotation_secret": False,
        "host": "esx-1", "cluster": "c1", "tags": {"owner": "somebody"}, "cd_drives": [], "usb_devices": [], "snapshots": [],
        "disks": [{"name": "Hard disk 1", "capacity_mib": 51200.0, "raw": False, "mode": "persistent", "bus_sharing": "none",
                   "multi_writer": False, "path": f"[ds] {name}/1.vmdk", "place": {"sheet": "vDisk", "row": row}}],
        "partitions": [{"path": "/", "capacity_mib": 50000.0, "free_mib": 25000.0, "free_percent": 50.0,
                        "place": {"sheet": "vPartition", "row": row}}],
        "nics": [{"name": "1", "network": "lan", "adapter": "Vmxnet3", "connected": True, "direct_path": False,
                  "addresses": [f"10.1.0.{row}"], "place": {"sheet": "vNetwork", "row": row}}],
    }  # fmt: skip
    return _record("server", f"vsphere:x:{name}", name, "vInfo", row, basics | attributes)


def _record(kind: str, id_: str, name: str, sheet: str, row: int, attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": "resource", "type": kind, "id": id_, "name": name, "provider": "vsphere", "source": "test", "scope": FILE,
        "place": {"file": FILE, "sheet": sheet, "row": row}, "attributes": attributes,
    }  # fmt: skip


def _bad_disks(row: int) -> list[dict[str, Any]]:
    common = {"bus_sharing": "none", "multi_writer": False, "place": {"sheet": "vDisk", "row": row}}
    return [
        {"name": "Hard disk 1", "capacity_mib": 90000000.0, "raw": False, "mode": "independent_persistent", "path": "[] /vmfs/x",
         **common},
        {"name": "Hard disk 2", "capacity_mib": 0.0, "raw": True, "raw_mode": "physical", "lun": "LUN1", "mode": "persistent",
         "path": "[ds] c/2.vmdk", **common, "bus_sharing": "physical"},
        {"name": "Hard disk 3", "capacity_mib": 10.0, "raw": True, "raw_mode": "virtual", "lun": "LUN2", "mode": "persistent",
         "path": "[ds] c/3.vmdk", **common},
    ]  # fmt: skip


def _servers() -> list[dict[str, Any]]:
    device = {"name": "USB 1", "connected": True, "place": {"sheet": "vUSB", "row": 2}}
    cores = [
        _server(
            name, row, power="off" if row == 2 else "on", hostname="localhost" if row == 3 else "twin.local",
            addresses=["145.131.1.10"], os_config="Microsoft Windows Server 2008 (32-bit)", os_tools="Windows Server 2012 (64-bit)",
            hardware_version=8, changed_block_tracking=False, fault_tolerance=True, consolidation_needed=True,
            tools_state="toolsNotRunning", secure_boot=True, disk_uuid=True, cpu_hot_add=True, memory_limit_mib=10.0,
            memory_ballooned_mib=5.0, annotation_secret=True, disk_count=200, provisioned_mib=90000000.0,
            disks=_bad_disks(row), usb_devices=[device], cd_drives=[{**device, "name": "CD 1"}],
            snapshots=[{"name": "old", "created": "2020-01-01", "size_mib": 1.0, "place": {"sheet": "vSnapshot", "row": row}}],
            partitions=[{"path": "/", "capacity_mib": 50000.0, "free_mib": 5.0, "free_percent": 1.0,
                         "place": {"sheet": "vPartition", "row": row}}],
            nics=[{"name": "1", "network": "lan", "adapter": "E1000", "connected": True, "direct_path": True, "addresses": [],
                   "place": {"sheet": "vNetwork", "row": row}},
                  {"name": "2", "network": "mgmt", "adapter": "VirtualSriovEthernetCard", "connected": True, "direct_path": False,
                   "addresses": [], "place": {"sheet": "vNetwork", "row": row + 100}}],
            tags={"size": "m4.large", "subnet": "s1", "test_subnet": "s1", "login": "password: hunter22"},
        )
        for name, row in (("core-01", 2), ("core-02", 3))
    ]  # fmt: skip
    others = [
        _server("base-01", 4, hostname="twin.local", addresses=["2001:db8::1"], tags={"size": "m4.large", "subnet": "a",
                                                                                     "test_subnet": "b"}),
        _server("box-01", 5, os_config="Other (64-bit)", os_tools="Other (64-bit)"),
        _server("sun-01", 6, os_config="Oracle Solaris 10 (64-bit)", os_tools="Oracle Solaris 10 (64-bit)"),
        _server("stay-01", 7, os_config="Microsoft Windows Server 2016 (64-bit)", os_tools="Microsoft Windows Server 2016 (64-bit)"),
        _server("lost-01", 8),
    ]  # fmt: skip
    bare = _server("bare-01", 9)
    bare["attributes"] = {"template": False, "power": "on"}
    cores[0]["readings"] = [{"fact": "cpus", "value": 9, "place": {"file": FILE, "sheet": "vCPU", "row": 2}}]
    return [*cores, *others, bare]


def records() -> list[dict[str, Any]]:
    """The inventory, with the coverage that its rows have."""
    servers = _servers()
    opening = {"protocol": "tcp", "source": "0.0.0.0/0", "internet": True, "place": {"sheet": "rules", "row": 2}}
    others = [
        _record("host", "host:esx-1", "esx-1", "vHost", 2,
                {"product": "VMware ESXi 5.5.0 build-1", "cpus": 8, "vcpus": 90, "memory_mib": 1.0}),
        _record("cluster", "cluster:c1", "c1", "vCluster", 2, {"hosts": 2, "high_availability": False, "drs": True, "dpm": True}),
        _record("storage", "storage:ds", "ds", "vDatastore", 2, {"holds": "datastore", "size_gib": 1.0, "free_percent": 3.0,
                                                                 "encrypted": False, "public": False}),
        _record("storage", "storage:bucket", "bucket", "buckets", 2, {"holds": "object", "public": True, "encrypted": False}),
        _record("database", "database:sql", "sql", "databases", 2, {"engine": "SQL Server", "version": "2012", "encrypted": False,
                                                                    "public": True}),
        _record("database", "database:my", "my", "databases", 3, {"engine": "PostgreSQL", "version": "15", "encrypted": True,
                                                                  "public": False}),
        _record("network", "network:lan", "lan", "vPort", 2, {"promiscuous": True, "mac_changes": True, "forged_transmits": True,
                "vmkernel": False, "ranges": ["10.1.0.0/16"], "ingress": [
                    {**opening, "first_port": 0, "last_port": 65535}]}),
        _record("network", "network:mgmt", "mgmt", "vPort", 3, {"promiscuous": False, "mac_changes": False,
                "forged_transmits": False, "vmkernel": True, "ingress": []}),
        _record("service", "service:fn", "fn", "services", 2, {"what": "function", "product": "lambda", "runtime": "nodejs8.10"}),
        _record("service", "service:site", "site", "services", 3, {"what": "web_app", "product": "app service",
                "runtime": "PYTHON|3.7", "https_only": False}),
        _record("service", "service:k8s", "k8s", "services", 4, {"what": "container_cluster", "product": "eks",
                "version": "1.23", "public": True}),
        _record("service", "service:mail", "mail", "services", 5, {"what": "queue", "product": "sqs"}),
        _record("identity", "identity:root", "root", "identities", 2, {"what": "root", "console": True, "mfa": False,
                "key_active": True, "key_made": "2019-01-01"}),
        _record("identity", "identity:anna", "anna", "identities", 3, {"what": "user", "console": True, "mfa": False,
                "key_active": False}),
        _record("identity", "identity:app", "app", "identities", 4, {"what": "role"}),
        _record("account", "account:one", "one", "accounts", 2, {"part": "account", "root_mfa": False, "root_keys": True,
                "password_policy": False, "public_storage_blocked": False}),
        _record("account", "account:one/x", "one/x", "accounts", 3, {"part": "region", "trail": False,
                "trail_all_regions": False, "configuration_recorded": False, "threat_detection": False}),
        _record("account", "account:one/y", "one/y", "accounts", 4, {"part": "region", "trail": True,
                "trail_all_regions": False, "configuration_recorded": True, "threat_detection": True}),
    ]  # fmt: skip
    base = {"kind": "measurement", "id": "vsphere:x:base-01", "samples": 1, "coverage": 1.0}
    measurements = [
        {**base, "metric": "cpu_percent", "statistic": "average", "unit": "percent", "window": "P14D/2026-11-01", "value": 9.0},
        {**base, "metric": "cost", "statistic": "effective", "unit": "USD", "window": "2026-09-01/2026-10-01", "value": 500.0},
    ]
    place = {"file": FILE, "sheet": "flows", "row": 2}
    relations = [
        {"kind": "relation", "type": "calls", "source": "vsphere:x:core-01", "target": "vsphere:x:sun-01", "method": "flow",
         "detail": "443", "place": place},
        *({"kind": "relation", "type": "kept_apart", "source": f"vsphere:x:{name}", "target": "rule:r", "method": "cluster rule",
           "detail": "r", "place": place} for name in ("core-01", "core-02")),
    ]  # fmt: skip
    head = {"kind": "header", "schema_version": 1, "tool": "test", "collected_at": "2025-01-01"}
    return [head, *_coverage([*servers, *others], relations), *servers, *others, *relations, *measurements]


def _coverage(resources: list[dict[str, Any]], relations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {"server.readings": 1}
    for record in resources:
        counts[record["type"]] = counts.get(record["type"], 0) + 1
        for name, value in record["attributes"].items():
            if isinstance(value, (list, dict)) and name not in ("addresses", "ranges"):
                key = f"{record['type']}.{name}"
                counts[key] = counts.get(key, 0) + len(value)
    for relation in relations:
        key = f"relation.{relation['type']}"
        counts[key] = counts.get(key, 0) + 1
    return [
        {"kind": "coverage", "source": "test", "scope": FILE, "operation": name, "status": "ok" if count else "empty",
         "items": count, "covers": [name], "detail": ""}
        for name, count in sorted(counts.items())
    ]  # fmt: skip
