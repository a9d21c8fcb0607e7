"""A document against a model: every error at once, in plain words, with its place and a suggestion."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from migrascope.model.problem import InputError, Problem, suggestion
from migrascope.model.shape import model_at, shape
from migrascope.readers.yaml import Document

MOST: Final = 200
"""How many errors of one file are told."""

M = TypeVar("M", bound=BaseModel)
Path = tuple[str | int, ...]

_EXPECTED = {
    "string_type": "expected a text; put it in quotes if it looks like a number or a date",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "bool_type": "expected true or false",
    "tuple_type": "expected a list: put each item behind a dash",
    "list_type": "expected a list: put each item behind a dash",
    "dict_type": "expected a mapping of keys and values",
    "none_required": "nothing is expected here",
    "string_too_short": "an empty text says nothing; leave the field out",
    "decimal_type": "expected an amount",
    "finite_number": "expected a finite number",
}


def validate(model: type[M], document: Document) -> tuple[M | None, list[Problem]]:
    """The model, or the problems that stand in its way (those of the document itself come first)."""
    if document.empty:
        raise InputError(Problem("this file is empty", document.place(()), "`migrascope init` drafts a plan"))
    if not isinstance(document.data, dict):
        kind = "a list" if isinstance(document.data, list) else "a single value"
        raise InputError(Problem(f"this file holds {kind}, not a mapping of keys", document.place(())))
    problems = list(document.problems)
    try:
        return model.model_validate(document.data), problems
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems += [_problem(model, document, detail) for detail in details[:MOST]]
        if len(details) > MOST:
            problems.append(Problem(f"and {len(details) - MOST} more errors", document.place(())))
        return None, problems
    except RecursionError:
        raise InputError(Problem("nested too deep", document.place(()))) from None


def _problem(model: type[BaseModel], document: Document, error: Any) -> Problem:
    loc: Path = tuple(error["loc"])
    kind, last = error["type"], loc[-1] if loc else ""
    on_key = kind in ("missing", "extra_forbidden")
    where = loc[:-1] if kind == "missing" else loc
    place = document.place(where, key=on_key)
    message, help_ = _words(model, loc, kind, error)
    shown = last if on_key and kind != "missing" else error.get("input")
    if kind == "missing":
        shown = where[-1] if where and isinstance(where[-1], str) else ""
    width = len(str(shown)) if isinstance(shown, (str, int, float)) and not isinstance(shown, bool) else 1
    return Problem(message, place, help_, max(1, min(width, 60)))


def _words(model: type[BaseModel], loc: Path, kind: str, error: Any) -> tuple[str, str]:
    last, parent = (loc[-1] if loc else ""), model_at(model, loc[:-1])
    if kind == "extra_forbidden":
        fields = list(shape(parent)) if parent else []
        return f"unknown key `{last}`{_inside(loc)}", suggestion(last, fields) or _one_of(fields)
    if kind == "missing":
        return f"`{last}` is missing{_inside(loc)}", ""
    if kind == "literal_error":
        choices = list(shape(parent)[str(last)].choices) if parent and last in shape(parent) else []
        given = str(error["input"])[:60]
        return f"`{given}` is not a {last}", suggestion(given, choices) or _one_of(choices)
    if kind in ("model_type", "model_attributes_type"):
        inner = model_at(model, loc)
        return f"expected a mapping under `{_name(loc)}`", _one_of(list(shape(inner)) if inner else [])
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = error["ctx"].get("ge", error["ctx"].get("le"))
        word = "at least" if kind == "greater_than_equal" else "at most"
        return f"`{_name(loc)}` is {str(error['input'])[:60]}, expected {word} {bound:g}", ""
    if kind in _EXPECTED:
        return f"`{_name(loc)}`: {_EXPECTED[kind]}", ""
    return f"`{_name(loc)}`: {error['msg']}", ""


def _name(loc: Path) -> str:
    return next((str(step) for step in reversed(loc) if isinstance(step, str)), "this file")


def _inside(loc: Path) -> str:
    return f" in {_name(loc[:-1])}" if len(loc) > 1 else ""


def _one_of(words: list[str]) -> str:
    return f"one of: {', '.join(words)}" if words else ""
