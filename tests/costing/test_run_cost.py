"""What running a workload costs: laws that every line keeps, and claims that nobody can buy for."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.costing.run_cost import HOURS, RunCost, run_cost
from migrascope.model.plan import WorkloadTarget
from migrascope.readers.prices import read_prices
from tests.cli.test_commands import run

BOOK = read_prices()[0]
NONE: dict[str, Any] = {"licence": {"windows": "none", "sql": "none"}}
BARE: dict[str, Any] = {"commitment": {"years": 1, "coverage_percent": 0}, **NONE}


def priced(provider: str = "aws", region: str = "us-east-1", **target: Any) -> RunCost:
    return run_cost(WorkloadTarget.model_validate({"size": "m5.large", "count": 1} | target), provider, region, BOOK)


def only(cost: RunCost) -> tuple[Decimal, Decimal]:
    (line,) = cost.lines
    return line.low, line.high


def test_a_machine_without_licences_and_commitment_costs_its_hours() -> None:
    assert only(priced(**BARE)) == (HOURS * Decimal("0.096"),) * 2


@given(st.integers(1, 500), st.integers(2, 9))
def test_so_many_times_the_machines_cost_so_many_times_as_much(count: int, times: int) -> None:
    one, many = only(priced(count=count)), only(priced(count=count * times))
    assert many == (one[0] * times, one[1] * times)


@given(st.sampled_from([1, 3]), st.integers(0, 100), st.sampled_from(["included", "none"]))
def test_a_commitment_takes_nothing_off_a_licence(years: int, covered: int, windows: str) -> None:
    """A reservation on Windows less the same on Linux is the uplift."""
    said = {"years": years, "coverage_percent": covered}
    with_windows = only(priced(commitment=said, licence={"windows": "included", "sql": "none"}))
    without = only(priced(commitment=said, licence={"windows": windows, "sql": "none"}))
    uplift = HOURS * 2 * BOOK.licence("windows") if windows == "none" else Decimal()
    assert with_windows == (without[0] + uplift, without[1] + uplift)


@given(st.integers(1, 100))
def test_three_years_cost_no_more_than_one_and_one_no_more_than_none(covered: int) -> None:
    said = [{"years": years, "coverage_percent": part} for years, part in ((1, 0), (1, covered), (3, covered))]
    none, one, three = (only(priced(**NONE, commitment=each)) for each in said)
    assert three[0] < one[0] < none[0]
    assert three[1] < one[1] < none[1]


KEYS = st.sets(st.sampled_from(["commitment", "licence", "count", "disk_gb"]))


@given(KEYS)
def test_what_the_plan_leaves_out_never_makes_the_sum_narrower(left_out: set[str]) -> None:
    whole: dict[str, Any] = {"commitment": {"years": 3, "coverage_percent": 50}, "count": 1, "disk_gb": 100, **NONE}
    said = {key: value for key, value in whole.items() if key not in left_out}
    full, less = priced(**whole), priced(**said)
    assert less.low <= full.low
    assert less.high is None or (full.high is not None and less.high >= full.high)
    assert set(full.unpriced) <= set(less.unpriced)


def test_a_sum_is_the_sum_of_its_lines_and_has_no_bound_while_something_has_no_price() -> None:
    cost = priced(disk_gb=100)
    assert [line.item for line in cost.lines] == ["m5.large", "aws-gp3"]
    assert cost.low == sum(line.low for line in cost.lines)
    assert cost.lines[1].low == 8
    assert cost.unpriced == ("traffic out", "backup", "monitoring", "support")
    assert cost.high is None


@pytest.mark.parametrize(
    ("target", "lacking"),
    [({"size": "x99.huge"}, "machines"), ({"size": None}, "machines"), ({"disk_gb": None}, "disk"), ({"disk_gb": 5}, "disk")],
)
def test_what_has_no_price_is_named_and_never_nothing(target: dict[str, Any], lacking: str) -> None:
    assert lacking in priced(region="eu-west-1", **target).unpriced


PLAN = """schema: 1
as_of: 2026-11-23
currency: EUR
{rates}
targets: [{{id: far, provider: aws, region: us-east-1}}]
workloads:
  - id: shop
    target: {{at: far, size: {size}, count: 10, commitment: {{years: 1, coverage_percent: 0}},
             licence: {{windows: included, sql: none}}}}
    cost_per_month: {{now: 9000, planned: {planned}}}
"""


@pytest.mark.parametrize(
    ("planned", "size", "rates", "outcome"),
    [
        # ten machines cost 10 x 730 x (0.096 + 2 x 0.046) = 1,372 USD, or 1,263 EUR
        ("1200", "m5.large", "rates: [{from: USD, to: EUR, rate: 0.92, on: 2026-11-20}]", "finding"),
        ("1300", "m5.large", "rates: [{from: USD, to: EUR, rate: 0.92, on: 2026-11-20}]", "unknown"),
        ("1200", "m5.large", "", "unknown"),  # no rate: what is dear in USD may be cheap in EUR
        ("1", "x99.huge", "rates: [{from: USD, to: EUR, rate: 0.92, on: 2026-11-20}]", "unknown"),
    ],
)
def test_a_claim_for_which_nobody_can_buy_is_found_and_what_has_no_price_stays_unknown(
    tmp_path: Path, planned: str, size: str, rates: str, outcome: str
) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN.format(planned=planned, size=size, rates=rates), encoding="utf-8")
    ran = run("review", "plan.yaml", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    found = "[claimed-cost-outside-range]" in ran.stdout
    assert found == (outcome == "finding"), ran.stdout
    if found:
        assert "1263" in ran.stdout.replace(".", "").replace(",", "")
