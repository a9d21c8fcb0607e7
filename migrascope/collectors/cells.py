"""Cells of a spreadsheet as values. A blank is None; what cannot be read is `UnreadableError`, never a guess."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, Final

from migrascope.collectors.workbook import CELL_ERROR


class UnreadableError(ValueError):
    """A cell holds something else than its column says."""


def text(cell: Any) -> str | None:
    """A text without blanks around it."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip() or None


def number(cell: Any) -> float | None:
    """A number that is not negative; a decimal comma and thousands separators are understood where they are clear."""
    if isinstance(cell, bool):
        raise UnreadableError(f"{cell} is no number")
    if isinstance(cell, (int, float)):
        value = float(cell)
    else:
        word = str(cell).strip().replace("\xa0", "").replace(" ", "")
        if not word:
            return None
        value = _parsed(word)
    if value < 0 or value != value or value == float("inf"):
        raise UnreadableError(f"{cell} is no quantity")
    return value


def _parsed(word: str) -> float:
    if re.fullmatch(r"-?\d+([.]\d+)?", word):
        return float(word)
    if re.fullmatch(r"-?\d+,\d{1,2}|-?\d+,\d{4,}", word):
        return float(word.replace(",", "."))
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+([.]\d+)?", word):
        return float(word.replace(",", ""))
    if re.fullmatch(r"-?\d{1,3}([.]\d{3})+(,\d+)?", word):
        return float(word.replace(".", "").replace(",", "."))
    raise UnreadableError(f"{word!r} is no number")


def whole(cell: Any) -> int | None:
    """A whole number."""
    value = number(cell)
    if value is None:
        return None
    if not value.is_integer():
        raise UnreadableError(f"{cell} is no whole number")
    return int(value)


def boolean(cell: Any) -> bool | None:
    """True or false in the ways that exports write them."""
    if isinstance(cell, bool):
        return cell
    word = str(cell).strip().lower()
    if word in ("true", "1", "1.0", "yes", "ja", "waar"):
        return True
    if word in ("false", "0", "0.0", "no", "nee", "onwaar"):
        return False
    if not word:
        return None
    raise UnreadableError(f"{cell!r} is neither true nor false")


def day(cell: Any) -> str | None:
    """A day, ISO 8601. A day written as 1/2/2026 is not read: nobody can tell which month it is."""
    if isinstance(cell, (dt.datetime, dt.date)):
        return cell.strftime("%Y-%m-%d")
    word = str(cell).strip()
    if not word:
        return None
    if match := re.match(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)", word):
        year, month, date = (int(part) for part in match.groups())
    elif match := re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)", word):
        first, second, year = (int(part) for part in match.groups())
        if first <= 12 and second <= 12 and first != second:
            raise UnreadableError(f"{word!r} may be two different days")
        month, date = (second, first) if first > 12 else (first, second)
    else:
        raise UnreadableError(f"{word!r} is no day")
    try:
        return dt.date(year, month, date).isoformat()
    except ValueError:
        raise UnreadableError(f"{word!r} is no day") from None


def one_of(words: dict[str, Any]) -> Callable[[Any], Any]:
    """A cell that holds one of some words; blank is None."""

    def read(cell: Any) -> Any:
        word = (text(cell) or "").lower()
        if not word:
            return None
        if word not in words:
            raise UnreadableError(f"{cell!r} is not one of {', '.join(words)}")
        return words[word]

    return read


def addresses(cell: Any) -> list[str] | None:
    """IP addresses, separated by commas, semicolons or blanks."""
    found = [part for part in re.split(r"[,;\s\[\]]+", str(cell)) if part]
    return found or None


def limit(cell: Any) -> float | None:
    """A limit on a resource; -1 stands for none."""
    return None if cell in (-1, -1.0, "-1", "-1.0") else number(cell)


READ: Final[dict[str, Callable[[Any], Any]]] = {
    "text": text,
    "number": number,
    "whole": whole,
    "boolean": boolean,
    "day": day,
    "addresses": addresses,
    "power": one_of({"poweredon": "on", "poweredoff": "off", "suspended": "suspended"}),
    "limit": limit,
    "fault_tolerance": one_of(
        {"notconfigured": False, **dict.fromkeys(("disabled", "enabled", "running", "starting", "needsecondary"), True)}
    ),
    "firmware": one_of({"bios": "bios", "efi": "efi"}),
    "bus": one_of(
        {
            **dict.fromkeys(("0", "nosharing"), "none"),
            **dict.fromkeys(("1", "virtualsharing"), "virtual"),
            **dict.fromkeys(("2", "physicalsharing"), "physical"),
        }
    ),
    "raw_mode": one_of({"physicalmode": "physical", "virtualmode": "virtual"}),
    "multi_writer": one_of({"sharingnone": False, "sharingmultiwriter": True}),
}


def read_cell(kind: str, cell: Any) -> Any:
    """The value of a cell, None where it is blank. Raises UnreadableError."""
    if cell is CELL_ERROR:
        raise UnreadableError("it holds a formula error")
    if cell is None or cell == "":
        return None
    return READ[kind](cell)
