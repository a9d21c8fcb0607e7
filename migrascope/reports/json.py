"""`-f json`: the assessment as it is. Never localised; the contract that others build on."""

from __future__ import annotations

from migrascope.model.assessment import Assessment
from migrascope.reports import Style


def render(assessment: Assessment, _style: Style) -> bytes:
    """The whole assessment as JSON, keys in the order of the contract."""
    return assessment.model_dump_json(indent=2, by_alias=True).encode() + b"\n"
