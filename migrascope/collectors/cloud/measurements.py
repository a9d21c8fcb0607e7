"""Measurements out of answers: how busy a machine was, what something cost."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Callable, Iterable
from typing import Any, Final

from migrascope.collectors.cloud.records import Record
from migrascope.model.secrets import masked

DAYS: Final = 14
"""For how many days load is asked. A month's end may not be in it."""
MONTHS: Final = 3
"""For how many months costs are asked."""
_HOURS: Final = DAYS * 24
_WAYS: Final[dict[str, Callable[[list[float]], float]]] = {
    "average": statistics.fmean,
    "maximum": max,
    "minimum": min,
    "p95": lambda values: sorted(values)[min(len(values) - 1, int(0.95 * len(values)))],
}
"""How hours are put together so that no busy hour is lost: the largest maximum, the 95th percentile of their 95th ones."""


def load(id_: str, metric: str, unit: str, statistic: str, at: str | None, hours: Iterable[float]) -> Record:
    """One statistic over the hours that were measured; without a value where none was."""
    values = list(hours)
    record: Record = {"kind": "measurement", "id": masked(id_), "metric": metric, "statistic": statistic, "unit": unit,
                      "window": f"P{DAYS}D/{(at or '')[:10]}", "samples": len(values),
                      "coverage": min(1.0, len(values) / _HOURS)}  # fmt: skip
    return record | ({"value": round(_WAYS[statistic](values), 2)} if values else {})


def cost(id_: str, statistic: str, currency: str, window: tuple[str, str], amount: Any) -> Record:
    """What something cost in a month that is over. `window`: its first day, and the first day after it."""
    return {"kind": "measurement", "id": masked(id_), "metric": "cost", "statistic": statistic, "unit": currency,
            "window": "/".join(window), "samples": 1, "coverage": 1.0, "value": float(amount)}  # fmt: skip


def months(now: dt.datetime) -> tuple[dt.date, dt.date]:
    """The last months that are over: their first day, and the first day after them."""
    end = now.date().replace(day=1)
    start = end
    for _ in range(MONTHS):
        start = (start - dt.timedelta(days=1)).replace(day=1)
    return start, end
