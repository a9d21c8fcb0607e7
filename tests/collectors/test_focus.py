"""Bills in FOCUS columns: other people's, and ours with everything that can be wrong in one."""

from __future__ import annotations

import csv
import gzip
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrascope.collectors.focus import collect, natural_id
from migrascope.estate.bill import bill_of
from migrascope.model.problem import InputError
from migrascope.snapshots import read_inventory, write_inventory
from tests.cli.test_commands import run
from tests.support import sample

COLUMNS = ("ProviderName", "SubAccountId", "ServiceName", "ResourceId", "RegionId", "ChargeCategory", "BillingCurrency",
           "ChargePeriodStart", "BilledCost", "EffectiveCost")  # fmt: skip
ROW = {"ProviderName": "AWS", "SubAccountId": "123456789012", "ServiceName": "Amazon Elastic Compute Cloud",
       "ResourceId": "i-1", "RegionId": "eu-west-1", "ChargeCategory": "Usage", "BillingCurrency": "USD",
       "ChargePeriodStart": "2026-09-01 00:00:00", "BilledCost": "1.5", "EffectiveCost": "1.0"}  # fmt: skip
INSTANCE = "arn:aws:ec2:eu-west-1:123456789012:instance/i-1"


def bill(folder: Path, *rows: dict[str, str], name: str = "bill.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(ROW | row for row in rows)
    return path


def records(*paths: Path) -> list[dict[str, Any]]:
    return [dict(record) for record in collect(paths, None, lambda _: None).records]


def amounts(*paths: Path) -> dict[tuple[str, str], float]:
    return {(each["id"], each["statistic"]): each["value"] for each in records(*paths) if each["kind"] == "measurement"}


def test_the_sample_adds_up_as_its_authors_say_but_for_the_credit() -> None:
    path = sample("cost") / "focus_1.0_sample.csv"
    found = collect([path], None, lambda _: None)
    sums: dict[tuple[str, str], float] = {}
    for record in found.records:
        if record["kind"] == "measurement":
            whose = (
                "azure" if record["id"].startswith(("/", "azure:")) else record["id"].partition(":")[0].replace("arn", "aws")
            )
            sums[whose, record["statistic"]] = sums.get((whose, record["statistic"]), 0.0) + record["value"]
    assert found.notes == ("left out: 1 rows of credit, -2.61 USD",)
    assert sums["aws", "billed"] == pytest.approx(18.01 + 2.61, abs=0.01)
    assert sums["azure", "billed"] == pytest.approx(1.98, abs=0.01)
    assert sums["oracle", "billed"] == pytest.approx(0.54, abs=0.01)


def test_parquet_and_packed_csv_say_the_same_as_csv(tmp_path: Path) -> None:
    import duckdb

    plain = bill(tmp_path, {}, {"ResourceId": "NULL", "BilledCost": "2"})
    whole = amounts(plain)
    (tmp_path / "bill.csv.gz").write_bytes(gzip.compress(plain.read_bytes()))
    duckdb.read_csv(str(plain)).write_parquet(str(tmp_path / "bill.parquet"))
    assert amounts(tmp_path / "bill.csv.gz") == whole
    assert amounts(tmp_path / "bill.parquet") == whole
    assert amounts(tmp_path) == {key: 3 * value for key, value in whole.items()}  # a folder: all of it


@pytest.mark.parametrize(
    ("row", "id_"),
    [
        ({}, INSTANCE),
        ({"SubAccountId": "6789012"}, "arn:aws:ec2:eu-west-1:000006789012:instance/i-1"),
        ({"ResourceId": "vol-7"}, "arn:aws:ec2:eu-west-1:123456789012:volume/vol-7"),
        ({"ResourceId": "photos", "ServiceName": "Amazon Simple Storage Service"}, "arn:aws:s3:::photos"),
        ({"ResourceId": "i-1", "RegionId": "cn-north-1"}, "arn:aws-cn:ec2:cn-north-1:123456789012:instance/i-1"),
        ({"ResourceId": "NULL"}, "aws:123456789012/Amazon Elastic Compute Cloud"),
        ({"ProviderName": "Microsoft", "ResourceId": "/Subscriptions/S/x"}, "/subscriptions/s/x"),
        ({"ProviderName": "Azure", "ResourceId": "", "SubAccountId": "/subscriptions/s", "ServiceName": "DNS"}, "azure:s/DNS"),
        ({"ProviderName": "Oracle", "ResourceId": "ocid1"}, "oracle:123456789012/ocid1"),
    ],
)  # fmt: skip
def test_a_row_is_about_the_resource_that_collectors_know(row: dict[str, str], id_: str) -> None:
    assert natural_id(ROW | row) == id_


@given(
    st.lists(st.tuples(st.decimals(-1000, 1000, places=6), st.sampled_from(["Usage", "Purchase", "Tax", "Credit"])), max_size=9)
)
def test_no_amount_is_lost_and_none_is_counted_twice(lines: list[tuple[Decimal, str]]) -> None:
    from migrascope.collectors.focus import _add, _Bill, _measurements

    found = _Bill()
    for number, (amount, category) in enumerate(lines):
        _add(ROW | {"BilledCost": str(amount), "ChargeCategory": category, "ResourceId": f"i-{number % 2}"}, found)
    billed = sum(each["value"] for each in _measurements(found, "2026-09-30") if each["statistic"] == "billed")
    kept = sum((amount for amount, category in lines if category in ("Usage", "Purchase")), Decimal())
    assert billed == pytest.approx(float(kept), abs=1e-6)
    assert sum(found.amounts_left_out.values(), kept) == sum((amount for amount, _ in lines), Decimal())


def test_a_row_that_cannot_be_counted_is_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    bad = [
        {"BilledCost": "a lot", "EffectiveCost": ""},
        {"ChargePeriodStart": "soon"},
        {"BillingCurrency": ""},
        {"BilledCost": "NaN"},
    ]
    path = bill(tmp_path, {}, *bad)
    (told,) = [each for each in records(path) if each["kind"] == "coverage"]
    assert (told["status"], told["items"]) == ("partial", 1)
    assert "row 3: BilledCost is no amount: a lot" in told["detail"]
    assert amounts(path) == {(INSTANCE, "billed"): 1.5, (INSTANCE, "effective"): 1.0}
    assert run("collect", "focus", str(path), "-o", "b.jsonl", cwd=tmp_path).returncode == 3


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"a,b\n1,2\n", "no column BillingCurrency"),
        ("a.csv", "ChargeCategory\xe9\n".encode("latin-1"), "not UTF-8"),
        ("a.csv.gz", b"x", "cannot be read"),
        ("a.parquet", b"x", "this is no Parquet"),
        ("a.txt", None, "cannot be read"),
    ],
)
def test_what_is_no_bill_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=said):
        records(tmp_path / name)


def test_a_drafted_plan_has_what_each_workload_costs_with_its_disks(tmp_path: Path) -> None:
    september = {"ChargePeriodStart": "2026-09-30 00:00:00"}
    october = {"ChargePeriodStart": "2026-10-02 00:00:00", "EffectiveCost": "90"}  # two days: no month yet
    path = bill(tmp_path, {}, september | {"EffectiveCost": "40"}, {"ResourceId": "vol-1", "EffectiveCost": "9"}, october)
    write_inventory(tmp_path / "bill.jsonl", records(path))
    assert bill_of(read_inventory([tmp_path / "bill.jsonl"])).months == ("2026-09",)
    folder = tmp_path / "saved" / "eu-west-1"
    folder.mkdir(parents=True)
    (folder.parent / "sts-get-caller-identity.json").write_text('{"Account": "123456789012"}')
    (folder / "ec2-describe-instances.json").write_text(
        '{"Reservations": [{"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}, "NetworkInterfaces": []}]}]}'
    )
    (folder / "ec2-describe-volumes.json").write_text(
        '{"Volumes": [{"VolumeId": "vol-1", "Size": 8, "Attachments": [{"InstanceId": "i-1"}]}]}'
    )
    assert run("collect", "aws", "--from", "saved", "-o", "aws.jsonl", "--as-of", "2026-11-01", cwd=tmp_path).returncode == 0
    ran = run("init", "plan.yaml", "--from", "aws.jsonl", "--from", "bill.jsonl", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    drafted = (tmp_path / "plan.yaml").read_text(encoding="utf-8")
    assert "cost_per_month: {now: 50.00}   # effective cost on the bill of 2026-09" in drafted
    assert "currency: USD" in drafted
    assert run("check", "plan.yaml", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "row",
    [
        {"ChargePeriodStart": "9999-12-31"}, {"ChargePeriodStart": "0001-01-01"}, {"BilledCost": "9e999999"},
        {"BilledCost": "1_000"}, {"BillingCurrency": "€"}, {"BillingCurrency": "password=hunter2"}, {"ChargeCategory": " "},
        {"ChargePeriodStart": "password=hunter2"},
    ],
)  # fmt: skip
def test_what_no_bill_says_is_not_counted_and_never_told_in_clear(tmp_path: Path, row: dict[str, str]) -> None:
    found = records(bill(tmp_path, {}, row))
    assert next(each for each in found if each["kind"] == "coverage")["status"] == "partial"
    assert {each["value"] for each in found if each["kind"] == "measurement"} == {1.5, 1.0}
    assert "hunter2" not in str(found)
