"""What traffic costs: out of the target, and between its zones.

What leaves a target is what its callers and callees elsewhere exchange with it, and what its people read. Where a plan does not
say how much a call moves, a range is supposed; where it does not even say how many calls there are, there is no price.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from migrascope.costing.context import Context, Spot, moves, target_of
from migrascope.costing.lines import Between, Line
from migrascope.estate.subjects import DependencySubject, WorkloadSubject
from migrascope.knowledge.prices import Price
from migrascope.model.phrase import Phrase
from migrascope.texts import later

_DAYS: Final = 365 / 12
_NINETIETH: Final = 1.2816
"""How far from its middle the ninetieth of a hundred of a standard normal is."""
_HALF: Final = 0.5
"""Of what is exchanged, at least half leaves the target."""


@dataclass(frozen=True, slots=True)
class Gigabytes:
    """GB a month, at least and at most; and what is not known."""

    low: float = 0.0
    high: float = 0.0
    unknown: tuple[str, ...] = ()
    stated: bool = True
    """All of it was said or measured."""

    def __add__(self, other: Gigabytes) -> Gigabytes:
        return Gigabytes(
            self.low + other.low, self.high + other.high, self.unknown + other.unknown, self.stated and other.stated
        )


@dataclass(frozen=True, slots=True)
class Flow:
    """What leaves the target of a workload, and what crosses a zone inside it."""

    out: Gigabytes
    between_zones: Gigabytes


def flows(context: Context) -> dict[str, Flow]:
    """The traffic of every workload that moves to a cloud whose prices are known, by its id."""
    spots = {each.id: target_of(each) if moves(each) else None for each in context.estate.workloads}
    found: dict[str, Flow] = {}
    by_workload: dict[str, list[DependencySubject]] = {}
    for dependency in context.estate.dependencies:
        if dependency.caller is not dependency.callee:
            by_workload.setdefault(dependency.caller.id, []).append(dependency)
            by_workload.setdefault(dependency.callee.id, []).append(dependency)
    for workload in context.estate.workloads:
        spot = spots[workload.id]
        if spot is None:
            continue
        out, inside = _people(workload, context), Gigabytes()
        for dependency in by_workload.get(workload.id, ()):
            other = dependency.callee if dependency.caller is workload else dependency.caller
            moved = _moved(dependency, other, context)
            if spots[other.id] != spot:
                out += Gigabytes(moved.low * _HALF, moved.high, moved.unknown, moved.stated)
            elif dependency.caller is workload:
                inside += moved
        out += _undeclared(workload, spots, by_workload.get(workload.id, ()), context)
        share = context.range("between_zones")
        inside = Gigabytes(inside.low * share.low, inside.high * share.high, (), stated=False)
        found[workload.id] = Flow(out, inside)
    return found


def _undeclared(
    workload: WorkloadSubject, spots: dict[str, Spot | None], declared: Iterable[DependencySubject], context: Context
) -> Gigabytes:
    """Calls that were seen across the border of its target and that nobody declared: how much they move is not known."""
    known = {each for dependency in declared for each in (dependency.caller.index, dependency.callee.index)}
    seen = set(context.estate.traffic.callees(workload.index))
    seen |= context.callers_seen().get(workload.index, frozenset())
    others = [context.estate.workloads[number] for number in sorted(seen - known - {workload.index})]
    found = Gigabytes()
    for other in others:
        if spots[other.id] != spots[workload.id]:
            said = Phrase(later("traffic with {other}: it was seen, and nobody says how much it is"), other=other.id)
            found += Gigabytes(unknown=(said,))
    return found


def _people(workload: WorkloadSubject, context: Context) -> Gigabytes:
    if workload.claim.users is None:
        return Gigabytes(unknown=(Phrase(later("traffic to its users: how many there are was not said")),))
    if not workload.claim.users:
        return Gigabytes()
    each = context.range("user_gb")
    return Gigabytes(workload.claim.users * each.low, workload.claim.users * each.high, stated=False)


def _moved(dependency: DependencySubject, other: WorkloadSubject, context: Context) -> Gigabytes:
    """What one dependency moves in a month."""
    claim = dependency.claim
    if claim.gb_per_month is not None:
        return Gigabytes(claim.gb_per_month, claim.gb_per_month)
    if claim.calls_per_day is None:
        return Gigabytes(unknown=(Phrase(later("traffic with {other}: neither GB nor calls were said"), other=other.id),))
    size = context.range("call_kb")
    calls = claim.calls_per_day * _DAYS
    return Gigabytes(calls * size.low / 1e6, calls * size.high / 1e6, stated=False)


def gigabyte_prices(found: dict[str, Flow], context: Context) -> dict[Spot, tuple[Decimal, Decimal]]:
    """What a GB out costs, at least and at most: the tiers are filled by all workloads of a target together."""
    totals: dict[Spot, tuple[float, float]] = {}
    for workload in context.estate.workloads:
        spot = target_of(workload)
        if workload.id in found and spot is not None:
            low, high = totals.get(spot, (0.0, 0.0))
            out = found[workload.id].out
            totals[spot] = low + out.low, high + out.high
    prices: dict[Spot, tuple[Decimal, Decimal]] = {}
    for spot, sums in totals.items():
        means = []
        for total in sums:
            amount = Decimal(str(total))
            cost = context.prices.egress(spot.provider, amount, spot.region)
            if cost is None:
                break
            means.append(cost / amount if amount else Decimal())
        else:
            prices[spot] = min(means), max(means)
    return prices


def traffic_lines(
    flow: Flow, spot: Spot, price: tuple[Decimal, Decimal] | None, context: Context
) -> tuple[list[Line], list[str]]:
    """Traffic out and between zones, as lines."""
    if price is None:
        return [], [Phrase(later("traffic out: no price of {provider} is known"), provider=spot.provider)]
    lines: list[Line] = []
    out = flow.out
    if out.high and price[1]:
        # What is stated may still be off: as far as the simulation takes it.
        width = Decimal(str(math.exp(_NINETIETH * context.assumptions.traffic_sigma["stated"]))) if out.stated else Decimal(1)
        amount = Between(Decimal(str(out.low)) * price[0] / width, Decimal(str(out.high)) * price[1] * width)
        assumed = "" if out.stated else Phrase(later("by the number of users and calls"))
        lines.append(
            Line("traffic", "traffic out", Decimal(str(round(out.high, 1))), "GB at most", amount, amount, assumed=assumed)
        )
    zones = context.prices.price(f"{spot.provider}-between-zones", spot.region)
    inside = flow.between_zones
    if inside.high and zones.amount:
        both = [Decimal(str(number)) * zones.amount * 2 for number in (inside.low, inside.high)]
        quantity = Decimal(str(round(inside.high, 1)))
        lines.append(_between_zones(quantity, Between(*both), zones))
    return lines, list(out.unknown)


def _between_zones(quantity: Decimal, amount: Between, price: Price) -> Line:
    return Line(
        "traffic",
        Phrase(later("traffic between zones")),
        quantity,
        "GB at most",
        amount,
        amount,
        price,
        Phrase(later("how much crosses a zone")),
    )
