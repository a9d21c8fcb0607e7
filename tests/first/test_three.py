"""Three things for the quarter: never more, the first workload among them, ranked by what they unlock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from migrascope.model.assessment import Assessment, Intervention
from tests.first.plans import document, machines, opinion, ready
from tests.support import example_plan, example_records, judged, plan


def kinds(found: Assessment) -> list[str]:
    return [each.kind for each in found.interventions]


@pytest.mark.parametrize("name", ["municipality", "web-shop", "sparse"])
def test_each_has_an_owner_a_size_and_what_it_closes(name: str, tmp_path: Path) -> None:
    records = None if name == "sparse" else example_records(name)
    found = judged(plan(example_plan(name)), records, tmp_path)
    open_ = {finding.fingerprint for finding in found.findings if finding.outcome == "finding"}
    assert 1 <= len(found.interventions) <= 3
    for each in found.interventions:
        assert each.ask
        assert each.effort or each.days
        assert set(each.closes) <= open_
        assert each.workloads or each.closes
    unlocked = [(each.by is None, -each.opens, -each.workloads) for each in found.interventions]
    assert unlocked == sorted(unlocked)


def test_the_first_workload_is_one_of_them_and_closes_what_its_repairs_close(tmp_path: Path) -> None:
    app = ready("app", rollback={"plan": "docs/back.md", "owner": "platform team", "max_minutes": 60})
    found = opinion(document(app, ready("two", criticality="high")), tmp_path)
    move = next(each for each in found.interventions if each.kind == "workload")
    closed = {finding.rule for finding in found.findings if finding.fingerprint in move.closes}
    assert (move.workload, move.who) == ("app", "platform team")
    assert closed == {"rollback-never-tested"}


def test_a_date_that_demands_a_decision_comes_first(tmp_path: Path) -> None:
    found = opinion(document(ready("app"), sites=[{"id": "hall", "notice_by": "2027-01-31"}]), tmp_path)
    assert kinds(found)[0] == "decision"
    assert found.interventions[0].by == "2027-01-31"
    assert "workload" in kinds(found)


def blocked(found: Assessment, rule: str) -> Intervention | None:
    return next((each for each in found.interventions if each.rule == rule), None)


def test_a_blocker_of_many_comes_before_that_of_one(tmp_path: Path) -> None:
    workloads = [ready(name) for name in ("a", "b", "c", "d", "free")]
    records: list[dict[str, Any]] = machines(*workloads)
    for record in records:
        name = record.get("name", "")
        if name in ("a-1", "b-1", "c-1", "d-1"):
            raw = {"raw": True, "raw_mode": "physical", "lun": f"lun-{name}"}
            disks = [{**disk, **raw} for disk in record["attributes"]["disks"]]
            record["attributes"] |= {"disks": disks}
    found = opinion(document(*workloads), tmp_path, records)
    assert found.first is not None
    assert found.first.workload == "free"
    fix = next(each for each in found.interventions if each.kind == "fix")
    assert fix.workloads >= 3
    assert fix.opens >= 3
    assert len(fix.closes) >= 3


def test_where_many_wait_for_one_role_it_is_one_conversation(tmp_path: Path) -> None:
    silent = [ready(f"w{number}", data=None, category=None) for number in range(4)]
    found = opinion(document(*silent), tmp_path)
    checks = [each for each in found.interventions if each.kind == "check"]
    assert checks
    assert len({each.ask for each in checks}) == len(checks)
    assert checks[0].workloads == 4


def test_nobody_is_advised_to_take_responsibility_for_a_gate(tmp_path: Path) -> None:
    heavy = [ready(name, category="erp") for name in ("one", "two", "three")]
    found = opinion(document(*heavy, ready("menu")), tmp_path)
    assert all(each.what is None or each.what.code != "fix_override" for each in found.interventions)
