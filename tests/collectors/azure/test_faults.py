"""Every question, each of its pages failing in each of eight ways: the rest is kept, and what is missing is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from migrascope.collectors.azure.catalogue import every_call
from migrascope.collectors.azure.reads import BILLS, LOAD, SIZES, bill_of
from migrascope.collectors.azure.session import Azure, classify, opened
from migrascope.collectors.cloud.operation import Operation
from migrascope.collectors.cloud.pace import Pace
from migrascope.collectors.cloud.records import Record, RecordOrigin
from migrascope.collectors.cloud.tasks import FULL, Ended, Task, perform
from tests.collectors.azure.replay import BROKEN, SUB, Cloud, machine, serving
from tests.collectors.azure.test_live import NOW, costs

CALLS = sorted(every_call(), key=lambda each: each.name)
FAULTS = {
    "denied": (403, "denied"),
    "expired": (401, "error"),
    "throttled": (429, "throttled"),
    "fault": (500, "error"),
    "gone away": (BROKEN["reset"], "error"),
    "too slow": (BROKEN["slow"], "error"),
    "a page of a proxy": (BROKEN["html"], "error"),
    "another shape": (BROKEN["shape"], "error"),
}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Cloud, Azure]]:
    cloud = Cloud()
    with serving(cloud, tmp_path_factory.mktemp("tls")) as door:
        yield cloud, opened(replace(door, retries=0, patience=0.1), Pace(1e6), (), (), NOW)


def furnished(cloud: Cloud, operation: Operation) -> Task:
    """Three pages of answers to one question, and the question."""
    cloud.asked.clear()
    cloud.faults.clear()
    cloud.pages.clear()
    cloud.page = 1
    row = {"type": "x", "subscriptionId": SUB, "name": "n"}
    cloud.every = [row | {"id": f"/subscriptions/{SUB}/resourcegroups/r/providers/x/y/n{number}"} for number in range(3)]
    ref = {"key": f"{SUB} westeurope", "id": "i", "size": "standard_d2s_v5"}
    if operation is SIZES.operation:
        sku = {"resourceType": "virtualMachines", "name": "Standard_D2s_v5", "capabilities": [{"name": "vCPUs", "value": "2"}]}
        cloud.pages["skus"] = [{"value": [sku]}] * 3
        return Task(operation, SUB, "global", (ref,), SIZES.parameters((ref,)))
    if operation is LOAD.operation:
        load = {"name": {"value": "Percentage CPU"}, "timeseries": [{"data": [{"average": 1.0}]}]}
        cloud.pages["metrics"] = [{"value": [load]}] * 3
        busy = {"key": str(machine(1)["id"]).lower()}
        return Task(operation, SUB, "global", (busy,), LOAD.parameters((busy,)))
    if operation in BILLS:
        cloud.pages["query"] = [costs([1.0, "2026-09-01", f"x{number}", "EUR"]) for number in range(3)]
        return Task(operation, SUB, "global", given=bill_of(operation, SUB, NOW))
    return Task(operation, "tenant", "global")


def asked(azure: Azure, task: Task) -> tuple[Ended, list[Record]]:
    kept: list[Record] = []
    return perform(task, azure.answers, RecordOrigin("azure", SUB, "global", task.label), classify, kept.extend), kept


@pytest.mark.parametrize("operation", CALLS, ids=lambda each: each.name)
def test_a_page_that_fails_keeps_those_before_it(operation: Operation, azure: tuple[Cloud, Azure]) -> None:
    cloud, client = azure
    ended, whole = asked(client, furnished(cloud, operation))
    assert (ended.outcome.status, ended.pages) == ("ok", 3)
    for page in range(3):
        for name, (fault, expected) in FAULTS.items():
            task = furnished(cloud, operation)
            cloud.faults["any"] = [(page, fault, {})]
            ended, kept = asked(client, task)
            if name == "another shape" and not operation.items:
                assert ended.outcome.status == "partial"  # it has no list that could be missing
                continue
            assert ended.outcome.status == (expected if page == 0 else "partial"), (name, page, ended.outcome)
            assert ended.outcome.status not in FULL
            assert ended.pages == page
            assert kept == whole[: len(kept)]
            if expected == "denied":
                assert all(each in ended.outcome.detail for each in operation.permissions)


def test_nothing_of_a_fault_reaches_a_person_as_a_traceback(tmp_path: Path) -> None:
    from migrascope.collectors.azure.live import AzureCollection, collect
    from migrascope.model.problem import InputError

    for fault, _ in FAULTS.values():
        cloud = Cloud()
        cloud.faults["any"] = [(number, fault, {}) for number in range(9)]
        with serving(cloud, tmp_path) as door:
            quick = AzureCollection(door=replace(door, retries=0, patience=0.1), rate=1e3)
            with pytest.raises(InputError):
                collect(quick, tmp_path / "a.jsonl", NOW, lambda _: None, lambda *_: None, _seen)


def _seen(_: Any) -> None:
    """Look at nothing."""
