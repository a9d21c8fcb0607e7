"""One contract for all formats that machines read: every finding stands in each, and the exit code comes from the same list."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as SarifLog

from migrascope.model.assessment import Assessment, Finding
from migrascope.model.rule import SEVERITIES
from migrascope.reports import Style, renderer
from migrascope.reports.markdown import escaped
from migrascope.reports.sarif import MOST_RESULTS
from tests.support import example_plan, example_records, judged, plan

HOSTILE = """
as_of: 2026-11-23
waves: [{id: first, start: 2027-01-11, end: 2027-03-26}]
workloads:
  - {id: "=HYPERLINK(1)", name: "=cmd|' /C calc'!A0", wave: first, category: erp, members: []}
  - {id: at, name: "@SUM(1+1)|<b>x</b> [y](http://z) `q`", wave: first, category: erp, members: []}
  - {id: minus, name: "-2+3", members: []}
waivers:
  - {rule: erp-in-first-wave, subject: at, reason: "=1+1", approver: "+me", expires: 2027-01-01}
"""


@pytest.fixture(params=["web-shop", "municipality", "hostile"])
def opinion(request: pytest.FixtureRequest, tmp_path: Path) -> Assessment:
    if request.param == "hostile":
        return judged(plan(HOSTILE), None, tmp_path)
    return judged(plan(example_plan(request.param)), example_records(request.param), tmp_path)


def written(assessment: Assessment, name: str, **style: Any) -> str:
    return renderer(name)(assessment, Style(title="plan.yaml", **style)).decode("utf-8-sig")


def rows(assessment: Assessment, profile: str = "generic") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(assessment, "csv", csv_profile=profile))))


def test_every_finding_stands_in_every_format(opinion: Assessment) -> None:
    told = opinion.told()
    marks = sorted(finding.fingerprint for finding in told)
    data = json.loads(written(opinion, "json"))
    assert sorted(f["fingerprint"] for f in data["findings"] if f["outcome"] != "unknown") == marks
    assert sorted(row["fingerprint"] for row in rows(opinion)) == marks
    assert sorted(row["External issue ID"] for row in rows(opinion, "jira")) == marks
    assert sorted(row["correlation_id"] for row in rows(opinion, "servicenow")) == marks
    assert sorted(entry["fingerprint"] for entry in json.loads(written(opinion, "gitlab"))) == marks
    sarif = json.loads(written(opinion, "sarif"))["runs"][0]["results"]
    assert sorted(r["partialFingerprints"]["migrascope/v1"] for r in sarif if r["kind"] == "fail") == marks
    assert_in_words(opinion, told)


def assert_in_words(opinion: Assessment, told: tuple[Finding, ...]) -> None:
    cases = {case.get("name"): case for case in Xml.fromstring(written(opinion, "junit")).iter("testcase")}
    page = written(opinion, "md")
    for finding in told:
        assert finding.message in "".join(cases[finding.rule].itertext())
        assert escaped(finding.message) in page


def test_the_exit_code_comes_from_the_same_list(opinion: Assessment) -> None:
    for severity in SEVERITIES:
        limit = SEVERITIES.index(severity)
        failing = [row for row in rows(opinion) if row["outcome"] == "finding" and SEVERITIES.index(row["severity"]) >= limit]
        assert opinion.exit_code(severity, allow_partial=True) == (1 if failing else 0)


def test_a_rule_fails_where_it_found_something_and_is_skipped_where_it_could_not_decide(opinion: Assessment) -> None:
    suites = Xml.fromstring(written(opinion, "junit"))
    states = {
        case.get("name"): "failure"
        if case.find("failure") is not None
        else "skipped"
        if case.find("skipped") is not None
        else ""
        for case in suites.iter("testcase")
    }
    for name, tally in opinion.findings_summary.by_rule.items():
        known = tally.unknown == 0 and tally.subjects_complete
        assert states[name] == ("failure" if tally.finding else "" if known else "skipped"), name
    assert int(suites.get("failures", "")) == sum(state == "failure" for state in states.values())


def test_sarif_is_valid_and_tells_what_is_open(opinion: Assessment) -> None:
    log = json.loads(written(opinion, "sarif"))
    SarifLog.model_validate(log)
    results = log["runs"][0]["results"]
    open_ = {result["ruleId"] for result in results if result["kind"] == "open"}
    assert open_ == {name for name, tally in opinion.findings_summary.by_rule.items() if tally.unknown}
    for result in results:
        place = result["locations"][0]["physicalLocation"]
        assert not place["artifactLocation"]["uri"].startswith("/")
        assert place["region"]["startLine"] >= 1
    waived = [result for result in results if result.get("suppressions")]
    assert len(waived) == opinion.findings_summary.by_outcome["waived"]


def test_sarif_leaves_nothing_out_without_saying_so(opinion: Assessment) -> None:
    many = tuple(
        finding.model_copy(update={"fingerprint": f"{number:032x}"})
        for number, finding in enumerate((opinion.told() * MOST_RESULTS)[: MOST_RESULTS + 500])
    )
    log = json.loads(written(opinion.model_copy(update={"findings": many}), "sarif"))
    SarifLog.model_validate(log)
    run = log["runs"][0]
    failing = [result for result in run["results"] if result["kind"] == "fail"]
    assert len(run["results"]) <= MOST_RESULTS
    assert sum(result.get("occurrenceCount", 1) for result in failing) == len(many)
    notes = [note["message"]["text"] for note in run["invocations"][0]["toolExecutionNotifications"]]
    assert any(f"{len(many)} findings stand in {len(failing)} results" in note for note in notes)


@pytest.mark.parametrize("profile", ["generic", "jira", "servicenow"])
def test_no_cell_can_become_a_formula(tmp_path: Path, profile: str) -> None:
    found = rows(judged(plan(HOSTILE), None, tmp_path), profile)
    cells = [cell for row in found for cell in row.values() if cell]
    assert any(cell.startswith("'=") for cell in cells) or profile == "jira"
    assert not [cell for cell in cells if cell[0] in "=+-@\t\r\n"]


def test_markdown_holds_no_markup_of_others(tmp_path: Path) -> None:
    page = written(judged(plan(HOSTILE), None, tmp_path), "md")
    assert "<b>x" not in page
    assert "](http://z)" not in page
    assert all(line.count("|") == 3 for line in page.splitlines() if line.startswith("| ") and "calc" in line)


def test_a_baseline_is_sorted_and_knows_no_lines(opinion: Assessment) -> None:
    lines = written(opinion, "baseline").splitlines()
    assert lines == sorted(lines)
    assert {line.split()[0] for line in lines} == {f.fingerprint for f in opinion.told() if f.outcome == "finding"}
    assert not any(".yaml:" in line for line in lines)
