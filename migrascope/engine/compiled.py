"""A rule made ready: its expressions checked, its message's names resolved, its safety against silence proved."""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from migrascope.engine import nodes
from migrascope.engine.language import ExpressionError, parse_expression
from migrascope.facts.catalogue import NoSuchFactError, Ref, catalogue, resolve
from migrascope.model.rule import LoadedRule, Rule, RuleCategory, Severity


class RuleError(ValueError):
    """What is wrong with a rule: at which path of its file, how far into the text, and what to do."""

    def __init__(
        self,
        message: str,
        path: tuple[str | int, ...],
        column: int = 0,
        help: str = "",  # noqa: A002 (the word a reader expects)
        width: int = 1,
    ) -> None:
        super().__init__(message)
        self.path = path
        self.column = column
        self.help = help
        self.width = width


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that can be asked."""

    rule: Rule
    category: RuleCategory
    when: nodes.Node
    unless: nodes.Node | None
    severities: tuple[tuple[nodes.Node, Severity], ...]
    words: Mapping[str, Ref]
    """The facts that the message names."""
    asked: tuple[nodes.Node, ...] = ()
    """The facts and lists that its expressions name, in their order: what a finding rests on."""

    def expressions(self) -> Iterator[nodes.Node]:
        """All its expressions."""
        yield self.when
        if self.unless is not None:
            yield self.unless
        yield from (node for node, _ in self.severities)


def compile_rule(loaded: LoadedRule, params: Mapping[str, Any] | None = None) -> CompiledRule:
    """Check and resolve a rule; `params` overrides its defaults. Raises RuleError."""
    rule = loaded.rule
    if rule.for_ not in catalogue():
        raise RuleError(f"nothing is known of a {rule.for_} yet", ("for",), 0, f"one of: {', '.join(catalogue())}")
    values = {name: param.default for name, param in rule.params.items()} | dict(params or {})
    when = _expression(rule, rule.when, ("when",), values)
    _no_guard(when, ("when",), positive=True)
    unless = None
    if rule.unless is not None:
        unless = _expression(rule, rule.unless, ("unless",), values)
        _no_guard(unless, ("unless",), positive=False)
    severities = []
    for number, case in enumerate(rule.severity_when):
        path = ("severity_when", number, "if")
        node = _expression(rule, case.if_, path, values)
        _no_guard(node, path, positive=True)
        severities.append((node, case.severity))
    listed = {
        node.items.ref.name for node in when.walk() if isinstance(node, nodes.Over) and isinstance(node.items, nodes.Name)
    }
    words: dict[str, Ref] = {}
    for language in ("en", "nl"):
        for name in placeholders(rule, language):
            ref = _word(rule, name, language, listed)
            if not _holds_records(ref):
                words[name] = ref
    compiled = CompiledRule(rule, loaded.category, when, unless, tuple(severities), words)
    return replace(compiled, asked=tuple(_asked(compiled)))


def _asked(rule: CompiledRule) -> Iterator[nodes.Node]:
    """Names, but for lists of records; and conditions over lists, for the items that make them true."""
    seen: set[str] = set()
    for expression in rule.expressions():
        for node in expression.walk():
            if isinstance(node, nodes.Name):
                if not _holds_records(node.ref) and node.ref.name not in seen:
                    seen.add(node.ref.name)
                    yield node
            elif isinstance(node, nodes.Over) and node.each is not None and isinstance(node.items, nodes.Name):
                yield node
    for ref in rule.words.values():
        if ref.name not in seen:
            yield nodes.Name(ref.type, ref)


def _expression(rule: Rule, text: str, path: tuple[str | int, ...], params: Mapping[str, Any]) -> nodes.Node:
    try:
        return parse_expression(text, rule.for_, params)
    except ExpressionError as error:
        raise RuleError(str(error), path, error.column, error.help, error.width) from None


def placeholders(rule: Rule, language: str) -> list[str]:
    """The names in braces in a rule's message. Raises RuleError where the braces are wrong."""
    try:
        parsed = list(string.Formatter().parse(rule.message.in_(language)))
    except ValueError as error:
        raise RuleError(f"braces do not match: {error}", ("message", language)) from None
    names = []
    for _, name, form, conversion in parsed:
        if name is None:
            continue
        if not name or form or conversion or "[" in name:
            raise RuleError("a message takes plain {names}", ("message", language))
        names.append(name)
    return names


def _word(rule: Rule, name: str, language: str, listed: set[str]) -> Ref:
    """The fact that a message names. A list of records stands for those that made the rule fire."""
    path = ("message", language)
    try:
        ref = resolve(rule.for_, name)
    except NoSuchFactError as error:
        help_ = f"did you mean `{error.close}`?" if error.close else ""
        raise RuleError(str(error), path, 0, help_) from None
    if ref.type.base == "subject" or (_holds_records(ref) and name not in listed):
        raise RuleError(f"{{{name}}} is a {ref.type}, which has no words of its own", path)
    return ref


def _holds_records(ref: Ref) -> bool:
    """The fact is a list of records or of subjects."""
    return bool(ref.type.fields) or (ref.type.item is not None and bool(ref.type.item.kind))


def _no_guard(node: nodes.Node, path: tuple[str | int, ...], *, positive: bool) -> None:
    """`known(x)` may not guard a finding: taking x away would then clear it."""
    for inner, sign in _signed(node, positive):
        if isinstance(inner, nodes.IsKnown) and isinstance(inner.item, nodes.Name) and inner.item.ref.spec.silence == "gap":
            raise RuleError(
                f"known({inner.item.ref.name}) is never false: where the plan leaves it out, it is a gap",
                path,
                0,
                'mark the field with silence="finding" in model/plan.py, or ask for its value',
            )
        if isinstance(inner, nodes.IsKnown) and sign is not False:
            raise RuleError(
                "known() may not guard a finding: taking the field away would clear it",
                path,
                0,
                "write `not known(…)` where silence is the finding; elsewhere leave it out, unknown stays unknown",
            )


def _signed(node: nodes.Node, positive: bool | None) -> Iterator[tuple[nodes.Node, bool | None]]:
    """Every node, and whether making it true helps the whole to be true; None where that cannot be told."""
    yield node, positive
    for part in node.parts():
        if isinstance(node, nodes.Not):
            yield from _signed(part, None if positive is None else not positive)
        elif isinstance(node, nodes.Both) or (isinstance(node, nodes.Over) and node.function in ("any", "all")):
            yield from _signed(part, positive)
        else:
            yield from _signed(part, None)
