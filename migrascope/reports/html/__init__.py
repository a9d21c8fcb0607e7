"""`-f html`: one file that opens anywhere: no network, no script, light and dark, and printable.

What it says is what the other formats say; the decision comes first. Every text goes through the template's escaping.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from migrascope.model.assessment import Assessment
from migrascope.reports import Style
from migrascope.reports.html.content import page_of

if TYPE_CHECKING:
    from jinja2 import Template

_PLACE: Final = "migrascope.reports.html"


def render(assessment: Assessment, style: Style) -> bytes:
    """The report as one HTML file in UTF-8."""
    css = _text("report.css")
    page: Any = page_of(assessment, style)
    return _template().render(page=page, css=css, css_hash=_hash(css), say=page.say.say).encode()


def _text(name: str) -> str:
    return files(_PLACE).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The hash of a style, as a content policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_text("report.html"))
