"""What the plan says it costs today, beside what the bill says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.collectors.test_focus import bill

PLAN = """schema: 1
as_of: 2026-11-23
currency: {currency}
{rates}
workloads:
  - {{id: shop, members: [{members}], cost_per_month: {{now: {now}, planned: 10}}}}
"""
ALL_OF_SEPTEMBER = {"ChargePeriodStart": "2026-09-30 00:00:00", "EffectiveCost": "40"}
DISK = {"ResourceId": "vol-1", "EffectiveCost": "9"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An account with two machines, a disk of the first, and a bill of 50 that names the first alone."""
    saved = tmp_path / "saved" / "eu-west-1"
    saved.mkdir(parents=True)
    (saved.parent / "sts-get-caller-identity.json").write_text('{"Account": "123456789012"}')
    instances = [{"InstanceId": f"i-{n}", "State": {"Name": "running"}, "NetworkInterfaces": []} for n in (1, 2)]
    (saved / "ec2-describe-instances.json").write_text(json.dumps({"Reservations": [{"Instances": instances}]}))
    volume = {"VolumeId": "vol-1", "Size": 8, "Attachments": [{"InstanceId": "i-1"}]}
    (saved / "ec2-describe-volumes.json").write_text(json.dumps({"Volumes": [volume]}))
    ran = run("collect", "aws", "--from", "saved", "-o", "aws.jsonl", "--as-of", "2026-11-01", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    bill(tmp_path, {}, ALL_OF_SEPTEMBER, DISK)
    return tmp_path


@pytest.mark.parametrize(
    ("members", "now", "currency", "rates", "outcome"),
    [
        ("{name: i-1}", 50, "USD", "", "clear"),
        ("{name: i-1}", 100, "USD", "", "finding"),
        ("{name: i-1}", 20, "USD", "", "finding"),
        ("{name: i-1}", 50, "EUR", "", "unknown"),  # nobody says what a dollar is
        ("{name: i-1}", 46, "EUR", "rates: [{from: USD, to: EUR, rate: 0.92, on: 2026-11-20}]", "clear"),
        ("{name: i-1}, {name: i-2}", 100, "USD", "", "unknown"),  # the second may cost the rest
        ("{name: i-1}, {name: i-2}", 20, "USD", "", "finding"),  # less than the first alone
    ],
)
def test_a_claim_of_today_is_held_against_the_bill(
    folder: Path, members: str, now: int, currency: str, rates: str, outcome: str
) -> None:
    text = PLAN.format(members=members, now=now, currency=currency, rates=rates)
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    ran = run("review", "plan.yaml", "-i", "aws.jsonl", "--bill", "bill.csv", "-f", "json", cwd=folder)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["findings_summary"]["by_rule"]["cost-today-differs-from-bill"][outcome] == 1
    assert [each["name"] for each in told["inputs"] if each["what"] == "bill"] == ["bill.csv"]
    # The same bill, collected beforehand, says the same.
    assert run("collect", "focus", "bill.csv", "-o", "bill.jsonl", cwd=folder).returncode == 0
    again = run("review", "plan.yaml", "-i", "aws.jsonl", "-i", "bill.jsonl", "-f", "json", cwd=folder)
    assert json.loads(again.stdout)["findings_summary"]["by_rule"]["cost-today-differs-from-bill"][outcome] == 1


def test_without_a_bill_nothing_is_said_of_it(folder: Path) -> None:
    text = PLAN.format(members="{name: i-1}", now=50, currency="USD", rates="")
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    told = json.loads(run("review", "plan.yaml", "-i", "aws.jsonl", "-f", "json", cwd=folder).stdout)
    assert told["findings_summary"]["by_rule"]["cost-today-differs-from-bill"]["unknown"] == 1


def test_a_bill_that_cannot_be_read_stops_with_one_line(folder: Path) -> None:
    text = PLAN.format(members="{name: i-1}", now=50, currency="USD", rates="")
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    ran = run("review", "plan.yaml", "--bill", "nothing.csv", cwd=folder)
    assert ran.returncode == 2
    assert "nothing.csv: cannot be read" in ran.stderr
    assert "Traceback" not in ran.stderr
