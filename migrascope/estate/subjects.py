"""What rules ask about: the plan, its waves, workloads and dependencies, and the servers that were seen.

Subjects are thin: they hold what was read and point at each other. What takes thought is a fact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any

from migrascope.estate.bill import Bill
from migrascope.estate.coverage import CoverageIndex
from migrascope.estate.traffic import Traffic
from migrascope.estate.utilisation import Utilisation
from migrascope.knowledge import Knowledge
from migrascope.model import plan as claims
from migrascope.model.inventory import Resource
from migrascope.model.place import Place
from migrascope.model.places import Path, Places
from migrascope.model.uncertain import NONE, NOTHING, Listing, Missing, Why


@dataclass(eq=False, slots=True)
class Subject:
    """Anything that a rule asks about."""

    id: str
    name: str

    kind = "subject"

    def lists(self) -> Iterator[Sized]:
        """Its own lists; how long they are bounds what a rule about it can cost."""
        return iter(())


@dataclass(eq=False, slots=True)
class PlanSubject(Subject):
    """The plan as a whole."""

    claim: claims.Plan = field(kw_only=True)

    kind = "plan"

    @property
    def path(self) -> Path:
        """Where it stands in the plan."""
        return ()


@dataclass(eq=False, slots=True)
class WaveSubject(Subject):
    """A wave. `rank` counts from 1 in the order of the plan."""

    claim: claims.Wave = field(kw_only=True)
    rank: int = field(kw_only=True)

    kind = "wave"

    @property
    def path(self) -> Path:
        """Where it stands in the plan."""
        return ("waves", self.rank - 1)


@dataclass(eq=False, slots=True)
class WorkloadSubject(Subject):
    """A workload with the servers and the rest that its members matched. `index` is its place in the plan's list."""

    claim: claims.Workload = field(kw_only=True)
    index: int = field(kw_only=True)
    servers: Listing[ServerSubject] = field(default_factory=lambda: Listing(()))
    others: tuple[ResourceSubject, ...] = ()
    """Databases, storage and services that its members matched."""
    unmatched: tuple[int, ...] = ()
    """Members, by index, that matched nothing."""

    kind = "workload"

    def why_unstated(self, attribute: str) -> Why:
        """Why the plan states nothing in a field: it says `unknown`, or it says nothing."""
        return "on_purpose" if attribute in self.claim.model_fields_set else "silent"

    @property
    def path(self) -> Path:
        """Where it stands in the plan."""
        return ("workloads", self.index)


@dataclass(eq=False, slots=True)
class DependencySubject(Subject):
    """One workload calls another."""

    claim: claims.Dependency = field(kw_only=True)
    caller: WorkloadSubject = field(kw_only=True)
    callee: WorkloadSubject = field(kw_only=True)
    number: int = field(kw_only=True)

    kind = "dependency"

    @property
    def path(self) -> Path:
        """Where it stands in the plan."""
        return (*self.caller.path, "dependencies", self.number)


@dataclass(eq=False, slots=True)
class ResourceSubject(Subject):
    """A resource that was observed, of any kind."""

    kind: str = field(kw_only=True)
    record: Resource = field(kw_only=True)
    coverage: CoverageIndex = field(kw_only=True, repr=False)
    attributes: Mapping[str, Any] = field(init=False, repr=False)
    """What the collector read."""
    scopes: tuple[str, ...] = field(init=False, repr=False)
    """The files, or accounts and regions, that it was seen in: one, unless two records were merged."""
    known_lacking: dict[str, str | None] = field(init=False, repr=False)
    """Answers of `lacking`, shared with all that were seen in the same place."""
    workloads: list[WorkloadSubject] = field(default_factory=list, kw_only=True)
    """The workloads that claim it."""
    known_place: Place | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        self.attributes = self.record["attributes"]
        scopes = self.record.get("scopes")
        self.scopes = tuple(scopes) if scopes else (self.record["scope"],)
        self.known_lacking = self.coverage.known(self.scopes, self.kind)

    def lists(self) -> Iterator[Sized]:
        return (value for value in self.attributes.values() if isinstance(value, list))

    def lacking(self, name: str) -> str | None:
        """Why one of its lists is not complete, None where it is."""
        known = self.known_lacking
        if name not in known:
            known[name] = self.coverage.lacking(self.scopes, f"{self.kind}.{name}")
        return known[name]

    def absent(self, fact: str) -> frozenset[Missing]:
        """Why it has no value for a fact."""
        why, detail = self.coverage.absent(self.scopes, f"{self.kind}.{fact}")
        return frozenset((Missing(self.kind, fact, self.id, why, detail),))

    @property
    def place(self) -> Place:
        """Where it was read."""
        if self.known_place is None:
            self.known_place = Place(**self.record["place"])
        return self.known_place

    def place_of(self, fact: str) -> Place:
        """Where one of its attributes was read."""
        place = self.record.get("places", {}).get(fact)
        return self.place if place is None else Place(**place)

    def where(self) -> tuple[Place, ...]:
        """The same, for facts that stand there."""
        return (self.place,)


@dataclass(eq=False, slots=True)
class ServerSubject(ResourceSubject):
    """A server."""

    maybe_claimed: frozenset[Missing] = frozenset()
    """What would have to be known to be sure that no other workload claims it."""
    kind: str = field(default="server", kw_only=True)


@dataclass(eq=False, slots=True)
class WaiverSubject(Subject):
    """A waiver, in the plan or beside it."""

    claim: claims.Waiver = field(kw_only=True)
    number: int = field(kw_only=True)
    place: Place | None = field(kw_only=True)

    kind = "waiver"

    @property
    def terms(self) -> claims.Waiver:
        """What is accepted, by whom and until when."""
        return self.claim

    @property
    def path(self) -> Path:
        """Where it stands, if it stands in the plan."""
        return ("waivers", self.number)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it speaks of."""
        return tuple(rule for rule in (self.claim.rule, *(self.claim.rules or ())) if rule)


@dataclass(frozen=True, eq=False, slots=True)
class Estate:
    """Everything joined, and frozen. `servers` leaves out templates and placeholders; `templates` counts them."""

    plan: claims.Plan
    places: Places
    as_of: dt.date
    knowledge: Knowledge
    coverage: CoverageIndex
    has_inventory: bool
    plan_subject: PlanSubject
    waves: tuple[WaveSubject, ...] = ()
    workloads: tuple[WorkloadSubject, ...] = ()
    dependencies: Listing[DependencySubject] = NONE
    servers: Listing[ServerSubject] = NONE
    templates: int = 0
    waivers: tuple[WaiverSubject, ...] = ()
    resources: Mapping[str, Listing[Subject]] = field(default_factory=dict)
    """All that was observed but servers, by kind."""
    bill: Bill | None = None
    """The bill that the inventory holds; None where there is none in it."""
    traffic: Traffic = field(default_factory=Traffic)
    """Observed calls, as pairs of workloads."""
    apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rules that keep a server apart from others, by its id."""
    apart_by_rule: Mapping[str, tuple[ServerSubject, ...]] = field(default_factory=dict)
    collected_on: dt.date | None = None
    """The oldest day on which something in the inventory was collected, where every part says its day."""
    utilisation: Mapping[str, Utilisation] = field(default_factory=dict)
    """How busy servers were, by id."""
    disk_doubts: frozenset[Missing] = NOTHING
    """What would have to be known of any server's disks to be sure which of them are shared."""
    shared_disks: Mapping[str, tuple[ServerSubject, ...]] = field(default_factory=dict)
    """Servers that share a disk, by what identifies the disk; only those with two or more."""
    wave_by_id: Mapping[str, WaveSubject] = field(init=False)
    workload_by_id: Mapping[str, WorkloadSubject] = field(init=False)
    _places: dict[Path, Place | None] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "wave_by_id", {wave.id: wave for wave in self.waves})
        object.__setattr__(self, "workload_by_id", {workload.id: workload for workload in self.workloads})

    def subjects(self, kind: str) -> Listing[Subject]:
        """All subjects of a kind, and what is missing where these may not be all."""
        own: dict[str, Listing[Any]] = {
            "plan": Listing((self.plan_subject,)),
            "wave": Listing(self.waves),
            "workload": Listing(self.workloads),
            "waiver": Listing(self.waivers),
            "dependency": self.dependencies,
            "server": self.servers,
        }
        if kind in own:
            return own[kind]
        unread: Listing[Subject] = Listing((), frozenset((Missing(kind, kind, "*", "not_looked_at"),)))
        return self.resources.get(kind, unread)

    def at(self, path: Path) -> Place | None:
        """The place in the plan."""
        if path not in self._places:
            self._places[path] = self.places.at(path)
        return self._places[path]
