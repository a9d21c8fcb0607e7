"""Dated facts about the world: when vendors stop, what targets can hold. Frozen; readers load it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from migrascope.knowledge.anchors import Anchors, ProductNames
from migrascope.knowledge.assumptions import CostAssumptions
from migrascope.knowledge.ports import Port, Ports
from migrascope.knowledge.prices import PriceBook
from migrascope.model.base import Frozen
from migrascope.model.scalars import Amount, Count, Day, Items, Text


class Support(Frozen):
    """Until when one version is supported. Without `ends` nobody can decide on the version alone."""

    mainstream: Day | None = Field(default=None, description="Last day of full support, where security updates go on after it")
    ends: Day | None = Field(default=None, description="Last day of public security updates")
    paid_until: Day | None = Field(default=None, description="Last day of a paid extension")
    paid_name: Text | None = Field(default=None, description="What the vendor calls that extension")


class Product(Frozen):
    """A product with its versions, the authority and the day on which it was read."""

    id: Text
    name: Text
    source: Text
    checked: Day
    versions: dict[str, Support]


class EndOfLife(Frozen):
    """The file `end_of_life.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    products: Items[Product]


class DiskLimit(Frozen):
    """How large one disk can be at a provider."""

    provider: Text
    general_gib: Amount
    largest_gib: Amount
    system_gib: Amount | None = None
    """Largest disk that a machine can start from."""
    disks: Count | None = None
    """Most disks that any size can have."""
    replicating: Count | None = None
    """Most machines that the provider's own service replicates at a time."""
    source: Text
    checked: Day


class DiskLimits(Frozen):
    """The file `limits.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    disks: Items[DiskLimit]


class Regions(Frozen):
    """The file `regions.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    checked: Day
    sources: dict[str, Text]
    countries: dict[str, Items[Text]]
    regions: dict[str, dict[str, Text]]
    parents: dict[str, Text] = Field(default_factory=dict)
    """Country of the company that a provider belongs to."""

    def country(self, provider: str, region: str) -> str | None:
        """The country of a region, None where the table does not know it."""
        return self.regions.get(provider, {}).get(region)

    def areas(self, country: str) -> frozenset[str]:
        """The country itself and the areas it belongs to: EU, EEA."""
        found = {country}
        if country in self.countries.get("EU", ()):
            found |= {"EU", "EEA"}
        if country in self.countries.get("EEA", ()):
            found.add("EEA")
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What is known of one version of one product."""

    name: str
    ends: dt.date | None
    paid_until: dt.date | None
    source: str
    checked: dt.date


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All dated facts, and the hash of the files that they came from."""

    lifetimes: Mapping[tuple[str, str], Lifetime]
    """By product id and version."""
    disk_limits: Mapping[str, DiskLimit]
    """By provider."""
    regions: Regions
    anchors: Anchors
    ports: tuple[Port, ...]
    products: Mapping[str, str]
    """Category by well-known name, in lower case."""
    prices: PriceBook
    assumptions: CostAssumptions
    sha256: str
    checked: Mapping[str, dt.date]
    """When each source was last compared, by its name."""

    def older_than_a_year(self, as_of: dt.date) -> tuple[str, ...]:
        """Sources that nobody compared in the year before a day, each as `name (day)`."""
        limit = as_of - dt.timedelta(days=366)
        return tuple(f"{name} ({day})" for name, day in sorted(self.checked.items()) if day < limit)


def assemble(
    end_of_life: EndOfLife,
    limits: DiskLimits,
    regions: Regions,
    anchors: Anchors,
    products: ProductNames,
    ports: Ports,
    prices: PriceBook,
    assumptions: CostAssumptions,
    sha256: str,
) -> Knowledge:
    """The knowledge that the files hold."""
    lifetimes = {
        (product.id, version): Lifetime(
            f"{product.name} {version}", support.ends, support.paid_until, product.source, product.checked
        )
        for product in end_of_life.products
        for version, support in product.versions.items()
    }
    checked = {product.name: product.checked for product in end_of_life.products}
    checked |= {f"limits of {limit.provider}": limit.checked for limit in limits.disks}
    checked |= {"regions": regions.checked, "ports": ports.checked, "list prices": prices.listed.checked}
    checked |= {"cost assumptions": assumptions.checked}
    names = {name: category for category, found in products.names.items() for name in found}
    disks = {limit.provider: limit for limit in limits.disks}
    return Knowledge(lifetimes, disks, regions, anchors, ports.ports, names, prices, assumptions, sha256, checked)
