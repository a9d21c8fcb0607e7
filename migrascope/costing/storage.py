"""What disks, objects and managed databases cost.

AWS    GiB x price of a GB and month, and extra operations above 3,000 a second
Azure  each disk at the price of the next size up: standard SSD at least, premium SSD at most, where the plan names none
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from migrascope.costing.context import Context, Spot
from migrascope.costing.lines import HOURS, Between, Line
from migrascope.estate.subjects import ResourceSubject, ServerSubject, WorkloadSubject
from migrascope.knowledge.prices import Price
from migrascope.model.phrase import Phrase
from migrascope.model.plan import WorkloadTarget
from migrascope.texts import later

_GP3_FREE_IOPS: Final = 3000
_OBJECTS: Final = {"aws": "aws-s3-standard", "azure": "azure-blob-hot"}
_FILES: Final = {"aws": "aws-efs", "azure": "azure-files"}
_SERIES: Final = {"least": "standard_ssd", "most": "premium"}
_ROOM: Final = Decimal("1.3")
"""A disk that is cut to what is used on it keeps so much room; ours."""

_WHOLE: Final = 0.8
"""Partitions that cover less of the disks than this are not all of them."""

Answer = tuple[list[Line], list[str]]
"""Lines, and what has no price."""


def disk_lines(workload: WorkloadSubject, target: WorkloadTarget, spot: Spot, context: Context) -> Answer:
    """Disks of a workload: as the plan has them, else as its servers have them today."""
    if target.disk_gb is not None:
        count = target.count or max(1, len(workload.servers.items))
        each = Decimal(str(target.disk_gb)) / count
        return _priced(Counter({(each, each): count}), spot, context, "", [])
    if not workload.servers.items:
        return [], [Phrase(later("disks: the plan names no size, and no server was seen"))]
    lines, unknown = server_disks(workload.servers.items, spot, context, _held(workload))
    return [*lines, *_operations(workload, spot, context)], unknown


def server_disks(servers: Iterable[ServerSubject], spot: Spot, context: Context, holds: float = 0.0) -> Answer:
    """Disks as servers have them today; cut to what is used, no smaller than the part `holds` of what they are now."""
    disks: Counter[tuple[Decimal, Decimal]] = Counter()
    unknown: list[str] = []
    for server in servers:
        found = _disks_of(server, holds)
        if not found:
            unknown.append(Phrase(later("disks of {server}: not seen"), server=server.name))
        elif server.lacking("disks") is not None and "disks" in server.attributes:
            unknown.append(Phrase(later("disks of {server}: perhaps not all were seen"), server=server.name))
        disks.update(found)
    return _priced(disks, spot, context, Phrase(later("as large as today")) if disks else "", unknown)


def _held(workload: WorkloadSubject) -> float:
    """The part of its disks that its data fill by the plan [0 to 1]."""
    volume = workload.claim.data.volume_gb if workload.claim.data is not None else None
    has: list[float | None] = [server.attributes.get("provisioned_mib") for server in workload.servers.items]
    total = sum(each for each in has if each is not None)
    if volume is None or None in has or not total:
        return 0.0
    return min(1.0, float(volume) * 1e9 / (total * 2**20))


def _disks_of(server: ServerSubject, holds: float) -> Counter[tuple[Decimal, Decimal]]:
    """Disks as provisioned and as used with room [GiB]."""
    has = server.attributes
    sizes = [disk.get("capacity_mib") for disk in has.get("disks", ())]
    if not sizes or None in sizes:
        sizes = [has.get("provisioned_mib")]
    if None in sizes:
        return Counter()
    total = sum(sizes)
    used = _used(has, total)
    share = min(1.0, float(_ROOM) * max(used / total, holds)) if used is not None and total else 1.0
    return Counter((_gib(size), _gib(size * share)) for size in sizes if size)


def _used(has: Any, total: float) -> float | None:
    """What is used of the disks [MiB]: by the partitions where they fill the disks, else by what the host has stored."""
    partitions = has.get("partitions") or ()
    told = bool(partitions) and all("capacity_mib" in each and "free_mib" in each for each in partitions)
    if told and sum(each["capacity_mib"] for each in partitions) >= _WHOLE * total:
        return float(sum(each["capacity_mib"] - each["free_mib"] for each in partitions))
    used = has.get("in_use_mib")
    return None if used is None else float(used)


def _gib(mib: float) -> Decimal:
    return Decimal(round(mib / 1024, 2)).quantize(Decimal("0.01"))


def _priced(disks: Counter[tuple[Decimal, Decimal]], spot: Spot, context: Context, assumed: str, unknown: list[str]) -> Answer:
    if not disks:
        return [], unknown
    total = sum((size * count for (size, _), count in disks.items()), Decimal())
    number = disks.total()
    if spot.provider == "aws":
        price = context.prices.price("aws-gp3", spot.region)
        if price.amount is None:
            return [], [*unknown, Phrase(later("{what}: {why}"), what=Phrase(later("disks")), why=price.why)]
        used = sum((size * count for (_, size), count in disks.items()), Decimal())
        full, cut = total * price.amount, used * price.amount
        line = Line("storage", "aws-gp3", total, price.unit, Between(full, full), Between(cut, full), price, assumed)
        return [line], unknown
    planned, right = Between(), Between()
    worst: Price | None = None
    for (size, used), count in disks.items():
        found = [_month("standard_ssd", size, spot, context), _month("premium", size, spot, context),
                 _month("standard_ssd", used, spot, context)]  # fmt: skip
        if None in found:
            unknown = [
                *unknown,
                Phrase(
                    later("{n} x a disk of {size} GiB: none as large is sold, or has a price in {region}"),
                    n=count,
                    size=f"{size:.0f}",
                    region=spot.region,
                ),
            ]
            continue
        least, most, fitted = (price.amount or Decimal() for price in found if price is not None)
        planned += Between(min(least, most), max(least, most)).times(Decimal(count))
        right += Between(min(fitted, most), max(least, most)).times(Decimal(count))
        worst = max((price for price in (worst, *found) if price is not None), key=lambda price: price.quality == "estimated")
    kind = Phrase(later("standard SSD at least, premium SSD at most"))
    both = Phrase(later("{one}; {other}"), one=assumed, other=kind) if assumed else kind
    item = Phrase(later("{n} managed disks"), n=number) if number > 1 else Phrase(later("managed disk"))
    line = Line("storage", item, total, "GiB", planned, right, worst, both)
    return ([line] if worst is not None else []), unknown


def _month(series: str, gib: Decimal, spot: Spot, context: Context) -> Price | None:
    """A disk of the next size up, kept: many disks are alike."""
    mark = (series, gib, spot.region)
    if mark not in context.disk_months:
        context.disk_months[mark] = context.prices.disk(series, gib, spot.region)
    return context.disk_months[mark]


def _operations(workload: WorkloadSubject, spot: Spot, context: Context) -> list[Line]:
    """Operations a second above what a gp3 disk brings along, where they were measured."""
    if spot.provider != "aws":
        return []
    extra = 0.0
    for server in workload.servers:
        busy = context.estate.busy.get(server.id)
        if busy is not None and busy.iops is not None:
            number = max(1, len(server.attributes.get("disks", ())))
            extra += max(0.0, max(busy.iops.by_statistic.values()) - _GP3_FREE_IOPS * number)
    price = context.prices.price("aws-gp3-iops", spot.region)
    if not extra or price.amount is None:
        return []
    amount = Decimal(str(round(extra, 2))) * price.amount
    return [Line("storage", price.sku, Decimal(str(round(extra, 2))), price.unit, *(Between(amount, amount),) * 2, price)]


def other_lines(workload: WorkloadSubject, spot: Spot, context: Context) -> Answer:
    """Buckets, shares and managed databases that belong to a workload; what has no price is named."""
    lines: list[Line] = []
    unknown: list[str] = []
    for each in workload.others:
        found = _other(each, spot, context)
        if isinstance(found, str):
            unknown.append(found)
        else:
            lines += found
    return lines, unknown


def _other(each: ResourceSubject, spot: Spot, context: Context) -> list[Line] | str:
    has = each.attributes
    if each.kind == "storage":
        if has.get("holds") in ("block", "snapshot") and has.get("attached") is not False:
            return []  # a disk of a machine: it is counted there
        names = _FILES if has.get("holds") == "file" else _OBJECTS
        return _by_size(each, names.get(spot.provider, ""), spot, context)
    if each.kind == "database" and has.get("server") is None:
        return _database(each, spot, context)
    return [] if each.kind == "database" else Phrase(later("{what}: paid for by use"), what=each.name)


def _by_size(each: ResourceSubject, item: str, spot: Spot, context: Context) -> list[Line] | str:
    size = each.attributes.get("size_gib")
    price = context.prices.price(item, spot.region)
    if size is None or price.amount is None:
        return Phrase(
            later("{what}: {why}"), what=each.name, why=Phrase(later("its size was not seen")) if size is None else price.why
        )
    quantity = Decimal(str(size))
    amount = Between(quantity * price.amount, quantity * price.amount)
    return [Line("storage", item, quantity, price.unit, amount, amount, price)]


def _database(each: ResourceSubject, spot: Spot, context: Context) -> list[Line] | str:
    """A managed database of the same provider: its machine by the hour, twice where a copy stands in another zone."""
    has = each.attributes
    engine = str(has.get("engine", "")).lower()
    size = str(has.get("size", ""))
    name = f"{size} {'postgres' if 'postgres' in engine else 'mysql' if 'mysql' in engine or 'maria' in engine else engine}"
    price = context.prices.price(name, spot.region)
    if spot.provider != "aws" or not size.startswith("db.") or price.amount is None:
        seen = " ".join(filter(None, (engine, size)))
        if not seen:
            return Phrase(later("{what}: {why}"), what=each.name, why=Phrase(later("which database it is was not seen")))
        return Phrase(later("{what}: no price is known of {seen} in {region}"), what=each.name, seen=seen, region=spot.region)
    copies = Decimal(2 if has.get("zones") else 1) * Decimal(has.get("nodes") or 1)
    hours = Decimal(HOURS) * copies
    amount = Between(hours * price.amount, hours * price.amount)
    lines = [Line("databases", name, hours, "hour", amount, amount, price)]
    disk = context.prices.price("aws-rds-storage", spot.region)
    if has.get("size_gib") is None or disk.amount is None:
        return Phrase(later("{what}: {why}"), what=each.name, why=Phrase(later("its size was not seen")))
    quantity = Decimal(str(has["size_gib"])) * copies
    cost = Between(quantity * disk.amount, quantity * disk.amount)
    return [*lines, Line("databases", "aws-rds-storage", quantity, disk.unit, cost, cost, disk)]
