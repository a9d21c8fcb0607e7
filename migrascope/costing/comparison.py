"""Why moving and staying can or cannot be held against each other, and what a reader has to know of the amounts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from migrascope.costing.context import PricingContext, lacking
from migrascope.costing.lines import Unpriced
from migrascope.costing.timing import Timing
from migrascope.costing.workloads import WorkloadPrice
from migrascope.model.phrase import Phrase
from migrascope.model.uncertain import is_unknown
from migrascope.texts import later

FEW: Final = 3


def lacking_today(price: WorkloadPrice) -> tuple[Unpriced, ...]:
    """What runs today has to be paid until it stops; what is not known of that."""
    if price.now is not None and not price.now.at_least:
        return ()
    text = (
        later("what it costs today, until it stops") if price.now is None else later("all that it costs today, until it stops")
    )
    return (Unpriced(Phrase(text), lacking(price.workload, "cost_per_month.now")),)


def not_comparable(prices: Sequence[WorkloadPrice], undecided: Sequence[Unpriced]) -> list[str]:
    """Why moving and staying cannot be compared, and what to ask; nothing is made up to be able to."""
    absent = [price.workload.name for price in prices if price.now is None]
    bases = sorted({price.now.basis for price in prices if price.now is not None})
    reasons: list[str] = [gap.text for gap in undecided]
    if absent:
        what = later("what {which} cost today is not known: ask for a bill, or for cost_per_month.now")
        reasons.append(Phrase(what, which=_some(absent)))
    if len(bases) > 1:
        what = later("what things cost today is known in unlike ways, and these are never subtracted: {bases}")
        reasons.append(Phrase(what, bases=", ".join(bases)))
    if bases == ["stated"] and not absent:
        reasons.append(Phrase(later("what things cost today is stated by the plan, and not measured: ask for a bill")))
    bare = [price.workload.name for price in prices if not price.priced.stands]
    if bare:
        reasons.append(Phrase(later("{which} could not be priced"), which=_some(bare)))
    return reasons


def _some(names: Sequence[str]) -> str:
    if len(names) <= FEW:
        return ", ".join(names)
    return Phrase(later("{some} and {n} more"), some=", ".join(names[:FEW]), n=len(names) - FEW)


def notes(prices: Sequence[WorkloadPrice], times: Sequence[Timing], context: PricingContext) -> tuple[str, ...]:
    """What a reader has to know of the amounts."""
    asking, book = context.asking, context.prices.listed.currency
    remarks: list[str] = []
    own = asking.plan.currency
    if own is None:
        remarks.append(Phrase(later("the plan names no currency: its amounts are compared with nothing")))
    elif own != context.money.currency:
        no_rate = later("the plan gives no rate from {book} to {own}: our amounts are in {book}, compared with nothing")
        remarks.append(Phrase(no_rate, book=book, own=own))
    now, then = (asking.ask(asking.estate.plan_subject, f"costs.{name}") for name in ("as_is_per_month", "to_be_per_month"))
    if not is_unknown(now) and not is_unknown(then):
        totals = later("the plan's own totals, of all its workloads: {now} a month today, {then} afterwards")
        remarks.append(Phrase(totals, now=now, then=then))
        sums = [_stated(context, name) for name in ("now", "planned")]
        if any(sums):
            parts = later("added up, its workloads say {now} a month today, and {then} afterwards")
            remarks.append(Phrase(parts, now=round(sums[0]), then=round(sums[1])))
    unknown = [[gap.text for gap in each.unknown] for each in times]
    for what in sorted({text for texts in unknown for text in texts}):
        text = later("{what}: not known of {n} of {of} workloads")
        remarks.append(Phrase(text, n=sum(what in texts for texts in unknown), of=len(prices), what=what))
    return tuple(remarks)


def _stated(context: PricingContext, name: str) -> Decimal:
    """What all workloads of the plan say that they cost, together; those that say nothing count for nothing."""
    amounts = (context.asking.ask(workload, f"cost_per_month.{name}") for workload in context.asking.estate.workloads)
    return sum((Decimal(amount) for amount in amounts if not is_unknown(amount)), Decimal())
