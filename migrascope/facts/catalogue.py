"""Every fact that a rule can name, by kind of subject: fields of the plan, attributes of servers, and functions."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from types import ModuleType
from typing import Any, Final, get_args, get_origin, get_type_hints

from migrascope.estate.subjects import (
    AccountSubject,
    ClusterSubject,
    DatabaseSubject,
    DependencySubject,
    HostSubject,
    IdentitySubject,
    NetworkSubject,
    PlanSubject,
    ServerSubject,
    ServiceSubject,
    StorageSubject,
    Subject,
    WaiverSubject,
    WaveSubject,
    WorkloadSubject,
)
from migrascope.facts import (
    database,
    dependency,
    host,
    network,
    plan,
    plan_contracts,
    plan_money,
    server,
    server_disks,
    server_support,
    service,
    storage,
    waiver,
    wave,
    workload,
    workload_money,
)
from migrascope.facts.claimed import plan_facts
from migrascope.facts.observed import observed_facts
from migrascope.facts.types import BOOLEAN, DATE, NUMBER, TEXT, FactType, Read, Spec
from migrascope.model.place import Place
from migrascope.model.uncertain import Bounds, Known, Listing, Silent, Unknown

KINDS: Final[dict[type[Subject], str]] = {
    PlanSubject: "plan",
    WaveSubject: "wave",
    WorkloadSubject: "workload",
    DependencySubject: "dependency",
    ServerSubject: "server",
    HostSubject: "host",
    ClusterSubject: "cluster",
    DatabaseSubject: "database",
    StorageSubject: "storage",
    NetworkSubject: "network",
    ServiceSubject: "service",
    IdentitySubject: "identity",
    AccountSubject: "account",
    WaiverSubject: "waiver",
}
_MODULES: Final[tuple[ModuleType, ...]] = (
    plan, plan_money, plan_contracts, wave, workload, workload_money, dependency, server, server_disks, server_support, host,
    database, network, storage, service, waiver,
)  # fmt: skip
_TYPES: Final[dict[Any, FactType]] = {
    str: TEXT, bool: BOOLEAN, int: NUMBER, float: NUMBER, Decimal: NUMBER, dt.date: DATE,
}  # fmt: skip


class NoSuchFactError(LookupError):
    """A name that no fact has. `close` is a name that comes close, if any."""

    def __init__(self, name: str, kind: str, close: str) -> None:
        super().__init__(f"`{name}` is not a fact of a {kind}")
        self.close = close


@dataclass(frozen=True, slots=True)
class Ref:
    """A dotted name, resolved: the facts to follow, the last of which is the answer."""

    name: str
    steps: tuple[Spec, ...]

    @property
    def type(self) -> FactType:
        """What the answer holds."""
        return self.steps[-1].type

    @property
    def spec(self) -> Spec:
        """The fact that answers."""
        return self.steps[-1]


@cache
def catalogue() -> dict[str, dict[str, Spec]]:
    """All facts by kind of subject and name. A function takes precedence over a field of the same name."""
    facts = plan_facts()
    facts |= observed_facts()
    for kind in KINDS.values():
        facts.setdefault(kind, {})
        facts[kind]["plan"] = Spec(kind, "plan", FactType("subject", kind="plan"), "The plan", _the_plan)
        facts[kind].setdefault("id", Spec(kind, "id", TEXT, "Natural id", _id))
        if kind in ("wave", "workload", "waiver"):
            facts[kind]["name"] = Spec(kind, "name", TEXT, "Name, or the id where there is none", _name)
    for module in _MODULES:
        for spec in _functions(module):
            facts[spec.kind][spec.name] = spec
    return facts


def _the_plan(_holder: Any, subject: Subject) -> Any:
    return subject.estate.plan_subject


def _id(_holder: Any, subject: Subject) -> Any:
    return subject.id


def _name(_holder: Any, subject: Subject) -> Any:
    return subject.name


def _functions(module: ModuleType) -> Iterator[Spec]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        if function.__module__ == module.__name__ and not name.startswith("_"):
            hints = get_type_hints(function)
            first = next(iter(inspect.signature(function).parameters))
            doc = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
            yield Spec(
                kind=KINDS[hints[first]],
                name=name,
                type=_returned(hints["return"]),
                meaning=doc,
                read=_reader(name, function),
                places=_places(name, function),
                computed=True,
                function=function,
            )


def _returned(hint: Any) -> FactType:
    """The type inside `Fact[T]` or `Listing[T] | Unknown`."""
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Known:
            return _inner(get_args(part)[0])
        if get_origin(part) is Listing:
            return FactType("list", item=_inner(get_args(part)[0]))
    raise TypeError(f"a fact gives back Fact[T] or Listing[T], not {hint}")


def _inner(annotation: Any) -> FactType:
    if annotation in KINDS:
        return FactType("subject", kind=KINDS[annotation])
    return _TYPES[annotation]


def _answer(name: str, function: Callable[[Any], Any], subject: Subject) -> Any:
    answer = subject.cache.get(name)
    if answer is None:
        answer = subject.cache[name] = function(subject)
    return answer


def _reader(name: str, function: Callable[[Any], Any]) -> Read:
    def read(_holder: Any, subject: Subject) -> Any:
        answer = _answer(name, function, subject)
        return answer.value if type(answer) is Known else answer

    return read


def _places(name: str, function: Callable[[Any], Any]) -> Callable[[Any, Subject], tuple[Place, ...]]:
    def places(_holder: Any, subject: Subject) -> tuple[Place, ...]:
        answer = _answer(name, function, subject)
        if isinstance(answer, Known):
            return answer.where()
        return answer.places if isinstance(answer, Listing) else ()

    return places


def resolve(kind: str, name: str) -> Ref:
    """The facts that a dotted name stands for. Raises NoSuchFactError."""
    steps: list[Spec] = []
    here, parts = kind, name.split(".")
    while parts:
        spec = next(
            (s for s in (catalogue()[here].get(".".join(parts[:n])) for n in range(len(parts), 0, -1)) if s),
            None,
        )
        if spec is None:
            raise NoSuchFactError(name, kind, _close(kind, name))
        steps.append(spec)
        parts = parts[spec.name.count(".") + 1 :]
        if parts and spec.type.base != "subject":
            raise NoSuchFactError(name, kind, _close(kind, name))
        here = spec.type.kind
    return Ref(name, tuple(steps))


def _close(kind: str, name: str) -> str:
    names = list(catalogue()[kind])
    for fact, spec in list(catalogue()[kind].items()):
        if spec.type.base == "subject":
            names += [f"{fact}.{inner}" for inner in catalogue()[spec.type.kind]]
    close = get_close_matches(name, names, n=1, cutoff=0.6)
    return close[0] if close else ""


def read(ref: Ref, subject: Subject) -> Any:
    """The value of a resolved name: a plain value, or one of `model.uncertain`."""
    here: Any = subject
    for spec in ref.steps:
        here = spec.read(here, here)
        if isinstance(here, (Unknown, Silent, Bounds)):
            return here
    return here


def holder(ref: Ref, subject: Subject) -> Subject | None:
    """The subject that the last step of a name is asked of, None where the way there is unknown."""
    here: Any = subject
    for spec in ref.steps[:-1]:
        here = spec.read(here, here)
        if not isinstance(here, Subject):
            return None
    return here if isinstance(here, Subject) else None


def spec_of(kind: str, fact: str) -> Spec | None:
    """The fact that a `Missing` speaks of; an item's fact is found inside its list."""
    specs = catalogue().get(kind, {})
    if fact in specs:
        return specs[fact]
    head, _, tail = fact.rpartition(".")
    return specs[head].type.fields.get(tail) if head in specs else None
