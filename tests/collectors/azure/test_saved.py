"""Rows of Azure that somebody saved: from Resource Graph, and from `az`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from migrascope.collectors.azure.live import role
from migrascope.collectors.azure.saved import collect_saved
from migrascope.model.inventory import Inventory
from migrascope.model.problem import InputError
from migrascope.snapshots import read_inventory, write_inventory
from tests.cli.test_commands import run
from tests.collectors.azure.replay import SUB, machine

HERE = f"{SUB}/global"
GROUP = f"/subscriptions/{SUB}/resourceGroups/RG-HR/providers"


def inventory(folder: Path, **files: Any) -> Inventory:
    for name, content in files.items():
        (folder / f"{name.replace('_', '-')}.json").write_text(json.dumps(content))
    write_inventory(folder / "azure.jsonl", collect_saved([folder], "2026-11-23", lambda _: None).records)
    return read_inventory([folder / "azure.jsonl"])


def test_what_az_lists_and_what_resource_graph_tells_come_out_alike(tmp_path: Path) -> None:
    listed = {
        "id": machine(1)["id"], "name": "hr0001", "type": "Microsoft.Compute/virtualMachines", "location": "westeurope",
        "hardwareProfile": {"vmSize": "Standard_D2s_v5"}, "tags": {"app": "hr"},
        "storageProfile": {"imageReference": machine(1)["image"], "dataDisks": [],
                           "osDisk": {"name": "os", "diskSizeGb": 127, "osType": "Windows"}},
        "osProfile": {"customData": "hunter2"}, "powerState": "VM running",
    }  # fmt: skip
    folders = [tmp_path / "az", tmp_path / "graph"]
    for folder in folders:
        folder.mkdir()
    one = inventory(folders[0], vm_list=[listed])
    other = inventory(folders[1], machines={"data": [machine(1)], "count": 1, "total_records": 1})
    assert one.resources[0]["attributes"] == other.resources[0]["attributes"]
    assert one.resources[0]["attributes"]["os_config"] == "Windows Server 2016 Datacenter"
    assert one.resources[0]["attributes"]["power"] == "on"
    assert "hunter2" not in (folders[0] / "azure.jsonl").read_text()


def test_an_empty_list_is_an_answer_and_a_list_that_is_not_there_is_none(tmp_path: Path) -> None:
    found = inventory(tmp_path, vm_list=[machine(1)], disk_list=[])
    assert found.lacking[HERE, "server"] == ""
    assert found.lacking[HERE, "storage"]  # storage accounts were not listed
    assert found.lacking[HERE, "database"]
    statuses = {each.operation: each.status for each in found.coverage}
    assert statuses["resource-graph:disks"] == "empty"
    assert statuses["resource-graph:databases"] == "unsupported"


@pytest.mark.parametrize("more", [{"skip_token": "abc"}, {"total_records": 500}, {"nextLink": "https://x"}])
def test_rows_that_stop_before_the_last_page_are_not_complete(tmp_path: Path, more: dict[str, Any]) -> None:
    found = inventory(tmp_path, machines={"data": [machine(1)]} | more)
    assert "virtual-machines" in found.lacking[HERE, "server"]


def test_open_rdp_reaches_the_opinion(tmp_path: Path) -> None:
    rule = {"name": "rdp", "properties": {"direction": "Inbound", "access": "Allow", "priority": 100, "protocol": "Tcp",
            "destinationPortRange": "3389", "sourceAddressPrefix": "Internet", "destinationAddressPrefix": "*"}}  # fmt: skip
    group = {"id": f"{GROUP}/Microsoft.Network/networkSecurityGroups/open", "name": "open", "location": "westeurope",
             "type": "microsoft.network/networksecuritygroups",
             "properties": {"securityRules": [rule], "subnets": []}}  # fmt: skip
    (tmp_path / "rows.json").write_text(json.dumps({"data": [group, machine(1)]}))
    ran = run("collect", "azure", "--from", "rows.json", "-o", "a.jsonl", "--as-of", "2026-11-23", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr.splitlines()[0] == "1 server, 1 network -> a.jsonl"
    told = json.loads(run("health", "-i", "a.jsonl", "-f", "json", cwd=tmp_path).stdout)
    assert ("admin-port-open-to-internet", "open") in {(each["rule"], each["subject"]["name"]) for each in told["findings"]}
    assert run("init", "plan.yaml", "--from", "a.jsonl", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("text", ["", "{", '"x"', "5", '{"data": 3}', "[]", '[{"id": 3}]'])
def test_what_is_no_answer_of_azure_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "rows.json").write_text(text)
    with pytest.raises(InputError):
        collect_saved([tmp_path / "rows.json"], None, lambda _: None)


def test_the_queries_and_the_role_are_printed_and_nothing_is_asked() -> None:
    shown = run("collect", "azure", "--dry-run")
    assert shown.returncode == 0
    assert shown.stdout.count("order by id asc") == 18
    assert json.loads(run("collect", "azure", "--policy").stdout)["Actions"] == role()["Actions"]


def test_a_list_of_one_subscription_says_nothing_of_another(tmp_path: Path) -> None:
    here, there = (f"/subscriptions/{name}/resourcegroups/r/providers/microsoft.compute" for name in ("s1", "s2"))
    rows = {"vm-list": f"{here}/virtualmachines/a", "disk-list": f"{there}/disks/d"}
    for name, id_ in rows.items():
        kind = "/".join(id_.split("/")[-3:-1])
        (tmp_path / f"{name}.json").write_text(json.dumps([{"id": id_, "type": kind, "name": "x"}]), encoding="utf-8")
    ran = run("collect", "azure", "--from", ".", "--as-of", "2026-11-23", "-o", "a.jsonl", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    lacking = read_inventory([tmp_path / "a.jsonl"]).lacking
    assert lacking["s1/global", "server"] == ""
    assert lacking["s2/global", "server"]
    assert lacking["s1/global", "storage"]
