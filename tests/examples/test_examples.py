"""The examples show what they were made to show."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrascope.model.assessment import Assessment
from tests.support import example_plan, judged, opinion_on, plan, rules

PLANTED = {
    "complexity": {
        "big-bang-wave",
        "dependency-cycle-across-waves",
        "capacity-exceeded-in-quarter",
        "foundation-without-workload",
    },
    "security": {"os-past-end-of-support", "data-leaves-allowed-region", "address-ranges-overlap"},
}


@pytest.fixture(scope="module")
def town() -> Assessment:
    return opinion_on("municipality")


def found(assessment: Assessment) -> set[str]:
    return {finding.rule for finding in assessment.findings if finding.outcome == "finding"}


def test_faults_of_every_category_are_planted_and_found(town: Assessment) -> None:
    category = {rule.rule.id: rule.category for rule in rules()}
    assert {category[rule] for rule in found(town)} == set(category.values())
    for planted in PLANTED.values():
        assert planted <= found(town)
    assert len(found(town)) >= 25


def test_about_forty_workloads_and_some_150_machines(town: Assessment) -> None:
    assert town.estate.workloads == 40
    assert (town.estate.servers, town.estate.templates) == (147, 2)


def test_the_decision_comes_first_then_one_small_workload(town: Assessment) -> None:
    first = town.first
    assert first is not None
    assert (first.step.kind, first.step.by, first.workload) == ("decision", "2027-03-31", "meldingen")
    assert first.documented_choice == "kantinemenu"
    assert first.status == "suggest"
    assert first.p_low is not None
    assert first.p_first is not None
    assert first.p_low < 0.9 < first.p_first
    against = {entry.unit for entry in first.not_now}
    members = {member for score in first.scores for member in score.members}
    assert "meldingen" not in against
    assert len(members) > 25


def test_a_plan_that_says_almost_nothing_gets_questions_and_no_certainty(tmp_path: Path) -> None:
    sparse = judged(plan(example_plan("sparse")), None, tmp_path)
    assert sparse.first is not None
    assert sparse.first.step.kind in ("check", "unblock")
    assert len(sparse.questions) >= 3
    assert all(tally.clear == 0 for name, tally in sparse.findings_summary.by_rule.items() if name.startswith("os-"))
