"""Three judgements that an experienced consultant would defend, and the trap of the large programme."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.first.plans import against, document, first_of, gate, machines, ready


def test_paperwork_alone_does_not_win(tmp_path: Path) -> None:
    menu = ready("kantinemenu", users=12)
    back = {"plan": "docs/back.md", "owner": "platform team", "max_minutes": 60}
    better = {"metric": "days to answer", "baseline": {"value": 5, "on": "2026-11-01", "source": "log"}, "target": 2}
    reports = ready("meldingen", users=400, criticality="medium", rollback=back, outcome=better,
                    members=[{"name": "mor-1"}, {"name": "mor-2"}])  # fmt: skip
    data = document(menu, reports)
    typical = machines(reports, others=60)
    rare = [
        {**record, "attributes": {**record["attributes"], "os_config": "Debian 12", "os_tools": "Debian 12"}}
        for record in machines(menu)
        if record["kind"] == "resource"
    ]
    records = [*typical, *rare]
    for record in records:
        if record["kind"] == "coverage" and record["operation"] in ("server", "server.disks"):
            record["items"] += 1
    first = first_of(data, tmp_path, records)
    assert first.workload == "meldingen"
    assert first.status == "suggest"
    assert first.documented_choice == "kantinemenu"
    assert [c.code for c in first.conditions] == ["repair_rollback_unrehearsed"]
    reason = next(entry.reason for entry in first.not_now if entry.unit == "kantinemenu")
    assert reason.values["criterion"] in ("value", "learning")
    # It flips where the rehearsal does not fit the quarter.
    slow = reports | {"rehearsal": {"days": 500}}
    flipped = first_of(document(menu, slow), tmp_path, records)
    assert flipped.workload == "kantinemenu"
    assert gate(flipped, "meldingen", "quarter").state == "fail"


@pytest.mark.parametrize(("months", "expected"), [(9, "intranet"), (30, "zaaksysteem-oud")])
def test_what_is_being_replaced_does_not_move(tmp_path: Path, months: int, expected: str) -> None:
    year, month = divmod(2 * 12 + months - 1 + 2, 12)
    on = f"{2025 + year}-{month + 1:02}-20"
    intranet = ready("intranet", users=40)
    old = ready("zaaksysteem-oud", users=900, replaced_by={"what": "SaaS", "on": on},
                outcome={"metric": "wait", "baseline": {"value": 5, "on": "2026-11-01", "source": "log"}, "target": 1},
                members=[{"name": f"old-{number}"} for number in range(3)])  # fmt: skip
    first = first_of(document(intranet, old), tmp_path)
    assert first.workload == expected
    if expected == "intranet":
        found = gate(first, "zaaksysteem-oud", "remaining_life")
        assert (found.state, found.values["months"], found.values["limit"]) == ("fail", 9, 24)
        assert against(first, "zaaksysteem-oud") == "gate_replaced_soon"


@pytest.mark.parametrize("profile", ["trust-first", "deadline-first"])
def test_a_decision_can_come_first(tmp_path: Path, profile: str) -> None:
    lease = {"what": "datacentre lease ends", "on": "2027-09-30", "decide_by": "2027-03-31"}
    erp = ready("erp", category="erp", effort_days={"low": 200, "likely": 400, "high": 800},
                deadlines=[{"what": "lease", "on": "2027-03-31"}])  # fmt: skip
    first = first_of(
        document(
            ready("intranet"),
            erp,
            profile=profile,
            deadlines=[lease],
            capacity={"fte": 1.2, "reserve_percent": 0, "holidays": "NL", "freezes": []},
        ),
        tmp_path,
    )
    assert (first.step.kind, first.step.by) == ("decision", "2027-03-31")
    assert first.step.what.values["what"] == "datacentre lease ends"
    assert first.workload == "intranet"
    assert against(first, "erp") == "gate_on_avoid_list"
    assert gate(first, "erp", "quarter").state == "fail"


def test_a_decision_after_the_quarter_does_not_come_first(tmp_path: Path) -> None:
    lease = {"what": "lease ends", "on": "2028-09-30", "decide_by": "2028-03-31"}
    assert first_of(document(ready("intranet"), deadlines=[lease]), tmp_path).step.kind == "workload"


@pytest.mark.parametrize("name", ["sap-core", "afas-erp", "dynamics-crm", "ERPSQLVM", "nxtERPdb01"])
def test_a_heavy_system_without_a_category_is_not_assumed_harmless(tmp_path: Path, name: str) -> None:
    tempting = ready(name, category=None, users=900)
    first = first_of(document(tempting, ready("menu", users=5)), tmp_path)
    assert first.workload == "menu"
    judged_ = gate(first, name, "avoid_list")
    assert (judged_.state, judged_.why) == ("unknown", "name_on_avoid_list")  # a guess: compared, and never named before others


def test_everything_at_once_names_the_small_one_and_not_the_programme(tmp_path: Path) -> None:
    names = ("erp-core", "erp-hr", "erp-finance")
    calls = [{"on": other, "binding": "hard"} for other in names]
    programme = [
        ready(n, category="erp", criticality="mission", dependencies=[c for c in calls if c["on"] != n]) for n in names
    ]
    first = first_of(document(*programme, ready("menu")), tmp_path)
    assert first.workload == "menu"
    assert against(first, "+".join(names)).startswith("gate_")
