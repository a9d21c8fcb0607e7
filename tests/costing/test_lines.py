"""What running a workload costs: laws that every line keeps, and what is named because it has no price."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrascope.costing.lines import HOURS
from tests.costing.support import BOOK, SUPPORTED, cost, group, priced, server, workload

UPLIFT = float(BOOK.licence("windows"))


def test_a_machine_costs_its_hours_and_a_disk_its_gigabytes() -> None:
    found = priced()
    assert group(found, "machines") == (round(HOURS * 0.096, 2),) * 2
    assert group(found, "storage") == (8.0, 8.0)


@given(st.integers(1, 500), st.integers(2, 9))
def test_so_many_times_the_machines_cost_so_many_times_as_much(count: int, times: int) -> None:
    one, many = (group(priced(count=number), "machines") for number in (count, count * times))
    assert many == pytest.approx((one[0] * times, one[1] * times))


@settings(max_examples=30)
@given(st.sampled_from([1, 3]), st.integers(0, 100))
def test_a_commitment_takes_nothing_off_a_licence(years: int, covered: int) -> None:
    """A reservation on Windows less the same on Linux is the uplift."""
    said = {"years": years, "coverage_percent": covered}
    windows = priced(commitment=said, licence={"windows": "included", "sql": "none"})
    linux = priced(commitment=said)
    for name in ("machines", "commitment"):
        assert group(windows, name) == group(linux, name)
    assert group(windows, "licences") == pytest.approx((HOURS * 2 * UPLIFT,) * 2, abs=0.01)


@settings(max_examples=30)
@given(st.integers(1, 100))
def test_three_years_cost_no_more_than_one_and_one_no_more_than_none(covered: int) -> None:
    said = [{"years": years, "coverage_percent": part} for years, part in ((1, 0), (1, covered), (3, covered))]
    none, one, three = (priced(commitment=each).repriced for each in said)
    assert none is not None
    assert one is not None
    assert three is not None
    assert none.p50 is not None
    assert one.p50 is not None
    assert three.p50 is not None
    assert three.p50 < one.p50 < none.p50


@pytest.mark.parametrize("left_out", ["commitment", "licence", "count", "disk_gb", "size"])
def test_what_the_plan_leaves_out_never_lowers_what_it_may_cost_at_most(left_out: str) -> None:
    full, less = priced(), priced(**{left_out: None})
    if less.unknown_items:
        assert less.repriced is None or less.repriced.p90 is None
    else:
        assert sum(line.high for line in less.lines) >= sum(line.high for line in full.lines) - 0.01
        assert sum(line.low for line in less.lines) <= sum(line.low for line in full.lines) + 0.01


@pytest.mark.parametrize(
    ("target", "named"),
    [
        ({"size": "x99.huge"}, "x99.huge: no size of AWS or Azure"),
        ({"size": "m5.7xlarge"}, "AWS sells no size of this name"),
        ({"size": None}, "machines: no size is planned, and no server was seen"),
        ({"disk_gb": None}, "disks: the plan names no size, and no server was seen"),
        ({"region": "atlantis-1"}, "no price is known in the region atlantis-1"),
        ({"provider": "gcp", "region": "europe-west4"}, "no prices of gcp are known"),
        ({"region": None}, "the plan names no provider and region"),
    ],
)
def test_what_has_no_price_is_named_and_never_nothing(target: dict[str, Any], named: str) -> None:
    found = priced(**target)
    assert any(named in item for item in found.unknown_items), found.unknown_items
    assert found.repriced is None or found.repriced.p90 is None


def test_how_many_people_use_it_says_what_leaves_and_silence_about_it_has_no_price() -> None:
    few, many = (cost([workload(users=users)]).workloads[0] for users in (100, 10_000))
    assert group(few, "traffic")[1] < group(many, "traffic")[1]
    silent = cost([workload(users=None)]).workloads[0]
    assert any("traffic to its users" in item for item in silent.unknown_items)


def test_what_a_plan_says_of_its_traffic_leaves_the_target_and_what_stays_inside_does_not() -> None:
    inside = {"provider": "aws", "region": "us-east-1"}
    calls = [{"on": "base", "gb_per_month": 5000}]
    stays = cost([workload(dependencies=calls), {"id": "base", "disposition": "retain", "dependencies": []}]).workloads[0]
    moves = cost([workload(dependencies=calls), workload(id="base", target=inside)]).workloads[0]
    # 4,900 GB are paid, at 0.09; inside, both ways are paid where they cross a zone
    assert group(stays, "traffic")[1] == pytest.approx(4900 * 0.09 * 1.212, rel=0.01)  # what is stated may be off
    assert group(moves, "traffic")[1] == pytest.approx(5000 * 0.67 * 0.02, rel=0.01)


def test_every_sum_is_the_sum_of_its_lines() -> None:
    found = cost([workload(), workload(id="second", target={"size": "m5.4xlarge"})], **SUPPORTED)
    for each in found.workloads:
        assert each.priced_items == len(each.lines)
    lines = [*(line for each in found.workloads for line in each.lines), *found.total.lines]
    assert found.total.priced_items == len(lines)
    assert found.total.repriced is not None
    assert found.total.repriced.p10 is not None
    assert found.total.repriced.p90 is not None
    assert sum(line.low for line in lines) <= found.total.repriced.p10 * 1.1
    assert found.total.repriced.p90 <= sum(line.high for line in lines) * 1.1


def test_a_workload_without_a_price_leaves_the_total_without_a_bound() -> None:
    known = cost([workload()], **SUPPORTED).total
    more = cost([workload(), workload(id="second", target={"size": "x99.huge"})], **SUPPORTED).total
    assert known.repriced is not None
    assert known.repriced.p90 is not None
    assert more.repriced is not None
    assert more.repriced.p90 is None
    assert any(item.startswith("second: x99.huge") for item in more.unknown_items)


def test_servers_that_were_seen_are_priced_one_for_one_where_the_plan_names_no_size() -> None:
    bare = workload(target={"size": None, "count": None, "disk_gb": None}, members=[{"pattern": "web-*"}])
    found = cost([bare], [server("web-1"), server("web-2")]).workloads[0]
    machines = [line for line in found.lines if line.group == "machines"]
    assert [line.quantity for line in machines] == [2 * HOURS]
    assert found.repriced is not None
    assert found.repriced.basis.startswith("sizes of today, one for one")


def test_a_machine_that_is_switched_off_costs_nothing_at_least_and_its_hours_at_most() -> None:
    bare = workload(target={"size": None, "count": None, "disk_gb": None}, members=[{"name": "old"}])
    found = cost([bare], [server("old", power="off")]).workloads[0]
    low, high = group(found, "machines")
    assert low == 0 < high
    assert all(line.right_sized_high == 0 for line in found.lines if line.group == "machines")
    assert group(found, "storage")[0] > 0  # its disk is paid for all the same


def test_windows_may_come_along_to_azure_and_is_bought_on_aws() -> None:
    def licences(provider: str, region: str) -> tuple[float, float]:
        where = {"size": None, "count": None, "disk_gb": None, "licence": None, "provider": provider, "region": region}
        records = [server("web", os_tools="Microsoft Windows Server 2022 (64-bit)")]
        return group(cost([workload(target=where, members=[{"name": "web"}])], records).workloads[0], "licences")

    on_azure, on_aws = licences("azure", "westeurope"), licences("aws", "eu-west-1")
    assert on_azure[0] == 0 < on_azure[1]
    assert on_aws[0] == on_aws[1] > 0


def test_a_managed_database_in_two_zones_costs_twice() -> None:
    def databases(*, zones: bool) -> tuple[float, float]:
        database: dict[str, Any] = {
            "kind": "resource", "type": "database", "id": "arn:db", "name": "db", "provider": "aws", "source": "aws",
            "scope": "vcenter.xlsx", "place": {},
            "attributes": {"engine": "postgres", "size": "db.m5.large", "size_gib": 100.0, "zones": zones},
        }  # fmt: skip
        return group(cost([workload(members=[{"id": "arn:db"}])], [database]).workloads[0], "databases")

    one, two = databases(zones=False), databases(zones=True)
    assert one[0] == pytest.approx(HOURS * 0.178 + 100 * 0.115)
    assert two == pytest.approx((one[0] * 2, one[1] * 2))


def test_money_in_another_currency_is_converted_by_a_dated_rate_and_by_nothing_else() -> None:
    dollars = cost([workload()])
    euros = cost([workload()], currency="EUR", rates=[{"from": "USD", "to": "EUR", "rate": 0.5, "on": "2026-11-20"}])
    nothing = cost([workload()], currency="EUR")
    assert (euros.currency, euros.rate, nothing.currency, nothing.rate) == ("EUR", 0.5, "USD", None)
    half = group(dollars.workloads[0], "machines")[0] / 2
    assert group(euros.workloads[0], "machines")[0] == pytest.approx(half, abs=0.01)
    assert any("no rate from USD to EUR" in note for note in nothing.notes)
