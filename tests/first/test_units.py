"""What moves together: hard calls and shared machines tie, soft calls and shared services do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.first.plans import calls, document, first_of, gate, machines, opinion, ready
from tests.first.test_additive import case


def test_shared_directory_and_dns_are_prerequisites_and_make_no_group(tmp_path: Path) -> None:
    told = case("move_groups_hard_soft")
    shared = told["inputs"]["shared_services"]
    workloads = []
    for node in told["inputs"]["nodes"]:
        calls = [{"on": to, "binding": binding} for source, to, binding in told["inputs"]["edges"] if source == node]
        extra = {"shared_service": True, "disposition": "retain"} if node in shared else {}
        workloads.append(ready(node, dependencies=calls, **extra))
    first = first_of(document(*workloads), tmp_path)
    groups = sorted(sorted(score.members) for score in first.scores)
    assert groups == told["expected"]["groups"]
    calls_of = {
        "+".join(sorted(score.members)): part.basis["calls"]
        for score in first.scores
        for part in score.contributions
        if part.criterion == "isolation"
    }
    assert calls_of == told["expected"]["boundary_edges_excluding_shared"]
    assert max(first.scores, key=lambda s: next(c.value for c in s.contributions if c.criterion == "isolation")).unit == "wiki"
    assert first.workload == told["expected"]["most_isolated"]
    assert first.prerequisites == tuple(told["expected"]["prerequisites"]["wiki"])


def test_a_hard_call_to_what_stays_keeps_the_caller(tmp_path: Path) -> None:
    hall = ready("hall", disposition="retain")
    desk = ready("desk", dependencies=[{"on": "hall", "binding": "hard"}])
    first = first_of(document(desk, hall, ready("menu")), tmp_path)
    assert first.workload == "menu"
    assert gate(first, "desk", "group").why == "tied_to_what_stays"


def test_workloads_on_one_machine_move_together(tmp_path: Path) -> None:
    one, two = ready("one"), ready("two", members=[{"name": "one-1"}])
    first = first_of(document(one, two), tmp_path)
    assert first.move_group == ("one", "two")


def test_who_leaves_the_binding_open_is_not_sure_of_the_group(tmp_path: Path) -> None:
    first = first_of(document(ready("one", dependencies=[{"on": "two"}]), ready("two"), ready("three")), tmp_path)
    assert gate(first, "one", "group").state == "unknown"
    assert first.workload == "three"


def test_one_silent_workload_may_be_tied_to_any_other(tmp_path: Path) -> None:
    first = first_of(document(ready("one"), ready("two", dependencies=None)), tmp_path)
    assert {gate(first, unit, "group").state for unit in ("one", "two")} == {"unknown"}
    assert first.status == "suggest"
    assert first.step.kind == "check"


def test_ten_machines_are_too_many_for_a_first_step(tmp_path: Path) -> None:
    farm = ready("farm", members=[{"name": f"farm-{number}"} for number in range(10)])
    first = first_of(document(farm, ready("menu")), tmp_path)
    assert gate(first, "farm", "group").why == "group_too_big"
    assert first.workload == "menu"


def test_a_workload_whose_machines_nobody_found_is_not_sure(tmp_path: Path) -> None:
    ghost, menu = ready("ghost", users=400), ready("menu", users=10)
    data = document(ghost, menu)
    found = opinion(data, tmp_path, machines(menu))
    assert found.first is not None
    assert found.first.workload == "menu"
    assert gate(found.first, "ghost", "blocker").why == "servers_unknown"


def test_a_database_that_two_share_without_saying_so_is_seen(tmp_path: Path) -> None:
    shop, report, menu = ready("shop", users=900), ready("report"), ready("menu")
    seen = calls(machines(shop, report, menu), ("report-1", "shop-1"))
    first = first_of(document(shop, report, menu), tmp_path, seen)
    assert {gate(first, unit, "group").why for unit in ("shop", "report")} == {"call_seen"}
    assert first.workload == "menu"
    isolation = next(part for part in first.scores[-1].contributions if part.criterion == "isolation")
    assert isolation.low < isolation.high
    said = ready("report", dependencies=[{"on": "shop", "binding": "soft"}])
    assert gate(first_of(document(shop, said, menu), tmp_path, seen), "report", "group").state == "pass"


def test_a_hub_that_only_the_traffic_knows_is_not_sure(tmp_path: Path) -> None:
    heart, others = ready("heart"), [ready(f"w{number}") for number in range(5)]
    pairs = [(f"w{number}-1", "heart-1") for number in range(5)]
    first = first_of(document(heart, *others), tmp_path, calls(machines(heart, *others), *pairs))
    assert gate(first, "heart", "hub").why == "callers_unknown"


@pytest.mark.parametrize("days", [29, None])
def test_what_was_watched_for_less_than_a_month_may_lack_the_end_of_the_month(tmp_path: Path, days: int | None) -> None:
    """A job that runs once a month is not seen in a fortnight: that nothing was seen proves nothing."""
    one, two = ready("one"), ready("two", criticality="high")
    enough = opinion(document(one, two), tmp_path, machines(one, two))
    short = opinion(document(one, two), tmp_path, machines(one, two, watched_days=days))
    rule = "undeclared-dependency-observed"
    assert enough.findings_summary.by_rule[rule].clear == 2
    assert short.findings_summary.by_rule[rule].unknown == 2
    sure = [found.first.robustness.evidence["measured"] for found in (enough, short) if found.first and found.first.robustness]
    assert sure[0] > sure[1]


def test_a_circle_of_hard_calls_moves_as_one(tmp_path: Path) -> None:
    circle = {"a": "b", "b": "c", "c": "a"}
    workloads = [ready(name, dependencies=[{"on": to, "binding": "hard"}]) for name, to in circle.items()]
    first = first_of(document(*workloads), tmp_path)
    assert first.move_group == ("a", "b", "c")
