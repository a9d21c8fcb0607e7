"""A workbook opened with care: sheets as rows of cells, from .xlsx or from a zip of CSV files.

Many broken workbooks give the same library error, so the first bytes are looked at here. Cells that hold a
formula error come out of the library as blanks; they are found in the sheet's XML, so that an error is never
taken for an empty cell.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree

from migrascope.model.problem import InputError, input_error

MAX_UNPACKED: Final = 2**30
"""Largest workbook that is read, unpacked [bytes]."""
MAX_RATIO: Final = 300
"""Largest compression ratio of a part of more than 16 MiB; a bomb has a thousand and more."""

_BROKEN: Final = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
"""What reading a part of a damaged or encrypted archive may raise."""
MAX_CELLS: Final = 30_000_000
_CELL: Final = re.compile(rb"<c [^>]{0,200}>")
_REF: Final = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_FILLED: Final = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]{0,200}(?<!/)>')
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class CellError:
    """A cell that holds a formula error: not a value, and not blank either."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "a formula error"


CELL_ERROR: Final = CellError()


@dataclass(frozen=True, slots=True)
class WorkbookSheet:
    """A sheet: its name, its header row and its other rows that are not blank, each with its row number."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]


class Workbook:
    """An open workbook. Sheets are read when they are asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.name
        self._zip = _opened(path)
        names = self._zip.namelist()
        tabs = [(_tab(name), name) for name in names if name.lower().endswith(".csv")]
        self._csv = dict(tabs)
        if len(self._csv) < len(tabs):
            raise input_error("holds several files for one sheet", str(path), "collect each vCenter's export on its own")
        self._book: Any = None
        if "xl/workbook.xml" in names:
            self._book = _calamine(path)
            self.sheet_names = tuple(self._book.sheet_names)
        elif self._csv:
            self.sheet_names = tuple(self._csv)
        else:
            raise input_error("is a zip file, but not a workbook and not a zip of CSV files", str(path))

    def sheet(self, name: str) -> WorkbookSheet:
        """One sheet. Raises InputError where it cannot be read."""
        rows = self._csv_rows(name) if self._book is None else self._xlsx_rows(name)
        header: tuple[str, ...] = ()
        kept: list[tuple[int, tuple[Any, ...]]] = []
        for number, row in rows:
            if not any(cell is CELL_ERROR or str(cell).strip() for cell in row):
                continue
            if not header:
                header = tuple(str(cell).strip() for cell in row)
            else:
                kept.append((number, row))
        return WorkbookSheet(name, header, tuple(kept))

    def created(self) -> str | None:
        """The day on which the workbook was made, as it says itself, ISO 8601."""
        try:
            root = ElementTree.fromstring(self._zip.read("docProps/core.xml"))  # noqa: S314 (expat caps expansion)
            text = root.findtext("{http://purl.org/dc/terms/}created") or ""
            return dt.date.fromisoformat(text[:10]).isoformat()
        except (
            KeyError,
            ValueError,
            ElementTree.ParseError,
            zipfile.BadZipFile,
            zlib.error,
            NotImplementedError,
            RuntimeError,
        ):
            return None

    def _csv_rows(self, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        try:
            raw = self._zip.read(self._csv[name])
        except _BROKEN as error:
            raise input_error(f"{self._csv[name]} cannot be read: {error}", str(self.path)) from None
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", errors="replace")
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=first.count)
        lines = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
        try:
            yield from ((number, tuple(row)) for number, row in enumerate(lines, start=1))
        except csv.Error as error:
            raise input_error(f"{self._csv[name]} is not a CSV file: {error}", str(self.path)) from None

    def _xlsx_rows(self, name: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
        errors = self._error_cells(name)
        try:
            sheet = self._book.get_sheet_by_name(name)
            rows = sheet.to_python(skip_empty_area=False)
        except Exception as error:  # the library raises its own and several built-in errors
            raise input_error(f"sheet {name} cannot be read: {error}", str(self.path)) from None
        for number, row in enumerate(rows, start=1):
            if number in errors:
                bad = errors[number]
                yield number, tuple(CELL_ERROR if column in bad else cell for column, cell in enumerate(row))
            else:
                yield number, tuple(row)

    def _error_cells(self, name: str) -> dict[int, set[int]]:
        """Columns (from 0) that hold a formula error, by row (from 1)."""
        part = self._part(name)
        found: dict[int, set[int]] = {}
        if part is None:
            return found
        try:
            content = self._zip.read(part)
        except _BROKEN as error:
            raise input_error(f"sheet {name} cannot be read: {error}", str(self.path)) from None
        self._refuse_vast(name, content)
        if b't="e"' in content:
            for cell in _CELL.finditer(content):
                place = _REF.search(cell[0]) if b't="e"' in cell[0] else None
                if place is not None:
                    found.setdefault(int(place[2]), set()).add(_column(place[1].decode()))
        return found

    def _refuse_vast(self, name: str, content: bytes) -> None:
        """A single cell far away makes the library reserve everything before it."""
        row, columns = 0, set[bytes]()
        for cell in _FILLED.finditer(content):
            columns.add(cell[1])
            row = max(row, int(cell[2]))
        if row * max((_column(letters.decode()) + 1 for letters in columns), default=0) > MAX_CELLS:
            raise input_error(f"sheet {name} claims more cells than an export has", str(self.path), "delete the stray cell")

    def _part(self, name: str) -> str | None:
        """The part of the package that holds a sheet."""
        try:
            book = ElementTree.fromstring(self._zip.read("xl/workbook.xml"))  # noqa: S314
            links = ElementTree.fromstring(self._zip.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
        except (KeyError, ElementTree.ParseError):
            return None
        relation = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        wanted = {s.get(relation) for s in book.iter() if s.tag.endswith("}sheet") and s.get("name") == name}
        for link in links:
            if link.get("Id") in wanted:
                target = (link.get("Target") or "").lstrip("/")
                part = target if target.startswith("xl/") else f"xl/{target}"
                return part if part in self._zip.namelist() else None
        return None


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _tab(name: str) -> str:
    """The sheet that a CSV file of an RVTools export holds: `RVTools_tabvInfo.csv` is vInfo."""
    stem = Path(name).stem
    return re.sub(r"(?i)^(rvtools_)?(tab)?", "", stem) or stem


def _opened(path: Path) -> zipfile.ZipFile:
    name = str(path)
    try:
        if path.is_dir():
            raise input_error("this is a directory, not a workbook", name)
        with path.open("rb") as stream:
            start = stream.read(8)
    except OSError as error:
        raise input_error(f"cannot be read: {error.strerror}", name) from None
    if not start:
        raise input_error("this file is empty", name)
    if start == _OLE:
        raise input_error(
            "this workbook is encrypted, or an old .xls",
            name,
            "open it and save it as .xlsx without a password",
        )
    if not start.startswith(b"PK"):
        raise input_error("this is not a workbook", name, "an RVTools export is an .xlsx file, or a zip of CSV files")
    try:
        archive = zipfile.ZipFile(path)
        parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        raise input_error("this workbook is truncated or damaged", name, "copy or export it again") from None
    _refuse_bomb(parts, name)
    return archive


def _refuse_bomb(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    swollen = any(p.file_size > 2**24 and p.file_size > MAX_RATIO * max(p.compress_size, 1) for p in parts)
    if unpacked > MAX_UNPACKED or swollen:
        raise input_error(
            f"unpacks to {unpacked // 2**20} MiB: a zip bomb, or no export",
            name,
            "it was not opened; export it again",
        )


def _calamine(path: Path) -> Any:
    from python_calamine import CalamineWorkbook

    try:
        return CalamineWorkbook.from_path(str(path))
    except InputError:
        raise
    except Exception as error:  # the library raises its own and several built-in errors
        raise input_error(f"this workbook cannot be read: {error}", str(path), "open it and save it again") from None
