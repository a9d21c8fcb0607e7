"""A disk that everything shares: what is written down grows with the estate, and not with its square."""

from __future__ import annotations

import json
from pathlib import Path

from migrascope.model.assessment import Assessment
from migrascope.readers.assessment import read_assessment
from migrascope.reports import Style, renderer
from tests.first.plans import document, machines
from tests.support import judged, plan


def opinion(count: int, folder: Path) -> Assessment:
    """Servers of nobody on one disk."""
    records = machines(others=count)
    for record in records:
        if record.get("type") == "server":
            disk = record["attributes"]["disks"][0] | {"raw": True, "lun": "vml.1"}
            record["attributes"] = record["attributes"] | {"disks": [disk]}
    return judged(plan(json.dumps(document())), records, folder)


def test_what_is_stored_of_one_shared_disk_is_in_proportion_and_can_be_read_again(tmp_path: Path) -> None:
    small, large = (renderer("json")(opinion(count, tmp_path), Style()) for count in (300, 900))
    assert len(large) < 4.5 * len(small)
    (tmp_path / "stored.json").write_bytes(large)
    assert read_assessment(tmp_path / "stored.json").estate.servers == 900
