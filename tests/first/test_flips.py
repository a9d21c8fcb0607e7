"""What would change it: every change that is told really puts the other first, when the plan is written so."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrascope.first.counterfactuals import reached
from migrascope.model.first import First, Reason
from tests.first.plans import READY, document, first_of, machines, ready
from tests.first.test_choice import estate, workloads
from tests.first.test_robustness import strong
from tests.support import knowledge


def flip(first: First, unit: str) -> Reason | None:
    return next(entry.flip for entry in first.not_now if entry.unit == unit)


def test_a_gate_in_its_way_is_told_and_turns_the_answer(tmp_path: Path) -> None:
    heavy = strong("heavy") | {"category": "erp"}
    first = first_of(document(heavy, ready("plain")), tmp_path)
    found = flip(first, "heavy")
    assert first.workload == "plain"
    assert found is not None
    assert (found.code, found.values["gate"]) == ("flip_gate", "gate_on_avoid_list")
    assert first_of(document(heavy | {"category": "web"}, ready("plain")), tmp_path).workload == "heavy"


def test_what_nobody_knows_is_told_as_an_answer_and_turns_it(tmp_path: Path) -> None:
    open_ = {key: value for key, value in strong("open").items() if key != "category"}
    found = flip(first_of(document(open_, ready("plain")), tmp_path), "open")
    assert found is not None
    assert (found.code, found.values["gate"]) == ("flip_known", "gate_category_unknown")


def test_a_gate_whose_repair_changes_nothing_is_not_told(tmp_path: Path) -> None:
    poor = ready("poor", category="erp", users=4000, criticality="high", rto_hours=1, disposition="refactor")
    first = first_of(document(strong(), poor), tmp_path)
    found = flip(first, "poor")
    assert found is None or not found.code.startswith("flip_gate")


def changed(data: dict[str, Any], unit: str, found: Reason) -> dict[str, Any] | None:
    """The plan with the change written into it; None where it is not a matter of the plan's own words."""
    copy: dict[str, Any] = json.loads(json.dumps(data))
    workload = next(each for each in copy["workloads"] if each["id"] == unit)
    values = found.values
    if found.code == "flip_volume":
        workload["data"]["volume_gb"] = values["volume_gb"]
    elif found.code == "flip_deadline":
        workload["deadlines"] = [*workload.get("deadlines", ()), {"what": "contract", "on": values["day"]}]
    elif found.code == "flip_gain":
        baseline = workload["outcome"]["baseline"]["value"]
        workload["outcome"]["target"] = baseline * (1 - values["improvement_percent"] / 100)
    elif found.code == "flip_criticality":
        workload["criticality"] = values["criticality"]
    elif found.code == "flip_disposition":
        workload["disposition"] = values["way"]
    elif found.code == "flip_profile":
        copy["profile"] = values["profile"]
    elif found.code in ("flip_gate", "flip_known"):
        gate = values["gate"]
        fields = {"gate_on_avoid_list": "category", "gate_category_unknown": "category", "gate_effort_unknown": "effort_days",
                  "gate_too_much_work": "effort_days", "gate_does_not_fit": "effort_days",
                  "gate_criticality_unknown": "criticality"}  # fmt: skip
        if gate not in fields:
            return None
        workload[fields[gate]] = READY[fields[gate]]
    else:
        return None
    return copy


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(workloads, min_size=2, max_size=4))
def test_every_change_that_is_told_turns_the_answer(tmp_path: Path, drawn: list[dict[str, Any]]) -> None:
    data = document(*estate(drawn))
    records = machines(*data["workloads"])
    first = first_of(data, tmp_path, records)
    for entry in first.not_now:
        again = changed(data, entry.unit, entry.flip) if entry.flip is not None else None
        if again is not None and entry.flip is not None:
            assert first_of(again, tmp_path, records).workload == entry.unit, entry.flip


def test_the_changes_reach_every_kind(tmp_path: Path) -> None:
    """The law above is not empty: facts, places and profiles are all found somewhere."""
    one = [{"on": "c", "binding": "soft", "style": "batch"}]
    cases: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "flip_criticality": ({"criticality": "medium"}, {"criticality": "high"}),
        "flip_calls": ({"dependencies": one}, {"dependencies": [*one, {"on": "d", "binding": "soft", "style": "batch"}]}),
    }
    for code, (better, worse) in cases.items():
        first = first_of(
            document(ready("a", **better), ready("b", **worse), ready("c", category="erp"), ready("d", category="erp")),
            tmp_path,
        )
        found = flip(first, "b")
        assert found is not None, code
        assert found.code == code


@pytest.mark.parametrize("name", ["volume_gb", "boundary_calls", "days_left", "improvement_percent", "users"])
def test_a_scale_is_read_backwards(name: str) -> None:
    scale = getattr(knowledge().anchors, name)
    for needed in (5, 33, 50, 80, 99):
        number = reached(scale, needed)
        assert number is not None
        assert scale.at(number) == pytest.approx(needed)
    assert reached(scale, 101) is None
