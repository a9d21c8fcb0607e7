"""What belongs to a finding, and which gates wait for a fact."""

from __future__ import annotations

from pathlib import Path

from tests.first.plans import document, opinion, ready
from tests.support import opinion_on


def test_findings_that_rest_on_one_fact_of_one_subject_name_each_other() -> None:
    found = opinion_on("municipality").findings
    by_fingerprint = {each.fingerprint: each for each in found}
    pairs = [(each, by_fingerprint[other]) for each in found for other in each.related]
    assert pairs
    for one, other in pairs:
        assert one.subject == other.subject
        assert {each.fact for each in one.evidence} & {each.fact for each in other.evidence}
        assert other.outcome == "finding"
        assert one.rule != other.rule


def test_a_missing_fact_names_the_gates_that_wait_for_it(tmp_path: Path) -> None:
    found = opinion(document(ready("one", category=None, cutover=None), ready("two")), tmp_path)
    waiting = {gap.fact: gap.gates_waiting for gap in found.gaps}
    assert waiting["category"] == ("avoid_list",)
    assert "quarter" in waiting["cutover.on"]
