"""What every workload is priced with: who can be asked, prices, assumptions, and the sizes that are sold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from migrascope.costing.sizing import Sizes
from migrascope.estate.currency import rate
from migrascope.estate.subjects import ServerSubject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.workload import MOVES, Destination, target_of
from migrascope.knowledge.assumptions import Between as Range
from migrascope.knowledge.assumptions import CostAssumptions
from migrascope.knowledge.operating_systems import family
from migrascope.knowledge.prices import Price, PriceBook
from migrascope.model.uncertain import Missing, is_unknown

CLOUDS: Final = ("aws", "azure")
"""Providers whose prices are known."""


@dataclass(frozen=True, slots=True)
class ReportCurrency:
    """The currency of the report, and what one of the price book's is worth in it."""

    currency: str
    factor: Decimal
    converted: bool


@dataclass(slots=True)
class PricingContext:
    """Prices, assumptions and whoever can be asked about the estate, with what is worked out once for all workloads."""

    asking: Asking
    prices: PriceBook
    assumptions: CostAssumptions
    money: ReportCurrency
    own_rate: Decimal | None
    """What one of the plan's currency is worth in that of the report; None where the plan does not say it."""
    sizes_by_target: dict[Destination, Sizes] = field(default_factory=dict)
    disk_months: dict[tuple[str, Decimal, str], Price | None] = field(default_factory=dict)
    systems: dict[str, str | None] = field(default_factory=dict)
    """Products of operating systems by the id of the server."""

    @classmethod
    def of(cls, asking: Asking) -> PricingContext:
        """The context of an estate."""
        knowledge, money = asking.estate.knowledge, money_of(asking)
        own = asking.plan.currency
        worth = rate(asking.plan, own, money.currency) if own else None
        return cls(asking, knowledge.prices, knowledge.assumptions, money, worth)

    def sizes(self, target: Destination) -> Sizes:
        """The sizes that are sold somewhere."""
        if target not in self.sizes_by_target:
            self.sizes_by_target[target] = Sizes(target.provider, target.region, self.prices)
        return self.sizes_by_target[target]

    def system(self, server: ServerSubject) -> str | None:
        """windows, rhel, sles or another product of the operating system of a server; None where it is not known."""
        if server.id not in self.systems:
            names = (self.asking.ask(server, name) for name in ("os_tools", "os_config"))
            self.systems[server.id] = family(*(known(name, None) for name in names))
        return self.systems[server.id]

    def range(self, name: str) -> Range:
        """A range that was supposed."""
        return self.assumptions.ranges[name]

    def in_report(self, amount: Any) -> float | None:
        """An amount of the plan in the currency of the report; None where it is not known, or no rate is."""
        if is_unknown(amount) or self.own_rate is None:
            return None
        return float(Decimal(amount) * self.own_rate)


def money_of(asking: Asking) -> ReportCurrency:
    """The plan's own currency where its rates reach it, else that of the price book."""
    book, own = asking.estate.knowledge.prices.listed.currency, asking.plan.currency
    worth = rate(asking.plan, book, own) if own else None
    if own is None or worth is None:
        return ReportCurrency(book, Decimal(1), converted=False)
    return ReportCurrency(own, worth, converted=own != book)


def sql_servers(asking: Asking) -> frozenset[str]:
    """Servers, by id, on which a database of SQL Server was observed that is paid for."""
    databases = asking.estate.subjects("database")
    engines = ((asking.ask(each, "server"), asking.ask(each, "engine")) for each in databases)
    return frozenset(server for server, engine in engines if not is_unknown(server) and _licensed(engine))


def _licensed(engine: Any) -> bool:
    return not is_unknown(engine) and "sql server" in engine.lower() and "express" not in engine.lower()


def observed_callers(asking: Asking) -> Mapping[int, frozenset[int]]:
    """The workloads that were observed to call each workload, by their places in the plan."""
    callers: dict[int, set[int]] = {}
    for caller, callee in asking.estate.traffic.calls:
        callers.setdefault(callee, set()).add(caller)
    return {callee: frozenset(each) for callee, each in callers.items()}


def priced_target(asking: Asking, workload: WorkloadSubject) -> Destination | None:
    """Where it goes, if the plan says so."""
    target = target_of(asking, workload)
    return target if isinstance(target, Destination) else None


def is_priced(asking: Asking, workload: WorkloadSubject) -> bool:
    """The plan says that it moves, or does not say what happens to it and names a target."""
    disposition = asking.ask(workload, "disposition")
    if is_unknown(disposition):
        return asking.ask(workload, "has_target") is True
    return disposition in MOVES


def may_move(asking: Asking, workload: WorkloadSubject) -> bool:
    """The plan says that it moves, or does not say what happens to it."""
    disposition = asking.ask(workload, "disposition")
    return is_unknown(disposition) or disposition in MOVES


def lacking(workload: WorkloadSubject, fact: str) -> Missing:
    """A field of a workload that the plan does not state, as what opens a sum."""
    return Missing("workload", fact, workload.id, "silent")


def known(value: Any, otherwise: Any) -> Any:
    """A value, or what is supposed where it is unknown."""
    return otherwise if is_unknown(value) else value
