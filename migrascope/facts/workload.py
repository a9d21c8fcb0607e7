"""Facts about a workload."""

from __future__ import annotations

from migrascope.estate.subjects import ServerSubject, WaveSubject, WorkloadSubject
from migrascope.model.fact import Fact, Interval, Known, Listing, Missing, Unknown
from migrascope.model.place import Place

MOVES = ("rehost", "relocate", "repurchase", "replatform", "refactor")
SHARED_CATEGORIES = ("identity",)


def _said(workload: WorkloadSubject, field: str) -> tuple[Place, ...]:
    place = workload.estate.at((*workload.path, field))
    return (place,) if place else ()


def _unsaid(workload: WorkloadSubject, field: str, attribute: str | None = None) -> Unknown:
    on_purpose = (attribute or field) in workload.claim.model_fields_set
    return Unknown.because("workload", field, workload.id, "on_purpose" if on_purpose else "silent")


def wave(workload: WorkloadSubject) -> Fact[WaveSubject]:
    """The wave that it moves in."""
    if workload.claim.wave is None:
        return _unsaid(workload, "wave")
    return Known(workload.estate.wave_by_id[workload.claim.wave], _said(workload, "wave"))


def moves(workload: WorkloadSubject) -> Fact[bool]:
    """It goes somewhere: its disposition is rehost, relocate, repurchase, replatform or refactor."""
    if workload.claim.disposition is None:
        return _unsaid(workload, "disposition")
    return Known(workload.claim.disposition in MOVES, _said(workload, "disposition"))


def shared_service(workload: WorkloadSubject) -> Fact[bool]:
    """A prerequisite of others, such as a directory: the plan says so, or its category is identity."""
    if workload.claim.shared_service is not None:
        return Known(workload.claim.shared_service, _said(workload, "shared_service"))
    if workload.claim.category is None:
        return _unsaid(workload, "category")
    return Known(workload.claim.category in SHARED_CATEGORIES, _said(workload, "category"))


def servers(workload: WorkloadSubject) -> Listing[ServerSubject]:
    """The servers in the inventory that its members mean."""
    return workload.servers


def unmatched_members(workload: WorkloadSubject) -> Listing[str]:
    """Members that match no server in the inventory, as the plan writes them."""
    members = workload.claim.members or ()
    texts = []
    for index in workload.unmatched:
        member = members[index]
        tag = next((f"{key}={value}" for key, value in (member.tag or {}).items()), None)
        texts.append(member.id or member.name or member.pattern or tag or "")
    return Listing(tuple(texts), workload.servers.missing)


def provider(workload: WorkloadSubject) -> Fact[str]:
    """The provider of its target."""
    target = workload.claim.target
    if target is None:
        return _unsaid(workload, "target.at", "target")
    if target.at is not None:
        found = next(t for t in workload.estate.plan.targets or () if t.id == target.at)
        if found.provider is not None:
            return Known(found.provider, _said(workload, "target"))
        return Unknown.because("plan", "targets.provider", "plan", "silent", found.id)
    if target.provider is not None:
        return Known(target.provider, _said(workload, "target"))
    return Unknown.because("workload", "target.at", workload.id, "silent")


def storage_gb(workload: WorkloadSubject) -> Fact[float] | Interval:
    """Storage that was promised to its servers, together [GB]."""
    total, missing = 0.0, set(workload.servers.missing)
    for server in workload.servers:
        size = server.attributes.get("provisioned_mib")
        if size is None:
            why, detail = server.estate.seen.absent(server.scope, "server.provisioned_mib")
            missing.add(Missing("server", "provisioned_mib", server.id, why, detail))
        else:
            total += size * 2**20 / 1e9
    return Interval(total, None, frozenset(missing)) if missing else Known(total)
