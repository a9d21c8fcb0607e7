"""Where something was read."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, model_serializer

from migrascope.model.base import Frozen


class Place(Frozen):
    """Where a value was read: a line of a file, a row of a sheet, an API call, or a person on a day.

    `file` with `line` and `column` (both count from 1), `file` with `sheet` and `row` (row 1 is the header),
    `call` with `scope` and `at` (UTC), or `person` with `date`. `excerpt` is the text that stood there.
    `inferred` marks a value that was tied to its subject by something weaker than an id.
    """

    model_config = ConfigDict(strict=False)

    file: str | None = None
    line: int | None = None
    column: int | None = None
    sheet: str | None = None
    row: int | None = None
    call: str | None = None
    scope: str | None = None
    at: str | None = None
    person: str | None = None
    date: str | None = None
    inferred: bool | None = None
    excerpt: str | None = None

    @model_serializer
    def _without_blanks(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if value is not None}

    def __str__(self) -> str:
        """The place as a person would write it, `plan.yaml:12:5` or `export.xlsx, vInfo row 4`."""
        if self.line is not None:
            return f"{self.file}:{self.line}:{self.column or 1}"
        if self.sheet is not None:
            row = f" row {self.row}" if self.row is not None else ""
            return f"{self.file}, {self.sheet}{row}"
        if self.call is not None:
            return " ".join(part for part in (self.call, self.scope, self.at) if part)
        if self.person is not None:
            return " ".join(part for part in (self.person, self.date) if part)
        return self.file or ""
