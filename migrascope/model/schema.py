"""JSON Schemas of our file formats, in the draft that editors read (draft 7)."""

from __future__ import annotations

import json
from typing import Any, Final, Union

from pydantic import TypeAdapter

from migrascope.model.base import Frozen
from migrascope.model.inventory import Coverage, Header, MeasurementRecord, RelationRecord, record_shape
from migrascope.model.kinds import KINDS

DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_OURS: Final = ("silence", "ask", "unit", "title")
_GAP: Final = {"enum": [None, "unknown"], "description": "Unknown, on purpose"}


def schema(name: str, model: type[Frozen]) -> dict[str, Any]:
    """The schema of a format; in a plan, every optional field may also be null or `unknown`."""
    raw = model.model_json_schema(by_alias=True, mode="serialization" if name == "assessment" else "validation")
    if name == "assessment":
        raw["properties"] = {"$schema": {"type": "string"}, **raw["properties"]}
    return _headed(name, _tidied(raw, gaps=name == "plan"))


def inventory_schema() -> dict[str, Any]:
    """The schema of one line of an inventory."""
    records = [record_shape(kind.name, kind.attributes) for kind in KINDS.values()]
    line: Any = Union[Header, Coverage, *records, RelationRecord, MeasurementRecord]
    lines: TypeAdapter[Any] = TypeAdapter(line)
    return _headed("inventory", _tidied(lines.json_schema(by_alias=True), gaps=False))


def written(found: dict[str, Any]) -> str:
    """A schema as it is written to a file."""
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _headed(name: str, tidy: Any) -> dict[str, Any]:
    return {"$schema": DRAFT, "title": f"migrascope {name}", **tidy}


def _tidied(node: Any, *, gaps: bool) -> Any:
    """Draft 7 names, without what is only ours; in a plan, every optional field may also be null or `unknown`."""
    if isinstance(node, list):
        return [_tidied(item, gaps=gaps) for item in node]
    if isinstance(node, str):
        return node.replace("#/$defs/", "#/definitions/")
    if not isinstance(node, dict):
        return node
    found: dict[str, Any] = {}
    for key, value in node.items():
        if key == "properties":
            found[key] = {name: _tidied(item, gaps=gaps) for name, item in value.items()}
        elif (key in _OURS and not isinstance(value, dict)) or (key == "default" and value is None):
            continue
        else:
            found["definitions" if key == "$defs" else key] = _tidied(value, gaps=gaps)
    if gaps and {"type": "null"} in found.get("anyOf", []):
        found["anyOf"] = [_GAP if item == {"type": "null"} else item for item in found["anyOf"]]
    return found
