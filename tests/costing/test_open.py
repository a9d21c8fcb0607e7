"""What a plan leaves open is told with what it weighs; what mainly has no price is not priced by what comes on top."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import run
from tests.costing.support import cost, group, priced, server, workload

AZURE = {"provider": "azure", "region": "westeurope", "size": None, "count": None, "disk_gb": None}


def moved(*records: dict[str, Any], **changes: Any) -> Any:
    """One workload of the machines that were seen, on its way to Azure."""
    members = [{"name": record["name"]} for record in records]
    return cost([workload(target=AZURE, members=members, **changes)], list(records)).workloads[0]


def test_what_is_open_is_told_with_its_field_and_what_it_weighs() -> None:
    silent = {"commitment": None, "licence": None, "size": "Standard_D4s_v5", "provider": "azure", "region": "westeurope"}
    found = cost([workload(target=silent), workload(id="other", target=silent)])
    told = {each.what: each for each in found.unsaid}
    assert (told["licences"].field, told["commitment"].field) == ("target.licence", "target.commitment")
    for name, each in told.items():
        lines = [line for one in found.workloads for line in one.lines if line.group == name and line.assumed]
        assert each.low == pytest.approx(sum(line.low for line in lines), abs=0.02)
        assert each.high == pytest.approx(sum(line.high for line in lines), abs=0.02)
        assert each.workloads == 2
    spans = [each.high - each.low for each in found.unsaid]
    assert spans == sorted(spans, reverse=True)
    assert "licences" not in {each.what for each in cost([workload()]).unsaid}


def test_a_commitment_that_nobody_mentions_covers_no_more_than_people_reach() -> None:
    found = priced(commitment=None)
    machines, off = group(found, "machines")[1], group(found, "commitment")
    assert off[0] == pytest.approx(-0.85 * 0.679 * machines, rel=0.01)
    assert off[1] == 0


def test_logs_and_backup_alone_are_no_price() -> None:
    unseen = server("a", cpus=None)
    found = moved(unseen)
    assert found.lines
    assert found.repriced is None
    whole = cost([workload(target=AZURE, members=[{"name": "a"}])], [unseen])
    assert (whole.total.workloads_priced, whole.total.repriced, whole.whole.moving) == (0, None, None)


def test_a_machine_of_a_cloud_is_as_large_as_its_size_says() -> None:
    known = moved(server("a", cpus=2, memory_mib=8192.0))
    by_size = moved(server("a", cpus=None, memory_mib=None, size="m5.large"))
    assert group(by_size, "machines") == group(known, "machines") != (0, 0)


GIB = 1024.0


@pytest.mark.parametrize(
    ("partitions", "in_use", "share"),
    [
        ([(1000, 600)], None, 0.52),  # they fill the disk: 400 used, and 30 % room
        ([(100, 60)], None, 1.0),  # only the first of them was seen
        ([(100, 60)], 500, 0.65),  # then what the host has stored counts
        ([], 900, 1.0),
    ],
)
def test_a_disk_is_cut_to_what_is_used_only_where_all_of_it_was_seen(
    partitions: list[tuple[int, int]], in_use: int | None, share: float
) -> None:
    seen = server("a", disks=[{"capacity_mib": 1000 * GIB, "place": {}}], provisioned_mib=1000 * GIB)
    seen["attributes"]["partitions"] = [{"capacity_mib": has * GIB, "free_mib": free * GIB} for has, free in partitions]
    if in_use is not None:
        seen["attributes"]["in_use_mib"] = in_use * GIB
    target = AZURE | {"provider": "aws", "region": "us-east-1"}
    found = cost([workload(target=target, members=[{"name": "a"}])], [seen]).workloads[0]
    line = next(line for line in found.lines if line.item == "aws-gp3")
    assert line.right_sized_low == pytest.approx(share * line.low, rel=0.001)


def test_a_disk_is_never_cut_below_what_the_plan_says_it_holds() -> None:
    seen = server("a", disks=[{"capacity_mib": 1000 * GIB, "place": {}}], provisioned_mib=1000 * GIB, in_use_mib=100 * GIB)
    target = AZURE | {"provider": "aws", "region": "us-east-1"}
    members = [{"name": "a"}]
    found = cost([workload(target=target, members=members, data={"volume_gb": 700 * 1.073741824})], [seen]).workloads[0]
    line = next(line for line in found.lines if line.item == "aws-gp3")
    assert line.right_sized_low == pytest.approx(0.91 * line.low, rel=0.001)


PLAN = """schema: 1
as_of: 2026-11-23
currency: USD
targets: [{id: west, provider: aws, region: us-east-1}]
workloads:
  - id: shop
    name: The shop
    disposition: rehost
    cost_per_month: {planned: 50}
    target: {at: west, size: m5.large, count: 2, disk_gb: 100}
  - id: mail
    name: The mail
    disposition: repurchase
    target: {at: west}
"""


def test_money_stands_beside_the_plan_in_a_what_if_and_names_beside_amounts(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    told = run("review", "plan.yaml", "--what-if", "shop.target.count=20", cwd=tmp_path).stdout
    rows = [line for line in told.splitlines() if line.startswith("a month, priced")]
    assert len(rows) == 1
    assert "The shop" in told
    found = json.loads(run("review", "plan.yaml", "--what-if", "shop.target.count=20", "-f", "json", cwd=tmp_path).stdout)
    plan, other = found["cost"]["total"]["repriced"]["p50"], found["scenarios"][0]["repriced"]["p50"]
    assert other > 5 * plan


def test_our_lines_are_read_back_as_a_bill_and_what_has_no_price_is_not_left_out(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    told = run("review", "plan.yaml", "-f", "focus=ours.csv", cwd=tmp_path)
    assert told.returncode in (0, 3)
    rows = list(csv.DictReader(io.StringIO((tmp_path / "ours.csv").read_text(encoding="utf-8"))))
    mail = [row for row in rows if row["x_Workload"] == "mail"]
    assert [(row["EffectiveCost"], row["x_PriceQuality"]) for row in mail] == [("", "absent")]
    back = run("collect", "focus", "ours.csv", "-o", "bill.jsonl", cwd=tmp_path)
    assert "no FOCUS export" not in back.stderr
    assert (tmp_path / "bill.jsonl").exists()


def test_the_formats_to_read_tell_the_same_money(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(PLAN, encoding="utf-8")
    text, md, page = (
        " ".join(run("review", "plan.yaml", "-f", form, cwd=tmp_path).stdout.split()) for form in ("text", "md", "html")
    )
    for said in ("Priced again, as planned", "What the plan leaves open weighs", "how much of the machines is reserved"):
        assert said in text
        assert said in md
        assert said in page
