"""The answer: one unit, why, on what conditions, why not the others, and what comes even before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from migrascope.engine.compiled import CompiledRule
from migrascope.engine.run import Results
from migrascope.facts.asking import Asking
from migrascope.first.additive import order as order_of
from migrascope.first.choice import Choice, Judged, best, cheapest_unblock, choose, judge
from migrascope.first.context import LANDING_ZONE, ChoiceContext, context
from migrascope.first.counterfactuals import Others, counterfactuals
from migrascope.first.fixes import fix
from migrascope.first.quarter import plan_quarter
from migrascope.first.quarter_interventions import quarter_interventions
from migrascope.first.robustness import robustness, status
from migrascope.first.units import form_units
from migrascope.first.value_of_information import value_of_information
from migrascope.model.assessment import Intervention
from migrascope.model.first import Criterion, First, NotNow, Quarter, Reason, Robustness, SecurityPart, Step
from migrascope.model.uncertain import is_unknown, known_or_none

TOLD: Final = 0.05
"""Points of a score that nobody is shown."""


class FirstAnswer(NamedTuple):
    """The first workload, the quarter that it takes, and the three things of that quarter."""

    first: First
    quarter: Quarter | None
    interventions: tuple[Intervention, ...]


def answer(asking: Asking, results: Results, rules: Sequence[CompiledRule], seed: int) -> FirstAnswer:
    """Which one first, how sure, and its quarter. Uses what the engine found; reads nothing else."""
    around = context(asking, results, rules)
    order = order_of(around.profile, asking.plan.goals)
    judged = [judge(unit, around, order) for unit in form_units(asking)]
    choice = choose(judged, around.anchors.limits.tie_points)
    winner = choice.winner
    scored = sorted((one for one in judged if one.moves), key=lambda one: (-one.score.total, one.unit.id))
    sure = robustness(choice, judged, around, seed)
    standing = sure.of(winner.unit.id) if sure is not None and winner is not None else None
    first = First(
        status=status(choice, sure, around),
        step=_step(choice, judged, around),
        workload=winner.unit.workloads[0].id if winner else None,
        name=winner.unit.name if winner else None,
        move_group=tuple(workload.id for workload in winner.unit.workloads) if winner else (),
        profile=around.profile,
        order=order,
        why=tuple(_why(winner)) if winner else (),
        conditions=tuple(_once(_conditions(winner, around))) if winner else (),
        unblock=tuple(_once(_unblock(judged))) if winner is None else (),
        overrides=tuple(o.model_dump(mode="json") for o in asking.plan.overrides or ()),
        prerequisites=winner.unit.prerequisites if winner else (),
        p_low=standing.p_low if standing else None,
        p_first=standing.p_first if standing else None,
        p_high=standing.p_high if standing else None,
        p_bottom_third=standing.p_bottom_third if standing else None,
        gates={one.unit.id: one.gates for one in scored},
        scores=tuple(one.score for one in scored),
        runner_up=choice.runner_up.unit.id if choice.runner_up else None,
        decided_by=choice.decided_by,
        not_now=tuple(_not_now(judged, choice, _turns(judged, choice, sure, around), around)),
        documented_choice=choice.documented.unit.id if choice.documented else None,
        robustness=sure,
        measure=_measure(winner, around) if winner else None,
        security=tuple(_security(around)),
        worth_asking=value_of_information(choice, judged, around),
        anchors=around.anchors.version,
    )
    quarter = plan_quarter(choice, judged, around)
    return FirstAnswer(first, quarter, quarter_interventions(first, quarter, judged, around, rules))


def _step(choice: Choice, judged: Sequence[Judged], around: ChoiceContext) -> Step:
    """What comes next: a decision that a date demands, a check of what nobody knows, or the move itself."""
    decision = min(_in_time(_decisions(around), around), default=None)
    winner = choice.winner
    workload = winner.unit.workloads[0].id if winner else None
    if decision is not None:
        by, kind, what = decision
        reason = Reason(code=f"decide_{kind}", values={"what": what})
        return Step(kind="decision", what=reason, workload=workload, by=by.isoformat())
    if winner is None:
        blocked = cheapest_unblock(judged)
        if blocked is None:
            return Step(kind="unblock", what=Reason(code="nothing_moves"))
        gate = blocked.in_the_way()[0]
        values = {**gate.values, "unit": blocked.unit.name}
        return Step(kind="unblock", what=Reason(code=f"gate_{gate.why}", values=values), workload=blocked.unit.workloads[0].id)
    if winner.unknown():
        gate = winner.unknown()[0]
        return Step(kind="check", what=Reason(code=f"gate_{gate.why}", values=gate.values), workload=workload)
    return Step(kind="workload", what=Reason(code="move", values={"unit": winner.unit.name}), workload=workload)


def _decisions(around: ChoiceContext) -> Iterator[tuple[dt.date, str, str]]:
    """Dates by which somebody has to decide, before the planned quarter is over."""
    plan = around.asking.plan
    for deadline in plan.deadlines or ():
        if deadline.decide_by is not None:
            yield deadline.decide_by, "deadline", deadline.what
    for workload in plan.workloads:
        for deadline in workload.deadlines or ():
            if deadline.decide_by is not None:
                yield deadline.decide_by, "deadline", f"{workload.name or workload.id}: {deadline.what}"
    for site in plan.sites or ():
        if site.notice_by is not None:
            yield site.notice_by, "site", site.id


def _in_time(found: Iterator[tuple[dt.date, str, str]], around: ChoiceContext) -> list[tuple[dt.date, str, str]]:
    return [each for each in found if around.as_of <= each[0] <= around.period.end]


def _why(winner: Judged) -> Iterator[Reason]:
    """The three criteria that add most, in natural units; what is not known, or speaks against it, is no reason."""
    known = [part for part in winner.score.contributions if part.high - part.low < 1 and part.value >= 50]
    for part in sorted(known, key=lambda part: -part.contribution)[:3]:
        yield Reason(code=f"why_{part.criterion}", values={**part.basis, "points": round(part.contribution, 1)})


def _measure(winner: Judged, around: ChoiceContext) -> Reason:
    """What is measured of the first workload that has an outcome; of a unit one measure is enough."""
    for workload in winner.unit.workloads:
        parts = ("metric", "target", "baseline.value", "unit", "due", "measured_by")
        metric, target, baseline, unit, due, by = (around.ask(workload, f"outcome.{part}") for part in parts)
        if not is_unknown(metric) and not is_unknown(target):
            values = {"metric": metric, "target": target, "baseline": known_or_none(baseline)}
            values |= {"measured_in": known_or_none(unit) or "", "measured_by": known_or_none(by)}
            return Reason(code="measure", values={**values, "due": None if is_unknown(due) else due.isoformat()})
    return Reason(code="measure_missing", values={"unit": winner.unit.name})


def _security(around: ChoiceContext) -> Iterator[SecurityPart]:
    """What has to stand before anything lands, and whether it does."""
    zone = around.asking.plan.landing_zone
    for name in LANDING_ZONE:
        part = getattr(zone, name, None)
        state, due = (part.state, part.due) if part is not None else (None, None)
        yield SecurityPart(part=name, state=state, due=due.isoformat() if due and state == "planned" else None)


def _conditions(winner: Judged, around: ChoiceContext) -> Iterator[Reason]:
    """What has to be arranged or found out before it goes."""
    for gate in winner.unknown():
        yield Reason(code=f"gate_{gate.why}", values=gate.values)
    for gate in winner.repairs():
        yield Reason(code=f"repair_{gate.why}", values=gate.values)
    for name, due in around.planned_parts():
        yield Reason(code="landing_zone", values={"part": name, "due": due.isoformat() if due else None})
    for name in winner.unit.prerequisites:
        yield Reason(code="prerequisite", values={"workload": around.estate.workload_by_id[name].name})


def _once(reasons: Iterable[Reason]) -> list[Reason]:
    """Several gates may wait for one thing; it is told once."""
    return list({(reason.code, str(reason.values)): reason for reason in reasons}.values())


def _unblock(judged: Sequence[Judged]) -> Iterator[Reason]:
    """The smallest work after which something can be first."""
    blocked = cheapest_unblock(judged)
    if blocked is not None:
        for gate in blocked.in_the_way():
            yield Reason(code=f"gate_{gate.why}", values={**gate.values, "unit": blocked.unit.name})


def _turns(judged: Sequence[Judged], choice: Choice, sure: Robustness | None, around: ChoiceContext) -> dict[str, Reason]:
    """What would put each of the others first, where something small would."""
    if choice.winner is None:
        return {}
    order = order_of(around.profile, around.asking.plan.goals)
    return counterfactuals(
        judged, choice.winner, Others(tuple(best(choice.pool)), around, order, sure.profiles if sure else {})
    )


def _not_now(judged: Sequence[Judged], choice: Choice, turns: dict[str, Reason], around: ChoiceContext) -> Iterator[NotNow]:
    """One reason against every other unit, the cheapest way in, and what would turn the answer to it."""
    for one in judged:
        if one is not choice.winner:
            place = around.asking.at(one.unit.workloads[0].path)
            yield NotNow(
                unit=one.unit.id,
                name=one.unit.name,
                reason=_against(one, choice.winner, around),
                place=str(place) if place else None,
                flip=turns.get(one.unit.id),
                fix=fix(one, around) if one.moves else None,
            )


def _against(one: Judged, winner: Judged | None, around: ChoiceContext) -> Reason:
    if not one.moves:
        disposition = known_or_none(around.ask(one.unit.workloads[0], "disposition"))
        return Reason(code="stays", values={"disposition": disposition})
    failing = one.failing()
    if failing:
        more = len(failing) - 1
        return Reason(code=f"gate_{failing[0].why}", values={**failing[0].values, "unit": one.unit.name, "more": more})
    if winner is None or (one.unknown() and not winner.unknown()):
        gate = one.unknown()[0]
        return Reason(code=f"gate_{gate.why}", values={**gate.values, "unit": one.unit.name})
    if abs(one.score.total - winner.score.total) < TOLD:
        return Reason(code="scores_same", values={"total": round(one.score.total, 1)})
    criterion, difference = _weakest(one, winner)
    values = {"criterion": criterion, "points": round(difference, 1), "total": round(one.score.total, 1)}
    return Reason(code="scores_less", values={**values, "first": round(winner.score.total, 1)})


def _weakest(one: Judged, winner: Judged) -> tuple[Criterion, float]:
    """The criterion on which it loses most against the winner."""
    pairs = zip(winner.score.contributions, one.score.contributions, strict=True)
    differences = [(theirs.criterion, mine.contribution - theirs.contribution) for mine, theirs in pairs]
    return max(differences, key=lambda pair: pair[1])
