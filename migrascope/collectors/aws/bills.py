"""Cost Explorer: what each service of an account cost in the last months. Paid for each request, and only on demand.

Amounts are of services, not of resources: a bill in FOCUS columns (`collect focus`) tells more, and is free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.cloud.measurements import cost
from migrascope.collectors.cloud.operation import Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records

OPTION: Final = "costs"
_STATISTICS: Final = {"UnblendedCost": "billed", "AmortizedCost": "effective"}
_LEFT_OUT: Final = ("Tax",)


def _month(item: Mapping[str, Any], origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    window = (item["TimePeriod"]["Start"], item["TimePeriod"]["End"])
    for group in item.get("Groups", ()):
        service = group["Keys"][0]
        if service in _LEFT_OUT:
            continue
        for name, statistic in _STATISTICS.items():
            amount = group["Metrics"].get(name)
            if amount is not None:
                yield cost(f"aws:{origin.account}/{service}", statistic, amount["Unit"], window, amount["Amount"])


OPERATIONS: Final[tuple[Operation, ...]] = (
    call("ce", "GetCostAndUsage", "ResultsByTime", read=_month, reach="account", covers=("account.cost",), paid=True,
         when=OPTION,
         parameters={"Granularity": "MONTHLY", "Metrics": list(_STATISTICS),
                     "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}]}),
)  # fmt: skip
