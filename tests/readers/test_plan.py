"""The plan file: every error at once, each with its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrascope.model.plan import Plan
from migrascope.model.problem import InputError
from migrascope.readers.plan import read_plan
from tests.support import ROOT, plan

BROKEN = """\
schema: 1
as_of: 2026-11-31
workloads:
  - id: web
    owner: {busines: x}
    disposition: rehots
    wave: w1
    users: -3
    wave: w2
    members: [{name: a, pattern: b}]
    dependencies: [{on: wbe}]
  - id: web
    users: many
    cost_per_month: 5
  - name: x
sites: [{id: a, ranges: [10.20.0.1/16]}]
"""


def test_all_errors_come_in_one_go_in_the_order_of_the_file() -> None:
    with pytest.raises(InputError) as caught:
        plan(BROKEN)
    lines = [(p.place.line, p.message, p.help) for p in caught.value.problems]
    assert [line for line, _, _ in lines] == [2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]
    text = str(caught.value)
    for hint in ("`business`", "`rehost`", "no wave `w1`", "at least 0", "stands here twice", "exactly one of"):
        assert hint in text
    for hint in ("no workload `wbe`", "`web`?", "two workloads", "whole number", "`id` is missing", "10.20.0.0/16"):
        assert hint in text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "this file is empty"),
        (b"# only a remark\n", "this file is empty"),
        (b"- a\n- b\n", "holds a list"),
        (b"just words", "holds a single value"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not"),
        (b"workloads: []\nshcema: 1\n", "did you mean `schema`?"),
        (b"workloads: {}\n", "expected a list"),
        (b"workloads: [1]\n", "expected a mapping"),
        (b"schema: 2\nworkloads: []\n", "schema"),
    ],
)
def test_a_plan_that_is_none_says_so_in_a_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as caught:
        read_plan(path)
    assert "plan.yaml" in str(caught.value)


def test_a_directory_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="directory"):
        read_plan(tmp_path)
    with pytest.raises(InputError, match="No such file"):
        read_plan(tmp_path / "absent.yaml")


def test_unknown_and_null_are_gaps_on_purpose_and_words_stay_words() -> None:
    file = plan("workloads: [{id: 'no', users: unknown, rto_hours: null, name: 'on'}]\norganisation: {country: 'NO'}\n")
    workload = file.plan.workloads[0]
    assert workload.users is None
    assert {"users", "rto_hours"} <= workload.model_fields_set
    assert (workload.id, workload.name, file.plan.organisation.country if file.plan.organisation else "") == (
        "no",
        "on",
        "NO",
    )


def test_an_excerpt_repeats_no_secret() -> None:
    text = "workloads:\n  - {id: a, name: 'db password=hunter2 AKIAABCDEFGHIJKLMNOP https://u:pw@host'}\n"
    place = plan(text).at(("workloads", 0, "name"))
    assert place is not None
    assert place.excerpt is not None
    for secret in ("hunter2", "AKIAABCDEFGHIJKLMNOP", "u:pw"):
        assert secret not in place.excerpt


def test_the_canonical_plan_of_the_reference_is_accepted() -> None:
    reference = ROOT.parent / "shared" / "reference" / "plan.md"
    if not reference.exists():
        pytest.skip("the reference is not on this machine")
    text = reference.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    file = plan(text)
    assert isinstance(file.plan, Plan)
    assert [workload.id for workload in file.plan.workloads] == ["web-forms", "erp", "active-directory"]


def test_a_day_is_called_date_and_a_callee_to_and_errors_point_at_the_line() -> None:
    file = plan(
        "workloads:\n  - id: web\n    cutover: {date: 2027-03-01}\n    dependencies:\n      - to: db\n  - id: db\n"
        "rates: [{from: USD, to: EUR, rate: 0.92, date: 2026-11-01}]\n"
    )
    web = file.plan.workloads[0]
    assert web.cutover is not None
    assert str(web.cutover.on) == "2027-03-01"
    assert web.dependencies is not None
    assert [call.on for call in web.dependencies] == ["db"]
    place = file.at(("workloads", 0, "dependencies", 0, "on"))
    assert place is not None
    assert place.line == 5
    with pytest.raises(InputError, match=r"no workload `dbb`") as caught:
        plan("workloads:\n  - id: web\n    dependencies:\n      - to: dbb\n")
    assert caught.value.problems[0].place.line == 4


@pytest.mark.parametrize(("country", "guess"), [("nl", "`NL`"), ("NETH", ""), ("XX", "")])
def test_a_country_without_known_holidays_is_refused_and_not_taken_for_one_without_any(country: str, guess: str) -> None:
    with pytest.raises(InputError, match=rf"`{country}` is no ISO 3166 code.*{guess}") as caught:
        plan(f"workloads: []\ncapacity:\n  holidays: {country}\n")
    assert caught.value.problems[0].place.line == 3
    known = plan("workloads: []\ncapacity: {holidays: NL}\n").plan.capacity
    assert known is not None
    assert known.holidays == "NL"
