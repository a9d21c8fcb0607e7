"""A call that a collector may make, what it needs, and who reads its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from migrascope.collectors.cloud.records import RecordOrigin, Records

Ref = Mapping[str, Any]
"""What a listing hands on to the calls that ask further: ids and names, no more."""

Read = Callable[[Mapping[str, Any], RecordOrigin, tuple[Ref, ...]], Records]
"""Reads one item of an answer, or the whole answer where it is no list. Also gets what was asked about."""


@dataclass(frozen=True, slots=True)
class Further:
    """A call about what a listing found: about each, or about some at a time."""

    operation: Operation
    pick: Callable[[Mapping[str, Any], RecordOrigin], Iterator[Ref]]
    """What is asked about, out of one item of the listing. Equal ones are asked about once."""
    parameters: Callable[[tuple[Ref, ...]], Mapping[str, Any]]
    at_once: int = 1


@dataclass(frozen=True, slots=True)
class Operation:
    """A read call.

    `covers` names what a full answer makes complete: `server`, `server.tags`, `storage.encrypted`.
    """

    service: str
    call: str
    items: str = ""
    """Where the list stands in an answer, with dots; empty: the answer is one thing."""
    read: Read | None = None
    covers: tuple[str, ...] = ()
    reach: Literal["region", "account"] = "region"
    permissions: tuple[str, ...] = ()
    parameters: Mapping[str, Any] | None = None
    further: tuple[Further, ...] = ()
    absent: tuple[str, ...] = ()
    """Error codes that say: there is none. They answer the question."""
    off: tuple[str, ...] = ()
    """Error codes that say: this service is not in use here."""
    sparse: bool = False
    """A list that is empty is left out of the answer."""
    page_size: int = 0
    """How many to ask for at a time; 0: as many as the service gives by itself."""
    paid: bool = False
    when: str = ""
    """The option that asks for it; empty: always."""
    instead_of: tuple[str, ...] = ()
    """Listings that it tells whole."""

    @property
    def name(self) -> str:
        """As coverage records and places name it."""
        return f"{self.service}:{self.call}"

    def all(self) -> Iterator[Operation]:
        """This call and all that follow from it."""
        yield self
        for each in self.further:
            yield from each.operation.all()


def items_of(operation: Operation, answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The items of an answer. Raises MalformedError where the list is not where it belongs."""
    found: Any = answer
    if not operation.items:
        return [answer]
    if operation.sparse and set(answer) <= {"ResponseMetadata"}:
        return []
    for part in operation.items.split("."):
        if not isinstance(found, Mapping) or part not in found:
            raise MalformedError(f"the answer has no {operation.items}")
        found = found[part]
    if not isinstance(found, list):
        raise MalformedError(f"{operation.items} is not a list")
    return [item if isinstance(item, Mapping) else {"value": item} for item in found]


class MalformedError(ValueError):
    """An answer is not of the shape that its maker documents."""
