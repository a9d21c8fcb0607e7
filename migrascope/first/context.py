"""What gates and criteria look at besides the unit itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from migrascope.engine.again import Again
from migrascope.engine.compiled import CompiledRule
from migrascope.engine.run import Results
from migrascope.estate.subjects import Estate, Subject
from migrascope.facts.plan import capacity_days
from migrascope.facts.server_support import os_product
from migrascope.first.units import Unit
from migrascope.knowledge.anchors import Anchors
from migrascope.model.assessment import Finding
from migrascope.model.rule import SEVERITIES, Severity
from migrascope.model.uncertain import Bounds, Known
from migrascope.schedule.calendar import Period, quarter, quarter_after, working_days

LANDING_ZONE: Final = ("identity", "network", "segmentation", "access", "logging", "backup")


@dataclass(frozen=True, slots=True)
class Context:
    """The estate, what was found in it, and the quarter that is planned."""

    estate: Estate
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
    again: Again | None = None
    fresh: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    """What was said of subjects of which the rules were asked again; it stands in the place of `findings`."""
    archetypes: dict[str, int] = field(default_factory=dict)
    """How many servers of the inventory run each operating system."""

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

    def asked_again(self, subjects: Sequence[Subject]) -> Context:
        """The same with the rules asked again of a few subjects."""
        if self.again is None:
            return self
        fresh: dict[str, list[Finding]] = {subject.id: [] for subject in subjects}
        for finding in self.again.findings(subjects):
            fresh[finding.subject.id].append(finding)
        return replace(self, fresh=fresh)

    @property
    def machines_not_named(self) -> int:
        """Of so many workloads not all machines are known: one that nobody claims may be theirs."""
        return self.estate.once("first.not_named", lambda estate: sum(not w.servers.complete for w in estate.workloads))

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
        capacity = self.estate.plan.capacity
        return (capacity.fte or 0) * (1 - (capacity.reserve_percent or 0) / 100) if capacity else 0.0

    def open_days(self, period: Period) -> int:
        """Working days of a period, less holidays and freezes."""
        capacity = self.estate.plan.capacity
        return working_days(period, capacity.holidays if capacity else None, self.freezes())

    def planned_parts(self) -> Iterator[tuple[str, dt.date | None]]:
        """The parts of the landing zone that are planned, and when they stand."""
        for name in LANDING_ZONE:
            part = getattr(self.estate.plan.landing_zone, name, None)
            if part is not None and part.state == "planned":
                yield name, part.due

    def freezes(self) -> list[Period]:
        """Periods in which nothing may change."""
        capacity = self.estate.plan.capacity
        return [Period(freeze.from_, freeze.to) for freeze in (capacity.freezes if capacity else None) or ()]


def context(estate: Estate, results: Results, rules: Iterable[CompiledRule]) -> Context:
    """Gather it once for all units."""
    by_subject: dict[str, list[Finding]] = {}
    rules = list(rules)
    waits_for: dict[str, list[tuple[str, str]]] = {}
    for gap in results.gaps:
        for name in gap.rules_waiting:
            waits_for.setdefault(name, []).append((gap.kind, gap.fact))
    for finding in results.findings:
        by_subject.setdefault(finding.subject.id, []).append(finding)
    capacity = capacity_days(estate.plan_subject)
    found = Context(
        estate=estate,
        findings=by_subject,
        blocking=frozenset(rule.rule.id for rule in rules if rule.rule.blocks),
        unlisted=results.unlisted,
        again=Again(estate, rules),
        severity={rule.rule.id: _highest(rule) for rule in rules},
        waits_for=waits_for,
        profile=estate.plan.profile or "trust-first",
        period=quarter(estate.plan.quarter or quarter_after(estate.as_of)),
        capacity=capacity.value if isinstance(capacity, Known) else capacity.high if isinstance(capacity, Bounds) else None,
        capacity_lacks=tuple(sorted(miss.fact for miss in capacity.missing)) if not isinstance(capacity, Known) else (),
    )
    for server in estate.servers:
        product = os_product(server)
        if isinstance(product, Known):
            found.archetypes[product.value] = found.archetypes.get(product.value, 0) + 1
    return found


def _highest(rule: CompiledRule) -> Severity:
    """The severity that an unknown of the rule may turn out to have."""
    return max((rule.rule.severity, *(severity for _, severity in rule.severities)), key=SEVERITIES.index)
