"""The workbook: everything that was found stands in it, texts stay texts, and what people fill in comes back."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from migrascope.assess import Options, assess
from migrascope.model.assessment import Assessment
from migrascope.model.problem import InputError
from migrascope.readers.answers import answered
from migrascope.reports import Style, renderer
from migrascope.texts import Language
from migrascope.texts.visible import visible
from tests.support import example_plan, example_records, judged, knowledge, opinion_on, plan, rules

LANGUAGES: tuple[Language, ...] = ("en", "nl")


@pytest.fixture(scope="module")
def shop() -> Assessment:
    return opinion_on("web-shop")


def written(assessment: Assessment, language: Language = "en") -> bytes:
    return renderer("xlsx")(assessment, Style(language=language, title="plan.yaml"))


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(sheet: Any) -> list[str]:
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_finding_gap_workload_line_question_and_source_has_its_row(shop: Assessment, language: Language) -> None:
    _, findings, gaps, workloads, costs, questions, coverage = opened(written(shop, language))
    assert {row[-1].value for row in findings.iter_rows(min_row=2)} == {each.fingerprint for each in shop.told()}
    assert [row[0].value for row in gaps.iter_rows(min_row=2)] == [gap.fact for gap in shop.gaps]
    assert shop.first is not None
    parts = ["directory", "mail-archive", "newsletter", "orders", "product-photos", "shop", "stock"]
    assert sorted(row[1].value for row in workloads.iter_rows(min_row=2)) == parts
    assert shop.cost is not None
    lines = sum(len(each.lines) + len(each.unknown_items) for each in shop.cost.workloads) + len(shop.cost.total.lines)
    assert costs.max_row == 1 + lines
    asked = [
        (q.kind + "." + q.fact, each) for q in shop.questions if q.kind in ("plan", "workload", "wave") for each in q.subjects
    ]
    assert [(row[0].value, row[1].value) for row in questions.iter_rows(min_row=2)] == asked
    assert coverage.max_row == 1 + len(shop.coverage) + len(shop.inputs)
    assert all(sheet.auto_filter.ref and sheet.freeze_panes == "A2" for sheet in (findings, gaps, workloads, costs))


def test_severe_findings_stand_first(shop: Assessment) -> None:
    order = ["critical", "high", "medium", "low", "info"]
    open_ = [row for row in opened(written(shop))["findings"].iter_rows(min_row=2, values_only=True) if row[8] is None]
    places = [order.index(row[0]) for row in open_]
    assert places == sorted(places)


def test_the_same_opinion_gives_the_same_bytes(shop: Assessment) -> None:
    content = written(shop)
    assert content == written(shop)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert {part.date_time[0] for part in packed.infolist()} == {1980}  # no day of writing anywhere
        assert f"{shop.as_of}T00:00:00Z" in packed.read("docProps/core.xml").decode()


@pytest.mark.parametrize(
    "name", ["=cmd|'/c calc'!A0", "@SUM(1)", "-1+1", "http://example.org", "x" * 10_000, "a\u202eb", "a\tb"]
)
def test_no_name_becomes_a_formula_a_link_or_a_number(name: str, tmp_path: Path) -> None:
    data = {
        "schema": 1, "organisation": {"name": name}, "as_of": "2026-11-01",
        "workloads": [{"id": "a", "name": name, "disposition": "rehost", "owner": {"business": name}}],
    }  # fmt: skip
    book = opened(written(judged(plan(json.dumps(data)), None, tmp_path)))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert any(visible(name) in str(cell.value) for cell in found)
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in found)
    risky = [
        cell for cell in found if str(cell.value).startswith(("=", "@", "-")) and cell.data_type == "s" and len(cell.value) > 1
    ]
    assert all(cell.quotePrefix for cell in risky)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_is_read_back_with_the_row_it_stands_in(language: Language, tmp_path: Path) -> None:
    text = example_plan("web-shop")
    before = judged(plan(text), example_records("web-shop"), tmp_path)
    book = opened(written(before, language))
    sheet = book.worksheets[5]
    wanted = {("workload.cutover.window_hours", "4.5"): 4.5, ("workload.rollback.tested_on", ""): dt.date(2026, 9, 1)}
    given: dict[str, tuple[str, Any]] = {}
    for row in sheet.iter_rows(min_row=2):
        for (fact, _), value in wanted.items():
            if row[0].value == fact and fact not in given:
                row[4].value, row[5].value, row[6].value = value, "A. Jansen", dt.date(2026, 11, 20)
                given[fact] = (row[1].value, value)
    assert given
    file = tmp_path / "filled in.xlsx"
    book.save(file)
    laid = answered(plan(text), file)
    after = assess(laid.plan, None, rules(), knowledge(), Options(as_of=dt.date(2026, 11, 23), places=laid))
    still = {(q.fact, subject) for q in after.questions for subject in q.subjects}
    assert not {(fact.partition(".")[2], subject) for fact, (subject, _) in given.items()} & still
    assert "A. Jansen" in [place.person for place in laid.declared.values()]


def filled(tmp_path: Path, rows: list[list[Any]], sheet: str = "questions") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(row)
    file = tmp_path / "a.xlsx"
    book.save(file)
    return file


HEAD = ["fact", "subject", "question", "ask", "answer", "by", "on"]


@pytest.mark.parametrize(
    ("rows", "sheet", "said"),
    [
        (
            [HEAD, ["workload.users", "nobody", "", "", 3, "A", "2026-11-01"]],
            "questions",
            "a.xlsx, questions row 2: this plan has no",
        ),
        ([HEAD, ["workload.users", "shop", "", "", 3, None, None]], "questions", "an answer needs `by` and `on`"),
        ([HEAD, [None, "shop", "", "", 3, "A", "2026-11-01"]], "questions", "row 2: this answer says not what it is about"),
        ([HEAD[:4]], "questions", "has no column `answer`, `by`, `on`"),
        ([HEAD], "vragen of zo", "has no sheet `questions`"),
    ],
)
def test_answers_in_a_workbook_that_do_not_fit_are_told_with_their_row(
    rows: list[list[Any]], sheet: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError) as refused:
        answered(plan(example_plan("web-shop")), filled(tmp_path, rows, sheet))
    assert said in str(refused.value)


def test_a_zip_that_is_no_workbook_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("x.txt", "x")
    with pytest.raises(InputError, match="is no workbook that can be read"):
        answered(plan(example_plan("web-shop")), file)
