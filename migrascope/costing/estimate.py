"""The whole opinion on money: every workload three ways, their sum, and the whole of moving beside staying."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from migrascope.costing.comparison import lacking_today, not_comparable, notes
from migrascope.costing.context import PricingContext, ReportCurrency, is_priced, lacking
from migrascope.costing.drivers import drivers
from migrascope.costing.lines import Line, Unpriced, summed
from migrascope.costing.one_off import OneOff, one_off
from migrascope.costing.open_assumptions import open_assumptions
from migrascope.costing.shocks import drawn
from migrascope.costing.simulation import Box, Model, Sums, boxed, quantiles, simulated
from migrascope.costing.simulation_inputs import Inputs, inputs
from migrascope.costing.timing import Timing, timing
from migrascope.costing.traffic import flows, gigabyte_prices
from migrascope.costing.transfer import copy_days
from migrascope.costing.workloads import WorkloadPrice, price_workload, shared
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.priced import PricedFacts, WorkloadFacts
from migrascope.model.cost import Assumed, Cost, CostLine, Range, TotalCost, Whole, WorkloadCost
from migrascope.model.phrase import Phrase, words
from migrascope.model.uncertain import Bounds, Missing, is_unknown, missing_of
from migrascope.texts import later

if TYPE_CHECKING:
    from migrascope.costing.shocks import Array

DRAWS: Final = 10_000
FEWER_DRAWS: Final = 1_000
"""So many draws are enough to see what another rate of interest does."""
_MANY: Final = 2_000_000
"""Draws times workloads: of a large estate fewer draws do, whose workloads even out."""

Progress = Callable[[str, int, int], None]
_Of = Callable[[Sums], "Array"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The opinion on money, and what rules can ask of it."""

    cost: Cost
    facts: PricedFacts


@dataclass(slots=True)
class _Work:
    """All that is worked out on the way."""

    context: PricingContext
    seed: int
    prices: list[WorkloadPrice]
    times: list[Timing] = field(default_factory=list)
    once: list[OneOff] = field(default_factory=list)
    inputs: list[Inputs] = field(default_factory=list)
    support: dict[str, Line] = field(default_factory=dict)
    """By provider."""
    boxes: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = field(default_factory=dict)
    """By workload: P10, P50 and P90 as planned and right-sized."""
    facts: dict[str, WorkloadFacts] = field(default_factory=dict)
    undecided: tuple[Unpriced, ...] = ()
    """Workloads that may move and are not priced: the plan says neither what happens to them nor where they go."""

    @property
    def currency(self) -> str:
        """The currency of the report."""
        return self.context.money.currency

    @property
    def shared(self) -> Bounds:
        """What all workloads share, in the currency of the report."""
        total, factor = summed(line.planned for line in self.support.values()), self.context.money.factor
        return Bounds(float(total.low * factor), float(total.high * factor))

    @property
    def unpriced(self) -> list[str]:
        """What keeps the run cost of all workloads from having an upper bound."""
        gaps = [f"{price.workload.id}: {gap.text}" for price in self.prices for gap in price.priced.unpriced]
        return [*gaps, *(gap.text for gap in self.undecided), *self.support_gap]

    @property
    def gaps(self) -> Iterator[tuple[WorkloadPrice, tuple[Unpriced, ...]]]:
        """What keeps the whole of moving each workload from having an upper bound: its run cost, its one-off cost, today's."""
        for price, once in zip(self.prices, self.once, strict=True):
            yield price, (*price.priced.unpriced, *once.unpriced, *lacking_today(price))

    @property
    def support_gap(self) -> list[str]:
        """That the plan does not say what support costs."""
        assumed = any(line.assumed for line in self.support.values())
        return [Phrase(later("support plan: not stated in the plan"))] if assumed else []


def estimate(asking: Asking, seed: int, progress: Progress | None = None) -> Estimate | None:
    """The opinion on money; None where nothing moves."""
    moving = [workload for workload in asking.estate.workloads if is_priced(asking, workload)]
    if not moving:
        return None
    work = _prepared(moving, PricingContext.of(asking), seed, progress)
    assumptions = work.context.assumptions
    shocks = drawn(seed, draws_for(len(moving)))
    model = Model(shocks, assumptions, assumptions.net_present.rate)
    box = simulated(work.inputs, model, work.shared, _keeper(work), _step(progress, "simulating cost"))
    workloads = tuple(_workload(price, work) for price in work.prices)
    whole = _whole(work, box)
    of: _Of = (lambda sums: sums.moving) if whole.moving is not None else (lambda sums: sums.repriced)
    used = [line.price for price in work.prices for line in price.priced.lines if line.price is not None]
    money = work.context.money
    cost = Cost(
        currency=money.currency,
        rate=float(money.factor) if money.converted else None,
        prices_as_of=min((price.as_of.isoformat() for price in used if price.as_of), default=None),
        prices_from=tuple(sorted({price.source for price in used})),
        seed=seed,
        draws=shocks.draws,
        total=_total(work, box),
        workloads=workloads,
        whole=whole,
        drivers=drivers(work.inputs, work.shared, assumptions, shocks, of(box["expected"]), of),
        unsaid=open_assumptions(work.prices, float(money.factor)),
        assumed=_assumed(work.context),
        notes=notes(work.prices, work.times, work.context),
        words=words(_texts(work)),
    )
    return Estimate(cost, PricedFacts(cost, work.facts))


def draws_for(workloads: int) -> int:
    """How many draws an estate is simulated in."""
    return max(min(DRAWS, 2_000), min(DRAWS, _MANY // workloads))


def _step(progress: Progress | None, stage: str) -> Callable[[int, int], None] | None:
    return None if progress is None else lambda done, total: progress(stage, done, total)


def _prepared(moving: Sequence[WorkloadSubject], context: PricingContext, seed: int, progress: Progress | None) -> _Work:
    traffic = flows(context)
    gigabytes = gigabyte_prices(traffic, context)
    prices = []
    for number, workload in enumerate(moving):
        prices.append(price_workload(workload, traffic, gigabytes, context))
        if progress is not None and number % 100 == 0:
            progress("pricing", number, len(moving))
    work = _Work(context, seed, prices, undecided=tuple(_undecided(context.asking)))
    work.support = shared(prices, context)
    months = context.assumptions.net_present.months
    for number, price in enumerate(prices):
        work.times.append(timing(context.asking, price.workload, months))
        work.once.append(one_off(price.workload, price.target, context))
        work.inputs.append(inputs(number, price, work.times[-1], work.once[-1], context))
    return work


def _undecided(asking: Asking) -> Iterator[Unpriced]:
    for workload in asking.estate.workloads:
        disposition = asking.ask(workload, "disposition")
        if is_unknown(disposition) and not is_priced(asking, workload):
            text = Phrase(later("{what}: approach (7R) and target not stated in the plan"), what=workload.id)
            yield Unpriced(text, min(disposition.missing))


def _keeper(work: _Work) -> Callable[[Inputs, Box], None]:
    def keep(of: Inputs, box: Box) -> None:
        price = work.prices[of.number]
        planned, right = boxed(box, lambda sums: sums.repriced), boxed(box, lambda sums: sums.right_sized)
        work.boxes[price.workload.id] = planned, right
        work.facts[price.workload.id] = _facts(price, planned, right, box, work.context)

    return keep


def _facts(
    price: WorkloadPrice,
    planned: tuple[float, float, float],
    right: tuple[float, float, float],
    box: Box,
    context: PricingContext,
) -> WorkloadFacts:
    """What rules can ask of one workload: each percentile between what is open at its least, and at its most."""
    missing = _missing(price, context)
    open_, right_open = bool(price.priced.unpriced), bool(price.priced.unpriced) or price.priced.right_open
    p10_most = quantiles(box["most"].repriced, (0.1,))[0]
    p90_least = quantiles(box["least"].repriced, (0.9,))[0]
    middle = [quantiles(box[level].right_sized, (0.5,))[0] for level in ("least", "most")]
    return WorkloadFacts(
        priced=price.priced.stands,
        missing=missing,
        repriced_p10=Bounds(planned[0], None if open_ else p10_most, missing),
        repriced_p90=Bounds(p90_least, None if open_ else planned[2], missing),
        right_sized_p50=Bounds(middle[0], None if right_open else middle[1], missing),
        right_sized_expected=right[1],
    )


_PRICED_BY: Final = ("cpus", "memory_mib", "power", "disks", "os_config")
"""What the price of a server rests on."""


def _missing(price: WorkloadPrice, context: PricingContext) -> frozenset[Missing]:
    """Every fact that would narrow the range: what opens it, what lines were assumed without, what servers do not say."""
    missing = {gap.missing for gap in price.priced.unpriced}
    missing |= {lacking(price.workload, line.field) for line in price.priced.lines if line.assumed and line.field}
    for server in price.workload.servers:
        for name in _PRICED_BY:
            missing |= missing_of(context.asking.ask(server, name))
    return frozenset(missing | price.workload.servers.missing)


def _range(found: Sequence[float], currency: str, basis: str, *, open_: bool) -> Range:
    low, middle, high = (round(value, 2) for value in found)
    return Range(p10=low, p50=middle, p90=None if open_ else high, currency=currency, basis=basis)


def _said(amount: Decimal | float, currency: str, basis: str, *, open_: bool = False) -> Range:
    value = round(float(amount), 2)
    return Range(p10=value, p50=value, p90=None if open_ else value, currency=currency, basis=basis)


def _workload(price: WorkloadPrice, work: _Work) -> WorkloadCost:
    asking = work.context.asking
    planned = asking.ask(price.workload, "cost_per_month.planned")
    own, currency = asking.plan.currency or "?", work.currency
    repriced, right = work.boxes[price.workload.id]
    open_, priced = bool(price.priced.unpriced), price.priced.stands
    right_open = open_ or price.priced.right_open
    return WorkloadCost(
        workload=price.workload.id,
        name=price.workload.name,
        provider=price.target.provider if price.target else None,
        region=price.target.region if price.target else None,
        claimed=None if is_unknown(planned) else _said(planned, own, "cost_per_month.planned"),
        repriced=_range(repriced, currency, price.basis, open_=open_) if priced else None,
        right_sized=_range(right, currency, price.basis, open_=right_open) if priced else None,
        priced_items=len(price.priced.lines),
        unknown_items=tuple(gap.text for gap in price.priced.unpriced),
        now=_today(price, currency),
        copy_days=copy_days(price.workload, work.context),
        lines=tuple(_line(line, work.context.money) for line in price.priced.lines),
    )


def _today(price: WorkloadPrice, currency: str) -> Range | None:
    if price.now is None:
        return None
    known = _said(price.now.amount, currency, price.now.basis, open_=price.now.at_least)
    return known if price.now.sure else known.model_copy(update={"p10": 0.0})


def _line(line: Line, money: ReportCurrency) -> CostLine:
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


def _total(work: _Work, box: Box) -> TotalCost:
    priced = [price for price in work.prices if price.priced.stands]
    basis = f"{len(priced)} of {len(work.prices)} workloads that move"
    lacking = work.unpriced
    right_open = bool(lacking) or any(price.priced.right_open for price in work.prices)
    return TotalCost(
        claimed=_claimed(work),
        repriced=_range(boxed(box, lambda s: s.repriced), work.currency, basis, open_=bool(lacking)) if priced else None,
        right_sized=_range(boxed(box, lambda s: s.right_sized), work.currency, basis, open_=right_open) if priced else None,
        priced_items=sum(len(price.priced.lines) for price in work.prices) + len(work.support),
        unknown_items=tuple(lacking),
        now=_now(work),
        lines=tuple(_line(line, work.context.money) for line in work.support.values()),
        workloads_priced=len(priced),
        workloads_moving=len(work.prices),
    )


def _claimed(work: _Work) -> Range | None:
    """What the workloads that move claim, together; the plan's own total where not each of them claims something."""
    asking = work.context.asking
    currency = asking.plan.currency or "?"
    claims = [asking.ask(price.workload, "cost_per_month.planned") for price in work.prices]
    stated = [Decimal(claim) for claim in claims if not is_unknown(claim)]
    whole = asking.ask(asking.estate.plan_subject, "costs.to_be_per_month")
    if len(stated) < len(claims) and not is_unknown(whole):
        return _said(whole, currency, "costs.to_be_per_month")
    if not stated:
        return None
    basis = f"the sum of cost_per_month.planned of {len(stated)} of {len(claims)} workloads"
    return _said(sum(stated, Decimal()), currency, basis, open_=len(stated) < len(claims))


def _now(work: _Work) -> Range | None:
    known = [price.now for price in work.prices if price.now is not None]
    bases = {each.basis for each in known}
    if not known or len(bases) > 1:
        return None
    some = len(known) < len(work.prices) or any(each.at_least for each in known) or bool(work.undecided)
    basis = f"{known[0].basis}, {len(known)} of {len(work.prices)} workloads"
    least = sum(
        (each.now.amount for each, of in zip(work.prices, work.inputs, strict=True) if each.now and each.now.sure and of.sure),
        Decimal(),
    )
    middle = _said(sum((each.amount for each in known), Decimal()), work.currency, basis, open_=some)
    return middle.model_copy(update={"p10": round(float(least), 2)})


def _whole(work: _Work, box: Box) -> Whole:
    """Moving beside staying over some months; only beside each other where both are known alike."""
    rates = work.context.assumptions.net_present
    reasons = not_comparable(work.prices, work.undecided)
    training, training_gaps = _training(work)
    lacking = [f"{price.workload.id}: {gap.text}" for price, gaps in work.gaps for gap in gaps]
    lacking += [gap.text for gap in work.undecided]
    lacking += [*training_gaps, *work.support_gap]
    priced = any(price.priced.stands for price in work.prices)
    compared = priced and not reasons
    basis = f"value today of {rates.months} months at {rates.rate:.0%}"
    right_open = any(price.priced.right_open for price in work.prices)

    def told(of: _Of, *, open_: bool = bool(lacking)) -> Range:
        return _range(boxed(box, of), work.currency, basis, open_=open_)

    nows = [price.now for price in work.prices]
    some_now = any(each is not None for each in nows)
    not_all = any(each is None or each.at_least for each in nows) or bool(work.undecided)
    open_ends = not_all, bool(lacking)
    low, high = (
        _at_rate(work, rate, basis, training, open_ends) if compared else None for rate in (rates.low_rate, rates.high_rate)
    )
    return Whole(
        months=rates.months,
        discount_rate=rates.rate,
        staying=told(lambda s: s.staying, open_=not_all) if some_now else None,
        moving=told(lambda s: s.moving + training) if priced else None,
        moving_right_sized=told(lambda s: s.moving_right_sized + training, open_=bool(lacking) or right_open)
        if priced
        else None,
        difference=_difference(work, box, basis, training, open_ends) if compared else None,
        difference_low_rate=low,
        difference_high_rate=high,
        parts=_parts(work, told, some_now=some_now, not_all=not_all),
        not_comparable=tuple(reasons),
        contingency_percent=_contingency(box["expected"].one_off),
        unknown_items=tuple(lacking),
        work_days=_work_days(work),
        work_days_stated=_work_days(work, stated=True),
        day_rate=_day_rate(work),
    )


def _difference(work: _Work, box: Box, basis: str, training: float, open_ends: tuple[bool, bool]) -> Range:
    """Moving less staying: the least of the one less the most of the other. It is open below where staying may cost more."""
    least = quantiles(box["least"].moving + training - box["most"].staying, (0.1,))[0]
    middle = quantiles(box["expected"].moving + training - box["expected"].staying, (0.5,))[0]
    most = quantiles(box["most"].moving + training - box["least"].staying, (0.9,))[0]
    spread = _range((least, middle, most), work.currency, basis, open_=open_ends[1])
    return spread.model_copy(update={"p10": None}) if open_ends[0] else spread


def _at_rate(work: _Work, rate: float, basis: str, training: float, open_ends: tuple[bool, bool]) -> Range:
    model = Model(drawn(work.seed, min(DRAWS, FEWER_DRAWS)), work.context.assumptions, rate)
    return _difference(work, simulated(work.inputs, model, work.shared), basis, training, open_ends)


def _work_days(work: _Work, *, stated: bool = False) -> float | None:
    """The likely days of all work, where it was told in days; or only of what the plan's own people estimated."""
    days = [once.work.days for once in work.once if once.work is not None and (once.work.stated or not stated)]
    known = [day for day in days if day is not None]
    return sum(known) if known and len(known) == len(days) else None


def _day_rate(work: _Work) -> float | None:
    asking = work.context.asking
    return work.context.in_report(asking.ask(asking.estate.plan_subject, "costs.day_rate"))


def _parts(work: _Work, told: Callable[..., Range], *, some_now: bool, not_all: bool) -> dict[str, Range]:
    """What moving is made of; a part of which nothing is known is left out."""
    parts: dict[str, Range] = {}
    if any(price.priced.stands for price in work.prices):
        parts["run"] = told(lambda s: s.run, open_=bool(work.unpriced))
    if some_now:
        parts["old_until_it_stops"] = told(lambda s: s.leaving, open_=not_all)
        parts["dual_running"] = told(lambda s: s.dual_running, open_=not_all)
    if any(once.work is not None or once.fixed for once in work.once):
        parts["one_off"] = told(lambda s: s.one_off, open_=any(o.unpriced for o in work.once) or bool(work.undecided))
    training, gaps = _training(work)
    training += sum(once.training for once in work.once)
    leaving = sum(once.exit for once in work.once)
    open_ = any(once.unpriced for once in work.once) or bool(work.undecided)
    named = {"training": (training, open_ or bool(gaps)), "exit": (leaving, open_)}
    stated = {
        name: _said(amount, work.currency, "as the plan says", open_=more) for name, (amount, more) in named.items() if amount
    }
    return parts | stated


def _training(work: _Work) -> tuple[float, list[str]]:
    """What the plan says of training for everybody; what is missing where it says nothing."""
    asking = work.context.asking
    amount = work.context.in_report(asking.ask(asking.estate.plan_subject, "costs.training"))
    return (0.0, [Phrase(later("training: cost not stated in the plan"))]) if amount is None else (amount, [])


def _contingency(one_off: Array) -> float | None:
    """What the work needs above its P50, to suffice in 8 of 10 simulations [%]."""
    middle, enough = quantiles(one_off, (0.5, 0.8))
    return round(100 * (enough / middle - 1), 1) if middle > 0 else None


def _texts(work: _Work) -> Iterator[str]:
    """Every text that can be said in another language."""
    yield from notes(work.prices, work.times, work.context)
    yield from not_comparable(work.prices, work.undecided)
    yield from (gap.text for gap in work.undecided)
    yield from _training(work)[1]
    yield from work.support_gap
    for price, gaps in work.gaps:
        yield from (price.basis, *(gap.text for gap in gaps))
        yield from (text for line in price.priced.lines for text in (line.item, line.assumed))
    yield from (text for line in work.support.values() for text in (line.item, line.assumed))


def _assumed(context: PricingContext) -> tuple[Assumed, ...]:
    known = context.assumptions
    ranges = [Assumed(what=name, low=each.low, high=each.high, unit=each.unit, source=known.sources[each.source])
              for name, each in known.ranges.items()]  # fmt: skip
    return (*ranges, *(Assumed(what=name, low=each.low, high=each.high, unit=each.unit, source=known.sources[each.source])
                       for name, each in known.triangles.items() if name != "copy_efficiency"))  # fmt: skip
