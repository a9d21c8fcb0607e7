"""The whole opinion on money: every workload three ways, their sum, and the whole of moving beside staying."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from migrascope.costing.context import Context, moves
from migrascope.costing.copying import copy_days
from migrascope.costing.drivers import drivers
from migrascope.costing.folding import folded
from migrascope.costing.lines import Line, summed
from migrascope.costing.once import Once, once
from migrascope.costing.shocks import DRAWS, drawn
from migrascope.costing.simulation import Folded, Model, Span, Sums, quantiles, simulated
from migrascope.costing.traffic import flows, gigabyte_prices
from migrascope.costing.unsaid import unsaid
from migrascope.costing.when import When, when
from migrascope.costing.workloads import Costed, Money, costed, shared
from migrascope.estate.currency import rate
from migrascope.estate.subjects import Estate, WorkloadSubject
from migrascope.model.cost import Assumed, Cost, CostLine, Range, TotalCost, Whole, WorkloadCost
from migrascope.model.phrase import Phrase, words
from migrascope.texts import later

if TYPE_CHECKING:
    from migrascope.costing.shocks import Array

_KEPT: Final = "cost"
FEW: Final = 3
FEWER_DRAWS: Final = 1_000
"""So many futures are enough to see what another rate of interest does."""

Progress = Callable[[str, int, int], None]
_Told = Callable[..., Range]


def cost_of(estate: Estate, progress: Progress | None = None) -> Cost | None:
    """The opinion on money, worked out once for an estate; None where nothing moves."""
    return estate.once(_KEPT, lambda each: _worked_out(each, progress))


@dataclass(slots=True)
class _Work:
    """All that is worked out on the way."""

    context: Context
    money: Money
    costs: list[Costed]
    times: list[When] = field(default_factory=list)
    onces: list[Once] = field(default_factory=list)
    folds: list[Folded] = field(default_factory=list)
    support: dict[str, Line] = field(default_factory=dict)
    """By provider."""
    ranges: dict[str, tuple[list[float], list[float]]] = field(default_factory=dict)
    """By workload: quantiles as planned and right-sized."""


def _shared(work: _Work) -> Span:
    """What all workloads share, in the currency of the report."""
    total = summed(line.planned for line in work.support.values())
    return Span(float(total.low * work.money.factor), float(total.high * work.money.factor))


def _worked_out(estate: Estate, progress: Progress | None) -> Cost | None:
    moving = [workload for workload in estate.workloads if moves(workload)]
    if not moving:
        return None
    context = Context.of(estate)
    work = _prepared(estate, moving, context, progress)
    shocks = drawn(estate.seed, DRAWS)
    rates = context.assumptions.net_present
    model = Model(shocks, context.assumptions, rates.rate)
    sums = simulated(work.folds, model, _shared(work), _keeper(work), _step(progress, "simulating cost"))
    workloads = tuple(_told(cost, work) for cost in work.costs)
    total = _total(work, sums)
    whole = _whole(work, sums)
    compared = sums.moving if whole.moving is not None else sums.repriced
    of: Callable[[Sums], Array] = (lambda s: s.moving) if whole.moving is not None else (lambda s: s.repriced)
    prices = [line.price for cost in work.costs for line in cost.priced.lines if line.price is not None]
    return Cost(
        currency=work.money.currency,
        rate=float(work.money.factor) if work.money.converted else None,
        prices_as_of=min((price.as_of.isoformat() for price in prices if price.as_of), default=None),
        prices_from=tuple(sorted({price.source for price in prices})),
        seed=estate.seed,
        draws=DRAWS,
        total=total,
        workloads=workloads,
        whole=whole,
        drivers=drivers(work.folds, _shared(work), context.assumptions, shocks, compared, of),
        unsaid=unsaid(work.costs, float(work.money.factor)),
        assumed=_assumed(context),
        notes=_notes(work),
        words=words(_texts(work)),
    )


def money_of(estate: Estate) -> Money:
    """The plan's own currency where its rates reach it, else that of the price book."""
    book = estate.knowledge.prices.listed.currency
    own = estate.plan.currency
    worth = rate(estate.plan, book, own) if own else None
    if own is None or worth is None:
        return Money(book, Decimal(1), converted=False)
    return Money(own, worth, converted=own != book)


def _step(progress: Progress | None, stage: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(stage, done, total)


def _prepared(estate: Estate, moving: Sequence[WorkloadSubject], context: Context, progress: Progress | None) -> _Work:
    money = money_of(estate)
    traffic = flows(context)
    gigabytes = gigabyte_prices(traffic, context)
    costs = []
    for number, workload in enumerate(moving):
        costs.append(costed(workload, traffic, gigabytes, context, money))
        if progress is not None and number % 100 == 0:
            progress("pricing", number, len(moving))
    work = _Work(context, money, costs)
    work.support = shared(costs, context, money)
    months = context.assumptions.net_present.months
    for number, cost in enumerate(costs):
        work.times.append(when(cost.workload, months))
        work.onces.append(once(cost.workload, cost.spot, context, money))
        work.folds.append(folded(number, cost, work.times[-1], work.onces[-1], context, money))
    return work


def _keeper(work: _Work) -> Callable[[Folded, Sums], None]:
    def keep(fold: Folded, sums: Sums) -> None:
        id_ = work.costs[fold.number].workload.id
        work.ranges[id_] = quantiles(sums.repriced), quantiles(sums.right_sized)

    return keep


def _range(found: Sequence[float], currency: str, basis: str, *, open_: bool) -> Range:
    low, middle, high = (round(value, 2) for value in found)
    return Range(p10=low, p50=middle, p90=None if open_ else high, currency=currency, basis=basis)


def _said(amount: Decimal | float, currency: str, basis: str, *, open_: bool = False) -> Range:
    value = round(float(amount), 2)
    return Range(p10=value, p50=value, p90=None if open_ else value, currency=currency, basis=basis)


def _told(cost: Costed, work: _Work) -> WorkloadCost:
    plan, claim = work.context.estate.plan, cost.workload.claim.cost_per_month
    planned = claim.planned if claim is not None else None
    currency = work.money.currency
    repriced, right = work.ranges[cost.workload.id]
    open_ = bool(cost.priced.unknown)
    priced = cost.priced.stands
    return WorkloadCost(
        workload=cost.workload.id,
        name=cost.workload.name,
        provider=cost.spot.provider if cost.spot else None,
        region=cost.spot.region if cost.spot else None,
        claimed=_said(planned, plan.currency or "?", "cost_per_month.planned") if planned is not None else None,
        repriced=_range(repriced, currency, cost.basis, open_=open_) if priced else None,
        right_sized=_range(right, currency, cost.basis, open_=open_) if priced else None,
        priced_items=len(cost.priced.lines),
        unknown_items=cost.priced.unknown,
        now=_said(cost.now.amount, currency, cost.now.basis, open_=cost.now.at_least) if cost.now is not None else None,
        copy_days=copy_days(cost.workload, work.context),
        lines=tuple(_line(line, work.money) for line in cost.priced.lines),
    )


def _line(line: Line, money: Money) -> CostLine:
    price = line.price
    low, high, right_low, right_high = (
        round(float(amount * money.factor), 2)
        for amount in (line.planned.low, line.planned.high, line.right_sized.low, line.right_sized.high)
    )
    return CostLine(
        group=line.group, item=line.item, quantity=float(line.quantity), unit=line.unit,
        price=float(price.amount) if price is not None and price.amount is not None and line.unit == price.unit else None,
        price_currency=price.currency if price is not None else money.currency,
        quality=price.quality if price is not None else "estimated",
        source=price.source if price is not None else "",
        price_as_of=price.as_of.isoformat() if price is not None and price.as_of else None,
        low=low, high=high, right_sized_low=right_low, right_sized_high=right_high, assumed=line.assumed,
    )  # fmt: skip


def _total(work: _Work, sums: Sums) -> TotalCost:
    plan, currency = work.context.estate.plan, work.money.currency
    lacking = [f"{cost.workload.id}: {what}" for cost in work.costs for what in cost.priced.unknown]
    priced = [cost for cost in work.costs if cost.priced.stands]
    basis = f"{len(priced)} of {len(work.costs)} workloads that move"
    ways = [_range(quantiles(draws), currency, basis, open_=bool(lacking)) for draws in (sums.repriced, sums.right_sized)]
    return TotalCost(
        claimed=_claimed(work, plan.currency or "?"),
        repriced=ways[0] if priced else None,
        right_sized=ways[1] if priced else None,
        priced_items=sum(len(cost.priced.lines) for cost in work.costs) + len(work.support),
        unknown_items=tuple(lacking),
        now=_now(work),
        lines=tuple(_line(line, work.money) for line in work.support.values()),
        workloads_priced=len(priced),
        workloads_moving=len(work.costs),
    )


def _claimed(work: _Work, currency: str) -> Range | None:
    """What the workloads that move claim, together; the plan's own total where not each of them claims something."""
    plan = work.context.estate.plan
    claims = [cost.workload.claim.cost_per_month for cost in work.costs]
    said = [claim.planned for claim in claims if claim is not None and claim.planned is not None]
    if len(said) < len(claims) and plan.costs is not None and plan.costs.to_be_per_month is not None:
        return _said(plan.costs.to_be_per_month, currency, "costs.to_be_per_month")
    if not said:
        return None
    basis = f"the sum of cost_per_month.planned of {len(said)} of {len(claims)} workloads"
    return _said(sum(said, Decimal()), currency, basis, open_=len(said) < len(claims))


def _now(work: _Work) -> Range | None:
    known = [cost.now for cost in work.costs if cost.now is not None]
    bases = {each.basis for each in known}
    if not known or len(bases) > 1:
        return None
    some = len(known) < len(work.costs) or any(each.at_least for each in known)
    basis = f"{known[0].basis}, {len(known)} of {len(work.costs)} workloads"
    return _said(sum((each.amount for each in known), Decimal()), work.money.currency, basis, open_=some)


def _whole(work: _Work, sums: Sums) -> Whole:
    """Moving beside staying over some months; only beside each other where both are known alike."""
    rates, currency = work.context.assumptions.net_present, work.money.currency
    reasons = _reasons(work)
    lacking = [
        f"{cost.workload.id}: {what}"
        for cost, each in zip(work.costs, work.onces, strict=True)
        for what in (*cost.priced.unknown, *each.unknown, *_of_today(cost))
    ]
    training = _training(work)
    priced = any(cost.priced.stands for cost in work.costs)
    compared = priced and not reasons
    basis = f"value today of {rates.months} months at {rates.rate:.0%}"

    def told(draws: Array, *, open_: bool = bool(lacking)) -> Range:
        return _range(quantiles(draws), currency, basis, open_=open_)

    nows = [cost.now for cost in work.costs]
    some_now = any(each is not None for each in nows)
    not_all = any(each is None or each.at_least for each in nows)
    low, high = (told(_at_rate(work, each)) if compared else None for each in (rates.low_rate, rates.high_rate))
    return Whole(
        months=rates.months,
        discount_rate=rates.rate,
        staying=told(sums.staying, open_=not_all) if some_now else None,
        moving=told(sums.moving + training) if priced else None,
        moving_right_sized=told(sums.moving_right_sized + training) if priced else None,
        difference=told(sums.moving + training - sums.staying) if compared else None,
        difference_low_rate=low,
        difference_high_rate=high,
        parts=_parts(work, sums, told, some_now=some_now, not_all=not_all),
        not_comparable=tuple(reasons),
        contingency_percent=_contingency(sums.one_off),
        unknown_items=tuple(lacking),
        work_days=_work_days(work),
        day_rate=_day_rate(work),
    )


def _work_days(work: _Work) -> float | None:
    """The likely days of all work, where it was told in days."""
    days = [each.days for each in work.onces if each.work is not None]
    return sum(day for day in days if day is not None) if days and None not in days else None


def _day_rate(work: _Work) -> float | None:
    plan = work.context.estate.plan
    worth = rate(plan, plan.currency, work.money.currency) if plan.currency else None
    if plan.costs is None or plan.costs.day_rate is None or worth is None:
        return None
    return float(Decimal(plan.costs.day_rate) * worth)


def _of_today(cost: Costed) -> tuple[str, ...]:
    """What runs today has to be paid until it stops; nobody says how much that is."""
    if cost.now is None:
        return (Phrase(later("what it costs today, until it stops")),)
    return (Phrase(later("all that it costs today, until it stops")),) if cost.now.at_least else ()


def _parts(work: _Work, sums: Sums, told: _Told, *, some_now: bool, not_all: bool) -> dict[str, Range]:
    """What moving is made of; a part of which nothing is known is left out."""
    currency = work.money.currency
    found: dict[str, Range] = {}
    if any(cost.priced.stands for cost in work.costs):
        found["run"] = told(sums.run, open_=any(cost.priced.unknown for cost in work.costs))
    if some_now:
        found["old_until_it_stops"] = told(sums.leaving, open_=not_all)
        found["dual_running"] = told(sums.dual_running, open_=not_all)
    if any(each.work is not None or each.fixed for each in work.onces):
        found["one_off"] = told(sums.one_off, open_=any(each.unknown for each in work.onces))
    training = _training(work) + sum(each.training for each in work.onces)
    leaving = sum(each.exit for each in work.onces)
    named = {"training": training, "exit": leaving}
    return found | {name: _said(amount, currency, "as the plan says") for name, amount in named.items() if amount}


def _training(work: _Work) -> float:
    plan = work.context.estate.plan
    said = plan.costs.training if plan.costs is not None else None
    worth = rate(plan, plan.currency, work.money.currency) if plan.currency else None
    return float(Decimal(said) * worth) if said is not None and worth is not None else 0.0


def _at_rate(work: _Work, value: float) -> Array:
    model = Model(drawn(work.context.estate.seed, FEWER_DRAWS), work.context.assumptions, value)
    sums = simulated(work.folds, model, _shared(work))
    found: Array = sums.moving + _training(work) - sums.staying
    return found


def _contingency(one_off: Array) -> float | None:
    """What the work needs above its middle, to suffice in 8 of 10 futures [%]."""
    middle, enough = quantiles(one_off, (0.5, 0.8))
    return round(100 * (enough / middle - 1), 1) if middle > 0 else None


def _reasons(work: _Work) -> list[str]:
    """Why moving and staying cannot be compared, and what to ask; nothing is made up to be able to."""
    absent = [cost.workload.name for cost in work.costs if cost.now is None]
    bases = sorted({cost.now.basis for cost in work.costs if cost.now is not None})
    found: list[str] = []
    if absent:
        found.append(
            Phrase(
                later("what {which} cost today is not known: ask for a bill, or for cost_per_month.now"), which=_some(absent)
            )
        )
    if len(bases) > 1:
        found.append(
            Phrase(
                later("what things cost today is known in unlike ways, and these are never subtracted: {bases}"),
                bases=", ".join(bases),
            )
        )
    if bases == ["stated"] and not absent:
        found.append(Phrase(later("what things cost today is stated by the plan, and not measured: ask for a bill")))
    bare = [cost.workload.name for cost in work.costs if not cost.priced.stands]
    if bare:
        found.append(Phrase(later("{which} could not be priced"), which=_some(bare)))
    return found


def _some(ids: Sequence[str]) -> str:
    if len(ids) <= FEW:
        return ", ".join(ids)
    return Phrase(later("{some} and {n} more"), some=", ".join(ids[:FEW]), n=len(ids) - FEW)


def _notes(work: _Work) -> tuple[str, ...]:
    plan = work.context.estate.plan
    notes: list[str] = []
    book = work.context.prices.listed.currency
    if plan.currency is None:
        notes.append(Phrase(later("the plan names no currency: its amounts are compared with nothing")))
    elif plan.currency != work.money.currency:
        no_rate = later("the plan gives no rate from {book} to {own}: our amounts are in {book}, compared with nothing")
        notes.append(Phrase(no_rate, book=book, own=plan.currency))
    own = plan.costs
    if own is not None and own.as_is_per_month is not None and own.to_be_per_month is not None:
        totals = later("the plan's own totals, of all its workloads: {now} a month today, {then} afterwards")
        notes.append(Phrase(totals, now=own.as_is_per_month, then=own.to_be_per_month))
        claims = [workload.claim.cost_per_month for workload in work.context.estate.workloads]
        now, then = (
            sum((amount for claim in claims if claim is not None and (amount := getattr(claim, name)) is not None), Decimal())
            for name in ("now", "planned")
        )
        if now or then:
            parts = later("added up, its workloads say {now} a month today, and {then} afterwards")
            notes.append(Phrase(parts, now=round(now), then=round(then)))
    notes += [
        Phrase(later("{what}: not known of {n} of {of} workloads"), n=number, of=len(work.costs), what=what)
        for what, number in _unknown_times(work)
    ]
    return tuple(notes)


def _unknown_times(work: _Work) -> list[tuple[str, int]]:
    names = sorted({what for times in work.times for what in times.unknown})
    return [(name, sum(name in times.unknown for times in work.times)) for name in names]


def _texts(work: _Work) -> Iterator[str]:
    """Every text that can be said in another language."""
    yield from _notes(work)
    yield from _reasons(work)
    for cost, each in zip(work.costs, work.onces, strict=True):
        yield from (cost.basis, *cost.priced.unknown, *each.unknown, *_of_today(cost))
        yield from (text for line in cost.priced.lines for text in (line.item, line.assumed))
    yield from (text for line in work.support.values() for text in (line.item, line.assumed))


def _assumed(context: Context) -> tuple[Assumed, ...]:
    known = context.assumptions
    ranges = [Assumed(what=name, low=each.low, high=each.high, unit=each.unit, source=known.sources[each.source])
              for name, each in known.ranges.items()]  # fmt: skip
    return (*ranges, *(Assumed(what=name, low=each.low, high=each.high, unit=each.unit, source=known.sources[each.source])
                       for name, each in known.triangles.items() if name != "copy_efficiency"))  # fmt: skip
