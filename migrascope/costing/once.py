"""What moving costs once: the work, by the people's own estimates or by what happens to it; licences, training, leaving."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from migrascope.costing.context import CLOUDS, Context, Spot
from migrascope.costing.workloads import Money
from migrascope.estate.currency import rate
from migrascope.estate.subjects import WorkloadSubject
from migrascope.knowledge.assumptions import Triangle
from migrascope.model.phrase import Phrase
from migrascope.texts import later

_FIXED: Final = ("licences", "training", "hardware", "exit", "other")
_TENTHS: Final = 1.81
"""How much further the ends of a triangle are from its peak than its tenth and its ninetieth of a hundred: 1 / (1 - 0.447)."""


@dataclass(frozen=True, slots=True)
class Once:
    """The work in money, which may overrun, and what is paid besides; what is not known of it."""

    work: Triangle | None = None
    fixed: float = 0.0
    training: float = 0.0
    exit: float = 0.0
    unknown: tuple[str, ...] = ()
    days: float | None = None
    """The likely days of the work; None where an amount of money was said instead."""


def once(workload: WorkloadSubject, spot: Spot | None, context: Context, money: Money) -> Once:
    """What moving one workload costs once, in the currency of the report."""
    plan, claim = workload.estate.plan, workload.claim
    worth = rate(plan, plan.currency, money.currency) if plan.currency else None
    said = claim.cost_once
    if worth is None:
        return Once(unknown=(Phrase(later("one-off cost: no currency is stated, or no rate of it")),))
    amounts = {name: float(Decimal(getattr(said, name) or 0) * worth) if said is not None else 0.0 for name in _FIXED}
    leaving, unknown = _leaving(workload, spot, context, money)
    fixed = sum(amounts.values()) + leaving
    if said is not None and said.migration is not None:
        amount = float(Decimal(said.migration) * worth)
        work = Triangle(low=amount, likely=amount, high=amount)
        return Once(work, fixed, amounts["training"], amounts["exit"] + leaving, unknown)
    days = _days(workload, context)
    a_day = plan.costs.day_rate if plan.costs is not None else None
    if days is None or a_day is None:
        template = later("one-off work: what a day of it costs was not said (costs.day_rate)")
        what = Phrase(later("one-off work: what happens to it is not said") if days is None else template)
        return Once(None, fixed, amounts["training"], amounts["exit"] + leaving, (*unknown, what))
    pay = float(Decimal(a_day) * worth)
    work = Triangle(low=days.low * pay, likely=days.likely * pay, high=days.high * pay)
    return Once(work, fixed, amounts["training"], amounts["exit"] + leaving, unknown, days.likely)


def _days(workload: WorkloadSubject, context: Context) -> Triangle | None:
    """The people's own estimate, else what such a move takes."""
    own = workload.claim.effort_days
    given = sorted(days for days in (own.low, own.likely, own.high) if days is not None) if own is not None else []
    if own is not None and given:
        low, likely, high = given[0], given[len(given) // 2], given[-1]
        wider = 1.0 if own.bounds == "absolute" else _TENTHS
        return Triangle(low=max(0.0, likely - wider * (likely - low)), likely=likely, high=likely + wider * (high - likely))
    known = context.assumptions.effort_days.get(workload.claim.disposition or "")
    return None if known is None else Triangle(low=known.low, likely=known.likely, high=known.high)


def _leaving(workload: WorkloadSubject, spot: Spot | None, context: Context, money: Money) -> tuple[float, tuple[str, ...]]:
    """What it costs to carry the data out of a cloud that it leaves."""
    places = {
        Spot(str(each.record["provider"]), str(each.record.get("region", "")))
        for each in (*workload.servers, *workload.others)
        if each.record.get("provider") in CLOUDS
    }
    left = [place for place in places if spot is None or place.provider != spot.provider]
    if not left:
        return 0.0, ()
    volume = workload.claim.data.volume_gb if workload.claim.data else None
    if volume is None:
        return 0.0, (
            Phrase(later("carrying its data out of {provider}: how much there is was not said"), provider=left[0].provider),
        )
    cost = context.prices.egress(left[0].provider, Decimal(str(volume)), left[0].region)
    return float((cost or Decimal()) * money.factor), ()
