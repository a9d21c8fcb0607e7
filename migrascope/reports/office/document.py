"""`-f docx`: the advice on one page as a document that a consultant can go on with."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any, Final

from migrascope.model.assessment import Assessment
from migrascope.model.problem import input_error
from migrascope.reports import Style
from migrascope.reports.brief import OnePage, one_page
from migrascope.texts.visible import visible

if TYPE_CHECKING:
    from docx.document import Document

_LOCALES: Final = {"en": "en-GB", "nl": "nl-NL"}
_LONGEST: Final = 255
"""So many characters fit into a property of a document."""


def render(assessment: Assessment, style: Style) -> bytes:
    """The page as .docx; its dates are those of the opinion, so that the same opinion gives the same bytes."""
    try:
        import docx
    except ImportError:
        raise input_error("a document needs an extra", "docx", "pip install 'migrascope[office]'") from None
    page, document = one_page(assessment, style), docx.Document()
    _set_up(document, page, dt.date.fromisoformat(assessment.as_of))
    _write(document, page)
    buffer = io.BytesIO()
    document.save(buffer)
    return _timeless(buffer.getvalue())


def _set_up(document: Document, page: OnePage, day: dt.date) -> None:
    """Sheet, styles, language and properties."""
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt, RGBColor

    about: Any = document.core_properties
    made = dt.datetime.combine(day, dt.time())
    by = page.brand.by if page.brand else ""
    about.title, about.author = visible(page.title)[:_LONGEST], visible(by)[:_LONGEST]
    about.last_modified_by = ""
    about.created = about.modified = made
    about.language, about.comments, about.revision = _LOCALES[page.say.language], "", 1
    sheet = document.sections[0]
    sheet.page_width, sheet.page_height = Cm(21), Cm(29.7)
    sheet.left_margin = sheet.right_margin = Cm(2)
    sheet.top_margin, sheet.bottom_margin = Cm(1.7), Cm(1.5)
    sheet.header_distance = Cm(0.8)
    head: Any = sheet.header.paragraphs[0]
    head.add_run(visible(page.tlp)).font.size = Pt(8)
    if page.brand is not None and page.brand.logo is not None:
        head.add_run("\t\t").add_picture(io.BytesIO(page.brand.logo.content), height=Cm(1))
        for drawn in head._p.iter(qn("wp:docPr")):
            drawn.set("descr", visible(page.brand.by))
    styles: Any = document.styles
    text = styles["Normal"]
    text.font.name, text.font.size = "Arial", Pt(9)
    text.paragraph_format.space_after, text.paragraph_format.line_spacing = Pt(1), 1.0
    properties = text.element.get_or_add_rPr()
    language = properties.makeelement(qn("w:lang"), {qn("w:val"): _LOCALES[page.say.language]})
    properties.append(language)
    for name, size in (("Title", 14), ("Heading 2", 10), ("List Bullet", 9)):
        own = styles[name]
        own.font.name, own.font.size, own.font.color.rgb = (
            "Arial",
            Pt(size),
            RGBColor(0, 0, 0) if name == "List Bullet" else RGBColor(0x12, 0x3A, 0x7A),
        )
        own.element.rPr.rFonts.attrib.pop(qn("w:asciiTheme"), None)
        own.element.rPr.rFonts.attrib.pop(qn("w:hAnsiTheme"), None)
        own.paragraph_format.space_before, own.paragraph_format.space_after = Pt(4 if "Heading" in name else 0), Pt(1)


def _write(document: Document, page: OnePage) -> None:
    document.add_paragraph(visible(page.title), style="Title")
    document.add_paragraph(visible(page.subject))
    for mark in page.marks:
        document.add_paragraph(visible(mark))
    for warning in page.warnings:
        document.add_paragraph().add_run(visible(f"! {warning}")).bold = True
    for number, section in enumerate(page.sections):
        document.add_paragraph(visible(section.title), style="Heading 2")
        for line in section.lines:
            bullet = "List Bullet" if number and len(section.lines) > 1 else None
            document.add_paragraph(style=bullet).add_run(visible(line)).bold = number == 0
    document.add_paragraph(visible(page.elsewhere))
    document.add_paragraph(visible(page.closing))


def _timeless(content: bytes) -> bytes:
    """The same archive without the day on which it was packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as again:
        for part in packed.infolist():
            again.writestr(zipfile.ZipInfo(part.filename), packed.read(part), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
