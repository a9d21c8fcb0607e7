"""What a rule says of a subject: one of five outcomes, and the severity where it fires."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evaluate import Lookup, truth
from migrascope.model.fact import Missing
from migrascope.model.rule import SEVERITIES, Severity

Verdict = Literal["finding", "unknown", "clear", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A verdict, the severity, and for an unknown the facts that it waits for."""

    verdict: Verdict
    severity: Severity
    missing: frozenset[Missing] = frozenset()


def ask(rule: CompiledRule, lookup: Lookup) -> Answer:
    """Ask one rule of one subject.

    An `unless` that is unknown does not wave a finding away: it makes it unknown. A `severity_when` that is unknown
    gives the highest severity that is not ruled out.
    """
    excepted = truth(rule.unless, lookup) if rule.unless is not None else False
    if excepted is True:
        return Answer("not_applicable", rule.rule.severity)
    fired = truth(rule.when, lookup)
    if fired is False:
        return Answer("clear", rule.rule.severity)
    missing: frozenset[Missing] = frozenset()
    for part in (fired, excepted):
        if not isinstance(part, bool):
            missing |= part.missing
    severity = _severity(rule, lookup)
    return Answer("unknown", severity, missing) if missing else Answer("finding", severity)


def _severity(rule: CompiledRule, lookup: Lookup) -> Severity:
    """The severity of the first case that holds, or the highest of those that are not ruled out before it."""
    possible: list[Severity] = []
    for node, severity in rule.severities:
        holds = truth(node, lookup)
        if holds is True:
            possible.append(severity)
            break
        if holds is not False:
            possible.append(severity)
    else:
        possible.append(rule.rule.severity)
    return max(possible, key=SEVERITIES.index)
