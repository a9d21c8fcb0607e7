"""Facts about a bucket, a share, a disk, or a copy of one."""

from __future__ import annotations

from migrascope.estate.subjects import ResourceSubject
from migrascope.facts.asking import Asking
from migrascope.facts.observed import absent
from migrascope.model.uncertain import Fact, Known


def public(asking: Asking, storage: ResourceSubject) -> Fact[bool]:
    """Can be read by anybody: by what the source says, or by its policy and access list, unless public access is blocked."""
    told = storage.attributes
    if told.get("public_blocked") is True or _account(storage) in asking.once(_closed):
        return Known(value=False, places=storage.where)
    parts = [told[name] for name in ("public", "policy_public", "acl_public") if name in told]
    if True in parts:
        return Known(value=True, places=storage.where)
    settled = "public" in told or {"policy_public", "acl_public"} <= told.keys()
    return Known(value=False, places=storage.where) if settled else absent(storage, "public")


def _account(storage: ResourceSubject) -> str:
    return storage.scopes[0].partition("/")[0]


def _closed(asking: Asking) -> frozenset[str]:
    """Accounts in which no bucket can be public."""
    accounts = (each for each in asking.estate.resources.get("account", ()) if isinstance(each, ResourceSubject))
    closed = (each for each in accounts if each.attributes.get("public_storage_blocked") is True)
    return frozenset(scope.partition("/")[0] for each in closed for scope in each.scopes)
