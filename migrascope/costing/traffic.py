"""What traffic costs: out of the target, and between its zones.

What leaves a target is what its callers and callees elsewhere exchange with it, and what its people read. Where a plan does not
say how much a call moves, a range is supposed; where it does not even say how many calls there are, there is no price.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist
from typing import Final

from migrascope.costing.context import PricingContext, is_priced, lacking, may_move, observed_callers, priced_target
from migrascope.costing.lines import Line, Unpriced
from migrascope.estate.subjects import DependencySubject, WorkloadSubject
from migrascope.facts.workload import Destination
from migrascope.knowledge.prices import Price
from migrascope.model.phrase import Phrase
from migrascope.model.uncertain import Bounds, Missing, exactly, is_unknown
from migrascope.texts import later

_DAYS: Final = 365 / 12
_HALF: Final = 0.5
"""Of what is exchanged, at least half leaves the target."""
_NONE: Final = exactly(0.0)
_Z90: Final = NormalDist().inv_cdf(0.9)
"""The z-score of the 90th percentile."""


def stated_width(context: PricingContext) -> float:
    """The P90 of stated traffic, as a factor on what is stated."""
    return math.exp(_Z90 * context.assumptions.traffic_sigma["stated"])


@dataclass(frozen=True, slots=True)
class Volume:
    """Traffic [GB a month]; whether all of it was stated or measured, and what is not known of it."""

    gigabytes: Bounds = _NONE
    stated: bool = True
    unknown: tuple[Unpriced, ...] = ()

    def __add__(self, other: Volume) -> Volume:
        return Volume(self.gigabytes + other.gigabytes, self.stated and other.stated, self.unknown + other.unknown)

    def times(self, low: float, high: float = 1.0) -> Volume:
        """A share of it."""
        return Volume(self.gigabytes.times(low, high), self.stated, self.unknown)


@dataclass(frozen=True, slots=True)
class Flow:
    """What leaves the target of a workload, and what crosses a zone inside it."""

    out: Volume
    between_zones: Volume


def flows(context: PricingContext) -> dict[str, Flow]:
    """The traffic of every workload that moves to a known target, by its id."""
    asking, estate = context.asking, context.asking.estate
    targets = {each.id: priced_target(asking, each) if is_priced(asking, each) else None for each in estate.workloads}
    by_workload: dict[str, list[DependencySubject]] = {}
    for dependency in estate.dependencies:
        if dependency.caller is not dependency.callee:
            by_workload.setdefault(dependency.caller.id, []).append(dependency)
            by_workload.setdefault(dependency.callee.id, []).append(dependency)
    return {
        workload.id: _flow(workload, target, by_workload.get(workload.id, ()), targets, context)
        for workload in estate.workloads
        if (target := targets[workload.id]) is not None
    }


def _flow(
    workload: WorkloadSubject,
    target: Destination,
    dependencies: Iterable[DependencySubject],
    targets: Mapping[str, Destination | None],
    context: PricingContext,
) -> Flow:
    out, inside = _people(workload, context), Volume()
    for dependency in dependencies:
        other = dependency.callee if dependency.caller is workload else dependency.caller
        moved = _moved(dependency, other, context)
        if targets[other.id] == target:
            inside += moved if dependency.caller is workload else Volume()
        else:
            # Where the plan does not say where the other one goes, it may be the same place: then nothing leaves.
            maybe = targets[other.id] is None and may_move(context.asking, other)
            out += moved.times(0.0 if maybe else _HALF)
    out += _undeclared(workload, targets, dependencies, context)
    share = context.range("between_zones")
    return Flow(out, Volume(inside.gigabytes.times(share.low, share.high), stated=False))


def _undeclared(
    workload: WorkloadSubject,
    targets: Mapping[str, Destination | None],
    declared: Iterable[DependencySubject],
    context: PricingContext,
) -> Volume:
    """Calls of which nobody says how much they move: those that were observed, and those that may have been missed."""
    asking = context.asking
    traffic, workloads = asking.estate.traffic, asking.estate.workloads
    stated = {each for dependency in declared for each in (dependency.caller.index, dependency.callee.index)}
    observed = set(traffic.callees(workload.index))
    observed |= asking.once(observed_callers).get(workload.index, frozenset())
    others = [workloads[number] for number in sorted(observed - stated - {workload.index})]
    unknown = [
        Unpriced(
            Phrase(later("traffic with {other}: it was seen, and nobody says how much it is"), other=other.id),
            lacking(workload, "dependencies"),
        )
        for other in others
        if targets[other.id] != targets[workload.id]
    ]
    if is_unknown(asking.ask(workload, "dependencies")):
        text = Phrase(later("traffic: dependencies not stated in the plan"))
        unknown.append(Unpriced(text, lacking(workload, "dependencies")))
    silent = {miss for miss in asking.estate.dependencies.missing if miss.subject != workload.id}
    if silent:
        text = Phrase(later("traffic: dependencies of {n} other workloads not stated in the plan"), n=len(silent))
        unknown.append(Unpriced(text, min(silent)))
    if traffic.lost:
        text = Phrase(later("traffic: the inventory misses some calls that were counted"))
        unknown.append(Unpriced(text, Missing("workload", "undeclared_calls", workload.id, "incomplete", traffic.lost[0])))
    return Volume(unknown=tuple(unknown))


def _people(workload: WorkloadSubject, context: PricingContext) -> Volume:
    users = context.asking.ask(workload, "users")
    if is_unknown(users):
        text = Phrase(later("traffic to its users: how many there are was not said"))
        return Volume(unknown=(Unpriced(text, lacking(workload, "users")),))
    each = context.range("user_gb")
    return Volume(Bounds(users * each.low, users * each.high), stated=not users)


def _moved(dependency: DependencySubject, other: WorkloadSubject, context: PricingContext) -> Volume:
    """What one dependency moves in a month."""
    gigabytes, calls = (context.asking.ask(dependency, name) for name in ("gb_per_month", "calls_per_day"))
    if not is_unknown(gigabytes):
        return Volume(exactly(float(gigabytes)))
    if is_unknown(calls):
        text = Phrase(later("traffic with {other}: neither GB nor calls were said"), other=other.id)
        return Volume(unknown=(Unpriced(text, Missing("dependency", "gb_per_month", dependency.id, "silent")),))
    size = context.range("call_kb")
    return Volume(Bounds(calls * _DAYS * size.low / 1e6, calls * _DAYS * size.high / 1e6), stated=False)


GigabytePrices = dict[Destination, Bounds]
"""What a GB out costs at a target [money], at least and at most."""


def gigabyte_prices(by_workload: Mapping[str, Flow], context: PricingContext) -> GigabytePrices:
    """What a GB out costs: the tiers are filled by all workloads of a target together."""
    asking = context.asking
    totals: dict[Destination, Volume] = {}
    for workload in asking.estate.workloads:
        target = priced_target(asking, workload)
        if workload.id in by_workload and target is not None:
            totals[target] = totals.get(target, Volume()) + by_workload[workload.id].out
    # What moves, or may, and the plan does not say where: its traffic may fill the tiers of any target.
    strays = any(may_move(asking, each) and priced_target(asking, each) is None for each in asking.estate.workloads)
    prices: GigabytePrices = {}
    for target, volume in totals.items():
        least, most = (Decimal(str(end)) for end in (volume.gigabytes.low, volume.gigabytes.high))
        open_ = strays or bool(volume.unknown)
        means = context.prices.egress_per_gigabyte(target.provider, target.region, least, None if open_ else most)
        if means is not None:
            prices[target] = Bounds(*means)
    return prices


def traffic_lines(
    flow: Flow, target: Destination, price: Bounds | None, context: PricingContext
) -> tuple[list[Line], list[Unpriced]]:
    """Traffic out and between zones, as lines."""
    if price is None:
        text = Phrase(later("traffic out: no price of {provider} is known"), provider=target.provider)
        return [], [Unpriced(text, Missing("plan", "targets.provider", "plan", "no_knowledge", target.provider))]
    lines: list[Line] = []
    out, most = flow.out, Decimal(str(round(flow.out.gigabytes.high, 1)))
    if out.gigabytes.high and price.high:
        least, greatest = (Decimal(str(end)) for end in (out.gigabytes.low, out.gigabytes.high))
        # What is stated may still be off: as far as the simulation takes it.
        width = Decimal(str(stated_width(context))) if out.stated else Decimal(1)
        amount = Bounds(least * price.low / width, greatest * price.high * width)
        assumed = "" if out.stated else Phrase(later("by the number of users and calls"))
        lines.append(Line("traffic", "traffic out", most, "GB at most", amount, amount, assumed=assumed))
    zones = context.prices.price(f"{target.provider}-between-zones", target.region)
    inside = flow.between_zones.gigabytes
    if inside.high and zones.amount:
        lines.append(_between_zones(inside, zones))
    return lines, list(out.unknown)


def _between_zones(inside: Bounds, price: Price) -> Line:
    each = (price.amount or Decimal()) * 2  # both ways are paid
    amount = Bounds(Decimal(str(inside.low)) * each, Decimal(str(inside.high)) * each)
    quantity = Decimal(str(round(inside.high, 1)))
    what, assumed = Phrase(later("traffic between zones")), Phrase(later("how much crosses a zone"))
    return Line("traffic", what, quantity, "GB at most", amount, amount, price, assumed)
