"""Every fact that a rule can name, by kind of subject: fields of the plan, attributes of servers, and functions."""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Final, get_args, get_origin, get_type_hints

from migrascope import facts as package
from migrascope.estate.subjects import (
    DependencySubject,
    Estate,
    PlanSubject,
    ServerSubject,
    Subject,
    WaiverSubject,
    WaveSubject,
    WorkloadSubject,
)
from migrascope.facts.asking import Asking
from migrascope.facts.claimed import plan_facts
from migrascope.facts.observed import observed_facts
from migrascope.facts.types import BOOLEAN, DATE, NUMBER, TEXT, FactType, Read, Spec
from migrascope.model.kinds import SUBJECT_KINDS
from migrascope.model.place import Place
from migrascope.model.uncertain import Bounds, Known, Listing, Silent, Unknown

_SUBJECTS: Final[dict[Any, str]] = {
    PlanSubject: "plan", WaveSubject: "wave", WorkloadSubject: "workload", DependencySubject: "dependency",
    ServerSubject: "server", WaiverSubject: "waiver",
}  # fmt: skip
"""Subjects with a class of their own, as a fact gives them back. Every other resource is a `ResourceSubject`."""
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
    for kind in SUBJECT_KINDS:
        facts.setdefault(kind, {})
        facts[kind]["plan"] = Spec(kind, "plan", FactType("subject", kind="plan"), "The plan", _the_plan)
        facts[kind].setdefault("id", Spec(kind, "id", TEXT, "Natural id", _id))
        if kind in ("wave", "workload", "waiver"):
            facts[kind]["name"] = Spec(kind, "name", TEXT, "Name, or the id where there is none", _name)
    for module in _modules():
        for spec in _functions(module):
            facts[spec.kind][spec.name] = spec
    return facts


def _modules() -> Iterator[ModuleType]:
    """The modules that hold facts about a kind: those called `<kind>` or `<kind>_...`."""
    for name in sorted(module.name for module in iter_modules(package.__path__)):
        if name.partition("_")[0] in SUBJECT_KINDS:
            yield import_module(f"{package.__name__}.{name}")


def _the_plan(asking: Asking, _holder: Any, _subject: Subject) -> Any:
    return asking.estate.plan_subject


def _id(_asking: Asking, _holder: Any, subject: Subject) -> Any:
    return subject.id


def _name(_asking: Asking, _holder: Any, subject: Subject) -> Any:
    return subject.name


def _functions(module: ModuleType) -> Iterator[Spec]:
    for name, function in inspect.getmembers(module, inspect.isfunction):
        parameters = list(inspect.signature(function).parameters)
        # A fact takes who asks and its subject, which is named for its kind.
        if function.__module__ == module.__name__ and not name.startswith("_") and parameters[1:] in _KIND_ALONE:
            hints = get_type_hints(function)
            if Known not in _origins(hints["return"]) and Listing not in _origins(hints["return"]):
                continue
            doc = (inspect.getdoc(function) or "").split("\n\n")[0].replace("\n", " ")
            yield Spec(
                kind=parameters[1],
                name=name,
                type=_returned(hints["return"]),
                meaning=doc,
                read=_reader(name, function),
                places=_places(name, function),
                computed=True,
                function=function,
            )


_KIND_ALONE: Final = tuple([kind] for kind in SUBJECT_KINDS)


def _origins(hint: Any) -> set[Any]:
    return {get_origin(part) for part in (hint, *get_args(hint))}


def _returned(hint: Any) -> FactType:
    """The type inside `Fact[T]` or `Listing[T] | Unknown`."""
    for part in (hint, *get_args(hint)):
        if get_origin(part) is Known:
            return _inner(get_args(part)[0])
        if get_origin(part) is Listing:
            return FactType("list", item=_inner(get_args(part)[0]))
    raise TypeError(f"a fact gives back Fact[T] or Listing[T], not {hint}")


def _inner(annotation: Any) -> FactType:
    if annotation in _SUBJECTS:
        return FactType("subject", kind=_SUBJECTS[annotation])
    return _TYPES[annotation]


def _answer(asking: Asking, name: str, function: Callable[[Any, Any], Any], subject: Subject) -> Any:
    kept = asking.kept(subject)
    answer = kept.get(name)
    if answer is None:
        answer = kept[name] = function(asking, subject)
    return answer


def _reader(name: str, function: Callable[[Any, Any], Any]) -> Read:
    def read(asking: Asking, _holder: Any, subject: Subject) -> Any:
        answer = _answer(asking, name, function, subject)
        return answer.value if type(answer) is Known else answer

    return read


def _places(name: str, function: Callable[[Any, Any], Any]) -> Callable[[Asking, Any, Subject], tuple[Place, ...]]:
    def places(asking: Asking, _holder: Any, subject: Subject) -> tuple[Place, ...]:
        answer = _answer(asking, name, function, subject)
        if isinstance(answer, Known):
            return answer.where()
        return answer.places if isinstance(answer, Listing) else ()

    return places


@cache
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


def read(asking: Asking, ref: Ref, subject: Subject) -> Any:
    """The value of a resolved name: a plain value, or one of `model.uncertain`."""
    here: Any = subject
    for spec in ref.steps:
        here = spec.read(asking, here, here)
        if isinstance(here, (Unknown, Silent, Bounds)):
            return here
    return here


def _lookup(asking: Asking, subject: Subject, name: str) -> Any:
    return read(asking, resolve(subject.kind, name), subject)


def asking_about(estate: Estate, **handed_over: Any) -> Asking:
    """Somebody who can be asked every fact of the catalogue about an estate; see `Asking` for what can be handed over."""
    return Asking(estate, _lookup, **handed_over)


def holder(asking: Asking, ref: Ref, subject: Subject) -> Subject | None:
    """The subject that the last step of a name is asked of, None where the way there is unknown."""
    here: Any = subject
    for spec in ref.steps[:-1]:
        here = spec.read(asking, here, here)
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
