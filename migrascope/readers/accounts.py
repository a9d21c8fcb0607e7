"""The accounts file of `collect`: which accounts to read, and the role that opens each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.problem import InputError
from migrascope.readers.source import read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import parse


class AccountEntry(Frozen):
    """An account, and how it is opened."""

    id: Annotated[str, Field(pattern=r"^\d{12}$")]
    role: Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")] | None = None
    external_id: str | None = None


class AccountsFile(Frozen):
    """The accounts to read."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    accounts: Annotated[tuple[AccountEntry, ...], Field(min_length=1, strict=False)]


def read_accounts(path: Path) -> AccountsFile:
    """Read an accounts file. Raises InputError with every problem in it, each with its line."""
    found, problems = validate(AccountsFile, parse(read_source(path)))
    if found is None or problems:
        raise InputError(*problems)
    return found
