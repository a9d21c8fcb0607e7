"""In which order findings are told: what is open before what is accepted, the most severe first, then where most money is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from migrascope.model.assessment import Assessment, Finding
from migrascope.model.rule import SEVERITIES


def ordered(found: Iterable[Finding], assessment: Assessment) -> list[Finding]:
    """Findings one by one."""
    money = at_stake(assessment)
    return sorted(
        found, key=lambda f: (f.outcome != "finding", f.baseline, -_weight(f), -money(f), f.rule, f.subject.name, f.fingerprint)
    )


def by_rule(found: Iterable[Finding], assessment: Assessment) -> Iterator[list[Finding]]:
    """Findings of one rule together, in the order of their worst and of the money that they are about in all."""
    groups: dict[tuple[bool, bool, str], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.outcome != "finding", finding.baseline, finding.rule), []).append(finding)
    money = at_stake(assessment)

    def place(group: tuple[tuple[bool, bool, str], list[Finding]]) -> tuple[bool, bool, int, float, int, str]:
        (accepted, known, rule), those = group
        return accepted, known, -max(map(_weight, those)), -sum(map(money, those)), -len(those), rule

    for _, those in sorted(groups.items(), key=place):
        yield those


def at_stake(assessment: Assessment) -> Callable[[Finding], float]:
    """What the subject of a finding costs a month, as claimed or as priced again; 0 where that is not known."""
    cost = assessment.cost
    if cost is None:
        return lambda _: 0.0
    ways = {each.workload: (each.claimed, each.repriced, each.now) for each in cost.workloads}
    of = {name: max((way.p50 or 0.0 for way in found if way is not None), default=0.0) for name, found in ways.items()}
    whole = sum(of.values())

    def money(finding: Finding) -> float:
        if finding.subject.kind == "plan":
            return whole
        return of.get(finding.subject.id.partition(" -> ")[0], 0.0)

    return money


def _weight(finding: Finding) -> int:
    return SEVERITIES.index(finding.severity)
