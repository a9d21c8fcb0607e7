"""The whole opinion as one pure, short recipe."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from migrascope import __version__
from migrascope.costing.estimate import estimate
from migrascope.costing.value import value_of
from migrascope.engine.compiled import CompiledRule
from migrascope.engine.profile import Profile
from migrascope.engine.related import with_related
from migrascope.engine.run import Results, run
from migrascope.estate.bill import Bill
from migrascope.estate.graph import together
from migrascope.estate.join import join
from migrascope.estate.subjects import Estate
from migrascope.facts.asking import Asking
from migrascope.facts.catalogue import asking_about
from migrascope.first.answer import answer
from migrascope.first.dependency_map import dependency_map
from migrascope.first.interventions import interventions
from migrascope.first.questions import questions, with_gates
from migrascope.knowledge import Knowledge
from migrascope.model.assessment import Assessment, EstateSummary, Input, RuleText, Tool
from migrascope.model.inventory import Inventory
from migrascope.model.place import Place
from migrascope.model.places import Nowhere, Places
from migrascope.model.plan import Plan, Waiver

DEFAULT_SEED = 20261123


def _silent(_stage: str, _done: int, _total: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Options:
    """What the caller decides. `progress` is told the stage, how far it is and how far it goes."""

    as_of: dt.date
    seed: int = DEFAULT_SEED
    inputs: tuple[Input, ...] = ()
    places: Places = field(default_factory=Nowhere)
    progress: Callable[[str, int, int], None] = _silent
    waivers: tuple[tuple[Waiver, Place | None], ...] = ()
    """Waivers that stand beside the plan, with their places."""
    baseline: frozenset[str] = frozenset()
    """Fingerprints of findings that were known before."""
    rules_off: Mapping[str, str] = field(default_factory=dict)
    """Rules that were switched off, and why."""
    health: bool = False
    """Only what was seen is judged: no first workload, but three interventions."""
    bill: Bill | None = None
    """A bill beside the inventory; without it, the one that the inventory holds."""
    profile: Profile | None = None
    """Where the time of each rule is gathered, if anybody wants to know."""


def assess(
    plan: Plan,
    inventory: Inventory | None,
    rules: Sequence[CompiledRule],
    knowledge: Knowledge,
    options: Options,
) -> Assessment:
    """Judge a plan, with or without an inventory. Reads no clock, no file and no network."""
    estate = join(plan, options.places, inventory, knowledge, options.as_of, options.waivers)
    asking = asking_about(estate, bill=options.bill)
    money = None if options.health else estimate(asking, options.seed, options.progress)
    asking = asking.knowing(priced=money.facts) if money is not None else asking
    results = run(asking, rules, options.progress, baseline=options.baseline, profile=options.profile)
    return opinion(asking, inventory, results, rules, options)


def opinion(
    asking: Asking,
    inventory: Inventory | None,
    results: Results,
    rules: Sequence[CompiledRule],
    options: Options,
) -> Assessment:
    """The opinion on an estate of which every rule was asked."""
    estate = asking.estate
    answered = None if options.health else answer(asking, results, rules, options.seed)
    first = answered.first if answered is not None else None
    lost = tuple(str(problem) for problem in inventory.problems) if inventory else ()
    return Assessment(
        tool=Tool(name="migrascope", version=__version__),
        inputs=options.inputs,
        as_of=options.as_of.isoformat(),
        seed=options.seed,
        coverage=inventory.coverage if inventory else (),
        gaps=with_gates(results.gaps, first),
        estate=_summary(estate),
        findings=with_related(results.findings),
        findings_summary=results.summary,
        rules={rule.rule.id: RuleText(category=rule.category, rule=rule.rule) for rule in rules},
        waivers=results.waivers,
        rules_off=dict(options.rules_off),
        old_knowledge=estate.knowledge.older_than_a_year(estate.as_of),
        interventions=answered.interventions if answered else interventions(results.findings, results.gaps, rules),
        cost=asking.priced.cost if asking.priced is not None else None,
        value=None if options.health else value_of(asking),
        first=first,
        questions=questions(results, first) if first is not None else (),
        quarter=answered.quarter if answered else None,
        landscape=None if options.health else dependency_map(asking),
        incomplete=(*lost, *results.failed),
    )


def _summary(estate: Estate) -> EstateSummary:
    organisation = estate.plan.organisation
    servers = estate.servers.items
    claimed = sum(bool(server.workloads) for server in servers)
    pairs = [(users[0], other) for users in estate.shared_disks.values() for other in users[1:]]
    groups = [group for group in together(list(servers), pairs) if len(group) > 1]
    return EstateSummary(
        organisation=organisation.name if organisation else None,
        workloads=len(estate.workloads),
        waves=len(estate.waves),
        dependencies=len(estate.dependencies),
        servers=len(servers) if estate.has_inventory else None,
        templates=estate.templates,
        servers_in_plan=claimed if estate.has_inventory else None,
        servers_not_in_plan=len(servers) - claimed if estate.has_inventory else None,
        kept_together=tuple(tuple(server.name for server in group) for group in groups),
    )
