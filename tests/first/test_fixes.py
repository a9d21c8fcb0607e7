"""The cheapest way in: of every unit that a gate keeps out, one thing that would open it."""

from __future__ import annotations

from pathlib import Path

from migrascope.model.first import First, Reason
from tests.first.plans import document, first_of, gate, machines, ready


def fix_of(first: First, unit: str) -> Reason | None:
    return next(entry.fix for entry in first.not_now if entry.unit == unit)


def test_the_whole_landscape_in_one_group_is_refused_with_the_cheapest_bridge(tmp_path: Path) -> None:
    hard = [{"on": "core", "binding": "hard"}]
    parts = [ready(f"part{number}", dependencies=[*hard, *([{"on": "part0", "binding": "hard"}] if number else [])])
             for number in range(10)]  # fmt: skip
    lone = ready("lone", dependencies=hard)
    first = first_of(document(ready("core"), *parts, lone), tmp_path)
    assert first.status == "none"
    assert first.step.kind == "unblock"
    unit = first.scores[0].unit
    assert gate(first, unit, "group").why == "group_too_big"
    found = fix_of(first, unit)
    assert found is not None
    assert (found.code, found.values["caller"], found.values["names"]) == ("fix_bridge", "lone", ["lone"])


def test_the_bridge_really_frees_what_it_says(tmp_path: Path) -> None:
    hard = [{"on": "core", "binding": "hard"}]
    parts = [ready(f"part{number}", dependencies=[*hard, *([{"on": "part0", "binding": "hard"}] if number else [])])
             for number in range(10)]  # fmt: skip
    freed = ready("lone", dependencies=[{"on": "core", "binding": "soft"}])
    assert first_of(document(ready("core"), *parts, freed), tmp_path).workload == "lone"


def test_everything_that_is_kept_out_has_a_way_in(tmp_path: Path) -> None:
    workloads = [
        ready("menu"),
        ready("secret", data={"class": "secret", "personal": False, "special": False, "volume_gb": 1}),
        ready("erp", category="erp"),
        ready("mission", criticality="mission"),
        ready("old", replaced_by={"what": "a service", "on": "2027-09-01"}),
        ready("late", cutover={"on": "2027-05-01", "window_hours": 8}),
        ready("large", effort_days={"low": 150, "likely": 200, "high": 250}),
        ready(
            "open", data={"class": "internal", "personal": True, "special": False, "volume_gb": 1, "dpia": {"state": "planned"}}
        ),
    ]
    first = first_of(document(*workloads), tmp_path)
    kept_out = [entry for entry in first.not_now if any(gate.state == "fail" for gate in first.gates[entry.unit])]
    assert len(kept_out) == 7
    assert all(entry.fix is not None for entry in kept_out), [entry.unit for entry in kept_out if entry.fix is None]


def test_where_nothing_keeps_it_out_there_is_nothing_to_mend(tmp_path: Path) -> None:
    one, two = ready("one"), ready("two", criticality="high")
    assert fix_of(first_of(document(one, two), tmp_path, machines(one, two)), "two") is None


def test_two_on_one_machine_are_not_offered_to_part_for_the_price_of_a_call(tmp_path: Path) -> None:
    """`tight` shares a machine with `core` and `loose` only calls it: it is the call that is bridged."""
    hard = [{"on": "core", "binding": "hard"}]
    parts = [ready(f"part{number}", dependencies=[*hard, *([{"on": "part0", "binding": "hard"}] if number else [])])
             for number in range(9)]  # fmt: skip
    core = ready("core", members=[{"name": "core-1"}, {"name": "both-1"}])
    tight, loose = ready("tight", members=[{"name": "both-1"}]), ready("loose", dependencies=hard)
    first = first_of(document(core, *parts, tight, loose), tmp_path)
    found = fix_of(first, first.scores[0].unit)
    assert found is not None
    assert (found.code, found.values["names"]) == ("fix_bridge", ["loose"])


def test_a_bridge_is_offered_only_where_what_it_frees_passes_the_same_gate(tmp_path: Path) -> None:
    """Ten databases make `lone` too large for a first step, as ten servers do."""
    hard = [{"on": "core", "binding": "hard"}]
    parts = [ready(f"part{number}", dependencies=[*hard, *([{"on": "part0", "binding": "hard"}] if number else [])])
             for number in range(10)]  # fmt: skip
    lone = ready("lone", members=[{"name": f"lone-db-{number}"} for number in range(10)], dependencies=hard)
    data = document(ready("core"), *parts, lone)
    records = machines(*data["workloads"])
    for record in records:
        if str(record.get("name", "")).startswith("lone-db-"):
            record |= {"type": "database", "attributes": {"engine": "postgres"}}
    first = first_of(data, tmp_path, records)
    found = fix_of(first, first.scores[0].unit)
    assert found is None or "lone" not in found.values.get("names", [])
