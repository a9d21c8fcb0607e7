"""How long the first copy of a workload's data takes over the link of the plan, while it goes on changing.

    days = volume / (link x share of it that a copy gets - what changes in a day)

Where more changes in a day than the link carries, the copy never ends.
"""

from __future__ import annotations

import math
from typing import Final

from migrascope.costing.context import PricingContext, known
from migrascope.estate.subjects import WorkloadSubject
from migrascope.knowledge.assumptions import Triangle
from migrascope.model.cost import CopyDays
from migrascope.model.uncertain import is_unknown

_GB_A_DAY: Final = 86_400 / 8_000
"""What one Mbit/s carries in a day [GB]."""


def copy_days(workload: WorkloadSubject, context: PricingContext) -> CopyDays | None:
    """Days, quickest first; None where the plan does not say how much data or how fast a link; one that never ends has none."""
    asking = context.asking
    link, efficiency = (
        asking.ask(asking.estate.plan_subject, f"landing_zone.network.{name}")
        for name in ("link_mbps", "link_efficiency_percent")
    )
    volume, change = (asking.ask(workload, f"data.{name}") for name in ("volume_gb", "change_gb_per_day"))
    if is_unknown(link) or not link or is_unknown(volume):
        return None
    if is_unknown(efficiency) or not efficiency:
        shares = _quantiles(context.assumptions.triangles["copy_efficiency"])
    else:
        shares = [efficiency / 100] * 3
    left = [link * share * _GB_A_DAY - known(change, 0.0) for share in shares]
    days = [round(volume / rate, 2) if rate > 0 else None for rate in left]
    return CopyDays(p10=days[0], p50=days[1], p90=days[2], change_known=not is_unknown(change))


def _quantiles(of: Triangle) -> list[float]:
    """The share of the link in the best, the middle and the worst of ten."""
    width, middle = of.high - of.low, (of.likely - of.low) / (of.high - of.low)
    return [_quantile(of, width, middle, share) for share in (0.9, 0.5, 0.1)]


def _quantile(of: Triangle, width: float, middle: float, share: float) -> float:
    rising = of.low + width * math.sqrt(share * middle)
    return rising if share < middle else of.high - width * math.sqrt((1 - share) * (1 - middle))
