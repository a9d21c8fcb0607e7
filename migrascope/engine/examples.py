"""A rule's own examples: a subject in short, and what the rule has to say of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from migrascope.engine.compiled import CompiledRule, RuleError
from migrascope.engine.outcome import RuleAnswer, ask
from migrascope.facts.catalogue import NoSuchFactError, Ref, catalogue, resolve
from migrascope.facts.types import FactType, Spec
from migrascope.model.rule import Example
from migrascope.model.uncertain import Listing, Missing, Silent, Unknown

MAX_ITEMS: Final = 1000
_ABSENT: Final = object()


@dataclass(frozen=True, slots=True)
class Given:
    """Looks names up in the mapping of an example. An absent field is as silent as it would be in a plan.

    A list is complete unless it is written as `{items: [...], complete: false}`.
    """

    kind: str
    values: dict[str, Any]
    id: str = "example"

    def fact(self, ref: Ref) -> Any:
        """A fact of the subject."""
        return self._value(ref.name.split("."), ref.spec, self.values)

    def item_fact(self, item: Any, spec: Spec) -> Any:
        """A fact of a record in a list."""
        return self._value([spec.name.rpartition(".")[2]], spec, item)

    def item_ref(self, item: Any, ref: Ref) -> Any:
        """A fact of a subject in a list."""
        return self._value(ref.name.split("."), ref.spec, item)

    def _value(self, names: list[str], spec: Spec, values: Any) -> Any:
        here: Any = values
        for name in names:
            here = here.get(name, _ABSENT) if isinstance(here, dict) else _ABSENT
            if here is None:
                return self._unknown(spec, "on_purpose")
            if here is _ABSENT:
                return self._absent(spec)
        return _typed(here, spec, self)

    def _absent(self, spec: Spec) -> Any:
        if spec.silence == "none" and spec.type.base == "boolean":
            return False
        if spec.silence == "none" and spec.type.base == "list":
            return Listing(())
        if spec.silence in ("finding", "none") and not spec.computed:
            return Silent(frozenset((Missing(spec.kind, spec.name, self.id, "silent"),)))
        return self._unknown(spec, "silent")

    def _unknown(self, spec: Spec, why: Any) -> Unknown:
        return Unknown.because(spec.kind, spec.name, self.id, why)


def _typed(value: Any, spec: Spec, given: Given) -> Any:
    if spec.type.base == "date":
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    if spec.type.base == "list":
        missing: frozenset[Missing] = frozenset()
        if isinstance(value, dict):
            if value.get("complete") is False:
                missing = frozenset((Missing(spec.kind, spec.name, given.id, "incomplete"),))
            value = value.get("items", [])
        return Listing(tuple(value), missing)
    return value


def check_given(rule: CompiledRule, example: Example, number: int) -> None:
    """Every name in an example is a fact. Raises RuleError."""
    for path, value in _leaves(example.given, rule.rule.for_):
        try:
            ref = resolve(rule.rule.for_, path)
        except NoSuchFactError as error:
            help_ = f"did you mean `{error.close}`?" if error.close else ""
            raise RuleError(str(error), ("examples", number, "given"), 0, help_) from None
        if value is not None and not _fits(value, ref.type):
            raise RuleError(f"{path} is a {ref.type}, not {value!r}", ("examples", number, "given"))
        choices = ref.type.choices
        if choices and value is not None and value not in choices:
            raise RuleError(
                f"`{value}` is never a {path}",
                ("examples", number, "given"),
                0,
                f"one of: {', '.join(choices)}",
            )


def _fits(value: Any, type_: FactType) -> bool:
    """The value can stand for a fact of this type."""
    if type_.base == "list":
        items = value.get("items") if isinstance(value, dict) else value
        return isinstance(items, list) and len(items) <= MAX_ITEMS
    if type_.base == "date":
        try:
            return bool(dt.date.fromisoformat(str(value)))
        except ValueError:
            return False
    if type_.base == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return isinstance(value, bool if type_.base == "boolean" else str)


def _leaves(values: dict[str, Any], kind: str, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and not _holds_list(kind, path):
            yield from _leaves(value, kind, f"{path}.")
        else:
            yield path, value


def _holds_list(kind: str, path: str) -> bool:
    try:
        type_: FactType = resolve(kind, path).type
    except NoSuchFactError:
        return False
    return type_.base == "list"


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that did not end as expected."""

    rule: str
    example: str
    expected: str
    got: str


def run_example(rule: CompiledRule, example: Example) -> RuleAnswer:
    """What the rule says of the example's subject."""
    return ask(rule, Given(rule.rule.for_, example.given))


def failures(rule: CompiledRule) -> Iterator[Failure]:
    """The examples of a rule that do not hold."""
    for number, example in enumerate(rule.rule.examples):
        check_given(rule, example, number)
        answer = run_example(rule, example)
        got = answer.verdict
        expected, wanted = example.expect, example.severity
        if got != expected or (wanted is not None and answer.severity != wanted):
            shown = f"{expected} ({wanted})" if wanted else expected
            yield Failure(rule.rule.id, example.name, shown, f"{got} ({answer.severity})")


def kinds() -> tuple[str, ...]:
    """The kinds of subject that have facts."""
    return tuple(catalogue())
