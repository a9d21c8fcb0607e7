"""Shares of draws, against published numbers and against laws that need no number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrascope.first.sampling import draws, never_behind, rank_acceptabilities, regrets, shares, vertices, weights
from migrascope.first.value_of_information import expected_gain
from tests.first.test_additive import case

unit = st.floats(0, 1, allow_nan=False)
matrices = st.integers(2, 5).flatmap(
    lambda units: st.lists(st.lists(st.tuples(unit, unit), min_size=3, max_size=3), min_size=units, max_size=units)
)


def bounds(drawn: list[list[tuple[float, float]]]) -> tuple[Any, Any]:
    pairs = np.sort(np.array(drawn), axis=2)
    return pairs[:, :, 0], pairs[:, :, 1]


def test_two_alternatives_of_which_the_shares_are_known_exactly() -> None:
    told = case("smaa2_exact_2alt_3crit")
    found = weights(3, 200_000, draws(1), ordered=False)
    values = found @ np.array(told["inputs"]["matrix"], dtype=float).T
    acceptabilities = rank_acceptabilities(values)
    assert acceptabilities[:, 0] == pytest.approx(told["expected"]["b1"], abs=0.005)
    assert acceptabilities.sum(axis=1) == pytest.approx(1)
    first = values.argmax(axis=1)
    for number, centre in enumerate(told["expected"]["central_weights"]):
        assert found[first == number].mean(axis=0) == pytest.approx(centre, abs=0.005)


def test_the_antidepressants_of_the_reference_implementation() -> None:
    told = case("smaa2_antidepressants_jsmaa")
    random, samples, columns = draws(1), 100_000, []
    for criterion in told["inputs"]["criteria"].values():
        means, deviations = np.array(criterion["v"], dtype=float).T
        low, high = (means - 1.96 * deviations).min(), (means + 1.96 * deviations).max()
        drawn = random.normal(means, deviations, size=(samples, len(means)))
        if criterion["dist"].startswith("lognormal"):
            low, high, drawn = np.exp(low), np.exp(high), np.exp(drawn)
        worth = (drawn - low) / (high - low)
        columns.append(1 - worth if criterion["dir"] == "min" else worth)
    values = np.einsum("sc,cso->so", weights(len(columns), samples, random, ordered=False), np.array(columns))
    expected = np.array(list(told["expected"]["rank_acceptability"].values()))
    assert rank_acceptabilities(values) == pytest.approx(expected, abs=told["expected"]["tolerance"])


def test_the_corners_of_ordered_weights() -> None:
    told = case("ordinal_weight_vertices")
    pair = np.array([told["inputs"]["A"], told["inputs"]["B"]])
    assert vertices(3) @ (pair[0] - pair[1]) == pytest.approx(told["expected"]["diff_A_minus_B_at_vertices"], abs=1e-5)
    assert not never_behind(pair, pair, 0)
    assert not never_behind(pair, pair, 1)


@settings(max_examples=60)
@given(matrices)
def test_who_is_never_behind_is_behind_in_no_draw(drawn: list[list[tuple[float, float]]]) -> None:
    low, high = bounds(drawn)
    found = weights(3, 300, draws(2))
    for number in range(len(low)):
        worst = found @ (low[number] - np.delete(high, number, axis=0)).T
        if never_behind(low, high, number):
            assert worst.min() >= -1e-9
        assert regrets(low, high)[number] >= max(0.0, -worst.min()) - 1e-9


@settings(max_examples=100)
@given(matrices, st.integers(0, 4), st.integers(0, 2))
def test_a_value_that_goes_missing_only_widens(drawn: list[list[tuple[float, float]]], row: int, column: int) -> None:
    low, high = bounds(drawn)
    wider_low, wider_high = low.copy(), high.copy()
    wider_low[row % len(low), column], wider_high[row % len(low), column] = 0.0, 1.0
    found = weights(3, 400, draws(3))
    before, after = shares(found, low, high, draws(4)), shares(found, wider_low, wider_high, draws(4))
    assert (after.low <= before.low).all()
    assert (after.high >= before.high).all()
    for each in (before, after):
        assert each.first.sum() == pytest.approx(1)
        assert (each.low <= each.first + 1e-9).all()
        assert (each.first <= each.high + 1e-9).all()


def test_weights_fall_and_add_up() -> None:
    found = weights(8, 5_000, draws(5))
    assert found.sum(axis=1) == pytest.approx(1)
    assert (np.diff(found, axis=1) <= 0).all()
    # Evenly on the ordered simplex: the mean is the rank order centroid.
    assert found.mean(axis=0)[0] == pytest.approx(sum(1 / k for k in range(1, 9)) / 8, abs=0.01)


@settings(max_examples=60)
@given(unit, unit, unit)
def test_what_an_answer_is_worth(first: float, second: float, rival: float) -> None:
    low, high = min(first, second), max(first, second)
    values = np.linspace(low, high, 20_001)
    learnt = np.maximum(values, rival).mean() - max(values.mean(), rival)
    assert expected_gain(low, high, rival) == pytest.approx(learnt, abs=1e-4)


def test_a_tie_shares_the_draws_and_proves_nothing() -> None:
    same = np.array([[0.5, 0.5], [0.5, 0.5]])
    found = shares(weights(2, 1_000, draws(6)), same, same, draws(6))
    assert found.first == pytest.approx([0.5, 0.5])
    assert found.low.max() == 0
    assert found.high.min() == 1
