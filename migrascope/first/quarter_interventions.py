"""At most three things for this quarter, out of a whole review: ranked by what they unlock.

Each candidate is a workload, a check, a fix or a decision, with who does it, how much it is, for how many workloads it
opens a way and which findings it closes. A decision that a date demands is first, whatever the rest unlocks. The first
workload, or what has to be verified of it, is always among the three. To take responsibility for a gate is not advised,
and so it is none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from migrascope.engine.compiled import CompiledRule
from migrascope.facts.catalogue import spec_of
from migrascope.facts.server_support import os_product
from migrascope.first.choice import Judged
from migrascope.first.context import ChoiceContext
from migrascope.first.fixes import fixes
from migrascope.first.interventions import MOST, rule_fix
from migrascope.first.value_of_information import facts_of
from migrascope.model.assessment import Finding, Intervention
from migrascope.model.first import First, Gate, Quarter, Reason
from migrascope.model.reasons import role_of
from migrascope.model.rule import SEVERITIES
from migrascope.model.uncertain import Known

_DECISIONS: Final = ("decide_people", "fix_cutover")
_MORE_PEOPLE: Final = 50
"""So many percent more people are a decision that a quarter may bring; ours."""
_EFFORT: Final = 2
"""Story points of a conversation, or of a decision; ours."""


@dataclass(frozen=True, slots=True)
class _Review:
    """What a review found: the units that may move, and the open findings of each rule."""

    movers: tuple[Judged, ...]
    around: ChoiceContext
    rules: dict[str, CompiledRule]
    open_: dict[str, list[Finding]]


def quarter_interventions(
    first: First, quarter: Quarter | None, judged: Sequence[Judged], around: ChoiceContext, rules: Sequence[CompiledRule]
) -> tuple[Intervention, ...]:
    """The three, ranked."""
    movers = tuple(one for one in judged if one.moves)
    review = _Review(movers, around, {rule.rule.id: rule for rule in rules}, _open(around))
    found: list[Intervention] = list(_step(first, quarter, review))
    always = len(found)
    for each in (*_ways_in(review), *_checks(movers), *_closing(review)):
        if not any(_same(each, other) for other in found):
            found.append(each)
    chosen = [*found[:always], *sorted(found[always:], key=_rank)][:MOST]
    return tuple(sorted(chosen, key=lambda each: (each.by is None, *_rank(each))))


def _rank(each: Intervention) -> tuple[int, int, int, int, float, str]:
    """More workloads freed first, then more of which it takes one thing, more findings closed, heavier ones, less work."""
    severity = SEVERITIES.index(each.severity) if each.severity else 0
    name = each.rule or each.fact or (each.what.code if each.what else "")
    return -each.opens, -each.workloads, -len(each.closes), -severity, each.effort, name


def _role(code: str) -> str:
    """Who acts on a fix that no rule describes; what no role acts on is no intervention."""
    return "management" if code == "decide_people" else role_of(code)


def _same(one: Intervention, other: Intervention) -> bool:
    """One of both is told already: the same remedy, or a check with the same role."""
    if one.kind == other.kind == "check":
        return one.ask == other.ask
    return one.rule is not None and one.rule == other.rule


def _open(around: ChoiceContext) -> dict[str, list[Finding]]:
    by_rule: dict[str, list[Finding]] = {}
    for found in around.findings.values():
        for finding in found:
            if finding.outcome == "finding":
                by_rule.setdefault(finding.rule, []).append(finding)
    return by_rule


def _step(first: First, quarter: Quarter | None, review: _Review) -> Iterator[Intervention]:
    """What the answer says comes next: the decision that a date demands, and the first workload or what it waits for."""
    movers = review.movers
    if first.step.kind == "decision":
        everybody = tuple(workload.id for one in movers for workload in one.unit.workloads)
        yield Intervention(
            kind="decision", what=first.step.what, by=first.step.by, ask="management", effort=_EFFORT,
            subjects=everybody, start_with=(), unlocks=0, workloads=len(everybody),
        )  # fmt: skip
    winner = next((one for one in movers if tuple(w.id for w in one.unit.workloads) == first.move_group), None)
    if winner is None:
        return
    if winner.unknown():
        yield from _checks(movers, of=winner)
        return
    owner = next((step.who for step in quarter.steps if step.kind == "move"), None) if quarter else None
    days = winner.work
    closes = tuple(finding.fingerprint for finding in _repaired(winner, review))
    alike = _alike(winner, review)
    yield Intervention(
        kind="workload", what=Reason(code="move", values={"unit": winner.unit.name}), workload=winner.unit.id,
        ask="technical_owner", who=owner, effort=0, days=None if days is None else round(days + _repair_days(winner), 1),
        subjects=first.move_group, start_with=first.move_group, closes=closes, unlocks=len(closes),
        workloads=alike, opens=len(first.move_group),
    )  # fmt: skip


def _repair_days(one: Judged) -> float:
    return sum(gate.days for gate in one.repairs())


def _repaired(one: Judged, review: _Review) -> list[Finding]:
    """Findings of the unit's workloads that close when what has to be arranged is arranged."""
    repairs = {gate.gate for gate in one.repairs()}
    ids = [workload.id for workload in one.unit.workloads]
    found = (finding for name in ids for finding in review.around.findings.get(name, ()) if finding.outcome == "finding")
    closing = {name for name, rule in review.rules.items() if rule.rule.repairs in repairs}
    return [finding for finding in found if finding.rule in closing]


def _alike(winner: Judged, review: _Review) -> int:
    """Workloads that run an operating system which the winner runs too, itself included."""
    own = _systems(winner, review)
    return sum(len(one.unit.workloads) for one in review.movers if one is winner or own & _systems(one, review))


def _systems(one: Judged, review: _Review) -> set[str]:
    answers = (os_product(review.around.asking, server) for server in one.unit.servers)
    return {answer.value for answer in answers if isinstance(answer, Known)}


def _ways_in(review: _Review) -> Iterator[Intervention]:
    """One thing that would take a gate out of the way of several; the same thing is told once."""
    together: dict[str, list[tuple[Reason, Judged]]] = {}
    for one in review.movers:
        for found in fixes(one, review.around):
            wanted = _as_decision(found) if found is not None else None
            if wanted is not None:
                together.setdefault(_key(wanted), []).append((wanted, one))
    for pairs in together.values():
        found = max((reason for reason, _ in pairs), key=lambda reason: reason.values.get("percent", 0))
        units = [one for _, one in pairs]
        counts = {"workloads": _count(units), "opens": _count([one for one in units if one.opened() is not None])}
        rule = review.rules.get(str(found.values.get("rule")))
        if rule is not None:
            yield rule_fix(rule, review.open_[rule.rule.id]).model_copy(update=counts)
        elif _role(found.code):
            ids = tuple(workload.id for one in units for workload in one.unit.workloads)
            yield Intervention(
                kind="decision" if found.code in _DECISIONS else "fix", what=found, ask=_role(found.code), effort=_EFFORT,
                subjects=ids, start_with=ids, unlocks=0, workloads=counts["workloads"], opens=counts["opens"],
            )  # fmt: skip


def _as_decision(found: Reason) -> Reason | None:
    """More people are somebody's decision, as long as it is not for many more; anything else stays what it is."""
    if found.code not in ("fix_people", "fix_too_much_work"):
        return found
    percent = found.values["percent"]
    return Reason(code="decide_people", values={"percent": percent}) if percent <= _MORE_PEOPLE else None


def _count(units: Sequence[Judged]) -> int:
    return sum(len(one.unit.workloads) for one in units)


def _key(found: Reason) -> str:
    """More people open the way for all that wait for people, each with a number of its own."""
    return found.code if found.code in _DECISIONS else f"{found.code} {found.values}"


def _checks(movers: Sequence[Judged], of: Judged | None = None) -> Iterator[Intervention]:
    """What one role can answer, and how many workloads wait for it; of one unit's first question only, where one is given."""
    facts: dict[str, dict[str, None]] = {}
    waiting: dict[str, dict[str, Judged]] = {}
    for one in movers:
        for kind, fact in _facts(one.unknown()):
            spec = spec_of(kind, fact)
            if spec is not None:
                facts.setdefault(spec.ask, {})[f"{kind}.{fact}"] = None
                waiting.setdefault(spec.ask, {})[one.unit.id] = one
    asked = [spec.ask for kind, fact in _facts(of.unknown())[:1] if (spec := spec_of(kind, fact))] if of else list(facts)
    for ask in asked:
        units = list(waiting[ask].values())
        freed = [one for one in units if one.opened() is not None]
        ids = tuple(workload.id for one in units for workload in one.unit.workloads)
        yield Intervention(
            kind="check", fact=next(iter(facts[ask])), facts=tuple(facts[ask]), ask=ask, effort=_EFFORT,
            subjects=ids, start_with=ids, unlocks=0, workloads=len(ids), opens=_count(freed),
        )  # fmt: skip


def _facts(gates: Sequence[Gate]) -> list[tuple[str, str]]:
    return list(dict.fromkeys(pair for gate in gates for pair in facts_of(gate)))


def _closing(review: _Review) -> Iterator[Intervention]:
    """The remedies of the severest findings."""
    for name, found in sorted(review.open_.items()):
        severe = [finding for finding in found if finding.severity in ("critical", "high") and not finding.baseline]
        if severe and name in review.rules:
            yield rule_fix(review.rules[name], severe)
