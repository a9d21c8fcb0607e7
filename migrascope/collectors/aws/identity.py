"""IAM: users and their keys, roles and groups, what the account demands of its people."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.cloud.operation import Further, MalformedError, Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, day, tags

Item = Mapping[str, Any]
ADMINISTRATOR: Final = "AdministratorAccess"


def _who(origin: RecordOrigin, kind: str, arn: str, name: str | None, attributes: Item) -> Records:
    yield origin.resource("identity", arn, name, {"what": kind} | dict(attributes))


def _user(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    yield from _who(origin, "user", item["Arn"], item["UserName"], {"tags": tags(item.get("Tags")) or {}})


def _role(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    used = day(item.get("RoleLastUsed", {}).get("LastUsedDate"))
    yield from _who(origin, "role", item["Arn"], item["RoleName"], {"used": used, "tags": tags(item.get("Tags")) or {}})


def _attached(kind: str) -> Any:
    def read(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
        names = sorted(policy["PolicyName"] for policy in item["AttachedPolicies"])
        attributes = {"policies": names, "administrator": True if ADMINISTRATOR in names else None}
        yield from _who(origin, kind, asked[0]["arn"], asked[0]["key"], attributes)

    return read


def _summary(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    told = item["SummaryMap"]
    attributes = {
        "part": "account",
        "root_mfa": _flag(told.get("AccountMFAEnabled")),
        "root_keys": _flag(told.get("AccountAccessKeysPresent")),
    }
    yield origin.resource("account", f"aws:{origin.account}", origin.account, attributes)


def _flag(value: Any) -> bool | None:
    return None if value is None else bool(value)


def _passwords(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    known = bool(item["PasswordPolicy"]) if item else False
    yield origin.resource("account", f"aws:{origin.account}", origin.account, {"part": "account", "password_policy": known})


def _report(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    content = item["Content"]
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else _decoded(str(content))
    rows = csv.DictReader(io.StringIO(text))
    if "arn" not in (rows.fieldnames or ()):
        raise MalformedError("the credential report has no column arn")
    for row in rows:
        root = row.get("user") == "<root_account>"
        used = [day(row.get(f"{name}_last_used{end}")) for name, end in _USES]
        made = [day(row.get(f"access_key_{n}_last_rotated")) for n in (1, 2) if row.get(f"access_key_{n}_active") == "true"]
        active = [row.get(f"access_key_{n}_active") for n in (1, 2)]
        attributes = {
            "console": True if root else _said(row.get("password_enabled")),
            "mfa": _said(row.get("mfa_active")),
            "key_active": "true" in active if set(active) <= {"true", "false"} else None,
            "key_made": min((each for each in made if each), default=None),
            "used": max((each for each in used if each), default=None),
        }
        yield from _who(origin, "root" if root else "user", row["arn"], "root" if root else row.get("user"), attributes)


_USES: Final = (("password", ""), ("access_key_1", "_date"), ("access_key_2", "_date"))


def _decoded(text: str) -> str:
    """The command line writes the report as base64."""
    import base64
    import binascii

    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except binascii.Error:
        return text


def _said(text: str | None) -> bool | None:
    return {"true": True, "false": False}.get(text or "")


def _everything(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    """What `get-account-authorization-details` tells, as people who hand over files often have it."""
    for kind, list_, name in (("user", "UserDetailList", "UserName"), ("role", "RoleDetailList", "RoleName"),
                              ("group", "GroupDetailList", "GroupName")):  # fmt: skip
        for each in item[list_]:
            inline: list[Any] = next(
                (each[key] for key in ("UserPolicyList", "RolePolicyList", "GroupPolicyList") if key in each), []
            )
            attached = each.get("AttachedManagedPolicies")
            names = None if attached is None else sorted(policy["PolicyName"] for policy in attached)
            attributes = {
                "policies": names,
                "inline_policies": len(inline),
                "administrator": True if ADMINISTRATOR in (names or ()) else None,
                "tags": tags(each.get("Tags")) or {},
            }
            yield from _who(origin, kind, each["Arn"], each[name], attributes)


def _named(field: str) -> Any:
    def pick(item: Item, origin: RecordOrigin) -> Any:
        yield {"key": item[field], "arn": item["Arn"]}

    return pick


_LISTS: Final = ("identity", "identity.tags")
_USER_POLICIES = call("iam", "ListAttachedUserPolicies", read=_attached("user"), covers=("identity.policies",))
_ROLE_POLICIES = call("iam", "ListAttachedRolePolicies", read=_attached("role"), covers=("identity.policies",))
OPERATIONS: Final[tuple[Operation, ...]] = (
    call("iam", "GetAccountSummary", reach="account", read=_summary, covers=("account.root_mfa", "account.root_keys")),
    call("iam", "GetAccountPasswordPolicy", reach="account", read=_passwords, covers=("account.password_policy",),
         absent=("NoSuchEntity",)),
    call("iam", "GetCredentialReport", reach="account", read=_report,
         covers=("identity.mfa", "identity.console", "identity.key_active", "identity.key_made"),
         permissions=("iam:GenerateCredentialReport", "iam:GetCredentialReport")),
    call("iam", "ListUsers", "Users", reach="account", read=_user, covers=_LISTS,
         further=(Further(_USER_POLICIES, _named("UserName"), lambda refs: {"UserName": refs[0]["key"]}),)),
    call("iam", "ListRoles", "Roles", reach="account", read=_role, covers=_LISTS,
         further=(Further(_ROLE_POLICIES, _named("RoleName"), lambda refs: {"RoleName": refs[0]["key"]}),)),
)  # fmt: skip
SAVED: Final[tuple[Operation, ...]] = (
    call("iam", "GetAccountAuthorizationDetails", reach="account", read=_everything,
         covers=("identity", "identity.policies", "identity.inline_policies"), instead_of=("iam:ListUsers", "iam:ListRoles")),
)  # fmt: skip
"""Calls that are read where somebody saved their answers, and that we do not make ourselves: they tell too much."""
