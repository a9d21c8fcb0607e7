"""Money in one currency: converted by a dated rate of the plan, and by nothing else."""

from __future__ import annotations

from decimal import Decimal

from migrascope.model.plan import Plan


def rate(plan: Plan, currency: str, into: str) -> Decimal | None:
    """One of a currency in another, by the newest rate that the plan gives for the two; None where it gives none.

    A rate of a day after the plan's own is not known yet; of two of one day the first one counts.
    """
    if currency == into:
        return Decimal(1)
    found = sorted(
        ((each.on, number, each) for number, each in enumerate(plan.rates or ()) if {each.from_, each.to} == {currency, into}),
        key=lambda known: (known[0], -known[1]),
    )
    past = [each for on, _, each in found if plan.as_of is None or on <= plan.as_of]
    if not past:
        return None
    newest = past[-1]
    return Decimal(str(newest.rate)) if newest.from_ == currency else 1 / Decimal(str(newest.rate))
