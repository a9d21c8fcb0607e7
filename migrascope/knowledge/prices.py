"""What things cost at list: sizes of machines by family and region, licences on top, and the rest item by item.

Absent is better than wrong: a price that cannot be derived is no price. Money is USD an hour or as the unit says, net of tax.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from migrascope.model.base import Frozen
from migrascope.model.scalars import Day, Items, Text

Money = Annotated[Decimal, BeforeValidator(lambda value: Decimal(value) if isinstance(value, str) else value)]
"""An amount as it is written: a text, so that no digit of it is lost on the way."""
Quality = Literal["exact", "family_derived", "estimated", "absent"]
System = Literal["linux", "windows"]

_UNITS: Final = {"nano": "0.25", "micro": "0.5", "small": "1", "medium": "2", "large": "4", "xlarge": "8"}
_AWS: Final = re.compile(
    r"^(?P<family>[a-z][a-z0-9-]*)\.(?:(?P<times>\d+)xlarge|(?P<name>nano|micro|small|medium|large|xlarge))$"
)
_AZURE: Final = re.compile(
    r"(?i)^(?:standard_)?(?P<letter>[a-z]+?)(?P<cores>\d+)(?:-(?P<used>\d+))?(?P<more>[a-z]*)(?P<version>_v\d+)$"
)
_AZURE_WINDOWS: Final = re.compile(r"^[DEFLM]")
"""Series whose Windows price is Linux and the uplift; burstable ones have one of their own, which is not known here."""
_ENOUGH: Final = 2
"""So many sizes have to agree on the price of a family, for it to be more than an estimate."""


class PriceSource(Frozen):
    """Where a figure was read, and of when it is."""

    title: Text
    as_of: Day


class ListPrice(Frozen):
    """One item at list."""

    id: Text
    provider: Literal["aws", "azure"]
    region: Text
    unit: Text
    price: Money
    source: Text
    second: Text | None = None
    """A second source that says the same, independent of the first."""


class Tier(Frozen):
    """A price that holds above so many GB in a month."""

    above: Annotated[int, Field(ge=0)]
    price: Money


class Egress(Frozen):
    """What a GB costs out to the internet, by how many went before it in the month."""

    provider: Literal["aws", "azure"]
    region: Text
    tiers: Items[Tier]
    source: Text
    second: Text | None = None


class Licence(Frozen):
    """What a vCPU costs an hour on top of Linux."""

    id: Text
    providers: Items[Literal["aws", "azure"]]
    price: Money
    source: Text
    second: Text | None = None


class Discount(Frozen):
    """What a commitment takes off the price of Linux, as a share of it."""

    years: Literal[1, 3]
    least: Money
    most: Money
    source: Text
    second: Text | None = None


class ListPrices(Frozen):
    """The file `list_prices.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    checked: Day
    currency: Text
    sources: dict[str, PriceSource]
    items: Items[ListPrice]
    egress: Items[Egress]
    licences: Items[Licence]
    commitments: Items[Discount]


@dataclass(frozen=True, slots=True)
class Price:
    """A price with where it is from; `amount` is None where there is none, and `why` says so."""

    sku: str
    region: str
    os: System | None
    amount: Decimal | None
    unit: str
    quality: Quality
    source: str = ""
    as_of: dt.date | None = None
    currency: str = "USD"
    why: str = ""


@dataclass(frozen=True, slots=True)
class FamilyPrice:
    """The price of a family in a region, for a unit of size (AWS) or a vCPU (Azure) [USD an hour]."""

    amount: Decimal
    seen: int
    agree: int
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class MachineSize:
    """What a size holds."""

    vcpus: int
    memory_mib: float
    arch: Literal["x86_64", "arm64"]
    current: bool
    burstable: bool


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All list prices that ship."""

    aws: Mapping[tuple[str, str], FamilyPrice]
    azure: Mapping[tuple[str, str], FamilyPrice]
    sizes: Mapping[str, MachineSize]
    list: ListPrices
    aws_source: str
    azure_source: str

    def price(self, sku: str, region: str, os: System = "linux") -> Price:
        """A size of a machine an hour, or an item of the list."""
        item = next((each for each in self.list.items if each.id == sku), None)
        if item is not None:
            return self._item(item, region)
        if (match := _AWS.match(sku)) is not None:
            return self._aws(sku, match, region, os)
        if (azure := _AZURE.match(sku)) is not None:
            return self._azure(sku, azure, region, os)
        return _absent(sku, region, os, "no size of AWS or Azure, and no item of the list, has this name")

    def _item(self, item: ListPrice, region: str) -> Price:
        if region != item.region:
            return _absent(item.id, region, None, f"known in {item.region} only", item.unit)
        source = self.list.sources[item.source]
        return Price(item.id, region, None, item.price, item.unit, "exact", source.title, source.as_of)

    def _aws(self, sku: str, match: re.Match[str], region: str, os: System) -> Price:
        family = self.aws.get((match["family"], region))
        size = self.sizes.get(sku)
        if family is None:
            return self._no_family(sku, region, os, match["family"], self.aws)
        units = Decimal(_UNITS[match["name"]]) if match["name"] else 8 * Decimal(match["times"])
        quality: Quality = "family_derived" if family.agree >= _ENOUGH else "estimated"
        price = Price(sku, region, os, family.amount * units, "hour", quality, self.aws_source, family.as_of)
        if os == "linux":
            return price
        if size is None:
            return _absent(sku, region, os, "how many processors it has is not known")
        if size.arch == "arm64" or size.burstable:
            why = "Windows does not run on it" if size.arch == "arm64" else "burstable sizes have an uplift of their own"
            return _absent(sku, region, os, why)
        return self._with_windows(price, size.vcpus)

    def _azure(self, sku: str, match: re.Match[str], region: str, os: System) -> Price:
        name = f"{match['letter'].upper()}{match['more'].lower()}{match['version'].lower()}"
        family = self.azure.get((name, region))
        if family is None:
            return self._no_family(sku, region, os, name, self.azure)
        cores = int(match["cores"])  # one with fewer cores switched on costs the same
        quality: Quality = "family_derived" if family.agree == family.seen else "estimated"
        price = Price(sku, region, os, family.amount * cores, "hour", quality, self.azure_source, family.as_of)
        if os == "linux":
            return price
        if not _AZURE_WINDOWS.match(name) or "p" in match["more"].lower():
            return _absent(sku, region, os, "Windows does not run on it, or at a price of its own")
        return self._with_windows(price, cores)

    def _with_windows(self, price: Price, vcpus: int) -> Price:
        uplift = self.licence("windows") * vcpus
        amount = None if price.amount is None else price.amount + uplift
        licence = next(each for each in self.list.licences if each.id == "windows")
        source = f"{price.source}; Windows {licence.price} a vCPU, {self.list.sources[licence.source].title}"
        return Price(price.sku, price.region, "windows", amount, price.unit, price.quality, source, price.as_of)

    def vcpus(self, sku: str) -> int | None:
        """How many virtual processors a size has; None where it is not known."""
        if (match := _AZURE.match(sku)) is not None:
            return int(match["used"] or match["cores"])
        return self.sizes[sku].vcpus if sku in self.sizes else None

    def discount(self, years: int) -> Discount:
        """What a commitment for so many years takes off."""
        return next(each for each in self.list.commitments if each.years == years)

    def licence(self, id_: str) -> Decimal:
        """What a licence costs a vCPU and hour on top of Linux. Raises LookupError where none has this name."""
        return next(each.price for each in self.list.licences if each.id == id_)

    def egress(self, provider: str, gigabytes: Decimal) -> Decimal | None:
        """What so many GB cost in a month out to the internet; None for a provider that is not known."""
        table = next((each for each in self.list.egress if each.provider == provider), None)
        if table is None:
            return None
        ends = [Decimal(tier.above) for tier in table.tiers[1:]] + [gigabytes]
        return sum(
            (
                max(min(gigabytes, end) - tier.above, Decimal()) * tier.price
                for tier, end in zip(table.tiers, ends, strict=True)
            ),
            Decimal(),
        )

    @staticmethod
    def _no_family(sku: str, region: str, os: System, family: str, known: Mapping[tuple[str, str], FamilyPrice]) -> Price:
        if not any(where == region for _, where in known):
            return _absent(sku, region, os, "no price is known in this region")
        if not any(name == family for name, _ in known):
            return _absent(sku, region, os, f"no price is known of {family}")
        return _absent(sku, region, os, f"no price is known of {family} in this region")


def _absent(sku: str, region: str, os: System | None, why: str, unit: str = "hour") -> Price:
    return Price(sku, region, os, None, unit, "absent", why=why)
