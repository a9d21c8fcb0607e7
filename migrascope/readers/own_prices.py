"""Prices that the user brings along: a snapshot that was refreshed, and a rate card with discounts."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from migrascope.knowledge.list_prices import Money, Seller
from migrascope.knowledge.prices import Agreed, Price, PriceBook, System
from migrascope.model.base import Frozen
from migrascope.model.price_snapshot import PriceSnapshot, Row, digest
from migrascope.model.problem import InputError, Problem, input_error
from migrascope.model.scalars import Currency, Day, Items, Percent, Text
from migrascope.readers.source import read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import parse


class CardPrice(Frozen):
    """A price by contract."""

    sku: Text
    region: Text
    os: Literal["linux", "windows"] | None = None
    unit: Text | None = None
    """As the price book has it; said only to be sure."""
    price: Money


class CardDiscount(Frozen):
    """A share less than list, by contract."""

    provider: Seller
    percent: Annotated[Percent, Field(lt=100)]
    on: Literal["everything", "machines"] = "everything"


class RateCard(Frozen):
    """What somebody pays by contract. It lies over every list."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    as_of: Day
    source: Text = "the rate card"
    currency: Currency = "USD"
    prices: Items[CardPrice] = ()
    discounts: Items[CardDiscount] = ()


def with_snapshot(book: PriceBook, path: Path) -> PriceBook:
    """The book with refreshed prices over it. Raises InputError."""
    try:
        found = PriceSnapshot.model_validate(json.loads(read_source(path).text))
    except (json.JSONDecodeError, ValidationError, RecursionError):
        raise input_error("is no snapshot of prices", str(path), "`migrascope prices refresh` writes one") from None
    if digest(found.prices) != found.sha256:
        edited = "does not hold the prices that it was written with"
        raise input_error(edited, str(path), "run `migrascope prices refresh` again; it is not for editing")
    wrong = [row for row in found.prices if not _good(row, book)]
    if wrong:
        what = f"{wrong[0].sku} {wrong[0].region}: {wrong[0].price} {wrong[0].currency}"
        raise input_error(f"holds a price that cannot be: {what}", str(path), "run `migrascope prices refresh` again")
    origin = {each.region: f"{each.seller}, price list read on {each.read_on}" for each in found.sources}
    refreshed = {
        _mark(row.sku, row.region, row.os): Price(
            row.sku, row.region, row.os, Decimal(row.price), row.unit, "exact", origin.get(row.region, str(path)),
            dt.date.fromisoformat(row.as_of or found.made[:10]), row.currency,
        )
        for row in found.prices
    }  # fmt: skip
    complete = frozenset((each.seller, each.region) for each in found.sources)
    return book.with_(refreshed=refreshed, complete=complete)


def _mark(sku: str, region: str, os: str | None) -> tuple[str, str, System | None]:
    return sku.lower().removeprefix("standard_"), region, os  # type: ignore[return-value]


def _good(row: Row, book: PriceBook) -> bool:
    """A number above zero, in the currency of the book."""
    try:
        return Decimal(row.price) > 0 and row.currency == book.listed.currency
    except InvalidOperation:
        return False


def with_rate_card(book: PriceBook, path: Path) -> PriceBook:
    """The book with what somebody pays by contract over it. Raises InputError with every fault of the card."""
    source = read_source(path)
    document = parse(source)
    card, problems = validate(RateCard, document)
    if card is None or problems:
        raise InputError(*problems)
    faults = list(_faults(card, book))
    if faults:
        raise InputError(*(Problem(message, document.place(at), help_) for at, message, help_ in faults))
    contract = {_mark(each.sku, each.region, _system(each, book)): _agreed_price(each, card, book) for each in card.prices}
    agreed = tuple(
        Agreed(each.provider, Decimal(str(each.percent)) / 100, machines_only=each.on == "machines") for each in card.discounts
    )
    return book.with_(contract=contract, agreed=agreed)


Fault = tuple[tuple[str | int, ...], str, str]
"""Where it stands, what is wrong, and what to do."""


def _agreed_price(each: CardPrice, card: RateCard, book: PriceBook) -> Price:
    unit = _unit(each, book) or "hour"
    return Price(
        each.sku, each.region, _system(each, book), each.price, unit, "exact", card.source, card.as_of, card.currency
    )  # fmt: skip


def _unit(each: CardPrice, book: PriceBook) -> str | None:
    """What it is paid by: an hour of a machine, or the unit of an item; None where nothing that is sold has this name."""
    items = [item for item in book.listed.items if item.id == each.sku]
    if items:
        return items[0].unit
    return "hour" if book.seller(each.sku) is not None else None


def _system(each: CardPrice, book: PriceBook) -> System | None:
    """A price of a machine is one of Linux, unless it says otherwise."""
    item = any(known.id == each.sku for known in book.listed.items)
    return None if item else each.os or "linux"


def _faults(card: RateCard, book: PriceBook) -> Iterator[Fault]:
    """Where a card contradicts itself, or prices nothing."""
    listed = book.listed.currency
    if card.currency != listed:
        yield ("currency",), f"is {card.currency}, and list prices are in {listed}", f"write the prices of the card in {listed}"
    seen: dict[object, int] = {}
    for number, each in enumerate(card.prices):
        name = f"{each.sku} in {each.region}"
        if each.price == 0:
            yield ("prices", number, "price"), f"{name} costs nothing", "leave the row out, or give its price"
        unit = _unit(each, book)
        if unit is None:
            yield ("prices", number, "sku"), f"nothing that is sold has the name {each.sku}", "see `migrascope prices show`"
        elif each.unit not in (None, unit):
            what = f"{each.sku} is paid by the {unit}, not by the {each.unit}"
            yield ("prices", number, "unit"), what, f"give its price by the {unit}"
        first = seen.setdefault(_mark(each.sku, each.region, each.os), number)
        if card.prices[first].price != each.price:
            yield ("prices", number), f"{name} costs {each.price} here and {card.prices[first].price} above", "keep one of both"
    yield from _double(card)


def _double(card: RateCard) -> Iterator[Fault]:
    """Two discounts on the same."""
    seen: set[tuple[str, str]] = set()
    for number, each in enumerate(card.discounts):
        if (each.provider, each.on) in seen:
            yield ("discounts", number), f"{each.provider} has two discounts on {each.on}", "keep one of both"
        seen.add((each.provider, each.on))
