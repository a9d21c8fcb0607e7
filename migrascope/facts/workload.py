"""Facts about a workload."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from migrascope.estate.subjects import ServerSubject, WaveSubject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.knowledge.operating_systems import identify
from migrascope.knowledge.prices import plain_region
from migrascope.knowledge.sizes import previous_generation, vcpus
from migrascope.model.place import Place
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown, unknown_from

MOVES = ("rehost", "relocate", "repurchase", "replatform", "refactor")


@dataclass(frozen=True, slots=True)
class Destination:
    """Where something runs, or is to run: a provider, and a region as price lists spell it."""

    provider: str
    region: str


SHARED_CATEGORIES = ("identity",)


def _said(asking: Asking, workload: WorkloadSubject, field: str) -> Callable[[], tuple[Place, ...]]:
    return partial(_stands, asking, workload, field)


def _stands(asking: Asking, workload: WorkloadSubject, field: str) -> tuple[Place, ...]:
    place = asking.at((*workload.path, field))
    return (place,) if place else ()


def _unsaid(asking: Asking, workload: WorkloadSubject, field: str, attribute: str | None = None) -> Unknown:
    on_purpose = (attribute or field) in asking.claim(workload).model_fields_set
    return Unknown.because("workload", field, workload.id, "on_purpose" if on_purpose else "silent")


def wave(asking: Asking, workload: WorkloadSubject) -> Fact[WaveSubject]:
    """The wave that it moves in."""
    name = asking.claim(workload).wave
    if name is None:
        return _unsaid(asking, workload, "wave")
    return Known(asking.estate.wave_by_id[name], _said(asking, workload, "wave"))


def moves(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """It goes somewhere: its disposition is rehost, relocate, repurchase, replatform or refactor."""
    disposition = asking.claim(workload).disposition
    if disposition is None:
        return _unsaid(asking, workload, "disposition")
    return Known(disposition in MOVES, _said(asking, workload, "disposition"))


def shared_service(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """A prerequisite of others, such as a directory: the plan says so, or its category is identity."""
    claim = asking.claim(workload)
    if claim.shared_service is not None:
        return Known(claim.shared_service, _said(asking, workload, "shared_service"))
    if claim.category in SHARED_CATEGORIES:
        return Known(value=True, places=_said(asking, workload, "category"))
    if "shared_service" in claim.model_fields_set:
        return _unsaid(asking, workload, "shared_service")
    if claim.category is None:
        return _unsaid(asking, workload, "category")
    return Known(value=False, places=_said(asking, workload, "category"))


def has_target(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """The plan says something of where it goes."""
    return Known(asking.claim(workload).target is not None, _said(asking, workload, "target"))


def is_replaced(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """A successor is planned; none is known of where the plan does not speak of one."""
    claim = asking.claim(workload)
    if claim.replaced_by is None and "replaced_by" in claim.model_fields_set:
        return _unsaid(asking, workload, "replaced_by")
    return Known(claim.replaced_by is not None, _said(asking, workload, "replaced_by"))


def servers(asking: Asking, workload: WorkloadSubject) -> Listing[ServerSubject]:
    """The servers in the inventory that its members mean."""
    return workload.servers


def unmatched_members(asking: Asking, workload: WorkloadSubject) -> Listing[str]:
    """Members that match no server in the inventory, as the plan writes them."""
    members = asking.claim(workload).members or ()
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


def provider(asking: Asking, workload: WorkloadSubject) -> Fact[str]:
    """The provider of its target."""
    target = asking.claim(workload).target
    if target is None:
        return _unsaid(asking, workload, "target.at", "target")
    if target.at is not None:
        found = next(t for t in asking.estate.plan.targets or () if t.id == target.at)
        if found.provider is not None:
            return Known(found.provider, _said(asking, workload, "target"))
        return Unknown.because("plan", "targets.provider", "plan", "silent", found.id)
    if target.provider is not None:
        return Known(target.provider, _said(asking, workload, "target"))
    return Unknown.because("workload", "target.at", workload.id, "silent")


def target_of(asking: Asking, workload: WorkloadSubject) -> Destination | Unknown:
    """Provider and region of its target; unknown where the plan does not state both. No fact of its own: rules ask for each."""
    where, region = provider(asking, workload), target_region(asking, workload)
    if isinstance(where, Known) and isinstance(region, Known):
        return Destination(where.value.lower(), plain_region(region.value))
    return unknown_from(*(part for part in (where, region) if isinstance(part, Unknown)))


def storage_gb(asking: Asking, workload: WorkloadSubject) -> Fact[float] | Bounds:
    """Storage that was promised to its servers, together [GB]."""
    return _together(workload, "provisioned_mib", lambda size: size * 2**20 / 1e9)


def target_region(asking: Asking, workload: WorkloadSubject) -> Fact[str]:
    """The region of its target, as the provider spells it."""
    target = asking.claim(workload).target
    if target is None:
        return _unsaid(asking, workload, "target.at", "target")
    if target.region is not None:
        return Known(target.region, _said(asking, workload, "target"))
    found = next((t for t in asking.estate.plan.targets or () if t.id == target.at), None)
    if found is None or found.region is None:
        return Unknown.because("workload", "target.region", workload.id, "silent")
    return Known(found.region, _said(asking, workload, "target"))


def allowed_regions(asking: Asking, workload: WorkloadSubject) -> Listing[str] | Unknown:
    """Where its data may be: what the plan says of the workload, else of everything."""
    data = asking.claim(workload).data
    if data is not None and data.residency is not None:
        return Listing(data.residency)
    residency = asking.estate.plan.residency
    if residency is None or residency.regions is None:
        return Unknown.because("plan", "residency.regions", "plan", "silent")
    return Listing(residency.regions)


def in_allowed_region(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """Its target lies where its data may be."""
    region = target_region(asking, workload)
    if isinstance(region, Unknown):
        return region
    where = provider(asking, workload)
    if isinstance(where, Unknown):
        return where
    allowed = allowed_regions(asking, workload)
    if isinstance(allowed, Unknown):
        return allowed
    table = asking.estate.knowledge.regions
    country = table.country(where.value, region.value)
    areas = table.areas(country) if country else frozenset()
    if region.value in allowed.items or areas & set(allowed.items):
        return Known(value=True, places=region.places)
    if country is None:
        return Unknown.because("workload", "target.region", workload.id, "no_knowledge", region.value)
    return Known(value=False, places=region.places)


def source_cpus(asking: Asking, workload: WorkloadSubject) -> Fact[int] | Bounds:
    """Processors of its servers, together."""
    return _together(workload, "cpus", lambda cpus: cpus)


def target_cpus(asking: Asking, workload: WorkloadSubject) -> Fact[int]:
    """Processors of the size that the plan names, times how many of them."""
    target = asking.claim(workload).target
    if target is None or target.size is None:
        return Unknown.because("workload", "target.size", workload.id, "silent")
    where = provider(asking, workload)
    if isinstance(where, Unknown):
        return where
    cpus = vcpus(where.value, target.size)
    if cpus is None:
        return Unknown.because("workload", "target.size", workload.id, "undecidable", target.size)
    count = target.count if target.count is not None else len(workload.servers)
    if target.count is None and not workload.servers.complete:
        return Unknown(workload.servers.missing)
    return Known(cpus * count, _said(asking, workload, "target"))


def load_measured(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """The processor load of every one of its servers was measured."""
    if not workload.servers.complete:
        return Unknown(workload.servers.missing)
    measured = [asking.estate.utilisation.get(server.id) for server in workload.servers]
    return Known(bool(measured) and all(load is not None and load.processors is not None for load in measured))


def undeclared_calls(asking: Asking, workload: WorkloadSubject) -> Listing[str]:
    """Workloads whose servers its own servers were seen to call, and that the plan names no dependency on."""
    declared = {dependency.on for dependency in asking.claim(workload).dependencies or ()}
    called = asking.estate.traffic.callees(workload.index)
    found = [other for other in (asking.estate.workloads[index] for index in called) if other.id not in declared]
    missing = set(workload.servers.missing)
    missing |= {
        Missing("workload", "undeclared_calls", workload.id, "incomplete", lacking) for lacking in asking.estate.traffic.lacking
    }
    if not asking.estate.traffic.looked_at:
        missing.add(Missing("workload", "undeclared_calls", workload.id, "not_looked_at"))
    return Listing(tuple(other.id for other in found), frozenset(missing))


UNMOVABLE = ("solaris", "aix", "hp-ux", "windows-nt", "netware", "os-400")
"""Systems that no public cloud takes as they are."""


def systems_no_cloud_takes(asking: Asking, workload: WorkloadSubject) -> Listing[str]:
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


def subnet_addresses(asking: Asking, workload: WorkloadSubject) -> Fact[int]:
    """Addresses of its target subnet that machines can have: all but five, which the provider keeps."""
    target = asking.claim(workload).target
    if target is None or target.subnet is None:
        return Unknown.because("workload", "target.subnet", workload.id, "silent")
    return Known(max(ipaddress.ip_network(target.subnet).num_addresses - 5, 0), _said(asking, workload, "target"))


def missing_skills(asking: Asking, workload: WorkloadSubject) -> Listing[str]:
    """Skills that it needs and that nobody was shown to have."""
    skills = asking.claim(workload).skills
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


def freezes_at_cutover(asking: Asking, workload: WorkloadSubject) -> Listing[str]:
    """Periods without changes in which its cutover falls, each as `2027-03-01 to 2027-03-19 (elections)`."""
    cutover = asking.claim(workload).cutover
    day = cutover.on if cutover is not None else None
    capacity = asking.estate.plan.capacity
    freezes = capacity.freezes if capacity is not None else None
    missing = set[Missing]()
    if day is None:
        missing.add(Missing("workload", "cutover.on", workload.id, "silent"))
    if freezes is None:
        missing.add(Missing("plan", "capacity.freezes", "plan", "silent"))
    found = [freeze for freeze in freezes or () if day is not None and freeze.from_ <= day <= freeze.to]
    return Listing(tuple(f"{f.from_} to {f.to} ({f.reason or '?'})" for f in found), frozenset(missing))


def parent_jurisdiction(asking: Asking, workload: WorkloadSubject) -> Fact[str]:
    """The country of the company that its provider belongs to."""
    where = provider(asking, workload)
    if isinstance(where, Unknown):
        return where
    country = asking.estate.knowledge.regions.parents.get(where.value)
    if country is None:
        return Unknown.because("workload", "parent_jurisdiction", workload.id, "no_knowledge", where.value)
    return Known(country, where.places)


def parent_allowed(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """That country is among the jurisdictions that the plan allows."""
    country = parent_jurisdiction(asking, workload)
    if isinstance(country, Unknown):
        return country
    residency = asking.estate.plan.residency
    if residency is None or residency.jurisdictions is None:
        return Unknown.because("plan", "residency.jurisdictions", "plan", "silent")
    areas = asking.estate.knowledge.regions.areas(country.value)
    return Known(bool(({country.value} | areas) & set(residency.jurisdictions)), country.places)


def size_is_old(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """The size that the plan names for it belongs to a generation that its provider calls previous."""
    target = asking.claim(workload).target
    if target is None or target.size is None:
        return Unknown.because("workload", "target.size", workload.id, "silent")
    old = previous_generation(target.size)
    if old is None:
        return Unknown.because("workload", "target.size", workload.id, "undecidable", target.size)
    return Known(old, _said(asking, workload, "target"))


def confidentiality(asking: Asking, workload: WorkloadSubject) -> Fact[int]:
    """The last digit of its BIV class: 1 low to 3 high."""
    data = asking.claim(workload).data
    biv = data.biv if data is not None else None
    if biv is None:
        return Unknown.because("workload", "data.biv", workload.id, "silent")
    return Known(int(str(biv)[-1]), _said(asking, workload, "data"))
