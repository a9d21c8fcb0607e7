"""The cost of a plan in many futures: servers are folded into their workload first, each workload is one block of draws."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrascope.costing.shocks import (
    Shocks,
    between,
    delay,
    log_between,
    overrun,
    share,
    triangular,
)
from migrascope.knowledge.assumptions import CostAssumptions, Triangle

if TYPE_CHECKING:
    from migrascope.costing.shocks import Array


@dataclass(frozen=True, slots=True)
class Span:
    """Money a month, from the least to the most, as it is simulated."""

    low: float = 0.0
    high: float = 0.0

    def at(self, uniform: Array) -> Array:
        """Somewhere between."""
        return self.low + (self.high - self.low) * uniform


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of line: as planned and right-sized, and by how much its price may be off."""

    planned: Span = field(default_factory=Span)
    right_sized: Span = field(default_factory=Span)
    sigma: float = 0.0


@dataclass(frozen=True, slots=True)
class Folded:
    """A workload with its servers folded in. Money a month; months count from the day of the opinion."""

    number: int
    seed: int = 0
    """Of what is its own: by its id, so that no other workload moves it."""
    machines: Part = field(default_factory=Part)
    licences: Part = field(default_factory=Part)
    storage: Part = field(default_factory=Part)
    upkeep: Part = field(default_factory=Part)
    traffic: Span = field(default_factory=Span)
    traffic_stated: bool = False
    coverage: float | None = None
    """Stated share of the machines that a commitment covers; None where it is not stated."""
    commitment_said: bool = False
    discount: tuple[float, float] = (0.0, 0.0)
    now: float = 0.0
    grows_now: bool = False
    """What runs today is paid for by use."""
    start: tuple[float, float] = (0.0, 0.0)
    stop: tuple[float, float] = (0.0, 0.0)
    once: Triangle | None = None
    """The work of moving, in money, before it overruns."""
    fixed_once: float = 0.0
    """What is paid once and does not overrun."""


@dataclass(slots=True)
class Sums:
    """Draws of everything together."""

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


class Model:
    """What all workloads share in each future, worked out once."""

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
        """Value today of one a month that grows, from now to the end of each month; a row for each future."""
        self.even = np.concatenate([[0.0], np.cumsum(discounted)])
        """The same of one that does not grow."""
        self.row = np.arange(shocks.draws)

    def workload(self, of: Folded) -> Sums:
        """One workload in every future."""
        import numpy as np

        own = self.shocks.own(of.seed, self.assumptions.together.open)
        planned, ideal = (self._month(of, own, right=right) for right in (False, True))
        right = planned - self.realised * np.maximum(planned - ideal, 0.0)
        start = self._at(of.start)
        end = self.growing[:, -1] - self.growing[self.row, start]
        open_ = of.stop[0] + (of.stop[1] - of.stop[0]) * self.late
        stop = np.minimum(self.months, np.rint(np.maximum(open_, of.stop[0] * self.delay)))
        stops = np.ceil(stop).astype(int)
        paid = self._paid(of, stops)
        overlap = np.maximum(paid - self._paid(of, np.minimum(start, stops)), 0.0)
        once = of.fixed_once + (triangular(of.once, own) * self.overrun if of.once is not None else 0.0)
        return Sums(
            repriced=planned, right_sized=right, staying=self._paid(of, np.full(len(own), self.months)), run=planned * end,
            run_right_sized=right * end, dual_running=overlap, leaving=paid, one_off=once + np.zeros(len(own)),
        )  # fmt: skip

    def _at(self, months: tuple[float, float]) -> Array:
        import numpy as np

        found: Array = np.clip(np.rint(months[0] + (months[1] - months[0]) * self.late), 0, self.months).astype(int)
        return found

    def _paid(self, of: Folded, until: Array) -> Array:
        """What today's estate costs from now until a month, as its value today."""
        paid = self.growing[self.row, until] if of.grows_now else self.even[until]
        result: Array = of.now * paid
        return result

    def _month(self, of: Folded, own: Array, *, right: bool) -> Array:
        """A month of it."""
        import numpy as np

        def span(part: Part) -> Span:
            return part.right_sized if right else part.planned

        machines = span(of.machines).at(own) * np.exp(of.machines.sigma * self.prices)
        if of.coverage is not None:
            covered = of.coverage + np.zeros(len(own))
        else:
            covered = self.coverage_drawn if of.commitment_said else self.coverage_silent
        low, high = of.discount
        machines = machines * (1 - covered * (low + (high - low) * self.discount))
        storage = span(of.storage).at(own) * np.exp(of.storage.sigma * self.prices)
        sigma = self.assumptions.traffic_sigma["stated" if of.traffic_stated else "assumed"]
        traffic = log_between(of.traffic.low, of.traffic.high, sigma, self.shocks.by_name["traffic"])
        upkeep = span(of.upkeep).at(own) * np.exp(of.upkeep.sigma * self.prices)
        result: Array = machines + span(of.licences).at(self.licences) + storage + traffic + upkeep
        return result

    def shared(self, of: Span, start: float) -> tuple[Array, Array]:
        """What all workloads share: a month of it, and its value over all months. Most plans take less than the dearest."""
        month = of.at(self.support**2)
        began = self._at((start, start))
        return month, month * (self.growing[:, -1] - self.growing[self.row, began])


def simulated(
    workloads: Sequence[Folded],
    model: Model,
    shared: Span | None = None,
    each: Callable[[Folded, Sums], None] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Sums:
    """All workloads together; `each` is shown every one of them on the way."""
    import numpy as np

    total = Sums(*(np.zeros(model.shocks.draws) for _ in range(8)))
    for number, workload in enumerate(workloads):
        found = model.workload(workload)
        for name in Sums.__dataclass_fields__:
            getattr(total, name).__iadd__(getattr(found, name))
        if each is not None:
            each(workload, found)
        if progress is not None and number % 100 == 0:
            progress(number, len(workloads))
    if shared is not None and workloads:
        month, whole = model.shared(shared, min(workload.start[0] for workload in workloads))
        for name, draws in (("repriced", month), ("right_sized", month), ("run", whole), ("run_right_sized", whole)):
            getattr(total, name).__iadd__(draws)
    return total


def quantiles(draws: Array, shares: Iterable[float] = (0.1, 0.5, 0.9)) -> list[float]:
    """Order statistics: what so many of the futures stay below."""
    import numpy as np

    places = [max(0, math.ceil(len(draws) * share) - 1) for share in shares]
    found = np.partition(draws, places)
    return [float(found[place]) for place in places]
