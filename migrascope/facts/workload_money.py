"""Facts about what a workload costs, as we price it."""

from __future__ import annotations

from decimal import Decimal

from migrascope.costing.run_cost import RunCost, run_cost
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.workload import provider, target_region
from migrascope.model.fact import Fact, Interval, Known, Missing, Unknown
from migrascope.model.place import Place

_BOOK = "USD"
"""The currency of the price book."""


def _run_cost(workload: WorkloadSubject) -> RunCost | Unknown:
    target = workload.claim.target
    if target is None or target.size is None:
        return Unknown.because("workload", "target.size", workload.id, "silent")
    seller, region = provider(workload), target_region(workload)
    for answer in (seller, region):
        if not isinstance(answer, Known):
            return answer if isinstance(answer, Unknown) else Unknown.because("workload", "target.at", workload.id, "silent")
    prices = workload.estate.knowledge.prices
    found = run_cost(target, str(seller.value), str(region.value), prices)  # type: ignore[union-attr]
    if "machines" in found.unpriced:
        why = prices.price(target.size, str(region.value)).why  # type: ignore[union-attr]
        return Unknown.because("workload", "repriced_low", workload.id, "no_knowledge", f"{target.size}: {why}")
    return found


def _rate(workload: WorkloadSubject, currency: str = _BOOK) -> Decimal | None:
    """One of a currency in the plan's own, by the plan's dated rate; None where it has none."""
    plan = workload.estate.plan
    if plan.currency == currency:
        return Decimal(1)
    rates = [rate for rate in plan.rates or () if rate.from_ == currency and rate.to == plan.currency]
    return Decimal(str(max(rates, key=lambda rate: rate.on).rate)) if rates else None


def _where(workload: WorkloadSubject) -> tuple[Place, ...]:
    place = workload.estate.at((*workload.path, "target"))
    return (place,) if place else ()


def repriced_low(workload: WorkloadSubject) -> Fact[float]:
    """The least that its machines and disks cost a month at list, with the deepest commitment that the plan allows for."""
    found = _run_cost(workload)
    if isinstance(found, Unknown):
        return found
    rate = _rate(workload)
    if rate is None:
        return Unknown.because("plan", "rates", "plan", "silent", "USD")
    return Known(float(round(found.low * rate)), lambda: _where(workload))


def repriced_high(workload: WorkloadSubject) -> Fact[float]:
    """The most that it costs a month; unknown for as long as something of it has no price."""
    found = _run_cost(workload)
    if isinstance(found, Unknown):
        return found
    rate = _rate(workload)
    if found.high is None or rate is None:
        open_ = ", ".join(found.unpriced)
        return Unknown.because("workload", "repriced_high", workload.id, "no_knowledge", f"not priced: {open_}")
    return Known(float(round(found.high * rate)), lambda: _where(workload))


def billed_now(workload: WorkloadSubject) -> Fact[float] | Interval:
    """What its members cost a month by the bill; at least that, where one of them is not on it [money per month]."""
    bill = workload.estate.bill
    if bill is None or not bill.currency:
        return Unknown.because("workload", "billed_now", workload.id, "not_looked_at")
    rate = _rate(workload, bill.currency)
    if rate is None:
        return Unknown.because("plan", "rates", "plan", "silent", bill.currency)
    members = [each.id for each in (*workload.servers, *workload.others)]
    total = (bill.of(members) or 0.0) * float(rate)  # together: a disk of two machines is billed once
    absent = [id_ for id_ in members if bill.of([id_]) is None]
    if not members or absent or not workload.servers.complete:
        lacking = Missing("workload", "billed_now", workload.id, "not_covered", ", ".join(sorted(absent)[:3]))
        return Interval(round(total, 2), None, workload.servers.missing | {lacking})
    return Known(round(total, 2))
