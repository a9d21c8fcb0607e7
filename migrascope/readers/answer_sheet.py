"""The questions of a workbook, filled in: the same data as the YAML of `-f questions`, each row with its own place."""

from __future__ import annotations

import datetime as dt
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from migrascope.model.place import Place
from migrascope.model.problem import Problem, input_error
from migrascope.readers.source import MAX_BYTES, SourceText, decode
from migrascope.readers.yaml import Document, parse, scalar
from migrascope.texts import LANGUAGES, speech

COLUMNS: Final = ("fact", "subject", "answer", "by", "on")
SHEET: Final = "questions"
_MOST_UNPACKED: Final = 4 * MAX_BYTES


@dataclass(slots=True)
class SheetDocument(Document):
    """Answers as data, and the row of each."""

    sheet: str = ""
    rows: list[int] = field(default_factory=list)

    def place(self, path: tuple[str | int, ...], *, key: bool = False) -> Place:  # noqa: ARG002 (a row has no columns of its own)
        """The row that an answer stands in."""
        number = path[1] if len(path) > 1 and path[0] == "questions" else None
        row = self.rows[number] if isinstance(number, int) and number < len(self.rows) else None
        return Place(file=self.source.file, sheet=self.sheet, row=row)


def is_workbook(path: Path) -> bool:
    """By its first bytes: a zip archive, as every .xlsx is."""
    try:
        with path.open("rb") as stream:
            return stream.read(4) == b"PK\x03\x04"
    except OSError:
        return False  # who reads it as a text says why it cannot be read


def read_answer_sheet(path: Path) -> Document:
    """The sheet of questions of a workbook. Raises InputError where it cannot be read or is none of ours."""
    name, rows = _sheet(path)
    columns = _columns(rows[0] if rows else [])
    missing = [column for column in COLUMNS if column not in columns]
    if missing:
        said = "this sheet has no column " + ", ".join(f"`{column}`" for column in missing)
        raise input_error(said, f"{path}, {name}", "keep the first row as `-f xlsx` wrote it")
    found = SheetDocument(SourceText(str(path), "", b""), empty=False, sheet=name)
    questions = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {column: _value(row[place]) if place < len(row) else None for column, place in columns.items()}
        if cells["answer"] is None:
            continue
        text = {column: None if cells[column] is None else str(cells[column]) for column in ("fact", "subject", "by", "on")}
        if text["fact"] is None or text["subject"] is None:
            found.problems.append(
                Problem("this answer says not what it is about", Place(file=str(path), sheet=name, row=number))
            )
            continue
        answer = {"subject": text["subject"], "answer": _said(cells["answer"]), "by": text["by"], "on": text["on"]}
        questions.append({"fact": text["fact"], "answers": [answer]})
        found.rows.append(number)
    found.data = {"schema": 1, "questions": questions}
    return found


def _sheet(path: Path) -> tuple[str, list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    names = {speech(language).say(SHEET) for language in LANGUAGES}
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MOST_UNPACKED:
                raise input_error("unpacks to more than a workbook of answers can hold", str(path))
        book = CalamineWorkbook.from_path(str(path))
        name = next((each for each in book.sheet_names if each in names), None)
        if name is None:
            raise input_error(
                f"this workbook has no sheet `{SHEET}`", str(path), "write one with: migrascope review PLAN -f xlsx=FILE"
            )
        return name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, zipfile.BadZipFile, OSError) as error:
        raise input_error(f"is no workbook that can be read: {error}", str(path)) from None


def _columns(header: list[Any]) -> dict[str, int]:
    """Our columns by their place, whichever language the first row is in."""
    words = {speech(language).say(column).casefold(): column for language in LANGUAGES for column in COLUMNS}
    said = [str(cell).strip().casefold() for cell in header]
    return {words[cell]: place for place, cell in reversed(list(enumerate(said))) if cell in words}


def _value(cell: Any) -> Any:
    """A cell as plain data: days as ISO 8601, whole numbers as such, blanks as None."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return (cell.strip() or None) if isinstance(cell, str) else cell


def _said(value: Any) -> Any:
    """A text as YAML would have it: `true`, `3`, or a list in brackets. What is no YAML stays the text that it is."""
    if not isinstance(value, str):
        return value
    if value.startswith(("[", "{")):
        return parse(decode(value.encode(), "a cell")).data
    return scalar(value)
