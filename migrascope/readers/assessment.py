"""An assessment that was stored as JSON, to be told again in another form or language."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pydantic import ValidationError

from migrascope.model.assessment import SCHEMA_VERSION, Assessment
from migrascope.model.problem import input_error
from migrascope.readers.source import MOST_OF_OURS, decode, read_source

_MAKE: str = "`migrascope review … -f json=FILE` writes one"


def read_assessment(path: Path) -> Assessment:
    """Read one; `-` is standard input. Raises InputError."""
    name = "standard input" if str(path) == "-" else str(path)
    own = MOST_OF_OURS
    source = decode(sys.stdin.buffer.read(own + 1), name, own) if str(path) == "-" else read_source(path, own)
    try:
        data = json.loads(source.text)
    except (json.JSONDecodeError, RecursionError):
        raise input_error("is no JSON", name, _MAKE) from None
    if not isinstance(data, dict) or "schema_version" not in data:
        raise input_error("is no assessment", name, _MAKE)
    version = str(data["schema_version"])
    if version.split(".")[0] != SCHEMA_VERSION.split(".")[0]:
        raise input_error(f"is an assessment of version {version}, and this reads {SCHEMA_VERSION}", name, _MAKE)
    try:
        return Assessment.model_validate_json(json.dumps(_known(data)))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise input_error(f"is no assessment of ours: {where}: {first['msg']}", name, _MAKE) from None


def _known(data: dict[str, object]) -> dict[str, object]:
    """Without what a later version added on top: a minor version only adds."""
    return {name: value for name, value in data.items() if name in Assessment.model_fields}
