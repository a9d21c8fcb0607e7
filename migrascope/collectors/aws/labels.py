"""Tags of what does not show them where it is listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.cloud.operation import Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, tags

_KINDS: Final = {
    "dynamodb:table": "database",
    "elasticache:cluster": "database",
    "es:domain": "database",
    "elasticloadbalancing:loadbalancer": "service",
    "lambda:function": "service",
    "s3": "storage",
    "sns": "service",
    "sqs": "service",
}
"""As what the types are listed that are asked for; everything else shows its tags by itself."""


def _tagged(item: Mapping[str, Any], origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    arn = item["ResourceARN"]
    service, resource = arn.split(":")[2], arn.split(":", 5)[5]
    kind = _KINDS.get(service) or _KINDS.get(f"{service}:{resource.replace('/', ':').partition(':')[0]}")
    if kind is not None:
        # A bucket is listed once for all regions.
        where = replace(origin, region="global") if service == "s3" else origin
        yield where.resource(kind, arn, None, {"tags": tags(item.get("Tags"))})


OPERATIONS: Final[tuple[Operation, ...]] = (
    call("resourcegroupstaggingapi", "GetResources", "ResourceTagMappingList", read=_tagged, page_size=100,
         covers=("service.tags", "database.tags", "storage.tags"), permissions=("tag:GetResources",),
         parameters={"ResourceTypeFilters": sorted(_KINDS)}),
)  # fmt: skip
