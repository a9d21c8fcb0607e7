"""What gates and criteria look at besides the unit itself."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from migrascope.engine.compiled import CompiledRule
from migrascope.engine.reevaluate import Reevaluation
from migrascope.engine.run import Results
from migrascope.estate.subjects import Estate, Subject, WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.facts.plan import capacity_days
from migrascope.facts.server_support import os_product
from migrascope.first.units import Unit
from migrascope.knowledge.anchors import Anchors
from migrascope.model.assessment import Finding
from migrascope.model.rule import SEVERITIES, Severity
from migrascope.model.uncertain import Bounds, Known, is_unknown, known_or_none
from migrascope.schedule.calendar import Period, quarter, quarter_after, working_days

LANDING_ZONE: Final = ("identity", "network", "segmentation", "access", "logging", "backup")


@dataclass(frozen=True, slots=True)
class ChoiceContext:
    """The estate, what was found in it, and the quarter that is planned."""

    asking: Asking
    findings: Mapping[str, Sequence[Finding]]
    """Findings and unknowns by the id of their subject."""
    blocking: frozenset[str]
    """Rules whose open findings keep a workload from going first."""
    profile: str
    period: Period
    capacity: float | None
    """Days of work that people have in the quarter; None where nobody says it."""
    capacity_lacks: tuple[str, ...] = ()
    """What the plan does not say of those days: without it they are an upper bound."""
    unlisted: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Rules that could not decide about a subject, by its id, where too many are unknown to list each as a finding."""
    severity: Mapping[str, Severity] = field(default_factory=dict)
    """The highest severity of each rule."""
    waits_for: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    """The facts, by kind and name, for which each rule waits somewhere."""
    reevaluation: Reevaluation | None = None
    fresh: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    """What was said of subjects of which the rules were asked again; it stands in the place of `findings`."""
    archetypes: dict[str, int] = field(default_factory=dict)
    """How many servers of the inventory run each operating system."""
    unknown_systems: int = 0
    """Of how many servers the operating system is not known."""

    @property
    def estate(self) -> Estate:
        """The estate."""
        return self.asking.estate

    def ask(self, subject: Subject, name: str) -> Any:
        """A fact of a subject; see `Asking.ask`."""
        return self.asking.ask(subject, name)

    def of_plan(self, name: str) -> Any:
        """A fact of the plan as a whole."""
        return self.asking.ask(self.estate.plan_subject, name)

    @property
    def anchors(self) -> Anchors:
        """The scales and limits."""
        return self.estate.knowledge.anchors

    @property
    def as_of(self) -> dt.date:
        """The day on which the plan is judged."""
        return self.estate.as_of

    def of(self, unit: Unit) -> list[Finding]:
        """What was said of a unit's workloads, and of what they are made of."""
        found = self.findings
        return [each for name in self._ids(unit) for each in (self.fresh[name] if name in self.fresh else found.get(name, ()))]

    def supposing(self, workload: WorkloadSubject, fact: str, value: Any) -> ChoiceContext:
        """The same where the plan says something else of a workload: rules are asked again of it and of its servers."""
        asking = self.asking.supposing(workload, fact, value)
        if self.reevaluation is None:
            return replace(self, asking=asking)
        subjects = (workload, *workload.servers)
        fresh: dict[str, list[Finding]] = {subject.id: [] for subject in subjects}
        for finding in self.reevaluation.findings(asking, subjects):
            fresh[finding.subject.id].append(finding)
        return replace(self, asking=asking, fresh=fresh)

    @property
    def machines_not_named(self) -> int:
        """Of so many workloads not all machines are known: one that nobody claims may be theirs."""
        return self.asking.once(_unnamed)

    def undecided(self, unit: Unit) -> list[str]:
        """Rules that could not decide about one of them and of which no finding is listed."""
        names = [name for name in self._ids(unit) if name not in self.fresh] if self.unlisted else []
        return [rule for name in names for rule in self.unlisted.get(name, ())]

    @staticmethod
    def _ids(unit: Unit) -> list[str]:
        return [each.id for each in (*unit.workloads, *unit.servers, *unit.others)]

    @property
    def start(self) -> dt.date:
        """The first day of the quarter that is still to come."""
        return max(self.period.start, self.as_of)

    @property
    def quarter_name(self) -> str:
        """The quarter that is planned, such as `2027-Q1`."""
        return self.estate.plan.quarter or quarter_after(self.as_of)

    @property
    def people(self) -> float:
        """How many people work on it on a working day, less the reserve; 0 where nobody says it."""
        fte, reserve = self.of_plan("capacity.fte"), self.of_plan("capacity.reserve_percent")
        if is_unknown(fte):
            return 0.0
        return float(fte) * (1 - (0.0 if is_unknown(reserve) else float(reserve)) / 100)

    def open_days(self, period: Period) -> int:
        """Working days of a period, less holidays and freezes."""
        return working_days(period, known_or_none(self.of_plan("capacity.holidays")), self.freezes())

    def planned_parts(self) -> Iterator[tuple[str, dt.date | None]]:
        """The parts of the landing zone that are planned, and when they stand."""
        for name in LANDING_ZONE:
            part = getattr(self.estate.plan.landing_zone, name, None)
            if part is not None and part.state == "planned":
                yield name, part.due

    def undated_parts(self) -> tuple[str, ...]:
        """Facts of the landing zone without which nobody knows when it stands, by their dotted names."""
        lacking = []
        for name in LANDING_ZONE:
            state, due = (self.of_plan(f"landing_zone.{name}.{part}") for part in ("state", "due"))
            if is_unknown(state):
                lacking.append(f"landing_zone.{name}.state")
            elif state == "planned" and is_unknown(due):
                lacking.append(f"landing_zone.{name}.due")
        return tuple(lacking)

    def freezes(self) -> list[Period]:
        """Periods in which nothing may change."""
        freezes = self.of_plan("capacity.freezes")
        return [] if is_unknown(freezes) else [Period(freeze.from_, freeze.to) for freeze in freezes]


def _unnamed(asking: Asking) -> int:
    return sum(not workload.servers.complete for workload in asking.estate.workloads)


def context(asking: Asking, results: Results, rules: Iterable[CompiledRule]) -> ChoiceContext:
    """Gather it once for all units."""
    by_subject: dict[str, list[Finding]] = {}
    rules = list(rules)
    waits_for: dict[str, list[tuple[str, str]]] = {}
    for gap in results.gaps:
        for name in gap.rules_waiting:
            waits_for.setdefault(name, []).append((gap.kind, gap.fact))
    for finding in results.findings:
        by_subject.setdefault(finding.subject.id, []).append(finding)
    estate = asking.estate
    capacity = capacity_days(asking, estate.plan_subject)
    products = [os_product(asking, server) for server in estate.servers]
    systems = Counter(product.value for product in products if isinstance(product, Known))
    return ChoiceContext(
        asking=asking,
        findings=by_subject,
        blocking=frozenset(rule.rule.id for rule in rules if rule.rule.blocks),
        unlisted=results.unlisted,
        reevaluation=Reevaluation(rules),
        severity={rule.rule.id: _highest(rule) for rule in rules},
        waits_for=waits_for,
        profile=estate.plan.profile or "trust-first",
        period=quarter(estate.plan.quarter or quarter_after(estate.as_of)),
        capacity=capacity.value if isinstance(capacity, Known) else capacity.high if isinstance(capacity, Bounds) else None,
        capacity_lacks=tuple(sorted(miss.fact for miss in capacity.missing)) if not isinstance(capacity, Known) else (),
        archetypes=dict(systems),
        unknown_systems=len(products) - systems.total(),
    )


def _highest(rule: CompiledRule) -> Severity:
    """The severity that an unknown of the rule may turn out to have."""
    return max((rule.rule.severity, *(severity for _, severity in rule.severities)), key=SEVERITIES.index)
