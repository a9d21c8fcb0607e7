"""What rules ask about: the plan, its waves, workloads and dependencies, and the servers that were seen.

Subjects are thin: they hold what was read and point at each other. What takes thought is a fact.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sized
from dataclasses import dataclass, field
from typing import Any, TypeVar

from migrascope.estate.bill import Bill
from migrascope.estate.load import Busy
from migrascope.estate.seen import Seen
from migrascope.estate.traffic import Traffic
from migrascope.knowledge import Knowledge
from migrascope.model import plan as claims
from migrascope.model.inventory import Resource
from migrascope.model.place import Place
from migrascope.model.places import Path, Places
from migrascope.model.uncertain import Listing, Missing

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class Subject:
    """Anything that a rule asks about. `cache` holds the facts that were computed, by name."""

    estate: Estate = field(repr=False)
    id: str
    name: str
    cache: dict[str, Any] = field(default_factory=dict, repr=False)

    kind = "subject"

    def lists(self) -> Iterator[Sized]:
        """Its own lists; how long they are bounds what a rule about it can cost."""
        return iter(())


@dataclass(eq=False, slots=True)
class PlanSubject(Subject):
    """The plan as a whole."""

    kind = "plan"

    @property
    def claim(self) -> claims.Plan:
        """What the plan says."""
        return self.estate.plan

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
    """Something that was seen."""

    record: Resource = field(kw_only=True)
    attributes: Mapping[str, Any] = field(init=False, repr=False)
    """What the collector read."""
    scopes: tuple[str, ...] = field(init=False, repr=False)
    """The files, or accounts and regions, that it was seen in: one, unless two records were merged."""
    known_lacking: dict[str, str | None] = field(init=False, repr=False)
    """Answers of `lacking`, shared with all that were seen in the same place."""
    workloads: list[WorkloadSubject] = field(default_factory=list, kw_only=True)
    """The workloads that claim it."""

    def __post_init__(self) -> None:
        self.attributes = self.record["attributes"]
        scopes = self.record.get("scopes")
        self.scopes = tuple(scopes) if scopes else (self.record["scope"],)
        self.known_lacking = self.estate.seen.known(self.scopes, self.kind)

    def lists(self) -> Iterator[Sized]:
        return (value for value in self.attributes.values() if isinstance(value, list))

    def lacking(self, name: str) -> str | None:
        """Why one of its lists is not complete, None where it is."""
        known = self.known_lacking
        if name not in known:
            known[name] = self.estate.seen.lacking(self.scopes, f"{self.kind}.{name}")
        return known[name]

    def absent(self, fact: str) -> frozenset[Missing]:
        """Why it has no value for a fact."""
        why, detail = self.estate.seen.absent(self.scopes, f"{self.kind}.{fact}")
        return frozenset((Missing(self.kind, fact, self.id, why, detail),))

    @property
    def place(self) -> Place:
        """Where it was read."""
        place: Place | None = self.cache.get("place")
        if place is None:
            place = self.cache["place"] = Place(**self.record["place"])
        return place

    def where(self) -> tuple[Place, ...]:
        """The same, for facts that stand there."""
        return (self.place,)


@dataclass(eq=False, slots=True)
class ServerSubject(ResourceSubject):
    """A server."""

    maybe_claimed: frozenset[Missing] = frozenset()
    """What would have to be known to be sure that no other workload claims it."""

    kind = "server"


@dataclass(eq=False, slots=True)
class HostSubject(ResourceSubject):
    """A hypervisor host."""

    kind = "host"


@dataclass(eq=False, slots=True)
class ClusterSubject(ResourceSubject):
    """A cluster of hypervisor hosts."""

    kind = "cluster"


@dataclass(eq=False, slots=True)
class DatabaseSubject(ResourceSubject):
    """A database."""

    kind = "database"


@dataclass(eq=False, slots=True)
class StorageSubject(ResourceSubject):
    """A bucket, a share or a disk that stands on its own."""

    kind = "storage"


@dataclass(eq=False, slots=True)
class NetworkSubject(ResourceSubject):
    """A set of traffic rules."""

    kind = "network"


@dataclass(eq=False, slots=True)
class ServiceSubject(ResourceSubject):
    """Something managed of another kind: a function, a queue, a cluster of containers."""

    kind = "service"


@dataclass(eq=False, slots=True)
class IdentitySubject(ResourceSubject):
    """A user, a role, a group."""

    kind = "identity"


@dataclass(eq=False, slots=True)
class AccountSubject(ResourceSubject):
    """An account or subscription, or its part in one region."""

    kind = "account"


@dataclass(eq=False, slots=True)
class WaiverSubject(Subject):
    """A waiver, in the plan or beside it. `state` is settled while rules are asked."""

    claim: claims.Waiver = field(kw_only=True)
    number: int = field(kw_only=True)
    place: Place | None = field(kw_only=True)
    state: str = ""

    kind = "waiver"

    @property
    def path(self) -> Path:
        """Where it stands, if it stands in the plan."""
        return ("waivers", self.number)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that it speaks of."""
        return tuple(rule for rule in (self.claim.rule, *(self.claim.rules or ())) if rule)


@dataclass(eq=False, slots=True)
class Estate:
    """Everything joined. `servers` leaves out templates and placeholders; `templates` counts them."""

    plan: claims.Plan
    places: Places
    as_of: dt.date
    knowledge: Knowledge
    seen: Seen
    has_inventory: bool
    plan_subject: PlanSubject = field(init=False)
    waves: list[WaveSubject] = field(default_factory=list)
    workloads: list[WorkloadSubject] = field(default_factory=list)
    dependencies: Listing[DependencySubject] = field(default_factory=lambda: Listing(()))
    servers: Listing[ServerSubject] = field(default_factory=lambda: Listing(()))
    others: tuple[ResourceSubject, ...] = ()
    """Databases, storage and services that its members matched."""
    templates: int = 0
    waivers: list[WaiverSubject] = field(default_factory=list)
    resources: dict[str, Listing[Subject]] = field(default_factory=dict)
    """All that was seen but servers, by kind."""
    bill: Bill | None = None
    """What a month costs by the bill; None where nobody handed one over."""
    traffic: Traffic = field(default_factory=Traffic)
    """Observed calls, as pairs of workloads."""
    apart: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Rules that keep a server apart from others, by its id."""
    apart_by_rule: dict[str, tuple[ServerSubject, ...]] = field(default_factory=dict)
    collected_on: dt.date | None = None
    """The oldest day on which something in the inventory was collected, where every part says its day."""
    busy: Mapping[str, Busy] = field(default_factory=dict)
    """How busy servers were, by id."""
    seed: int = 0
    """Seed of the simulations."""
    measured: frozenset[str] = frozenset()
    """Servers, by id, whose processor load was measured."""
    wave_by_id: dict[str, WaveSubject] = field(default_factory=dict)
    workload_by_id: dict[str, WorkloadSubject] = field(default_factory=dict)
    disk_doubts: frozenset[Missing] = frozenset()
    """What would have to be known of any server's disks to be sure which of them are shared."""
    known_places: dict[Path, Place | None] = field(default_factory=dict, repr=False)
    kept: dict[str, Any] = field(default_factory=dict)
    """What facts about all subjects were worked out once: indexes, by name. See `once`."""
    shared_disks: dict[str, tuple[ServerSubject, ...]] = field(default_factory=dict)
    """Servers that share a disk, by what identifies the disk; only those with two or more."""

    def subjects(self, kind: str) -> Listing[Subject]:
        """All subjects of a kind, and what is missing where these may not be all."""
        if kind == "plan":
            return Listing((self.plan_subject,))
        if kind == "wave":
            return Listing(tuple(self.waves))
        if kind == "workload":
            return Listing(tuple(self.workloads))
        if kind == "waiver":
            return Listing(tuple(self.waivers))
        if kind == "dependency":
            return Listing(self.dependencies.items, self.dependencies.missing)
        if kind == "server":
            return Listing(self.servers.items, self.servers.missing)
        if kind in self.resources:
            return self.resources[kind]
        return Listing((), frozenset((Missing(kind, kind, "*", "not_looked_at"),)))

    def once(self, name: str, build: Callable[[Estate], T]) -> T:
        """Something that is worked out once for the whole estate."""
        if name not in self.kept:
            self.kept[name] = build(self)
        found: T = self.kept[name]
        return found

    def at(self, path: Path) -> Place | None:
        """The place in the plan."""
        if path not in self.known_places:
            self.known_places[path] = self.places.at(path)
        return self.known_places[path]
