"""What things cost: sizes of machines by family and region, licences on top, and the rest item by item.

Absent is better than wrong: a price that cannot be derived is no price. Money is USD an hour or as the unit says, net of tax.
What was refreshed lies over what ships, and what the user pays by contract lies over both.
"""

from __future__ import annotations

import datetime as dt
import re
import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final, Literal

from migrascope.knowledge.list_prices import Discount, Egress, ListPrice, ListPrices, SupportPlan
from migrascope.model.phrase import Phrase
from migrascope.texts import later

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
_AZURE_CORES: Final = frozenset((1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 48, 64, 72, 80, 96, 104, 112, 120, 128, 176, 192))
_HOME: Final = ("us-east-1", "eastus")
"""Where an item's price is taken from, if it is known in several regions and not in the one that is asked."""
_ENOUGH: Final = 2
"""So many sizes have to agree on the price of a family, for it to be more than an estimate."""
_ENOUGH_FAMILIES: Final = 5
"""So many families have to be sold in two regions, for their prices to say how dear one is beside the other."""


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
    """What a size holds. None where the source does not say it."""

    name: str
    vcpus: int
    memory_mib: float
    arch: Literal["x86_64", "arm64"]
    current: bool
    burstable: bool
    iops: float | None = None
    mbps: float | None = None
    disks: int | None = None
    nics: int | None = None


@dataclass(frozen=True, slots=True)
class Agreed:
    """What somebody pays less than list, by a contract [share of the price]."""

    provider: str
    share: Decimal
    machines_only: bool = False


Known = Mapping[tuple[str, str, System | None], Price]
"""Prices that were read one by one, by name in lower case, region and system."""


@dataclass(frozen=True, slots=True)
class PriceBook:
    """All prices that an opinion rests on."""

    aws: Mapping[tuple[str, str], FamilyPrice]
    azure: Mapping[tuple[str, str], FamilyPrice]
    sizes: Mapping[str, MachineSize]
    listed: ListPrices
    aws_source: str
    azure_source: str
    refreshed: Known = field(default_factory=dict)
    contract: Known = field(default_factory=dict)
    agreed: tuple[Agreed, ...] = ()
    complete: frozenset[tuple[str, str]] = frozenset()
    """Sellers and regions of which all machines were read."""
    _found: dict[tuple[str, str, System], Price] = field(default_factory=dict, repr=False, compare=False)
    _ratios: dict[tuple[str, str, str], Decimal | None] = field(default_factory=dict, repr=False, compare=False)
    _by_name: dict[str, list[ListPrice]] = field(default_factory=dict, repr=False, compare=False)

    def with_(self, **more: object) -> PriceBook:
        """The same with other prices over it."""
        return replace(self, **more, _found={}, _ratios={}, _by_name={})  # type: ignore[arg-type]

    def price(self, sku: str, region: str, os: System = "linux") -> Price:
        """A size of a machine an hour, or an item of the list; West Europe is westeurope, and M5.LARGE m5.large."""
        region = plain_region(region)
        if _AWS.match(sku.lower()):
            sku = sku.lower()
        mark = (sku, region, os)
        if mark not in self._found:
            self._found[mark] = self._looked_up(sku, region, os)
        return self._found[mark]

    def _looked_up(self, sku: str, region: str, os: System) -> Price:
        name = sku.lower().removeprefix("standard_")
        for system in (os, None):
            if (name, region, system) in self.contract:
                return self.contract[name, region, system]
        found = next(
            (self.refreshed[mark] for mark in ((name, region, os), (name, region, None)) if mark in self.refreshed), None
        )
        if found is None and self.complete_in(sku, region) and (_AWS.match(sku) or _AZURE.match(sku)):
            return _absent(sku, region, os, Phrase(later("it is not on the price list of {region}"), region=region))
        return self._less(found or self._at_list(sku, region, os))

    def _less(self, price: Price) -> Price:
        """What a contract takes off."""
        seller = self.seller(price.sku)
        machine = price.unit == "hour" and price.os is not None
        shares = [each.share for each in self.agreed if each.provider == seller and (machine or not each.machines_only)]
        if not shares or price.amount is None:
            return price
        share = max(shares)
        return replace(price, amount=price.amount * (1 - share), source=f"{price.source}, less {share:.1%} by contract")

    def seller(self, sku: str) -> str | None:
        """Who sells it, by its name."""
        items = self._items().get(sku)
        if items:
            return items[0].provider
        return "aws" if _AWS.match(sku.lower()) or sku.startswith("db.") else "azure" if _AZURE.match(sku) else None

    def _items(self) -> Mapping[str, list[ListPrice]]:
        """The items of the list by their name."""
        if not self._by_name:
            for each in self.listed.items:
                self._by_name.setdefault(each.id, []).append(each)
        return self._by_name

    def _at_list(self, sku: str, region: str, os: System) -> Price:
        items = self._items().get(sku)
        if items:
            return self._item(items, region)
        if (match := _AWS.match(sku)) is not None:
            return self._aws(sku, match, region, os)
        if (azure := _AZURE.match(sku)) is not None:
            return self._azure(sku, azure, region, os)
        near = [known for known in self._items() if known.endswith(f"-{sku.lower()}")]
        if near:
            return _absent(sku, region, os, Phrase(later("nothing has this name; perhaps {names}"), names=", ".join(near)))
        if sku.lower().startswith("standard_"):
            sized = later("the price book does not have this size of Azure: `prices refresh` reads it, or a rate card says it")
            return _absent(sku, region, os, Phrase(sized))
        return _absent(sku, region, os, Phrase(later("no size of AWS or Azure, and no item of the list, has this name")))

    def _item(self, items: list[ListPrice], region: str) -> Price:
        """The item in its region; elsewhere by how dear machines are there beside a region that is known."""
        exact = (each for each in items if each.region in (region, "*"))
        item = next(exact, None) or min(items, key=lambda each: (each.region not in _HOME, each.region))
        source = self.listed.sources[item.source]
        price = Price(item.id, region, None, item.price, item.unit, "exact", source.title, source.as_of)
        if item.region in (region, "*"):
            return price
        ratio = self._ratio(item.provider, item.region, region)
        if ratio is None:
            return _absent(
                item.id, region, None, Phrase(later("no price is known of it in {region}"), region=region), item.unit
            )
        told = f"{item.region}'s price x {ratio}, as machines cost there; {source.title}"
        return replace(price, amount=item.price * ratio, quality="estimated", source=told)

    def _ratio(self, provider: str, base: str, region: str) -> Decimal | None:
        """What machines cost in a region beside another: the median over the families that both sell."""
        mark = (provider, base, region)
        if mark not in self._ratios:
            table = self.aws if provider == "aws" else self.azure
            here = {family: price.amount for (family, where), price in table.items() if where == region}
            there = {family: price.amount for (family, where), price in table.items() if where == base}
            both = [here[family] / there[family] for family in here.keys() & there.keys()]
            enough = len(both) >= _ENOUGH_FAMILIES
            self._ratios[mark] = Decimal(statistics.median(both)).quantize(Decimal("0.001")) if enough else None
        return self._ratios[mark]

    def _aws(self, sku: str, match: re.Match[str], region: str, os: System) -> Price:
        family = self.aws.get((match["family"], region))
        size = self.sizes.get(sku)
        if size is None and any(name == match["family"] for name, _ in self.aws):
            return _absent(sku, region, os, Phrase(later("AWS sells no size of this name")))
        if family is None:
            return self._no_family(sku, region, os, match["family"], self.aws)
        units = Decimal(_UNITS[match["name"]]) if match["name"] else 8 * Decimal(match["times"])
        quality: Quality = "family_derived" if family.agree >= _ENOUGH else "estimated"
        price = Price(sku, region, os, family.amount * units, "hour", quality, self.aws_source, family.as_of)
        if os == "linux":
            return price
        if size is None:
            return _absent(sku, region, os, Phrase(later("how many processors it has is not known")))
        if size.arch == "arm64" or size.burstable:
            why = (
                Phrase(later("Windows does not run on it"))
                if size.arch == "arm64"
                else Phrase(later("burstable sizes have an uplift of their own"))
            )
            return _absent(sku, region, os, why)
        return self._with_windows(price, size.vcpus)

    def _azure(self, sku: str, match: re.Match[str], region: str, os: System) -> Price:
        name = f"{match['letter'].upper()}{match['more'].lower()}{match['version'].lower()}"
        family = self.azure.get((name, region))
        if family is None:
            return self._no_family(sku, region, os, name, self.azure)
        cores = int(match["cores"])  # one with fewer cores switched on costs the same
        if cores not in _AZURE_CORES:
            return _absent(sku, region, os, Phrase(later("Azure sells no size with so many processors")))
        quality: Quality = "family_derived" if family.agree == family.seen else "estimated"
        price = Price(sku, region, os, family.amount * cores, "hour", quality, self.azure_source, family.as_of)
        if os == "linux":
            return price
        if not _AZURE_WINDOWS.match(name) or "p" in match["more"].lower():
            return _absent(sku, region, os, Phrase(later("Windows does not run on it, or at a price of its own")))
        return self._with_windows(price, cores)

    def _with_windows(self, price: Price, vcpus: int) -> Price:
        uplift = self.licence("windows") * vcpus
        amount = None if price.amount is None else price.amount + uplift
        licence = next(each for each in self.listed.licences if each.id == "windows")
        source = f"{price.source}; Windows {licence.price} a vCPU, {self.listed.sources[licence.source].title}"
        return Price(price.sku, price.region, "windows", amount, price.unit, price.quality, source, price.as_of)

    def complete_in(self, sku: str, region: str) -> bool:
        """All machines that its seller has in a region were read: what is not among them is not sold there."""
        return (self.seller(sku) or "", region) in self.complete

    def vcpus(self, sku: str) -> int | None:
        """How many virtual processors a size has; None where it is not known."""
        if (match := _AZURE.match(sku)) is not None:
            return int(match["used"] or match["cores"])
        sku = sku.lower()
        return self.sizes[sku].vcpus if sku in self.sizes else None

    def size(self, sku: str) -> MachineSize | None:
        """What a size holds, however its name is written; None where it is not known."""
        if (sku if sku in self.sizes else sku.lower()) in self.sizes:
            return self.sizes[sku if sku in self.sizes else sku.lower()]
        match = _AZURE.match(sku)
        if match is None or match["used"]:
            return None
        return self.sizes.get(
            f"Standard_{match['letter'].upper()}{match['cores']}{match['more'].lower()}{match['version'].lower()}"
        )

    def runs_windows(self, sku: str, region: str) -> bool:
        """Windows can be bought on it."""
        return self.price(sku, region, "windows").amount is not None

    def windows_uplift(self, sku: str, region: str) -> Decimal | None:
        """What Windows adds to an hour of a machine; None where either price is not known. A contract may make it nothing."""
        windows, linux = self.price(sku, region, "windows").amount, self.price(sku, region).amount
        return None if windows is None or linux is None else max(windows - linux, Decimal())

    def discount(self, years: int) -> Discount:
        """What a commitment for so many years takes off."""
        return next(each for each in self.listed.commitments if each.years == years)

    def licence_price(self, name: str, region: str) -> Price | None:
        """The same with where it is from, for what is sold by the vCPU and hour; None where several prices are possible."""
        found = next((each for each in self.listed.licences if each.id == name), None)
        if found is None:
            return None
        source = self.listed.sources[found.source]
        return Price(name, region, None, found.price, "vCPU-hour", "exact", source.title, source.as_of)

    def licence(self, id_: str) -> Decimal:
        """What a licence costs a vCPU and hour on top of Linux. Raises LookupError where none has this name."""
        found = next((each.price for each in self.listed.licences if each.id == id_), None)
        if found is None:
            raise LookupError(id_)
        return found

    def disk(self, series: str, gib: Decimal, region: str) -> Price | None:
        """A disk of Azure: the next size up [a month]; None where none is as large, or the series has no price."""
        for tier in sorted((each for each in self.listed.disk_tiers if each.series == series), key=lambda each: each.gib):
            if tier.gib >= gib:
                price = self.price(tier.name, region)
                return price if price.amount is not None else None
        return None

    def support(self, id_: str) -> SupportPlan | None:
        """A support plan by its name."""
        return next((each for each in self.listed.support if each.id == id_), None)

    def egress(self, provider: str, gigabytes: Decimal, region: str | None = None) -> Decimal | None:
        """What so many GB cost in a month out to the internet; None for a provider that is not known."""
        table = next((each for each in self.listed.egress if each.provider == provider), None)
        if table is None:
            return None
        ratio = _dearness(table, region)
        ratio *= 1 - max(
            (each.share for each in self.agreed if each.provider == provider and not each.machines_only), default=0
        )
        ends = [Decimal(tier.above) for tier in table.tiers[1:]] + [gigabytes]
        return sum(
            (
                max(min(gigabytes, end) - tier.above, Decimal()) * tier.price * ratio
                for tier, end in zip(table.tiers, ends, strict=True)
            ),
            Decimal(),
        )

    def egress_per_gigabyte(
        self, provider: str, region: str | None, least: Decimal, most: Decimal | None
    ) -> tuple[Decimal, Decimal] | None:
        """The lowest and the highest mean price of a GB, where between `least` and `most` GB leave (None: any amount).

        The first GB are free and the last ones cheapest, so the mean is extreme at an end or where a tier begins.
        """
        table = next((each for each in self.listed.egress if each.provider == provider), None)
        if table is None:
            return None
        inside = [Decimal(t.above) for t in table.tiers if t.above > least and (most is None or t.above < most)]
        amounts = [least, *inside, *([most] if most is not None else [])]
        means = [(self.egress(provider, amount, region) or Decimal()) / amount if amount else Decimal() for amount in amounts]
        if most is None:
            means.append(means[-1] if not table.tiers else table.tiers[-1].price * _dearness(table, region))
        return min(means), max(means)

    @staticmethod
    def _no_family(sku: str, region: str, os: System, family: str, known: Mapping[tuple[str, str], FamilyPrice]) -> Price:
        if not any(where == region for _, where in known):
            return _absent(sku, region, os, Phrase(later("no price is known in the region {region}"), region=region))
        if not any(name == family for name, _ in known):
            return _absent(sku, region, os, Phrase(later("no price is known of {family}"), family=family))
        return _absent(sku, region, os, Phrase(later("no price is known of {family} in this region"), family=family))


def plain_region(region: str) -> str:
    """A region as its provider writes it for machines: in lower case, without blanks."""
    return region.lower().replace(" ", "")


def _dearness(table: Egress, region: str | None) -> Decimal:
    """The first price that is paid in a region, beside the one of the table."""
    first = next((tier.price for tier in table.tiers if tier.price), Decimal(1))
    return table.first_by_region.get(region or "", first) / first


def _absent(sku: str, region: str, os: System | None, why: str, unit: str = "hour") -> Price:
    return Price(sku, region, os, None, unit, "absent", why=why)
