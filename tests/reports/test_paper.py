"""The advice on one sheet: as HTML, PDF and document, in the name of who advises; the same opinion gives the same bytes."""

from __future__ import annotations

import io
import struct
import subprocess
import zipfile
import zlib
from pathlib import Path
from typing import Any

import docx
import pytest

from migrascope.model.assessment import Assessment
from migrascope.model.brand import Brand, Logo
from migrascope.model.problem import InputError
from migrascope.readers.brand import MAX_LOGO, read_brand
from migrascope.reports import Style, renderer
from migrascope.reports.brief import one_page
from migrascope.texts import LANGUAGES, Language
from migrascope.texts.visible import visible
from tests.support import judged, opinion_on, plan

PAPER = ("brief-html", "pdf", "docx")
EXAMPLES = ("municipality", "web-shop", "sparse")


def png(width: int = 6, height: int = 2) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((18, 58, 122)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


BRAND = Brand("A. Jansen", "Advies BV", "info@advies.example", "Gemeente Voorbeeld", Logo(png(), "image/png"))


@pytest.fixture(scope="module")
def opinions() -> dict[str, Assessment]:
    return {name: opinion_on(name) for name in EXAMPLES}


def written(assessment: Assessment, form: str, language: Language = "en", brand: Brand | None = BRAND) -> bytes:
    return renderer(form)(assessment, Style(language=language, title="plan.yaml", brand=brand))


def plain(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


@pytest.mark.parametrize("form", PAPER)
@pytest.mark.parametrize("brand", [None, BRAND])
def test_the_same_opinion_gives_the_same_bytes(opinions: dict[str, Assessment], form: str, brand: Brand | None) -> None:
    town = opinions["municipality"]
    content = written(town, form, brand=brand)
    assert content == written(town, form, brand=brand)
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert {part.date_time[0] for part in packed.infolist()} == {1980}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_pdf_is_one_page_in_its_language_and_tagged(opinions: dict[str, Assessment], name: str, language: Language) -> None:
    content = written(opinions[name], "pdf", language)
    assert content.startswith(b"%PDF-")
    assert f"/Lang ({language})".encode() in content.replace(b"/Lang(", b"/Lang (")
    assert b"/MarkInfo" in content
    assert b"pdfuaid:part" in content
    assert content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") <= 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_document_says_all_that_the_page_says(opinions: dict[str, Assessment], name: str, language: Language) -> None:
    page = one_page(opinions[name], Style(language=language, title="plan.yaml", brand=BRAND))
    content = written(opinions[name], "docx", language)
    said = plain(content)
    for section in page.sections:
        assert section.title in said
        assert set(section.lines) <= set(said)
    assert page.closing in said
    about: Any = docx.Document(io.BytesIO(content)).core_properties
    assert about.language.startswith(language)
    assert about.author == BRAND.by


@pytest.mark.parametrize("form", PAPER)
def test_it_stands_in_the_name_of_who_advises(opinions: dict[str, Assessment], form: str) -> None:
    content = written(opinions["municipality"], form)
    if form == "docx":
        assert {"For Gemeente Voorbeeld", f"By {BRAND.by}"} <= set(plain(content))
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            assert any(packed.read(name) == png() for name in packed.namelist() if "media" in name)
            assert any(b'descr="A. Jansen' in packed.read(name) for name in packed.namelist() if "header" in name)
    elif form == "pdf":
        assert b"Advies BV" in content
    else:
        assert 'alt="A. Jansen, Advies BV, info@advies.example" src="data:image/png;base64,' in content.decode()


def test_the_whole_report_has_it_too(opinions: dict[str, Assessment]) -> None:
    page = written(opinions["municipality"], "html").decode()
    assert "By A. Jansen" in page
    assert "data:image/png;base64," in page


@pytest.mark.parametrize(
    ("text", "logo", "said"),
    [
        ("schema: 1\nlogo: no.png\n", None, "brand.yaml:2:7: the logo cannot be read: No such file or directory"),
        ("schema: 1\nlogo: l.png\n", b"<svg/>", "the logo is neither a PNG nor a JPEG"),
        ("schema: 1\nlogo: l.png\n", png() + b"x" * MAX_LOGO, "the logo is larger than 512 KiB"),
        ("schema: 1\nconsultnt: A\n", None, "unknown key `consultnt`"),
    ],
)
def test_a_brand_file_that_is_wrong_is_refused_in_one_line(text: str, logo: bytes | None, said: str, tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text(text, encoding="utf-8")
    if logo is not None:
        (tmp_path / "l.png").write_bytes(logo)
    with pytest.raises(InputError) as refused:
        read_brand(tmp_path / "brand.yaml")
    assert said in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize("form", PAPER)
@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", '#include "/etc/passwd"', "=1+1", "a\u202eb", "x" * 10_000, "`|*_~"]
)
def test_names_that_look_like_anything_come_out_as_text(form: str, name: str, tmp_path: Path) -> None:
    import json

    data = {"schema": 1, "organisation": {"name": name}, "as_of": "2026-11-01",
            "workloads": [{"id": "a", "name": name, "disposition": "rehost"}]}  # fmt: skip
    found = judged(plan(json.dumps(data)), None, tmp_path)
    content = written(found, form, brand=Brand(client=name, consultant=name))
    if form == "docx":
        assert any(visible(name) in text for text in plain(content))
    elif form == "brief-html":
        from html import unescape

        assert "<script>" not in content.decode()
        assert visible(name) in unescape(content.decode())
    else:
        assert content.startswith(b"%PDF-")


def test_nothing_is_sent_to_a_terminal_that_no_terminal_shows() -> None:
    command = "import pty, sys; sys.exit(pty.spawn([sys.executable, '-m', 'migrascope', 'review', 'p.yaml', '-f', 'pdf']) >> 8)"
    import sys

    ran = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=60)
    assert ran.returncode == 2
    assert "name a file, as in -f pdf=report.pdf" in ran.stdout
