"""Lines for a terminal or a mail: 72 columns, the same piped or not but for colour."""

from __future__ import annotations

import re
import secrets
import textwrap
from collections.abc import Iterator
from typing import Final

from migrascope.texts.visible import visible

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

_KEY: Final = secrets.randbelow(900_000_000) + 100_000_000
"""Stands inside our own colours until they are printed, so that a name cannot pass for one."""
_COLOUR: Final = re.compile(rf"\033\[([\d;]*?);{_KEY}m")


def painted(text: str, colour: str, *, coloured: bool) -> str:
    """A text in a colour, where there is any. `printed` knows the colours that are ours by their key."""
    return f"\033[{COLOURS[colour]};{_KEY}m{visible(text)}\033[0;{_KEY}m" if coloured else text


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
    return "".join(f"{_ours(line.rstrip())}\n" for line in lines).encode()


def _ours(line: str) -> str:
    """A line in which nothing steers a terminal but the colours that are ours."""
    parts = _COLOUR.split(line)
    return "".join(f"\033[{part}m" if number % 2 else visible(part) for number, part in enumerate(parts))
