"""The quarter: real days, one thing at a time, and dates only where people estimated."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from migrascope.model.first import Quarter
from tests.first.plans import document, gate, opinion, ready


def quarter(tmp_path: Path, workload: dict[str, Any], **changes: Any) -> Quarter:
    found = opinion(document(workload, **changes), tmp_path).quarter
    assert found is not None
    return found


def test_what_is_ready_moves_soaks_and_is_measured(tmp_path: Path) -> None:
    found = quarter(tmp_path, ready("app"))
    assert [step.kind for step in found.steps] == ["move", "rehearsal", "cutover", "soak", "measure"]
    move, rehearsal, cutover, soak, _ = found.steps
    assert rehearsal.start == "2027-02-06"
    assert cutover.who == "platform team"
    assert move.start == "2027-01-01"
    assert cutover.start == "2027-02-20"
    days = (dt.date.fromisoformat(soak.end) - dt.date.fromisoformat(soak.start)).days
    assert days >= 14
    assert found.fits is True
    assert found.futures is not None
    assert found.futures.done_by["p50"] <= found.futures.done_by["p80"] <= found.futures.done_by["p90"]
    assert found.stop_on is not None
    assert cutover.start <= found.stop_on <= found.end


def test_repairs_come_before_the_move_with_their_work_and_their_wait(tmp_path: Path) -> None:
    found = quarter(tmp_path, {key: value for key, value in ready("app").items() if key not in ("outcome", "rehearsal")})
    repairs = [step for step in found.steps if step.kind == "repair"]
    assert {step.what.code for step in repairs} == {"repair_outcome_missing", "repair_rehearsal_missing"}
    move = next(step for step in found.steps if step.kind == "move")
    assert all(step.end <= move.start for step in repairs)
    assert all(step.ask for step in found.steps)


def test_no_date_in_simulated_futures_without_three_estimates(tmp_path: Path) -> None:
    found = quarter(tmp_path, ready("app", effort_days={"high": 8}))
    assert found.futures is None
    assert found.steps[0].days == 8


def test_freezes_and_holidays_move_the_days(tmp_path: Path) -> None:
    free = quarter(tmp_path, ready("app", cutover=None))
    freeze = [{"from": "2027-01-01", "to": "2027-01-31", "reason": "year end"}]
    closed = quarter(
        tmp_path, ready("app", cutover=None), capacity={"fte": 2, "reserve_percent": 20, "holidays": "NL", "freezes": freeze}
    )
    assert closed.steps[0].end > free.steps[0].end
    assert closed.steps[0].end > "2027-01-31"


def test_nobody_says_how_many_people_there_are(tmp_path: Path) -> None:
    assert opinion(document(ready("app"), capacity={}), tmp_path).quarter is None


def test_what_follows_fills_at_most_four_quarters_and_never_over_capacity(tmp_path: Path) -> None:
    workloads = [ready(f"w{number}", cutover=None, effort_days={"low": 10, "likely": 20, "high": 30}) for number in range(30)]
    first = opinion(document(*workloads), tmp_path)
    assert first.quarter is not None
    assert first.first is not None
    after = first.quarter.following
    assert after is not None
    assert [load.quarter for load in after.quarters] == ["2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4"]
    assert all(load.planned_days <= load.capacity_days for load in after.quarters)
    assert after.quarters[0].units[0].unit == first.first.workload
    placed = [unit.unit for load in after.quarters for unit in load.units]
    assert len(placed) == len(set(placed)) == after.considered - after.unplaced <= after.at_most


def test_what_is_only_too_large_shows_the_part_that_fits(tmp_path: Path) -> None:
    found = opinion(document(ready("big", effort_days={"low": 150, "likely": 200, "high": 250})), tmp_path)
    assert found.first is not None
    assert found.first.status == "none"
    assert found.quarter is not None
    assert found.quarter.unit == "big"
    assert found.quarter.fits is False
    assert 0 < (found.quarter.held_days or 0) < 200
    assert found.quarter.following is None


def test_no_people_is_a_gate_that_fails(tmp_path: Path) -> None:
    nobody = {"fte": 0, "reserve_percent": 20, "holidays": "NL", "freezes": []}
    found = opinion(document(ready("app"), capacity=nobody), tmp_path)
    assert found.first is not None
    assert gate(found.first, "app", "capacity").state == "fail"
    assert found.first.status == "none"


def test_work_of_years_has_its_true_dates_and_each_its_own(tmp_path: Path) -> None:
    """1,500 days of work for one person are six years and more, and P50, P80 and P90 are no single day."""
    years = ready("app", effort_days={"low": 1000, "likely": 1500, "high": 2500}, cutover=None)
    one = {"fte": 1, "reserve_percent": 0, "holidays": "NL", "freezes": []}
    found = quarter(tmp_path, years, capacity=one)
    assert found.futures is not None
    done = found.futures.done_by
    assert done["p50"] < done["p80"] < done["p90"]
    assert "2032-06-01" < done["p50"] < "2036-01-01"
    assert done["p90"] > "2036-01-01"
