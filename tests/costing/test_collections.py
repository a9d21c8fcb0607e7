"""Two collections of one machine are not two machines, and not half a machine each."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

from tests.cli.test_commands import run
from tests.first.plans import document, machines, ready

SHOP = ready("shop", target={"at": "west"})


def collection(day: str, folder: Path, **attributes: Any) -> str:
    """The inventory of one day, in a file of its own."""
    records = machines(SHOP)
    records[0] = records[0] | {"collected_at": day}
    for record in records:
        if record.get("type") == "server":
            record["attributes"] = record["attributes"] | attributes
    path = folder / f"{day}.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path.name


def opinion(folder: Path, *files: str) -> Any:
    inventories = [word for file in files for word in ("-i", file)]
    return json.loads(run("review", "plan.yaml", *inventories, "-f", "json", cwd=folder).stdout)


def disk(gib: int) -> list[dict[str, Any]]:
    return [{"name": "Hard disk 1", "capacity_mib": gib * 1024, "raw": False, "mode": "persistent", "bus_sharing": "none",
             "multi_writer": False, "thin": True, "place": {"sheet": "vDisk", "row": 2}}]  # fmt: skip


def test_the_newest_collection_is_priced_whatever_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(json.dumps(document(SHOP)), encoding="utf-8")
    small = {"cpus": 2, "memory_mib": 4096, "disks": disk(50), "provisioned_mib": 50 * 1024}
    large = {"cpus": 8, "memory_mib": 32768, "disks": disk(300), "provisioned_mib": 300 * 1024}
    january, november = collection("2026-01-15", tmp_path, **small), collection("2026-11-15", tmp_path, **large)
    csv = collection("2026-11-01", tmp_path, annotation="owned by sales")
    alone, both = opinion(tmp_path, november), opinion(tmp_path, january, november)
    assert both["cost"]["workloads"] == alone["cost"]["workloads"]
    assert (
        both["cost"]["workloads"][0]["repriced"]["p50"] > opinion(tmp_path, january)["cost"]["workloads"][0]["repriced"]["p50"]
    )
    days = {each["name"]: each["collected_at"] for each in both["inputs"] if each["what"] == "inventory"}
    assert days == {january: "2026-01-15", november: "2026-11-15"}
    orders = [opinion(tmp_path, *order) for order in itertools.permutations((january, november, csv))]
    for each in orders:
        each["inputs"].sort(key=lambda one: one["name"])
    assert all(each == orders[0] for each in orders)
