"""What moving costs once: the work, by the people's own estimates or by what happens to it; licences, training, leaving."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from migrascope.costing.context import CLOUDS, PricingContext, known, lacking
from migrascope.costing.lines import Unpriced
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.workload import Destination
from migrascope.knowledge.assumptions import Triangle
from migrascope.model.phrase import Phrase
from migrascope.model.uncertain import Bounds, Missing, bounded, is_unknown, missing_of
from migrascope.texts import later

_FIXED: Final = ("licences", "training", "hardware", "exit", "other")
_TENTHS: Final = 1.81
"""How much further the ends of a triangular distribution are from its mode than its P10 and P90: 1 / (1 - 0.447)."""
_NOTHING: Final = Triangle(low=0, likely=0, high=0)


@dataclass(frozen=True, slots=True)
class OneOffWork:
    """The work of moving as a triangular distribution [money]: with every missing estimate at its least, as expected, and at
    its most. `days` are the likely days, and `stated` says that they are the people's own."""

    least: Triangle
    expected: Triangle
    most: Triangle
    days: float | None = None
    stated: bool = False


@dataclass(frozen=True, slots=True)
class OneOff:
    """The work, which may overrun, and what is paid besides [money]; what is not known of it opens the sum."""

    work: OneOffWork | None = None
    fixed: float = 0.0
    training: float = 0.0
    exit: float = 0.0
    unpriced: tuple[Unpriced, ...] = ()


def one_off(workload: WorkloadSubject, target: Destination | None, context: PricingContext) -> OneOff:
    """What moving one workload costs once, in the currency of the report."""
    if context.own_rate is None:
        text = Phrase(later("one-off cost: no currency is stated, or no rate of it"))
        return OneOff(unpriced=(Unpriced(text, Missing("plan", "currency", "plan", "silent")),))
    ask = context.asking.ask
    stated = {name: ask(workload, f"cost_once.{name}") for name in (*_FIXED, "migration")}
    amounts = {name: context.in_report(known(stated[name], 0)) or 0.0 for name in _FIXED}
    leaving, unpriced = _leaving(workload, target, context)
    unpriced += _unstated(workload, stated)
    work, open_work = _work(workload, stated["migration"], context)
    fixed = sum(amounts.values()) + leaving
    return OneOff(work, fixed, amounts["training"], amounts["exit"] + leaving, (*unpriced, *open_work))


def _unstated(workload: WorkloadSubject, stated: dict[str, Any]) -> tuple[Unpriced, ...]:
    """What may be paid besides the work and is not stated, in one line: a plan with no word of it has not said `none`."""
    absent = [name for name in _FIXED if is_unknown(stated[name])]
    if not absent:
        return ()
    what = Phrase(later("one-off cost not stated in the plan: {parts}"), parts=", ".join(absent))
    return (Unpriced(what, lacking(workload, f"cost_once.{absent[0]}")),)


def _work(workload: WorkloadSubject, migration: Any, context: PricingContext) -> tuple[OneOffWork | None, tuple[Unpriced, ...]]:
    """The work [money]: an amount of the plan's own, else days at the plan's rate."""
    if not is_unknown(migration):
        amount = context.in_report(migration) or 0.0
        exact = Triangle(low=amount, likely=amount, high=amount)
        return OneOffWork(exact, exact, exact), ()
    least, expected, most, open_ = _days(workload, context)
    rate = context.asking.ask(context.asking.estate.plan_subject, "costs.day_rate")
    if expected is None:
        return None, (
            Unpriced(Phrase(later("one-off work: what happens to it is not said")), lacking(workload, "disposition")),
        )
    if is_unknown(rate):
        text = Phrase(later("one-off work: what a day of it costs was not said (costs.day_rate)"))
        return None, (Unpriced(text, Missing("plan", "costs.day_rate", "plan", "silent")),)
    pay = context.in_report(rate) or 0.0
    stated = not is_unknown(context.asking.ask(workload, "effort_days.likely"))
    return OneOffWork(_times(least, pay), _times(expected, pay), _times(most, pay), expected.likely, stated), tuple(open_)


def _times(days: Triangle, pay: float) -> Triangle:
    return Triangle(low=days.low * pay, likely=days.likely * pay, high=days.high * pay)


def _days(workload: WorkloadSubject, context: PricingContext) -> tuple[Triangle, Triangle | None, Triangle, list[Unpriced]]:
    """Days of work with what is missing at its least, as expected, and at its most; and what opens the sum.

    A missing `high` has no end, and nor has the work; a missing `low` may be nothing, or as much as the next estimate.
    """
    ask = context.asking.ask
    low, likely, high = (ask(workload, f"effort_days.{name}") for name in ("low", "likely", "high"))
    usual = context.assumptions.effort_days.get(known(ask(workload, "disposition"), ""))
    open_ = list(_unstated_effort(workload, low, likely, high))
    if all(map(is_unknown, (low, likely, high))):
        expected = None if usual is None else Triangle(low=usual.low, likely=usual.likely, high=usual.high)
        return _NOTHING, expected, expected or _NOTHING, open_
    widen = 1.0 if ask(workload, "effort_days.bounds") == "absolute" else _TENTHS
    stated = sorted(each for each in (low, likely, high) if not is_unknown(each))
    expected = _triangle(stated[0], known(likely, stated[len(stated) // 2]), stated[-1], widen)
    least, most = _extremes(bounded(low), bounded(likely), bounded(high), stated[-1], widen)
    return least, expected, most, open_


def _extremes(low: Bounds, likely: Bounds, high: Bounds, top: float, widen: float) -> tuple[Triangle, Triangle]:
    """The distributions with every missing estimate where it makes the work least, and most, given `low <= likely <= high`.

    The ends are `widen x estimate - (widen - 1) x mode`: a later mode lowers both, and raises all that lies between.
    """
    most_high = top if high.high is None else high.high
    most_likely = most_high if likely.high is None else likely.high
    most_low = most_likely if low.high is None else min(low.high, most_likely)
    least_likely = max(likely.low, low.low)
    least_high = max(high.low, least_likely)
    latest = math.inf if likely.high is None and high.high is None else most_likely

    def ends(estimate: float, mode: float) -> float:
        return widen * estimate - (widen - 1) * mode if widen > 1 else estimate

    least_end = max(ends(least_high, latest), least_likely)
    least = Triangle(low=min(max(0.0, ends(low.low, latest)), least_likely), likely=least_likely, high=least_end)
    most_start = min(max(0.0, ends(most_low, least_likely)), most_likely)
    return least, Triangle(low=most_start, likely=most_likely, high=max(ends(most_high, least_likely), most_likely))


def _unstated_effort(workload: WorkloadSubject, low: Any, likely: Any, high: Any) -> Iterator[Unpriced]:
    if is_unknown(high):
        text = later("effort: upper estimate not stated in the plan")
        if is_unknown(low) and is_unknown(likely):
            text = later("effort: not estimated in the plan")
        yield Unpriced(Phrase(text), lacking(workload, "effort_days.high"))


def _triangle(low: float, likely: float, high: float, widen: float) -> Triangle:
    """People's P10, mode and P90 as a triangular distribution; `widen` is 1 where they are extremes."""
    low, high = min(low, likely), max(high, likely)
    return Triangle(low=max(0.0, likely - widen * (likely - low)), likely=likely, high=likely + widen * (high - likely))


def _leaving(
    workload: WorkloadSubject, target: Destination | None, context: PricingContext
) -> tuple[float, tuple[Unpriced, ...]]:
    """What it costs to carry the data out of a cloud that it leaves."""
    places = {
        Destination(str(each.record["provider"]), str(each.record.get("region", "")))
        for each in (*workload.servers, *workload.others)
        if each.record.get("provider") in CLOUDS
    }
    left = sorted((place for place in places if target is None or place.provider != target.provider), key=repr)
    if not left:
        return 0.0, _perhaps_leaving(workload, context)
    volume = context.asking.ask(workload, "data.volume_gb")
    if is_unknown(volume):
        what = later("carrying its data out of {provider}: how much there is was not said")
        return 0.0, (Unpriced(Phrase(what, provider=left[0].provider), lacking(workload, "data.volume_gb")),)
    cost = context.prices.egress(left[0].provider, Decimal(str(volume)), left[0].region)
    return float((cost or Decimal()) * context.money.factor), ()


def _perhaps_leaving(workload: WorkloadSubject, context: PricingContext) -> tuple[Unpriced, ...]:
    """A server that was not found may stand in a cloud: seen only where an inventory was read and the list is not whole."""
    incomplete = sorted(missing_of(workload.servers))
    if not context.asking.estate.has_inventory or not incomplete:
        return ()
    return (Unpriced(Phrase(later("carrying its data out of a cloud: not all of its servers were found")), incomplete[0]),)
