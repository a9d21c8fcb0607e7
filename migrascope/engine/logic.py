"""Three-valued logic (Kleene, 1938) and arithmetic over numbers that may be known in part only."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, Final

from migrascope.model.fact import Interval, Listing, Missing, Silent, Unknown, unknown_from

Truth = bool | Unknown
"""True, false, or unknown with what was missing."""

_LESS: Final[dict[str, tuple[str, bool]]] = {
    "<": ("<", False),
    ">": ("<", True),
    "<=": ("<=", False),
    ">=": ("<=", True),
}
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


def every(truths: Iterable[Truth]) -> Truth:
    """And: false where one is false, whatever the others are."""
    missing: frozenset[Missing] = frozenset()
    for truth in truths:
        if truth is False:
            return False
        if truth is not True:
            missing |= truth.missing
    return Unknown(missing) if missing else True


def some(truths: Iterable[Truth]) -> Truth:
    """Or: true where one is true, whatever the others are."""
    return negated(every(negated(truth) for truth in truths))


def negated(truth: Truth) -> Truth:
    """Not; unknown stays unknown."""
    return not truth if isinstance(truth, bool) else truth


def nothing(value: Any) -> bool:
    """The value gives no answer at all."""
    return isinstance(value, (Unknown, Silent))


def _nothing_of(left: Any, right: Any) -> Unknown:
    """Unknown for whatever is missing on either side."""
    if not nothing(right) and isinstance(left, Unknown):
        return left
    return unknown_from(*(side for side in (left, right) if nothing(side)))


def compare(op: str, left: Any, right: Any) -> Truth:
    """A comparison; unknown where what is known leaves it open."""
    if nothing(left) or nothing(right):
        return _nothing_of(left, right)
    if op in ("in", "not in"):
        found = some([compare("==", left, item) for item in right])
        if found is False and isinstance(right, Listing) and right.missing:
            found = Unknown(right.missing)
        return found if op == "in" else negated(found)
    if op == "!=":
        return negated(compare("==", left, right))
    if not isinstance(left, Interval) and not isinstance(right, Interval):
        left, right = _alike(left, right)
        return bool(left == right) if op == "==" else bool(_ordered(op, left, right))
    low, high, low2, high2 = (*_bounds(left), *_bounds(right))
    missing = _missing(left) | _missing(right)
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


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """Decimals and floats compare through decimals, so that 0.1 is 0.1."""
    if isinstance(left, Decimal) and isinstance(right, float):
        return left, Decimal(str(right))
    if isinstance(right, Decimal) and isinstance(left, float):
        return Decimal(str(left)), right
    return left, right


def _ordered(op: str, left: Any, right: Any) -> bool:
    functions = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
    return bool(functions[op](left, right))


def _before(high: Any, low: Any) -> bool:
    return high is not None and low is not None and bool(high < low)


def _bounds(value: Any) -> tuple[Any, Any]:
    return (value.low, value.high) if isinstance(value, Interval) else (value, value)


def _missing(value: Any) -> frozenset[Missing]:
    return value.missing if isinstance(value, Interval) else frozenset()


def arithmetic(op: str, left: Any, right: Any, zero: Missing) -> Any:
    """Arithmetic on values and intervals. A division that may be by zero is unknown, with `zero` as the reason."""
    if nothing(left) or nothing(right):
        return unknown_from(*(side for side in (left, right) if nothing(side)))
    exact = not isinstance(left, Interval) and not isinstance(right, Interval)
    if exact and op != "/":
        return _ARITHMETIC[op](*_alike(left, right))
    low, high = _bounds(right)
    if op == "/" and (low is None or high is None or low <= 0 <= high):
        return Unknown(_missing(left) | _missing(right) | {zero})
    if exact:
        left, right = _alike(left, right)
        return left / right
    missing = _missing(left) | _missing(right)
    if op in "+-":
        (a, b), (c, d) = _bounds(left), (low, high)
        if op == "-":
            c, d = (None if d is None else -d), (None if c is None else -c)
        return Interval(_sum(a, c), _sum(b, d), missing)
    if op == "*" and (one := _scaled(left, right)) is not None:
        return Interval(*one, missing)
    corners = _corners(op, left, (low, high))
    return Interval(min(corners), max(corners), missing) if corners else Interval(None, None, missing)


def _sum(first: Any, second: Any) -> Any:
    return None if first is None or second is None else operator.add(*_alike(first, second))


def _corners(op: str, left: Any, right: tuple[Any, Any]) -> list[Any]:
    """The products or quotients of the bounds; none where a bound is open."""
    bounds = _bounds(left)
    if None in bounds or None in right:
        return []
    pairs = (_alike(x, y) for x in bounds for y in right)
    return [x * y if op == "*" else x / y for x, y in pairs]


def _scaled(left: Any, right: Any) -> tuple[Any, Any] | None:
    """The bounds of an interval times a number, where one of both may be open; None where neither side is a number."""
    factor, interval = (right, left) if isinstance(left, Interval) else (left, right)
    if isinstance(factor, Interval):
        return None
    ends = [None if end is None else operator.mul(*_alike(end, factor)) for end in (interval.low, interval.high)]
    if factor == 0:
        return 0, 0
    return (ends[0], ends[1]) if factor > 0 else (ends[1], ends[0])


def counted(truths: Iterable[Truth], extra: frozenset[Missing]) -> Any:
    """How many are true: a number, or an interval where some are unknown or (`extra`) the list may be longer."""
    sure = unsure = 0
    missing = extra
    for truth in truths:
        if truth is True:
            sure += 1
        elif truth is not False:
            unsure += 1
            missing |= truth.missing
    if not missing:
        return sure
    return Interval(sure, None if extra else sure + unsure, missing)


def summed(values: Iterable[Any], extra: frozenset[Missing]) -> Any:
    """The sum; an unknown part may be anything from zero up, so it opens the upper bound."""
    total: Any = 0
    high: Any = 0
    missing = extra
    for value in values:
        if nothing(value):
            missing |= value.missing
            high = None
            continue
        low, top = _bounds(value)
        missing |= _missing(value)
        total = _sum(total, low if low is not None else 0)
        high = _sum(high, top)
    if not missing:
        return total
    return Interval(total, None if extra else high, missing)


def extreme(function: str, values: Iterable[Any], extra: frozenset[Missing], empty: Missing) -> Any:
    """The smallest or the largest; over an incomplete list only one bound is sure."""
    known = [value for value in values if not nothing(value) and not isinstance(value, Interval)]
    rest = [value for value in values if nothing(value) or isinstance(value, Interval)]
    missing = extra.union(*(value.missing for value in rest)) if rest else extra
    if not known:
        return Unknown(missing | {empty})
    found = min(known) if function == "min" else max(known)
    if not missing:
        return found
    return Interval(None, found, missing) if function == "min" else Interval(found, None, missing)


def quantified(function: str, truths: list[Truth], listing: Listing[Any]) -> Truth:
    """`any` or `all` over a list: where the list may be longer, one true (or false) is all that can be sure."""
    answer = some(truths) if function == "any" else every(truths)
    deciding = function == "any"
    if answer is deciding:
        return answer
    if isinstance(answer, bool):
        return Unknown(listing.missing) if listing.missing else answer
    return Unknown(answer.missing | listing.missing)
