"""The few reads besides Resource Graph: what a size holds, how busy a machine was, what a resource cost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from migrascope.collectors.azure.rows import Row, inner, items, natural, subscription, value
from migrascope.collectors.cloud.measurements import DAYS, cost, load, months
from migrascope.collectors.cloud.operation import Further, MalformedError, Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records

UTILISATION: Final = "utilisation"
COSTS: Final = "costs"
_SUBSCRIPTION: Final = r"/subscriptions/[0-9a-z-]+"
_MACHINE: Final = rf"{_SUBSCRIPTION}/resourcegroups/[^/]+/providers/microsoft\.compute/virtualmachines/[^/]+"
ALLOWED: Final = (
    ("POST", re.compile(r"/providers/microsoft\.resourcegraph/resources")),
    ("GET", re.compile(rf"{_SUBSCRIPTION}/providers/microsoft\.compute/skus")),
    ("GET", re.compile(rf"{_MACHINE}/providers/microsoft\.insights/metrics")),
    ("POST", re.compile(rf"{_SUBSCRIPTION}/providers/microsoft\.costmanagement/query")),
)
"""Every request that may be sent, by its path in lower case. All of them read, the two that are sent by POST as well."""

_METRICS: Final = {
    "percentage cpu": ("cpu_percent", "percent", ("average", "maximum")),
    "available memory bytes": ("memory_available_bytes", "bytes", ("average", "minimum")),
}


def _each_place(row: Mapping[str, Any], origin: RecordOrigin) -> Iterator[Ref]:
    size, place = value(row, "hardwareProfile.vmSize", "vmSize"), row.get("location")
    if size and place:
        id_ = natural(row.get("id"))
        yield {"key": f"{subscription(id_)} {place}", "id": id_, "size": str(size).lower()}


def _sizes_of(refs: tuple[Ref, ...]) -> Mapping[str, Any]:
    id_, place = str(refs[0]["key"]).split(" ", 1)
    query = {"api-version": "2021-07-01", "$filter": f"location eq '{place}'"}
    return {"method": "GET", "path": f"/subscriptions/{id_}/providers/Microsoft.Compute/skus", "query": query}


def _size(item: Mapping[str, Any], origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    if str(item.get("resourceType", "")).lower() != "virtualmachines":
        return
    name = str(item["name"]).lower()
    told = {str(each.get("name")): each.get("value") for each in item.get("capabilities") or ()}
    cpus, memory = told.get("vCPUsAvailable") or told.get("vCPUs"), told.get("MemoryGB")
    attributes = {"cpus": None if cpus is None else int(cpus), "memory_mib": None if memory is None else float(memory) * 1024}
    for ref in asked:
        if ref["size"] == name:
            yield origin.resource("server", ref["id"], None, attributes)


def _each_machine(row: Mapping[str, Any], origin: RecordOrigin) -> Iterator[Ref]:
    yield {"key": natural(row.get("id"))}


def _load_of(refs: tuple[Ref, ...]) -> Mapping[str, Any]:
    query = {"api-version": "2018-01-01", "metricnames": "Percentage CPU,Available Memory Bytes", "interval": "PT1H",
             "aggregation": "Average,Maximum,Minimum"}  # fmt: skip
    return {"method": "GET", "path": f"{refs[0]['key']}/providers/microsoft.insights/metrics", "query": query, "days": DAYS}


def _metric(item: Mapping[str, Any], origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    known = _METRICS.get(str(inner(item.get("name")).get("value", "")).lower())
    if known is None:
        return
    metric, unit, statistics = known
    hours = [each for series in items(item.get("timeseries")) for each in items(series.get("data"))]
    for statistic in statistics:
        values = [float(hour[statistic]) for hour in hours if hour.get(statistic) is not None]
        yield load(asked[0]["key"], metric, unit, statistic, origin.at, values)


SIZES: Final = Further(
    Operation("compute", "skus", "value", read=_size, covers=("server.cpus", "server.memory_mib"),
              permissions=("Microsoft.Compute/skus/read",)), _each_place, _sizes_of,
)  # fmt: skip
LOAD: Final = Further(
    Operation("insights", "metrics", "value", read=_metric, covers=("server.cpu_percent",), when=UTILISATION,
              permissions=("Microsoft.Insights/metrics/read",)), _each_machine, _load_of,
)  # fmt: skip


def _spent(statistic: str) -> Any:
    def read(answer: Mapping[str, Any], origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
        found = inner(answer)
        names = [str(column.get("name", "")).lower() for column in items(found.get("columns"))]
        lacking = {"cost", "billingmonth", "resourceid", "currency"} - set(names)
        if lacking or not isinstance(found.get("rows"), list):
            raise MalformedError(f"the answer has no column {', '.join(sorted(lacking)) or 'at all'}")
        for row in found["rows"]:
            yield _row(dict(zip(names, row, strict=True)), statistic, origin)

    return read


def _row(row: Row, statistic: str, origin: RecordOrigin) -> dict[str, Any]:
    start = dt.date.fromisoformat(str(row["billingmonth"])[:10])
    end = (start + dt.timedelta(days=32)).replace(day=1)
    id_ = str(row["resourceid"]).lower() or f"azure:{origin.account}/unassigned"
    return cost(id_, statistic, str(row["currency"]), (start.isoformat(), end.isoformat()), row["cost"])


BILLS: Final = tuple(
    Operation("cost-management", name, read=_spent(statistic), covers=(f"account.cost_{statistic}",), when=COSTS,
              reach="account", permissions=("Microsoft.CostManagement/query/action",), parameters={"type": name})
    for name, statistic in (("ActualCost", "billed"), ("AmortizedCost", "effective"))
)  # fmt: skip
"""What each resource cost, month by month: as it was billed, and with what was paid ahead spread over what used it."""


def bill_of(operation: Operation, id_: str, now: dt.datetime) -> Mapping[str, Any]:
    """What is asked of one subscription."""
    start, end = months(now)
    period = {"from": f"{start}T00:00:00Z", "to": f"{end - dt.timedelta(days=1)}T23:59:59Z"}
    dataset = {"granularity": "Monthly", "aggregation": {"totalCost": {"name": "Cost", "function": "Sum"}},
               "grouping": [{"type": "Dimension", "name": "ResourceId"}]}  # fmt: skip
    body = {"type": operation.call, "timeframe": "Custom", "timePeriod": period, "dataset": dataset}
    path = f"/subscriptions/{id_}/providers/Microsoft.CostManagement/query"
    return {"method": "POST", "path": path, "query": {"api-version": "2025-03-01"}, "body": body}
