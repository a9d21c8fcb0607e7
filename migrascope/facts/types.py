"""The types of facts, and one fact as the catalogue holds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from migrascope.model.place import Place

Base = Literal["text", "number", "boolean", "date", "duration", "choice", "subject", "list"]


@dataclass(frozen=True, slots=True)
class FactType:
    """What a fact holds. `kind` names the subject of a `subject`; `item` is the type of a list's items, and `fields`
    are the facts of an item that is a record."""

    base: Base
    choices: tuple[str, ...] = ()
    kind: str = ""
    item: FactType | None = None
    fields: Mapping[str, Spec] = field(default_factory=dict)

    def __str__(self) -> str:
        """The type in words."""
        if self.base == "choice":
            return f"one of {', '.join(self.choices)}"
        if self.base == "subject":
            return self.kind
        if self.base == "list":
            return f"list of {self.item}" if self.item else "list of records"
        return self.base


TEXT = FactType("text")
NUMBER = FactType("number")
BOOLEAN = FactType("boolean")
DATE = FactType("date")
DURATION = FactType("duration")

Read = Callable[[Any, Any, Any], Any]
"""Takes who asks, the holder (a subject, or an item of one of its lists) and the subject; see `model.uncertain`."""


def _nowhere(_asking: Any, _holder: Any, _subject: Any) -> tuple[Place, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Spec:
    """One fact: whose it is, what it is called, what it holds, what it means, and how it is read."""

    kind: str
    name: str
    type: FactType
    meaning: str
    read: Read
    places: Callable[[Any, Any, Any], tuple[Place, ...]] = _nowhere
    unit: str = ""
    silence: str = "gap"
    ask: str = "migration_lead"
    computed: bool = False
    function: Callable[[Any, Any], Any] | None = None
    """What computes it, where it is computed."""
    key: str = ""
    """Where the fact is a plain attribute of what was seen, or of an item in one of its lists: its key there."""
