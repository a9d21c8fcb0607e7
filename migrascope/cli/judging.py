"""Read everything that an opinion rests on, and have it judged: shared by `review`, `first`, `health`, `demo` and `init`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from migrascope.cli import options
from migrascope.cli.progress import Progress
from migrascope.model.memory import without_gc
from migrascope.model.problem import input_error

if TYPE_CHECKING:
    from migrascope.engine.compiled import CompiledRule
    from migrascope.engine.profile import Profile
    from migrascope.estate.bill import Bill
    from migrascope.model.assessment import Assessment, Input
    from migrascope.model.inventory import Inventory
    from migrascope.model.rule import HealthArea
    from migrascope.readers.knowledge import Own
    from migrascope.readers.overlay import OverlaidPlan
    from migrascope.readers.plan import PlanFile
    from migrascope.readers.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be judged, and how. Without a plan only what was seen is judged, for `health`."""

    plan: Path | None
    inventories: tuple[Path, ...] = ()
    as_of: dt.date | None = None
    seed: int | None = None
    rules: Path | None = None
    rules_profile: Path | None = None
    waivers: Path | None = None
    baseline: Path | None = None
    answers: Path | None = None
    shown: str | None = None
    """The name that the plan goes by in the report."""
    health: tuple[HealthArea, ...] = ()
    timings: Profile | None = None
    what_if: tuple[str, ...] = ()
    """`KEY=VALUE`: together one scenario."""
    scenarios: tuple[Path, ...] = ()
    bill: tuple[Path, ...] = ()
    """A bill in FOCUS columns."""
    own: Own | None = None
    """Prices and assumptions that the user brings along."""


def judged(request: Request, progress: Progress, inventory: Inventory | None = None) -> Assessment:
    """Read everything, and judge it. An `inventory` that was read already is not read again."""
    from migrascope.assess import DEFAULT_SEED, Options, assess
    from migrascope.model.assessment import Supposed
    from migrascope.model.places import Nowhere
    from migrascope.model.plan import Plan
    from migrascope.readers.accepted import read_baseline, read_waivers
    from migrascope.readers.knowledge import read_knowledge

    file = _plan(request, progress)
    if inventory is None and request.inventories:
        inventory = _inventory(request, progress)
    rules, off = _rules(request)
    knowledge = read_knowledge(request.own)
    settings = Options(
        as_of=_day(request, file, inventory),
        seed=DEFAULT_SEED if request.seed is None else request.seed,
        inputs=_inputs(request, file, inventory, knowledge.sha256),
        places=file or Nowhere(),
        progress=progress.step,
        waivers=read_waivers(request.waivers) if request.waivers else (),
        baseline=read_baseline(request.baseline) if request.baseline else frozenset(),
        profile=request.timings,
        rules_off=off,
        health=bool(request.health),
        bill=_bill(request, inventory, progress),
    )
    scenarios = _scenarios(request, file)
    with without_gc():
        found = assess(file.plan if file else Plan(workloads=()), inventory, rules, knowledge, settings)
        supposed = []
        for scenario, plan in scenarios:
            progress.stage(scenario.name)
            own = replace(settings, places=plan, as_of=request.as_of or plan.plan.as_of or settings.as_of, profile=None)
            other = assess(plan.plan, inventory, rules, knowledge, own)
            supposed.append(
                Supposed(
                    name=scenario.name,
                    changes=dict(scenario.changes),
                    first=other.first,
                    quarter=other.quarter,
                    claimed=other.cost.total.claimed if other.cost else None,
                    repriced=other.cost.total.repriced if other.cost else None,
                    moving=other.cost.whole.moving if other.cost else None,
                )
            )
    return found.model_copy(update={"scenarios": tuple(supposed)}) if supposed else found


def _scenarios(request: Request, file: PlanFile | OverlaidPlan | None) -> list[tuple[Scenario, OverlaidPlan]]:
    """The plan in which each scenario holds; all are read before anything is judged."""
    from migrascope.readers.scenario import from_file, from_words, supposing

    wanted = [from_words(request.what_if)] if request.what_if else []
    wanted += [from_file(path) for path in request.scenarios]
    return [(scenario, supposing(file, scenario)) for scenario in wanted] if file is not None else []


def _plan(request: Request, progress: Progress) -> PlanFile | OverlaidPlan | None:
    from migrascope.readers.answers import answered
    from migrascope.readers.plan import read_plan

    if request.plan is None:
        return None
    progress.stage("reading the plan")
    claimed = read_plan(request.plan, request.shown)
    return claimed if request.answers is None else answered(claimed, request.answers)


def _inventory(request: Request, progress: Progress) -> Inventory:
    from migrascope.snapshots import read_inventory

    progress.stage("reading the inventory")
    return read_inventory(request.inventories)


def _bill(request: Request, inventory: Inventory | None, progress: Progress) -> Bill | None:
    """The bill that was handed over, with the disks that the inventory knows to belong to a machine."""
    if not request.bill:
        return None
    from migrascope.collectors.focus import collect
    from migrascope.estate.bill import bill_of
    from migrascope.model.columns import Measurements, Relations
    from migrascope.model.inventory import Inventory
    from migrascope.snapshots import measurement

    collected = collect(request.bill, None, progress.stage)
    amounts = Measurements()
    for record in collected.records:
        if record["kind"] == "measurement":
            amounts.add(measurement(record))
        elif record.get("status") == "partial":
            options.remark(f"not seen: {record['detail']}")
    for note in collected.notes:
        options.remark(f"note: {note}")
    return bill_of(Inventory(measurements=amounts, relations=inventory.relations if inventory else Relations()))


def _rules(request: Request) -> tuple[list[CompiledRule], dict[str, str]]:
    """The rules to ask, and those that a profile switches off."""
    from migrascope.readers.rules import read_rules
    from migrascope.readers.rules_profile import profiled

    rules = read_rules()
    if request.rules is not None:
        own = read_rules(request.rules, check_examples=True)
        for name in sorted({rule.rule.id for rule in rules} & {rule.rule.id for rule in own}):
            options.remark(f"note: your rule {name} takes the place of ours")
        merged = {rule.rule.id: rule for rule in [*rules, *own]}
        rules = [merged[name] for name in sorted(merged)]
    off: dict[str, str] = {}
    if request.rules_profile is not None:
        rules, off = profiled(rules, request.rules_profile)
    if request.health:
        rules = [rule for rule in rules if set(rule.rule.health) & set(request.health)]
    return rules, off


def _day(request: Request, file: PlanFile | OverlaidPlan | None, inventory: Inventory | None) -> dt.date:
    """--as-of, else the plan's own, else the newest day of collection; nothing reads the clock."""
    if request.as_of is not None:
        return request.as_of
    if file is not None and file.plan.as_of is not None:
        return file.plan.as_of
    # A collection without a day may be the newest of them.
    dated = inventory is not None and all(header.collected_at for header in inventory.headers)
    newest = inventory.collected_at if inventory and dated else None
    if newest is None:
        raise input_error(
            "does not say on which day it is to be judged",
            file.document.source.file if file is not None else str(request.inventories[0]),
            "write `as_of: 2026-11-23` into the plan, or give --as-of" if file is not None else "give --as-of",
        )
    return dt.date.fromisoformat(newest[:10])


def _inputs(
    request: Request, file: PlanFile | OverlaidPlan | None, inventory: Inventory | None, knowledge: str
) -> tuple[Input, ...]:
    """What the opinion rests on, each with the hash of its content."""
    import hashlib

    from migrascope.model.assessment import Input
    from migrascope.snapshots import digest

    found: list[Input] = []
    if request.plan is not None and file is not None:
        found.append(Input(what="plan", name=request.plan.name, sha256=hashlib.sha256(file.document.source.raw).hexdigest()))
    dated = inventory.collected_by_file if inventory else {}
    paths = request.inventories
    found += [Input(what="inventory", name=path.name, sha256=digest(path), collected_at=dated.get(str(path))) for path in paths]
    beside = {"answers": request.answers, "waivers": request.waivers, "baseline": request.baseline}
    given = [(what, path) for what, path in beside.items() if path is not None]
    given += [("scenario", path) for path in request.scenarios]
    given += [("bill", path) for path in request.bill if path.is_file()]
    if request.own is not None:
        brought = {"prices": request.own.prices, "rate card": request.own.rate_card, "assumptions": request.own.assumptions}
        given += [(what, path) for what, path in brought.items() if path is not None]
    found += [Input(what=what, name=path.name, sha256=digest(path)) for what, path in given]
    found.append(Input(what="knowledge", name="knowledge", sha256=knowledge))
    return tuple(found)
