"""What a rule owes its reader: sources, examples of each kind, and examples that notice when the rule is broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final

from migrascope.engine import nodes
from migrascope.engine.compiled import CompiledRule, placeholders
from migrascope.engine.examples import run_example

_FLIPPED: Final = {
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
    "==": "!=",
    "!=": "==",
    "in": "not in",
    "not in": "in",
}
_NEEDED: Final = ("finding", "clear", "unknown")


def complaints(rule: CompiledRule) -> Iterator[str]:
    """What is not as it should be, a line each."""
    name = rule.rule.id
    expected = {example.expect for example in rule.rule.examples}
    for kind in _NEEDED:
        if kind not in expected:
            yield f"{name}: no example of {kind}"
    if not rule.rule.sources:
        yield f"{name}: no source"
    if set(placeholders(rule.rule, "en")) != set(placeholders(rule.rule, "nl")):
        yield f"{name}: the two messages name different facts"
    for parameter, spec in rule.rule.params.items():
        if f"params.{parameter}" not in " ".join(_texts(rule)):
            yield f"{name}: the parameter {parameter} is not used ({spec.default})"
    for what, broken in _broken(rule):
        if not _noticed(broken):
            yield f"{name}: no example notices when {what}"


def _texts(rule: CompiledRule) -> list[str]:
    return [rule.rule.when, rule.rule.unless or "", *(case.if_ for case in rule.rule.severity_when)]


def _noticed(broken: CompiledRule) -> bool:
    for example in broken.rule.examples:
        answer = run_example(broken, example)
        if answer.verdict != example.expect or (example.severity is not None and answer.severity != example.severity):
            return True
    return False


def _broken(rule: CompiledRule) -> Iterator[tuple[str, CompiledRule]]:
    """The rule, broken in one place each time."""
    for what, node in _changed(rule.when):
        yield f"`when` has {what}", replace(rule, when=node)
    if rule.unless is not None:
        yield "`unless` is dropped", replace(rule, unless=None)
        for what, node in _changed(rule.unless):
            yield f"`unless` has {what}", replace(rule, unless=node)
    for number in range(len(rule.severities)):
        rest = rule.severities[:number] + rule.severities[number + 1 :]
        yield f"severity_when {number + 1} is dropped", replace(rule, severities=rest)


def _changed(node: nodes.Node) -> Iterator[tuple[str, nodes.Node]]:
    """Every version of an expression with one operator flipped or one clause dropped."""
    if isinstance(node, nodes.Compare):
        yield f"{node.op} flipped", replace(node, op=_FLIPPED[node.op])
    if isinstance(node, nodes.Not):
        yield "`not` dropped", node.item
    if isinstance(node, nodes.Both):
        for number in range(len(node.items)):
            rest = node.items[:number] + node.items[number + 1 :]
            yield f"clause {number + 1} dropped", rest[0] if len(rest) == 1 else replace(node, items=rest)
    for field in fields(node):
        inner = getattr(node, field.name)
        if isinstance(inner, nodes.Node):
            for what, changed in _changed(inner):
                yield what, _with(node, field.name, changed)
        elif isinstance(inner, tuple):
            for number, part in enumerate(inner):
                if isinstance(part, nodes.Node):
                    for what, changed in _changed(part):
                        yield (
                            what,
                            _with(node, field.name, (*inner[:number], changed, *inner[number + 1 :])),
                        )


def _with(node: nodes.Node, field: str, value: Any) -> nodes.Node:
    changes: dict[str, Any] = {field: value}
    return replace(node, **changes)
