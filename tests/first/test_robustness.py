"""How sure: labels that mean something, and that nobody earns by leaving something out."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrascope.assess import Options, assess
from migrascope.model.first import First
from migrascope.model.problem import InputError
from migrascope.snapshots import read_inventory, serialise
from tests.first.plans import document, first_of, machines, ready
from tests.first.test_choice import TOLD, estate, workloads
from tests.support import judged, knowledge, plan, rules, without

BETTER = {
    "metric": "wait",
    "unit": "days",
    "baseline": {"value": 5, "on": "2026-11-01", "source": "log"},
    "target": 1,
    "better": "lower",
}
CALLS = {"dependencies": [{"on": "plain", "binding": "soft", "style": "batch"}]}


def strong(name: str = "strong") -> dict[str, Any]:
    """Better on everything that a plan can say."""
    return ready(name, users=900, outcome=BETTER, criticality="low", disposition="relocate")


def weak(name: str = "weak") -> dict[str, Any]:
    """Ready, and worse on everything."""
    data = {"class": "internal", "personal": False, "special": False, "volume_gb": 4000}
    return ready(name, users=2000, criticality="high", rto_hours=1, disposition="refactor", data=data, **CALLS)


def test_what_is_better_on_everything_is_recommended(tmp_path: Path) -> None:
    first = first_of(document(strong(), weak(), ready("plain", users=5, rto_hours=2)), tmp_path)
    assert (first.workload, first.status) == ("strong", "recommend")
    assert first.p_low is not None
    assert first.p_low > 0.95
    assert first.p_bottom_third == 0
    assert first.robustness is not None
    assert set(first.robustness.without.values()) == {"strong"}
    assert sum(standing.p_first for standing in first.robustness.standings) == pytest.approx(1, abs=1e-4)
    assert first.robustness.evidence["missing"] < 0.1


def test_without_an_inventory_it_is_a_suggestion_at_most(tmp_path: Path) -> None:
    first = judged(plan(json.dumps(document(strong(), weak(), ready("plain", users=5)))), None, tmp_path).first
    assert first is not None
    assert first.status in ("suggest", "toss_up")


def test_the_only_candidate_is_compared_with_nobody(tmp_path: Path) -> None:
    first = first_of(document(ready("alone")), tmp_path)
    assert (first.status, first.decided_by, first.p_first, first.robustness) == ("suggest", "only_candidate", None, None)


def test_two_that_are_the_same_are_a_toss_up(tmp_path: Path) -> None:
    first = first_of(document(ready("one"), ready("two")), tmp_path)
    assert first.status == "toss_up"
    assert first.p_first == pytest.approx(0.5, abs=0.02)
    assert first.workload in ("one", "two")


def test_a_rival_that_is_only_unknown_is_still_a_rival(tmp_path: Path) -> None:
    best, rest = strong("best"), strong("rest")
    sure = first_of(document(best, rest, weak("plain")), tmp_path)
    hidden = first_of(document(best, without(rest, ("category",)), weak("plain")), tmp_path)
    assert sure.status == "toss_up"
    assert hidden.workload == "best"
    assert hidden.status != "recommend"


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(workloads, min_size=2, max_size=4), st.integers(0, 3), st.sampled_from((*TOLD, "category", "dependencies")))
def test_nobody_is_recommended_because_something_went_missing(
    tmp_path: Path, drawn: list[dict[str, Any]], at: int, dotted: str
) -> None:
    listed = [strong("w-strong"), *estate(drawn)]
    before = first_of(document(*listed), tmp_path)
    try:
        listed[at % len(listed)] = without(listed[at % len(listed)], tuple(dotted.split(".")))
        after = first_of(document(*listed), tmp_path)
    except (KeyError, InputError):
        return
    if after.status == "recommend":
        assert (before.status, before.workload) == ("recommend", after.workload)


def test_the_same_seed_gives_the_same_answer_and_another_the_same_name(tmp_path: Path) -> None:
    data = document(strong(), weak(), ready("plain", users=5, rto_hours=2))
    assert first_of(data, tmp_path) == first_of(data, tmp_path)
    assert {seeded(data, tmp_path, seed).workload for seed in range(5)} == {"strong"}


def seeded(data: dict[str, Any], folder: Path, seed: int) -> First:
    """The answer with another seed."""
    path, file = folder / "seeded.jsonl", plan(json.dumps(data))
    path.write_bytes(serialise(machines(*data["workloads"])))
    options = Options(as_of=dt.date(2026, 11, 23), places=file, seed=seed)
    first = assess(file.plan, read_inventory([path]), rules(), knowledge(), options).first
    assert first is not None
    return first
