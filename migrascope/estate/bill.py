"""What a month costs, resource by resource, out of a bill that was collected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from migrascope.model.inventory import Inventory

_WHOLE: Final = 0.95
"""A month of which less was billed is no month yet."""
_ORDER: Final = ("effective", "billed")
"""Which amount counts where several are told: the one that spreads what was paid ahead over what used it."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Amounts a month in one currency, by natural id: the mean over whole months."""

    currency: str = ""
    months: tuple[str, ...] = ()
    statistic: str = ""
    by_id: Mapping[str, float] = field(default_factory=dict)
    attached: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Disks by the machine that they belong to."""

    def of(self, ids: Iterable[str]) -> float | None:
        """What some resources cost a month, with their disks; None where the bill names none of them."""
        wanted = {each for id_ in ids for each in (id_, *self.attached.get(id_, ()))}
        found = [self.by_id[id_] for id_ in wanted if id_ in self.by_id]
        return sum(found) if found else None


def bill_of(inventory: Inventory) -> Bill:
    """The bill of an inventory: the currency that most is billed in, and months that were billed whole."""
    if "cost" not in inventory.measurements.words.texts:
        return Bill()
    rows = [row for row in inventory.measurements if row.metric == "cost" and row.value == row.value]
    told = {row.statistic for row in rows if row.value}
    statistic = next((name for name in _ORDER if name in told), "")
    rows = [row for row in rows if row.statistic == statistic]
    weight: dict[str, int] = {}
    for row in rows:
        weight[row.unit] = weight.get(row.unit, 0) + 1
    if not weight:
        return Bill()
    currency = max(sorted(weight), key=lambda unit: weight[unit])
    rows = [row for row in rows if row.unit == currency]
    months = sorted({row.window for row in rows if row.coverage >= _WHOLE}) or sorted({row.window for row in rows})
    sums: dict[str, float] = {}
    for row in rows:
        if row.window in months:
            sums[row.id] = sums.get(row.id, 0.0) + row.value
    by_id = {id_: amount / len(months) for id_, amount in sums.items()}
    return Bill(currency, tuple(month[:7] for month in months), statistic, by_id, _attached(inventory))


def _attached(inventory: Inventory) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for relation in inventory.relations:
        if relation.type == "attached_to":
            found.setdefault(relation.target, []).append(relation.source)
    return {id_: tuple(disks) for id_, disks in found.items()}
