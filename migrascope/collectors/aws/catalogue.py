"""Every call that `collect aws` makes, and no other. The guard, the policy and the dry run read this list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from migrascope.collectors.aws import bills, buckets, compute, data, identity, labels, network, services, watch
from migrascope.collectors.cloud.operation import Operation

OPERATIONS: Final[tuple[Operation, ...]] = tuple(
    sorted(
        (
            each
            for family in (compute, network, data, buckets, services, identity, labels, watch, bills)
            for each in family.OPERATIONS
        ),
        key=lambda each: each.name,
    )
)  # fmt: skip
SAVED: Final[tuple[Operation, ...]] = (*OPERATIONS, *identity.SAVED)
"""The same, with those that are only read from files."""


OPTIONS: Final = tuple(sorted({each.when for operation in OPERATIONS for each in operation.all() if each.when}))
"""What is only asked when somebody wants it."""


def every_call(options: tuple[str, ...] = OPTIONS) -> Iterator[Operation]:
    """Each call, with those that follow from others."""
    for operation in OPERATIONS:
        yield from (each for each in operation.all() if each.when in ("", *options))
