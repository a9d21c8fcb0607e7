"""What we say, in Dutch and English: gettext catalogues, compiled into the package."""

from __future__ import annotations

import datetime as dt
import gettext
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from migrascope.model.phrase import later as later

Language = Literal["en", "nl"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nl")

_DAY: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_MONTHS: Final = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip


@dataclass(frozen=True)
class Speech:
    """Says things in one language. Texts are looked up whole; parts of sentences are never glued together."""

    language: Language
    catalogue: gettext.NullTranslations

    def say(self, message: str, **values: object) -> str:
        """A message, with its {names} filled in."""
        return self.catalogue.gettext(message).format(**self._all(values))

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """A message about a number of things; {n} is the number."""
        return self.catalogue.ngettext(one, many, number).format(n=number, **self._all(values))

    def shown(self, value: object) -> object:
        """A day or a broken number as the language writes it; everything else as it is. English keeps the days of ISO 8601."""
        if isinstance(value, float):
            text = f"{value:.10g}"
            return text.replace(".", ",") if self.language == "nl" else text
        if self.language == "en":
            return value
        if isinstance(value, dt.date) or (isinstance(value, str) and _DAY.fullmatch(value)):
            year, month, day = str(value)[:10].split("-")
            return f"{int(day)} {_MONTHS[int(month) - 1]} {year}"
        return value

    def _all(self, values: dict[str, object]) -> dict[str, object]:
        return {name: self.shown(value) for name, value in values.items()}


@cache
def speech(language: Language) -> Speech:
    """The texts of a language."""
    if language == "en":
        return Speech("en", gettext.NullTranslations())
    with files("migrascope.texts").joinpath(language, "LC_MESSAGES", "migrascope.mo").open("rb") as stream:
        return Speech(language, gettext.GNUTranslations(stream))
