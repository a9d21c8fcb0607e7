"""The knowledge that ships with the package."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from migrascope.knowledge import DiskLimits, EndOfLife, Knowledge, Regions, assemble
from migrascope.knowledge.anchors import Anchors, ProductNames
from migrascope.knowledge.assumptions import CostAssumptions
from migrascope.knowledge.ports import Ports
from migrascope.readers.own_assumptions import with_assumptions
from migrascope.readers.own_prices import with_rate_card, with_snapshot
from migrascope.readers.prices import read_prices
from migrascope.readers.shipped import read_file


@dataclass(frozen=True, slots=True)
class Own:
    """What the user brings along: prices that were refreshed, a rate card, and other assumptions on cost."""

    prices: Path | None = None
    rate_card: Path | None = None
    assumptions: Path | None = None


def read_knowledge(own: Own | None = None) -> Knowledge:
    """Load the dated facts that ship with the package, with what the user brings along over them. Raises InputError."""
    end_of_life, first = read_file("end_of_life.yaml", EndOfLife)
    limits, second = read_file("limits.yaml", DiskLimits)
    regions, third = read_file("regions.yaml", Regions)
    anchors, fourth = read_file("anchors.yaml", Anchors)
    products, fifth = read_file("product_names.yaml", ProductNames)
    ports, sixth = read_file("ports.yaml", Ports)
    prices, seventh = read_prices()
    assumptions, eighth = read_file("cost_assumptions.yaml", CostAssumptions)
    if own is not None:
        prices = with_snapshot(prices, own.prices) if own.prices is not None else prices
        prices = with_rate_card(prices, own.rate_card) if own.rate_card is not None else prices
        assumptions = with_assumptions(own.assumptions) if own.assumptions is not None else assumptions
    sha256 = hashlib.sha256(b"".join((first, second, third, fourth, fifth, sixth, seventh.encode(), eighth))).hexdigest()
    return assemble(end_of_life, limits, regions, anchors, products, ports, prices, assumptions, sha256)
