"""A snapshot of prices: what was read, where and when, with the hash of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from migrascope.model.price_snapshot import Origin, PriceSnapshot, Row, digest
from migrascope.model.problem import input_error

__all__ = ["Row", "snapshot", "source"]


def source(seller: str, region: str, address: str, read_on: str, rows: Iterable[Row]) -> tuple[Origin, tuple[Row, ...]]:
    """One list that was read, each price once. Raises InputError where it holds nothing."""
    found = tuple(_once(rows))
    if not found:
        raise input_error("has no price of a machine", f"{seller} {region}", "check how the region is spelt")
    origin = Origin(seller=seller, region=region, address=address, read_on=read_on, prices=len(found))  # type: ignore[arg-type]
    return origin, found


def _once(rows: Iterable[Row]) -> Iterator[Row]:
    """Each price once; of several the newest, and of several of one day the lowest."""
    found: dict[tuple[str, str, str | None], Row] = {}
    for row in rows:
        mark = (row.sku.lower(), row.region, row.os)
        known = found.get(mark)
        if known is None or (row.as_of or "", -Decimal(row.price)) > (known.as_of or "", -Decimal(known.price)):
            found[mark] = row
    yield from (found[mark] for mark in sorted(found, key=lambda mark: (mark[0], mark[1], mark[2] or "")))


def snapshot(made: str, sources: Iterable[tuple[Origin, tuple[Row, ...]]]) -> PriceSnapshot:
    """All that was read, as one value."""
    lists = list(sources)
    prices = tuple(row for _, rows in lists for row in rows)
    origins = tuple(origin for origin, _ in lists)
    return PriceSnapshot.model_validate(
        {"schema": 1, "made": made, "sources": origins, "prices": prices, "sha256": digest(prices)}
    )
