"""What is forgotten most: backup, logs and support. Where a plan says nothing of them, a range is supposed, and says so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from migrascope.costing.context import PricingContext, lacking
from migrascope.costing.lines import FREE, Extremes, Line, Unpriced
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.workload import Destination
from migrascope.knowledge.list_prices import SupportPlan
from migrascope.knowledge.prices import Price
from migrascope.model.phrase import Phrase
from migrascope.model.uncertain import Bounds, exactly, is_unknown
from migrascope.texts import later

_KEPT: Final = {"aws": "aws-snapshot", "azure": "azure-backup-vault-grs"}
_LOGS: Final = {"aws": "aws-logs-in", "azure": "azure-log-analytics-in"}
_PLANS: Final = {"aws": "aws-business", "azure": "azure-prodirect"}
"""The plan with people to call at any hour; what is paid at most, where a plan names none."""


def upkeep_lines(
    workload: WorkloadSubject, machines: tuple[int, int], gib: Decimal | None, target: Destination, context: PricingContext
) -> tuple[list[Line], list[Unpriced]]:
    """Backup of what it holds, and the logs of its machines, of which there are so many at least and at most."""
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    volume = context.asking.ask(workload, "data.volume_gb")
    price = context.prices.price(_KEPT[target.provider], target.region)
    if price.amount is None:
        unpriced.append(_no_price(workload, later("backup"), price))
    elif is_unknown(volume) and gib is None:
        unpriced.append(Unpriced(Phrase(later("backup: how much it holds is not known")), lacking(workload, "data.volume_gb")))
    else:
        lines.append(_backup(volume, machines[1], gib, price, target, context))
    logs, each = context.prices.price(_LOGS[target.provider], target.region), context.range("logs_gb")
    if logs.amount is None:
        unpriced.append(_no_price(workload, later("logs"), logs))
    else:
        fewest, amount = (Bounds(n * Decimal(str(each.low)) * logs.amount, n * Decimal(str(each.high)) * logs.amount)
                          for n in machines)  # fmt: skip
        extremes = Extremes(fewest, amount, fewest, amount)
        assumed = Phrase(later("how much a machine logs"))
        lines.append(Line("logs", logs.sku, Decimal(machines[1]), "machine", amount, amount, logs, assumed, "", extremes))
    return lines, unpriced


def _no_price(workload: WorkloadSubject, what: str, price: Price) -> Unpriced:
    return Unpriced(Phrase(later("{what}: {why}"), what=Phrase(what), why=price.why), lacking(workload, "target.region"))


def _backup(
    volume: Any, machines: int, gib: Decimal | None, price: Price, target: Destination, context: PricingContext
) -> Line:
    """Copies of its data; where the plan does not say how much that is, of no more than its disks hold."""
    stated = not is_unknown(volume)
    protected = Decimal(str(volume)) if stated else gib or Decimal()
    copies, each = context.range("backup_copies"), price.amount or Decimal()
    amount = Bounds(
        protected * Decimal(str(copies.low)) * each,
        protected * Decimal(str(copies.high)) * each + _instances(protected, machines, target, context),
    )
    assumed = Phrase(later("how much is kept of it"))
    extremes = None if stated else Extremes(FREE, amount, FREE, amount)
    field = "" if stated else "data.volume_gb"
    return Line("backup", price.sku, protected, "GB protected", amount, amount, price, assumed, field, extremes)


def _instances(protected: Decimal, machines: int, target: Destination, context: PricingContext) -> Decimal:
    """Azure also asks money for each machine that is protected, by its size."""
    if target.provider != "azure" or not machines:
        return Decimal()
    small, middle = (context.prices.price(f"azure-backup-{size}", target.region).amount or Decimal() for size in (50, 500))
    each = protected / machines
    return machines * (small if each <= 50 else middle * max(Decimal(1), -(-each // 500)))


def support_line(spent: Bounds, provider: str, stated: Decimal | None, context: PricingContext) -> Line | None:
    """Support of everything at a provider: what the plan states, else from none to the plan with people at any hour."""
    if stated is not None:
        return Line("support", Phrase(later("support plan, as stated")), Decimal(1), "month", exactly(stated), exactly(stated))
    plan = context.prices.support(_PLANS[provider])
    if plan is None:
        return None
    amount = Bounds(Decimal(), support(plan, spent.high))
    assumed = Phrase(later("which support plan is taken was not said"))
    return Line("support", plan.id, Decimal(1), "month", amount, amount, assumed=assumed)


def support(plan: SupportPlan, spent: Decimal) -> Decimal:
    """What a support plan costs for so much spent in a month: a share by tiers, and no less than its minimum."""
    total, start = Decimal(), Decimal()
    for tier in plan.tiers:
        end = spent if tier.up_to is None else min(spent, Decimal(tier.up_to))
        total += max(end - start, Decimal()) * Decimal(str(tier.percent)) / 100
        start = max(start, end)
    return max(total, plan.at_least)
