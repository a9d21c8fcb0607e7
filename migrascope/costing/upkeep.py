"""What is forgotten most: backup, logs and support. Where a plan says nothing of them, a range is supposed, and says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from migrascope.costing.context import Context, Spot
from migrascope.costing.lines import Between, Line
from migrascope.estate.subjects import WorkloadSubject
from migrascope.knowledge.list_prices import SupportPlan
from migrascope.knowledge.prices import Price
from migrascope.model.phrase import Phrase
from migrascope.texts import later

_KEPT: Final = {"aws": "aws-snapshot", "azure": "azure-backup-vault-grs"}
_LOGS: Final = {"aws": "aws-logs-in", "azure": "azure-log-analytics-in"}
_PLANS: Final = {"aws": "aws-business", "azure": "azure-prodirect"}
"""The plan with people to call at any hour; what is paid at most, where a plan names none."""


def upkeep_lines(
    workload: WorkloadSubject, machines: int, gib: Decimal | None, spot: Spot, context: Context
) -> tuple[list[Line], list[str]]:
    """Backup of what it holds, and the logs of its machines."""
    lines: list[Line] = []
    unknown: list[str] = []
    volume = workload.claim.data.volume_gb if workload.claim.data else None
    protected = Decimal(str(volume)) if volume is not None else gib
    price = context.prices.price(_KEPT[spot.provider], spot.region)
    if protected is None or price.amount is None:
        unknown.append(
            _unpriced(later("backup"), price)
            if protected is not None
            else Phrase(later("backup: how much it holds is not known"))
        )
    else:
        copies = context.range("backup_copies")
        amount = Between(
            protected * Decimal(str(copies.low)) * price.amount,
            protected * Decimal(str(copies.high)) * price.amount + _instances(protected, machines, spot, context),
        )
        lines.append(
            Line("backup", price.sku, protected, "GB protected", amount, amount, price, Phrase(later("how much is kept of it")))
        )
    logs, each = context.prices.price(_LOGS[spot.provider], spot.region), context.range("logs_gb")
    if logs.amount is None:
        unknown.append(_unpriced(later("logs"), logs))
    else:
        amount = Between(*(machines * Decimal(str(gb)) * logs.amount for gb in (each.low, each.high)))
        lines.append(
            Line("logs", logs.sku, Decimal(machines), "machine", amount, amount, logs, Phrase(later("how much a machine logs")))
        )
    return lines, unknown


def _unpriced(what: str, price: Price) -> Phrase:
    return Phrase(later("{what}: {why}"), what=Phrase(what), why=price.why)


def _instances(protected: Decimal, machines: int, spot: Spot, context: Context) -> Decimal:
    """Azure also asks money for each machine that is protected, by its size."""
    if spot.provider != "azure" or not machines:
        return Decimal()
    small, middle = (context.prices.price(f"azure-backup-{size}", spot.region).amount or Decimal() for size in (50, 500))
    each = protected / machines
    return machines * (small if each <= 50 else middle * max(Decimal(1), -(-each // 500)))


def support_line(spent: Between, provider: str, stated: Decimal | None, context: Context) -> Line | None:
    """Support of everything at a provider: what the plan states, else from none to the plan with people at any hour."""
    if stated is not None:
        return Line("support", Phrase(later("support plan, as stated")), Decimal(1), "month", *(Between(stated, stated),) * 2)
    plan = context.prices.support(_PLANS[provider])
    if plan is None:
        return None
    amount = Between(Decimal(), support(plan, spent.high))
    return Line(
        "support",
        plan.id,
        Decimal(1),
        "month",
        amount,
        amount,
        assumed=Phrase(later("which support plan is taken was not said")),
    )


def support(plan: SupportPlan, spent: Decimal) -> Decimal:
    """What a support plan costs for so much spent in a month: a share by tiers, and no less than its minimum."""
    total, start = Decimal(), Decimal()
    for tier in plan.tiers:
        end = spent if tier.up_to is None else min(spent, Decimal(tier.up_to))
        total += max(end - start, Decimal()) * Decimal(str(tier.percent)) / 100
        start = max(start, end)
    return max(total, plan.at_least)
