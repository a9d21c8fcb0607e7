"""The cost of a plan in many simulations (Monte Carlo), each at three levels of what is not known.

What is random (prices, growth, overruns) is drawn; what the plan or the inventory leaves open is not random, and is a bound (a
probability box; Ferson et al., 2003). So every sum is simulated three times with the same draws: with all that is open at its
least, as expected, and at its most. P10 is read from the first and P90 from the last, so a fact that goes missing can only
widen them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from migrascope.costing.shocks import Shocks, between, delay, log_between, overrun, share, triangular
from migrascope.costing.simulation_inputs import LEVELS, NOTHING, Inputs, Level, SimulatedPart
from migrascope.knowledge.assumptions import CostAssumptions
from migrascope.model.uncertain import Bounds

if TYPE_CHECKING:
    from migrascope.costing.shocks import Array


@dataclass(slots=True)
class Sums:
    """Draws of everything together: a month as planned and right-sized, and present values [money]."""

    repriced: Array
    right_sized: Array
    staying: Array
    run: Array
    run_right_sized: Array
    dual_running: Array
    leaving: Array
    one_off: Array

    @property
    def moving(self) -> Array:
        """The whole of moving as planned: new, old until it stops, and the work."""
        return self.run + self.leaving + self.one_off

    @property
    def moving_right_sized(self) -> Array:
        """The same, right-sized."""
        return self.run_right_sized + self.leaving + self.one_off


NAMES: Final = tuple(Sums.__dataclass_fields__)
Box = dict[Level, Sums]
"""The same draws with what is open at its least, as expected and at its most."""


class Model:
    """What all workloads share in each simulation, worked out once."""

    def __init__(self, shocks: Shocks, assumptions: CostAssumptions, rate: float) -> None:
        import numpy as np

        self.shocks, self.assumptions = shocks, assumptions
        self.months = assumptions.net_present.months
        self.prices = shocks.by_name["prices"]
        self.licences = shocks.uniform("licences")
        self.support = shocks.uniform("support")
        coverage = shocks.uniform("coverage")
        self.coverage_drawn = triangular(assumptions.triangles["coverage"], coverage)
        self.coverage_silent = assumptions.triangles["coverage"].high * coverage
        self.discount = shocks.uniform("discount")
        realised = assumptions.ranges["realised"]
        self.realised = between(realised.low, realised.high, shocks.by_name["realised"])
        together = assumptions.together.overrun_delay
        late = together * shocks.by_name["overrun"] + math.sqrt(1 - together**2) * shocks.by_name["delay"]
        self.late = share(late)
        self.delay = delay(assumptions.delay, late)
        self.overrun = overrun(assumptions.overrun, shocks.uniform("overrun"))
        growth = triangular(assumptions.triangles["growth"], shocks.uniform("growth"))
        month = np.arange(1, self.months + 1)
        discounted = (1 + rate) ** (-month / 12)
        grown = (1 + growth)[:, None] ** ((month - 1) / 12)
        nothing = np.zeros((shocks.draws, 1))
        self.growing = np.concatenate([nothing, np.cumsum(grown * discounted, axis=1)], axis=1)
        """Present value of one a month that grows, from now to the end of each month; a row for each draw."""
        self.even = np.concatenate([[0.0], np.cumsum(discounted)])
        """The same of one that does not grow."""
        self.row = np.arange(shocks.draws)
        self._off: dict[float, Array] = {}

    def workload(self, of: Inputs) -> Box:
        """One workload in every simulation."""
        own, effort = (
            self.shocks.own(name, of.seed, together)
            for name, together in (("open", self.assumptions.together.open), ("effort", self.assumptions.together.open))
        )
        return {level: self._at_level(of, level, own, effort) for level in LEVELS}

    def expected(self, of: Inputs) -> Sums:
        """One workload as expected, where nothing else is wanted."""
        together = self.assumptions.together.open
        return self._at_level(
            of, "expected", self.shocks.own("open", of.seed, together), self.shocks.own("effort", of.seed, together)
        )

    def _at_level(self, of: Inputs, level: Level, own: Array, effort: Array) -> Sums:
        import numpy as np

        if level == "least" and not of.sure:
            return Sums(*(np.zeros(self.shocks.draws) for _ in NAMES))
        planned, ideal = (self._month(of, level, own, right=right) for right in (False, True))
        right = planned - self.realised * np.maximum(planned - ideal, 0.0)
        start, stops = self._times(of, level)
        end = self.growing[:, -1] - self.growing[self.row, start]
        now = 0.0 if level == "least" and not of.now_sure else of.now
        paid = self._paid(of, now, stops)
        overlap = np.maximum(paid - self._paid(of, now, np.minimum(start, stops)), 0.0)
        return Sums(
            repriced=planned, right_sized=right, staying=self._paid(of, now, np.full(len(own), self.months)), run=planned * end,
            run_right_sized=right * end, dual_running=overlap, leaving=paid, one_off=self._one_off(of, level, effort),
        )  # fmt: skip

    def _times(self, of: Inputs, level: Level) -> tuple[Array, Array]:
        """The months in which the new one starts and the old one stops to cost. Least: a late start, and an early stop."""
        import numpy as np

        if level == "expected":
            start = of.expected_start.low + (of.expected_start.high - of.expected_start.low) * self.late
            open_ = of.expected_stop.low + (of.expected_stop.high - of.expected_stop.low) * self.late
            stop = np.maximum(open_, of.expected_stop.low * self.delay)
        else:
            start = np.full(self.shocks.draws, of.start.high if level == "least" else of.start.low)
            stop = of.stop.low * self.delay if level == "least" else np.maximum(of.stop.high * self.delay, of.lease)
        months = np.clip(np.rint(start), 0, self.months).astype(int)
        return months, np.ceil(np.minimum(self.months, np.rint(stop))).astype(int)

    def _one_off(self, of: Inputs, level: Level, effort: Array) -> Array:
        import numpy as np

        paid = of.fixed + np.zeros(len(effort))
        if of.work is None:
            return paid
        work = {"least": of.work.least, "expected": of.work.expected, "most": of.work.most}[level]
        result: Array = paid + triangular(work, effort) * self.overrun
        return result

    def _paid(self, of: Inputs, now: float, until: Array) -> Array:
        """What today's estate costs from now until a month, as its present value."""
        paid = self.growing[self.row, until] if of.grows_now else self.even[until]
        result: Array = now * paid
        return result

    def _month(self, of: Inputs, level: Level, own: Array, *, right: bool) -> Array:
        """A month of it."""

        def amount(part: SimulatedPart, uniform: Array) -> Array:
            bounds = (part.right_sized if right else part.planned)[level]
            drawn: Array = bounds.low + (bounds.high - bounds.low) * uniform
            return drawn

        machines = amount(of.machines, own) * self._priced(of.machines) * (1 - self._saved(of, level))
        stored = amount(of.storage, own) * self._priced(of.storage)
        kept = amount(of.upkeep, own) * self._priced(of.upkeep)
        result: Array = machines + amount(of.licences, self.licences) + stored + self._traffic(of, level) + kept
        return result

    def _priced(self, part: SimulatedPart) -> Array:
        """By how much a price is off, as a factor; few parts differ in it."""
        import numpy as np

        if part.sigma not in self._off:
            self._off[part.sigma] = np.exp(part.sigma * self.prices)
        return self._off[part.sigma]

    def _saved(self, of: Inputs, level: Level) -> Array | float:
        """The share of the price of machines that a commitment takes off. At most, one that is not stated takes off nothing."""
        low, high = of.discount.low, of.discount.high
        discount: Array | float = low + (high - low) * self.discount
        if level == "most" and not of.term_stated:
            discount = low
        if of.coverage is not None:
            return of.coverage * discount
        if level == "most":
            return 0.0
        return (self.coverage_drawn if of.commitment_stated else self.coverage_silent) * discount

    def _traffic(self, of: Inputs, level: Level) -> Array:
        import numpy as np

        stated = self.assumptions.traffic_sigma["stated"]
        shock = self.shocks.by_name["traffic"]
        if level == "expected":
            sigma = stated if of.traffic_stated else self.assumptions.traffic_sigma["assumed"]
            return log_between(of.traffic.low, of.traffic.high, sigma, shock)
        amount = of.traffic.low if level == "least" else of.traffic.high
        result: Array = amount * np.exp(stated * shock)
        return result

    def shared(self, of: Bounds, start: Bounds, expected: float, level: Level) -> tuple[Array, Array]:
        """What all workloads share: a month of it, and its value over all months. Most plans take less than the dearest."""
        import numpy as np

        month = of.low + (of.high - of.low) * self.support**2
        if level != "expected":
            month = np.full(self.shocks.draws, of.low if level == "least" else of.high)
        began = {"least": start.high, "expected": expected, "most": start.low}[level]
        months = np.full(self.shocks.draws, min(max(round(began), 0), self.months))
        return month, month * (self.growing[:, -1] - self.growing[self.row, months])


def simulated(
    workloads: Sequence[Inputs],
    model: Model,
    shared: Bounds = NOTHING,
    each: Callable[[Inputs, Box], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Box:
    """All workloads together; `each` is shown every one of them on the way."""
    import numpy as np

    total: Box = {level: Sums(*(np.zeros(model.shocks.draws) for _ in NAMES)) for level in LEVELS}
    for number, workload in enumerate(workloads):
        box = model.workload(workload)
        for level in LEVELS:
            _add(total[level], box[level])
        if each is not None:
            each(workload, box)
        if progress is not None and number % 100 == 0:
            progress(number, len(workloads))
    _share(total, workloads, model, shared)
    return total


def expected(workloads: Sequence[Inputs], model: Model, shared: Bounds = NOTHING) -> Sums:
    """All workloads together, as expected alone."""
    import numpy as np

    total = Sums(*(np.zeros(model.shocks.draws) for _ in NAMES))
    for workload in workloads:
        _add(total, model.expected(workload))
    _share({"expected": total}, workloads, model, shared)
    return total


def _add(total: Sums, more: Sums) -> None:
    for name in NAMES:
        getattr(total, name).__iadd__(getattr(more, name))


def _share(total: Box, workloads: Sequence[Inputs], model: Model, shared: Bounds) -> None:
    """Add what all workloads share, from the first of them on."""
    if not workloads:
        return
    start = Bounds(min(each.start.low for each in workloads), min(each.start.high for each in workloads))
    began = min(each.expected_start.low for each in workloads)
    for level, sums in total.items():
        month, whole = model.shared(shared, start, began, level)
        for name, draws in (("repriced", month), ("right_sized", month), ("run", whole), ("run_right_sized", whole)):
            getattr(sums, name).__iadd__(draws)


def quantiles(draws: Array, shares: Iterable[float] = (0.1, 0.5, 0.9)) -> list[float]:
    """Order statistics: what a share of the draws stays below."""
    import numpy as np

    places = [max(0, math.ceil(len(draws) * share) - 1) for share in shares]
    parted = np.partition(draws, places)
    return [float(parted[place]) for place in places]


def boxed(box: Box, of: Callable[[Sums], Array]) -> tuple[float, float, float]:
    """P10 with what is open at its least, P50 as expected, and P90 at its most."""
    low, middle, high = (quantiles(of(box[level]), (share,))[0] for level, share in zip(LEVELS, (0.1, 0.5, 0.9), strict=True))
    return low, middle, high
