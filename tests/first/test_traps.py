"""Estates in which an easy answer is the wrong one. The shared directory, a hidden database, the circle and the end of the
month are in test_units.py; paperwork, what is replaced and the lease in test_judgement.py; the landscape in test_fixes.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.first.plans import against, document, first_of, gate, machines, ready
from tests.first.test_additive import case


def test_a_test_system_of_the_erp_scores_most_and_is_still_no_first_step(tmp_path: Path) -> None:
    """On the pilot table of AWS it has the most points there are; the avoid list of the same page forbids it."""
    erp = ready("erp-test", category="erp", environment="test", criticality="low", users=900, rto_hours=72)
    menu = ready("menu", criticality="medium", users=40, dependencies=[{"on": "erp-test", "binding": "soft"}])
    first = first_of(document(erp, menu), tmp_path)
    totals = {score.unit: score.total for score in first.scores}
    assert totals["erp-test"] > totals["menu"]
    assert first.workload == "menu"
    assert against(first, "erp-test") == "gate_on_avoid_list"


def test_the_first_workload_of_the_cloud_adoption_framework(tmp_path: Path) -> None:
    """A sponsor with a stake, few dependencies, few assets, a way to test, no sensitive data.

    Without a sponsor it is out there; here an owner can be named, so that it is a condition and never the choice on evidence.
    """
    told = case("azure_caf_first_workload_gates")
    asked = {"secure_data": "regulated_data", "sponsor": "owners", "assets>=10": "group"}
    workloads: list[dict[str, Any]] = [ready("elsewhere", category="erp")]
    for name, each in told["inputs"].items():
        workloads.append(
            ready(
                name,
                members=[{"name": f"{name}-{number}"} for number in range(each["assets"])],
                dependencies=[{"on": "elsewhere", "binding": "soft"}] * each["external_dependencies"],
                owner={"business": "head of service", "technical": "platform team"} if each["sponsor_with_stake"] else None,
                data={"class": "internal", "personal": False, "special": each["secure_data"], "volume_gb": 10},
            )
        )
    first = first_of(document(*workloads), tmp_path)
    assert first.documented_choice == told["expected"]["first"]
    assert first.workload == first.documented_choice or "repair_owner_missing" in {each.code for each in first.conditions}
    for name, reasons in told["expected"]["failed"].items():
        for reason in reasons:
            assert gate(first, name, asked[reason]).state in ("fail", "repair")


def test_the_order_of_goals_decides_and_is_named_first(tmp_path: Path) -> None:
    """The same two applications, in the opposite order on AWS's own two tables: the profile has to be said."""
    old = ready("legacy-billing", criticality="high", users=900, disposition="refactor",
                outcome={"metric": "wait", "unit": "days", "baseline": {"value": 10, "on": "2026-11-01"}, "target": 2},
                dependencies=[{"on": "gone", "binding": "soft"}])  # fmt: skip
    wiki = ready("intranet-wiki", outcome={"metric": "wait", "baseline": {"value": 10, "on": "2026-11-01"}, "target": 9.5})
    gone = ready("gone", category="erp", disposition="retain")
    names = {}
    for profile in ("trust-first", "value-first"):
        first = first_of(document(old, wiki, gone, profile=profile), tmp_path)
        names[profile] = first.workload
        assert first.profile == profile
    assert names == {"trust-first": "intranet-wiki", "value-first": "legacy-billing"}


def test_a_plan_without_workloads_moves_nothing(tmp_path: Path) -> None:
    first = first_of(document(), tmp_path, machines())
    assert (first.status, first.step.what.code) == ("none", "nothing_moves")


def test_the_only_candidate_is_not_called_the_best(tmp_path: Path) -> None:
    first = first_of(document(ready("only")), tmp_path)
    assert (first.workload, first.decided_by, first.status) == ("only", "only_candidate", "suggest")
    assert first.p_first is None


@pytest.mark.parametrize("profile", ["trust-first", "value-first", "deadline-first"])
def test_a_gate_that_fails_beats_any_score(tmp_path: Path, profile: str) -> None:
    best = ready(
        "best", users=900, criticality="low", rto_hours=72, data={"class": "secret", "personal": False, "special": True}
    )
    first = first_of(document(best, ready("plain", users=3, criticality="high"), profile=profile), tmp_path)
    assert first.workload == "plain"
    assert first.step.kind == "workload"


def test_a_machine_that_nobody_switches_on_is_no_first_step(tmp_path: Path) -> None:
    plan = document(ready("idle"), ready("busy"))
    seen = machines(*plan["workloads"])
    for record in seen:
        if record.get("name") == "idle-1":
            record["attributes"]["power"] = "off"
    first = first_of(plan, tmp_path, seen)
    assert first.workload == "busy"
    assert against(first, "idle") == "gate_switched_off"
