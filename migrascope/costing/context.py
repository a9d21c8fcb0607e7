"""What every workload is priced with: prices, assumptions, what sizes there are, and what is known of the estate as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from migrascope.costing.sizing import Sizes
from migrascope.estate.subjects import Estate, WorkloadSubject
from migrascope.knowledge.assumptions import Between as Range
from migrascope.knowledge.assumptions import CostAssumptions
from migrascope.knowledge.prices import Price, PriceBook, plain_region

MOVES: Final = ("rehost", "relocate", "repurchase", "replatform", "refactor")
CLOUDS: Final = ("aws", "azure")
"""Providers whose prices are known."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something runs, or is to run."""

    provider: str
    region: str


@dataclass(slots=True)
class Context:
    """Prices, assumptions and the estate, with what is worked out once for all workloads."""

    estate: Estate
    prices: PriceBook
    assumptions: CostAssumptions
    sql_servers: frozenset[str] = frozenset()
    """Servers, by id, on which a database of SQL Server was seen that is paid for."""
    sizes_by_spot: dict[Spot, Sizes] = field(default_factory=dict)
    disk_months: dict[tuple[str, Decimal, str], Price | None] = field(default_factory=dict)

    @classmethod
    def of(cls, estate: Estate) -> Context:
        """The context of an estate."""
        found = (each for each in estate.resources.get("database", ()))
        sql = {str(each.attributes["server"]) for each in found if _licensed(each.attributes)}  # type: ignore[attr-defined]
        knowledge = estate.knowledge
        return cls(estate, knowledge.prices, knowledge.assumptions, frozenset(sql))

    def sizes(self, spot: Spot) -> Sizes:
        """The sizes that are sold somewhere."""
        if spot not in self.sizes_by_spot:
            self.sizes_by_spot[spot] = Sizes(spot.provider, spot.region, self.prices)
        return self.sizes_by_spot[spot]

    def callers_seen(self) -> Mapping[int, frozenset[int]]:
        """Who was seen to call each workload, by their places in the plan."""
        return self.estate.once("callers of workloads", _callers)

    def range(self, name: str) -> Range:
        """A range that was supposed."""
        return self.assumptions.ranges[name]


def _callers(estate: Estate) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for caller, callee in estate.traffic.calls:
        found.setdefault(callee, set()).add(caller)
    return {callee: frozenset(callers) for callee, callers in found.items()}


def _licensed(attributes: Mapping[str, object]) -> bool:
    engine = str(attributes.get("engine", "")).lower()
    return "server" in attributes and "sql server" in engine and "express" not in engine


def target_of(workload: WorkloadSubject) -> Spot | None:
    """Where the plan wants it; None where the plan does not say both provider and region."""
    target = workload.claim.target
    if target is None:
        return None
    found = next((each for each in workload.estate.plan.targets or () if each.id == target.at), None)
    provider = target.provider or (found.provider if found else None)
    region = target.region or (found.region if found else None)
    return Spot(provider.lower(), plain_region(region)) if provider and region else None


def moves(workload: WorkloadSubject) -> bool:
    """The plan says that it goes somewhere, or does not say what happens to it and names a target."""
    said = workload.claim.disposition
    return said in MOVES or (said is None and workload.claim.target is not None)
