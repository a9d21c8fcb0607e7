"""The file that `prices refresh` writes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.scalars import Items, Text


class Row(Frozen):
    """One price."""

    sku: Text
    region: Text
    os: Literal["linux", "windows"] | None
    unit: Text
    price: Text
    """As it is written, so that no digit is lost."""
    currency: Text
    as_of: Text | None


class Origin(Frozen):
    """A list that was read whole: what is not among its prices is not sold there."""

    seller: Literal["aws", "azure"]
    region: Text
    address: Text
    read_on: Text
    prices: int


class PriceSnapshot(Frozen):
    """Prices of a day."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    made: Text
    sources: Items[Origin]
    prices: Items[Row]
    sha256: Text


def digest(prices: Iterable[Row]) -> str:
    """The hash of some prices, whatever the file around them looks like."""
    told = [[row.sku, row.region, row.os, row.unit, row.price, row.currency, row.as_of] for row in prices]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()
