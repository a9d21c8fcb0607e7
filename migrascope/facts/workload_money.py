"""Facts about what a workload costs, as we price it."""

from __future__ import annotations

from typing import Final, Literal

from migrascope.costing.context import target_of
from migrascope.costing.machines import system
from migrascope.costing.opinion import cost_of
from migrascope.estate.currency import rate
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.workload import target_region
from migrascope.model.cost import Cost, WorkloadCost
from migrascope.model.place import Place
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown


def _cost(workload: WorkloadSubject, fact: str) -> WorkloadCost | Unknown:
    """Its cost in the plan's own currency; why there is none."""
    estate = workload.estate
    cost = cost_of(estate)
    found = estate.once("cost by workload", lambda _: _by_workload(cost)).get(workload.id)
    if cost is None or found is None:
        return Unknown.because("workload", fact, workload.id, "no_knowledge", "it does not move")
    if estate.plan.currency is None:
        return Unknown.because("plan", "currency", "plan", "silent")
    if cost.currency != estate.plan.currency:
        return Unknown.because("plan", "rates", "plan", "silent", cost.currency)
    return found


def _by_workload(cost: Cost | None) -> dict[str, WorkloadCost]:
    return {each.workload: each for each in cost.workloads} if cost is not None else {}


def _where(workload: WorkloadSubject) -> tuple[Place, ...]:
    place = workload.estate.at((*workload.path, "target"))
    return (place,) if place else ()


Way = Literal["repriced", "right_sized"]


def _amount(workload: WorkloadSubject, fact: str, way: Way, share: str) -> float | Unknown:
    """A quantile of its cost; why there is none."""
    found = _cost(workload, fact)
    if isinstance(found, Unknown):
        return found
    spread = getattr(found, way)
    amount = None if spread is None else getattr(spread, share)
    machines = any(line.group == "machines" for line in found.lines)
    if amount is None or not machines:
        lacking = "; ".join(found.unknown_items) or "no machines"
        return Unknown.because("workload", fact, workload.id, "no_knowledge", f"no price: {lacking}")
    return float(round(amount))


_PRICED_BY: Final = frozenset({"cpus", "memory_mib", "power", "disks"})
"""What the price of a server rests on, besides its operating system."""


def _doubts(workload: WorkloadSubject) -> frozenset[Missing]:
    """What was not seen of its servers, or has no price: with it, the range could lie elsewhere. Worked out once."""
    found: frozenset[Missing] | None = workload.cache.get("doubts about cost")
    if found is None:
        found = workload.cache["doubts about cost"] = _doubted(workload)
    return found


def _doubted(workload: WorkloadSubject) -> frozenset[Missing]:
    missing = set(workload.servers.missing)
    for server in workload.servers:
        has = server.attributes
        for name in _PRICED_BY - has.keys():
            missing |= server.absent(name)
        if system(server) is None:
            missing |= server.absent("os_config")
    found = _cost(workload, "repriced_p10")
    if isinstance(found, WorkloadCost):
        missing |= {Missing("workload", "repriced_p90", workload.id, "no_knowledge", what) for what in found.unknown_items}
    return frozenset(missing)


def repriced_p10(workload: WorkloadSubject) -> Fact[float] | Bounds:
    """What it costs a month as planned, at list: nine of ten futures lie above, and more where something has no price."""
    amount = _amount(workload, "repriced_p10", "repriced", "p10")
    if isinstance(amount, Unknown):
        return amount
    doubts = _doubts(workload)
    return Bounds(amount, None, doubts) if doubts else Known(amount, lambda: _where(workload))


def repriced_p90(workload: WorkloadSubject) -> Fact[float] | Bounds:
    """What it costs a month as planned, at list: nine of ten futures lie below; unknown while something has no price."""
    amount = _amount(workload, "repriced_p90", "repriced", "p90")
    if isinstance(amount, Unknown):
        return amount
    doubts = _doubts(workload)
    return Bounds(0.0, amount, doubts) if doubts else Known(amount, lambda: _where(workload))


def right_sized_p50(workload: WorkloadSubject) -> Fact[float]:
    """What it costs a month with sizes that fit its load: half of the futures lie above."""
    amount = _amount(workload, "right_sized_p50", "right_sized", "p50")
    return amount if isinstance(amount, Unknown) else Known(amount, lambda: _where(workload))


def least_if_licences_discounted(workload: WorkloadSubject) -> Fact[float] | Bounds:
    """What it would cost a month at least, if a commitment took as much off licences as off machines."""
    found = _cost(workload, "least_if_licences_discounted")
    if isinstance(found, Unknown):
        return found
    machines = sum(line.low for line in found.lines if line.group == "machines")
    if not machines:
        return Unknown.because("workload", "least_if_licences_discounted", workload.id, "no_knowledge", "no machines")
    off = sum(-line.low for line in found.lines if line.group == "commitment") / machines
    licences = sum(line.low for line in found.lines if line.group == "licences")
    doubts = _doubts(workload)
    if doubts:
        return Bounds(0.0, None, doubts)
    return Known(round(sum(line.low for line in found.lines) - off * licences, 2), lambda: _where(workload))


def sized_on_averages(workload: WorkloadSubject) -> Fact[bool]:
    """All that was measured of the load of its servers are averages."""
    busy = workload.estate.busy
    known = [busy[server.id].processors for server in workload.servers if server.id in busy]
    loads = [load for load in known if load is not None]
    if not loads:
        return Unknown.because("workload", "sized_on_averages", workload.id, "not_looked_at")
    return Known(all(load.only_average for load in loads))


def powered_off_servers(workload: WorkloadSubject) -> Fact[int] | Bounds:
    """How many of its servers are switched off."""
    off = sum(server.attributes.get("power") in ("off", "suspended") for server in workload.servers)
    unsure = [each for server in workload.servers if "power" not in server.attributes for each in server.absent("power")]
    if unsure or not workload.servers.complete:
        return Bounds(off, None, workload.servers.missing | frozenset(unsure))
    return Known(off)


def savings_counted_with(workload: WorkloadSubject) -> Listing[str]:
    """Other workloads that run on one of its servers, and state what they cost today as well."""
    missing = set(workload.servers.missing)
    sharing = {other.id: other for server in workload.servers for other in server.workloads if other is not workload}
    for server in workload.servers:
        missing |= server.maybe_claimed
    stated = sorted(id_ for id_, other in sharing.items() if _states(other) and _states(workload))
    unsaid = [each for each in (*sharing.values(), *([workload] if sharing else [])) if not _states(each)]
    missing |= {Missing("workload", "cost_per_month.now", each.id, "silent") for each in unsaid}
    return Listing(tuple(stated), frozenset(missing))


def _states(workload: WorkloadSubject) -> bool:
    """It states what it costs today."""
    claim = workload.claim.cost_per_month
    return claim is not None and claim.now is not None


def size_not_sold(workload: WorkloadSubject) -> Fact[bool]:
    """The size of its target is not sold in its region: only a full price list of a region can tell."""
    target = workload.claim.target
    region = target_region(workload)
    if target is None or target.size is None:
        return Unknown.because("workload", "target.size", workload.id, "silent")
    if not isinstance(region, Known):
        return region if isinstance(region, Unknown) else Unknown.because("workload", "target.region", workload.id, "silent")
    prices = workload.estate.knowledge.prices
    price = prices.price(target.size, region.value)
    if price.amount is not None:
        return Known(value=False, places=lambda: _where(workload))
    if prices.complete_in(target.size, region.value):
        return Known(value=True, places=lambda: _where(workload))
    return Unknown.because("workload", "size_not_sold", workload.id, "no_knowledge", f"{target.size}: {price.why}")


def billed_now(workload: WorkloadSubject) -> Fact[float] | Bounds:
    """What its members cost a month by the bill; at least that, where one of them is not on it [money per month]."""
    bill = workload.estate.bill
    if bill is None or not bill.currency:
        return Unknown.because("workload", "billed_now", workload.id, "not_looked_at")
    plan = workload.estate.plan
    worth = rate(plan, bill.currency, plan.currency) if plan.currency else None
    if worth is None:
        return Unknown.because("plan", "rates", "plan", "silent", bill.currency)
    members = [each.id for each in (*workload.servers, *workload.others)]
    total = (bill.of(members) or 0.0) * float(worth)  # together: a disk of two machines is billed once
    absent = [id_ for id_ in members if bill.of([id_]) is None]
    if not members or absent or not workload.servers.complete:
        lacking = Missing("workload", "billed_now", workload.id, "not_covered", ", ".join(sorted(absent)[:3]))
        return Bounds(round(total, 2), None, workload.servers.missing | {lacking})
    return Known(round(total, 2))


def runs_in_target(workload: WorkloadSubject) -> Fact[bool]:
    """All of its servers run already where the plan wants it: with its provider, in its region."""
    target = target_of(workload)
    if target is None:
        return Unknown.because("workload", "target.at", workload.id, "silent")
    if not workload.servers.complete:
        return Unknown(workload.servers.missing)
    spots = {(server.record.get("provider"), server.record.get("region")) for server in workload.servers}
    return Known(spots == {(target.provider, target.region)}, lambda: _where(workload))
