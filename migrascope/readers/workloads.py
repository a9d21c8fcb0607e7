"""The workloads file of `init`: which servers somebody says are one workload."""

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


class WorkloadsFile(Frozen):
    """Workloads by name, each with the names or natural ids of its servers."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    workloads: dict[str, Annotated[tuple[Text, ...], Field(strict=False)]]


def read_workloads(path: Path) -> WorkloadsFile:
    """Read a workloads file. Raises InputError."""
    found, problems = validate(WorkloadsFile, parse(read_source(path)))
    if found is None or problems:
        raise InputError(*problems)
    return found
