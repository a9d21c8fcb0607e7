"""Facts about the plan's own numbers: do its parts add up."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from migrascope.estate.subjects import PlanSubject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.workload import moves
from migrascope.model.uncertain import Bounds, Fact, Known, Listing, Missing, Unknown

_ONCE = ("migration", "licences", "training", "hardware", "exit", "other")


def cost_now_sum(asking: Asking, plan: PlanSubject) -> Fact[Decimal] | Bounds:
    """What the workloads cost today, together [money per month]."""
    return asking.total(asking.estate.workloads, "cost_per_month.now")


def cost_planned_sum(asking: Asking, plan: PlanSubject) -> Fact[Decimal] | Bounds:
    """What the workloads are to cost, together [money per month]."""
    return asking.total(asking.estate.workloads, "cost_per_month.planned")


def cost_once_sum(asking: Asking, plan: PlanSubject) -> Fact[Decimal] | Bounds:
    """The one-off cost that the workloads name, together; at least that, where a part is not given [money]."""
    return asking.total(asking.estate.workloads, *(f"cost_once.{part}" for part in _ONCE))


def busiest_owner(asking: Asking, plan: PlanSubject) -> Fact[str]:
    """The person who is named as an owner of most workloads that move."""
    counts, missing = _owners(asking, plan)
    if not counts:
        return Unknown(missing) if missing else Unknown.because("workload", "owner.business", "*", "silent")
    return Known(min(counts, key=lambda name: (-counts[name], name)))


def busiest_owner_percent(asking: Asking, plan: PlanSubject) -> Fact[float] | Bounds:
    """The part of the workloads that move for which that person is named [%]."""
    counts, missing = _owners(asking, plan)
    moving = sum(not _stays(asking, workload) for workload in asking.estate.workloads)
    if not moving or not counts:
        return Unknown(missing) if missing else Known(0.0)
    share = 100.0 * max(counts.values()) / moving
    return Bounds(0.0, 100.0, missing) if missing else Known(share)


def _stays(asking: Asking, workload: WorkloadSubject) -> bool:
    answer = moves(asking, workload)
    return isinstance(answer, Known) and not answer.value


def _owners(asking: Asking, plan: PlanSubject) -> tuple[dict[str, int], frozenset[Missing]]:
    """How many moving workloads name each person, and what is missing."""
    counts: dict[str, int] = {}
    missing = set[Missing]()
    for workload in asking.estate.workloads:
        if _stays(asking, workload):
            continue
        answer = moves(asking, workload)
        missing |= answer.missing if isinstance(answer, Unknown) else frozenset()
        owner = asking.claim(workload).owner
        named = {name for name in (owner.business, owner.technical) if name} if owner else set[str]()
        for part in ("business", "technical"):
            if owner is None or getattr(owner, part) is None:
                missing.add(Missing("workload", f"owner.{part}", workload.id, "silent"))
        for name in named:
            counts[name] = counts.get(name, 0) + 1
    return counts, frozenset(missing)


def prices_age_days(asking: Asking, plan: PlanSubject) -> Fact[int]:
    """The age of the oldest price that the cost of this plan rests on [days]."""
    cost = asking.priced.cost if asking.priced is not None else None
    if cost is None or cost.prices_as_of is None:
        return Unknown.because("plan", "prices_age_days", "plan", "no_knowledge", "nothing was priced")
    return Known((asking.estate.as_of - dt.date.fromisoformat(cost.prices_as_of)).days)


def goes_to_a_cloud(asking: Asking, plan: PlanSubject) -> Fact[bool]:
    """One of its targets is AWS, Azure or Google's cloud."""
    targets = asking.claim(plan).targets
    own = [
        each.target.provider
        for each in asking.claim(plan).workloads
        if each.target is not None and each.target.provider is not None
    ]
    providers = [*own, *(target.provider for target in targets or ())]
    if any(provider in ("aws", "azure", "gcp") for provider in providers):
        return Known(value=True)
    if targets is None or None in providers:
        return Unknown.because("plan", "targets.provider", "plan", "silent")
    return Known(value=False)


def exits_without_a_price(asking: Asking, plan: PlanSubject) -> Listing[str]:
    """Suppliers of which the plan does not say what leaving them costs."""
    suppliers = asking.claim(plan).suppliers
    if suppliers is None:
        return Listing((), frozenset((Missing("plan", "suppliers", "plan", "silent"),)))
    return Listing(tuple(each.name for each in suppliers if each.exit_plan is None or each.exit_plan.cost is None))
