"""Lines for a terminal or a mail: 72 columns, the same piped or not but for colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Final

WIDTH: Final = 72
COLOURS: Final = {
    "critical": "1;31",
    "high": "31",
    "medium": "33",
    "low": "36",
    "info": "2",
    "title": "1",
    "dim": "2",
}


def painted(text: str, colour: str, *, coloured: bool) -> str:
    """A text in a colour, where there is any."""
    return f"\033[{COLOURS[colour]}m{text}\033[0m" if coloured else text


def wrapped(text: str, indent: str = "", hanging: str | None = None) -> Iterator[str]:
    """A text over as many lines as it takes; nothing is cut off."""
    following = indent if hanging is None else hanging
    yield from textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]


def printed(lines: Iterator[str] | list[str]) -> bytes:
    """Lines as bytes in UTF-8, without blanks at their ends."""
    return "".join(f"{line.rstrip()}\n" for line in lines).encode()
