"""The law of `losses`, on a sample of what five estates can lose; `make losses` tries all of it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from migrascope.model.problem import InputError
from tests.law import estates
from tests.law.losses import Estate, Loss, Said, broken, columns, decides, inventory_losses, plan_losses, said
from tests.support import example_plan, example_records, fewer_futures

__all__ = ["fewer_futures"]
pytestmark = pytest.mark.usefixtures("fewer_futures")

SAMPLE = 45
SEED = dt.date.today().toordinal()  # noqa: DTZ011 (another sample each day; a failure names the seed)
MOST_REFUSED = 0.05

ESTATES = {
    "web-shop": lambda: Estate.of("web-shop", example_plan("web-shop"), example_records("web-shop")),
    "municipality": lambda: Estate.of("municipality", example_plan("municipality"), example_records("municipality")),
    "sparse": lambda: Estate.of("sparse", example_plan("sparse"), None),
    "complete": lambda: Estate("complete", estates.complete(), estates.data_centre()),
    "leaving": lambda: Estate("leaving", estates.leaving(), estates.account()),
}


def losses(estate: Estate) -> list[tuple[Loss, ...]]:
    """Everything that an estate can lose: fact by fact, and column by column."""
    single = [(loss,) for loss in (*plan_losses(estate.plan), *inventory_losses(estate.records))]
    return [*single, *columns(estate.records)]


def pairs(estate: Estate, number: int, draw: random.Random) -> Iterator[tuple[Loss, ...]]:
    """Two losses at once, neither inside the other."""
    single = [each for each in losses(estate) if len(each) == 1]
    while number and len(single) > 1:
        (one,), (other,) = draw.sample(single, 2)
        same = one.part == other.part
        length = min(len(one.path), len(other.path))
        if same and one.path[:length] == other.path[:length]:
            continue
        if one.part == other.part == "inventory" and one.path[0] == other.path[0]:
            continue
        number -= 1
        yield one, other


def test_two_estates_of_our_own_leave_nothing_open(tmp_path: Path) -> None:
    """Else the law would ask little of them: an open bound cannot fall."""
    for name in ("complete", "leaving"):
        cost = ESTATES[name]().assessed(tmp_path).cost
        assert cost is not None
        assert cost.total.unknown_items == ()
        assert cost.whole.moving is not None
        assert cost.whole.moving.p90 is not None
        assert all(workload.repriced and workload.repriced.p90 for workload in cost.workloads)


@pytest.mark.parametrize("name", ESTATES)
def test_a_fact_that_goes_missing_makes_nothing_cheaper_sooner_surer_or_cleaner(name: str, tmp_path: Path) -> None:
    estate, draw = ESTATES[name](), random.Random(f"{SEED} {name}")  # noqa: S311
    before = said(estate.assessed(tmp_path))
    everything = losses(estate)
    sample = draw.sample(everything, min(SAMPLE // (3 if name == "municipality" else 1), len(everything)))
    sample += list(pairs(estate, SAMPLE // 6, draw))
    refused, violations = 0, []
    for lost in sample:
        try:
            after = said(estate.less(*lost).assessed(tmp_path))
        except InputError:
            refused += 1
            continue
        what = " and ".join(map(str, lost[:2]))
        violations += [f"{what}: {how}" for how in broken(before, after, decided=decides(lost))]
    assert not violations, f"seed {SEED}:\n" + "\n".join(violations)
    assert refused <= max(1, MOST_REFUSED * len(sample))


def test_the_harness_notices_what_the_law_forbids() -> None:
    unit = frozenset({"a"})
    before = replace(
        Said(), ranges={"a repriced": (10.0, 20.0)}, gates={unit: {"group": "unknown"}}, p_low={unit: 0.2},
        dates={"a p80": dt.date(2027, 2, 1)}, not_clear=frozenset({("rule", "a")}), complete={"rule": True},
    )  # fmt: skip
    assert not list(broken(before, before))
    worse = {
        "lower bound": replace(before, ranges={"a repriced": (11.0, 20.0)}),
        "upper bound": replace(before, ranges={"a repriced": (10.0, 19.0)}),
        "to pass": replace(before, gates={unit: {"group": "pass"}}),
        "p_low": replace(before, p_low={unit: 0.3}),
        "moved from": replace(before, dates={"a p80": dt.date(2027, 1, 31)}),
        "turned clear": replace(before, not_clear=frozenset()),
        "became recommended": replace(before, recommended="a"),
    }
    for word, after in worse.items():
        assert any(word in how for how in broken(before, after)), word
