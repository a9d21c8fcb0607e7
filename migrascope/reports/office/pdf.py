"""`-f pdf`: the advice on one page, typeset, as PDF/UA: tagged, in its language, with text that can be read aloud."""

from __future__ import annotations

import datetime as dt
import json
from importlib.resources import files
from typing import Any, Final

from migrascope.model.assessment import Assessment
from migrascope.model.problem import input_error
from migrascope.reports import Style
from migrascope.reports.brief import OnePage, one_page
from migrascope.texts.visible import all_visible

SIZES: Final = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
"""The largest of these [pt] at which it stays one page is taken; else the smallest, on two."""


def render(assessment: Assessment, style: Style) -> bytes:
    """The page as PDF; its day is that of the opinion and its fonts come with it, so that the bytes are always the same."""
    try:
        import typst
    except ImportError:
        raise input_error("a PDF needs an extra", "pdf", "pip install 'migrascope[pdf]'") from None
    template = files("migrascope.reports.office").joinpath("brief.typ").read_bytes()
    data = json.dumps(all_visible(_data(one_page(assessment, style), assessment)), ensure_ascii=False)
    alone: dict[str, Any] = {"ignore_system_fonts": True}
    for size in SIZES:
        inputs = {"data": data, "size": str(size)}
        pages = json.loads(typst.query(template, "<pages>", field="value", one=True, sys_inputs=inputs, **alone))
        if pages == 1:
            break
    day = int(dt.datetime.combine(dt.date.fromisoformat(assessment.as_of), dt.time(), dt.UTC).timestamp())
    content = typst.compile(template, format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"], timestamp=day, **alone)
    return bytes(content)


def _data(page: OnePage, assessment: Assessment) -> dict[str, Any]:
    """What the template shows."""
    day, brand = dt.date.fromisoformat(assessment.as_of), page.brand
    logo = brand.logo if brand is not None else None
    return {
        "language": page.say.language,
        "title": page.title,
        "subject": page.subject,
        "author": brand.by if brand is not None else "",
        "date": {"year": day.year, "month": day.month, "day": day.day},
        "tlp": page.tlp,
        "marks": page.marks,
        "warnings": page.warnings,
        "sections": [{"title": section.title, "lines": section.lines} for section in page.sections],
        "elsewhere": page.elsewhere,
        "closing": page.closing,
        "logo": list(logo.content) if logo is not None else None,
        "logo-format": logo.media_type.rpartition("/")[2].replace("jpeg", "jpg") if logo is not None else None,
    }
