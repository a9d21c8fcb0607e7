"""A text that knows what it was made of, so that it can be said in another language: in English it is an ordinary text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Self

from migrascope.model.base import Frozen


def later(message: str) -> str:
    """Marks a text for translation that is said later."""
    return message


class Phrase(str):
    """English, with the template and the values that it was filled with. Values may be phrases themselves."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, /, **values: object) -> Self:
        """A template with its {names} filled in."""
        texts = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
        found = super().__new__(cls, template.format(**texts))
        found.template, found.values = template, texts
        return found


class Said(Frozen):
    """What a text was made of."""

    template: str
    values: dict[str, str]


def words(texts: Iterable[str]) -> dict[str, Said]:
    """What each text was made of, by the text; those that are no phrases are left out."""
    return {str(text): Said(template=text.template, values=_plain(text.values)) for text in _all(texts)}


def _all(texts: Iterable[str]) -> Iterator[Phrase]:
    for text in texts:
        if isinstance(text, Phrase):
            yield text
            yield from _all(text.values.values())


def _plain(values: Mapping[str, str]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
