"""CloudWatch: how busy the processors of instances were. Paid for each metric, and only asked when somebody wants it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.cloud.operation import Ref
from migrascope.collectors.cloud.records import Origin, Records

DAYS: Final = 14
PERIOD: Final = 3600
OPTION: Final = "utilisation"
_STATISTICS: Final = {"Average": "average", "Maximum": "maximum", "p95": "p95"}
AT_ONCE: Final = 100
"""So many instances fit into one answer: three statistics, an hour each, for two weeks."""


def queries(refs: tuple[Ref, ...]) -> Mapping[str, Any]:
    """What is asked of some instances."""
    return {"MetricDataQueries": [_query(number, ref["key"], name) for number, ref in enumerate(refs) for name in _STATISTICS]}


def _query(number: int, instance: str, statistic: str) -> dict[str, Any]:
    metric = {"Namespace": "AWS/EC2", "MetricName": "CPUUtilization", "Dimensions": [{"Name": "InstanceId", "Value": instance}]}
    return {"Id": f"{statistic.lower()}_{number}", "MetricStat": {"Metric": metric, "Period": PERIOD, "Stat": statistic}}


def _read(item: Mapping[str, Any], origin: Origin, asked: tuple[Ref, ...]) -> Records:
    name, _, number = str(item["Id"]).rpartition("_")
    values = [float(value) for value in item.get("Values", ())] if item.get("StatusCode", "Complete") == "Complete" else []
    # Hours are put together so that no busy hour is lost: the largest maximum, and the 95th percentile of their 95th ones.
    ways: dict[str, Callable[[list[float]], float]] = {"average": statistics.fmean, "maximum": max, "p95": _p95}
    expected = DAYS * 24 * 3600 / PERIOD
    record = {"kind": "measurement", "id": asked[int(number)]["id"], "metric": "cpu_percent",
              "statistic": name, "unit": "percent",
              "window": f"P{DAYS}D/{(origin.at or '')[:10]}", "samples": len(values),
              "coverage": min(1.0, len(values) / expected)}  # fmt: skip
    yield record | ({"value": round(ways[name](values), 2)} if values else {})


def _p95(values: list[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


METRICS: Final = call("cloudwatch", "GetMetricData", "MetricDataResults", read=_read, covers=("server.cpu_percent",), paid=True,
                      when=OPTION)  # fmt: skip
