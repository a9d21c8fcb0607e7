"""A file of ours as text: read with care, and quoted in excerpts."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from migrascope.model.problem import input_error

MAX_BYTES: Final = 64 * 2**20
"""Largest file that people write and that is read [bytes]."""
MOST_OF_OURS: Final = 2**31
"""Largest file that migrascope wrote itself and that is read [bytes]."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class SourceText:
    """A file's text with the name that it goes by in messages."""

    file: str
    text: str
    raw: bytes

    @cached_property
    def lines(self) -> list[str]:
        """All lines without their ends."""
        return re.split(r"\r\n|\r|\n", self.text)

    def line(self, number: int) -> str:
        """One line, counted from 1; empty beyond the last."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


def read_source(path: Path, most: int = MAX_BYTES) -> SourceText:
    """Read a text file of at most so many bytes in UTF-8, or in UTF-16 or UTF-32 with a byte order mark. Raises InputError."""
    name = os.fsencode(path).decode("utf-8", "replace")
    try:
        if path.is_dir():
            raise input_error("this is a directory, not a file", name)
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise input_error(f"cannot be read: {error.strerror}", name) from None
    return decode(raw, name, most)


def decode(raw: bytes, name: str, most: int = MAX_BYTES) -> SourceText:
    """Bytes as text. Raises InputError where they are too many or no text."""
    if len(raw) > most:
        raise input_error(f"is larger than {most // 2**20} MiB", name, "split it, or name the right file")
    encoding = next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), "utf-8")
    try:
        return SourceText(name, raw.decode(encoding), raw)
    except UnicodeDecodeError as error:
        offset = error.start
        raise input_error(f"is not text in UTF-8 (byte {offset})", name, "save it as UTF-8") from None
