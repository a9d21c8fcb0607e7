"""What is known of a subject, and what is not and why: the values that rules are asked about.

A raw value is a plain Python value. Around it stand four that are ours:

- `Unknown`: nobody could tell; it carries the facts that were missing.
- `Silent`: the plan says nothing where a plan has to say something; that silence is itself a finding.
- `Interval`: a number of which only bounds are known.
- `Listing`: a list that knows whether it is complete.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Generic, Literal, TypeVar, dataclass_transform

from migrascope.model.place import Place

T = TypeVar("T")

Why = Literal[
    "silent",  # the plan does not say
    "on_purpose",  # the plan says null or unknown
    "no_inventory",  # no inventory was given that could hold it
    "not_looked_at",  # nothing that was collected looks at it
    "not_covered",  # a coverage record says that it was not seen
    "incomplete",  # what was collected is not all there is
    "blank",  # the source has no value for this subject
    "contradiction",  # two sources disagree
    "undecidable",  # the value is too vague to decide on
    "no_knowledge",  # no dated fact about the world answers it
]


@dataclass_transform(frozen_default=True)
def _value(*, order: bool = False) -> Callable[[type[T]], type[T]]:
    """A value: frozen to the type checker alone. A large estate makes millions, and to freeze one trebles its price."""
    return dataclass(slots=True, unsafe_hash=True, order=order)


@_value(order=True)
class Missing:
    """A fact that could not be read. `kind` and `fact` name it, `subject` is whose, `why` and `detail` say why."""

    kind: str
    fact: str
    subject: str
    why: Why
    detail: str = ""


@_value()
class Unknown:
    """No answer, with every missing fact that would have given one."""

    missing: frozenset[Missing]

    @classmethod
    def because(cls, kind: str, fact: str, subject: str, why: Why, detail: str = "") -> Unknown:
        """Unknown for one missing fact."""
        return cls(frozenset((Missing(kind, fact, subject, why, detail),)))

    def __bool__(self) -> bool:
        raise TypeError("unknown is neither true nor false: ask `is True`")


@_value()
class Silent:
    """The plan is silent where it has to speak. Compared with anything it is unknown; `known()` of it is false."""

    missing: frozenset[Missing]


@_value()
class Interval:
    """A number between `low` and `high` (None: without bound), and the facts that would narrow it."""

    low: Any
    high: Any
    missing: frozenset[Missing]


@_value()
class Listing(Generic[T]):
    """A list that knows whether it is complete: where `missing` is empty, there is nothing else."""

    items: tuple[T, ...]
    missing: frozenset[Missing] = frozenset()
    places: tuple[Place, ...] = ()

    @property
    def complete(self) -> bool:
        """True when nothing can be missing from the list."""
        return not self.missing

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


NOTHING: Final[frozenset[Missing]] = frozenset()
"""Nothing is missing."""
NONE: Final[Listing[Any]] = Listing(())
"""An empty list to which nothing can be missing: most answers are this one."""


@_value()
class Known(Generic[T]):
    """An answer and where it was read. `places` may be a function: most answers are never shown."""

    value: T
    places: tuple[Place, ...] | Callable[[], tuple[Place, ...]] = field(default=())

    def where(self) -> tuple[Place, ...]:
        """Where it was read."""
        return self.places() if callable(self.places) else self.places


Fact = Known[T] | Unknown
"""What a fact function gives back: an answer with its evidence, or the reason that there is none."""


def unknown_from(*parts: Unknown | Silent | Interval | Listing[Any]) -> Unknown:
    """Unknown for all that was missing in several values."""
    return Unknown(frozenset().union(*(part.missing for part in parts)))
