"""What single amounts come to, and that whatever is not stated opens the side on which it counts."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from migrascope.costing.upkeep import support
from migrascope.costing.value import value_of
from migrascope.model.cost import Cost
from migrascope.model.uncertain import Bounds
from tests.costing.support import BOOK, DAY, KNOWLEDGE, ONCE, SUPPORTED, asking, cost, group, priced, workload


def once(**effort: float) -> Cost:
    """One workload of which only the effort differs."""
    return cost([workload(effort_days=effort, cost_once=ONCE)], **SUPPORTED)


def test_sql_server_is_bought_for_four_cores_at_least() -> None:
    """Microsoft's product terms: no virtual machine has fewer than four core licences."""
    small, large = (priced(size=size, licence={"windows": "none", "sql": "included"}) for size in ("m5.large", "m5.xlarge"))
    assert group(small, "licences")[1] == group(large, "licences")[1] > 0
    twice = priced(size="m5.2xlarge", licence={"windows": "none", "sql": "included"})
    assert group(twice, "licences")[1] == pytest.approx(2 * group(large, "licences")[1], rel=0.01)


def test_of_what_is_protected_between_fewest_and_most_copies_are_kept() -> None:
    copies = KNOWLEDGE.assumptions.ranges["backup_copies"]
    low, high = group(cost([workload(data={"volume_gb": 1000})]).workloads[0], "backup")
    assert copies.high > copies.low
    assert high == pytest.approx(low * copies.high / copies.low, rel=0.01)


def test_a_missing_upper_estimate_of_the_effort_leaves_the_work_without_an_end() -> None:
    whole, likely, lowest = once(low=5, likely=10, high=60), once(low=5, likely=10), once(low=5)
    full = whole.whole.parts.get("one_off")
    assert full is not None
    assert full.p90 is not None
    for less in (likely, lowest):
        open_ = less.whole.parts.get("one_off")
        assert open_ is None or open_.p90 is None
        assert any("effort" in item for item in less.whole.unknown_items)
        assert open_ is None or open_.p10 is None or open_.p10 <= (full.p10 or 0)
    assert (likely.whole.parts["one_off"].p10 or 0) > 0


@pytest.mark.parametrize("lost", ["licences", "training", "hardware", "exit", "other", None])
def test_a_cost_that_the_plan_does_not_state_is_not_nothing(lost: str | None) -> None:
    effort = {"low": 5, "likely": 10, "high": 20}
    stated = {name: 0 for name in ONCE if name != lost} if lost else None
    found = cost([workload(effort_days=effort, **({"cost_once": stated} if stated else {}))], **SUPPORTED).whole
    assert found.parts["one_off"].p90 is None
    assert any("one-off cost" in item for item in found.unknown_items)
    whole = cost([workload(effort_days=effort, cost_once=ONCE)], **SUPPORTED).whole
    assert whole.parts["one_off"].p90 is not None


def test_a_wave_with_a_start_and_no_end_may_end_at_any_time() -> None:
    """It may start to cost on its first day, and no sooner; and nobody knows on which it does for sure."""
    start = DAY + dt.timedelta(days=300)
    effort = {"effort_days": {"low": 5, "likely": 10, "high": 20}, "cost_once": ONCE, "wave": "w1"}

    def run(**wave: Any) -> Any:
        found = cost([workload(**effort)], waves=[{"id": "w1", **wave}], **SUPPORTED)
        return found.whole.parts["run"]

    closed, open_ = run(start=start, end=start + dt.timedelta(days=30)), run(start=start)
    assert open_.p10 <= closed.p10
    assert open_.p90 is None or open_.p90 >= closed.p90


def test_work_that_the_plan_estimates_and_work_that_is_assumed_are_told_apart() -> None:
    said = workload(effort_days={"low": 5, "likely": 10, "high": 20})
    whole = cost([said, workload(id="other")], **SUPPORTED).whole
    assumed = KNOWLEDGE.assumptions.effort_days["rehost"].likely
    assert (whole.work_days_stated, whole.work_days) == (10, 10 + assumed)


def test_support_is_drawn_nearer_to_none_than_to_the_dearest_plan() -> None:
    """Half of the draws lie below a quarter of the range: the square of a uniform draw."""
    open_ = cost([workload(target={"size": "m5.24xlarge", "count": 20})]).total.repriced
    paid = cost([workload(target={"size": "m5.24xlarge", "count": 20})], costs={"support_plan": 0}).total.repriced
    assert open_ is not None
    assert paid is not None
    assert open_.p50 is not None
    assert paid.p50 is not None
    plan = BOOK.support("aws-business")
    assert plan is not None
    dearest = float(support(plan, Decimal(paid.p50)))
    assert 0.15 * dearest < open_.p50 - paid.p50 < 0.35 * dearest


def test_an_open_end_stays_open_in_a_sum() -> None:
    assert (Bounds(1, None) + Bounds(2, 3)).high is None


OUTCOME: dict[str, Any] = {
    "metric": "response time", "unit": "seconds", "baseline": {"value": 1, "on": "2026-11-01", "source": "log"},
    "worth_low": 5, "worth_high": 10,
}  # fmt: skip


@pytest.mark.parametrize(
    ("target", "better", "low"),
    [(10, "lower", None), (10, "higher", 45.0), (10, None, None), (0.5, "lower", 2.5)],
)
def test_an_outcome_that_gets_worse_is_worth_no_money(target: float, better: str | None, low: float | None) -> None:
    stated = OUTCOME | {"target": target} | ({"better": better} if better else {})
    found = value_of(asking([workload(outcome=stated)], currency="EUR"))
    assert found is not None
    (outcome,) = found.gains
    assert (outcome.worth.low if outcome.worth is not None else None) == low
