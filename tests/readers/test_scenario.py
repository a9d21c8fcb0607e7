"""What if: a key finds its field, a value is checked like the plan's own, and each error names what was typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from migrascope.model.problem import InputError
from migrascope.readers.overlay import OverlaidPlan
from migrascope.readers.scenario import from_file, from_words, supposing
from tests.first.plans import document, ready
from tests.support import plan


def supposed(*pairs: str, **changes: Any) -> OverlaidPlan:
    data = document(ready("wiki"), ready("v2.wiki"), sites=[{"id": "hall"}], **changes)
    return supposing(plan(json.dumps(data)), from_words(pairs))


def test_a_key_is_a_path_of_names_ids_and_numbers() -> None:
    found = supposed("capacity.fte=3.5", "profile=value-first", "sites.hall.notice_by=2027-02-01", "workloads.2.users=7").plan
    assert found.capacity is not None
    assert found.capacity.fte == 3.5
    assert found.profile == "value-first"
    assert found.sites is not None
    assert str(found.sites[0].notice_by) == "2027-02-01"
    assert found.workloads[1].users == 7


def test_a_workload_is_found_by_its_id_and_an_id_may_hold_dots() -> None:
    found = supposed("wiki.criticality=high", "v2.wiki.criticality=mission", "wiki.data.volume_gb=5").plan
    assert [workload.criticality for workload in found.workloads] == ["high", "mission"]
    data = found.workloads[0].data
    assert data is not None
    assert data.volume_gb == 5
    assert data.personal is False


def test_what_is_supposed_is_shown_as_that() -> None:
    found = supposed("wiki.users=7")
    place = found.at(("workloads", 0, "users"))
    assert place is not None
    assert (place.file, place.excerpt) == ("--what-if", "wiki.users=7")
    assert str(found.at(("workloads", 1, "users"))) != str(place)


def test_nothing_can_be_supposed_to_be_unknown_by_accident() -> None:
    assert supposed("wiki.users=unknown").plan.workloads[0].users is None


@pytest.mark.parametrize(
    ("pair", "said"),
    [
        ("wiki.users", "sets nothing"),
        ("=3", "sets nothing"),
        ("wikki.users=3", "did you mean `wiki`"),
        ("capacity.ftee=3", "did you mean `fte`"),
        ("wiki.users=many", "expected a whole number"),
        ("wiki.wave=gold", "there is no wave `gold`"),
        ("sites.hal.notice_by=2027-01-01", "did you mean `hall`"),
        ("workloads.9.users=1", "counted from 1"),
        ("wiki.users=[", "--what-if"),
    ],
)
def test_what_does_not_fit_is_told_with_what_was_typed(pair: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        supposed(pair)
    assert said in str(caught.value)
    assert "--what-if" in str(caught.value)


def test_one_key_twice_is_an_error() -> None:
    with pytest.raises(InputError, match="set twice"):
        supposed("wiki.users=1", "wiki.users=2")


def test_a_file_holds_a_scenario_with_a_name_and_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "more.yaml"
    path.write_text("schema: 1\nname: more people\nset:\n  capacity.fte: 4\n  wiki.userz: 5\n", encoding="utf-8")
    scenario = from_file(path)
    assert scenario.name == "more people"
    with pytest.raises(InputError) as caught:
        supposing(plan(json.dumps(document(ready("wiki")))), scenario)
    assert "more.yaml:5" in str(caught.value)
    assert "userz" in str(caught.value)
