"""`migrascope prices`: what something costs at list, and how sure that is."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrascope.cli import options
from migrascope.cli.progress import Progress

if TYPE_CHECKING:
    from migrascope.knowledge.prices import Price, System
    from migrascope.model.price_snapshot import PriceSnapshot

Read = Callable[[str, str, Callable[[str], None]], Any]
"""Reads the prices of a region at an address, and says how far it is."""


@click.group("prices")
def command() -> None:
    """What things cost at list: show what is known, or read the lists of today.

    `show` is offline: the price book ships, with the source and the day of each figure. `refresh` opens a connection.
    """


@command.command("refresh")
@click.option("--aws", "aws", multiple=True, metavar="REGION", help="A region of AWS, such as eu-west-1; repeatable.")
@click.option("--azure", "azure", multiple=True, metavar="REGION", help="A region of Azure, such as westeurope; repeatable.")
@click.option("-o", "--output", metavar="FILE", default="prices.json", show_default=True, help="Where the snapshot goes.")
@click.option("--aws-endpoint", metavar="URL", help="A mirror of AWS's price lists.")
@click.option("--azure-endpoint", metavar="URL", help="A mirror of Azure's retail prices.")
@options.quiet
def refresh(
    aws: tuple[str, ...],
    azure: tuple[str, ...],
    output: str,
    aws_endpoint: str | None,
    azure_endpoint: str | None,
    quiet: bool,
) -> int:
    """Read the price lists of today into a dated file, for --prices. It needs no credentials, and sends none.

    AWS publishes a table of some hundred MB a region; Azure a few thousand prices in pages. Of both only what a machine
    costs by the hour is kept: no spot, no dedicated tenancy, no reservation, no software that comes along.
    """
    from migrascope.collectors.prices import aws as aws_list
    from migrascope.collectors.prices import azure as azure_list

    if not aws and not azure:
        raise click.UsageError("name a region: --aws eu-west-1, or --azure westeurope")
    lists: list[tuple[str, str, str, Read]] = [
        *(("aws", region, aws_endpoint or aws_list.ENDPOINT, aws_list.read) for region in dict.fromkeys(aws)),
        *(("azure", region, azure_endpoint or azure_list.ENDPOINT, azure_list.read) for region in dict.fromkeys(azure)),
    ]
    with Progress(quiet=quiet) as progress:
        found = _read_lists(lists, progress)
    options.deliver(output, (found.model_dump_json(by_alias=True, indent=1) + "\n").encode())
    for origin in found.sources:
        options.remark(f"{origin.seller} {origin.region}: {origin.prices} prices", quiet_=quiet)
    return 0


def _read_lists(lists: list[tuple[str, str, str, Read]], progress: Progress) -> PriceSnapshot:
    """All of them, or none: half of a snapshot would say that what is missing is not sold."""
    import datetime as dt

    from migrascope.collectors.prices.snapshot import snapshot, source

    made = dt.datetime.now(dt.UTC).replace(microsecond=0)
    found = []
    for seller, region, address, read in lists:
        said = partial(_said, progress, f"{seller} {region}")
        found.append(source(seller, region, address, made.date().isoformat(), read(region, address, said)))
    return snapshot(made.isoformat(), found)


def _said(progress: Progress, what: str, how_far: str) -> None:
    progress.stage(f"reading prices of {what}: {how_far}")


@command.command("show")
@click.argument("sku")
@click.argument("region")
@click.option("--os", "system", type=click.Choice(["linux", "windows"]), default="linux", show_default=True)
@click.option("-f", "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@options.apply(options.prices, options.rate_card)
def show(sku: str, region: str, system: System, form: str, prices: Path | None, rate_card: Path | None) -> int:
    """The list price of SKU in REGION: a size of a machine (m5.large, Standard_D2s_v5) or an item (aws-gp3, azure-nat).

    Quality is exact, family_derived, estimated or absent. A price that cannot be derived is absent, never guessed.
    """
    from migrascope.readers.knowledge import Own, read_knowledge

    price = read_knowledge(Own(prices, rate_card)).prices.price(sku, region, system)
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
