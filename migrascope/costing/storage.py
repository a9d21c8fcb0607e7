"""What disks, objects and managed databases cost.

AWS    GiB x price of a GB and month, and extra operations above 3,000 a second
Azure  each disk at the price of the next size up: standard SSD at least, premium SSD at most, where the plan names none
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from migrascope.costing.context import PricingContext, known, lacking
from migrascope.costing.lines import HOURS, Extremes, Line, Unpriced
from migrascope.estate.subjects import ResourceSubject, ServerSubject, WorkloadSubject
from migrascope.facts.workload import Destination
from migrascope.knowledge.prices import Price
from migrascope.model.phrase import Phrase
from migrascope.model.uncertain import Bounds, Listing, Missing, bounded, exactly, is_unknown
from migrascope.texts import later

_GP3_FREE_IOPS: Final = 3000
_OBJECTS: Final = {"aws": "aws-s3-standard", "azure": "azure-blob-hot"}
_FILES: Final = {"aws": "aws-efs", "azure": "azure-files"}
_ROOM: Final = Decimal("1.3")
"""A disk that is cut to what is used on it keeps so much room; ours."""
_WHOLE: Final = 0.8
"""Partitions that cover less of the disks than this are not all of them."""
_ATTACHED: Final = ("block", "snapshot")

Answer = tuple[list[Line], list[Unpriced]]
"""Lines, and what has no price."""


@dataclass(frozen=True, slots=True)
class _Disk:
    """A disk [GiB]: as large as today, cut to what is used on it as expected, and as small as its data may be.

    `seen` is as large as it was seen to be; `full` may stand for disks that were not listed one by one.
    """

    full: Decimal
    cut: Decimal
    least: Decimal
    seen: Decimal


def disk_lines(workload: WorkloadSubject, target: Destination, context: PricingContext) -> Answer:
    """Disks of a workload: as the plan has them, else as its servers have them today."""
    stated = context.asking.ask(workload, "target.disk_gb")
    servers = workload.servers.items
    if not is_unknown(stated):
        count = known(context.asking.ask(workload, "target.count"), None) or max(1, len(servers))
        each = Decimal(str(stated)) / count
        return _priced(Counter({_Disk(each, each, each, each): count}), target, context, "", [])
    if not servers:
        text = Phrase(later("disks: the plan names no size, and no server was seen"))
        return [], [Unpriced(text, lacking(workload, "target.disk_gb"))]
    lines, unpriced = server_disks(servers, target, context, _filled(workload, context))
    larger = Phrase(later("disks: size not stated in the plan, estimated on the disks of today"))
    more, unmeasured = _operations(workload, target, context)
    return [*lines, *more], [Unpriced(larger, lacking(workload, "target.disk_gb")), *unpriced, *unmeasured]


def server_disks(
    servers: Iterable[ServerSubject], target: Destination, context: PricingContext, filled: Bounds | None = None
) -> Answer:
    """Disks as servers have them today; cut to what is used, no smaller than the part `filled` of what they are now."""
    disks: Counter[_Disk] = Counter()
    unpriced: list[Unpriced] = []
    for server in servers:
        own = _disks_of(server, filled or exactly(0.0), context)
        listing = context.asking.ask(server, "disks")
        if not own:
            unpriced.append(_unseen(server, later("disks of {server}: not seen")))
        elif is_unknown(listing) or listing.missing or any("capacity_mib" not in disk for disk in listing):
            # Storage that was promised to the server as a whole stands for disks that are not listed one by one.
            unpriced.append(_unseen(server, later("disks of {server}: perhaps not all were seen")))
        disks.update(own)
    assumed = Phrase(later("as large as today")) if disks else ""
    return _priced(disks, target, context, assumed, unpriced)


def _unseen(server: ServerSubject, text: str) -> Unpriced:
    return Unpriced(Phrase(text, server=server.name), Missing("server", "disks", server.id, "blank"))


def _filled(workload: WorkloadSubject, context: PricingContext) -> Bounds:
    """The part of its disks that its data fill by the plan [0 to 1]; anything where the plan or the inventory does not say."""
    volume = context.asking.ask(workload, "data.volume_gb")
    sizes = context.asking.total(workload.servers, "provisioned_mib")
    if is_unknown(volume) or isinstance(sizes, Bounds) or not sizes.value:
        return Bounds(0.0, 1.0)
    return exactly(min(1.0, float(volume) * 1e9 / (sizes.value * 2**20)))


def _disks_of(server: ServerSubject, filled: Bounds, context: PricingContext) -> Counter[_Disk]:
    """The disks of a server, listed one by one or as a whole."""
    listing = context.asking.ask(server, "disks")
    listed = [disk.get("capacity_mib") for disk in listing] if isinstance(listing, Listing) else []
    sizes: list[float] = [size for size in listed if size is not None]
    seen = sum(sizes)
    promised = context.asking.ask(server, "provisioned_mib")
    if (not listed or None in listed) and not is_unknown(promised):
        sizes = [max(bounded(promised).high, seen)]
        # Storage that was promised as a whole may hold more than disks: what is in use of it is there for sure.
        stored = context.asking.ask(server, "in_use_mib")
        seen = max(seen, 0.0 if is_unknown(stored) else min(float(bounded(stored).low), sizes[0]))
    total = sum(sizes)
    if not total:
        return Counter()
    data = _data(server, total, context)
    stored = context.asking.ask(server, "in_use_mib")
    used = data if data is not None else None if is_unknown(stored) else float(bounded(stored).high)
    share = min(1.0, float(_ROOM) * max(used / total, filled.low)) if used is not None else 1.0
    # What the host has stored may be more than the data: blocks that the guest gave up are among it.
    complete = bool(listed) and None not in listed
    least = min(share, max((data or 0.0) / total, filled.low if complete else 0.0))
    part = min(1.0, seen / total)
    return Counter(_Disk(_gib(size), _gib(size * share), _gib(size * least), _gib(size * part)) for size in sizes if size)


def _data(server: ServerSubject, total: float, context: PricingContext) -> float | None:
    """What the guest has on its disks [MiB], by the partitions; None where these are not known or do not fill the disks."""
    listing = context.asking.ask(server, "partitions")
    partitions = list(listing) if isinstance(listing, Listing) else []
    told = bool(partitions) and all("capacity_mib" in each and "free_mib" in each for each in partitions)
    if not told or sum(each["capacity_mib"] for each in partitions) < _WHOLE * total:
        return None
    return float(sum(each["capacity_mib"] - each["free_mib"] for each in partitions))


@lru_cache(maxsize=4096)
def _gib(mib: float) -> Decimal:
    return Decimal(round(mib / 1024, 2)).quantize(Decimal("0.01"))


def _priced(
    disks: Counter[_Disk], target: Destination, context: PricingContext, assumed: str, unpriced: list[Unpriced]
) -> Answer:
    if not disks:
        return [], unpriced
    total = sum((disk.full * count for disk, count in disks.items()), Decimal())
    price = context.prices.price("aws-gp3", target.region)
    if target.provider != "aws":
        return _managed(disks, total, target, context, assumed, unpriced)
    if price.amount is None:
        text = Phrase(later("{what}: {why}"), what=Phrase(later("disks")), why=price.why)
        return [], [*unpriced, Unpriced(text, Missing("plan", "targets.region", "plan", "no_knowledge", target.region))]
    cut, least, seen = (
        sum((size(disk) * count for disk, count in disks.items()), Decimal())
        for size in (attrgetter("cut"), attrgetter("least"), attrgetter("seen"))
    )
    full = exactly(total * price.amount)
    right, smallest = Bounds(cut * price.amount, full.high), exactly(least * price.amount)
    extremes = Extremes(exactly(seen * price.amount), full, smallest, full) if assumed else None
    line = Line(
        "storage", "aws-gp3", total, price.unit, full, right, price, assumed, "target.disk_gb" if assumed else "", extremes
    )
    return [line], unpriced


def _managed(
    disks: Counter[_Disk], total: Decimal, target: Destination, context: PricingContext, assumed: str, unpriced: list[Unpriced]
) -> Answer:
    """Managed disks of Azure, each at the price of the next size up."""
    planned = right = exactly(Decimal())
    least = seen = Decimal()
    worst: Price | None = None
    for disk, count in disks.items():
        premium_month = _month("premium", disk.full, target, context)
        sizes = (disk.full, disk.cut, disk.least, disk.seen)
        found = [premium_month, *(_month("standard_ssd", size, target, context) for size in sizes)]
        prices = [price for price in found if price is not None]
        if len(prices) < len(found):
            text = later("{n} x a disk of {size} GiB: none as large is sold, or has a price in {region}")
            what = Phrase(text, n=count, size=f"{disk.full:.0f}", region=target.region)
            unpriced = [*unpriced, Unpriced(what, Missing("server", "disks", "*", "no_knowledge", target.region))]
            continue
        premium, standard, cut, smallest, fewest = (price.amount or Decimal() for price in prices)
        planned += Bounds(min(standard, premium), max(standard, premium)).times(Decimal(count))
        right += Bounds(min(cut, premium), max(standard, premium)).times(Decimal(count))
        least += min(smallest, cut, premium) * count
        seen += min(fewest, standard, premium) * count
        worst = max((price for price in (worst, *prices) if price is not None), key=lambda price: price.quality == "estimated")
    kind = Phrase(later("standard SSD at least, premium SSD at most"))
    both = Phrase(later("{one}; {other}"), one=assumed, other=kind) if assumed else kind
    number = disks.total()
    item = Phrase(later("{n} managed disks"), n=number) if number > 1 else Phrase(later("managed disk"))
    floor, largest = exactly(least), exactly(right.high)
    extremes = Extremes(Bounds(min(seen, planned.low), planned.high), planned, floor, largest) if assumed else None
    field = "target.disk_gb" if assumed else ""
    line = Line("storage", item, total, "GiB", planned, right, worst, both, field, extremes)
    return ([line] if worst is not None else []), unpriced


def _month(series: str, gib: Decimal, target: Destination, context: PricingContext) -> Price | None:
    """A disk of the next size up, kept: many disks are alike."""
    mark = (series, gib, target.region)
    if mark not in context.disk_months:
        context.disk_months[mark] = context.prices.disk(series, gib, target.region)
    return context.disk_months[mark]


def _operations(workload: WorkloadSubject, target: Destination, context: PricingContext) -> Answer:
    """Operations a second above what a gp3 disk brings along, where they were measured."""
    if target.provider != "aws":
        return [], []
    extra, unmeasured = 0.0, 0
    for server in workload.servers:
        load = context.asking.estate.utilisation.get(server.id)
        if load is None or load.iops is None:
            unmeasured += 1
            continue
        disks = context.asking.ask(server, "disks")
        number = max(1, 0 if is_unknown(disks) else len(disks))
        extra += max(0.0, max(load.iops.by_statistic.values()) - _GP3_FREE_IOPS * number)
    text = Phrase(later("disk operations (IOPS): not measured on {n} servers"), n=unmeasured)
    gaps = [Unpriced(text, Missing("workload", "load_measured", workload.id, "not_looked_at"))] if unmeasured else []
    price = context.prices.price("aws-gp3-iops", target.region)
    if not extra or price.amount is None:
        return [], gaps
    quantity = Decimal(str(round(extra, 2)))
    amount = exactly(quantity * price.amount)
    return [Line("storage", price.sku, quantity, price.unit, amount, amount, price)], gaps


def other_lines(workload: WorkloadSubject, target: Destination, context: PricingContext) -> Answer:
    """Buckets, shares and managed databases that belong to a workload; what has no price is named."""
    lines: list[Line] = []
    unpriced: list[Unpriced] = []
    for each in workload.others:
        result = _other(each, target, context)
        if isinstance(result, str):
            unpriced.append(Unpriced(result, Missing(each.kind, "size_gib", each.id, "blank")))
        else:
            lines += result
    return lines, unpriced


def _other(each: ResourceSubject, target: Destination, context: PricingContext) -> list[Line] | str:
    ask = context.asking.ask
    if each.kind == "storage":
        holds = ask(each, "holds")
        if is_unknown(holds):
            return Phrase(later("{what}: {why}"), what=each.name, why=Phrase(later("what it stores was not observed")))
        if holds in _ATTACHED and ask(each, "attached") is not False:
            return []  # a disk of a machine: it is counted there
        names = _FILES if holds == "file" else _OBJECTS
        return _by_size(each, names.get(target.provider, ""), target, context)
    if each.kind == "database":
        return _database(each, target, context) if is_unknown(ask(each, "server")) else []
    return Phrase(later("{what}: paid for by use"), what=each.name)


def _by_size(each: ResourceSubject, item: str, target: Destination, context: PricingContext) -> list[Line] | str:
    size = context.asking.ask(each, "size_gib")
    price = context.prices.price(item, target.region)
    if is_unknown(size) or price.amount is None:
        why = Phrase(later("its size was not seen")) if is_unknown(size) else price.why
        return Phrase(later("{what}: {why}"), what=each.name, why=why)
    quantity = Decimal(str(bounded(size).high))
    amount = Bounds(Decimal(str(bounded(size).low)) * price.amount, quantity * price.amount)
    return [Line("storage", item, quantity, price.unit, amount, amount, price)]


def _database(each: ResourceSubject, target: Destination, context: PricingContext) -> list[Line] | str:
    """A managed database of the same provider: its machine by the hour, twice where a copy stands in another zone."""
    has: dict[str, Any] = {name: context.asking.ask(each, name) for name in ("engine", "size", "zones", "nodes", "size_gib")}
    engine, size = (str(known(has[name], "")) for name in ("engine", "size"))
    engine = engine.lower()
    name = f"{size} {'postgres' if 'postgres' in engine else 'mysql' if 'mysql' in engine or 'maria' in engine else engine}"
    price = context.prices.price(name, target.region)
    if target.provider != "aws" or not size.startswith("db.") or price.amount is None:
        seen = " ".join(filter(None, (engine, size)))
        if not seen:
            return Phrase(later("{what}: {why}"), what=each.name, why=Phrase(later("which database it is was not seen")))
        return Phrase(later("{what}: no price is known of {seen} in {region}"), what=each.name, seen=seen, region=target.region)
    if any(is_unknown(has[part]) for part in ("zones", "size_gib")):
        return Phrase(
            later("{what}: {why}"), what=each.name, why=Phrase(later("its size or its standby copy was not observed"))
        )
    disk = context.prices.price("aws-rds-storage", target.region)
    if disk.amount is None:
        return Phrase(later("{what}: {why}"), what=each.name, why=disk.why)
    copies = Decimal(2 if has["zones"] else 1) * Decimal(known(has["nodes"], 1) or 1)
    hours, quantity = Decimal(HOURS) * copies, Decimal(str(has["size_gib"])) * copies
    machine, stored = exactly(hours * price.amount), exactly(quantity * disk.amount)
    return [
        Line("databases", name, hours, "hour", machine, machine, price),
        Line("databases", "aws-rds-storage", quantity, disk.unit, stored, stored, disk),
    ]
