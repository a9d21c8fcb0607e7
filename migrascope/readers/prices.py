"""The price book that ships, out of its tables."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Final

from migrascope.knowledge.list_prices import AzureSizes, ListPrice, ListPrices
from migrascope.knowledge.prices import FamilyPrice, MachineSize, PriceBook
from migrascope.readers.shipped import read_file

_TABLES: Final = ("price_sources.json", "aws_compute.csv", "azure_compute.csv", "aws_sizes.csv", "item_prices.csv")
_AZURE_SOURCE: Final = "Azure retail prices, Linux, pay as you go, per vCPU of a family"


@cache
def read_prices() -> tuple[PriceBook, str]:
    """Load it, with the hash of its files.

    The tables are made by `make prices`; `list_prices.yaml` is written by hand.
    """
    made = json.loads(_text("price_sources.json"))
    known = made["aws_compute"]
    day = dt.date.fromisoformat(known["as_of"])
    aws = {
        (row["family"], row["region"]): FamilyPrice(
            Decimal(row["usd_per_unit_hour"]), int(row["sizes_seen"]), int(row["sizes_that_agree"]), day
        )
        for row in _rows("aws_compute.csv")
    }
    azure = {
        (row["family"], row["region"]): FamilyPrice(
            Decimal(row["usd_per_vcpu_hour_linux"]), int(row["sizes_seen"]), int(row["sizes_that_agree"]),
            dt.date.fromisoformat(row["as_of"]),
        )
        for row in _rows("azure_compute.csv")
    }  # fmt: skip
    listed, raw = read_file("list_prices.yaml", ListPrices)
    listed = listed.model_copy(update={"items": tuple(_items())})
    on_azure, more = read_file("azure_sizes.yaml", AzureSizes)
    sizes = {size.name: size for size in (*_aws_sizes(), *_azure_sizes(on_azure))}
    tables = "".join(
        map(_text, ("price_sources.json", "aws_compute.csv", "azure_compute.csv", "aws_sizes.csv", "item_prices.csv"))
    ).encode()
    book = PriceBook(aws, azure, sizes, listed, str(known["source"]), _AZURE_SOURCE)
    return book, hashlib.sha256(raw + more + tables).hexdigest()


def _items() -> Iterator[ListPrice]:
    for row in _rows("item_prices.csv"):
        yield ListPrice.model_validate({
            "id": row["item"], "provider": row["provider"], "region": row["region"], "unit": row["unit"], "price": row["usd"],
            "source": row["source"], "second": row["second"] or None,
        })  # fmt: skip


def _aws_sizes() -> Iterator[MachineSize]:
    for row in _rows("aws_sizes.csv"):
        iops, mbps, disks, nics = (row[name] for name in ("baseline_iops", "baseline_mbps", "disks", "nics"))
        yield MachineSize(
            row["size"], int(row["vcpus"]), float(row["memory_mib"]), "arm64" if row["arch"] == "arm64" else "x86_64",
            row["current"] == "1", row["burstable"] == "1", float(iops) if iops else None, float(mbps) if mbps else None,
            int(disks) if disks else None, int(nics) if nics else None,
        )  # fmt: skip


def _azure_sizes(known: AzureSizes) -> Iterator[MachineSize]:
    for family in known.families:
        letter, _, rest = family.family.partition("_")
        for size in known.sizes:
            if size.only in (None, family.family):
                gib = min(size.vcpus * family.gib_per_vcpu, family.at_most_gib or 10**6)
                name = f"Standard_{letter[0]}{size.vcpus}{letter[1:]}_{rest}"
                yield MachineSize(name, size.vcpus, gib * 1024.0, "x86_64", current=True, burstable=False, iops=size.iops,
                                  mbps=size.mbps, disks=size.disks, nics=size.nics)  # fmt: skip


def _text(name: str) -> str:
    return files("migrascope.knowledge").joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    return iter(csv.DictReader(_text(name).splitlines()))
