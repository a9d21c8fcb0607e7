"""The knowledge that ships with the package."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel

from migrascope.knowledge import EndOfLife, Knowledge, Limits, Regions, assemble
from migrascope.knowledge.anchors import Anchors, ProductNames
from migrascope.knowledge.ports import Ports
from migrascope.model.problem import InputError
from migrascope.readers.source import decode
from migrascope.readers.validation import validate
from migrascope.readers.yaml import parse

M = TypeVar("M", bound=BaseModel)


def _read(name: str, model: type[M]) -> tuple[M, bytes]:
    source = decode(files("migrascope.knowledge").joinpath(name).read_bytes(), f"knowledge/{name}")
    value, problems = validate(model, parse(source))
    if value is None or problems:
        raise InputError(*problems)
    return value, source.raw


def read_knowledge() -> Knowledge:
    """Load the dated facts that ship with the package."""
    end_of_life, first = _read("end_of_life.yaml", EndOfLife)
    limits, second = _read("limits.yaml", Limits)
    regions, third = _read("regions.yaml", Regions)
    anchors, fourth = _read("anchors.yaml", Anchors)
    products, fifth = _read("product_names.yaml", ProductNames)
    ports, sixth = _read("ports.yaml", Ports)
    sha256 = hashlib.sha256(b"".join((first, second, third, fourth, fifth, sixth))).hexdigest()
    return assemble(end_of_life, limits, regions, anchors, products, ports, sha256)
