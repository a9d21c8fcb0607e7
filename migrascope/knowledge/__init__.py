"""Dated facts about the world: when vendors stop, what targets can hold. Frozen; readers load it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.scalars import Amount, Day, Items, Text


class Support(Frozen):
    """Until when one version is supported. Without `ends` nobody can decide on the version alone."""

    ends: Day | None = Field(default=None, description="Last day of public security updates")
    paid_until: Day | None = Field(default=None, description="Last day of a paid extension")


class Product(Frozen):
    """A product with its versions, the authority and the day on which it was read."""

    id: Text
    name: Text
    source: Text
    checked: Day
    versions: dict[str, Support]


class EndOfLife(Frozen):
    """The file `end_of_life.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    products: Items[Product]


class DiskLimit(Frozen):
    """How large one disk can be at a provider."""

    provider: Text
    general_gib: Amount
    largest_gib: Amount
    source: Text
    checked: Day


class Limits(Frozen):
    """The file `limits.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    disks: Items[DiskLimit]


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What is known of one version of one product."""

    name: str
    ends: dt.date | None
    paid_until: dt.date | None
    source: str
    checked: dt.date


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All dated facts, and the hash of the files that they came from."""

    lifetimes: Mapping[tuple[str, str], Lifetime] = field(default_factory=dict)
    """By product id and version."""
    disk_limits: Mapping[str, DiskLimit] = field(default_factory=dict)
    """By provider."""
    sha256: str = ""


def assemble(end_of_life: EndOfLife, limits: Limits, sha256: str) -> Knowledge:
    """The knowledge that the files hold."""
    lifetimes = {
        (product.id, version): Lifetime(
            f"{product.name} {version}", support.ends, support.paid_until, product.source, product.checked
        )
        for product in end_of_life.products
        for version, support in product.versions.items()
    }
    return Knowledge(lifetimes, {limit.provider: limit for limit in limits.disks}, sha256)
