"""What costing hands to those who ask: the figures of each workload, as far as they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrascope.model.cost import Cost
from migrascope.model.uncertain import Bounds, Missing


@dataclass(frozen=True, slots=True)
class WorkloadFacts:
    """Percentiles of the cost of a workload [money a month, currency of the report], each between what is open at its least
    and at its most."""

    priced: bool
    """What it mainly consists of has a price."""
    missing: frozenset[Missing]
    """Every fact that would narrow one of them."""
    repriced_p10: Bounds
    repriced_p90: Bounds
    right_sized_p50: Bounds
    right_sized_expected: float


@dataclass(frozen=True, slots=True)
class PricedFacts:
    """The cost of a plan, and what rules can ask of it."""

    cost: Cost
    by_workload: Mapping[str, WorkloadFacts]
