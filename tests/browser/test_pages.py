"""The HTML report of every example in a real browser, as those see it who read it, print it or have it read to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from migrascope.model.assessment import Assessment
from migrascope.reports import Style, renderer
from tests.reports.test_html import contrast
from tests.support import opinion_on

EXAMPLES: Final = ("municipality", "web-shop", "sparse")
TAGS: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS: Final = ("color-contrast", "link-in-text-block", "label", "heading-order", "image-alt", "svg-img-alt")
WIDE: Final[ViewportSize] = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def opinions() -> dict[str, Assessment]:
    return {name: opinion_on(name) for name in EXAMPLES}


@pytest.fixture(params=[(name, language) for name in EXAMPLES for language in ("en", "nl")], ids="-".join)
def report(request: pytest.FixtureRequest, opinions: dict[str, Assessment], tmp_path: Path) -> Path:
    name, language = request.param
    file = tmp_path / "report.html"
    file.write_bytes(renderer("html")(opinions[name], Style(language=language, title="plan.yaml")))
    return file


@contextmanager
def opened(
    browser: Browser, file: Path, scheme: Literal["light", "dark"] = "light", size: ViewportSize = WIDE
) -> Iterator[Page]:
    """The file in a new window."""
    context = browser.new_context(color_scheme=scheme, viewport=size)
    page = context.new_page()
    page.goto(file.as_uri())
    yield page
    context.close()


def test_nothing_is_asked_of_anybody_and_nothing_is_complained_of(browser: Browser, report: Path) -> None:
    asked: list[str] = []
    said: list[str] = []
    context = browser.new_context()
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    context.close()
    assert asked == [report.as_uri()]
    assert said == []


def complaints(page: Page, rules: Any) -> list[tuple[str, list[Any]]]:
    """What axe has against a page: the rule, and where."""
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"]})
    return [(each["id"], [node["target"] for node in each["nodes"]][:3]) for each in found.response["violations"]]


def test_axe_finds_nothing_to_complain_of_in_light_dark_and_print(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert complaints(page, list(TAGS)) == []
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = false)")
        for media, scheme in (("screen", "dark"), ("print", "light")):
            page.emulate_media(media=media, color_scheme=scheme)  # type: ignore[arg-type]
            # All that differs is colour, and that of folded tables is that of the others.
            assert complaints(page, {"type": "rule", "values": list(COLOURS)}) == [], media


def test_what_is_folded_on_a_screen_is_printed(browser: Browser, report: Path) -> None:
    with opened(browser, report) as page:
        page.emulate_media(media="print")
        folded = page.evaluate("""[...document.querySelectorAll('details')].flatMap(each =>
            [...each.children].filter(child => child.tagName !== 'SUMMARY' && child.textContent.trim()
                                               && child.getBoundingClientRect().height < 4)
            .map(child => child.textContent.slice(0, 60)))""")
        printed = page.pdf(tagged=True, outline=True)
    assert folded == []
    assert b"/StructTreeRoot" in printed  # headings and tables survive as such


def test_a_telephone_shows_it_without_scrolling_sideways(browser: Browser, report: Path) -> None:
    with opened(browser, report, size={"width": 320, "height": 640}) as page:
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


SHADES: Final = """() => [...document.querySelectorAll('svg text')].filter(each => each.textContent.trim()).map(each => {
  each.scrollIntoView({block: 'center', inline: 'center'});
  const box = each.getBoundingClientRect();
  const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    .filter(below => below !== each && !['text', 'tspan', 'title', 'desc', 'line'].includes(below.tagName));
  const filled = below => below.closest('svg') && below.tagName !== 'svg'
    ? getComputedStyle(below).fill : getComputedStyle(below).backgroundColor;
  const solid = under.map(filled).find(colour => colour && colour !== 'none' && !/, 0\\)$/.test(colour));
  return [each.textContent, getComputedStyle(each).fill, solid || getComputedStyle(document.body).backgroundColor];
})"""
"""Of each text in a picture: what it says, its colour, and that of what lies under it. axe cannot judge pictures."""


def hexadecimal(colour: str) -> str:
    """`rgb(1, 2, 3)` as `#010203`."""
    return "#" + "".join(f"{int(part):02x}" for part in colour[colour.index("(") + 1 : -1].split(",")[:3])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_in_pictures_can_be_read(browser: Browser, report: Path, scheme: Literal["light", "dark"]) -> None:
    with opened(browser, report, scheme) as page:
        shades = page.evaluate(SHADES)
    dim = [(text, ink, below) for text, ink, below in shades if contrast(hexadecimal(ink), hexadecimal(below)) < 4.5]
    assert dim == []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_one_sheet_can_be_read_by_everybody_too(
    browser: Browser, opinions: dict[str, Assessment], tmp_path: Path, language: Literal["en", "nl"]
) -> None:
    file = tmp_path / "sheet.html"
    file.write_bytes(renderer("brief-html")(opinions["municipality"], Style(language=language, title="plan.yaml")))
    with opened(browser, file, size={"width": 320, "height": 640}) as page:
        assert complaints(page, list(TAGS)) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.emulate_media(color_scheme="dark")
        assert complaints(page, {"type": "rule", "values": list(COLOURS)}) == []
