"""The whole of moving beside staying: only where both are known alike, and with everything that is paid twice."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from migrascope.costing.value import value_of
from migrascope.facts.catalogue import asking_about
from tests.cli.test_commands import run
from tests.costing.support import asking, cost, estate, group, load, server, workload

DATES: dict[str, Any] = {"replication_starts": "2027-01-01", "decommission_on": "2027-06-15"}
PAID: dict[str, Any] = {"costs": {"day_rate": 800}}


def billed(name: str, amount: float) -> dict[str, Any]:
    return {"id": f"vsphere:vc:{name}", "metric": "cost", "statistic": "effective", "unit": "USD",
            "window": "2026-09-01/2026-10-01", "value": amount, "samples": 1, "coverage": 1.0}  # fmt: skip


def whole(*records: Any, **more: Any) -> Any:
    fields = DATES | {"members": [{"name": "web"}]} | more
    return cost([workload(**fields)], [server("web"), *records], **PAID).whole


def test_moving_is_compared_with_what_is_billed() -> None:
    found = whole(billed("web", 100.0))
    assert found.not_comparable == ()
    assert found.staying.p10 > 36 * 90 * 0.85
    assert found.difference.p10 == pytest.approx(found.moving.p10 - found.staying.p50, rel=0.5)
    assert found.difference_low_rate is not None
    assert found.difference_high_rate is not None


def test_what_the_plan_states_is_not_measured_and_is_subtracted_from_nothing() -> None:
    found = whole(cost_per_month={"now": 100, "planned": 50})
    assert found.staying is not None
    assert found.difference is None
    assert any("stated by the plan, and not measured" in why for why in found.not_comparable)


def test_where_nobody_says_what_it_costs_today_the_report_says_whom_to_ask() -> None:
    found = whole()
    assert found.staying is None
    assert any("ask for a bill, or for cost_per_month.now" in why for why in found.not_comparable)


def test_a_bill_of_one_and_a_statement_of_another_are_never_subtracted() -> None:
    two = [workload(members=[{"name": "web"}], **DATES), workload(id="b", cost_per_month={"now": 9}, **DATES)]
    found = cost(two, [server("web"), billed("web", 100.0)], **PAID).whole
    assert found.difference is None
    assert any("billed, stated" in why for why in found.not_comparable)


def test_what_runs_in_a_cloud_is_priced_by_the_same_list_as_where_it_goes() -> None:
    there = server("web", size="m5.large") | {"provider": "aws", "region": "us-east-1", "id": "i-1"}
    found = cost([workload(members=[{"id": "i-1"}])], [there]).workloads[0]
    assert found.now is not None
    assert found.now.basis == "list"
    assert found.now.p10 == pytest.approx(group(found, "machines")[0] + 8, abs=1)  # the same machine, and 100 GiB of disk


def test_leaving_a_cloud_costs_what_its_data_cost_to_carry_out() -> None:
    there = server("web", size="m5.large") | {"provider": "aws", "region": "us-east-1", "id": "i-1"}
    leaving = workload(members=[{"id": "i-1"}], target={"provider": "azure", "region": "westeurope", "size": "Standard_D2s_v5"},
                       data={"volume_gb": 1100})  # fmt: skip
    found = cost([leaving], [there], **PAID).whole
    assert found.parts["exit"].p50 == 90  # 1,000 GB at 0.09; the first hundred are free


def test_a_day_of_work_has_a_price_only_if_somebody_says_so() -> None:
    without = cost([workload(**DATES)]).whole
    assert any("costs.day_rate" in item for item in without.unknown_items)
    assert without.moving is not None
    assert without.moving.p90 is None
    paid = cost([workload(**DATES, effort_days={"low": 10, "likely": 20, "high": 40})], **PAID).whole
    assert paid.parts["one_off"].p10 == pytest.approx(800 * 12.6, rel=0.05)
    assert paid.contingency_percent is not None
    assert 20 < paid.contingency_percent < 60


def test_the_step_on_which_the_old_one_stops_is_the_end_of_a_month_or_of_the_lease() -> None:
    """What is switched off in June is paid for all of June; a hall whose lease goes on is paid until its end."""
    stated = {"cost_per_month": {"now": 100}}
    june = whole(decommission_on="2027-06-15", **stated).parts["old_until_it_stops"]
    later = cost([workload(members=[{"name": "web"}], **(DATES | stated))], [server("web")],
                 sites=[{"id": "hall", "lease_ends": "2028-06-15"}], **PAID).whole.parts["old_until_it_stops"]  # fmt: skip
    assert june.p10 == pytest.approx(700 * 0.98, rel=0.03)
    assert later.p90 > june.p90
    never = whole(decommission_on=None, **stated).parts["old_until_it_stops"]
    assert never.p90 > 2800


def test_a_copy_that_changes_faster_than_the_link_never_ends() -> None:
    def days(change: float | None, efficiency: float | None) -> Any:
        network = {"state": "in_place", "link_mbps": 100, "link_efficiency_percent": efficiency}
        data = {"volume_gb": 1000, "change_gb_per_day": change}
        return cost([workload(data=data)], landing_zone={"network": network}).workloads[0].copy_days

    sure = days(0, 100)
    assert sure.p10 == sure.p90 == pytest.approx(1000 / 1080, abs=0.01)  # 100 Mbit/s carry 1,080 GB a day
    shared = days(0, None)
    assert shared.p10 < shared.p50 < shared.p90
    assert days(2000, None).p10 is None
    assert days(None, 50).change_known is False
    assert cost([workload()]).workloads[0].copy_days is None


def test_calls_that_were_seen_and_not_declared_have_no_price_until_somebody_says_how_much_they_are() -> None:
    from migrascope.costing.context import PricingContext
    from migrascope.costing.traffic import flows
    from migrascope.estate.traffic import Traffic

    traffic = Traffic(calls={(0, 1): 5}, by_caller={0: (1,)}, looked_at=True)
    observed = replace(estate([workload(dependencies=[]), {"id": "base", "disposition": "retain"}]), traffic=traffic)
    gaps = flows(PricingContext.of(asking_about(observed)))["shop"].out.unknown
    assert any("it was seen, and nobody says how much" in gap.text for gap in gaps)


VALUE: dict[str, Any] = {
    "value": [{"what": "stilstand", "unit": "uur", "now": 20, "expected": 5, "better": "lower", "worth_low": 100,
               "worth_high": 300},
              {"what": "tevredenheid", "unit": "punt", "expected": 8}],
}  # fmt: skip


def test_value_becomes_money_only_where_the_plan_says_what_a_unit_is_worth_and_is_in_no_sum() -> None:
    outcome = {
        "metric": "wachttijd",
        "unit": "dagen",
        "baseline": {"value": 5, "on": "2026-11-01"},
        "target": 2,
        "better": "lower",
    }
    found = value_of(asking([workload(outcome=outcome)], **VALUE))
    assert found is not None
    priced, bare, own = found.gains
    assert priced.worth is not None
    assert (priced.worth.low, priced.worth.high) == (1500, 4500)
    assert bare.worth is None
    assert (own.workload, own.now, own.expected, own.measured_on) == ("shop", 5, 2, "2026-11-01")
    assert found.without_baseline == 1
    with_value, without = (cost([workload()], **more).whole.moving for more in (VALUE, {}))
    assert with_value == without


PLAN = """schema: 1
as_of: 2026-11-23
currency: EUR
rates: [{from: USD, to: EUR, rate: 0.5, on: 2026-11-20}]
targets: [{id: far, provider: aws, region: us-east-1}]
workloads:
  - id: shop
    users: 100
    dependencies: []
    disposition: rehost
    target: {at: far, size: m5.large, count: 2, disk_gb: 100, licence: {windows: none, sql: none}}
    cost_per_month: {now: 90, planned: 40}
"""


@pytest.mark.parametrize(
    ("planned", "below", "above"),
    # two machines cost 140 USD or 70 EUR at list; less what a commitment may take off, and more for what a plan forgets
    [("5", "finding", "clear"), ("40", "finding", "clear"), ("70", "unknown", "clear"), ("90000", "clear", "finding")],
)
def test_a_claim_for_which_nobody_can_buy_is_found_and_what_is_not_known_stays_unknown(
    tmp_path: Path, planned: str, below: str, above: str
) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN.replace("planned: 40", f"planned: {planned}"), encoding="utf-8")
    by_rule = json.loads(run("review", "plan.yaml", "-f", "json", cwd=tmp_path).stdout)["findings_summary"]["by_rule"]
    assert by_rule["claimed-cost-outside-range"][below] == 1
    assert by_rule["claimed-cost-above-range"][above] == 1


def test_our_lines_in_the_columns_of_focus(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(run("review", "plan.yaml", "-f", "focus", cwd=tmp_path).stdout)))
    machine = next(row for row in rows if row["SkuId"] == "m5.large")
    assert (machine["ServiceCategory"], machine["ProviderName"], machine["RegionId"]) == ("Compute", "AWS", "us-east-1")
    assert (machine["BillingCurrency"], machine["ListUnitPrice"], machine["x_Workload"]) == ("EUR", "0.048", "shop")
    assert (machine["BillingPeriodStart"], machine["BillingPeriodEnd"]) == ("2026-12-01", "2027-01-01")
    assert float(machine["EffectiveCost"]) == pytest.approx(1460 * 0.048)
    assert {row["x_Workload"] for row in rows} == {"shop", ""}  # support is shared


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_report_tells_the_claim_beside_what_it_comes_to_and_every_line_of_it(tmp_path: Path, language: str) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    short, long = (run("review", "plan.yaml", "--lang", language, *more, cwd=tmp_path).stdout for more in ((), ("-v",)))
    titles = {"en": "What it costs a month (EUR, without tax)", "nl": "Wat het per maand kost (EUR, zonder btw)"}
    assert titles[language] in short
    assert "aws-gp3" not in short.partition("high[")[0]
    for word in ("m5.large", "aws-gp3", "aws-snapshot", "aws-logs-in"):
        assert word in long


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("planned: 40", "planned: -4"), "at least 0"),
        (("planned: 40", "planned: much"), "expected an amount"),
        (("rate: 0.5", "rate: -1"), "greater than 0"),
        (("disk_gb: 100", "disk_gb: -5"), "at least 0"),
        (("count: 2", "count: 2.5"), "whole number"),
        (("currency: EUR", "currency: euro"), "currency"),
    ],
)
def test_amounts_that_cannot_be_are_refused_with_their_line(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN.replace(*change), encoding="utf-8")
    ran = run("review", "plan.yaml", cwd=tmp_path)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert "plan.yaml:" in ran.stderr


def test_a_measured_machine_is_told_from_one_that_was_not() -> None:
    bare = {"size": None, "count": None, "disk_gb": None}
    fields = {"target": bare, "members": [{"name": "web"}]}
    basis = cost([workload(**fields)], [server("web"), load("web", "p95", 10.0)]).workloads[0].repriced
    assert basis is not None
    assert basis.basis == "sizes of today, one for one; load of 1 machines measured"
