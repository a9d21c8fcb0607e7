"""`-f focus`: what a month will cost, in the column names of FOCUS 1.0 (FinOps Open Cost and Usage Specification).

A bill in the same columns can be laid beside it later. `EffectiveCost` is the middle of a line; columns of our own begin with
`x_`, as the specification asks.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Final

from migrascope.model.assessment import Assessment
from migrascope.model.cost import Cost, CostLine, WorkloadCost
from migrascope.reports import Style
from migrascope.reports.csv import safe

COLUMNS: Final = (
    "BilledCost", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "ChargeCategory", "ChargeDescription",
    "ChargePeriodStart", "ChargePeriodEnd", "ConsumedQuantity", "ConsumedUnit", "EffectiveCost", "ListUnitPrice",
    "PricingCategory", "ProviderName", "RegionId", "ResourceId", "ServiceCategory", "SkuId", "x_Workload", "x_CostLow",
    "x_CostHigh", "x_RightSizedLow", "x_RightSizedHigh", "x_PriceQuality", "x_PriceSource", "x_Assumed",
)  # fmt: skip
_CATEGORIES: Final = {
    "machines": "Compute", "commitment": "Compute", "licences": "Compute", "storage": "Storage", "databases": "Databases",
    "traffic": "Networking", "backup": "Storage", "logs": "Management and Governance", "support": "Management and Governance",
}  # fmt: skip
_PROVIDERS: Final = {"aws": "AWS", "azure": "Microsoft"}


def render(assessment: Assessment, _style: Style) -> bytes:
    """The lines as CSV in UTF-8; only the columns' names where nothing was priced."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    if assessment.cost is not None:
        start, end = _month_after(dt.date.fromisoformat(assessment.as_of))
        for row in _rows(assessment.cost):
            periods = {"BillingPeriodStart": start, "BillingPeriodEnd": end}
            writer.writerow(row | periods | {"ChargePeriodStart": start, "ChargePeriodEnd": end})
    return stream.getvalue().encode()


def _month_after(day: dt.date) -> tuple[str, str]:
    """The first day of the next month, and of the one after it."""
    start = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return start.isoformat(), (start + dt.timedelta(days=32)).replace(day=1).isoformat()


def _rows(cost: Cost) -> Iterator[dict[str, object]]:
    for workload in cost.workloads:
        for line in workload.lines:
            yield _row(line, cost, workload.workload, workload.provider, workload.region)
        for what in workload.unknown_items:
            yield _unpriced(what, workload, cost)
    for line in cost.total.lines:
        yield _row(line, cost, "", line.item.partition("-")[0], None)


def _unpriced(what: str, workload: WorkloadCost, cost: Cost) -> dict[str, object]:
    """What has no price: a row without an amount, so that nobody takes the sum for the whole."""
    return {
        "BillingCurrency": cost.currency,
        "ChargeCategory": "Usage",
        "ChargeDescription": safe(what),
        "ProviderName": _PROVIDERS.get(workload.provider or "", workload.provider or ""),
        "RegionId": workload.region or "",
        "ResourceId": safe(workload.workload),
        "x_Workload": safe(workload.workload),
        "x_PriceQuality": "absent",
    }


def _row(line: CostLine, cost: Cost, workload: str, provider: str | None, region: str | None) -> dict[str, object]:
    committed = line.group == "commitment"
    middle = round((line.low + line.high) / 2, 2)
    return {
        "BilledCost": middle,
        "BillingCurrency": cost.currency,
        "ChargeCategory": "Adjustment" if committed else "Usage",
        "ChargeDescription": safe(line.item),
        "ConsumedQuantity": line.quantity,
        "ConsumedUnit": line.unit,
        "EffectiveCost": middle,
        "ListUnitPrice": "" if line.price is None else round(line.price * (cost.rate or 1.0), 6),
        "PricingCategory": "Committed" if committed else "Standard",
        "ProviderName": _PROVIDERS.get(provider or "", provider or ""),
        "RegionId": region or "",
        "ResourceId": safe(workload),
        "ServiceCategory": _CATEGORIES[line.group],
        "SkuId": safe(line.item.partition(" (")[0]),
        "x_Workload": safe(workload),
        "x_CostLow": line.low,
        "x_CostHigh": line.high,
        "x_RightSizedLow": line.right_sized_low,
        "x_RightSizedHigh": line.right_sized_high,
        "x_PriceQuality": line.quality,
        "x_PriceSource": safe(line.source),
        "x_Assumed": safe(line.assumed),
    }
