"""What machines cost: hours of Linux, licences on top, and what a commitment takes off.

machines    count x 730 h x price of Linux
licences    count x 730 h x price of a vCPU x vCPU    (SQL Server: no fewer than four)
commitment  - covered x discount x machines           (nothing off a licence)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from migrascope.costing.context import Context, Spot
from migrascope.costing.lines import HOURS, Between, Line
from migrascope.costing.sizing import Fit, Need, Span, needed
from migrascope.estate.load import Busy
from migrascope.estate.subjects import ServerSubject, WorkloadSubject
from migrascope.knowledge.operating_systems import identify
from migrascope.knowledge.prices import PriceBook
from migrascope.model.phrase import Phrase
from migrascope.model.plan import Commitment, WorkloadTarget
from migrascope.texts import later

_SQL: Final = ("sql-web", "sql-enterprise")
"""The least and the most that SQL Server costs a vCPU, where its edition is not told."""
_SQL_CORES: Final = 4
"""SQL Server is licensed for no fewer."""
_CAREFUL_CATEGORIES: Final = ("database", "erp")


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of machine: the size that is planned, the least and the most of the right size, and what runs on it."""

    planned: str
    least: str
    most: str
    windows: tuple[bool, bool] = (False, False)
    """Windows is bought with it: at least, at most."""
    sql: tuple[bool, bool] = (False, False)
    enterprise_linux: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """Kinds of machines and how many there are of each, at least and at most; and what no size is known for."""

    kinds: tuple[tuple[Machine, int, int], ...] = ()
    unknown: tuple[str, ...] = ()
    like_for_like: bool = False
    """No size is planned: each machine gets the cheapest one that holds what it has today."""
    measured: int = 0
    """Of how many machines the load was measured."""


def held(workload: WorkloadSubject, target: WorkloadTarget, spot: Spot, context: Context) -> Held:
    """The machines that a workload needs in its target."""
    servers = [server for server in workload.servers if server.attributes.get("template") is not True]
    if target.size is not None:
        return _as_planned(workload, target, spot, servers, context)
    if not servers:
        return Held(unknown=(Phrase(later("machines: no size is planned, and no server was seen")),))
    kinds: Counter[Machine] = Counter()
    unknown: list[str] = []
    measured = 0
    for server in servers:
        need = _need(server, context.prices)
        planned = context.sizes(spot).fitting(need) if need is not None else None
        if need is None or planned is None:
            nothing = later("{server}: its processors or memory were not seen")
            unknown.append(
                Phrase(nothing if need is None else later("{server}: no size with a price holds it"), server=server.name)
            )
            continue
        busy = context.estate.busy.get(server.id)
        measured += busy is not None and busy.processors is not None
        least, most = _right(need, planned, workload, busy, spot, context)
        kinds[_machine(server, target, spot, context, planned.size.name, least, most)] += 1
    found = tuple((kind, number, number) for kind, number in kinds.items())
    return Held(found, tuple(unknown), like_for_like=True, measured=measured)


def _as_planned(
    workload: WorkloadSubject, target: WorkloadTarget, spot: Spot, servers: list[ServerSubject], context: Context
) -> Held:
    """The size that the plan names; where it does not say how many, from one to as many as run today."""
    size = target.size or ""
    price = context.prices.price(size, spot.region)
    if price.amount is not None and (price.os is None or context.prices.seller(size) != spot.provider):
        what = Phrase(later("{what}: no size of a machine of {provider}"), what=size, provider=spot.provider)
        return Held(unknown=(what,))
    if price.amount is None:
        return Held(unknown=(Phrase(later("{what}: {why}"), what=size, why=price.why),))
    if target.count == 0:
        return Held(unknown=(Phrase(later("{what}: the plan says that there are none of it"), what=size),))
    running = max(1, sum(server.attributes.get("power", "on") == "on" for server in servers))
    low, high = (target.count, target.count) if target.count is not None else (1, max(1, len(servers)))
    needs = [(server, need) for server in servers if (need := _need(server, context.prices)) is not None]
    busy = [context.estate.busy.get(server.id) for server, _ in needs]
    shares = [_share(workload, load, context) for load in busy]
    cores = context.prices.vcpus(size)
    least, most = size, size
    if shares and cores and target.count in (None, len(servers)):
        # Each machine of the plan does the work of one of today: the busiest of them says how large it has to be.
        held_by = context.prices.size(size)
        memory = held_by.memory_mib if held_by is not None else max(need.memory_mib for _, need in needs)
        low_need = max((need.part(cpu.low, mem.low) for (_, need), (cpu, mem) in zip(needs, shares, strict=True)), key=_weight)
        high_need = max(
            (need.part(cpu.high, mem.high) for (_, need), (cpu, mem) in zip(needs, shares, strict=True)), key=_weight
        )
        least = _no_dearer(low_need, size, cores, memory, spot, context)
        most = _no_dearer(high_need, size, cores, memory, spot, context)
    first = servers[0] if servers else None
    kind = _machine(first, target, spot, context, size, least, most)
    off = len(servers) - running if servers and target.count is None else 0
    measured = sum(each is not None and each.processors is not None for each in busy)
    return Held(((kind, low, max(low, high - max(off, 0)) if target.count is None else high),), measured=measured)


def _weight(need: Need) -> tuple[float, float]:
    return need.vcpus, need.memory_mib


def _no_dearer(need: Need, size: str, cores: int, memory: float, spot: Spot, context: Context) -> str:
    """The cheapest size for a need, and the planned one where that is cheaper or nothing else holds it."""
    small = Need(
        min(need.vcpus, cores), min(need.memory_mib, memory), need.iops, need.mbps, need.disks, need.nics, need.windows
    )
    fit = context.sizes(spot).fitting(small)
    planned = context.prices.price(size, spot.region, "windows" if need.windows else "linux").amount
    return fit.size.name if fit is not None and (planned is None or fit.hourly < planned) else size


def _right(
    need: Need, planned: Fit, workload: WorkloadSubject, busy: Busy | None, spot: Spot, context: Context
) -> tuple[str, str]:
    """The least and the most of the right size; the planned one where nothing smaller holds it."""
    processors, memory = _share(workload, busy, context)
    sizes = context.sizes(spot)
    least, most = (sizes.fitting(need.part(p, m)) for p, m in ((processors.low, memory.low), (processors.high, memory.high)))
    return (least or planned).size.name, (most or planned).size.name


def _share(workload: WorkloadSubject, busy: Busy | None, context: Context) -> tuple[Span, Span]:
    """Which part of its processors and of its memory is needed."""
    sizing = context.assumptions.sizing
    claim = workload.claim
    careful = claim.environment in (None, "production") or claim.category in _CAREFUL_CATEGORIES
    policy = sizing.careful if careful else sizing.ordinary
    processors = needed(busy.processors if busy else None, policy, sizing.least_processors, sizing.short)
    memory = needed(busy.memory if busy else None, policy, sizing.least_memory, sizing.short)
    return processors, memory


def _need(server: ServerSubject, prices: PriceBook) -> Need | None:
    """What a server has today; None where its processors or memory were not seen."""
    has = server.attributes
    cpus, memory = has.get("cpus"), has.get("memory_mib")
    size = prices.size(str(has.get("size", "")))
    if size is not None:  # a machine of a cloud is as large as its size says, also where nobody asked how large that is
        cpus, memory = cpus or size.vcpus, memory or size.memory_mib
    if not cpus or not memory:
        return None
    busy = server.estate.busy.get(server.id)
    iops, mbps = (
        max(load.by_statistic.values()) if load is not None else 0.0
        for load in ((busy.iops, busy.mbps) if busy else (None, None))
    )
    disks = len(has["disks"]) if "disks" in has else has.get("disk_count") or 0
    nics = len(has["nics"]) if "nics" in has else has.get("nic_count") or 0
    return Need(int(cpus), float(memory), iops, mbps, int(disks), int(nics), windows=system(server) == "windows")


def system(server: ServerSubject) -> str | None:
    """windows, rhel, sles or another product of the operating system; None where it is not known."""
    return _system(server.attributes.get("os_tools"), server.attributes.get("os_config"))


@lru_cache(maxsize=4096)
def _system(*names: str | None) -> str | None:
    for text in names:
        found = identify(text) if text else None
        if found is not None:
            return "windows" if found.product.startswith("windows") else found.product
        if text and "windows" in text.lower():
            return "windows"
    return None


def _machine(
    server: ServerSubject | None, target: WorkloadTarget, spot: Spot, context: Context, planned: str, least: str, most: str
) -> Machine:
    runs = system(server) if server is not None else None
    licence = target.licence
    windows, sql = (licence.windows, licence.sql) if licence is not None else (None, None)
    maybe = runs in (None, "windows")
    bought = {"included": (True, True), "byol": (False, False), "none": (False, False)}.get(windows or "")
    if bought is None:
        # AWS sells no machine of its shared ones on which Windows of one's own may run.
        bought = (runs == "windows" and spot.provider == "aws", maybe)
    seen = server is not None and server.id in context.sql_servers
    database = {"included": (True, True), "byol": (False, False), "none": (False, False)}.get(sql or "", (False, seen))
    on = server is None or server.attributes.get("power", "on") == "on"
    enterprise = runs if runs in ("rhel", "sles") else ""
    return Machine(planned, least, most, bought, database, enterprise or "", on)


def machine_lines(found: Held, target: WorkloadTarget, spot: Spot, context: Context) -> list[Line]:
    """Machines, their licences and the commitment, line by line."""
    lines = [_hours(kind, low, high, spot, context) for kind, low, high in found.kinds]
    commitment = _commitment(target.commitment, lines, context)
    return [*lines, *([commitment] if commitment is not None else []), *_licences(found, spot, context)]


def _hours(kind: Machine, low: int, high: int, spot: Spot, context: Context) -> Line:
    prices = context.prices
    planned, least, most = (prices.price(size, spot.region) for size in (kind.planned, kind.least, kind.most))
    amounts = [price.amount or Decimal() for price in (planned, least, most)]
    fewest = low if kind.on else 0
    as_planned = Between(HOURS * fewest * amounts[0], HOURS * high * amounts[0])
    right = Between(HOURS * low * min(amounts[1:]), HOURS * high * max(amounts[1:])) if kind.on else Between()
    open_ = low != high
    assumed = Phrase(later("how many machines there will be was not said")) if open_ else ""
    field = "target.count" if open_ else ""
    return Line("machines", _named(kind), Decimal(HOURS * high), "hour", as_planned, right, planned, assumed, field)


def _named(kind: Machine) -> str:
    """What a line of machines is called: the planned size, and the right one beside it."""
    if not kind.on:
        return Phrase(later("{size} (switched off today)"), size=kind.planned)
    if kind.planned == kind.least == kind.most:
        return kind.planned
    if kind.least == kind.most:
        return Phrase(later("{size} (right size: {right})"), size=kind.planned, right=kind.least)
    return Phrase(later("{size} (right size: {least} to {most})"), size=kind.planned, least=kind.least, most=kind.most)


def _commitment(claim: Commitment | None, lines: list[Line], context: Context) -> Line | None:
    least, most = _committed(claim, context)
    total = Between(sum((line.planned.low for line in lines), Decimal()), sum((line.planned.high for line in lines), Decimal()))
    right = Between(
        sum((line.right_sized.low for line in lines), Decimal()), sum((line.right_sized.high for line in lines), Decimal())
    )
    if not most or not total.high:
        return None
    said = claim is not None and claim.coverage_percent is not None
    years = claim.years if claim is not None else None
    name = Phrase(later("commitment of {years} years"), years=years) if years else Phrase(later("commitment of 1 or 3 years"))
    assumed = "" if said else Phrase(later("how much a commitment covers was not said"))
    off = total.times(-most, -least), right.times(-most, -least)
    field = "" if said else "target.commitment"
    return Line("commitment", name, Decimal(1), "month", *off, assumed=assumed, field=field)


def _committed(claim: Commitment | None, context: Context) -> tuple[Decimal, Decimal]:
    """The share of the price of Linux that a commitment takes off, at least and at most."""
    years = [claim.years] if claim is not None and claim.years else [1, 3]
    terms = [context.prices.discount(term) for term in years]
    covered = claim.coverage_percent if claim is not None else None
    if covered is not None:
        part = Decimal(str(covered)) / 100
        return part * min(term.least for term in terms), part * max(term.most for term in terms)
    # Nobody said how much of it is covered: none of it may be, or as much as is covered anywhere.
    most = Decimal(str(context.assumptions.triangles["coverage"].high)) * max(term.most for term in terms)
    return Decimal(), most


def _licences(found: Held, spot: Spot, context: Context) -> Iterable[Line]:
    totals: dict[str, tuple[Decimal, Between, Between, bool]] = {}
    for kind, low, high in found.kinds:
        for name, quantity, planned, right, open_ in _licences_of(kind, low, high, spot, context):
            known = totals.get(name, (Decimal(), Between(), Between(), False))
            totals[name] = known[0] + quantity, known[1] + planned, known[2] + right, known[3] or open_
    for name, (quantity, planned, right, open_) in totals.items():
        assumed = Phrase(later("whether a licence comes along was not said")) if open_ else ""
        price = context.prices.licence_price(name, spot.region)
        field = "target.licence" if open_ and name in ("windows", "sql-server") else ""
        yield Line("licences", name, quantity, "vCPU-hour", planned, right, price, assumed, field)


def licence_gaps(found: Held, target: WorkloadTarget, spot: Spot, context: Context) -> list[str]:
    """Licences that are bought, or may be, and have no price."""
    gaps: list[str] = []
    for kind, _, _ in found.kinds:
        price = context.prices.price(kind.planned, spot.region, "windows")
        size = context.prices.size(kind.planned)
        arm = size is not None and size.arch == "arm64"
        if price.amount is None and (kind.windows[0] or (kind.windows[1] and not arm)):
            gaps.append(Phrase(later("Windows on {size}: {why}"), size=kind.planned, why=price.why))
    if target.licence is not None and target.licence.oracle == "included":
        gaps.append(Phrase(later("Oracle: no price of its licence is known")))
    return list(dict.fromkeys(gaps))


def _licences_of(
    kind: Machine, low: int, high: int, spot: Spot, context: Context
) -> Iterable[tuple[str, Decimal, Between, Between, bool]]:
    """Name, vCPU-hours, what it costs as planned and right-sized, and whether that was left open."""
    prices = context.prices
    cores, least, most = (prices.vcpus(size) or 0 for size in (kind.planned, kind.least, kind.most))
    fewest = low if kind.on else 0
    right = (low, high) if kind.on else (0, 0)

    def of(rate: tuple[Decimal, Decimal], minimum: int, bought: tuple[bool, bool]) -> tuple[Decimal, Between, Between]:
        paid = [max(number, minimum) for number in (cores, min(least, most), max(least, most))]
        planned = Between(HOURS * fewest * paid[0] * rate[0] * bought[0], HOURS * high * paid[0] * rate[1] * bought[1])
        fitted = Between(HOURS * right[0] * paid[1] * rate[0] * bought[0], HOURS * right[1] * paid[2] * rate[1] * bought[1])
        return Decimal(HOURS * high * paid[0]), planned, fitted

    uplifts = [prices.windows_uplift(size, spot.region) for size in (kind.planned, kind.least, kind.most)]
    if kind.windows[1] and uplifts[0] is not None:
        hour = [uplift if uplift is not None else uplifts[0] for uplift in uplifts]
        windows = Between(HOURS * fewest * hour[0] * kind.windows[0], HOURS * high * hour[0])
        fitted = Between(HOURS * right[0] * min(hour[1:]) * kind.windows[0], HOURS * right[1] * max(hour[1:]))
        yield "windows", Decimal(HOURS * high * cores), windows, fitted, kind.windows[0] != kind.windows[1]
    if kind.sql[1]:
        yield (
            "sql-server",
            *of((prices.licence(_SQL[0]), prices.licence(_SQL[1])), _SQL_CORES, kind.sql),
            kind.sql[0] != kind.sql[1],
        )
    if kind.enterprise_linux == "rhel":
        yield ("rhel", *of((prices.licence("rhel-small"), prices.licence("rhel")), 1, (False, True)), True)
