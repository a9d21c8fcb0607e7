"""Resource Graph, asked over TLS: pages, throttling, refusals, and nothing but queries."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from migrascope.cli.collected import Tally
from migrascope.collectors.azure.live import Wanted, collect
from migrascope.collectors.azure.session import ForbiddenCallError, opened, refuse
from migrascope.collectors.cloud.pace import Pace
from migrascope.model.inventory import Inventory
from migrascope.model.problem import InputError
from migrascope.snapshots import read_inventory
from tests.collectors.azure.replay import OTHER, SUB, Cloud, machine, serving

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HERE, THERE = f"{SUB}/global", f"{OTHER}/global"


def collected(cloud: Cloud, folder: Path, **wanted: Any) -> Inventory:
    said: list[str] = []
    with serving(cloud, folder) as door:
        path = folder / "azure.jsonl"
        collect(Wanted(rate=1000.0, door=door, **wanted), path, NOW, said.append, lambda *_: None, Tally().look)
    assert said == [f"asking about 2 subscriptions: sub 1111 ({SUB}), sub 9999 ({OTHER})"]
    assert path.stat().st_mode & 0o777 == 0o600
    return read_inventory([path])


def servers(inventory: Inventory) -> list[str]:
    return [each["name"] for each in inventory.resources if each["type"] == "server"]


def test_pages_go_on_while_there_is_a_skip_token_whatever_is_said_of_truncation(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(number) for number in range(2500)]
    inventory = collected(cloud, tmp_path)
    assert len(servers(inventory)) == 2500
    assert inventory.lacking[HERE, "server"] == ""
    assert not inventory.problems


def test_each_subscription_has_its_own_coverage(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1), machine(2, OTHER), machine(3, OTHER)]
    inventory = collected(cloud, tmp_path)
    counted = {each.scope: each.items for each in inventory.coverage if "server" in each.covers}
    assert counted == {HERE: 1, THERE: 2}
    assert all(inventory.lacking[scope, kind] == "" for scope in (HERE, THERE) for kind in ("server", "database", "storage"))


def test_every_query_is_ordered_and_projects_the_id_and_nothing_else_is_asked(tmp_path: Path) -> None:
    cloud = Cloud()
    collected(cloud, tmp_path)
    assert {(method, path.partition("?")[0].lower()) for method, path, _ in cloud.asked} == {
        ("POST", "/providers/microsoft.resourcegraph/resources")
    }
    for _, _, body in cloud.asked:
        assert body["query"].endswith("| order by id asc")
        assert "project id" in body["query"]
        assert body["options"]["$top"] == 1000
        assert "customData" not in body["query"]
        assert "siteConfig.appSettings" not in body["query"]


def test_a_throttled_query_waits_as_long_as_azure_says_and_goes_on(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1)]
    cloud.faults["virtualmachines"] = [(0, 429, {"Retry-After": "0.05"}), (1, 429, {"Retry-After": "0.05"})]
    assert servers(collected(cloud, tmp_path)) == ["hr0001"]


@pytest.mark.parametrize(
    ("status", "expected", "said"), [(403, "denied", "Reader"), (400, "error", "Broken"), (429, "throttled", "429")]
)
def test_a_query_that_fails_leaves_its_list_unknown_and_the_rest_complete(
    tmp_path: Path, status: int, expected: str, said: str
) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1)]
    cloud.faults["disks"] = [(number, status, {"Retry-After": "0.05"}) for number in range(9)]
    inventory = collected(cloud, tmp_path)
    assert servers(inventory) == ["hr0001"]
    assert inventory.lacking[HERE, "server"] == ""
    assert inventory.lacking[HERE, "storage"]
    (told,) = [
        each
        for each in inventory.coverage
        if each.operation.endswith(":disks") and each.scope == HERE and each.covers == ("storage",)
    ]
    assert told.status == expected
    assert said in told.detail


def test_what_failed_is_asked_again_and_nothing_else(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1)]
    cloud.faults["disks"] = [(0, 403, {})]
    path = tmp_path / "azure.jsonl"
    with serving(cloud, tmp_path) as door:
        for resume in (False, True):
            before = len(cloud.asked)
            collect(Wanted(door=door, rate=1e3, resume=resume), path, NOW, lambda _: None, lambda *_: None, Tally().look)
    assert len(cloud.asked) - before == 2  # which subscriptions there are, and the disks
    assert read_inventory([path]).lacking[HERE, "storage"] == ""
    assert [each.name for each in tmp_path.glob("azure.jsonl*")] == ["azure.jsonl"]


def test_pages_before_a_failure_are_kept(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(number) for number in range(1500)]
    cloud.faults["virtualmachines"] = [(1, 403, {})]
    inventory = collected(cloud, tmp_path)
    assert len(servers(inventory)) == 1000
    told = next(each for each in inventory.coverage if "server" in each.covers)
    assert told.status == "partial"
    assert inventory.lacking[HERE, "server"]


def test_more_subscriptions_than_azure_answers_for_is_not_complete(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.headers = {"x-ms-tenant-subscription-limit-hit": "true"}
    with serving(cloud, tmp_path) as door, pytest.raises(InputError, match="more subscriptions"):
        collect(Wanted(door=door, rate=1e3), tmp_path / "a.jsonl", NOW, print, lambda *_: None, Tally().look)


def test_an_unfinished_run_goes_on_and_asks_only_what_is_missing(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1)]
    path = tmp_path / "azure.jsonl"

    def stop(tally: Any, _: int) -> None:
        if tally.done >= 5:
            raise KeyboardInterrupt

    with serving(cloud, tmp_path) as door:
        with pytest.raises(KeyboardInterrupt):
            collect(Wanted(door=door, rate=1e3), path, NOW, lambda _: None, stop, Tally().look)
        assert not path.exists()
        before = len(cloud.asked)
        with pytest.raises(InputError, match="did not come to its end"):
            collect(Wanted(door=door, rate=1e3), path, NOW, lambda _: None, lambda *_: None, Tally().look)
        collect(Wanted(door=door, rate=1e3, resume=True), path, NOW, lambda _: None, lambda *_: None, Tally().look)
    assert len(cloud.asked) - before - 2 < 18
    assert read_inventory([path]).lacking[HERE, "server"] == ""
    assert servers(read_inventory([path])) == ["hr0001"]


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"subscriptions": ("00000000-0000-0000-0000-000000000000",)}, "do not answer"),
        ({"expect": (SUB,)}, "not one you expect"),
    ],
)
def test_the_wrong_subscription_stops_before_anything_is_read(tmp_path: Path, wanted: dict[str, Any], said: str) -> None:
    cloud = Cloud()
    with serving(cloud, tmp_path) as door, pytest.raises(InputError, match=said):
        collect(Wanted(door=door, rate=1e3, **wanted), tmp_path / "a.jsonl", NOW, print, lambda *_: None, Tally().look)
    assert not list(tmp_path.glob("a.jsonl*"))


def test_nothing_but_a_query_gets_out(tmp_path: Path) -> None:
    cloud = Cloud()
    with serving(cloud, tmp_path) as door:
        client = opened(door, Pace(1e3), (), ()).client
        with pytest.raises(ForbiddenCallError):
            list(client.operations.list())
    assert cloud.asked == []
    for method, url in (("DELETE", "https://a/providers/Microsoft.ResourceGraph/resources"), ("POST", "https://a/subscriptions/x"),
                        ("POST", "https://a/providers/Microsoft.ResourceGraph/resources/../x")):  # fmt: skip
        with pytest.raises(ForbiddenCallError):
            refuse(method, url)


def test_no_secret_leaves_whatever_field_of_a_row_it_is_planted_in(tmp_path: Path) -> None:
    secret = "hunter2-Tr0ub4dor"  # noqa: S105

    def planted(found: Any) -> Any:
        if isinstance(found, dict):
            more = {"osProfile": {"customData": secret, "adminPassword": secret}, "userData": secret} if "id" in found else {}
            kept = ("id", "type", "subscriptionId")
            return {key: each if key in kept else planted(each) for key, each in found.items()} | more
        if isinstance(found, list):
            return [planted(each) for each in found]
        return f"password={secret}" if isinstance(found, str) else found

    cloud = Cloud()
    cloud.rows["virtualmachines"] = [planted(machine(1))]
    collected(cloud, tmp_path)
    text = (tmp_path / "azure.jsonl").read_text(encoding="utf-8")
    assert secret not in text
    assert any(json.loads(line).get("type") == "server" for line in text.splitlines())
