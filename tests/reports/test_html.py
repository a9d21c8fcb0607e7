"""The page as HTML: one file, nothing from outside, the decision first, and every text as text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from migrascope.model.assessment import Assessment
from migrascope.reports import Style, renderer
from migrascope.reports.html import content
from migrascope.reports.html.pictures.bars import Bar, bars
from migrascope.reports.html.pictures.svg import CLAIM, OURS
from migrascope.texts import speech
from migrascope.texts.visible import visible
from tests.support import example_plan, example_records, judged, opinion_on, plan

EXAMPLES = ("municipality", "web-shop", "sparse")
VOID = {"meta", "br", "link", "img", "hr", "input"}


class Parser(HTMLParser):
    """What a page holds: elements, their attributes, its text; and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def parsed(page: str) -> Parser:
    found = Parser()
    found.feed(page)
    return found


def html(assessment: Assessment, language: str = "en") -> str:
    return renderer("html")(assessment, Style(language=language, title="plan.yaml")).decode()  # type: ignore[arg-type]


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> Assessment:
    return opinion_on(request.param)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_page_is_one_file_that_asks_for_nothing(example: Assessment, language: str) -> None:
    page = html(example, language)
    found = parsed(page)
    assert not found.faults
    assert not found.open
    names = {name for name, _ in found.elements}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form"}
    links = [value for _, attributes in found.elements for key, value in attributes.items() if key in ("src", "href", "action")]
    ids = {each.get("id") for _, each in found.elements}
    assert all(link and link.startswith("#") and link[1:] in ids for link in links)
    assert "url(" not in page
    assert dict(found.elements)["html"]["lang"] == language
    assert len(page.encode()) < 5_000_000


def test_the_policy_of_the_page_lets_in_its_own_style_and_nothing_else(example: Assessment) -> None:
    page = html(example)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = next(each["content"] for name, each in parsed(page).elements if each.get("http-equiv"))
    assert policy == f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not re.search(r'<[a-z][^>]*\sstyle="', page)  # the policy forbids it


def test_the_decision_stands_before_everything_else(example: Assessment) -> None:
    page = html(example)
    headings = re.findall(r"<h2[^>]*>([^<]*)</h2>", page)
    assert headings[0].startswith("Advice")
    assert len(headings) == len(set(headings))
    assert page.index("<h1>") < page.index("<h2")


def test_a_page_has_the_landmarks_and_heads_that_a_reader_of_screens_needs(example: Assessment) -> None:
    found = parsed(html(example))
    names = [name for name, _ in found.elements]
    assert names.count("main") == names.count("h1") == 1
    ids = [each["id"] for _, each in found.elements if "id" in each]
    assert len(ids) == len(set(ids))
    labelled = {word for _, each in found.elements for word in (each.get("aria-labelledby") or "").split()}
    assert labelled <= set(ids)
    assert all(each.get("scope") for name, each in found.elements if name == "th")


def test_every_finding_stands_in_the_page(example: Assessment) -> None:
    page = html(example)
    for finding in example.told():
        assert finding.rule in page


def test_the_same_opinion_gives_the_same_bytes(example: Assessment) -> None:
    assert html(example) == html(example)


def test_names_that_look_like_markup_come_out_as_text(tmp_path: Path) -> None:
    nasty = '<script>alert(1)</script>"&\u202e|`=cmd'
    text = example_plan("web-shop").replace("name: ", "name: ", 1)
    first = re.search(r"- id: (\S+)\n", text[text.index("workloads:") :])
    assert first is not None
    text = re.sub(rf"(- id: {first[1]}\n\s+name:) [^\n]*", lambda head: f"{head[1]} {json.dumps(nasty)}", text, count=1)
    found = judged(plan(text), example_records("web-shop"), tmp_path)
    page = html(found)
    assert "<script" not in page
    assert visible(nasty) in "".join(parsed(page).text)


def test_what_the_template_says_is_said_in_dutch_too() -> None:
    template = files("migrascope.reports.html").joinpath("report.html").read_text(encoding="utf-8")
    said = set(re.findall(r'say\("([^"]+)"', template))
    assert said == set(content.IN_THE_TEMPLATE)
    dutch = speech("nl")
    assert all(dutch.say(text, n=1) != text.format(n=1) for text in said)


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_can_be_read_and_shades_be_told_apart_in_light_and_dark() -> None:
    css = files("migrascope.reports.html").joinpath("report.css").read_text(encoding="utf-8")
    light, dark = (dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{([^}]*)\}", css)[:2])
    for shades in (light, dark):
        for name in ("ink", "link", "bad", "warn"):
            assert contrast(shades[name], shades["paper"]) >= 4.5, name
            assert contrast(shades[name], shades["soft"]) >= 4.5, name
        for name in ("ours", "claim", "line"):
            assert contrast(shades[name], shades["paper"]) >= 3, name
    assert (light["ours"], light["claim"]) == (OURS, CLAIM)
    assert contrast(OURS, CLAIM) >= 3  # in grey print as well


def test_a_picture_says_in_words_what_it_shows_and_an_open_end_is_an_arrow() -> None:
    drawn = bars([Bar("<shop>", 900, 1000, 1200, None), Bar("base", 10, 20, 30, 40)], speech("en"), "EUR")
    assert "&lt;shop&gt;: claimed 900, priced again 1,000 to ?" in drawn
    assert drawn.count("<path") == 1
    assert bars([], speech("en"), "EUR") == ""


def test_of_very_many_findings_the_page_says_how_many_it_leaves_out(example: Assessment, monkeypatch: Any) -> None:
    monkeypatch.setattr("migrascope.reports.html.content.MOST_FINDINGS", 2)
    found = sum(each.outcome == "finding" for each in example.told())
    page = html(example)
    assert (f"{found - 2} more stand in the workbook and in the lists" in page) == (found > 2)


def test_five_thousand_findings_are_a_page_that_can_be_mailed() -> None:
    town = opinion_on("municipality")
    many = (town.told() * 5_000)[:5_000]
    page = html(town.model_copy(update={"findings": many}))
    assert len(page.encode()) < 5_000_000
    assert f"{sum(each.outcome == 'finding' for each in many) - content.MOST_FINDINGS} more stand in the workbook" in page


def test_security_has_a_part_of_its_own_and_what_is_not_known_is_not_good(example: Assessment) -> None:
    page = html(example)
    part = page[page.index('id="security"') :].partition("</section>")[0]
    assert "Found: " in part
    waiting = {rule for gap in example.gaps for rule in gap.rules_waiting if example.rules[rule].category == "security"}
    assert (f"{len(waiting)} wait for facts" in part) == bool(waiting)
