"""Facts about the plan: suppliers, jurisdictions, dates, and how old what was seen is."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from migrascope.estate.subjects import PlanSubject
from migrascope.facts.asking import Asking
from migrascope.facts.workload import moves, provider
from migrascope.knowledge.operating_systems import identify
from migrascope.model.plan import PARTS, Supplier
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown


def absent_parts(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Parts of the landing zone of which the plan says that they are absent."""
    zone = asking.claim(plan).landing_zone
    found, missing = [], set[Missing]()
    for name in PARTS:
        part = getattr(zone, name) if zone is not None else None
        if part is None or part.state is None:
            missing.add(Missing("plan", f"landing_zone.{name}.state", "plan", "silent"))
        elif part.state == "absent":
            found.append(name)
    place = asking.at(("landing_zone",)) if zone is not None else None
    return Listing(tuple(found), frozenset(missing), (place,) if place else ())


def last_wave_end(asking: Asking, plan: PlanSubject) -> Fact[dt.date] | Bounds:
    """The day on which the last wave ends; at the earliest that, where a wave does not say it."""
    waves = asking.estate.waves
    ends = [end for wave in waves if (end := asking.claim(wave).end) is not None]
    missing = {Missing("wave", "end", wave.id, "silent") for wave in waves if asking.claim(wave).end is None}
    if not ends:
        return Unknown(frozenset(missing) or frozenset((Missing("plan", "waves", "plan", "silent"),)))
    return Bounds(max(ends), None, frozenset(missing)) if missing else Known(max(ends))


def _suppliers(asking: Asking, plan: PlanSubject) -> tuple[tuple[Supplier, ...], set[Missing]]:
    """The suppliers, and what is missing where the plan names none."""
    suppliers = asking.claim(plan).suppliers
    return (suppliers, set()) if suppliers is not None else ((), {Missing("plan", "suppliers", "plan", "silent")})


def foreign_suppliers(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Suppliers whose parent company stands under a law that the plan does not allow, each as `name (country)`."""
    suppliers, missing = _suppliers(asking, plan)
    residency = asking.claim(plan).residency
    allowed = residency.jurisdictions if residency is not None else None
    if allowed is None:
        missing.add(Missing("plan", "residency.jurisdictions", "plan", "silent"))
    found = []
    for supplier in suppliers:
        country = supplier.parent_jurisdiction
        if country is None:
            missing.add(Missing("plan", "suppliers.parent_jurisdiction", "plan", "silent"))
        elif allowed is not None and not ({country} | asking.estate.knowledge.regions.areas(country)) & set(allowed):
            found.append(f"{supplier.name} ({country})")
    return Listing(tuple(found), frozenset(missing))


def suppliers_without_exit(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Suppliers of which the plan says that there is no plan to leave them."""
    suppliers, missing = _suppliers(asking, plan)
    found = []
    for supplier in suppliers:
        state = supplier.exit_plan.state if supplier.exit_plan is not None else None
        if state is None:
            missing.add(Missing("plan", "suppliers.exit_plan.state", "plan", "silent"))
        elif state == "absent":
            found.append(supplier.name)
    return Listing(tuple(found), frozenset(missing))


def sub_processors_not_agreed(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Suppliers with sub-processors and no processor agreement that stands, each as `name (sub-processors)`."""
    suppliers, missing = _suppliers(asking, plan)
    found = []
    for supplier in suppliers:
        if supplier.processor_agreement == "in_place" or supplier.subprocessors == ():
            continue
        if supplier.subprocessors is None:
            missing.add(Missing("plan", "suppliers.subprocessors", "plan", "silent"))
        elif supplier.processor_agreement is None:
            missing.add(Missing("plan", "suppliers.processor_agreement", "plan", "silent"))
        else:
            found.append(f"{supplier.name} ({', '.join(supplier.subprocessors)})")
    return Listing(tuple(found), frozenset(missing))


def exit_never_rehearsed(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Suppliers with a plan to leave them that was rehearsed too long ago: more than two years before as_of."""
    suppliers, missing = _suppliers(asking, plan)
    found = []
    for supplier in suppliers:
        leaving = supplier.exit_plan
        if leaving is None or leaving.state is None:
            missing.add(Missing("plan", "suppliers.exit_plan.state", "plan", "silent"))
        elif leaving.state == "in_place" and leaving.tested_on is None:
            missing.add(Missing("plan", "suppliers.exit_plan.tested_on", "plan", "silent"))
        elif leaving.state == "in_place" and leaving.tested_on and leaving.tested_on < asking.estate.as_of - dt.timedelta(730):
            found.append(f"{supplier.name} ({leaving.tested_on})")
    return Listing(tuple(found), frozenset(missing))


_NO_CHARGES_FROM = dt.date(2027, 1, 12)
"""EU Data Act (2023/2854), article 29(1)."""


def switching_charges(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Suppliers for which the plan expects a cost of leaving after switching charges were banned, with the contract's end."""
    suppliers, missing = _suppliers(asking, plan)
    found = []
    for supplier in suppliers:
        cost = supplier.exit_plan.cost if supplier.exit_plan is not None else None
        if cost is None:
            missing.add(Missing("plan", "suppliers.exit_plan.cost", "plan", "silent"))
        elif cost > 0 and supplier.contract_ends is None:
            missing.add(Missing("plan", "suppliers.contract_ends", "plan", "silent"))
        elif cost > 0 and supplier.contract_ends is not None and supplier.contract_ends >= _NO_CHARGES_FROM:
            found.append(f"{supplier.name} ({supplier.contract_ends})")
    return Listing(tuple(found), frozenset(missing))


def critical_workloads(asking: Asking, plan: PlanSubject) -> Fact[int] | Bounds:
    """How many workloads that move weigh high or mission."""
    return _critical(asking, plan)[1]


def critical_at_one_provider_percent(asking: Asking, plan: PlanSubject) -> Fact[float] | Bounds:
    """The largest part of these that goes to one provider [%]."""
    return _critical(asking, plan)[0]


def _critical(asking: Asking, plan: PlanSubject) -> tuple[Fact[float] | Bounds, Fact[int] | Bounds]:
    at: Counter[str] = Counter()
    missing = set[Missing]()
    for workload in asking.estate.workloads:
        moving = moves(asking, workload)
        if isinstance(moving, Known) and not moving.value:
            continue
        weight, where = asking.claim(workload).criticality, provider(asking, workload)
        if weight in ("low", "medium"):
            continue
        if isinstance(moving, Unknown):
            missing |= moving.missing
        if weight is None:
            missing.add(Missing("workload", "criticality", workload.id, "silent"))
        elif isinstance(where, Unknown):
            missing |= where.missing
        else:
            at[where.value] += 1
    total = sum(at.values())
    if missing:
        return Bounds(0.0, 100.0, frozenset(missing)), Bounds(0, None, frozenset(missing))
    return Known(100.0 * max(at.values()) / total if total else 0.0), Known(total)


def inventory_age_days(asking: Asking, plan: PlanSubject) -> Fact[int]:
    """Days between the oldest part of the inventory and the day on which the plan is judged."""
    if not asking.estate.has_inventory:
        return Unknown.because("server", "server", "*", "no_inventory")
    if asking.estate.collected_on is None:
        return Unknown.because("plan", "inventory_age_days", "plan", "not_covered")
    return Known((asking.estate.as_of - asking.estate.collected_on).days)


def operating_systems(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Products and versions of operating systems among the servers."""
    found: dict[str, None] = {}
    missing = set(asking.estate.servers.missing)
    for server in asking.estate.servers:
        name = server.attributes.get("os_tools") or server.attributes.get("os_config")
        if name is None:
            missing |= set(sorted(server.absent("os_config"))[:1]) if not missing else set()
            continue
        system = identify(name)
        found[f"{system.product} {system.version}".strip() if system else name] = None
    return Listing(tuple(sorted(found)), frozenset(sorted(missing)[:1]))


def holds_personal_data(asking: Asking, plan: PlanSubject) -> Fact[bool]:
    """Some workload holds personal data."""
    missing = set[Missing]()
    for workload in asking.estate.workloads:
        data = asking.claim(workload).data
        personal = data.personal if data is not None else None
        if personal:
            place = asking.at((*workload.path, "data", "personal"))
            return Known(value=True, places=(place,) if place else ())
        if personal is None:
            missing.add(Missing("workload", "data.personal", workload.id, "silent"))
    return Unknown(frozenset(missing)) if missing else Known(value=False)
