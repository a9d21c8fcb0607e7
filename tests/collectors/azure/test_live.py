"""Resource Graph, asked over TLS: pages, throttling, refusals, and nothing but queries."""

from __future__ import annotations

import base64
import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from azure.core.rest import HttpRequest

from migrascope.cli.collected import RecordTally
from migrascope.collectors.azure.catalogue import TEXTS
from migrascope.collectors.azure.live import AzureCollection, collect, role
from migrascope.collectors.azure.session import ForbiddenRequestError, opened, refuse
from migrascope.collectors.cloud.pace import Pace
from migrascope.model.inventory import Inventory
from migrascope.model.problem import InputError
from migrascope.snapshots import read_inventory
from tests.cli.test_commands import run
from tests.collectors.azure.replay import OTHER, SUB, Anybody, Cloud, Token, machine, serving
from tests.support import fit_the_schema, lines

NOW = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
HERE, THERE = f"{SUB}/global", f"{OTHER}/global"


def collected(cloud: Cloud, folder: Path, **wanted: Any) -> Inventory:
    said: list[str] = []
    with serving(cloud, folder) as door:
        path = folder / "azure.jsonl"
        collect(AzureCollection(rate=1000.0, door=door, **wanted), path, NOW, said.append, lambda *_: None, RecordTally().look)
    assert said == [f"asking about 2 subscriptions: sub 1111 ({SUB}), sub 9999 ({OTHER})"]
    assert path.stat().st_mode & 0o777 == 0o600
    if path.stat().st_size < 200_000:
        fit_the_schema(lines(path))
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
            collect(
                AzureCollection(door=door, rate=1e3, resume=resume),
                path,
                NOW,
                lambda _: None,
                lambda *_: None,
                RecordTally().look,
            )
    assert len(cloud.asked) - before == 3  # which subscriptions there are, the disks, and the machines, which lead to more
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
        collect(AzureCollection(door=door, rate=1e3), tmp_path / "a.jsonl", NOW, print, lambda *_: None, RecordTally().look)


def test_an_unfinished_run_goes_on_and_asks_only_what_is_missing(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1)]
    path = tmp_path / "azure.jsonl"

    def stop(tally: Any, _: int) -> None:
        if tally.done >= 5:
            raise KeyboardInterrupt

    with serving(cloud, tmp_path) as door:
        with pytest.raises(KeyboardInterrupt):
            collect(AzureCollection(door=door, rate=1e3), path, NOW, lambda _: None, stop, RecordTally().look)
        assert not path.exists()
        before = len(cloud.asked)
        with pytest.raises(InputError, match="did not come to its end"):
            collect(AzureCollection(door=door, rate=1e3), path, NOW, lambda _: None, lambda *_: None, RecordTally().look)
        collect(
            AzureCollection(door=door, rate=1e3, resume=True), path, NOW, lambda _: None, lambda *_: None, RecordTally().look
        )
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
        collect(
            AzureCollection(door=door, rate=1e3, **wanted),
            tmp_path / "a.jsonl",
            NOW,
            print,
            lambda *_: None,
            RecordTally().look,
        )
    assert not list(tmp_path.glob("a.jsonl*"))


def test_nothing_but_a_query_gets_out(tmp_path: Path) -> None:
    cloud = Cloud()
    with serving(cloud, tmp_path) as door:
        azure = opened(door, Pace(1e3), (), (), NOW)
        with pytest.raises(ForbiddenRequestError):
            list(azure.graph.operations.list())
        with pytest.raises(ForbiddenRequestError):
            azure.pipeline.send_request(
                HttpRequest("DELETE", f"{cloud.host}/subscriptions/{SUB}/providers/Microsoft.Compute/skus")
            )
    assert cloud.asked == []
    here = "https://a"
    sizes = f"/subscriptions/{SUB}/providers/Microsoft.Compute/skus"
    refuse("GET", f"{here}{sizes}?api-version=1", here)
    for method, url in (("DELETE", f"{here}/providers/Microsoft.ResourceGraph/resources"), ("POST", f"{here}/subscriptions/x"),
                        ("POST", f"{here}/providers/Microsoft.ResourceGraph/resources/../x"), ("POST", f"{here}{sizes}"),
                        ("GET", f"https://elsewhere{sizes}"), ("GET", f"http://a{sizes}"), ("GET", f"{here}{sizes}/x"),
                        ("GET", f"{here}/subscriptions/{SUB}/resourcegroups/x/providers/microsoft.keyvault/vaults/v/secrets"),
                        ("POST", f"{here}/subscriptions/{SUB}/providers/Microsoft.Compute/register")):  # fmt: skip
        with pytest.raises(ForbiddenRequestError):
            refuse(method, url, here)


def test_a_provider_that_is_not_registered_stays_so(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1)]
    cloud.faults["skus"] = [(0, 409, {"x-ms-error-code": "MissingSubscriptionRegistration"})]
    cloud.faults["disks"] = [(0, 307, {"Location": f"/subscriptions/{SUB}/providers/Microsoft.Compute/register"})]
    inventory = collected(cloud, tmp_path)
    assert not [path for _, path, _ in cloud.asked if "register" in path]
    assert inventory.lacking[HERE, "server.cpus"]
    assert inventory.lacking[HERE, "storage"]


def test_processors_and_memory_come_from_the_size(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1), machine(2) | {"vmSize": "Standard_Odd"}, machine(3, OTHER)]
    told = [{"name": "vCPUs", "value": "2"}, {"name": "MemoryGB", "value": "8"}]
    sku = {"resourceType": "virtualMachines", "name": "standard_d2s_v5", "capabilities": told}
    cloud.pages["skus"] = [{"value": [{"resourceType": "disks", "name": "x"}]}, {"value": [sku]}]
    found = {each["name"]: each["attributes"] for each in collected(cloud, tmp_path).resources if each["type"] == "server"}
    assert (found["hr0001"]["cpus"], found["hr0001"]["memory_mib"]) == (2, 8192)
    assert "cpus" not in found["hr0002"]
    assert found["hr0003"]["cpus"] == 2
    assert sum("skus" in path for _, path, _ in cloud.asked) == 4  # two subscriptions, two pages each


def test_how_busy_machines_were_is_asked_on_demand(tmp_path: Path) -> None:
    cloud = Cloud()
    cloud.rows["virtualmachines"] = [machine(1)]
    data = [{"timeStamp": "2026-11-20T00:00:00Z", "average": 10.0, "maximum": 50.0}, {"average": 20.0}, {"timeStamp": "x"}]
    cpu = {"name": {"value": "Percentage CPU"}, "timeseries": [{"data": data}]}
    odd = {"name": {"value": "Network In"}, "timeseries": [{"data": data}]}
    cloud.pages["metrics"] = [{"value": [cpu, odd]}]
    said: list[str] = []
    with serving(cloud, tmp_path) as door:
        path = tmp_path / "azure.jsonl"
        for options in ((), ("utilisation",)):
            wanted = AzureCollection(rate=1e3, door=door, options=options)
            collect(wanted, path, NOW, said.append, lambda *_: None, RecordTally().look)
    assert said[2:] == ["requests for the load of machines that follow: 1"]
    (asked,) = [path for _, path, _ in cloud.asked if "metrics" in path]
    assert "timespan=2026-11-09T12:00:00Z/2026-11-23T12:00:00Z" in asked
    rows = {(row.metric, row.statistic): (row.value, row.samples) for row in read_inventory([path]).measurements}
    assert rows == {("cpu_percent", "average"): (15.0, 2), ("cpu_percent", "maximum"): (50.0, 1)}


def costs(*rows: list[Any], names: tuple[str, ...] = ("Cost", "BillingMonth", "ResourceId", "Currency")) -> dict[str, Any]:
    return {"properties": {"columns": [{"name": name} for name in names], "rows": list(rows)}}


def test_what_resources_cost_is_asked_of_each_subscription_on_demand(tmp_path: Path) -> None:
    cloud = Cloud()
    disk = f"/subscriptions/{SUB}/resourcegroups/rg/providers/microsoft.compute/disks/d"
    first, second = [1.5, "2026-09-01T00:00:00", disk.upper(), "EUR"], [2.0, "2026-10-01T00:00:00", "", "EUR"]
    cloud.pages["query"] = [costs(first), costs(second)]
    inventory = collected(cloud, tmp_path, options=("costs",))
    bodies = [body for _, path, body in cloud.asked if "costmanagement" in path.lower()]
    assert len(bodies) == 8  # two subscriptions, two kinds of cost, two pages each
    assert {body["type"] for body in bodies} == {"ActualCost", "AmortizedCost"}
    assert bodies[0]["timePeriod"] == {"from": "2026-08-01T00:00:00Z", "to": "2026-10-31T23:59:59Z"}
    rows = {(row.id, row.statistic, row.window): row.value for row in inventory.measurements}
    assert rows[disk, "billed", "2026-09-01/2026-10-01"] == 1.5
    assert rows[f"azure:{OTHER}/unassigned", "effective", "2026-10-01/2026-11-01"] == 2.0


@pytest.mark.parametrize(
    "page",
    [
        {"properties": {}},
        costs([1], names=("Cost",)),
        costs(["a lot", "2026-09-01", "x", "EUR"]),
        costs([1, "soon", "x", "EUR"]),
    ],
)
def test_costs_of_an_unexpected_shape_are_told(tmp_path: Path, page: dict[str, Any]) -> None:
    cloud = Cloud()
    cloud.pages["query"] = [page]
    inventory = collected(cloud, tmp_path, options=("costs",))
    told = [each for each in inventory.coverage if each.operation == "cost-management:ActualCost"]
    assert {each.status for each in told} == {"partial"}
    assert "unexpected shape" in told[0].detail
    assert not list(inventory.measurements)


def test_the_printed_role_names_what_every_query_reads_and_nothing_that_writes() -> None:
    named = [each.lower() for each in role(("costs", "utilisation"))["Actions"]]
    assert "microsoft.compute/virtualmachines/read" in named
    assert "microsoft.sql/*/read" in named
    assert "microsoft.costmanagement/query/action" in named
    assert not [each for each in named if not each.endswith("/read") and each != "microsoft.costmanagement/query/action"]
    for text in TEXTS.values():
        assert any(each.rpartition("/")[0].removesuffix("/*") in text.lower() for each in named), text
    assert len(role()["Actions"]) < len(named)


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


SECRET = "hunter2-Tr0ub4dor"  # noqa: S105
KEPT = ("id", "type", "subscriptionId")


def everything(type_: str, query: str) -> dict[str, Any]:
    """A row with a secret in each field that a query projects, in properties besides, and in tags."""
    found: dict[str, Any] = dict.fromkeys(re.findall(r"(\w+)=properties", query), f"password={SECRET}")
    found |= {
        "name": f"pwd: {SECRET}",
        "location": f"token={SECRET}",
        "kind": f"secret={SECRET}",
        "sku": {"name": f"sas={SECRET}"},
    }
    found |= {"tags": {"note": f"password={SECRET}", "password": SECRET}, "zones": [f"token={SECRET}"]}
    found["properties"] = {"osProfile": {"customData": SECRET, "adminPassword": SECRET}, "userData": SECRET,
                           "siteConfig": {"appSettings": [{"name": "x", "value": SECRET}], "connectionStrings": SECRET},
                           "administratorLoginPassword": SECRET, "securityRules": [{"name": f"password={SECRET}"}]}  # fmt: skip
    id_ = f"/subscriptions/{SUB}/resourcegroups/r/providers/{type_.rstrip('/')}/x"
    return found | {"id": id_, "type": type_.rstrip("/"), "subscriptionId": SUB}


def test_no_secret_of_any_row_reaches_the_inventory_a_log_or_a_report(tmp_path: Path) -> None:
    rows = [everything(name, text) for text in TEXTS.values() for name in re.findall(r"'(microsoft\.[a-z/]+)'", text)]
    assert len(rows) > 30
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    ran = [run("collect", "azure", "--from", "rows.json", "--as-of", "2026-11-23", "-o", "a.jsonl", cwd=tmp_path)]
    ran += [run("init", "plan.yaml", "--from", "a.jsonl", cwd=tmp_path)]
    ran += [run("review", "plan.yaml", "-i", "a.jsonl", "-f", form, cwd=tmp_path) for form in ("text", "json", "md", "csv")]
    # What does not fit is not written, and told: the collection was not complete, and what was written can be read.
    assert [each.returncode for each in ran] == [3] + [0] * (len(ran) - 1), [each.stderr for each in ran]
    told = "".join(each.stdout + each.stderr for each in ran)
    told += "".join((tmp_path / name).read_text(encoding="utf-8") for name in ("a.jsonl", "plan.yaml"))
    assert SECRET not in told
    assert "********" in told


def test_the_first_line_says_who_asks(tmp_path: Path) -> None:
    claims = base64.urlsafe_b64encode(b'{"upn": "anna@example.org", "oid": "1"}').decode().rstrip("=")

    class Anna(Anybody):
        def get_token(self, *_: Any, **__: Any) -> Token:
            return Token(f"x.{claims}.y", 4_000_000_000)

    said: list[str] = []
    with serving(Cloud(), tmp_path) as door:
        known = AzureCollection(rate=1e3, door=replace(door, credential=Anna()))
        collect(known, tmp_path / "a.jsonl", NOW, said.append, lambda *_: None, RecordTally().look)
    assert said[0].startswith("asking as anna@example.org about 2 subscriptions: ")
