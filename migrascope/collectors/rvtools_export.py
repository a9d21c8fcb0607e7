"""An RVTools export that is being read: its sheets as tables, and what was gathered from them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from migrascope.collectors import Progress
from migrascope.collectors.cells import UnreadableError, read_cell
from migrascope.collectors.cells import text as as_text
from migrascope.collectors.rvtools_columns import NAME, Column
from migrascope.collectors.workbook import CELL_ERROR, Workbook, WorkbookSheet
from migrascope.model.inventory import Coverage, Status
from migrascope.model.problem import InputError

SOURCE: Final = "rvtools"


def key(header: str) -> str:
    """A header by its letters and digits alone."""
    return re.sub(r"[^a-z0-9]", "", header.lower())


@dataclass(slots=True)
class ExportSheet:
    """A sheet with its columns found by header, and a tally of the cells that could not be read."""

    sheet: WorkbookSheet
    columns: dict[str, int]
    inferred: bool = False
    unreadable: dict[str, list[str]] = field(default_factory=dict)

    def index(self, headers: Iterable[str]) -> int | None:
        """The first of several headers that the sheet has."""
        return next((self.columns[key(header)] for header in headers if key(header) in self.columns), None)

    def text(self, row: tuple[Any, ...], headers: Iterable[str]) -> str:
        """A cell as text; empty where it is blank, missing or unreadable."""
        index = self.index(headers)
        cell = row[index] if index is not None and index < len(row) else ""
        return "" if cell is CELL_ERROR else as_text(cell) or ""

    def is_placeholder(self, row: tuple[Any, ...]) -> bool:
        """A header row that was repeated, or a row that holds the word VM and nothing else."""
        if self.text(row, NAME) != "VM":
            return False
        others = [str(cell).strip() for number, cell in enumerate(row) if number != self.index(NAME)]
        return not any(others) or any(cell and cell in self.sheet.header for cell in others)

    def values(self, number: int, row: tuple[Any, ...], columns: Iterable[Column]) -> dict[str, Any]:
        """The facts of one row. A blank cell gives no fact; one that cannot be read is counted and named."""
        found: dict[str, Any] = {}
        for column in columns:
            index = self.index(column.headers)
            if index is None or index >= len(row):
                continue
            try:
                value = read_cell(column.kind, row[index])
            except UnreadableError as error:
                self.unreadable.setdefault(column.fact, []).append(f"row {number}: {error}")
                continue
            if value is not None:
                found[column.fact] = value
        return found


@dataclass(slots=True)
class Export:
    """Everything that is gathered from one workbook."""

    book: Workbook
    progress: Progress
    servers: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_vm_id: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """By vCenter and VM ID; the vCenter is empty where the row does not name it. Two vCenters give out the same ids."""
    by_uuid: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    by_name: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    with_id: set[str] = field(default_factory=set)
    """Ids of servers whose row in vInfo holds a VM ID or UUID."""
    resources: list[dict[str, Any]] = field(default_factory=list)
    """Everything that is no server."""
    relations: list[dict[str, Any]] = field(default_factory=list)
    coverage: list[Coverage] = field(default_factory=list)
    names_differ: int = 0
    """How many second names were kept as readings."""
    notes: list[str] = field(default_factory=list)

    @property
    def file(self) -> str:
        return self.book.file

    def cover(self, operation: str, status: Status, items: int, covers: Iterable[str], detail: str = "") -> None:
        """Say how reading something ended."""
        record = Coverage(
            source=SOURCE,
            scope=self.file,
            operation=operation,
            status=status,
            items=items,
            covers=tuple(covers),
            detail=detail,
        )
        self.coverage.append(record)

    def table(self, name: str) -> ExportSheet | None:
        """A sheet by name, or None where the workbook does not have it."""
        actual = next((s for s in self.book.sheet_names if key(s) == key(name)), None)
        if actual is None:
            return None
        self.progress(f"reading {actual}")
        sheet = self.book.sheet(actual)
        columns: dict[str, int] = {}
        for index, header in enumerate(sheet.header):
            columns.setdefault(key(header), index)
        return ExportSheet(sheet, columns)

    def table_or_say(self, name: str, covers: list[str]) -> ExportSheet | None:
        """A sheet by name; where it is not there, or cannot be read, a coverage record says so."""
        try:
            found = self.table(name)
        except InputError as error:
            self.cover(name, "error", 0, covers, error.problems[0].message)
            return None
        if found is None:
            self.cover(name, "unsupported", 0, covers, f"no sheet {name}")
        return found

    def place(self, sheet: str, row: int, *, inferred: bool = False) -> dict[str, Any]:
        place: dict[str, Any] = {"file": self.file, "sheet": sheet, "row": row}
        return {**place, "inferred": True} if inferred else place


def cover_columns(export: Export, sheet: str, table: ExportSheet, columns: Iterable[Column], prefix: str) -> None:
    """A coverage record for each column that is missing, that has cells nobody can read, or whose unit is in doubt."""
    for column in columns:
        index = table.index(column.headers)
        covers = [f"{prefix}.{column.fact}"]
        header = table.sheet.header[index] if index is not None else column.headers[0]
        if index is None:
            export.cover(f"{sheet}/{header}", "unsupported", 0, covers, f"no column {sheet}/{header}")
        elif column.fact in table.unreadable:
            bad = table.unreadable[column.fact]
            detail = f"{len(bad)} cells of {sheet}/{header} cannot be read: {'; '.join(bad[:3])}"
            export.cover(f"{sheet}/{header}", "partial", len(table.sheet.rows) - len(bad), covers, detail)
        elif header.endswith("MB") and column.fact.endswith("_mib"):
            detail = f"{header} is read as MiB: RVTools before version 4 writes MB and means MiB"
            export.cover(f"{sheet}/{header}", "ok", len(table.sheet.rows), covers, detail)
