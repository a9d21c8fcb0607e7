"""Azure's retail prices of machines in one region: what is paid by the hour, and nothing that a promise makes cheaper.

`Windows` may stand anywhere in the name of a product, not only at its end: whoever looks there takes Windows for Linux.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Final

from migrascope.collectors.prices.fetch import Said, pages
from migrascope.collectors.prices.snapshot import Row
from migrascope.knowledge.prices import System

ENDPOINT: Final = "https://prices.azure.com"
_VERSION: Final = "2023-01-01-preview"
_NOT: Final = ("spot", "low priority", "dev/test", "savings plan", "cloud services", "dedicated host", "reservation")
"""What a price is not, by a word anywhere in its names."""


def read(region: str, endpoint: str, said: Said) -> Iterator[Row]:
    """What machines cost in a region. Raises InputError."""
    query = {
        "api-version": _VERSION,
        "currencyCode": "'USD'",
        "$filter": f"serviceName eq 'Virtual Machines' and armRegionName eq '{region}' and priceType eq 'Consumption'",
    }
    for page in pages(endpoint, "/api/retail/prices", query, said):
        for item in page["Items"]:
            if isinstance(item, dict) and (price := _machine(item, region)) is not None:
                yield price


def _machine(item: Mapping[str, Any], region: str) -> Row | None:
    names = " ".join(str(item.get(name) or "") for name in ("productName", "skuName", "meterName")).lower()
    amount, sku = item.get("retailPrice"), str(item.get("armSkuName") or "")
    paid = item.get("type") == "Consumption" and item.get("unitOfMeasure") == "1 Hour" and not item.get("tierMinimumUnits")
    if not isinstance(amount, (int, float)) or not 0 < amount < math.inf:
        return None
    if not paid or not sku or item.get("armRegionName") != region or item.get("currencyCode") != "USD":
        return None
    if any(word in names for word in _NOT) or item.get("isPrimaryMeterRegion") is False:
        return None
    system: System = "windows" if "windows" in str(item.get("productName") or "").lower() else "linux"
    day = str(item.get("effectiveStartDate") or "")[:10]
    return Row(sku=sku, region=region, os=system, unit="hour", price=str(amount), currency="USD", as_of=day or None)
