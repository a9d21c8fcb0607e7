"""`-f xlsx`: a workbook to filter, sort, fill in and send on. Texts are texts: no cell of it is a formula or a link."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

from migrascope.model.assessment import Assessment
from migrascope.model.problem import input_error
from migrascope.reports import Style
from migrascope.reports.csv import FORMULA
from migrascope.reports.office.sheets import Cell, Sheet, sheets
from migrascope.texts.visible import visible

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_LONGEST: Final = 32_767
"""So many characters fit into a cell (Excel specifications and limits)."""
_OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def render(assessment: Assessment, style: Style) -> bytes:
    """The workbook as .xlsx; its dates are those of the opinion, so that the same opinion gives the same bytes."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise input_error("a workbook needs an extra", "xlsx", "pip install 'migrascope[office]'") from None
    buffer = io.BytesIO()
    book = Workbook(buffer, _OPTIONS)
    made = dt.datetime.combine(dt.date.fromisoformat(assessment.as_of), dt.time())
    book.set_properties({"title": style.title, "created": made})
    _write(book, sheets(assessment, style))
    book.close()
    return buffer.getvalue()


def _write(book: Workbook, found: list[Sheet]) -> None:
    looks = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        # A text that begins like a formula stays a text when somebody edits the cell (Excel's quote prefix).
        "quoted": book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True}),
        "number": book.add_format({"valign": "top", "num_format": "#,##0.##"}),
        "day": book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"}),
        "open": book.add_format({"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFF7E0"}),
    }
    for sheet in found:
        page: Any = book.add_worksheet(sheet.name)
        for column, (head, width) in enumerate(sheet.heads):
            page.set_column(column, column, width)
            page.write_string(0, column, head, looks["head"])
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                _cell(page, number, column, cell, looks, is_open=column in sheet.open)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(1, len(sheet.rows)), len(sheet.heads) - 1)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)


def _cell(page: Any, row: int, column: int, cell: Cell, looks: dict[str, Any], *, is_open: bool) -> None:
    if is_open:
        page.write_blank(row, column, None, looks["open"])
    elif isinstance(cell, str):
        if cell:
            page.write_string(row, column, visible(cell)[:_LONGEST], looks["quoted" if cell.startswith(FORMULA) else "text"])
    elif isinstance(cell, dt.date):
        page.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), looks["day"])
    elif cell is not None:
        page.write_number(row, column, cell, looks["number"])
