"""Files of knowledge that ship with the package."""

from __future__ import annotations

from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel

from migrascope.model.problem import InputError
from migrascope.readers.source import decode
from migrascope.readers.validation import validate
from migrascope.readers.yaml import parse

M = TypeVar("M", bound=BaseModel)


def read_file(name: str, model: type[M]) -> tuple[M, bytes]:
    """One file that ships, checked, with its bytes. Raises InputError."""
    source = decode(files("migrascope.knowledge").joinpath(name).read_bytes(), f"knowledge/{name}")
    value, problems = validate(model, parse(source))
    if value is None or problems:
        raise InputError(*problems)
    return value, source.raw
