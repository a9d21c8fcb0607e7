"""What a rule says of a subject: one of five outcomes, and the severity where it fires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evaluate import ValueLookup, truth
from migrascope.model.rule import SEVERITIES, Severity
from migrascope.model.uncertain import Missing, Truth

Verdict = Literal["finding", "unknown", "clear", "not_applicable"]


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A verdict, the severity, and the facts that an unknown, or the severity of a finding, waits for."""

    verdict: Verdict
    severity: Severity
    missing: frozenset[Missing] = frozenset()


def said(rule: CompiledRule, lookup: ValueLookup) -> tuple[Truth, Truth]:
    """What `when` and `unless` say, by the interpreter. Where `unless` holds, `when` is not asked."""
    excepted = truth(rule.unless, lookup) if rule.unless is not None else False
    return (False if excepted is True else truth(rule.when, lookup)), excepted


def ask(rule: CompiledRule, lookup: ValueLookup) -> RuleAnswer:
    """Ask one rule of one subject, by the interpreter."""
    return conclude(rule, lookup, *said(rule, lookup))


def conclude(rule: CompiledRule, lookup: ValueLookup, fired: Truth, excepted: Truth) -> RuleAnswer:
    """The answer, from what `when` and `unless` said.

    An `unless` that is unknown does not wave a finding away: it makes it unknown. A `severity_when` that is unknown
    gives the highest severity that is not ruled out.
    """
    if excepted is True:
        return RuleAnswer("not_applicable", rule.rule.severity)
    if fired is False:
        return RuleAnswer("clear", rule.rule.severity)
    missing: frozenset[Missing] = frozenset()
    for part in (fired, excepted):
        if not isinstance(part, bool):
            missing |= part.missing
    severity, open_ = _severity(rule, lookup)
    return RuleAnswer("unknown", severity, missing) if missing else RuleAnswer("finding", severity, open_)


def _severity(rule: CompiledRule, lookup: ValueLookup) -> tuple[Severity, frozenset[Missing]]:
    """The severity of the first case that holds, or the highest of those that are not ruled out before it."""
    possible: list[Severity] = []
    missing: frozenset[Missing] = frozenset()
    for node, severity in rule.severities:
        holds = truth(node, lookup)
        if holds is True:
            possible.append(severity)
            break
        if not isinstance(holds, bool):
            possible.append(severity)
            missing |= holds.missing
    else:
        possible.append(rule.rule.severity)
    highest = max(possible, key=SEVERITIES.index)
    return highest, missing if len(set(possible)) > 1 else frozenset()
