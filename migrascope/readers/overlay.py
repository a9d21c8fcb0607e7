"""A plan with something laid over it: what people answered, or what a scenario supposes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from migrascope.model.place import Place
from migrascope.model.places import Path
from migrascope.model.plan import Plan
from migrascope.model.problem import InputError
from migrascope.readers.plan import PlanFile, references
from migrascope.readers.validation import validate
from migrascope.readers.yaml import Document


@dataclass(frozen=True, slots=True)
class OverlaidPlan:
    """A plan with values laid over it. Each of these has its own place; the rest stands where the plan has it."""

    plan: Plan
    document: Document
    """The plan's own document."""
    file: PlanFile | OverlaidPlan
    data: Any
    """The plan as data, with what was laid over it."""
    declared: Mapping[Path, Place] = field(default_factory=dict)

    def at(self, path: Path) -> Place | None:
        """The place of a value: of what was laid over it, or of the plan."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.declared:
                return self.declared[path[:length]]
        return self.file.at(path)


def data_of(file: PlanFile | OverlaidPlan) -> Any:
    """A plan as data, with all that was laid over it."""
    return file.data if isinstance(file, OverlaidPlan) else file.document.data


@dataclass(slots=True)
class _Merged(Document):
    """The data of both, so that what does not fit is told where it was written."""

    under: Document = field(kw_only=True)
    over: Mapping[Path, Place] = field(kw_only=True)

    def place(self, path: tuple[str | int, ...], *, key: bool = False) -> Place:
        """Where the value was laid over the plan, or the line of the plan."""
        for target, where in self.over.items():
            if path[: len(target)] == target[: len(path)]:
                return where
        return self.under.place(path, key=key)


def overlaid(
    file: PlanFile | OverlaidPlan, data: Any, told: Mapping[Path, Place], written: Mapping[Path, Place]
) -> OverlaidPlan:
    """The plan of `data`, checked like any other. `told` is where evidence stands, `written` where errors are shown.

    Raises InputError with every value that does not fit.
    """
    merged = _Merged(file.document.source, data, empty=False, under=file.document, over=written)
    plan, problems = validate(Plan, merged)
    problems += references(merged)
    if plan is None or problems:
        raise InputError(*problems)
    return OverlaidPlan(plan, file.document, file, data, told)
