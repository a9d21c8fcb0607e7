"""One workload as lines: what it will cost a month where it goes, and what it costs today."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from migrascope.costing.context import CLOUDS, Context, Spot, target_of
from migrascope.costing.lines import HOURS, Between, Line, Priced, summed
from migrascope.costing.machines import Held, held, licence_gaps, machine_lines, system
from migrascope.costing.storage import disk_lines, other_lines, server_disks
from migrascope.costing.traffic import Flow, traffic_lines
from migrascope.costing.upkeep import support_line, upkeep_lines
from migrascope.estate.currency import rate
from migrascope.estate.subjects import WorkloadSubject
from migrascope.model.phrase import Phrase
from migrascope.model.plan import WorkloadTarget
from migrascope.texts import later

GigabytePrices = dict[Spot, tuple[Decimal, Decimal]]
Basis = Literal["billed", "list", "stated"]
"""How what it costs today is known: from a bill, from list prices of what was seen, or because the plan says so."""


@dataclass(frozen=True, slots=True)
class Now:
    """What it costs today a month, in the currency of the report."""

    amount: Decimal
    basis: Basis
    at_least: bool = False
    """Something of it was not on the bill, or has no price."""
    cloud: bool = False


@dataclass(frozen=True, slots=True)
class Costed:
    """A workload that moves, with its lines."""

    workload: WorkloadSubject
    spot: Spot | None
    priced: Priced
    basis: str
    now: Now | None


@dataclass(frozen=True, slots=True)
class Money:
    """The currency of the report, and what one of the price book's is worth in it."""

    currency: str
    factor: Decimal
    converted: bool


def costed(
    workload: WorkloadSubject,
    found: dict[str, Flow],
    gigabytes: GigabytePrices,
    context: Context,
    money: Money,
) -> Costed:
    """A workload that moves."""
    spot = target_of(workload)
    priced, basis = _priced(workload, spot, found, gigabytes, context)
    return Costed(workload, spot, priced, basis, now(workload, context, money))


def _priced(
    workload: WorkloadSubject,
    spot: Spot | None,
    found: dict[str, Flow],
    gigabytes: dict[Spot, tuple[Decimal, Decimal]],
    context: Context,
) -> tuple[Priced, str]:
    if workload.claim.disposition == "repurchase":
        return Priced(unknown=(Phrase(later("the subscription: its supplier knows what a user of it costs")),)), "nothing"
    if spot is None:
        return Priced(unknown=(Phrase(later("where it goes: the plan names no provider and region")),)), "nothing"
    if spot.provider not in CLOUDS:
        return Priced(
            unknown=(Phrase(later("everything: no prices of {provider} are known"), provider=spot.provider),)
        ), "nothing"
    target = workload.claim.target or WorkloadTarget()
    without = workload.others and not workload.servers.items and (target.size, target.disk_gb) == (None, None)
    machines = Held() if without else held(workload, target, spot, context)
    lines = machine_lines(machines, target, spot, context)
    unknown = [*machines.unknown, *licence_gaps(machines, target, spot, context)]
    told = None not in (target.size, target.count, target.disk_gb)
    if workload.estate.has_inventory and not workload.servers.complete and not told:
        unknown.append(Phrase(later("machines: perhaps not all of its servers were seen")))
    disks = ([], []) if without else disk_lines(workload, target, spot, context)
    for more, lacking in (disks, other_lines(workload, spot, context)):
        lines += more
        unknown += lacking
    gib = sum((line.quantity for line in lines if line.group == "storage" and line.unit in ("GiB", "GB-month")), Decimal())
    if not gib and target.disk_gb is not None:
        gib = Decimal(str(target.disk_gb))
    number = sum(most for _, _, most in machines.kinds) or target.count or len(workload.servers.items) or (0 if without else 1)
    flow, price = found.get(workload.id), gigabytes.get(spot)
    parts = [upkeep_lines(workload, number, gib or None, spot, context)]
    if flow is not None:
        parts.append(traffic_lines(flow, spot, price, context))
    for more, lacking in parts:
        lines += more
        unknown += lacking
    lines = [line for line in lines if line.planned != Between() or line.right_sized != Between() or line.group == "machines"]
    return Priced(tuple(lines), tuple(unknown), bool(without)), _basis(machines)


def _basis(machines: Held) -> str:
    """What sizes the price rests on, and whether their load was measured."""
    if machines.like_for_like:
        one_for_one = later("sizes of today, one for one; load of {n} machines measured")
        return Phrase(
            one_for_one if machines.measured else later("sizes of today, one for one; no load measured"), n=machines.measured
        )
    planned = later("sizes of the plan; load of {n} machines measured")
    return Phrase(planned if machines.measured else later("sizes of the plan; no load measured"), n=machines.measured)


def now(workload: WorkloadSubject, context: Context, money: Money) -> Now | None:
    """What it costs today: billed, else at list where it runs in a cloud, else as the plan states it."""
    return _billed(workload, money) or _at_list(workload, context, money) or _stated(workload, money)


def _billed(workload: WorkloadSubject, money: Money) -> Now | None:
    bill = workload.estate.bill
    if bill is None or not bill.currency:
        return None
    worth = rate(workload.estate.plan, bill.currency, money.currency)
    members = [each.id for each in (*workload.servers, *workload.others)]
    amount = bill.of(members)
    if worth is None or amount is None:
        return None
    absent = any(bill.of([id_]) is None for id_ in members) or not workload.servers.complete
    return Now(Decimal(str(amount)) * worth, "billed", at_least=absent, cloud=True)


def _at_list(workload: WorkloadSubject, context: Context, money: Money) -> Now | None:
    """By the same prices as the target: staying and leaving are priced alike."""
    servers = [server for server in workload.servers if server.record.get("provider") in CLOUDS]
    if not servers or len(servers) != len(workload.servers.items):
        return None
    total = Decimal()
    for server in servers:
        size, region = server.attributes.get("size"), server.record.get("region")
        running = server.attributes.get("power", "on") == "on"
        price = context.prices.price(str(size), str(region), "windows" if system(server) == "windows" else "linux")
        if price.amount is None:
            return None
        total += HOURS * price.amount if running else Decimal()
        spot = Spot(str(server.record["provider"]), str(region))
        total += sum((line.planned.low for line in server_disks([server], spot, context)[0]), Decimal())
    return Now(total * money.factor, "list", at_least=True, cloud=True)


def _stated(workload: WorkloadSubject, money: Money) -> Now | None:
    claim = workload.claim.cost_per_month
    currency = workload.estate.plan.currency
    worth = rate(workload.estate.plan, currency, money.currency) if currency is not None else None
    if claim is None or claim.now is None or worth is None:
        return None
    return Now(Decimal(claim.now) * worth, "stated")


def shared(costs: list[Costed], context: Context, money: Money) -> dict[str, Line]:
    """What the workloads at a provider share: support. By provider."""
    spent = {
        provider: summed(each.priced.planned for each in costs if each.spot is not None and each.spot.provider == provider)
        for provider in CLOUDS
    }
    stated = context.estate.plan.costs.support_plan if context.estate.plan.costs else None
    worth = rate(context.estate.plan, context.estate.plan.currency or money.currency, money.currency)
    main = max(CLOUDS, key=lambda provider: spent[provider].high)
    lines: dict[str, Line] = {}
    for provider in CLOUDS:
        if spent[provider].high:
            said = Decimal(stated) * worth / money.factor if stated is not None and worth and provider == main else None
            line = support_line(spent[provider], provider, said, context)
            if line is not None:
                lines[provider] = line
    return lines
