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
from migrascope.reports.order import at_stake, by_rule, ordered
from migrascope.reports.sarif import MOST_RESULTS
from migrascope.reports.words import message
from migrascope.texts import Language, speech
from tests.support import judged, opinion_on, plan

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
    return opinion_on(request.param)


def written(assessment: Assessment, name: str, **style: Any) -> str:
    return renderer(name)(assessment, Style(title="plan.yaml", **style)).decode("utf-8-sig")


def rows(assessment: Assessment, profile: str = "generic") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written(assessment, "csv", csv_profile=profile))))


def test_every_finding_stands_in_every_format(opinion: Assessment) -> None:
    told = opinion.told()
    marks = sorted(finding.fingerprint for finding in told)
    data = json.loads(written(opinion, "json"))
    assert sorted(f["fingerprint"] for f in data["findings"] if f["outcome"] != "unknown") == marks
    gaps = [f"{gap.kind}.{gap.fact}" for gap in opinion.gaps]
    assert sorted(row["fingerprint"] for row in rows(opinion)) == sorted([*marks, *gaps])
    assert sorted(row["External issue ID"] for row in rows(opinion, "jira")) == sorted([*marks, *gaps])
    assert sorted(row["correlation_id"] for row in rows(opinion, "servicenow")) == sorted([*marks, *gaps])
    entries = [entry["fingerprint"] for entry in json.loads(written(opinion, "gitlab"))]
    assert sorted(entries) == sorted([*marks, *(["missing-facts"] if gaps else [])])
    sarif = json.loads(written(opinion, "sarif"))["runs"][0]["results"]
    assert sorted(r["partialFingerprints"]["migrascope/v1"] for r in sarif if r["kind"] == "fail") == marks
    assert_in_words(opinion, told)


def assert_in_words(opinion: Assessment, told: tuple[Finding, ...]) -> None:
    cases = {case.get("name"): case for case in Xml.fromstring(written(opinion, "junit")).iter("testcase")}
    page = written(opinion, "md")
    for finding in told:
        assert finding.message in "".join(cases[finding.rule].itertext())
        assert escaped(finding.message) in page


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_missing_fact_stands_where_people_look_for_it(opinion: Assessment, language: Language) -> None:
    page, text = written(opinion, "md", language=language), written(opinion, "text", language=language)
    words = " ".join(text.split())
    for gap in opinion.gaps:
        assert f"| {escaped(gap.fact)} |" in page
        assert gap.fact in words
    for finding in opinion.told():
        assert f"[{finding.rule}]" in text
        said = message(opinion, finding, speech(language))
        assert " ".join(finding.subject.name.split()) in words or " ".join(said.split())[:40] in words


@pytest.mark.parametrize("name", ["brief", "brief-html", "pdf", "docx", "junit", "gitlab", "sarif", "questions", "baseline"])
def test_what_leaves_something_out_says_how_much(opinion: Assessment, name: str) -> None:
    content = renderer(name)(opinion, Style(title="plan.yaml"))
    said = text_of_document(content) if name == "docx" else content.decode("utf-8", "replace")
    if name == "pdf":
        return  # its text is compressed; that of the same page is looked at in the others
    assert f"{len(opinion.gaps)} " in said or f"{len(opinion.gaps)}," in said
    if name in ("brief", "brief-html", "docx", "questions"):
        assert f"{len(opinion.told())} finding" in said


def text_of_document(content: bytes) -> str:
    import docx

    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def test_severe_findings_are_told_first_and_of_these_where_most_money_is(opinion: Assessment) -> None:
    money = at_stake(opinion)
    found = ordered(opinion.told(), opinion)
    keys = [(f.outcome != "finding", f.baseline, -SEVERITIES.index(f.severity), -money(f)) for f in found]
    assert keys == sorted(keys)
    groups = list(by_rule(opinion.told(), opinion))
    worst = [(g[0].outcome != "finding", -max(SEVERITIES.index(f.severity) for f in g)) for g in groups]
    assert worst == sorted(worst)
    assert sum(map(len, groups)) == len(found)


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
    note, *lines = written(opinion, "baseline").splitlines()
    assert note.startswith("# not here: ")
    assert lines == sorted(lines)
    assert {line.split()[0] for line in lines} == {f.fingerprint for f in opinion.told() if f.outcome == "finding"}
    assert not any(".yaml:" in line for line in lines)
