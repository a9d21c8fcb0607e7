"""Values that may be known in part only, and the one arithmetic on them.

A raw value is a plain Python value. Around it stand:

- `Known`: a value and where it was read.
- `Bounds`: a quantity of which only an interval is known (interval arithmetic; None is an open end).
- `Unknown`: no value at all; it carries the facts that were missing.
- `Silent`: the plan is silent where a plan has to speak; that silence is itself a finding.
- `Listing`: a list that knows whether it is complete.

Truth is three-valued (Kleene, 1938). Whatever is computed from several values is missing all that they miss.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
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


NOTHING: Final[frozenset[Missing]] = frozenset()
"""Nothing is missing."""


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

    def __bool__(self) -> bool:
        raise TypeError("silence is neither true nor false: ask `is True`")


@_value()
class Bounds:
    """A quantity between `low` and `high` (None: an open end), and the facts that would narrow it."""

    low: Any
    high: Any
    missing: frozenset[Missing] = NOTHING

    def __add__(self, other: Bounds) -> Bounds:
        return Bounds(_plus(self.low, other.low), _plus(self.high, other.high), self.missing | other.missing)

    def times(self, low: Any, high: Any = None) -> Bounds:
        """The product with a factor that is itself between `low` and `high`; neither is negative unless both are equal."""
        most = low if high is None else high
        return Bounds(_by(self.low, low), _by(self.high, most), self.missing)

    @property
    def open(self) -> bool:
        """It has no upper bound."""
        return self.high is None

    def at_most(self, limit: Any) -> Bounds:
        """The same, cut off at a limit that nothing exceeds."""
        return Bounds(min(self.low, limit), limit if self.high is None else min(self.high, limit), self.missing)

    def hull(self, other: Bounds) -> Bounds:
        """The smallest interval that holds both."""
        low = None if self.low is None or other.low is None else min(self.low, other.low)
        high = None if self.high is None or other.high is None else max(self.high, other.high)
        return Bounds(low, high, self.missing | other.missing)


def exactly(value: Any) -> Bounds:
    """The interval that holds one number and nothing else."""
    return Bounds(value, value)


def at_least(value: Any, missing: Iterable[Missing] = ()) -> Bounds:
    """The interval from a number up, without an end."""
    return Bounds(value, None, frozenset(missing))


@_value()
class Listing(Generic[T]):
    """A list that knows whether it is complete: where `missing` is empty, there is nothing else."""

    items: tuple[T, ...]
    missing: frozenset[Missing] = NOTHING
    places: tuple[Place, ...] = ()

    @property
    def complete(self) -> bool:
        """True when nothing can be missing from the list."""
        return not self.missing

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


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
Truth = bool | Unknown
"""True, false, or unknown with what was missing."""


def is_unknown(value: Any) -> bool:
    """The value gives no answer at all: nobody could tell, or the plan is silent."""
    return isinstance(value, (Unknown, Silent))


def known_or_none(value: Any) -> Any:
    """The value, or None where it is unknown or only bounded: for what is shown, never for what is decided."""
    return None if isinstance(value, (Unknown, Silent, Bounds)) else value


def missing_of(value: Any) -> frozenset[Missing]:
    """What is missing in a value, whatever it is."""
    return value.missing if isinstance(value, (Unknown, Silent, Bounds, Listing)) else NOTHING


def unknown_from(*parts: Unknown | Silent | Bounds | Listing[Any]) -> Unknown:
    """Unknown for all that was missing in several values."""
    return Unknown(NOTHING.union(*(part.missing for part in parts)))


def bounded(value: Any, low: Any = 0, high: Any = None) -> Bounds:
    """A quantity as an interval; what is unknown may be anything from `low` to `high`."""
    if isinstance(value, Bounds):
        return value
    return Bounds(low, high, value.missing) if is_unknown(value) else exactly(value)


# Three-valued logic (Kleene, 1938)


def conjunction(truths: Iterable[Truth]) -> Truth:
    """And: false where one is false, whatever the others are."""
    missing = NOTHING
    for truth in truths:
        if truth is False:
            return False
        if truth is not True:
            missing |= truth.missing
    return Unknown(missing) if missing else True


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Or: true where one is true, whatever the others are."""
    return negation(conjunction(negation(truth) for truth in truths))


def negation(truth: Truth) -> Truth:
    """Not; unknown stays unknown."""
    return not truth if isinstance(truth, bool) else truth


def quantify(function: str, truths: list[Truth], listing: Listing[Any]) -> Truth:
    """`any` or `all` over a list: where the list may be longer, one true (or false) is all that can be sure."""
    answer = disjunction(truths) if function == "any" else conjunction(truths)
    deciding = function == "any"
    if answer is deciding:
        return answer
    if isinstance(answer, bool):
        return Unknown(listing.missing) if listing.missing else answer
    return Unknown(answer.missing | listing.missing)


# Comparison

_LESS: Final[dict[str, tuple[str, bool]]] = {"<": ("<", False), ">": ("<", True), "<=": ("<=", False), ">=": ("<=", True)}
_ORDER: Final = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def compare(op: str, left: Any, right: Any) -> Truth:
    """A comparison; unknown where what is known leaves it open."""
    if is_unknown(left) or is_unknown(right):
        return _unknown_side(left, right)
    if op in ("in", "not in"):
        member = disjunction([compare("==", left, item) for item in right])
        if member is False and isinstance(right, Listing) and right.missing:
            member = Unknown(right.missing)
        return member if op == "in" else negation(member)
    if op == "!=":
        return negation(compare("==", left, right))
    if not isinstance(left, Bounds) and not isinstance(right, Bounds):
        left, right = _alike(left, right)
        return bool(left == right) if op == "==" else bool(_ORDER[op](left, right))
    low, high, low2, high2 = (*_ends(left), *_ends(right))
    missing = missing_of(left) | missing_of(right)
    if op == "==":
        apart = _before(high, low2) or _before(high2, low)
        return False if apart else Unknown(missing)
    word, swap = _LESS[op]
    if swap:
        low, high, low2, high2 = low2, high2, low, high
    strict = word == "<"
    if high is not None and low2 is not None and (high < low2 if strict else high <= low2):
        return True
    if low is not None and high2 is not None and (low >= high2 if strict else low > high2):
        return False
    return Unknown(missing)


def _unknown_side(left: Any, right: Any) -> Unknown:
    """Unknown for whatever is missing on either side."""
    if not is_unknown(right) and isinstance(left, Unknown):
        return left
    return unknown_from(*(side for side in (left, right) if is_unknown(side)))


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Decimals and floats compare through decimals, so that 0.1 is 0.1."""
    if isinstance(left, Decimal) and isinstance(right, float):
        return left, Decimal(str(right))
    if isinstance(right, Decimal) and isinstance(left, float):
        return Decimal(str(left)), right
    return left, right


def _before(high: Any, low: Any) -> bool:
    return high is not None and low is not None and bool(high < low)


def _ends(value: Any) -> tuple[Any, Any]:
    return (value.low, value.high) if isinstance(value, Bounds) else (value, value)


# Interval arithmetic

_EXACT: Final[dict[str, Callable[[Any, Any], Any]]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}


def arithmetic(op: str, left: Any, right: Any, zero: Missing) -> Any:
    """Arithmetic on values and bounds. A division that may be by zero is unknown, with `zero` as the reason."""
    if is_unknown(left) or is_unknown(right):
        return unknown_from(*(side for side in (left, right) if is_unknown(side)))
    exact = not isinstance(left, Bounds) and not isinstance(right, Bounds)
    if exact and op != "/":
        return _EXACT[op](*_alike(left, right))
    low, high = _ends(right)
    if op == "/" and (low is None or high is None or low <= 0 <= high):
        return Unknown(missing_of(left) | missing_of(right) | {zero})
    if exact:
        left, right = _alike(left, right)
        return left / right
    missing = missing_of(left) | missing_of(right)
    if op in "+-":
        (a, b), (c, d) = _ends(left), (low, high)
        if op == "-":
            c, d = (None if d is None else -d), (None if c is None else -c)
        return Bounds(_plus(a, c), _plus(b, d), missing)
    if op == "*" and (one := _product(left, right)) is not None:
        return Bounds(*one, missing)
    corners = _corners(op, left, (low, high))
    return Bounds(min(corners), max(corners), missing) if corners else Bounds(None, None, missing)


def _plus(first: Any, second: Any) -> Any:
    if type(first) is type(second) is not type(None):
        return first + second
    return None if first is None or second is None else operator.add(*_alike(first, second))


def _by(end: Any, factor: Any) -> Any:
    return None if end is None else operator.mul(*_alike(end, factor))


def _corners(op: str, left: Any, right: tuple[Any, Any]) -> list[Any]:
    """The products or quotients of the bounds; none where a bound is open."""
    ends = _ends(left)
    if None in ends or None in right:
        return []
    pairs = (_alike(x, y) for x in ends for y in right)
    return [x * y if op == "*" else x / y for x, y in pairs]


def _product(left: Any, right: Any) -> tuple[Any, Any] | None:
    """The bounds of an interval times a number, where one of both may be open; None where neither side is a number."""
    factor, interval = (right, left) if isinstance(left, Bounds) else (left, right)
    if isinstance(factor, Bounds):
        return None
    if factor == 0:
        return 0, 0
    ends = [_by(end, factor) for end in (interval.low, interval.high)]
    return (ends[0], ends[1]) if factor > 0 else (ends[1], ends[0])


def count_true(truths: Iterable[Truth], missing: frozenset[Missing] = NOTHING) -> Any:
    """How many are true: a number, or bounds where some are unknown or (`missing`) the list may be longer."""
    sure = unsure = 0
    lacking = missing
    for truth in truths:
        if truth is True:
            sure += 1
        elif truth is not False:
            unsure += 1
            lacking |= truth.missing
    if not lacking:
        return sure
    return Bounds(sure, None if missing else sure + unsure, lacking)


def total(values: Iterable[Any], missing: frozenset[Missing] = NOTHING) -> Any:
    """The sum of quantities that are not negative: a number, or bounds where something is missing.

    An unknown part may be anything from zero up, so it opens the upper bound; so does a list that may be longer.
    """
    low: Any = 0
    high: Any = 0
    lacking = missing
    for value in values:
        if is_unknown(value):
            lacking |= value.missing
            high = None
            continue
        least, most = _ends(value)
        lacking |= missing_of(value)
        low = _plus(low, least if least is not None else 0)
        high = _plus(high, most)
    if not lacking and low == high:
        return low
    return Bounds(low, None if missing else high, lacking)


def extremum(function: str, values: Iterable[Any], missing: frozenset[Missing], empty: Missing) -> Any:
    """The smallest or the largest; over an incomplete list only one bound is sure."""
    known: list[Any] = []
    rest: list[Any] = []
    for value in values:
        (rest if is_unknown(value) or isinstance(value, Bounds) else known).append(value)
    lacking = missing.union(*(value.missing for value in rest))
    if not known:
        return Unknown(lacking | {empty})
    best = min(known) if function == "min" else max(known)
    if not lacking:
        return best
    return Bounds(None, best, lacking) if function == "min" else Bounds(best, None, lacking)
