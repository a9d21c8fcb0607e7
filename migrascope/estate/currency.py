"""Money in one currency: converted by a dated rate of the plan, and by nothing else."""

from __future__ import annotations

from decimal import Decimal

from migrascope.model.plan import Plan


def rate(plan: Plan, currency: str, into: str) -> Decimal | None:
    """One of a currency in another, by the newest rate that the plan gives for the two; None where it gives none."""
    if currency == into:
        return Decimal(1)
    found = [
        (each.on, Decimal(str(each.rate)) if each.from_ == currency else 1 / Decimal(str(each.rate)))
        for each in plan.rates or ()
        if {each.from_, each.to} == {currency, into} and each.rate
    ]
    return max(found)[1] if found else None
