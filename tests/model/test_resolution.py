"""Several records of one machine: which value counts, what is kept of the others, and that no order matters."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from migrascope.model.resolution import resolve


def record(source: str, day: str, row: int = 2, **attributes: Any) -> dict[str, Any]:
    return {"kind": "resource", "type": "server", "id": "s", "name": "web", "provider": "vsphere", "source": source,
            "scope": f"{source}-{day}", "place": {"file": f"{source}-{day}.xlsx", "row": row},
            "collected_at": f"2026-{day}T08:00:00Z", "attributes": attributes}  # fmt: skip


def disk(gib: int) -> dict[str, Any]:
    return {"name": "Hard disk 1", "capacity_mib": gib * 1024, "place": {"sheet": "vDisk", "row": 2}}


JANUARY = record("rvtools", "01-15", cpus=2, memory_mib=4096, disks=[disk(50)], annotation="old")
NOVEMBER = record("rvtools", "11-15", cpus=8, memory_mib=32768, disks=[disk(300)])


def test_the_newest_collection_of_a_source_counts_and_lists_are_replaced() -> None:
    found = resolve([JANUARY, NOVEMBER])
    assert found["attributes"] == {"cpus": 8, "memory_mib": 32768, "disks": [disk(300)], "annotation": "old"}
    assert "readings" not in found
    assert {each["fact"]: each["value"] for each in found["superseded"]} == {"cpus": 2, "memory_mib": 4096, "disks": 1}
    assert found["places"]["annotation"]["file"] == "rvtools-01-15.xlsx"
    assert "cpus" not in found["places"]


def test_who_asked_the_platform_goes_before_a_newer_export_and_that_before_a_list() -> None:
    asked, export, sheet = (
        record("vsphere", "03-01", cpus=4),
        record("rvtools", "11-15", cpus=8),
        record("csv", "11-20", cpus=16),
    )
    assert resolve([sheet, export, asked])["attributes"]["cpus"] == 4
    assert resolve([sheet, export])["attributes"]["cpus"] == 8


def test_two_values_of_one_collection_are_both_kept() -> None:
    found = resolve([record("rvtools", "11-15", cpus=2), record("rvtools", "11-15", row=3, cpus=8)])
    both = {found["attributes"]["cpus"], *(each["value"] for each in found["readings"])}
    assert both == {2, 8}


@pytest.mark.parametrize("records", [
    [JANUARY, NOVEMBER, record("csv", "12-01", cpus=3, owner="x")],
    [record("rvtools", "11-15", row=row, cpus=row, disks=[disk(row)]) for row in (2, 3, 4)],
])  # fmt: skip
def test_the_order_of_the_files_never_matters(records: list[dict[str, Any]]) -> None:
    first, *others = (resolve(order) for order in itertools.permutations(records))
    assert all(other == first for other in others)
