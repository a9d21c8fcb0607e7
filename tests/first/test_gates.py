"""The gates with the numbers at which they turn."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from migrascope.first import robustness
from tests.first.plans import document, first_of, gate, machines, opinion, ready
from tests.first.test_robustness import strong, weak


@pytest.mark.parametrize(("callers", "state"), [(4, "pass"), (5, "fail")])
def test_five_that_cannot_run_without_it_are_too_many_also_where_they_move_along(
    tmp_path: Path, callers: int, state: str
) -> None:
    """Hard callers join the unit of what they call: they still make it a hub."""
    calling = [{"on": "heart", "binding": "hard"}]
    others = [ready(f"w{number}", dependencies=calling) for number in range(callers)]
    first = first_of(document(ready("heart"), *others, ready("menu")), tmp_path)
    (unit,) = [name for name in first.gates if "heart" in name]
    hub = gate(first, unit, "hub")
    assert hub.state == state
    assert hub.values.get("callers") == (5 if state == "fail" else None)


def test_what_has_to_be_repaired_first_counts_in_the_work(tmp_path: Path) -> None:
    """Without a rehearsal of the rollback, and with no outcome, the days of work are more than those of the move itself."""
    few = {"fte": 0.25, "reserve_percent": 0, "holidays": "NL", "freezes": []}
    sound, bare = ready("sound"), ready("bare", rollback=None, outcome=None, test=None)
    first = first_of(document(sound, bare, capacity=few), tmp_path)
    repairs = [each for each in first.gates["bare"] if each.state == "repair"]
    assert sum(each.days for each in repairs) > 0
    own, more = (gate(first, unit, "capacity").values["days"] for unit in ("sound", "bare"))
    assert more == pytest.approx(own + sum(each.days for each in repairs))


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ({"special": True}, "data_special"),
        ({"class": "secret"}, "data_special"),
        ({"personal": True, "special": None, "dpia": {"state": "done", "on": "2026-10-01"}}, "special_unknown"),
        ({"personal": True, "dpia": {"state": "planned"}}, "dpia_open"),
        ({"personal": True}, "dpia_unknown"),
        ({"personal": None}, "data_unknown"),
        ({"class": None}, "class_unknown"),
    ],
)
def test_data_of_which_the_kind_is_not_known_passes_no_gate(tmp_path: Path, data: dict[str, object], why: str) -> None:
    whole = {"class": "internal", "personal": False, "special": False, "volume_gb": 10} | data
    held = {name: value for name, value in whole.items() if value is not None}
    first = first_of(document(ready("one", data=held), ready("two")), tmp_path)
    assert gate(first, "one", "regulated_data").why == why
    assert gate(first, "one", "regulated_data").state != "pass"


def test_a_quarter_of_the_work_is_kept_as_a_buffer(tmp_path: Path) -> None:
    """One person of whom half is there for it: the work takes twice as many days, and a quarter more."""
    half = {"fte": 0.5, "reserve_percent": 0, "holidays": "NL", "freezes": []}
    effort = {"low": 22, "likely": 22, "high": 22}
    first = first_of(document(ready("long", effort_days=effort), ready("menu"), capacity=half), tmp_path)
    found = gate(first, "long", "quarter")
    repairs = sum(each.days for each in first.gates["long"] if each.state == "repair")
    assert found.values["needed"] == math.ceil((22 + repairs) / 0.5 * 1.25)


@pytest.mark.parametrize(("p_low", "status"), [(0.79, "suggest"), (0.82, "recommend")])
def test_a_recommendation_stands_in_eight_of_ten_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, p_low: float, status: str
) -> None:
    drawn = robustness._drawn

    def fixed(compared, winner, seed):  # type: ignore[no-untyped-def]
        standings, never, regret = drawn(compared, winner, seed)
        own = {"p_low": p_low, "p_first": p_low}
        return (tuple(s.model_copy(update=own) if s.unit == winner.unit.id else s for s in standings), never, regret)

    monkeypatch.setattr(robustness, "_drawn", fixed)
    plain = ready("plain", users=5, rto_hours=2)
    assert first_of(document(strong(), weak(), plain), tmp_path).status == status


def power(records: list[dict[str, object]], **states: str | None) -> list[dict[str, object]]:
    """The same inventory with other power states by machine; None where it was not read."""
    for record in records:
        name = str(record.get("name", "")).replace("-", "_")
        if name in states:
            attributes = dict(record["attributes"])  # type: ignore[call-overload]
            attributes.pop("power")
            record["attributes"] = attributes | ({} if states[name] is None else {"power": states[name]})
    return records


def test_one_unknown_power_state_beside_one_that_is_off_says_nothing_runs_for_sure(tmp_path: Path) -> None:
    fax = ready("fax", members=[{"name": "fax-1"}, {"name": "fax-2"}])
    data = document(fax, ready("menu", criticality="high"))
    off = first_of(data, tmp_path, power(machines(*data["workloads"]), fax_1="off", fax_2="off"))
    unread = first_of(data, tmp_path, power(machines(*data["workloads"]), fax_1="off", fax_2=None))
    on = first_of(data, tmp_path, power(machines(*data["workloads"]), fax_1="off", fax_2="on"))
    found = [gate(first, "fax", "remaining_life") for first in (off, unread, on)]
    assert [(each.state, each.why) for each in found] == [
        ("fail", "switched_off"), ("unknown", "power_unknown"), ("pass", "ok"),
    ]  # fmt: skip
    assert (unread.workload, unread.status) != ("fax", "recommend")


def test_a_missing_category_of_a_rival_makes_nobody_recommended(tmp_path: Path) -> None:
    """`afas-1` may be an ERP system: a guess keeps it among those that are compared."""
    own, rival = ready("menu", users=300), ready("pay", members=[{"name": "afas-1"}], users=350)
    told = opinion(document(own, rival), tmp_path).first
    guessed = opinion(document(own, ready("pay", members=[{"name": "afas-1"}], users=350, category=None)), tmp_path).first
    assert told is not None
    assert guessed is not None
    assert told.robustness is not None
    assert guessed.robustness is not None
    assert gate(guessed, "pay", "avoid_list").why == "name_on_avoid_list"
    assert guessed.robustness.candidates == told.robustness.candidates
    of = {each.unit: each.p_low for each in guessed.robustness.standings}
    before = {each.unit: each.p_low for each in told.robustness.standings}
    assert of["menu"] <= before["menu"]


@pytest.mark.parametrize("successor", [None, "unknown"])
def test_a_successor_that_is_unknown_is_not_no_successor(tmp_path: Path, successor: str | None) -> None:
    one = ready("one")
    if successor:
        one["replaced_by"] = successor
    found = gate(first_of(document(one, ready("two")), tmp_path), "one", "remaining_life")
    assert found.state == ("unknown" if successor else "pass")
