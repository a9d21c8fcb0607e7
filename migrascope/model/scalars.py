"""The scalar types of a plan: each says in one clear line what it expects."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, Field, PlainSerializer, Strict
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from migrascope.model.problem import suggestion

T = TypeVar("T")


def _day(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value
    try:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            raise ValueError
        day = dt.date.fromisoformat(value)
        if not 1970 <= day.year <= 2200:
            raise ValueError
        return day
    except ValueError:
        raise PydanticCustomError("date", "expected a date such as 2027-03-31") from None


def _money(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise PydanticCustomError("money", "expected an amount such as 1250.50, without currency or quotes")
    return Decimal(str(value))


def _network(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return str(ipaddress.ip_network(value))
        except ValueError:
            pass
        try:
            right = str(ipaddress.ip_network(value, strict=False))
        except ValueError:
            right = "10.20.0.0/16"
        raise PydanticCustomError("cidr", "expected an address range such as {right}", {"right": right})
    raise PydanticCustomError("cidr", "expected an address range such as 10.20.0.0/16")


def _quarter(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-Q[1-4]", value):
        return value
    raise PydanticCustomError("quarter", "expected a quarter such as 2027-Q1")


def _currency(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[A-Z]{3}", value):
        return value
    raise PydanticCustomError("currency", "expected an ISO 4217 code such as EUR")


def _holidays(value: Any) -> Any:
    import holidays  # imported late: only a plan that names a country pays for it

    known = holidays.list_supported_countries()
    if isinstance(value, str) and value in known:
        return value
    guess = suggestion(str(value).upper(), known)
    text = "`{given}` is no ISO 3166 code of a country whose public holidays are known, such as NL{guess}"
    raise PydanticCustomError("holidays", text, {"given": str(value)[:60], "guess": f"; {guess}" if guess else ""})


def _biv(value: Any) -> Any:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and re.fullmatch(r"[0-9]{3}", text):
        return text
    raise PydanticCustomError("biv", "expected three digits such as 232 (availability, integrity, confidentiality)")


Text = Annotated[str, Field(min_length=1)]
Day = Annotated[dt.date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
"""A calendar day, ISO 8601."""
Money = Annotated[
    Decimal,
    BeforeValidator(_money),
    Field(ge=0),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0}),
]
"""An amount in the plan's currency, net of VAT."""
Network = Annotated[str, BeforeValidator(_network), WithJsonSchema({"type": "string"})]
"""An address range in CIDR notation."""
Quarter = Annotated[str, BeforeValidator(_quarter), WithJsonSchema({"type": "string", "pattern": r"^\d{4}-Q[1-4]$"})]
Currency = Annotated[str, BeforeValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]
Holidays = Annotated[str, BeforeValidator(_holidays), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2,3}$"})]
"""A country of which the `holidays` library knows the public holidays, as ISO 3166 code."""
Biv = Annotated[str, BeforeValidator(_biv), WithJsonSchema({"type": ["string", "integer"]})]
"""The Dutch BIV class: availability, integrity and confidentiality as three digits."""
Percent = Annotated[float, Field(ge=0, le=100)]
Amount = Annotated[float, Field(ge=0)]
"""A quantity that cannot be negative; its unit stands in the field's name."""
Count = Annotated[int, Field(ge=0)]
Items = Annotated[tuple[T, ...], Strict(strict=False)]
"""A list in the file, a tuple in the model."""
