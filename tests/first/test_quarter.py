"""The quarter: real days, one thing at a time, and dates only where people estimated."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from migrascope.model.first import Quarter
from tests.first.plans import document, opinion, ready


def quarter(tmp_path: Path, workload: dict[str, Any], **changes: Any) -> Quarter:
    found = opinion(document(workload, **changes), tmp_path).quarter
    assert found is not None
    return found


def test_what_is_ready_moves_soaks_and_is_measured(tmp_path: Path) -> None:
    found = quarter(tmp_path, ready("app"))
    assert [step.kind for step in found.steps] == ["move", "cutover", "soak", "measure"]
    move, cutover, soak, _ = found.steps
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
