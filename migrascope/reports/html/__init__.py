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
from migrascope.reports.brief import one_page
from migrascope.reports.html.content import page_of
from migrascope.texts.visible import visible

if TYPE_CHECKING:
    from jinja2 import Template

_PLACE: Final = "migrascope.reports.html"


def render(assessment: Assessment, style: Style) -> bytes:
    """The report as one HTML file in UTF-8."""
    page: Any = page_of(assessment, style)
    return _filled("report.html", page, style)


def render_brief(assessment: Assessment, style: Style) -> bytes:
    """The advice alone, on one page, as one HTML file."""
    page: Any = one_page(assessment, style)
    return _filled("brief.html", page, style)


def _filled(template: str, page: Any, style: Style) -> bytes:
    css = _text("report.css") + _paper(page.tlp)
    logo = style.brand.logo if style.brand is not None else None
    picture = f"data:{logo.media_type};base64,{base64.b64encode(logo.content).decode()}" if logo is not None else ""
    words = {"page": page, "css": css, "css_hash": _hash(css), "say": page.say.say, "logo": picture}
    return visible(_template(template).render(**words)).encode()


def _paper(tlp: str) -> str:
    """Who may see it, on the head of each sheet of paper. The texts are ours and hold no quotes."""
    return f'@page {{ @top-left {{ content: "{tlp}"; font: 9px sans-serif; }} }}\n'


def _text(name: str) -> str:
    return files(_PLACE).joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """The hash of a style, as a content policy names it."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(name)
