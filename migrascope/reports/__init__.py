"""An assessment as bytes. One module a format, one row in `FORMATS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Final, Literal

from migrascope.model.assessment import Assessment
from migrascope.model.brand import Brand
from migrascope.reports.sharing import Share
from migrascope.texts import Language


@dataclass(frozen=True, slots=True)
class Style:
    """How a report looks: language, colour (a terminal only), detail, and the name of what was reviewed."""

    language: Language = "en"
    colour: bool = False
    verbose: bool = False
    title: str = ""
    csv_profile: Literal["generic", "jira", "servicenow"] = "generic"
    brand: Brand | None = None
    share: Share | None = None
    """Who may see it, where somebody said so; a page says that it is for the organisation where nobody did."""
    concept: bool = False
    """A draft, until the author of the plan has answered."""
    versus: str | None = None
    """The unit that the first one is put beside."""


Renderer = Callable[[Assessment, Style], bytes]

FORMATS: Final[dict[str, str]] = {
    "text": "migrascope.reports.text:render",
    "brief": "migrascope.reports.brief:render",
    "html": "migrascope.reports.html:render",
    "json": "migrascope.reports.json:render",
    "concise": "migrascope.reports.concise:render",
    "md": "migrascope.reports.markdown:render",
    "csv": "migrascope.reports.csv:render",
    "sarif": "migrascope.reports.sarif:render",
    "junit": "migrascope.reports.junit:render",
    "gitlab": "migrascope.reports.gitlab:render",
    "questions": "migrascope.reports.questions:render",
    "baseline": "migrascope.reports.baseline:render",
    "brief-html": "migrascope.reports.html:render_brief",
    "pdf": "migrascope.reports.office.pdf:render",
    "docx": "migrascope.reports.office.document:render",
    "xlsx": "migrascope.reports.office.workbook:render",
    "focus": "migrascope.reports.focus:render",
}
"""Formats by the name that people type; imported when they are asked for."""
BINARY: Final = frozenset({"xlsx", "docx", "pdf"})
"""What no terminal can show."""


ANSWER: Final[dict[str, str]] = FORMATS | {
    "text": "migrascope.reports.first_text:render",
    "md": "migrascope.reports.brief:render",
}
"""The formats of `first`: where a report may be long, the answer is one page."""


def renderer(name: str, formats: Mapping[str, str] = FORMATS) -> Renderer:
    """The function that writes a format."""
    module, function = formats[name].split(":")
    found: Renderer = getattr(import_module(module), function)
    return found
