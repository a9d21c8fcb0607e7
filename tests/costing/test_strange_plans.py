"""Plans, cards and assumptions that nobody should write: told in a line, or priced with what is not known beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import run
from tests.costing.support import BOOK, ONCE, SUPPORTED, cost, group, priced, workload

DATES: dict[str, Any] = {"replication_starts": "2027-01-01", "decommission_on": "2027-06-15"}


@pytest.mark.parametrize(
    ("target", "named"),
    [
        ({"size": "t3.medium", "licence": {"windows": "included"}}, "Windows on t3.medium: burstable sizes have an uplift"),
        ({"size": "m6g.large", "licence": {"windows": "included"}}, "Windows on m6g.large: Windows does not run on it"),
        ({"licence": {"oracle": "included"}}, "Oracle: no price of its licence is known"),
        ({"size": "aws-gp3"}, "aws-gp3: no size of a machine of aws"),
        ({"size": "Standard_D2s_v5"}, "Standard_D2s_v5: no price is known in the region us-east-1"),
        ({"count": 0}, "m5.large: the plan says that there are none of it"),
    ],
)
def test_what_is_bought_and_has_no_price_leaves_no_upper_bound(target: dict[str, Any], named: str) -> None:
    found = priced(**target)
    assert any(named in item for item in found.unknown_items), found.unknown_items
    assert found.repriced is None or found.repriced.p90 is None


def test_names_are_found_however_they_are_spelt() -> None:
    usual = group(priced(), "machines")
    assert group(priced(size="M5.LARGE", region="US-East-1", provider="AWS"), "machines") == usual
    azure = {"provider": "azure", "region": "westeurope", "size": "Standard_D2s_v5"}
    assert group(priced(**(azure | {"region": "West Europe", "size": "d2s_v5"})), "machines") == group(
        priced(**azure), "machines"
    )


def test_windows_costs_the_same_wherever_it_is_asked() -> None:
    for sku, region in (("m5.large", "us-east-1"), ("Standard_E8-2s_v5", "eastus")):
        windows, linux = (BOOK.price(sku, region, os).amount for os in ("windows", "linux"))
        assert windows is not None
        assert linux is not None
        assert BOOK.windows_uplift(sku, region) == windows - linux
    found = priced(provider="azure", region="eastus", size="Standard_E8-2s_v5", licence={"windows": "included", "sql": "none"})
    assert group(found, "licences")[1] == pytest.approx(730 * 8 * 0.046, abs=0.01)


def test_what_today_costs_and_nobody_says_leaves_moving_without_a_bound() -> None:
    known = {**DATES, "cost_once": ONCE, "effort_days": {"low": 5, "likely": 10, "high": 20}}
    silent = cost([workload(**known)], **SUPPORTED).whole
    said = cost([workload(cost_per_month={"now": 1000, "planned": 200}, **known)], **SUPPORTED).whole
    assert silent.moving is not None
    assert silent.moving.p90 is None
    assert any("what it costs today, until it stops" in item for item in silent.unknown_items)
    assert said.moving is not None
    assert said.moving.p90 is not None


def test_a_claim_is_that_of_the_workloads_it_is_compared_with() -> None:
    """The plan's own totals are of all its workloads, also of those that stay; they are told apart."""
    two = [workload(cost_per_month={"now": 90, "planned": 70}), {"id": "base", "disposition": "retain"}]
    found = cost(two, costs={"as_is_per_month": 900, "to_be_per_month": 500})
    assert found.total.claimed is not None
    assert found.total.claimed.p50 == 70
    assert any("900 a month today, 500 afterwards" in note for note in found.notes)


def test_one_estimate_of_the_work_is_better_than_none_and_ends_are_not_tenths() -> None:
    def once(**effort: Any) -> Any:
        return cost([workload(effort_days=effort, cost_once=ONCE, **DATES)], costs={"day_rate": 100}).whole.parts["one_off"]

    assert once(likely=200).p50 == pytest.approx(200 * 100 * 1.07, rel=0.05)
    tenths, ends = once(low=5, likely=10, high=20), once(low=5, likely=10, high=20, bounds="absolute")
    assert tenths.p90 - tenths.p10 > ends.p90 - ends.p10


def test_a_rate_that_nobody_can_know_yet_is_not_used() -> None:
    rates = [
        {"from": "USD", "to": "EUR", "rate": 0.5, "on": "2026-11-01"},
        {"from": "USD", "to": "EUR", "rate": 5, "on": "2036-01-01"},
    ]
    assert cost([workload()], currency="EUR", rates=rates).rate == 0.5


def test_another_workload_in_the_plan_moves_no_amount_of_this_one() -> None:
    one, other = workload(target={"commitment": None}), workload(id="other", target={"size": "m5.4xlarge"})
    alone, first, last = (cost(each).workloads for each in ([one], [one, other], [other, one]))
    assert alone[0].repriced == first[0].repriced == last[1].repriced


def test_a_late_move_does_not_make_a_lease_longer() -> None:
    sites = [{"id": "hall", "lease_ends": "2028-11-30"}]
    found = cost([workload(cost_per_month={"now": 1000}, **DATES)], sites=sites, costs={"day_rate": 1}).whole
    assert found.parts["old_until_it_stops"].p90 is not None
    assert found.parts["old_until_it_stops"].p90 <= 25_000


PLAN = """schema: 1
as_of: 2026-11-23
currency: USD
targets: [{id: t, provider: aws, region: us-east-1}]
workloads:
  - {id: a, disposition: rehost, users: 10,
     target: {at: t, size: m5.large, count: 2, disk_gb: 200, licence: {windows: included}}}
"""


@pytest.mark.parametrize(
    "own",
    [
        "ranges: {realised: {low: 0, high: 1}}", "together: {open: 2}", "delay: {late: 0}", "delay: {late: 1}",
        "overrun: {tail_alpha: 0}", "price_sigma: {exact: 1000}", "net_present: {months: 100000000}",
        "ranges: {logs_gb: {low: 1, high: 2, source: me}}", "triangles: {growth: {low: 0, likely: 5, high: 1}}",
        "ranges: {user_gb: {low: 5, high: 1}}", "triangles: {coverage: {low: 0, likely: 2, high: 3}}", "overrun: {tail: 2}",
        "net_present: {rate: 7}", "effort_days: {rehost: {low: 9, likely: 1, high: 2}}", "ranges: {typo: {low: 1, high: 2}}",
    ],
)  # fmt: skip
def test_assumptions_that_cannot_be_are_refused(tmp_path: Path, own: str) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(f"{own}\n", encoding="utf-8")
    ran = run("review", "plan.yaml", "--assumptions", "mine.yaml", cwd=tmp_path)
    assert ran.returncode == 2, ran.stdout[-300:]
    assert "mine.yaml" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    ("rows", "machines", "windows"),
    [
        ('{sku: m5.large, region: us-east-1, os: windows, price: "0.1"}', 140.16, 5.84),
        ("{sku: m5.large, region: us-east-1, price: 0.05}", 73.0, None),
    ],
)
def test_a_price_by_contract_is_the_price_of_the_review(
    tmp_path: Path, rows: str, machines: float, windows: float | None
) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    (tmp_path / "card.yaml").write_text(f"schema: 1\nas_of: 2026-11-01\nprices: [{rows}]\n", encoding="utf-8")
    ran = run("review", "plan.yaml", "--rate-card", "card.yaml", "-f", "json", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    lines = json.loads(ran.stdout)["cost"]["workloads"][0]["lines"]
    told = {line["group"]: line["high"] for line in lines}
    assert told["machines"] == pytest.approx(machines)
    assert windows is None or told["licences"] == pytest.approx(windows)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('prices: [{sku: m5.large, region: us-east-1, unit: month, price: "50"}]', "is paid by the hour, not by the month"),
        ('prices: [{sku: nonsense, region: us-east-1, price: "50"}]', "nothing that is sold has the name nonsense"),
        ("discounts: [{provider: aws, percent: 100}]", "less than 100"),
    ],
)
def test_a_card_that_prices_something_else_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "card.yaml").write_text(f"schema: 1\nas_of: 2026-11-01\n{text}\n", encoding="utf-8")
    ran = run("prices", "show", "m5.large", "us-east-1", "--rate-card", "card.yaml", cwd=tmp_path)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "card.yaml:" in ran.stderr


@pytest.mark.parametrize("word", ["Included", "payg", "yes"])
def test_a_licence_is_one_of_three_words(tmp_path: Path, word: str) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN.replace("windows: included", f"windows: {word}"), encoding="utf-8")
    ran = run("check", "plan.yaml", cwd=tmp_path)
    assert ran.returncode == 2
    assert "one of: included, byol, none" in ran.stderr or "did you mean `included`" in ran.stderr
