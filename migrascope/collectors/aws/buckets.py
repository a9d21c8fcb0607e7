"""S3: buckets, whether anybody may read them, and how they are encrypted. What is in them is not asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from migrascope.collectors.aws.calls import about_each, call
from migrascope.collectors.cloud.operation import Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, day

Item = Mapping[str, Any]


def _bucket(origin: RecordOrigin, name: str, attributes: Item, region: str | None = None) -> Records:
    yield origin.resource("storage", f"arn:{origin.partition}:s3:::{name}", name, attributes, region=region)


def _listed(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    attributes = {"holds": "object", "created": day(item.get("CreationDate"))}
    yield from _bucket(origin, item["Name"], attributes, item.get("BucketRegion"))


def _about(tell: Callable[[Item], Mapping[str, Any]]) -> Callable[[Item, RecordOrigin, tuple[Ref, ...]], Records]:
    def read(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
        yield from _bucket(origin, asked[0]["key"], tell(item))

    return read


def _location(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    # The first region has no name here, and the second an old one.
    region = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}.get(
        item.get("LocationConstraint"), item.get("LocationConstraint")
    )
    yield from _bucket(origin, asked[0]["key"], {}, region)


def _placeless(item: Item, origin: RecordOrigin) -> Iterator[Ref]:
    """Buckets that were listed without their region."""
    if "BucketRegion" not in item:
        yield {"key": item["Name"]}


def _policy(item: Item) -> Mapping[str, Any]:
    if not item:
        return {"policy_public": False}  # there is no policy
    return {"policy_public": item["PolicyStatus"].get("IsPublic")}


_ANYBODY: Final = ("/groups/global/AllUsers", "/groups/global/AuthenticatedUsers")


def _access_list(item: Item) -> Mapping[str, Any]:
    if not isinstance(item["Grants"], list):
        raise TypeError("Grants is no list")
    grants = [str(each["Grantee"].get("URI", "")) for each in item["Grants"]]
    return {"acl_public": any(grant.endswith(_ANYBODY) for grant in grants)}


def _block(item: Item) -> Mapping[str, Any]:
    return {"public_blocked": _closed(item["PublicAccessBlockConfiguration"] if item else {})}


def _closed(rules: Item) -> bool:
    return all(rules.get(name) is True for name in ("IgnorePublicAcls", "RestrictPublicBuckets"))


def _encryption(item: Item) -> Mapping[str, Any]:
    if not item:
        return {"encrypted": False}
    rules = item["ServerSideEncryptionConfiguration"]["Rules"]
    return {"encrypted": any("ApplyServerSideEncryptionByDefault" in rule for rule in rules) or None}


def _account_block(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    closed = _closed(item["PublicAccessBlockConfiguration"] if item else {})
    yield origin.resource(
        "account", f"aws:{origin.account}", origin.account, {"part": "account", "public_storage_blocked": closed}
    )


def _ask(name: str, permission: str, read: Any, covers: str, absent: str = "") -> Any:
    operation = call(
        "s3", name, read=read, covers=(covers,), permissions=(f"s3:{permission}",), absent=(absent,) if absent else ()
    )
    return about_each(operation, "Name", "Bucket")


OPERATIONS: Final[tuple[Operation, ...]] = (
    # Asked for some at a time, AWS tells the region of each as well.
    call("s3", "ListBuckets", "Buckets", reach="account", read=_listed, covers=("storage",), page_size=1000,
         permissions=("s3:ListAllMyBuckets",),
         further=(
             replace(_ask("GetBucketLocation", "GetBucketLocation", _location, "storage.region"), pick=_placeless),
             _ask("GetPublicAccessBlock", "GetBucketPublicAccessBlock", _about(_block), "storage.public",
                  "NoSuchPublicAccessBlockConfiguration"),
             _ask("GetBucketPolicyStatus", "GetBucketPolicyStatus", _about(_policy), "storage.public", "NoSuchBucketPolicy"),
             _ask("GetBucketAcl", "GetBucketAcl", _about(_access_list), "storage.public"),
             _ask("GetBucketEncryption", "GetEncryptionConfiguration", _about(_encryption), "storage.encrypted",
                  "ServerSideEncryptionConfigurationNotFoundError"),
         )),
    call("s3control", "GetPublicAccessBlock", reach="account", read=_account_block, covers=("account.public_storage_blocked",),
         permissions=("s3:GetAccountPublicAccessBlock",), absent=("NoSuchPublicAccessBlockConfiguration",)),
)  # fmt: skip
