"""CSV files and sheets of workbooks as rows, whatever their encoding, separator and title lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from migrascope.model.problem import input_error

MAX_BYTES: Final = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Rows:
    """A table: its headers, and its rows that are not blank, each with its line number."""

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    short: int
    """How many rows have fewer cells than there are headers."""
    sheet: str = "rows"


def key(header: str) -> str:
    """A header by its letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", header.lower())


def read_tables(path: Path, sheet: str | None = None) -> list[Rows]:
    """Read a CSV file, or the sheets of a workbook that hold rows; only one where it is named. Raises InputError."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _sheets(path, sheet)
    if sheet is not None:
        raise input_error("this is no workbook and has no sheets", str(path), "leave --sheet out")
    return [_delimited(path)]


def _delimited(path: Path) -> Rows:
    name = str(path)
    try:
        if path.is_dir():
            raise input_error("this is a directory, not a CSV file", name)
        with path.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise input_error(f"cannot be read: {error.strerror}", name) from None
    if len(raw) > MAX_BYTES:
        raise input_error(f"is larger than {MAX_BYTES // 2**20} MiB", name)
    if not raw.strip():
        raise input_error("this file is empty", name)
    return _parsed(_text(raw, name), path.name, name)


def _text(raw: bytes, name: str) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw[:4096]:
        raise input_error("this is not a text file", name, "save it as CSV in UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # what Excel writes on a Dutch Windows


def _parsed(text: str, file: str, name: str) -> Rows:
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t|", key=first.count)
    try:
        table = list(enumerate(csv.reader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True), start=1))
    except csv.Error as error:
        raise input_error(f"is not a CSV file: {error}", name) from None
    return _table(((number, tuple(cell.strip() for cell in row)) for number, row in table), file, name)


def _sheets(path: Path, wanted: str | None) -> list[Rows]:
    from migrascope.collectors.workbook import Workbook

    book = Workbook(path)
    if wanted is not None and wanted not in book.sheet_names:
        raise input_error(f"there is no sheet `{wanted}`", str(path), f"sheets: {', '.join(book.sheet_names)}")
    tables = []
    for name in book.sheet_names if wanted is None else [wanted]:
        sheet = book.sheet(name)
        rows = [(1, sheet.header), *((number, tuple(_cell(cell) for cell in row)) for number, row in sheet.rows)]
        if len([1 for _, row in rows if any(row)]) > 1 or wanted is not None:
            tables.append(replace(_table(iter(rows), path.name, str(path)), sheet=name))
    if not tables:
        raise input_error("holds no rows", str(path))
    return tables


def _cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _table(rows: Iterable[tuple[int, tuple[str, ...]]], file: str, name: str) -> Rows:
    filled = [(number, row) for number, row in rows if any(row)]
    if not filled:
        raise input_error("holds no rows", name)
    header = filled[0][1]
    body = filled[1:]
    if not body:
        raise input_error("holds a header and nothing else", name)
    short = sum(len(row) < len(header) for _, row in body)
    return Rows(file, header, tuple(body), short)
