"""Facts about what a workload costs, as we price it."""

from __future__ import annotations

from migrascope.estate.currency import rate
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.priced import WorkloadFacts
from migrascope.facts.workload import target_of, target_region
from migrascope.model.place import Place
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown


def _priced(asking: Asking, workload: WorkloadSubject, fact: str) -> WorkloadFacts | Unknown:
    """What it was priced at, in the plan's own currency; why there is nothing."""
    priced, currency = asking.priced, asking.plan.currency
    known = priced.by_workload.get(workload.id) if priced is not None else None
    if priced is None or known is None:
        return Unknown.because("workload", fact, workload.id, "no_knowledge", "it does not move")
    if currency is None:
        return Unknown.because("plan", "currency", "plan", "silent")
    if priced.cost.currency != currency:
        return Unknown.because("plan", "rates", "plan", "silent", priced.cost.currency)
    if not known.priced:
        return Unknown(known.missing or Unknown.because("workload", fact, workload.id, "no_knowledge", "no machines").missing)
    return known


def _where(asking: Asking, workload: WorkloadSubject) -> tuple[Place, ...]:
    place = asking.at((*workload.path, "target"))
    return (place,) if place else ()


def _figure(asking: Asking, workload: WorkloadSubject, bounds: Bounds, expected: float) -> Fact[float] | Bounds:
    """A figure of the cost model: exact to the model where no fact is missing, else between what these leave possible."""
    if not bounds.missing:
        return Known(float(round(expected)), lambda: _where(asking, workload))
    high = None if bounds.high is None else float(round(bounds.high))
    return Bounds(float(round(bounds.low)), high, bounds.missing)


def repriced_p10(asking: Asking, workload: WorkloadSubject) -> Fact[float] | Bounds:
    """P10 of what it costs a month as planned, at list."""
    known = _priced(asking, workload, "repriced_p10")
    return known if isinstance(known, Unknown) else _figure(asking, workload, known.repriced_p10, known.repriced_p10.low)


def repriced_p90(asking: Asking, workload: WorkloadSubject) -> Fact[float] | Bounds:
    """P90 of what it costs a month as planned, at list."""
    known = _priced(asking, workload, "repriced_p90")
    if isinstance(known, Unknown):
        return known
    return _figure(asking, workload, known.repriced_p90, known.repriced_p90.high or 0.0)


def estimate_low(asking: Asking, workload: WorkloadSubject) -> Fact[float]:
    """Lower end of the 80% range of what it costs a month as planned, with all that is missing at its least."""
    known = _priced(asking, workload, "estimate_low")
    if isinstance(known, Unknown):
        return known
    return Known(float(round(known.repriced_p10.low)), lambda: _where(asking, workload))


def estimate_high(asking: Asking, workload: WorkloadSubject) -> Fact[float]:
    """Upper end of the 80% range of what it costs a month as planned; unknown while a missing fact leaves it open."""
    known = _priced(asking, workload, "estimate_high")
    if isinstance(known, Unknown):
        return known
    if known.repriced_p90.high is None:
        return Unknown(known.missing)
    return Known(float(round(known.repriced_p90.high)), lambda: _where(asking, workload))


def right_sized_p50(asking: Asking, workload: WorkloadSubject) -> Fact[float] | Bounds:
    """P50 of what it costs a month with sizes that fit its load."""
    known = _priced(asking, workload, "right_sized_p50")
    if isinstance(known, Unknown):
        return known
    return _figure(asking, workload, known.right_sized_p50, known.right_sized_expected)


def least_if_licences_discounted(asking: Asking, workload: WorkloadSubject) -> Fact[float] | Bounds:
    """What it would cost a month at least, if a commitment took as much off licences as off machines."""
    known = _priced(asking, workload, "least_if_licences_discounted")
    if isinstance(known, Unknown) or asking.priced is None:
        return known if isinstance(known, Unknown) else Unknown(frozenset())
    lines = next(item for item in asking.priced.cost.workloads if item.workload == workload.id).lines
    machines = sum(line.low for line in lines if line.group == "machines")
    if not machines:
        return Unknown.because("workload", "least_if_licences_discounted", workload.id, "no_knowledge", "no machines")
    if known.missing:
        return Bounds(0.0, None, known.missing)
    off = sum(-line.low for line in lines if line.group == "commitment") / machines
    licences = sum(line.low for line in lines if line.group == "licences")
    return Known(round(sum(line.low for line in lines) - off * licences, 2), lambda: _where(asking, workload))


def sized_on_averages(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """All that was measured of the load of its servers are averages."""
    busy = asking.estate.utilisation
    known = [busy[server.id].processors for server in workload.servers if server.id in busy]
    loads = [load for load in known if load is not None]
    if not loads:
        return Unknown.because("workload", "sized_on_averages", workload.id, "not_looked_at")
    return Known(all(load.only_average for load in loads))


def powered_off_servers(asking: Asking, workload: WorkloadSubject) -> Fact[int] | Bounds:
    """How many of its servers are switched off."""
    off = sum(server.attributes.get("power") in ("off", "suspended") for server in workload.servers)
    unsure = [each for server in workload.servers if "power" not in server.attributes for each in server.absent("power")]
    if unsure or not workload.servers.complete:
        return Bounds(off, None, workload.servers.missing | frozenset(unsure))
    return Known(off)


def savings_counted_with(asking: Asking, workload: WorkloadSubject) -> Listing[str]:
    """Other workloads that run on one of its servers, and state what they cost today as well."""
    missing = set(workload.servers.missing)
    sharing = {other.id: other for server in workload.servers for other in server.workloads if other is not workload}
    for server in workload.servers:
        missing |= server.maybe_claimed
    stated = sorted(id_ for id_, other in sharing.items() if _states(asking, other) and _states(asking, workload))
    unsaid = [each for each in (*sharing.values(), *([workload] if sharing else [])) if not _states(asking, each)]
    missing |= {Missing("workload", "cost_per_month.now", each.id, "silent") for each in unsaid}
    return Listing(tuple(stated), frozenset(missing))


def _states(asking: Asking, workload: WorkloadSubject) -> bool:
    """It states what it costs today."""
    claim = asking.claim(workload).cost_per_month
    return claim is not None and claim.now is not None


def size_not_sold(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """The size of its target is not sold in its region: only a full price list of a region can tell."""
    target = asking.claim(workload).target
    region = target_region(asking, workload)
    if target is None or target.size is None:
        return Unknown.because("workload", "target.size", workload.id, "silent")
    if not isinstance(region, Known):
        return region if isinstance(region, Unknown) else Unknown.because("workload", "target.region", workload.id, "silent")
    prices = asking.estate.knowledge.prices
    price = prices.price(target.size, region.value)
    if price.amount is not None:
        return Known(value=False, places=lambda: _where(asking, workload))
    if prices.complete_in(target.size, region.value):
        return Known(value=True, places=lambda: _where(asking, workload))
    return Unknown.because("workload", "size_not_sold", workload.id, "no_knowledge", f"{target.size}: {price.why}")


def billed_now(asking: Asking, workload: WorkloadSubject) -> Fact[float] | Bounds:
    """What its members cost a month by the bill; at least that, where one of them is not on it [money per month]."""
    bill = asking.bill
    if bill is None or not bill.currency:
        return Unknown.because("workload", "billed_now", workload.id, "not_looked_at")
    plan = asking.estate.plan
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


def runs_in_target(asking: Asking, workload: WorkloadSubject) -> Fact[bool]:
    """All of its servers run already where the plan wants it: with its provider, in its region."""
    target = target_of(asking, workload)
    if isinstance(target, Unknown):
        return target
    if not workload.servers.complete:
        return Unknown(workload.servers.missing)
    spots = {(server.record.get("provider"), server.record.get("region")) for server in workload.servers}
    return Known(spots == {(target.provider, target.region)}, lambda: _where(asking, workload))
