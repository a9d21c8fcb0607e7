"""Names and excerpts as text: what would steer a terminal, or turn the order of letters round, is shown instead of obeyed.

A plan can hold any character in quotes. An escape sequence in a name could clear the screen or forge a line of the report,
and a mark of direction can show a name as another (CVE-2021-42574, https://trojansource.codes).
"""

from __future__ import annotations

from typing import Any, Final

_PICTURES: Final = {number: 0x2400 + number for number in range(0x20) if chr(number) not in "\t\n\r"} | {0x7F: 0x2421}
"""Unicode has a picture of each control character."""
_C1: Final = {number: f"\\x{number:02x}" for number in range(0x80, 0xA0)}
_DIRECTIONS: Final = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN: Final = _PICTURES | _C1 | {number: f"\\u{number:04x}" for number in _DIRECTIONS}


def visible(text: str) -> str:
    """The text with its control characters as pictures, and marks of direction spelled out."""
    return text.translate(_SHOWN)


def all_visible(data: Any) -> Any:
    """The same of every text in nested data."""
    if isinstance(data, str):
        return visible(data)
    if isinstance(data, dict):
        return {key: all_visible(value) for key, value in data.items()}
    return [all_visible(value) for value in data] if isinstance(data, (list, tuple)) else data
