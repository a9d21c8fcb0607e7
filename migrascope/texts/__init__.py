"""What we say, in Dutch and English: gettext catalogues, compiled into the package."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Language = Literal["en", "nl"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "nl")


@dataclass(frozen=True)
class Speech:
    """Says things in one language. Texts are looked up whole; parts of sentences are never glued together."""

    language: Language
    catalogue: gettext.NullTranslations

    def say(self, message: str, **values: object) -> str:
        """A message, with its {names} filled in."""
        return self.catalogue.gettext(message).format(**values)

    def count(self, one: str, many: str, number: int, **values: object) -> str:
        """A message about a number of things; {n} is the number."""
        return self.catalogue.ngettext(one, many, number).format(n=number, **values)


def later(message: str) -> str:
    """Marks a text for translation that is said later, with `say`."""
    return message


@cache
def speech(language: Language) -> Speech:
    """The texts of a language."""
    if language == "en":
        return Speech("en", gettext.NullTranslations())
    with files("migrascope.texts").joinpath(language, "LC_MESSAGES", "migrascope.mo").open("rb") as stream:
        return Speech(language, gettext.GNUTranslations(stream))
