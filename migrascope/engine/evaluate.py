"""The interpreter: what an expression says of one subject. Slow and obvious; the reference for anything faster."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from migrascope.engine import nodes
from migrascope.engine.patterns import found
from migrascope.facts.asking import Asking
from migrascope.facts.catalogue import Ref, read
from migrascope.facts.types import Spec
from migrascope.model import uncertain
from migrascope.model.uncertain import Bounds, Listing, Missing, Silent, Unknown, unknown_from


class ValueLookup(Protocol):
    """Answers names: from the estate, or from the short subject of a rule's example."""

    @property
    def kind(self) -> str:
        """The kind of the subject."""

    @property
    def id(self) -> str:
        """Its natural id."""

    def fact(self, ref: Ref) -> Any:
        """A fact of the subject."""

    def item_fact(self, item: Any, spec: Spec) -> Any:
        """A fact of a record in one of its lists."""

    def item_ref(self, item: Any, ref: Ref) -> Any:
        """A fact of a subject in one of its lists."""


class OnSubject:
    """Looks names up in the estate."""

    __slots__ = ("asking", "subject")

    def __init__(self, asking: Asking, subject: Any) -> None:
        self.asking, self.subject = asking, subject

    @property
    def kind(self) -> str:
        return str(self.subject.kind)

    @property
    def id(self) -> str:
        return str(self.subject.id)

    def fact(self, ref: Ref) -> Any:
        return read(self.asking, ref, self.subject)

    def item_fact(self, item: Any, spec: Spec) -> Any:
        return spec.read(self.asking, item, self.subject)

    def item_ref(self, item: Any, ref: Ref) -> Any:
        return read(self.asking, ref, item)


def evaluate(node: nodes.Node, lookup: ValueLookup, item: Any = None) -> Any:
    """The value of a node: a plain value, or one of `model.uncertain`."""
    return _EVALUATE[type(node)](node, lookup, item)


def truth(node: nodes.Node, lookup: ValueLookup, item: Any = None) -> uncertain.Truth:
    """True, false or unknown. A plan that is silent about a truth value leaves it unknown."""
    value = evaluate(node, lookup, item)
    return unknown_from(value) if isinstance(value, Silent) else value


def _const(node: nodes.Const, _lookup: ValueLookup, _item: Any) -> Any:
    return node.value


def _name(node: nodes.Name, lookup: ValueLookup, _item: Any) -> Any:
    return lookup.fact(node.ref)


def _item_name(node: nodes.ItemName, lookup: ValueLookup, item: Any) -> Any:
    return lookup.item_fact(item, node.spec)


def _item_ref(node: nodes.ItemRef, lookup: ValueLookup, item: Any) -> Any:
    return lookup.item_ref(item, node.ref)


def _item(_node: nodes.Item, _lookup: ValueLookup, item: Any) -> Any:
    return item


def _both(node: nodes.Both, lookup: ValueLookup, item: Any) -> Any:
    truths = (truth(part, lookup, item) for part in node.items)
    return uncertain.conjunction(truths) if node.every else uncertain.disjunction(truths)


def _not(node: nodes.Not, lookup: ValueLookup, item: Any) -> Any:
    return uncertain.negation(truth(node.item, lookup, item))


def _compare(node: nodes.Compare, lookup: ValueLookup, item: Any) -> Any:
    return uncertain.compare(node.op, evaluate(node.left, lookup, item), evaluate(node.right, lookup, item))


def _arithmetic(node: nodes.Arithmetic, lookup: ValueLookup, item: Any) -> Any:
    left, right = evaluate(node.left, lookup, item), evaluate(node.right, lookup, item)
    zero = Missing(lookup.kind, "division by zero", lookup.id, "undecidable")
    return uncertain.arithmetic(node.op, left, right, zero)


def _is_known(node: nodes.IsKnown, lookup: ValueLookup, item: Any) -> Any:
    value = evaluate(node.item, lookup, item)
    if isinstance(value, Unknown):
        return value
    return not isinstance(value, Silent)


def _text_test(node: nodes.TextTest, lookup: ValueLookup, item: Any) -> Any:
    value = evaluate(node.item, lookup, item)
    if uncertain.is_unknown(value):
        return unknown_from(value)
    return value.startswith(node.text) if node.function == "startswith" else found(node.text, value)


def _over(node: nodes.Over, lookup: ValueLookup, item: Any) -> Any:
    listing = evaluate(node.items, lookup, item)
    if uncertain.is_unknown(listing):
        return _over_nothing(node.function, listing)
    if not isinstance(listing, Listing):
        listing = Listing(tuple(listing))
    each = node.each
    if node.function in ("any", "all", "count"):
        truths = [True if each is None else truth(each, lookup, part) for part in listing]
        if node.function == "count":
            return uncertain.count_true(truths, listing.missing)
        return uncertain.quantify(node.function, truths, listing)
    values = [part if each is None else evaluate(each, lookup, part) for part in listing]
    if node.function == "sum":
        return uncertain.total(values, listing.missing)
    empty = Missing(lookup.kind, "an empty list", lookup.id, "undecidable")
    return uncertain.extremum(node.function, values, listing.missing, empty)


def _over_nothing(function: str, listing: Unknown | Silent) -> Any:
    """A list nobody could read may hold anything."""
    if function in ("count", "sum"):
        return Bounds(0, None, listing.missing)
    return Unknown(listing.missing)


_EVALUATE: dict[type[nodes.Node], Callable[[Any, ValueLookup, Any], Any]] = {
    nodes.Const: _const,
    nodes.Name: _name,
    nodes.ItemName: _item_name,
    nodes.ItemRef: _item_ref,
    nodes.Item: _item,
    nodes.Both: _both,
    nodes.Not: _not,
    nodes.Compare: _compare,
    nodes.Arithmetic: _arithmetic,
    nodes.IsKnown: _is_known,
    nodes.TextTest: _text_test,
    nodes.Over: _over,
}
