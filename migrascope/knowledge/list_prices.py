"""The file `list_prices.yaml`: what has no table of its own, item by item, with its source and its day."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from migrascope.model.base import Frozen
from migrascope.model.scalars import Count, Day, Items, Percent, Text


def _amount(value: object) -> object:
    """A text as an amount. Raises ValueError where it is none."""
    try:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return Decimal(str(value)) if number or isinstance(value, str) else value
    except InvalidOperation:
        raise ValueError('expected an amount such as "0.096"') from None


Money = Annotated[Decimal, Field(ge=0, allow_inf_nan=False), BeforeValidator(_amount)]
"""An amount as it is written: a text, so that no digit of it is lost on the way."""
Seller = Literal["aws", "azure"]


class PriceSource(Frozen):
    """Where a figure was read, and of when it is."""

    title: Text
    as_of: Day


class ListPrice(Frozen):
    """One item at list in one region."""

    id: Text
    provider: Seller
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

    provider: Seller
    region: Text
    tiers: Items[Tier]
    first_by_region: dict[str, Money] = Field(default_factory=dict)
    """The price of the first tier that is paid, where a region has one of its own; what follows keeps its ratio to it."""
    source: Text
    second: Text | None = None


class LicencePrice(Frozen):
    """What a vCPU costs an hour on top of Linux."""

    id: Text
    providers: Items[Seller]
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


class DiskTier(Frozen):
    """A disk that is sold by its size: the price of a month is that of the next size up."""

    series: Literal["premium", "standard_ssd", "standard_hdd"]
    name: Text
    gib: Count


class SupportTier(Frozen):
    """A share of what is spent in a month, up to so much of it."""

    up_to: Count | None = None
    percent: Percent


class SupportPlan(Frozen):
    """What a support plan costs a month: a fixed amount, or a share of what is spent."""

    id: Text
    provider: Seller
    at_least: Money
    tiers: Items[SupportTier] = ()
    source: Text
    second: Text | None = None


class ListPrices(Frozen):
    """The file `list_prices.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    checked: Day
    currency: Text
    sources: dict[str, PriceSource]
    items: Items[ListPrice] = ()
    """What `item_prices.csv` holds."""
    egress: Items[Egress]
    licences: Items[LicencePrice]
    commitments: Items[Discount]
    disk_tiers: Items[DiskTier]
    support: Items[SupportPlan]


class AzureFamily(Frozen):
    """A series of Azure by the memory that goes with a processor."""

    family: Text
    gib_per_vcpu: Count
    at_most_gib: Count | None = None


class AzureSize(Frozen):
    """What a size takes, whatever its memory."""

    vcpus: Count
    disks: Count
    iops: Count
    mbps: Count
    nics: Count
    only: Text | None = None


class AzureSizes(Frozen):
    """The file `azure_sizes.yaml`."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    checked: Day
    source: PriceSource
    families: Items[AzureFamily]
    sizes: Items[AzureSize]
