"""A checked expression: small frozen nodes, each with its type settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from migrascope.facts.catalogue import Ref
from migrascope.facts.types import FactType, Spec


@cache
def _names(node: type[Node]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(node))


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    type: FactType

    def parts(self) -> Iterator[Node]:
        """The nodes directly inside."""
        for name in _names(type(self)):  # type: ignore[arg-type]
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif isinstance(value, tuple):
                yield from (part for part in value if isinstance(part, Node))

    def walk(self) -> Iterator[Node]:
        """This node and all inside it."""
        yield self
        for part in self.parts():
            yield from part.walk()


@dataclass(frozen=True, slots=True)
class Const(Node):
    """A number, text, truth value, date, duration or list of them."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A fact of the subject."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class ItemRef(Node):
    """A fact of the item, where the list holds subjects."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class ItemName(Node):
    """A fact of the item that `any`, `all` or `count` looks at."""

    spec: Spec


@dataclass(frozen=True, slots=True)
class Item(Node):
    """The item itself, where a list holds plain values."""


@dataclass(frozen=True, slots=True)
class Both(Node):
    """`and` (every) or `or` (not every) of its parts."""

    every: bool
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """`not`."""

    item: Node


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """One comparison: `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `not in`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`+`, `-`, `*` or `/`."""

    op: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Over(Node):
    """`any`, `all`, `count`, `sum`, `min` or `max` over a list, with a condition or a value for each item."""

    function: str
    items: Node
    each: Node | None


@dataclass(frozen=True, slots=True)
class IsKnown(Node):
    """`known(x)`."""

    item: Node


@dataclass(frozen=True, slots=True)
class TextTest(Node):
    """`startswith(text, prefix)` or `matches(text, pattern)`."""

    function: str
    item: Node
    text: str
