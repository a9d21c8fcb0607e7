"""Assumptions on cost that the user brings along: a part of `cost_assumptions.yaml`, laid over ours."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from migrascope.knowledge.assumptions import CostAssumptions
from migrascope.model.problem import InputError, Problem, suggestion
from migrascope.readers.source import decode, read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import Document, parse


def with_assumptions(path: Path) -> CostAssumptions:
    """Ours with those of a file over them. Raises InputError."""
    ours = files("migrascope.knowledge").joinpath("cost_assumptions.yaml").read_bytes()
    shipped = parse(decode(ours, "knowledge/cost_assumptions.yaml"))
    own = parse(read_source(path))
    merged = _Laid(own).over(shipped.data) if isinstance(own.data, dict) else own
    found, problems = validate(CostAssumptions, merged)
    problems += _unknown_names(own, shipped.data)
    if found is None or problems:
        raise InputError(*problems)
    return found


def _unknown_names(own: Document, ours: dict[str, Any]) -> list[Problem]:
    """Names that no assumption of ours has: whoever misspells one changes nothing."""
    problems = []
    for part in ("ranges", "triangles", "price_sigma", "traffic_sigma", "effort_days"):
        given = own.data.get(part) if isinstance(own.data, dict) else None
        for name in given if isinstance(given, dict) else ():
            if name not in ours[part]:
                help_ = suggestion(name, list(ours[part])) or f"one of: {', '.join(ours[part])}"
                problems.append(Problem(f"unknown key `{name}` in {part}", own.place((part, str(name)), key=True), help_))
    return problems


class _Laid:
    """A document laid over another, key by key; every key of it keeps its place in the file."""

    def __init__(self, own: Document) -> None:
        self.own = replace(own, keys=dict(own.keys), values=dict(own.values))

    def over(self, ours: dict[str, Any]) -> Document:
        """The whole."""
        return replace(self.own, data=self._merged(ours, self.own.data))

    def _merged(self, ours: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
        both = [key for key in own if isinstance(own[key], dict) and isinstance(ours.get(key), dict)]
        found = ours | own | {key: self._merged(ours[key], own[key]) for key in both}
        self.own.keys[id(found)] = self.own.keys.get(id(own), {})
        self.own.values[id(found)] = self.own.values.get(id(own), {})
        self.own.merged.append(found)  # kept alive: places are found by identity
        return found
