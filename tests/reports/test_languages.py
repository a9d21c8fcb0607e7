"""Dutch or English, complete and never mixed: no sentence of ours in the other language, in any format, of any example."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path
from typing import Final

import openpyxl
import pytest
from babel.messages.pofile import read_po

from migrascope.model.assessment import Assessment
from migrascope.reports import Style, renderer
from migrascope.texts import LANGUAGES, Language
from tests.reports.test_formats import text_of_document
from tests.support import ROOT, example_plan, opinion_on, rules

FORMATS: Final = ("text", "verbose", "md", "concise", "brief", "brief-html", "html", "questions", "xlsx", "docx")
EXAMPLES: Final = ("municipality", "web-shop", "sparse")
OTHER: Final[dict[Language, Language]] = {"en": "nl", "nl": "en"}
_ENGLISH: Final = """the and which with from this that are not has have been where nobody would known it its their for to no"""
_DUTCH: Final = """het een niet wordt zijn voor naar uit deze dat maar geen bij ook nog wie wij staat"""
FOREIGN: Final[dict[Language, frozenset[str]]] = {"nl": frozenset(_ENGLISH.split()), "en": frozenset(_DUTCH.split())}
"""Words that the other language does not have, and that hardly a sentence does without."""


@pytest.fixture(scope="module")
def opinions() -> dict[str, Assessment]:
    return {name: opinion_on(name) for name in EXAMPLES}


def said(assessment: Assessment, form: str, language: Language) -> str:
    """What a person reads, with blanks as single spaces."""
    style = Style(language=language, title="plan.yaml", verbose=form == "verbose")
    content = renderer("text" if form == "verbose" else form)(assessment, style)
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        # Where a price comes from is told in the words of its source.
        skipped = {("cost lines", 9), ("kostenregels", 9)}
        cells = [c for s in book for r in s.iter_rows() for c in r if (s.title, c.column) not in skipped]
        text = "\n".join(str(cell.value) for cell in cells if cell.value is not None)
    elif form == "docx":
        text = text_of_document(content)
    else:
        text = content.decode()
    if "html" in form:
        text = re.sub(r"<style>.*?</style>", " ", text, flags=re.DOTALL)
        text = re.sub(r"<(?:code)>.*?</code>", " ", text, flags=re.DOTALL)
    if "html" in form or form in ("md", "brief"):
        text = unescape(re.sub(r"<[^>]+>", " ", text))
    return " ".join(text.split())


def pieces(template: str) -> Iterator[str]:
    """The parts of a text of ours between its {names} that are long enough to be known again."""
    for piece in re.split(r"\{[^}]*\}", template):
        words = piece.split()
        if len(words) >= 3 and len(piece.strip()) >= 14:
            yield " ".join(words)


@cache
def ours(language: Language) -> frozenset[str]:
    """All that we say in a language, in pieces, but what both languages say alike."""
    found: dict[Language, set[str]] = {"en": set(), "nl": set()}
    with (ROOT / "migrascope/texts/nl/LC_MESSAGES/migrascope.po").open("rb") as stream:
        for message in read_po(stream, locale="nl"):
            for english in [message.id] if isinstance(message.id, str) else message.id:
                found["en"].update(pieces(english))
            for dutch in [message.string] if isinstance(message.string, str) else message.string or ():
                found["nl"].update(pieces(dutch))
    for each in rules():
        for words in (each.rule.title, each.rule.message, each.rule.risk, each.rule.remedy):
            for one in LANGUAGES:
                found[one].update(pieces(words.in_(one)))
    return frozenset(found[language] - found[OTHER[language]])


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_ours_is_in_the_other_language(
    opinions: dict[str, Assessment], name: str, form: str, language: Language
) -> None:
    text = said(opinions[name], form, language)
    mixed = sorted(piece for piece in ours(OTHER[language]) if piece in text)
    assert mixed == []


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(("name", "language"), [("municipality", "nl"), ("web-shop", "en"), ("sparse", "nl"), ("sparse", "en")])
def test_no_word_is_of_the_other_language(opinions: dict[str, Assessment], name: str, form: str, language: Language) -> None:
    text = said(opinions[name], form, language)
    own = " ".join(example_plan(name).split())
    bare = re.sub(r"`[^`]*`|“[^”]*”|\b[\w.-]+(?:[._/-][\w.-]+)+", " ", text)
    strange = {word for word in re.findall(r"[a-zà-ÿ]+", bare) if word in FOREIGN[language] and word not in own.split()}
    assert strange == set(), [re.findall(rf".{{40}}\b{word}\b.{{40}}", text)[:3] for word in strange]


def test_the_examples_are_where_they_are_looked_for() -> None:
    assert {path.name for path in (ROOT / "examples").iterdir() if (path / "plan.yaml").exists()} == set(EXAMPLES)
    assert Path(ROOT / "examples").is_dir()
