"""Facts about a workload."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import partial
from typing import Any

from migrascope.estate.subjects import ServerSubject, WaveSubject, WorkloadSubject
from migrascope.knowledge.operating_systems import identify
from migrascope.knowledge.sizes import previous_generation, vcpus
from migrascope.model.place import Place
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown

MOVES = ("rehost", "relocate", "repurchase", "replatform", "refactor")
SHARED_CATEGORIES = ("identity",)


def _said(workload: WorkloadSubject, field: str) -> Callable[[], tuple[Place, ...]]:
    return partial(_stands, workload, field)


def _stands(workload: WorkloadSubject, field: str) -> tuple[Place, ...]:
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
    return Listing(tuple(members[index].spelt for index in workload.unmatched), workload.servers.missing)


def _together(workload: WorkloadSubject, attribute: str, scale: Callable[[Any], Any]) -> Fact[Any] | Bounds:
    """The sum of an attribute over its servers; at least that where some do not give it."""
    total, missing = scale(0), set(workload.servers.missing)
    for server in workload.servers:
        value = server.attributes.get(attribute)
        if value is None:
            missing |= server.absent(attribute)
        else:
            total += scale(value)
    return Bounds(total, None, frozenset(missing)) if missing else Known(total)


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


def storage_gb(workload: WorkloadSubject) -> Fact[float] | Bounds:
    """Storage that was promised to its servers, together [GB]."""
    return _together(workload, "provisioned_mib", lambda size: size * 2**20 / 1e9)


def target_region(workload: WorkloadSubject) -> Fact[str]:
    """The region of its target, as the provider spells it."""
    target = workload.claim.target
    if target is None:
        return _unsaid(workload, "target.at", "target")
    if target.region is not None:
        return Known(target.region, _said(workload, "target"))
    found = next((t for t in workload.estate.plan.targets or () if t.id == target.at), None)
    if found is None or found.region is None:
        return Unknown.because("workload", "target.region", workload.id, "silent")
    return Known(found.region, _said(workload, "target"))


def allowed_regions(workload: WorkloadSubject) -> Listing[str] | Unknown:
    """Where its data may be: what the plan says of the workload, else of everything."""
    if workload.claim.data is not None and workload.claim.data.residency is not None:
        return Listing(workload.claim.data.residency)
    residency = workload.estate.plan.residency
    if residency is None or residency.regions is None:
        return Unknown.because("plan", "residency.regions", "plan", "silent")
    return Listing(residency.regions)


def in_allowed_region(workload: WorkloadSubject) -> Fact[bool]:
    """Its target lies where its data may be."""
    region = target_region(workload)
    if isinstance(region, Unknown):
        return region
    where = provider(workload)
    if isinstance(where, Unknown):
        return where
    allowed = allowed_regions(workload)
    if isinstance(allowed, Unknown):
        return allowed
    table = workload.estate.knowledge.regions
    country = table.country(where.value, region.value)
    areas = table.areas(country) if country else frozenset()
    if region.value in allowed.items or areas & set(allowed.items):
        return Known(value=True, places=region.places)
    if country is None:
        return Unknown.because("workload", "target.region", workload.id, "no_knowledge", region.value)
    return Known(value=False, places=region.places)


def source_cpus(workload: WorkloadSubject) -> Fact[int] | Bounds:
    """Processors of its servers, together."""
    return _together(workload, "cpus", lambda cpus: cpus)


def target_cpus(workload: WorkloadSubject) -> Fact[int]:
    """Processors of the size that the plan names, times how many of them."""
    target = workload.claim.target
    if target is None or target.size is None:
        return Unknown.because("workload", "target.size", workload.id, "silent")
    where = provider(workload)
    if isinstance(where, Unknown):
        return where
    cpus = vcpus(where.value, target.size)
    if cpus is None:
        return Unknown.because("workload", "target.size", workload.id, "undecidable", target.size)
    count = target.count if target.count is not None else len(workload.servers)
    if target.count is None and not workload.servers.complete:
        return Unknown(workload.servers.missing)
    return Known(cpus * count, _said(workload, "target"))


def load_measured(workload: WorkloadSubject) -> Fact[bool]:
    """The processor load of every one of its servers was measured."""
    if not workload.servers.complete:
        return Unknown(workload.servers.missing)
    ids = {server.id for server in workload.servers}
    return Known(bool(ids) and ids <= workload.estate.measured)


def undeclared_calls(workload: WorkloadSubject) -> Listing[str]:
    """Workloads whose servers its own servers were seen to call, and that the plan names no dependency on."""
    declared = {dependency.on for dependency in workload.claim.dependencies or ()}
    called = workload.estate.traffic.callees(workload.index)
    found = [other for other in (workload.estate.workloads[index] for index in called) if other.id not in declared]
    missing = set(workload.servers.missing)
    missing |= {
        Missing("workload", "undeclared_calls", workload.id, "incomplete", lacking)
        for lacking in workload.estate.traffic.lacking
    }
    if not workload.estate.traffic.looked_at:
        missing.add(Missing("workload", "undeclared_calls", workload.id, "not_looked_at"))
    return Listing(tuple(other.id for other in found), frozenset(missing))


UNMOVABLE = ("solaris", "aix", "hp-ux", "windows-nt", "netware", "os-400")
"""Systems that no public cloud takes as they are."""


def systems_no_cloud_takes(workload: WorkloadSubject) -> Listing[str]:
    """Servers of it with an operating system that no public cloud takes as it is, each as `name (system)`."""
    found = []
    missing = set(workload.servers.missing)
    for server in workload.servers:
        name = server.attributes.get("os_tools") or server.attributes.get("os_config")
        if name is None:
            missing |= server.absent("os_config")
            continue
        system = identify(name)
        if system is None:
            missing.add(Missing("server", "os_config", server.id, "undecidable", name))
        elif system.product in UNMOVABLE:
            found.append(f"{server.name} ({name})")
    return Listing(tuple(found), frozenset(missing))


def subnet_addresses(workload: WorkloadSubject) -> Fact[int]:
    """Addresses of its target subnet that machines can have: all but five, which the provider keeps."""
    target = workload.claim.target
    if target is None or target.subnet is None:
        return Unknown.because("workload", "target.subnet", workload.id, "silent")
    return Known(max(ipaddress.ip_network(target.subnet).num_addresses - 5, 0), _said(workload, "target"))


def missing_skills(workload: WorkloadSubject) -> Listing[str]:
    """Skills that it needs and that nobody was shown to have."""
    skills = workload.claim.skills
    need = skills.need if skills is not None else None
    have = skills.have if skills is not None else None
    missing = {
        Missing("workload", f"skills.{name}", workload.id, "silent")
        for name, value in (("need", need), ("have", have))
        if value is None
    }
    shown = {skill.skill.casefold() for skill in have or ()}
    lacking = tuple(skill for skill in need or () if skill.casefold() not in shown)
    return Listing(lacking if have is not None else (), frozenset(missing))


def freezes_at_cutover(workload: WorkloadSubject) -> Listing[str]:
    """Periods without changes in which its cutover falls, each as `2027-03-01 to 2027-03-19 (elections)`."""
    day = workload.claim.cutover.on if workload.claim.cutover is not None else None
    capacity = workload.estate.plan.capacity
    freezes = capacity.freezes if capacity is not None else None
    missing = set[Missing]()
    if day is None:
        missing.add(Missing("workload", "cutover.on", workload.id, "silent"))
    if freezes is None:
        missing.add(Missing("plan", "capacity.freezes", "plan", "silent"))
    found = [freeze for freeze in freezes or () if day is not None and freeze.from_ <= day <= freeze.to]
    return Listing(tuple(f"{f.from_} to {f.to} ({f.reason or '?'})" for f in found), frozenset(missing))


def parent_jurisdiction(workload: WorkloadSubject) -> Fact[str]:
    """The country of the company that its provider belongs to."""
    where = provider(workload)
    if isinstance(where, Unknown):
        return where
    country = workload.estate.knowledge.regions.parents.get(where.value)
    if country is None:
        return Unknown.because("workload", "parent_jurisdiction", workload.id, "no_knowledge", where.value)
    return Known(country, where.places)


def parent_allowed(workload: WorkloadSubject) -> Fact[bool]:
    """That country is among the jurisdictions that the plan allows."""
    country = parent_jurisdiction(workload)
    if isinstance(country, Unknown):
        return country
    residency = workload.estate.plan.residency
    if residency is None or residency.jurisdictions is None:
        return Unknown.because("plan", "residency.jurisdictions", "plan", "silent")
    areas = workload.estate.knowledge.regions.areas(country.value)
    return Known(bool(({country.value} | areas) & set(residency.jurisdictions)), country.places)


def size_is_old(workload: WorkloadSubject) -> Fact[bool]:
    """The size that the plan names for it belongs to a generation that its provider calls previous."""
    target = workload.claim.target
    if target is None or target.size is None:
        return Unknown.because("workload", "target.size", workload.id, "silent")
    old = previous_generation(target.size)
    if old is None:
        return Unknown.because("workload", "target.size", workload.id, "undecidable", target.size)
    return Known(old, _said(workload, "target"))


def confidentiality(workload: WorkloadSubject) -> Fact[int]:
    """The last digit of its BIV class: 1 low to 3 high."""
    biv = workload.claim.data.biv if workload.claim.data is not None else None
    if biv is None:
        return Unknown.because("workload", "data.biv", workload.id, "silent")
    return Known(int(str(biv)[-1]), _said(workload, "data"))
