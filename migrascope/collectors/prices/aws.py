"""The price list of EC2 in one region: a table of some hundred MB, of which a few thousand rows are what a machine costs.

What is left out is what has led others astray: dedicated tenancy and hosts, capacity that is reserved and unused, machines that
come with software of their own, licences that are brought along, and rows that cost nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from migrascope.collectors.prices.fetch import Said, text_lines
from migrascope.collectors.prices.snapshot import Row
from migrascope.knowledge.prices import System
from migrascope.model.problem import input_error

ENDPOINT: Final = "https://pricing.us-east-1.amazonaws.com"
_HEAD: Final = 5
"""Lines about the list itself, before the names of the columns."""
_NEEDED: Final = (
    "TermType", "Unit", "PricePerUnit", "Currency", "Product Family", "Instance Type", "Tenancy", "Operating System",
    "License Model", "Pre Installed S/W", "CapacityStatus",
)  # fmt: skip
_SYSTEMS: Final[Mapping[str, System]] = {"Linux": "linux", "Windows": "windows"}
_VOLUMES: Final = {"gp3": "aws-gp3", "gp2": "aws-gp2", "io2": "aws-io2", "st1": "aws-st1", "sc1": "aws-sc1"}


def read(region: str, endpoint: str, said: Said) -> Iterator[Row]:
    """What machines and disks cost in a region. Raises InputError."""
    lines = text_lines(endpoint, f"/offers/v1.0/aws/AmazonEC2/current/{region}/index.csv", said)
    published = _published(lines, region)
    table = csv.DictReader(lines)
    lacking = [name for name in _NEEDED if name not in (table.fieldnames or ())]
    if lacking:
        raise input_error(f"has no column {', '.join(lacking)}", f"the price list of {region}", "tell us: its form changed")
    for row in table:
        if (price := _machine(row, region, published) or _disk(row, region, published)) is not None:
            yield price


def _published(lines: Iterable[str], region: str) -> str:
    """The day of the list."""
    what, help_ = f"the price list of {region}", "try again later"
    day = ""
    for number, line in enumerate(lines, start=1):
        name, _, value = line.strip().partition(",")
        if name.strip('"') == "Publication Date":
            day = value.strip('"')[:10]
        if number == _HEAD:
            try:
                return dt.date.fromisoformat(day).isoformat()
            except ValueError:
                raise input_error(f"is of no day that can be read: {day or 'none is given'}", what, help_) from None
    raise input_error("is empty", what, help_)


def _paid(amount: str | None) -> str | None:
    """An amount above zero, as short as it can be written; None for anything else."""
    try:
        value = Decimal(amount or "")
    except InvalidOperation:
        return None
    return f"{value.normalize():f}" if value.is_finite() and value > 0 else None


def _machine(row: Mapping[str, str], region: str, day: str) -> Row | None:
    asked = {
        "TermType": "OnDemand", "Unit": "Hrs", "Currency": "USD", "Tenancy": "Shared", "Pre Installed S/W": "NA",
        "CapacityStatus": "Used", "License Model": "No License required",
    }  # fmt: skip
    if not (row["Product Family"] or "").startswith("Compute Instance") or any(row[key] != want for key, want in asked.items()):
        return None
    system = _SYSTEMS.get(row["Operating System"])
    amount = _paid(row["PricePerUnit"])
    if system is None or amount is None:
        return None
    return Row(sku=row["Instance Type"], region=region, os=system, unit="hour", price=amount, currency="USD", as_of=day)


def _disk(row: Mapping[str, str], region: str, day: str) -> Row | None:
    name = _VOLUMES.get(row.get("Volume API Name", ""))
    if name is None or row["Product Family"] != "Storage" or row["TermType"] != "OnDemand" or row["Unit"] != "GB-Mo":
        return None
    amount = _paid(row["PricePerUnit"])
    if row["Currency"] != "USD" or amount is None:
        return None
    return Row(sku=name, region=region, os=None, unit="GB-month", price=amount, currency="USD", as_of=day)
