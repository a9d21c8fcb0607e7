"""Short ways to write AWS calls down."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from migrascope.collectors.cloud.operation import Further, Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin

_PREFIX: Final = {"elb": "elasticloadbalancing", "elbv2": "elasticloadbalancing", "efs": "elasticfilesystem",
                  "opensearch": "es"}  # fmt: skip
"""Where the name of a service in a policy differs from its name in the SDK."""


def call(service: str, name: str, items: str = "", **more: Any) -> Operation:
    """A call whose permission is named like it, unless `permissions` says otherwise."""
    allowed = more.pop("permissions", (f"{_PREFIX.get(service, service)}:{name}",))
    return Operation(service, name, items, permissions=allowed, **more)


def about_each(operation: Operation, field: str, parameter: str) -> Further:
    """A call about each item of a listing, named by a field of it."""
    return Further(operation, picked(field), lambda refs: {parameter: refs[0]["key"]})


def about_many(operation: Operation, field: str, parameter: str, at_once: int, **fixed: Any) -> Further:
    """A call about some items of a listing at a time."""
    return Further(operation, picked(field), lambda refs: {parameter: [ref["key"] for ref in refs], **fixed}, at_once)


def picked(field: str) -> Callable[[Mapping[str, Any], RecordOrigin], Iterator[Ref]]:
    """Takes one field of an item along."""

    def pick(item: Mapping[str, Any], origin: RecordOrigin) -> Iterator[Ref]:
        if field in item:
            yield {"key": item[field]}

    return pick
