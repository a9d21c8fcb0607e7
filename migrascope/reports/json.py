"""`-f json`: the assessment as it is. Never localised; the contract that others build on."""

from __future__ import annotations

from typing import Final

from migrascope.model.assessment import Assessment
from migrascope.reports import Style

SCHEMA: Final = "assessment.schema.json"
"""`migrascope schema assessment -o assessment.schema.json` writes it beside the file."""


def render(assessment: Assessment, _style: Style) -> bytes:
    """The whole assessment as JSON, keys in the order of the contract."""
    text = assessment.model_dump_json(indent=2, by_alias=True)
    return f'{{\n  "$schema": "{SCHEMA}",{text[1:]}\n'.encode()
