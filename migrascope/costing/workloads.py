"""One workload as lines: what it will cost a month where it goes, and what it costs today."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from migrascope.costing.context import CLOUDS, PricingContext, lacking, priced_target
from migrascope.costing.lines import FREE, HOURS, Line, Priced, Unpriced, summed
from migrascope.costing.machines import Fleet, fleet, licence_gaps, machine_lines
from migrascope.costing.storage import disk_lines, other_lines, server_disks
from migrascope.costing.traffic import Flow, GigabytePrices, traffic_lines
from migrascope.costing.upkeep import support_line, upkeep_lines
from migrascope.estate.currency import rate
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.workload import Destination
from migrascope.model.phrase import Phrase
from migrascope.model.uncertain import Missing, is_unknown
from migrascope.texts import later

Basis = Literal["billed", "list", "stated"]
"""How what it costs today is known: from a bill, from list prices of what was seen, or because the plan says so."""
_MEASURES: Final = ("GiB", "GB-month")


@dataclass(frozen=True, slots=True)
class Now:
    """What it costs today a month, in the currency of the report."""

    amount: Decimal
    basis: Basis
    at_least: bool = False
    """Something of it was not on the bill, or has no price."""
    sure: bool = True
    """It is no less than that: false where a bill may hold another amount, and which servers it is for is not known."""
    cloud: bool = False


@dataclass(frozen=True, slots=True)
class WorkloadPrice:
    """A workload that moves, with its lines."""

    workload: WorkloadSubject
    target: Destination | None
    priced: Priced
    basis: str
    now: Now | None


def price_workload(
    workload: WorkloadSubject, by_workload: dict[str, Flow], gigabytes: GigabytePrices, context: PricingContext
) -> WorkloadPrice:
    """A workload that moves."""
    target = priced_target(context.asking, workload)
    priced, basis = _priced(workload, target, by_workload.get(workload.id), gigabytes, context)
    return WorkloadPrice(workload, target, priced, basis, now(workload, context))


def _nothing(text: str, missing: Missing) -> tuple[Priced, str]:
    return Priced(unpriced=(Unpriced(text, missing),)), "nothing"


def _priced(
    workload: WorkloadSubject, target: Destination | None, flow: Flow | None, gigabytes: GigabytePrices, context: PricingContext
) -> tuple[Priced, str]:
    ask = context.asking.ask
    if ask(workload, "disposition") == "repurchase":
        text = Phrase(later("the subscription: its supplier knows what a user of it costs"))
        return _nothing(text, Missing("workload", "target", workload.id, "no_knowledge"))
    if target is None:
        text = Phrase(later("where it goes: the plan names no provider and region"))
        return _nothing(text, lacking(workload, "target.at"))
    if target.provider not in CLOUDS:
        text = Phrase(later("everything: no prices of {provider} are known"), provider=target.provider)
        return _nothing(text, Missing("plan", "targets.provider", "plan", "no_knowledge", target.provider))
    unstated = [is_unknown(ask(workload, f"target.{name}")) for name in ("size", "count", "disk_gb")]
    without = bool(workload.others) and not workload.servers.items and unstated[0] and unstated[2]
    machines = Fleet() if without else fleet(workload, target, context)
    lines = machine_lines(machines, workload, target, context)
    unpriced = [*machines.unpriced, *licence_gaps(machines, workload, target, context)]
    if context.asking.estate.has_inventory and not workload.servers.complete and any(unstated):
        text = Phrase(later("machines: perhaps not all of its servers were seen"))
        unpriced.append(Unpriced(text, min(workload.servers.missing)))
    disks: tuple[list[Line], list[Unpriced]] = ([], []) if without else disk_lines(workload, target, context)
    for more, gaps in (disks, other_lines(workload, target, context)):
        lines += more
        unpriced += gaps
    if is_unknown(ask(workload, "disposition")):
        text = Phrase(later("approach (7R): not stated in the plan, it may stay"))
        unpriced.append(Unpriced(text, lacking(workload, "disposition")))
    gib = sum((line.quantity for line in lines if line.group == "storage" and line.unit in _MEASURES), Decimal())
    parts = [upkeep_lines(workload, _machines(workload, machines, context, without=without), gib or None, target, context)]
    if flow is not None:
        parts.append(traffic_lines(flow, target, gigabytes.get(target), context))
    for more, gaps in parts:
        lines += more
        unpriced += gaps
    lines = [line for line in lines if line.planned != FREE or line.right_sized != FREE or line.group == "machines"]
    return Priced(tuple(lines), tuple(unpriced), without, machines.right_open), _basis(machines)


def _machines(workload: WorkloadSubject, machines: Fleet, context: PricingContext, *, without: bool) -> tuple[int, int]:
    """How many machines there will be, at least and at most, whether or not they have a price."""
    if machines.kinds:
        return machines.number
    count = context.asking.ask(workload, "target.count")
    if not is_unknown(count) and count:
        return count, count
    number = len(workload.servers.items) or (0 if without else 1)
    return 0, number


def _basis(machines: Fleet) -> str:
    """What sizes the price rests on, and whether their load was measured."""
    if machines.like_for_like:
        one_for_one = later("sizes of today, one for one; load of {n} machines measured")
        return Phrase(
            one_for_one if machines.measured else later("sizes of today, one for one; no load measured"), n=machines.measured
        )
    planned = later("sizes of the plan; load of {n} machines measured")
    return Phrase(planned if machines.measured else later("sizes of the plan; no load measured"), n=machines.measured)


def now(workload: WorkloadSubject, context: PricingContext) -> Now | None:
    """What it costs today: billed, else at list where it runs in a cloud, else as the plan states it.

    What is known of a better basis only in part is a lower bound; it does not give way to a worse basis.
    """
    return _billed(workload, context) or _at_list(workload, context) or _stated(workload, context)


def _billed(workload: WorkloadSubject, context: PricingContext) -> Now | None:
    bill = context.asking.bill
    if bill is None or not bill.currency:
        return None
    worth = rate(context.asking.plan, bill.currency, context.money.currency)
    members = [each.id for each in (*workload.servers, *workload.others)]
    amount = bill.of(members)
    if worth is None or amount is None:
        return None
    absent = any(bill.of([id_]) is None for id_ in members) or not workload.servers.complete
    return Now(Decimal(str(amount)) * worth, "billed", at_least=absent, cloud=True)


def _at_list(workload: WorkloadSubject, context: PricingContext) -> Now | None:
    """By the same prices as the target: staying and leaving are priced alike."""
    servers = [server for server in workload.servers if server.record.get("provider") in CLOUDS]
    if not servers or len(servers) != len(workload.servers.items):
        return None
    ask, total = context.asking.ask, Decimal()
    for server in servers:
        size, region = ask(server, "size"), server.record.get("region")
        runs = ask(server, "power") == "on"
        price = context.prices.price(str(size), str(region), "windows" if context.system(server) == "windows" else "linux")
        if price.amount is not None and not is_unknown(size):
            total += HOURS * price.amount if runs else Decimal()
        place = Destination(str(server.record["provider"]), str(region))
        total += sum((line.bounds.low for line in server_disks([server], place, context)[0]), Decimal())
    return Now(total * context.money.factor, "list", at_least=True, cloud=True)


def _stated(workload: WorkloadSubject, context: PricingContext) -> Now | None:
    amount = context.asking.ask(workload, "cost_per_month.now")
    if is_unknown(amount) or context.own_rate is None:
        return None
    maybe_billed = context.asking.bill is not None and not workload.servers.complete
    return Now(Decimal(amount) * context.own_rate, "stated", at_least=maybe_billed, sure=not maybe_billed)


def shared(prices: list[WorkloadPrice], context: PricingContext) -> dict[str, Line]:
    """What the workloads at a provider share: support. By provider."""
    spent = {
        provider: summed(each.priced.planned for each in prices if each.target is not None and each.target.provider == provider)
        for provider in CLOUDS
    }
    stated = context.in_report(context.asking.ask(context.asking.estate.plan_subject, "costs.support_plan"))
    main = max(CLOUDS, key=lambda provider: spent[provider].high)
    lines: dict[str, Line] = {}
    for provider in CLOUDS:
        if spent[provider].high:
            own = Decimal(str(stated)) / context.money.factor if stated is not None and provider == main else None
            line = support_line(spent[provider], provider, own, context)
            if line is not None:
                lines[provider] = line
    return lines
