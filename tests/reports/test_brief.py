"""The brief: ten parts in one order, one page, the same in both languages, and no word too many."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from migrascope.model.assessment import Assessment
from migrascope.reports import ANSWER, Style, renderer
from migrascope.reports.brief import sections
from migrascope.texts import speech
from tests.first.plans import document, opinion, ready
from tests.reports.test_text import DUTCH, ENGLISH
from tests.support import example_plan, example_records, judged, plan

PAGE = 66
"""Lines of a page of paper in ten points."""
FORBIDDEN = re.compile(r"optim|chance that this is|kans dat dit|best choice|beste keuze", re.IGNORECASE)
TITLES = ("Advice", "Why", "How firm", "What would change it", "quarter", "How success", "Security first", "Stop rule",
          "Not now", "What it costs", "What is not known")  # fmt: skip
EXAMPLES = ("municipality", "web-shop", "sparse")


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    name = request.param
    records = None if name == "sparse" else example_records(name)
    return judged(plan(example_plan(name)), records, tmp_path_factory.mktemp(name))


def page(assessment: Assessment, language: str = "en", kind: str = "text") -> str:
    style = Style(language=language, title="plan.yaml")  # type: ignore[arg-type]
    return renderer(kind, ANSWER)(assessment, style).decode()


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_example_fits_one_page(example: Assessment, language: str) -> None:
    lines = page(example, language).splitlines()
    assert len(lines) <= PAGE
    assert max(map(len, lines)) <= 72


@pytest.mark.parametrize("language", ["en", "nl"])
def test_a_crowded_plan_fits_one_page_too(tmp_path: Path, language: str) -> None:
    bare = ("owner", "test", "rollback", "outcome", "rehearsal", "commitments", "criticality", "category")
    crowd: list[dict[str, Any]] = [ready(f"a workload with a long name, number {n}", **dict.fromkeys(bare)) for n in range(30)]
    crowd += [ready(f"another of these, {n}", category=kind) for n, kind in enumerate(("erp", "crm", "finance", "mainframe"))]
    found = opinion(document(*crowd, landing_zone=None), tmp_path)
    assert len(page(found, language).splitlines()) <= PAGE


def test_the_parts_stand_in_one_order(example: Assessment) -> None:
    titles = [section.title for section in sections(example, speech("en"))]
    places = [next(n for n, title in enumerate(TITLES) if title in found) for found in titles]
    assert places == sorted(places)
    assert {0, 6, 8, 10} <= set(places)


MONTHS = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]


def plain(told: str, language: str) -> str:
    """Numbers and days without the marks of their language: 1,000 and 1.000, 3.5 and 3,5, 2027-03-01 and 1 maart 2027."""
    told = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", told)
    if language == "en":
        return told
    told = re.sub(
        rf"(\d+) ({'|'.join(MONTHS)}) (\d{{4}})", lambda m: f"{m[3]}-{MONTHS.index(m[2]) + 1:02}-{int(m[1]):02}", told
    )
    return re.sub(r"(?<=\d),(?=\d)", ".", told)


def test_numbers_are_the_same_in_both_languages(example: Assessment) -> None:
    """Each language marks thousands, fractions and days in its own way."""
    numbers = [sorted(re.findall(r"\d+(?:[.-]\d+)*", plain(page(example, each, "md"), each))) for each in ("en", "nl")]
    assert numbers[0] == numbers[1]


def test_no_word_promises_too_much(example: Assessment) -> None:
    for language in ("en", "nl"):
        for kind in ("text", "md"):
            assert not FORBIDDEN.search(page(example, language, kind))


def test_one_language_at_a_time(tmp_path: Path) -> None:
    found = opinion(document(ready("x1"), ready("x2", criticality="high")), tmp_path)
    assert not DUTCH.search(page(found, "en"))
    assert not ENGLISH.search(page(found, "nl"))


def test_markdown_says_what_the_text_says(example: Assessment) -> None:
    text, marked = page(example), page(example, kind="md")
    for section in sections(example, speech("en")):
        assert section.title in text
        assert f"## {section.title}" in marked


def test_who_takes_responsibility_is_printed(tmp_path: Path) -> None:
    taken = [{"workload": "pay", "gate": "avoid_list", "reason": "small team", "by": "J. Jansen", "on": "2026-11-01"}]
    found = opinion(document(ready("pay", category="finance"), overrides=taken), tmp_path)
    assert "J. Jansen takes responsibility for avoid_list (2026-11-01): small team" in " ".join(page(found).split())


def test_where_nothing_can_be_first_it_says_what_fits(tmp_path: Path) -> None:
    found = opinion(document(ready("big", effort_days={"low": 150, "likely": 200, "high": 250})), tmp_path)
    said = " ".join(page(found).split())
    assert "Nothing can be first yet" in said
    assert "What fits this quarter" in said
    assert "days of the move are held by this quarter" in said


def test_markup_in_a_name_stays_a_name(tmp_path: Path) -> None:
    found = opinion(document(ready("x") | {"name": "<b>*x*</b>"}), tmp_path)
    assert "<b>" not in page(found, kind="md")
