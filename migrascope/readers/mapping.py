"""A mapping file: which column of somebody's table is which fact."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.problem import InputError
from migrascope.model.scalars import Text
from migrascope.readers.source import read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import parse


class MappingFile(Frozen):
    """A mapping file. `columns` gives the header of the column that supplies each field.

    `watched_days` says of a list of dependencies for how many days the calls were watched.
    """

    schema_: Annotated[Literal[1], Field(alias="schema")]
    kind: Literal["servers", "dependencies"]
    columns: dict[str, Text]
    watched_days: Annotated[float, Field(ge=0)] | None = None


def read_mapping(path: Path) -> MappingFile:
    """Read a mapping file. Raises InputError."""
    mapping, problems = validate(MappingFile, parse(read_source(path)))
    if mapping is None or problems:
        raise InputError(*problems)
    return mapping
