"""What machines cost: hours of Linux, licences on top, and what a commitment takes off.

machines    count x 730 h x price of Linux
licences    count x 730 h x price of a vCPU x vCPU    (SQL Server: no fewer than four)
commitment  - covered x discount x machines           (nothing off a licence)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from migrascope.costing.context import PricingContext, known, lacking, sql_servers
from migrascope.costing.lines import FREE, HOURS, Extremes, Line, Unpriced
from migrascope.costing.sizing import Fit, Need, needed
from migrascope.estate.subjects import ServerSubject, WorkloadSubject
from migrascope.estate.utilisation import Load, Utilisation
from migrascope.facts.workload import Destination
from migrascope.model.phrase import Phrase
from migrascope.model.uncertain import Bounds, Missing, bounded, exactly, is_unknown
from migrascope.texts import later

_SQL: Final = ("sql-web", "sql-enterprise")
"""The least and the most that SQL Server costs a vCPU, where its edition is not told."""
_SQL_CORES: Final = 4
"""SQL Server is licensed for no fewer."""
_LEAST_MIB: Final = 512.0
_CAREFUL_CATEGORIES: Final = ("database", "erp")
_SURELY, _MAYBE, _NOT = (True, True), (False, True), (False, False)
_BOUGHT: Final = {"included": _SURELY, "byol": _NOT, "none": _NOT}
"""What a word of the plan says of a licence: it is bought at least, and at most."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of machine: the size that is planned, the least and the most of the right size, and what runs on it."""

    planned: str
    idle: str
    """The smallest that the right size can be, where its load was not measured."""
    least: str
    most: str
    windows: tuple[bool, bool] = _NOT
    """Windows is bought with it: at least, at most."""
    sql: tuple[bool, bool] = _NOT
    enterprise_linux: str = ""
    on: bool | None = True
    """It runs today; None where that is not known."""
    system: bool = True
    """Its operating system is known."""


_Right = tuple[str, str, str]
"""The right size: the smallest that it can be, and as expected at least and at most."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """Kinds of machines and how many there are of each, at least and at most; and what no size is known for.

    `like_for_like`: no size is planned, and each machine gets the cheapest one that holds what it has today. The plan may
    name a smaller one, but none that does not do today's work.
    """

    kinds: tuple[tuple[Machine, int, int], ...] = ()
    unpriced: tuple[Unpriced, ...] = ()
    like_for_like: bool = False
    measured: int = 0
    """Of how many machines the load was measured."""
    right_open: bool = False
    """Something that a right size depends on was not observed."""
    uncounted: bool = False
    """A size is planned, and not how many there will be of it."""

    @property
    def number(self) -> tuple[int, int]:
        """How many machines there are, at least and at most."""
        return sum(low for _, low, _ in self.kinds), sum(high for _, _, high in self.kinds)


def fleet(workload: WorkloadSubject, target: Destination, context: PricingContext) -> Fleet:
    """The machines that a workload needs in its target."""
    ask = context.asking.ask
    size = ask(workload, "target.size")
    if not is_unknown(size):
        return _as_planned(workload, size, target, context)
    servers = workload.servers.items
    no_size = Unpriced(Phrase(later("machines: no size is planned, and no server was seen")), lacking(workload, "target.size"))
    if not servers:
        return Fleet(unpriced=(no_size,))
    kinds: Counter[Machine] = Counter()
    unpriced = [Unpriced(Phrase(later("VM size: not stated in the plan, estimated on the servers of today")), no_size.missing)]
    measured, right_open = 0, False
    for server in servers:
        needs = _needs(server, context)
        fit = context.sizes(target).fitting(needs.most) if needs is not None else None
        if needs is None or fit is None:
            unpriced.append(_unsized(server, needs))
            continue
        if needs.least != needs.most:
            text = Phrase(later("{server}: sources disagree on processors or memory"), server=server.name)
            unpriced.append(Unpriced(text, Missing("server", "cpus", server.id, "contradiction")))
        load = context.asking.estate.utilisation.get(server.id)
        measured += load is not None and load.processors is not None
        right_open |= not needs.complete
        right = _right(needs, fit, workload, load, target, context)
        kinds[_machine(workload, server, target, context, fit.size.name, right)] += 1
    counted = tuple((kind, number, number) for kind, number in kinds.items())
    return Fleet(counted, tuple(unpriced), like_for_like=True, measured=measured, right_open=right_open)


def _unsized(server: ServerSubject, needs: _Needs | None) -> Unpriced:
    text = later("{server}: its processors or memory were not seen")
    if needs is not None:
        text = later("{server}: no size with a price holds it")
    return Unpriced(Phrase(text, server=server.name), Missing("server", "cpus", server.id, "blank"))


def _as_planned(workload: WorkloadSubject, size: str, target: Destination, context: PricingContext) -> Fleet:
    """The size that the plan names; where it does not say how many, no fewer than do today's work, and perhaps more."""
    price = context.prices.price(size, target.region)
    field = lacking(workload, "target.size")
    if price.amount is not None and (price.os is None or context.prices.seller(size) != target.provider):
        text = Phrase(later("{what}: no size of a machine of {provider}"), what=size, provider=target.provider)
        return Fleet(unpriced=(Unpriced(text, field),))
    if price.amount is None:
        return Fleet(unpriced=(Unpriced(Phrase(later("{what}: {why}"), what=size, why=price.why), field),))
    count = context.asking.ask(workload, "target.count")
    if count == 0:
        text = Phrase(later("{what}: the plan says that there are none of it"), what=size)
        return Fleet(unpriced=(Unpriced(text, lacking(workload, "target.count")),))
    servers = workload.servers.items
    unpriced = []
    if is_unknown(count):
        text = Phrase(later("{what}: number of VMs not stated in the plan"), what=size)
        unpriced.append(Unpriced(text, lacking(workload, "target.count")))
    loads = [context.asking.estate.utilisation.get(server.id) for server in servers]
    measured = sum(load is not None and load.processors is not None for load in loads)
    complete = workload.servers.complete
    if not servers or not (is_unknown(count) or (count == len(servers) and complete)):
        number = (count, count) if not is_unknown(count) else (1, max(1, len(servers)))
        # Servers that were not seen may do with less.
        idle = size if complete and servers else _smallest(size, target, context)
        kind = _machine(workload, servers[0] if servers else None, target, context, size, (idle, size, size))
        return Fleet(((kind, *number),), tuple(unpriced), measured=measured, uncounted=is_unknown(count))
    # Each machine of the plan does the work of one of today.
    kinds: Counter[Machine] = Counter()
    for server, load in zip(servers, loads, strict=True):
        right = _no_dearer(server, load, size, workload, target, context)
        kinds[_machine(workload, server, target, context, size, right)] += 1
    # Where the plan does not say how many there will be: from one to as many as run today.
    uncounted = is_unknown(count)
    one = next((kind for kind in kinds if kind.on), None)
    numbers = ((kind, number if not uncounted else int(kind is one), number) for kind, number in kinds.items())
    return Fleet(tuple(numbers), tuple(unpriced), measured=measured, uncounted=uncounted)


def _smallest(size: str, target: Destination, context: PricingContext) -> str:
    """The cheapest size that is sold, and no dearer than the planned one."""
    planned, fit = context.prices.price(size, target.region).amount, context.sizes(target).fitting(Need(1, _LEAST_MIB))
    return fit.size.name if fit is not None and planned is not None and fit.hourly < planned else size


def _no_dearer(
    server: ServerSubject,
    load: Utilisation | None,
    size: str,
    workload: WorkloadSubject,
    target: Destination,
    context: PricingContext,
) -> _Right:
    """The right size of a server, and the planned one where that is cheaper or nothing holds it."""
    needs = _needs(server, context)
    cores, held_by = context.prices.vcpus(size), context.prices.size(size)
    if needs is None or not cores:
        return _smallest(size, target, context), size, size
    memory_mib = held_by.memory_mib if held_by is not None else needs.most.memory_mib
    planned = context.prices.price(size, target.region, "windows" if needs.most.windows else "linux").amount

    def no_dearer(fit: Fit | None) -> str:
        return fit.size.name if fit is not None and (planned is None or fit.hourly < planned) else size

    parts = _parts(needs, load, *_share(workload, load, context))
    idle, least, most = (no_dearer(context.sizes(target).fitting(part.at_most(cores, memory_mib))) for part in parts)
    return idle, least, most if needs.complete else size


def _parts(needs: _Needs, load: Utilisation | None, processors: Bounds, memory: Bounds) -> tuple[Need, Need, Need]:
    """What is needed of a server at the very least, and as expected at least and at most. What was not measured may be idle."""
    measured = (load.processors, load.memory) if load is not None else (None, None)
    idle = [0.0 if part is None else share.low for part, share in zip(measured, (processors, memory), strict=True)]
    least = needs.least.part(processors.low, memory.low)
    return needs.least.part(idle[0], idle[1]), least, needs.most.part(processors.high, memory.high)


def _right(
    needs: _Needs, fit: Fit, workload: WorkloadSubject, load: Utilisation | None, target: Destination, context: PricingContext
) -> _Right:
    """The right size; that of today where nothing smaller holds it."""
    fits = (context.sizes(target).fitting(part) for part in _parts(needs, load, *_share(workload, load, context)))
    idle, least, most = ((part or fit).size.name for part in fits)
    return idle, least, most


def _share(workload: WorkloadSubject, load: Utilisation | None, context: PricingContext) -> tuple[Bounds, Bounds]:
    """Which part of its processors and of its memory is needed. Where the plan does not say how careful to be, both ways."""
    sizing = context.assumptions.sizing
    environment, category = (context.asking.ask(workload, name) for name in ("environment", "category"))
    policies = [sizing.ordinary]
    if environment == "production" or category in _CAREFUL_CATEGORIES:
        policies = [sizing.careful]
    elif is_unknown(environment) or is_unknown(category):
        policies = [sizing.ordinary, sizing.careful]

    def share(measured: Load | None, least: float) -> Bounds:
        each = [needed(measured, policy, least, sizing.short) for policy in policies]
        return each[0].hull(each[-1])

    processors, memory = (load.processors, load.memory) if load is not None else (None, None)
    return share(processors, sizing.least_processors), share(memory, sizing.least_memory)


@dataclass(frozen=True, slots=True)
class _Needs:
    """What a server has today at least and at most, where its sources disagree, and whether all of it was observed."""

    least: Need
    most: Need
    complete: bool


def _needs(server: ServerSubject, context: PricingContext) -> _Needs | None:
    """What a server has today; None where its processors or memory were not observed."""
    ask = context.asking.ask
    size = context.prices.size(known(ask(server, "size"), ""))
    cpus, memory = (ask(server, name) for name in ("cpus", "memory_mib"))
    if size is not None:  # a machine of a cloud is as large as its size says, also where nobody asked how large that is
        cpus, memory = known(cpus, size.vcpus), known(memory, size.memory_mib)
    if is_unknown(cpus) or is_unknown(memory):
        return None
    processors, mib = bounded(cpus), bounded(memory)
    if not processors.high or not mib.high:
        return None
    load = context.asking.estate.utilisation.get(server.id)
    rates = (load.iops, load.mbps) if load is not None else (None, None)
    iops, mbps = (max(rate.by_statistic.values()) if rate is not None else 0.0 for rate in rates)
    disks, nics = _number(server, "disks", "disk_count", context), _number(server, "nics", "nic_count", context)
    system = context.system(server)
    complete = None not in rates and disks is not None and nics is not None and system is not None
    least, most = (
        Need(int(cores or 1), float(amount or 1), iops, mbps, disks or 0, nics or 0, windows=system == "windows")
        for cores, amount in ((processors.low, mib.low), (processors.high, mib.high))
    )
    return _Needs(least, most, complete)


def _number(server: ServerSubject, items: str, counted: str, context: PricingContext) -> int | None:
    """How many disks or cards a server has: those that are listed, else those that the source counted."""
    listing, count = context.asking.ask(server, items), context.asking.ask(server, counted)
    if not is_unknown(listing):
        return len(listing) if not listing.missing else max(len(listing), int(bounded(count, 0, 0).high))
    return None if is_unknown(count) else int(bounded(count).high)


def _machine(
    workload: WorkloadSubject,
    server: ServerSubject | None,
    target: Destination,
    context: PricingContext,
    planned: str,
    right: _Right,
) -> Machine:
    runs = context.system(server) if server is not None else None
    windows, sql = (context.asking.ask(workload, f"target.licence.{name}") for name in ("windows", "sql"))
    # AWS sells no machine of its shared ones on which Windows of one's own may run.
    by_system = (runs == "windows" and target.provider == "aws", runs in (None, "windows"))
    observed = server is not None and server.id in context.asking.once(sql_servers)
    power = context.asking.ask(server, "power") if server is not None else "on"
    unseen = context.asking.estate.has_inventory and not workload.servers.complete
    return Machine(
        planned,
        *right,
        windows=by_system if is_unknown(windows) else _BOUGHT[windows],
        sql=(False, observed) if is_unknown(sql) else _BOUGHT[sql],
        enterprise_linux=runs if runs in ("rhel", "sles") else "",
        on=None if is_unknown(power) or (server is None and unseen) else power == "on",
        system=server is None or runs is not None,
    )


def machine_lines(machines: Fleet, workload: WorkloadSubject, target: Destination, context: PricingContext) -> list[Line]:
    """Machines, their licences and the commitment, line by line."""
    lines = [_hours(kind, low, high, machines, target, context) for kind, low, high in machines.kinds]
    commitment = _commitment(workload, lines, context)
    return [*lines, *([commitment] if commitment is not None else []), *_licences(machines, target, context)]


def _hours(kind: Machine, low: int, high: int, machines: Fleet, target: Destination, context: PricingContext) -> Line:
    prices = [context.prices.price(size, target.region) for size in (kind.planned, kind.least, kind.most, kind.idle)]
    amounts = [price.amount or Decimal() for price in prices]
    runs = kind.on is not False
    as_planned = Bounds(HOURS * (low if runs else 0) * amounts[0], HOURS * high * amounts[0])
    right = Bounds(HOURS * low * min(amounts[1:3]), HOURS * high * max(amounts[1:3])) if runs else FREE
    open_ = low != high or machines.uncounted
    # How many there will be, and of what size, is for the plan to say: until it does, from what it says to what runs today.
    least = as_planned if kind.on else FREE
    idle = exactly(HOURS * low * min(amounts[1:])) if kind.on else FREE
    field = "target.count" if open_ else "target.size" if machines.like_for_like else ""
    assumed = Phrase(later("how many machines there will be was not said")) if open_ else ""
    extremes = Extremes(least, exactly(as_planned.high), idle, exactly(right.high))
    return Line("machines", _named(kind), Decimal(HOURS * high), "hour", as_planned, right, prices[0], assumed, field, extremes)


def _named(kind: Machine) -> str:
    """What a line of machines is called: the planned size, and the right one beside it."""
    if kind.on is False:
        return Phrase(later("{size} (switched off today)"), size=kind.planned)
    if kind.planned == kind.least == kind.most:
        return kind.planned
    if kind.least == kind.most:
        return Phrase(later("{size} (right size: {right})"), size=kind.planned, right=kind.least)
    return Phrase(later("{size} (right size: {least} to {most})"), size=kind.planned, least=kind.least, most=kind.most)


def _commitment(workload: WorkloadSubject, lines: Sequence[Line], context: PricingContext) -> Line | None:
    years, covered = (context.asking.ask(workload, f"target.commitment.{name}") for name in ("years", "coverage_percent"))
    least, most = _committed(years, covered, context)
    total, right = (sum(amounts, FREE) for amounts in ([ln.planned for ln in lines], [ln.right_sized for ln in lines]))
    if not most or not total.high:
        return None
    stated = not is_unknown(covered)
    name = Phrase(later("commitment of 1 or 3 years"))
    if not is_unknown(years):
        name = Phrase(later("commitment of {years} years"), years=years)
    off = total.times(-most, -least), right.times(-most, -least)
    extremes = Extremes(off[0], exactly(off[0].high), off[1], exactly(off[1].high))
    assumed = "" if stated else Phrase(later("how much a commitment covers was not said"))
    field = "" if stated else "target.commitment"
    return Line("commitment", name, Decimal(1), "month", *off, assumed=assumed, field=field, extremes=extremes)


def _committed(years: Any, covered: Any, context: PricingContext) -> tuple[Decimal, Decimal]:
    """The share of the price of Linux that a commitment takes off, at least and at most."""
    terms = [context.prices.discount(term) for term in ([1, 3] if is_unknown(years) else [years])]
    least, most = min(term.least for term in terms), max(term.most for term in terms)
    if not is_unknown(covered):
        part = Decimal(str(covered)) / 100
        return part * least, part * most
    # Where the plan does not say how much of it is covered: none of it, or as much as is covered anywhere.
    return Decimal(), Decimal(str(context.assumptions.triangles["coverage"].high)) * most


@dataclass(frozen=True, slots=True)
class _Licence:
    """vCPU-hours of a licence, what it costs as planned and right-sized, its extremes, and whether that was left open."""

    quantity: Decimal
    planned: Bounds
    right: Bounds
    extremes: Extremes
    open: bool

    def __add__(self, other: _Licence) -> _Licence:
        mine, theirs = self.extremes, other.extremes
        extremes = Extremes(
            mine.least + theirs.least, mine.most + theirs.most, mine.right_least + theirs.right_least,
            mine.right_most + theirs.right_most,
        )  # fmt: skip
        planned, right = self.planned + other.planned, self.right + other.right
        return _Licence(self.quantity + other.quantity, planned, right, extremes, self.open or other.open)


def _licences(machines: Fleet, target: Destination, context: PricingContext) -> Iterator[Line]:
    totals: dict[str, _Licence] = {}
    for kind, low, high in machines.kinds:
        for name, licence in _licences_of(kind, low, high, target, context):
            totals[name] = totals[name] + licence if name in totals else licence
    for name, licence in totals.items():
        assumed = Phrase(later("whether a licence comes along was not said")) if licence.open else ""
        price = context.prices.licence_price(name, target.region)
        field = "target.licence" if licence.open and name in ("windows", "sql-server") else ""
        amounts = licence.planned, licence.right
        yield Line("licences", name, licence.quantity, "vCPU-hour", *amounts, price, assumed, field, licence.extremes)


def licence_gaps(machines: Fleet, workload: WorkloadSubject, target: Destination, context: PricingContext) -> list[Unpriced]:
    """Licences that are bought, or may be, and have no price."""
    gaps: dict[str, Unpriced] = {}
    licence = lacking(workload, "target.licence")

    def add(text: str, missing: Missing = licence) -> None:
        gaps.setdefault(text, Unpriced(text, missing))

    for kind, _, _ in machines.kinds:
        price = context.prices.price(kind.planned, target.region, "windows")
        size = context.prices.size(kind.planned)
        arm = size is not None and size.arch == "arm64"
        if price.amount is None and (kind.windows[0] or (kind.windows[1] and not arm)):
            add(Phrase(later("Windows on {size}: {why}"), size=kind.planned, why=price.why))
    ask, servers = context.asking.ask, workload.servers
    unnamed = sorted(server.name for server in servers if context.system(server) is None)
    if unnamed:
        text = later("licences: operating system of {server} and {n} other servers unknown")
        if len(unnamed) == 1:
            text = later("licences: operating system of {server} unknown")
        add(Phrase(text, server=unnamed[0], n=len(unnamed) - 1), Missing("server", "os_config", servers.items[0].id, "blank"))
    oracle, sql = (ask(workload, f"target.licence.{name}") for name in ("oracle", "sql"))
    if oracle == "included":
        add(Phrase(later("Oracle: no price of its licence is known")))
    if machines.kinds and servers.items and context.asking.estate.subjects("database").missing:
        unsaid = [name for name, said in (("SQL Server", sql), ("Oracle", oracle)) if is_unknown(said)]
        if unsaid:
            text = later("database licences ({which}): not stated in the plan, databases on its servers not examined")
            add(Phrase(text, which=", ".join(unsaid)))
    return list(gaps.values())


def _licences_of(
    kind: Machine, low: int, high: int, target: Destination, context: PricingContext
) -> Iterator[tuple[str, _Licence]]:
    """Each licence by name."""
    prices = context.prices
    sizes = (kind.planned, kind.least, kind.most, kind.idle)
    cores = [prices.vcpus(size) or 0 for size in sizes]

    def of(
        units: Sequence[Decimal | int], rates: tuple[Decimal, Decimal], bought: tuple[bool, bool], hours: Decimal
    ) -> _Licence:
        """`units`: what is paid for of the planned size, of the right one at least and at most, and of the smallest."""
        runs, surely = (0 if kind.on is False else 1), (1 if kind.on else 0)

        def cost(number: int, unit: Decimal | int, share: int, both: Sequence[Decimal] = rates) -> Bounds:
            least, most = (Decimal(HOURS * number * share) * unit * rate for rate in both)
            return Bounds(least, most)

        smaller, larger = min(units[1:3]), max(units[1:3])
        idle = min(units)
        planned = Bounds(cost(low, units[0], runs * bought[0]).low, cost(high, units[0], bought[1]).high)
        right = Bounds(cost(low, smaller, runs * bought[0]).low, cost(high, larger, runs * bought[1]).high)
        # Whether a licence comes along is for the plan to say; that there is one to pay for is known by the system alone.
        extremes = Extremes(
            planned if kind.on and kind.system else cost(low, units[0], surely * bought[0]),
            cost(high, units[0], bought[1]),
            cost(low, idle, surely * bought[0]),
            cost(high, larger, runs * bought[1]),
        )
        return _Licence(hours, planned, right, extremes, bought[0] != bought[1])

    uplifts = [prices.windows_uplift(size, target.region) for size in sizes]
    once = (Decimal(1), Decimal(1))
    if kind.windows[1] and uplifts[0] is not None:
        units = [uplift if uplift is not None else uplifts[0] for uplift in uplifts]
        yield "windows", of(units, once, kind.windows, Decimal(HOURS * high * cores[0]))
    if kind.sql[1]:
        paid = [max(number, _SQL_CORES) for number in cores]
        rates = prices.licence(_SQL[0]), prices.licence(_SQL[1])
        yield "sql-server", of(paid, rates, kind.sql, Decimal(HOURS * high * paid[0]))
    if kind.enterprise_linux == "rhel":
        paid = [max(number, 1) for number in cores]
        rates = prices.licence("rhel-small"), prices.licence("rhel")
        yield "rhel", of(paid, rates, _MAYBE, Decimal(HOURS * high * paid[0]))
