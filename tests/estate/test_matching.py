"""Which servers a workload means, and what both sides say of what is left over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from migrascope.estate.join import join
from migrascope.facts.catalogue import asking_about
from migrascope.first.units import tied_by_servers
from migrascope.snapshots import read_inventory, serialise
from tests.support import knowledge, plan


def records(*names: str, items: int | None = None, **attributes: Any) -> list[dict[str, Any]]:
    """An inventory of servers with these names."""
    count = len(names) if items is None else items
    found: list[dict[str, Any]] = [
        {"kind": "header", "schema_version": 1, "tool": "test", "collected_at": "2026-11-01"},
        {"kind": "coverage", "source": "t", "scope": "f", "operation": "list", "status": "ok", "items": count,
         "covers": ["server"]},
        {"kind": "coverage", "source": "t", "scope": "f", "operation": "tags", "status": "ok",
         "items": count * len(attributes.get("tags", {})), "covers": ["server.tags"]},
    ]  # fmt: skip
    for number, name in enumerate(names):
        record = {"kind": "resource", "type": "server", "id": f"id-{number}", "name": name, "source": "t", "scope": "f",
                  "provider": "other", "place": {"file": "f", "row": number + 2}, "attributes": dict(attributes)}  # fmt: skip
        found.append({k: v for k, v in record.items() if v != ""})
    return found


def estate(folder: Path, members: str, found: list[dict[str, Any]]) -> Any:
    path = folder / "i.jsonl"
    path.write_bytes(serialise(found))
    file = plan(f"workloads: [{{id: w, members: {members}}}]")
    return join(file.plan, file, read_inventory([path]), knowledge(), dt.date(2026, 11, 23))


def matched(folder: Path, members: str, *names: str, **attributes: Any) -> list[str]:
    return [s.name for s in estate(folder, members, records(*names, **attributes)).workloads[0].servers]


def test_exact_spelling_wins_over_folded_case(tmp_path: Path) -> None:
    assert matched(tmp_path, "[{name: DB01}]", "db01", "DB01") == ["DB01"]
    assert matched(tmp_path, "[{name: Db01}]", "db01", "other") == ["db01"]
    assert matched(tmp_path, '[{pattern: "web-*"}]', "web-1", "WEB-2") == ["web-1"]
    assert matched(tmp_path, '[{pattern: "Web-[12]"}]', "web-1", "WEB-2", "web-3") == ["web-1", "WEB-2"]


def test_ids_tags_and_patterns(tmp_path: Path) -> None:
    assert matched(tmp_path, "[{id: id-1}]", "a", "b") == ["b"]
    assert matched(tmp_path, "[{tag: {app: forms}}]", "a", tags={"app": "forms"}) == ["a"]
    assert matched(tmp_path, '[{pattern: "*-db"}]', "x-db", "y-app") == ["x-db"]


def test_a_server_is_found_once_and_members_that_match_nothing_are_named(tmp_path: Path) -> None:
    found = estate(tmp_path, '[{name: a}, {pattern: "a*"}, {name: gone}]', records("a"))
    assert [s.name for s in found.workloads[0].servers] == ["a"]
    assert found.workloads[0].unmatched == (2,)


def test_a_lost_row_makes_every_list_of_servers_incomplete(tmp_path: Path) -> None:
    whole = estate(tmp_path, "[{name: a}]", records("a", "b"))
    assert whole.workloads[0].servers.complete
    lost = estate(tmp_path, "[{name: a}]", records("a", items=2))
    assert not lost.servers.complete
    assert not lost.workloads[0].servers.complete


def test_tags_that_nobody_read_leave_a_tag_member_open(tmp_path: Path) -> None:
    found = estate(tmp_path, "[{tag: {app: forms}}]", records("a"))
    assert not found.workloads[0].servers.complete
    assert found.servers.items[0].maybe_claimed


def test_a_server_without_a_name_may_belong_to_any_pattern(tmp_path: Path) -> None:
    found = estate(tmp_path, '[{pattern: "a*"}]', records("a", ""))
    assert not found.workloads[0].servers.complete


def test_a_member_may_be_a_database_or_a_service_and_two_that_share_one_move_together(tmp_path: Path) -> None:
    found = records("a")
    for kind, name, attributes in (
        ("database", "orders", {"engine": "postgres"}), ("service", "mail", {"what": "queue"}),
        ("storage", "a-disk", {"holds": "block"}),
    ):  # fmt: skip
        found.append({**found[-1], "type": kind, "id": f"{kind}-1", "name": name, "attributes": attributes})
    one = estate(tmp_path, "[{name: a}, {name: orders}, {pattern: 'mai?'}, {name: a-disk}]", found).workloads[0]
    assert [each.name for each in one.servers] == ["a"]
    assert [each.name for each in one.others] == ["orders", "mail"]
    assert one.unmatched == (3,)  # a disk of a machine is no member of its own
    (tmp_path / "i.jsonl").write_bytes(serialise(found))
    file = plan("workloads: [{id: w, members: [{name: orders}]}, {id: v, members: [{name: a}, {id: database-1}]}]")
    both = join(file.plan, file, read_inventory([tmp_path / "i.jsonl"]), knowledge(), dt.date(2026, 11, 23))
    assert [(one.id, other.id) for one, other in tied_by_servers(asking_about(both))] == [("w", "v")]
