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

from migrascope.knowledge.prices import FamilyPrice, ListPrices, MachineSize, PriceBook
from migrascope.readers.shipped import read_file

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
    sizes = {
        row["size"]: MachineSize(
            int(row["vcpus"]), float(row["memory_mib"]), "arm64" if row["arch"] == "arm64" else "x86_64",
            row["current"] == "1", row["burstable"] == "1",
        )
        for row in _rows("aws_sizes.csv")
    }  # fmt: skip
    listed, raw = read_file("list_prices.yaml", ListPrices)
    tables = "".join(map(_text, ("price_sources.json", "aws_compute.csv", "azure_compute.csv", "aws_sizes.csv"))).encode()
    book = PriceBook(aws, azure, sizes, listed, str(known["source"]), _AZURE_SOURCE)
    return book, hashlib.sha256(raw + tables).hexdigest()


def _text(name: str) -> str:
    return files("migrascope.knowledge").joinpath(name).read_text(encoding="utf-8")


def _rows(name: str) -> Iterator[Mapping[str, str]]:
    return iter(csv.DictReader(_text(name).splitlines()))
