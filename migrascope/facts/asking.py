"""Asks an estate: the one reader of claims, and the one place in which answers are kept.

An `Asking` is a frozen estate, what was handed over beside it (a bill, what things cost, how waivers ended) and the answers
so far. `supposing` gives a fork for a counterfactual: it shares what was observed, and no answer that a claim can change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Protocol, TypeVar, overload

from pydantic import BaseModel

from migrascope.estate.bill import Bill
from migrascope.estate.subjects import (
    DependencySubject,
    Estate,
    PlanSubject,
    Subject,
    WaiverSubject,
    WaveSubject,
    WorkloadSubject,
)
from migrascope.facts.priced import PricedFacts
from migrascope.model import plan as claims
from migrascope.model.place import Place
from migrascope.model.places import Path
from migrascope.model.shape import shape
from migrascope.model.uncertain import Bounds, Known, missing_of, total

T = TypeVar("T")


class FactLookup(Protocol):
    """Reads a fact of a subject by its dotted name."""

    def __call__(self, asking: Asking, subject: Subject, name: str) -> Any:
        """A plain value, or one of `model.uncertain`. Raises NoSuchFactError."""


class Asking:
    """Answers to questions about the subjects of one estate. Nothing in it changes but what is kept for speed."""

    __slots__ = ("_answers", "_claimed", "_claims", "_lookup", "_observed", "bill", "estate", "priced", "waiver_states")

    def __init__(
        self,
        estate: Estate,
        lookup: FactLookup,
        *,
        bill: Bill | None = None,
        priced: PricedFacts | None = None,
        waiver_states: Mapping[Subject, str] | None = None,
    ) -> None:
        self.estate: Final = estate
        self.bill: Final = bill if bill is not None else estate.bill
        self.priced: Final = priced
        """What things cost, where that was worked out. A fork for a counterfactual keeps it: money is not priced again."""
        self.waiver_states: Final = waiver_states if waiver_states is not None else {}
        """What became of each waiver, where every other rule was asked."""
        self._lookup = lookup
        self._claims: dict[Subject, Any] = {}
        self._answers: dict[Subject, dict[str, Any]] = {}
        self._observed: dict[Any, Any] = {}
        self._claimed: dict[Any, Any] = {}

    @property
    def plan(self) -> claims.Plan:
        """What the plan says of everything that is no workload, wave or dependency."""
        return self.estate.plan

    @overload
    def claim(self, subject: WorkloadSubject) -> claims.Workload: ...
    @overload
    def claim(self, subject: WaveSubject) -> claims.Wave: ...
    @overload
    def claim(self, subject: DependencySubject) -> claims.Dependency: ...
    @overload
    def claim(self, subject: WaiverSubject) -> claims.Waiver: ...
    @overload
    def claim(self, subject: PlanSubject) -> claims.Plan: ...
    def claim(self, subject: Any) -> Any:
        """What the plan says of a subject, or what is supposed of it."""
        supposed = self._claims
        return supposed.get(subject, subject.claim) if supposed else subject.claim

    def ask(self, subject: Subject, name: str) -> Any:
        """A fact of a subject by its dotted name: a plain value, or one of `model.uncertain`. Raises NoSuchFactError."""
        return self._lookup(self, subject, name)

    def total(self, subjects: Iterable[Subject], *names: str) -> Known[Any] | Bounds:
        """The sum of facts that are not negative, over all subjects; at least what is known where some are missing."""
        missing = missing_of(subjects)
        summed = total((self.ask(subject, name) for subject in subjects for name in names), missing)
        return summed if isinstance(summed, Bounds) else Known(summed)

    def at(self, path: Path) -> Place | None:
        """The place in the plan."""
        return self.estate.at(path)

    def kept(self, subject: Subject) -> dict[str, Any]:
        """The answers about a subject so far, by name."""
        answers = self._answers.get(subject)
        if answers is None:
            answers = self._answers[subject] = {}
        return answers

    def once(self, build: Callable[..., T], *args: Any) -> T:
        """What `build(asking, *args)` gives, worked out once: an index over what was observed, which no claim can change."""
        return self._index(self._observed, build, args)

    def once_of_claims(self, build: Callable[..., T], *args: Any) -> T:
        """The same of what the plan claims; a fork works it out anew."""
        return self._index(self._claimed, build, args)

    def _index(self, kept: dict[Any, Any], build: Callable[..., T], args: tuple[Any, ...]) -> T:
        key = (build, args)
        if key not in kept:
            kept[key] = build(self, *args)
        index: T = kept[key]
        return index

    def supposing(self, subject: WorkloadSubject, fact: str, value: Any) -> Asking:
        """A fork in which the plan gives a field of a subject, by its dotted name, another value; this one stays as it is."""
        fork = self._fork(self.priced, self.waiver_states)
        fork._claims = {**self._claims, subject: _replaced(self.claim(subject), fact.split("."), value)}
        return fork

    def knowing(self, *, priced: PricedFacts | None = None, waiver_states: Mapping[Subject, str] | None = None) -> Asking:
        """A fork that was handed what things cost, or what became of waivers."""
        fork = self._fork(
            priced if priced is not None else self.priced, waiver_states if waiver_states is not None else self.waiver_states
        )
        fork._claims = self._claims
        return fork

    def _fork(self, priced: PricedFacts | None, waiver_states: Mapping[Subject, str]) -> Asking:
        fork = Asking(self.estate, self._lookup, bill=self.bill, priced=priced, waiver_states=waiver_states)
        fork._observed = self._observed
        return fork


def _replaced(claim: Any, path: list[str], value: Any) -> Any:
    """A copy of a frozen model with another value at a path of the names that people write."""
    model: type[BaseModel] = type(claim)
    field = shape(model)[path[0]]
    if len(path) > 1:
        inner = getattr(claim, field.attribute)
        if inner is None and field.record is not None:
            inner = field.record()
        value = _replaced(inner, path[1:], value)
    return claim.model_copy(update={field.attribute: value})
