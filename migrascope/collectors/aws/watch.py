"""Whether somebody watches over the account: trails, recorded configuration, threat detection, keys, backups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.cloud.operation import Further, Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, day

Item = Mapping[str, Any]


def _account(origin: RecordOrigin, attributes: Item) -> Records:
    yield origin.resource("account", f"aws:{origin.scope}", origin.scope, {"part": "region", **attributes})


def _trails(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    trails = item["trailList"]
    if not isinstance(trails, list):
        raise TypeError("trailList is no list")
    everywhere = any(trail.get("IsMultiRegionTrail") is True for trail in trails)
    if any("IsMultiRegionTrail" not in trail for trail in trails) and not everywhere:
        yield from _account(origin, {})
    else:
        yield from _account(origin, {"trail_all_regions": everywhere} | ({} if trails else {"trail": False}))


def _trail(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    # One that is silent proves nothing against the others; one that logs settles it, and so does the only one.
    logs = item.get("IsLogging")
    settled = logs is True or (logs is False and asked[0].get("only") is True)
    yield from _account(origin, {"trail": logs} if settled else {})


def _each_trail(item: Item, origin: RecordOrigin) -> Iterator[Ref]:
    only = len(item["trailList"]) == 1
    return ({"key": trail["TrailARN"], "only": only} for trail in item["trailList"] if "TrailARN" in trail)


def _each_detector(item: Item, origin: RecordOrigin) -> Iterator[Ref]:
    return ({"key": id_} for id_ in item["DetectorIds"])


def _recorders(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    found = item["ConfigurationRecordersStatus"]
    states = [each.get("recording") for each in found]
    recorded = True if True in states else None if None in states else False
    yield from _account(origin, {"configuration_recorded": recorded})


def _detectors(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    # A detector that stands there may be switched off: asked further. None at all is an answer.
    yield from _account(origin, {} if item["DetectorIds"] else {"threat_detection": False})


def _detector(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    yield from _account(origin, {"threat_detection": item["Status"] == "ENABLED"})


def _key(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = item.get("AliasArn") or origin.arn("kms", item["AliasName"])
    yield origin.resource("service", id_, item["AliasName"], {"what": "key", "product": "kms"})


def _plan(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    attributes = {"what": "backup_plan", "product": "backup", "created": day(item.get("CreationDate"))}
    yield origin.resource("service", item["BackupPlanArn"], item.get("BackupPlanName"), attributes)


_DETECTOR = call("guardduty", "GetDetector", read=_detector, covers=("account.threat_detection",))
_TRAIL = call("cloudtrail", "GetTrailStatus", read=_trail, covers=("account.trail",))
OPERATIONS: Final[tuple[Operation, ...]] = (
    call("cloudtrail", "DescribeTrails", read=_trails, covers=("account.trail_all_regions",),
         further=(Further(_TRAIL, _each_trail, lambda refs: {"Name": refs[0]["key"]}),)),
    call("config", "DescribeConfigurationRecorderStatus", read=_recorders, covers=("account.configuration_recorded",)),
    call("guardduty", "ListDetectors", read=_detectors, covers=("account.threat_detection",),
         off=("SubscriptionRequiredException",),
         further=(Further(_DETECTOR, _each_detector, lambda refs: {"DetectorId": refs[0]["key"]}),)),
    call("kms", "ListAliases", "Aliases", read=_key, covers=("service",)),
    call("backup", "ListBackupPlans", "BackupPlansList", read=_plan, covers=("service",)),
)  # fmt: skip
