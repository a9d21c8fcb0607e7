"""How long the first copy of a workload's data takes over the link of the plan, while it goes on changing.

    days = volume / (link x share of it that a copy gets - what changes in a day)

Where more changes in a day than the link carries, the copy never ends.
"""

from __future__ import annotations

from typing import Final

from migrascope.costing.context import Context
from migrascope.estate.subjects import WorkloadSubject
from migrascope.knowledge.assumptions import Triangle
from migrascope.model.cost import CopyDays

_GB_A_DAY: Final = 86_400 / 8_000
"""What one Mbit/s carries in a day [GB]."""


def copy_days(workload: WorkloadSubject, context: Context) -> CopyDays | None:
    """Days, quickest first; None where the plan does not say how much data or how fast a link; one that never ends has none."""
    zone = workload.estate.plan.landing_zone
    network = zone.network if zone is not None else None
    data = workload.claim.data
    if network is None or not network.link_mbps or data is None or data.volume_gb is None:
        return None
    said = network.link_efficiency_percent
    shares = [said / 100] * 3 if said else _quantiles(context.assumptions.triangles["copy_efficiency"])
    left = [network.link_mbps * share * _GB_A_DAY - (data.change_gb_per_day or 0.0) for share in shares]
    days = [round(data.volume_gb / rate, 2) if rate > 0 else None for rate in left]
    return CopyDays(p10=days[0], p50=days[1], p90=days[2], change_known=data.change_gb_per_day is not None)


def _quantiles(of: Triangle) -> list[float]:
    """The share of the link in the best, the middle and the worst of ten."""
    width, middle = of.high - of.low, (of.likely - of.low) / (of.high - of.low)
    found = []
    for share in (0.9, 0.5, 0.1):
        rising = of.low + width * (share * middle) ** 0.5
        found.append(rising if share < middle else of.high - width * ((1 - share) * (1 - middle)) ** 0.5)
    return found
