"""`migrascope prices`: what something costs at list, and how sure that is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from migrascope.cli import options

if TYPE_CHECKING:
    from migrascope.knowledge.prices import Price, System


@click.group("prices")
def command() -> None:
    """Show what something costs at list. Offline: the price book ships, with the source and the day of each figure."""


@command.command("show")
@click.argument("sku")
@click.argument("region")
@click.option("--os", "system", type=click.Choice(["linux", "windows"]), default="linux", show_default=True)
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(sku: str, region: str, system: System, form: str) -> int:
    """The list price of SKU in REGION: a size of a machine (m5.large, Standard_D2s_v5) or an item (aws-gp3, azure-nat).

    Quality is exact, family_derived, estimated or absent. A price that cannot be derived is absent, never guessed.
    """
    from migrascope.readers.prices import read_prices

    price = read_prices()[0].price(sku, region, system)
    if form == "json":
        options.deliver("-", (json.dumps(_as_json(price), ensure_ascii=False) + "\n").encode())
    else:
        options.deliver("-", f"{_as_text(price)}\n".encode())
    if price.amount is None:
        options.remark(f"no price of {sku} in {region}: {price.why}")
    return 0


def _as_json(price: Price) -> dict[str, Any]:
    return {
        "sku": price.sku,
        "region": price.region,
        "os": price.os,
        "price": None if price.amount is None else float(price.amount),
        "unit": price.unit,
        "currency": price.currency,
        "quality": price.quality,
        "source": price.source or None,
        "as_of": None if price.as_of is None else price.as_of.isoformat(),
    }


def _an(unit: str) -> str:
    return f"an {unit}" if unit[0].lower() in "hi" else f"a {unit}"


def _as_text(price: Price) -> str:
    of = f"{price.sku}  {price.region}" + (f"  {price.os}" if price.os else "")
    if price.amount is None:
        return f"{of}  absent"
    return (
        f"{of}  {price.amount.normalize():f} {price.currency} {_an(price.unit)}  {price.quality}, {price.source}, {price.as_of}"
    )
