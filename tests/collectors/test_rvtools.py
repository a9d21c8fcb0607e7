"""`collect rvtools`: what is read, what is missing, and how both are told."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from migrascope.collectors.rvtools import collect
from migrascope.model.problem import InputError
from tests.collectors.workbooks import VINFO, machine, workbook
from tests.support import fit_the_schema, sample

Sheets = dict[str, list[list[Any]]]


def records(path: Path) -> list[Any]:
    found = [dict(record) for record in collect(path, None, lambda _: None).records]
    fit_the_schema(found)
    return found


def servers(found: list[Any]) -> dict[str, Any]:
    return {record["name"]: record for record in found if record.get("type") == "server"}


def coverage(found: list[Any]) -> dict[str, Any]:
    return {record["operation"]: record for record in found if record["kind"] == "coverage"}


def test_rows_become_servers_with_units_and_places(tmp_path: Path) -> None:
    found = records(workbook(tmp_path / "e.xlsx", {"vInfo": [VINFO, machine("a", "vm-1"), machine("b", "vm-2", CPUs=8)]}))
    b = servers(found)["b"]
    assert b["attributes"]["cpus"] == 8
    assert b["attributes"]["memory_mib"] == 4096
    assert b["place"] == {"file": "e.xlsx", "sheet": "vInfo", "row": 3}
    assert found[0] == {
        "kind": "header",
        "schema_version": 1,
        "tool": found[0]["tool"],
        "collected_at": "2026-05-01",
        "collected_at_from": "the workbook's properties",
    }


def test_blank_rows_placeholders_and_templates_are_no_workloads(tmp_path: Path) -> None:
    rows = [
        VINFO,
        machine("a", "vm-1"),
        [None] * len(VINFO),
        ["VM"],
        machine("gold", "vm-2", Template="True"),
        machine("vCLS-1", "vm-3"),
    ]
    found = records(workbook(tmp_path / "e.xlsx", {"vInfo": [*rows, *([[" "]] * 500)]}))
    assert {name: record["attributes"]["template"] for name, record in servers(found).items()} == {
        "a": False,
        "gold": True,
        "vCLS-1": True,
    }
    assert coverage(found)["vInfo"]["items"] == 3


def test_a_missing_sheet_or_column_is_told_and_never_blank(tmp_path: Path) -> None:
    found = records(workbook(tmp_path / "e.xlsx", {"vInfo": [["VM", "CPUs"], ["a", 2]]}))
    told = coverage(found)
    assert told["vDisk"]["status"] == "unsupported"
    assert told["vDisk"]["covers"] == ["server.disks"]
    assert told["vInfo/Powerstate"]["covers"] == ["server.power"]
    assert told["vInfo/Template"]["status"] == "unsupported"
    assert "disks" not in servers(found)["a"]["attributes"]


def test_old_headers_and_units_are_understood_and_the_doubt_is_kept(tmp_path: Path) -> None:
    sheets: Sheets = {
        "vInfo": [[*VINFO, "Provisioned MB "], [*machine("a", "vm-1"), "1,024"]],
        "vPartition": [
            ["vm", "Disk", "Capacity MB", "Free MB", "Free % ", "VM ID"],
            ["a", "C:\\", 1000, 50, "5", "vm-1"],
        ],
    }
    found = records(workbook(tmp_path / "e.xlsx", sheets))
    attributes = servers(found)["a"]["attributes"]
    assert attributes["provisioned_mib"] == 1024
    assert attributes["partitions"][0]["free_percent"] == 5
    assert "means MiB" in coverage(found)["vPartition/Capacity MB"]["detail"]


def test_sheets_are_joined_on_ids_and_a_name_is_only_an_inference(tmp_path: Path) -> None:
    disk = ["VM", "Disk", "Capacity MiB", "Raw", "VM ID"]
    sheets: Sheets = {
        "vInfo": [VINFO, machine("a", "vm-1"), machine("b", "vm-2"), machine("c")],
        "vDisk": [
            disk,
            ["b", "one", 10, "False", "vm-1"],
            ["c", "two", 20, "False", ""],
            ["zz", "three", 30, "False", "vm-9"],
        ],
        "vCPU": [["VM", "CPUs"], ["a", 4], ["c", 2]],
    }
    found = records(workbook(tmp_path / "e.xlsx", sheets))
    a, b, c = (servers(found)[name] for name in "abc")
    assert [item["name"] for item in a["attributes"]["disks"]] == ["one"]
    assert b["attributes"]["disks"] == []
    assert c["attributes"]["disks"][0]["place"] == {"sheet": "vDisk", "row": 3, "inferred": True}
    assert {reading["fact"]: reading["value"] for reading in a["readings"]} == {"name": "b", "cpus": 4}
    assert "readings" not in c
    assert coverage(found)["vDisk"]["status"] == "partial"


def test_a_name_never_fills_a_blank(tmp_path: Path) -> None:
    sheets: Sheets = {"vInfo": [VINFO, machine("a", CPUs=None)], "vCPU": [["VM", "CPUs"], ["a", 18]]}
    a = servers(records(workbook(tmp_path / "e.xlsx", sheets)))["a"]
    assert "cpus" not in a["attributes"]
    assert a["readings"][0]["value"] == 18


def test_a_wrong_first_header_is_recognised_by_its_values(tmp_path: Path) -> None:
    sheets: Sheets = {
        "vInfo": [VINFO, *(machine(f"m{n}", f"vm-{n}") for n in range(10))],
        "vPartition": [["Our datacenter", "Disk", "Free %"], *([f"m{n}", "/", 50] for n in range(10))],
    }
    found = records(workbook(tmp_path / "e.xlsx", sheets))
    assert servers(found)["m3"]["attributes"]["partitions"][0]["place"]["inferred"] is True
    assert "Our datacenter" in coverage(found)["vPartition/VM"]["detail"]


def test_cells_that_cannot_be_read_are_counted_and_named(tmp_path: Path) -> None:
    rows = [VINFO, machine("a", "vm-1", CPUs="many"), machine("b", "vm-2", Memory=-3), machine("c", "vm-3")]
    path = workbook(tmp_path / "e.xlsx", {"vInfo": rows})
    book = openpyxl.load_workbook(path)
    book["vInfo"]["D4"].value = "#REF!"
    book["vInfo"]["D4"].data_type = "e"
    book.save(path)
    found = records(path)
    told = coverage(found)["vInfo/CPUs"]
    assert told["status"] == "partial"
    assert "row 2" in told["detail"]
    assert "row 4: it holds a formula error" in told["detail"]
    assert "cpus" not in servers(found)["c"]["attributes"]
    assert "row 3" in coverage(found)["vInfo/Memory"]["detail"]


def test_a_zip_of_csv_files_is_an_export_too(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("RVTools_tabvInfo.csv", "VM;CPUs;Template;VM ID\na;2;False;vm-1\n")
        archive.writestr("RVTools_tabvSnapshot.csv", "VM;Name;Date / time;VM ID\na;s;2026/01/31 10:00;vm-1\n")
    snapshot = servers(records(path))["a"]["attributes"]["snapshots"][0]
    assert (snapshot["name"], snapshot["created"]) == ("s", "2026-01-31")


def test_a_day_that_may_be_two_days_is_not_guessed(tmp_path: Path) -> None:
    snapshots = [["VM", "Name", "Date / time"], ["a", "s", "3/4/2026 10:00"], ["a", "t", "31/12/2025 10:00"]]
    found = records(workbook(tmp_path / "e.xlsx", {"vInfo": [VINFO, machine("a")], "vSnapshot": snapshots}))
    first, second = servers(found)["a"]["attributes"]["snapshots"]
    assert "created" not in first
    assert second["created"] == "2025-12-31"
    assert "two different days" in coverage(found)["vSnapshot/Date / time"]["detail"]


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (64 * 2**20))


def truncated(path: Path) -> None:
    workbook(path, {"vInfo": [VINFO, machine("a")]})
    path.write_bytes(path.read_bytes()[:2000])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: p.write_bytes(b""), "this file is empty"),
        (lambda p: p.write_bytes(b"VM;CPUs\n"), "this is not a workbook"),
        (lambda p: p.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), "encrypted, or an old .xls"),
        (truncated, "truncated or damaged"),
        (bomb, "zip bomb"),
        (lambda p: workbook(p, {"Sheet1": [["a"]]}), "no sheet vInfo"),
        (lambda p: workbook(p, {"vInfo": [["Name"], ["a"]]}), "no column VM"),
        (lambda p: workbook(p, {"vInfo": [VINFO]}), "no sheet vInfo with machines"),
        (lambda p: p.mkdir(), "directory"),
        (str, "No such file"),
        (lambda p: zipfile.ZipFile(p, "w").writestr("a.txt", "x"), "not a workbook"),
    ],
)
def test_what_is_no_export_is_refused_in_a_line(tmp_path: Path, make: Any, message: str) -> None:
    path = tmp_path / "export.xlsx"
    make(path)
    with pytest.raises(InputError, match=message) as caught:
        collect(path, None, lambda _: None)
    assert "export.xlsx" in str(caught.value)


def test_the_export_of_131_rows_comes_out_as_its_ground_truth_says() -> None:
    found = records(sample("rvtools/nutanix_BillSampleNext.xlsx"))
    machines = [record["attributes"] for record in servers(found).values()]
    assert len(machines) == 131
    assert sorted(name for name, r in servers(found).items() if r["attributes"]["template"]) == [
        "Server 2008 R2 Update",
        "Server2016",
    ]
    assert sum(m["cpus"] for m in machines) == 438
    assert sum(m["memory_mib"] for m in machines) == 1_009_656
    assert sum(m["provisioned_mib"] for m in machines) == 40_205_220
    assert [sum(m["power"] == word for m in machines) for word in ("on", "off")] == [109, 22]
    disks = [disk for m in machines for disk in m["disks"]]
    assert sum(disk["raw"] and disk.get("raw_mode") == "physical" for disk in disks) == 4
    assert sum(disk["mode"].startswith("independent") for disk in disks) == 7
    partitions = [p for m in machines for p in m.get("partitions", [])]
    assert sum(p["free_percent"] < 10 for p in partitions) == 11
    assert all(p["place"]["inferred"] for p in partitions)
    assert "NEXT Data Center" in coverage(found)["vPartition/VM"]["detail"]
    assert sum(record.get("type") == "kept_apart" for record in found) == 4


def test_the_export_that_claims_a_thousand_rows_holds_nine_machines() -> None:
    found = records(sample("rvtools/kubev2v_example1.xlsx"))
    assert sorted(servers(found)) == [f"vm-{n}" for n in range(1, 10)]
    assert sum(record.get("type") == "host" for record in found) == 7
    nine = servers(found)["vm-9"]["attributes"]
    assert not {"cpus", "memory_mib", "os_config", "cluster"} & set(nine)
    contradictions = {
        name: (record["attributes"].get("cpus"), reading["value"])
        for name, record in servers(found).items()
        for reading in record.get("readings", [])
        if reading["fact"] == "cpus" and "cpus" in record["attributes"]
    }
    assert contradictions == {"vm-1": (1, 2), "vm-4": (8, 9), "vm-5": (8, 7), "vm-6": (7, 9), "vm-7": (9, 7)}
