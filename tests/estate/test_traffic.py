"""Calls between servers that were observed: a count is known only where all of them could be seen."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from migrascope.estate.join import join
from migrascope.facts.catalogue import asking_about
from migrascope.model.uncertain import Unknown
from migrascope.snapshots import read_inventory, serialise
from tests.first.plans import calls, document, machines, ready
from tests.support import knowledge, plan


@pytest.mark.parametrize(("status", "known"), [("ok", True), ("partial", False), ("denied", False), (None, False)])
def test_callers_are_counted_only_where_all_calls_were_seen(tmp_path: Path, status: str | None, known: bool) -> None:

    shop, menu = ready("shop"), ready("menu")
    records = calls(machines(shop, menu), ("menu-1", "shop-1"))
    records = [
        record | {"status": status, "scope": "flows.csv"} if record.get("covers") == ["relation.calls"] and status else record
        for record in records
        if status or record.get("covers") != ["relation.calls"]
    ]
    path = tmp_path / "inventory.jsonl"
    path.write_bytes(serialise(records))
    file = plan(json.dumps(document(shop, menu)))
    asking = asking_about(join(file.plan, file, read_inventory([path]), knowledge(), dt.date(2026, 11, 23)))
    server = next(each for each in asking.estate.servers if each.name == "shop-1")
    found = asking.ask(server, "calling_servers")
    assert isinstance(found, Unknown) is not known
    if known:
        assert found == 1
