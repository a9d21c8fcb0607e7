"""Weights and sums, against published numbers."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from migrascope.first.additive import BASE, binned, contributions, order, rank_order_centroid
from tests.support import CASES


def case(name: str) -> dict[str, Any]:
    """The numbers of a case, which name their source."""
    found: dict[str, Any] = yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def test_the_pilot_table_is_a_weighted_sum() -> None:
    told = case("aws_migops_pilot_weighted_sum")
    weights = {name: criterion["factor"] for name, criterion in told["criteria"].items()}
    totals = {}
    for application, answers in told["inputs"].items():
        values = {
            name: criterion["values"][answers[name]] if "values" in criterion else binned(criterion["bins"], answers[name])
            for name, criterion in told["criteria"].items()
        }
        adds = contributions(weights, values)
        assert adds == pytest.approx(told["expected"]["contributions"][application])
        totals[application] = sum(adds.values())
    assert totals == pytest.approx(told["expected"]["totals"])
    assert max(totals, key=totals.__getitem__) == told["expected"]["first"]
    assert min(totals, key=totals.__getitem__) == told["expected"]["last"]


def test_rank_order_weights_are_those_of_the_literature() -> None:
    for count, weights in case("roc_weights")["expected"].items():
        assert rank_order_centroid(int(count)) == pytest.approx(weights, abs=5e-5)


@given(st.integers(1, 30))
def test_weights_add_up_to_one_and_fall(count: int) -> None:
    weights = rank_order_centroid(count)
    assert sum(weights) == pytest.approx(1)
    assert all(first > second > 0 for first, second in itertools.pairwise(weights))


@given(
    st.sampled_from(sorted(BASE)),
    st.lists(st.sampled_from(["value", "cost", "learning", "continuity", "security", "speed", "readiness", "deadline"])),
)
def test_goals_order_the_criteria_and_the_profile_keeps_its_first(profile: str, goals: list[Any]) -> None:
    found = order(profile, goals)
    assert sorted(found) == sorted(BASE[profile])
    assert found[0] == BASE[profile][0]


def test_the_goal_that_comes_first_weighs_most_of_what_is_named() -> None:
    assert order("trust-first", ["continuity", "learning"])[:4] == ("isolation", "consequence", "learning", "value")
    assert order("trust-first", ["deadline"])[:2] == ("isolation", "urgency")
    assert order("value-first", None) == BASE["value-first"]
