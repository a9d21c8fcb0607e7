"""At most three things for this quarter, whatever was found: what, who, how much work, and what it closes.

The severest comes first; among equals, what closes most for its work. A check comes before a fix where more rules wait
for one missing fact than there are findings of weight: nobody can fix what nobody looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from migrascope.engine.compiled import CompiledRule
from migrascope.facts.catalogue import spec_of
from migrascope.model.assessment import Finding, Gap, Intervention
from migrascope.model.rule import SEVERITIES

MOST: Final = 3
QUARTER_POINTS: Final = 40
"""Story points that one intervention may take in a quarter; ours, about one person's half."""

_CHECK_EFFORT: Final = 2
_ROLES: Final = {"network": "network_engineer", "security": "security_officer"}


def interventions(findings: Iterable[Finding], gaps: Sequence[Gap], rules: Sequence[CompiledRule]) -> tuple[Intervention, ...]:
    """The interventions, most telling first."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.outcome == "finding" and not finding.baseline:
            by_rule.setdefault(finding.rule, []).append(finding)
    compiled = {rule.rule.id: rule for rule in rules}
    fixes = [rule_fix(compiled[name], found) for name, found in by_rule.items()]
    fixes.sort(key=_weight)
    check = _check(gaps, compiled)
    chosen = [fix for fix in fixes if fix.severity in ("critical", "high", "medium")][: MOST - (check is not None)]
    if check is not None:
        chosen.append(check)
    rest = [fix for fix in fixes if fix not in chosen]
    return tuple([*chosen, *rest][:MOST])


def _weight(fix: Intervention) -> tuple[int, float, str]:
    per_point = fix.unlocks / max(fix.effort, 1)
    return -SEVERITIES.index(fix.severity or "info"), -per_point, fix.rule or ""


def rule_fix(rule: CompiledRule, found: list[Finding]) -> Intervention:
    """The remedy of one rule, as far as a quarter reaches: the severest subjects first."""
    found = sorted(found, key=lambda f: (-SEVERITIES.index(f.severity), f.subject.name))
    holds = max(QUARTER_POINTS // max(rule.rule.effort, 1), 1)
    start = found[:holds]
    return Intervention(
        kind="fix",
        rule=rule.rule.id,
        severity=found[0].severity,
        ask=_role(rule),
        effort=rule.rule.effort * len(start),
        subjects=tuple(f.subject.name for f in found),
        start_with=tuple(f.subject.name for f in start),
        closes=tuple(f.fingerprint for f in start),
        unlocks=len(start),
    )


def _role(rule: CompiledRule) -> str:
    """Who mends it: where the plan is at fault, whoever can answer for what the rule reads there first."""
    if rule.rule.for_ in ("plan", "wave", "workload", "dependency"):
        for node in rule.asked:
            name = getattr(node, "name", None) or getattr(getattr(node, "ref", None), "name", None)
            spec = spec_of(rule.rule.for_, name) if name else None
            if spec is not None and not spec.computed:
                return spec.ask
        return "migration_lead"
    return _ROLES.get(rule.rule.for_) or _ROLES.get(rule.category, "infrastructure_engineer")


def _check(gaps: Sequence[Gap], rules: dict[str, CompiledRule]) -> Intervention | None:
    """The missing fact for which most rules of weight wait."""
    heavy = {name for name, rule in rules.items() if rule.rule.severity in ("critical", "high", "medium")}
    waiting = [(len(heavy & set(gap.rules_waiting)), gap) for gap in gaps]
    most = max((count for count, _ in waiting), default=0)
    if most == 0:
        return None
    gap = next(gap for count, gap in waiting if count == most)
    return Intervention(
        kind="check",
        fact=f"{gap.kind}.{gap.fact}",
        ask=gap.ask,
        effort=_CHECK_EFFORT,
        subjects=gap.subjects.ids,
        start_with=gap.subjects.ids,
        unlocks=most,
    )
