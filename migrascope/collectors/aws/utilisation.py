"""CloudWatch: how busy the processors of instances were. Paid for each metric, and only asked when somebody wants it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.cloud.measurements import load
from migrascope.collectors.cloud.operation import Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records

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


def _read(item: Mapping[str, Any], origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    name, _, number = str(item["Id"]).rpartition("_")
    values = [float(value) for value in item.get("Values", ())] if item.get("StatusCode", "Complete") == "Complete" else []
    yield load(asked[int(number)]["id"], "cpu_percent", "percent", name, origin.at, values)


METRICS: Final = call("cloudwatch", "GetMetricData", "MetricDataResults", read=_read, covers=("server.cpu_percent",), paid=True,
                      when=OPTION)  # fmt: skip
