"""The text report: in one language, within its width, with unknown told once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from migrascope.model.assessment import Assessment
from migrascope.reports import Style, renderer
from migrascope.reports.markdown import escaped
from tests.support import judged, opinion_on, plan

ENGLISH = re.compile(r"\b(the|which|nobody|every|workloads?|unknown|moves|missing|says?)\b", re.IGNORECASE)
DUTCH = re.compile(r"\b(het|een|niet|geen|van|applicaties?|bevinding(en)?|verhuist|zegt)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def shop() -> Assessment:
    return opinion_on("web-shop")


def text(assessment: Assessment, language: str = "en", *, verbose: bool = False) -> str:
    style = Style(language=language, verbose=verbose, title="plan.yaml")  # type: ignore[arg-type]
    return renderer("text")(assessment, style).decode()


def test_every_finding_and_every_gap_stands_in_every_format(shop: Assessment) -> None:
    for name in ("text", "concise", "json", "md"):  # the others have a contract of their own, in test_formats.py
        report = renderer(name)(shop, Style(title="plan.yaml")).decode()
        for finding in shop.findings:
            if finding.outcome in ("finding", "waived"):
                assert finding.rule in report
                assert finding.subject.name in report or str(finding.place) in report or name == "md"
        for gap in shop.gaps:
            assert (escaped(gap.fact) if name == "md" else gap.fact) in report


def own_words(report: str, names: set[str]) -> str:
    """The report without what people wrote: excerpts, names and reasons of the plan."""
    lines = [line for line in report.splitlines() if not re.match(r"\s+\d+ \| |\s+-->", line)]
    joined = " ".join(line.strip() for line in lines)
    for name in sorted(names, key=len, reverse=True):
        joined = joined.replace(name, "")
    return re.sub(r"\S*[-_./]\S*|\[[^\]]*\]", " ", joined)


def test_no_language_is_mixed_with_the_other(shop: Assessment) -> None:
    names = {f.subject.name for f in shop.findings} | {w["reason"] for w in shop.waivers} | {"head of sales"}
    assert not DUTCH.findall(own_words(text(shop), names))
    for word in ENGLISH.findall(own_words(text(shop, "nl"), names)):
        raise AssertionError(f"English in the Dutch report: {word}")


def test_nothing_is_wider_than_72_columns_but_what_people_wrote(shop: Assessment) -> None:
    for line in text(shop).splitlines():
        if not re.match(r"\s+\d+ \| |\s+-->", line):
            assert len(line) <= 72, line


def test_unknown_is_told_once_per_missing_fact(tmp_path: Path) -> None:
    sparse = "as_of: 2026-11-23\nworkloads:\n" + "".join(f"  - {{id: w{n}}}\n" for n in range(40))
    assessment = judged(plan(sparse), None, tmp_path)
    told = [(gap.kind, gap.fact) for gap in assessment.gaps]
    assert len(told) == len(set(told))
    report = text(assessment)
    unknown = report[report.index("What is not known") :]
    assert unknown.count("\n  - ") < 40
    assert "all 40 workloads" in report
    assert len(re.findall(r"\bdata\.personal\b", unknown)) == 1
    assert len(report.splitlines()) < 250


def test_verbose_shows_every_finding_with_its_place(shop: Assessment) -> None:
    report = text(shop, verbose=True)
    for finding in shop.findings:
        if finding.outcome == "finding":
            assert str(finding.place) in report
