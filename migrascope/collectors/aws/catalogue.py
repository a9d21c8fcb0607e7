"""Every call that `collect aws` makes, and no other. The guard, the policy and the dry run read this list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from migrascope.collectors.aws import buckets, compute, data, identity, network, services, watch
from migrascope.collectors.cloud.operation import Operation

OPERATIONS: Final[tuple[Operation, ...]] = tuple(
    sorted(
        (
            each
            for family in (compute, network, data, buckets, services, identity, watch)
            for each in family.OPERATIONS
        ),
        key=lambda each: each.name,
    )
)  # fmt: skip
SAVED: Final[tuple[Operation, ...]] = (*OPERATIONS, *identity.SAVED)
"""The same, with those that are only read from files."""


def every_call() -> Iterator[Operation]:
    """Each call, with those that follow from others."""
    for operation in OPERATIONS:
        yield from operation.all()
