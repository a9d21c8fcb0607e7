"""The knowledge that ships with the package."""

from __future__ import annotations

import hashlib

from migrascope.knowledge import EndOfLife, Knowledge, Limits, Regions, assemble
from migrascope.knowledge.anchors import Anchors, ProductNames
from migrascope.knowledge.assumptions import CostAssumptions
from migrascope.knowledge.ports import Ports
from migrascope.readers.prices import read_prices
from migrascope.readers.shipped import read_file


def read_knowledge() -> Knowledge:
    """Load the dated facts that ship with the package."""
    end_of_life, first = read_file("end_of_life.yaml", EndOfLife)
    limits, second = read_file("limits.yaml", Limits)
    regions, third = read_file("regions.yaml", Regions)
    anchors, fourth = read_file("anchors.yaml", Anchors)
    products, fifth = read_file("product_names.yaml", ProductNames)
    ports, sixth = read_file("ports.yaml", Ports)
    prices, seventh = read_prices()
    assumptions, eighth = read_file("cost_assumptions.yaml", CostAssumptions)
    sha256 = hashlib.sha256(b"".join((first, second, third, fourth, fifth, sixth, seventh.encode(), eighth))).hexdigest()
    return assemble(end_of_life, limits, regions, anchors, products, ports, prices, assumptions, sha256)
