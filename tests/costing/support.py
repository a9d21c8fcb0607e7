"""Plans and inventories of a few lines, priced."""

from __future__ import annotations

import datetime as dt
from typing import Any

from migrascope.assess import DEFAULT_SEED
from migrascope.costing.estimate import estimate
from migrascope.estate.join import join
from migrascope.estate.subjects import Estate
from migrascope.facts.asking import Asking
from migrascope.facts.catalogue import asking_about
from migrascope.model.cost import Cost, WorkloadCost
from migrascope.model.inventory import Inventory
from migrascope.model.places import Nowhere
from migrascope.model.plan import Plan
from migrascope.readers.knowledge import read_knowledge
from migrascope.readers.prices import read_prices
from migrascope.snapshots import measurement

KNOWLEDGE = read_knowledge()
BOOK = read_prices()[0]
DAY = dt.date(2026, 11, 23)
SCOPE = "vcenter.xlsx"


def server(name: str, **attributes: Any) -> dict[str, Any]:
    """A machine that was seen, with all that its price depends on."""
    has = {
        "cpus": 8, "memory_mib": 32768.0, "power": "on", "template": False, "os_tools": "Ubuntu Linux 24.04",
        "disks": [{"capacity_mib": 102400.0, "place": {}}], "nics": [],
    } | attributes  # fmt: skip
    has = {name: value for name, value in has.items() if value is not None}
    return {
        "kind": "resource", "type": "server", "id": f"vsphere:vc:{name}", "name": name, "provider": "vsphere",
        "source": "rvtools", "scope": SCOPE, "place": {"file": SCOPE}, "attributes": has,
    }  # fmt: skip


def load(
    name: str, statistic: str, value: float, metric: str = "cpu_percent", window: str = "P30D/2026-11-01"
) -> dict[str, Any]:
    """A measurement."""
    return {"id": f"vsphere:vc:{name}", "metric": metric, "statistic": statistic, "unit": "percent", "window": window,
            "value": value, "samples": 8640, "coverage": 1.0}  # fmt: skip


def estate(workloads: list[dict[str, Any]], records: list[dict[str, Any]] | None = None, /, **plan: Any) -> Estate:
    """A plan of some workloads with what was seen, joined."""
    whole = {"schema": 1, "as_of": DAY, "currency": "USD", "sites": [], "workloads": workloads} | plan
    inventory = None
    if records is not None:
        seen = [record for record in records if "kind" in record]
        inventory = Inventory(
            resources=tuple(seen), lacking={(SCOPE, name): "" for name in ("server", "server.disks", "server.nics", "database")}
        )
        for row in records:
            if "kind" not in row:
                inventory.measurements.add(measurement(row))
    return join(Plan.model_validate(whole), Nowhere(), inventory, KNOWLEDGE, DAY)


def cost(workloads: list[dict[str, Any]], records: list[dict[str, Any]] | None = None, /, **plan: Any) -> Cost:
    """The same, priced."""
    priced = estimate(asking(workloads, records, **plan), DEFAULT_SEED)
    assert priced is not None
    return priced.cost


def asking(workloads: list[dict[str, Any]], records: list[dict[str, Any]] | None = None, /, **plan: Any) -> Asking:
    """Somebody who can be asked about a plan of some workloads with what was observed."""
    return asking_about(estate(workloads, records, **plan))


FULL: dict[str, Any] = {
    "id": "shop",
    "disposition": "rehost",
    "users": 0,
    "category": "web",
    "dependencies": [],
    "target": {
        "provider": "aws", "region": "us-east-1", "size": "m5.large", "count": 1, "disk_gb": 100,
        "commitment": {"years": 1, "coverage_percent": 0}, "licence": {"windows": "none", "sql": "none", "oracle": "none"},
    },
}  # fmt: skip
"""A workload of which everything is said."""


ONCE: dict[str, Any] = dict.fromkeys(("licences", "training", "hardware", "exit", "other"), 0)
"""Nothing is paid once besides the work."""
SUPPORTED: dict[str, Any] = {"costs": {"support_plan": 0, "training": 0, "day_rate": 800}}
"""The plan says what support, training and a day of work cost."""


def workload(**changes: Any) -> dict[str, Any]:
    """The same with other fields; those of `target` are laid over its target, and one of None is left out."""
    target = {key: value for key, value in (FULL["target"] | changes.pop("target", {})).items() if value is not None}
    return FULL | {"target": target} | changes


def priced(**target: Any) -> WorkloadCost:
    """One workload, with another target."""
    return cost([workload(target=target)]).workloads[0]


def group(found: WorkloadCost, name: str) -> tuple[float, float]:
    """The least and the most of a kind of line."""
    lines = [line for line in found.lines if line.group == name]
    return round(sum(line.low for line in lines), 2), round(sum(line.high for line in lines), 2)
