"""The shape of a frozen model: its fields by the names people write, what each holds, and its meaning."""

from __future__ import annotations

import datetime as dt
import types
import typing
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Scalar = Literal["text", "number", "boolean", "date", "choice"]


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field. `name` is what people write, `attribute` what Python calls it.

    `scalar` is None where the field holds a record (`record`), a list of records (`record` and `many`), or a
    mapping of texts. `choices` are the words of a choice.
    """

    name: str
    attribute: str
    scalar: Scalar | None
    many: bool
    record: type[BaseModel] | None
    choices: tuple[str, ...]
    meaning: str
    unit: str
    silence: str
    ask: str


@cache
def shape(model: type[BaseModel]) -> dict[str, FieldShape]:
    """The fields of a model by the name that people write."""
    return {field.name: field for field in (_field(name, info) for name, info in model.model_fields.items())}


def _field(attribute: str, info: FieldInfo) -> FieldShape:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    inner, many = _unwrap(info.annotation)
    record = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    scalar, choices = (None, ()) if record else _scalar(inner)
    return FieldShape(
        name=info.alias or attribute,
        attribute=attribute,
        scalar=scalar,
        many=many,
        record=record,
        choices=choices,
        meaning=info.description or "",
        unit=str(extra.get("unit", "")),
        silence=str(extra.get("silence", "gap")),
        ask=str(extra.get("ask", "migration_lead")),
    )


def _unwrap(annotation: Any) -> tuple[Any, bool]:
    """The type inside Optional, Annotated and a list, and whether there was a list."""
    many = False
    while True:
        origin = get_origin(annotation)
        if origin is typing.Annotated:
            annotation = get_args(annotation)[0]
        elif origin in (Union, types.UnionType):
            inner = [part for part in get_args(annotation) if part is not type(None)]
            if len(inner) != 1:
                return annotation, many
            annotation = inner[0]
        elif origin in (tuple, list):
            annotation, many = get_args(annotation)[0], True
        else:
            return annotation, many


def _scalar(annotation: Any) -> tuple[Scalar | None, tuple[str, ...]]:
    if get_origin(annotation) is Literal:
        values = get_args(annotation)
        if all(isinstance(value, str) for value in values):
            return "choice", tuple(values)
        return "number", ()
    known: dict[Any, Scalar] = {
        str: "text", int: "number", float: "number", Decimal: "number", bool: "boolean", dt.date: "date",
    }  # fmt: skip
    return known.get(annotation), ()


def model_at(root: type[BaseModel], path: tuple[str | int, ...]) -> type[BaseModel] | None:
    """The model that stands at a path of keys and indexes, or None."""
    model: type[BaseModel] | None = root
    for step in path:
        if isinstance(step, int):
            continue
        if model is None or step not in shape(model):
            return None
        model = shape(model)[step].record
    return model
