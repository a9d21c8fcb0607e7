"""Accepting what was found: profiles of rules, waivers and baselines beside a plan. Nothing is accepted by accident."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from migrascope.cli.start import start
from tests.support import ROOT

EXAMPLE = ROOT / "examples" / "web-shop"


def review(folder: Path, *more: str, code: int = 0) -> dict[str, Any]:
    out = folder / "out.json"
    given = ["review", str(EXAMPLE / "plan.yaml"), "-i", str(EXAMPLE / "inventory.jsonl"), "-f", f"json={out}", *more]
    assert start(given) == code
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def of(opinion: dict[str, Any], rule: str) -> list[dict[str, Any]]:
    return [finding for finding in opinion["findings"] if finding["rule"] == rule and finding["outcome"] != "unknown"]


def test_a_profile_switches_a_rule_off_and_the_report_says_so(tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text("schema: 1\noff: [{rule: no-egress-cost, reason: counted elsewhere}]\n")
    assert of(review(tmp_path), "no-rehearsal")
    opinion = review(tmp_path, "--rules-profile", str(profile))
    assert "no-egress-cost" not in opinion["rules"]
    assert opinion["rules_off"] == {"no-egress-cost": "counted elsewhere"}


def test_a_profile_changes_a_threshold_and_the_report_shows_it(tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text("schema: 1\nparams: {wave-too-long: {long: 1}}\n")
    before, after = review(tmp_path), review(tmp_path, "--rules-profile", str(profile))
    assert len(of(after, "wave-too-long")) > len(of(before, "wave-too-long"))
    assert after["rules"]["wave-too-long"]["rule"]["params"]["long"]["default"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema: 1\noff: [{rule: no-egres-cost, reason: x}]\n", "did you mean `no-egress-cost`"),
        ("schema: 1\nparams: {wave-too-long: {lang: 1}}\n", "did you mean `long`"),
        ("schema: 1\nparams: {wave-too-long: {long: much}}\n", "`long` is a number"),
        ("schema: 1\noff: [{rule: no-egress-cost}]\n", "`reason` is missing"),
    ],
)
def test_a_profile_that_does_not_fit_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text(text)
    assert start(["review", str(EXAMPLE / "plan.yaml"), "--rules-profile", str(profile)]) == 2
    shown = capfd.readouterr().err
    assert said in shown
    assert "profile.yaml:2:" in shown


def test_waivers_beside_the_plan_count_as_those_in_it(tmp_path: Path) -> None:
    target = of(review(tmp_path), "no-egress-cost") or of(review(tmp_path), "no-rehearsal")
    rule, subject = target[0]["rule"], target[0]["subject"]["id"]
    waivers = tmp_path / "waivers.yaml"
    waivers.write_text(
        "schema: 1\nwaivers:\n"
        f"  - {{rules: [{rule}, no-such-rule], subject: {subject}, reason: decided, expires: 2030-01-01}}\n"
        "  - {rule: no-egres-cost, subject: plan, reason: typo, expires: 2030-01-01}\n"
    )
    opinion = review(tmp_path, "--waivers", str(waivers))
    waived = [f for f in of(opinion, rule) if f["subject"]["id"] == subject]
    assert [f["outcome"] for f in waived] == ["waived"]
    idle = of(opinion, "waiver-matches-nothing")
    assert [f["place"]["file"].endswith("waivers.yaml") for f in idle] == [True]


def test_a_baseline_fails_nothing_that_was_known_and_everything_that_is_new(tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.txt"
    review(tmp_path, "-f", f"baseline={baseline}", "--fail-on", "low", code=1)
    opinion = review(tmp_path, "--baseline", str(baseline), "--fail-on", "low")
    assert all(f["baseline"] for f in opinion["findings"] if f["outcome"] == "finding")
    lines = baseline.read_text(encoding="utf-8").splitlines(keepends=True)
    high = next(f for f in opinion["findings"] if f["outcome"] == "finding" and f["severity"] == "high")
    baseline.write_text("".join(line for line in lines if high["fingerprint"] not in line), encoding="utf-8")
    review(tmp_path, "--baseline", str(baseline), "--fail-on", "high", code=1)


def test_a_baseline_is_the_same_in_every_run(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    review(tmp_path, "-f", f"baseline={first}")
    review(tmp_path, "-f", f"baseline={second}")
    assert first.read_bytes() == second.read_bytes()


def test_a_broken_baseline_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    baseline = tmp_path / "baseline.txt"
    baseline.write_text("not-a-fingerprint\n")
    assert start(["review", str(EXAMPLE / "plan.yaml"), "--baseline", str(baseline)]) == 2
    assert "`not-a-fingerprint` is no fingerprint" in capfd.readouterr().err


def health(folder: Path, *areas: str) -> dict[str, Any]:
    out = folder / "health.json"
    assert start(["health", *areas, "-i", str(EXAMPLE / "inventory.jsonl"), "-f", f"json={out}", "-q"]) == 0
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def test_health_needs_no_plan_and_ends_in_at_most_three_things(tmp_path: Path) -> None:
    opinion = health(tmp_path)
    assert opinion["first"] is None
    assert 1 <= len(opinion["interventions"]) <= 3
    open_ = {f["fingerprint"] for f in opinion["findings"] if f["outcome"] == "finding"}
    for each in opinion["interventions"]:
        assert set(each["closes"]) <= open_
        assert each["kind"] == "check" or each["closes"]


@pytest.mark.parametrize("area", ["network", "security", "lifecycle", "complexity"])
def test_each_area_asks_its_own_rules(tmp_path: Path, area: str) -> None:
    rules = health(tmp_path, area)["rules"]
    assert rules
    assert all(area in text["rule"]["health"] for text in rules.values())


def test_health_without_an_inventory_says_what_to_give() -> None:
    from migrascope.cli.health import command

    result: Result = CliRunner().invoke(command, [])
    assert result.exit_code == 2
    assert "give an inventory with -i" in result.output


def test_timings_name_rules_and_facts(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    review(tmp_path, "--profile-rules")
    shown = capfd.readouterr().err
    assert "rule os-past-end-of-support" in shown
    assert "fact support_ends" in shown
