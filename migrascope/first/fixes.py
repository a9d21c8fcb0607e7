"""The cheapest way in for what is out: for each hard gate that fails, the smallest thing that would open it.

A group that is too big is freed by a bridge: the fewest calls that would have to run across the edge, so that a part of
it may move on its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from migrascope.estate.cuts import Cut, cheapest_cut
from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.first.choice import Judged
from migrascope.first.context import ChoiceContext
from migrascope.first.gates import OVERRIDABLE
from migrascope.first.units import Unit, stated_calls, tied_by_servers
from migrascope.model.first import Gate, Reason
from migrascope.model.reasons import OVERRIDE, REASONS

_SHARED_MACHINE: Final = 100.0
"""What it costs to part two workloads on one machine, where bridging one call costs 1; ours."""


def fix(one: Judged, around: ChoiceContext) -> Reason | None:
    """What would open the first gate that keeps a unit out and can be opened; None where there is no such gate."""
    return next((found for found in fixes(one, around) if found is not None), None) if one.failing() else None


def fixes(one: Judged, around: ChoiceContext) -> Iterator[Reason | None]:
    """What would open each gate that keeps a unit out, in the order of the gates; None where nothing opens one."""
    for gate in one.failing():
        yield _fix(gate, one.unit, around)


def _fix(gate: Gate, unit: Unit, around: ChoiceContext) -> Reason | None:
    fix = REASONS[gate.why].fix if gate.why in REASONS else None
    if fix is None:
        return Reason(code=OVERRIDE.code, values={"gate_name": gate.gate}) if gate.gate in OVERRIDABLE else None
    values = {name: gate.values[name] for name in fix.values}
    if fix.works_out == "bridge":
        return _bridge(unit, around)
    if fix.works_out == "people":
        return _people(gate)
    if fix.works_out == "capacity":
        return _capacity(gate)
    if fix.works_out in ("cutover", "baseline"):
        values["day"] = around.period.end.isoformat()
    return Reason(code=fix.code or f"fix_{gate.why}", values=values)


def _people(gate: Gate) -> Reason | None:
    needed, left = gate.values["needed"], gate.values["left"]
    if needed is None or not left:
        return None
    return Reason(code="fix_people", values={"percent": -(-100 * (needed - left) // left)})


def _capacity(gate: Gate) -> Reason | None:
    days, capacity = gate.values["days"], gate.values["capacity"]
    percent = math.ceil(100 * (days - capacity) / capacity) if capacity else None
    values = {"days": days, "capacity": capacity, "percent": percent}
    return Reason(code="fix_too_much_work", values=values) if percent is not None else None


def _bridge(unit: Unit, around: ChoiceContext) -> Reason | None:
    """The fewest calls to bridge, and what comes free by that."""
    cut = bridge(unit, around)
    if cut is None:
        return None
    caller, callee = cut.ties[0]
    names = [workload.name for workload in cut.free]
    values: dict[str, Any] = {"caller": caller.name, "callee": callee.name, "calls": len(cut.ties), "names": names}
    return Reason(code="fix_bridge" if len(cut.ties) == 1 else "fix_bridges", values=values)


def bridge(unit: Unit, around: ChoiceContext) -> Cut[WorkloadSubject] | None:
    """The cheapest bridge that frees a part of the unit that is small enough to go first; None where none does.

    What is freed is judged before it is offered: servers and all else that it consists of count.
    """
    limit = around.anchors.limits.members

    def fits(free: Any) -> bool:
        return Unit(tuple(free), (), (), ()).size <= limit

    return cheapest_cut(unit.workloads, _ties(unit, around.asking), fits)


def _ties(unit: Unit, asking: Asking) -> dict[tuple[WorkloadSubject, WorkloadSubject], float]:
    """What ties the workloads of a unit, and what it costs to bridge each."""
    known, inside = asking.once_of_claims(_all_ties), set(unit.workloads)
    return {pair: cost for one in unit.workloads for pair, cost in known.get(one, ()) if pair[1] in inside}


_Tie = tuple[tuple[WorkloadSubject, WorkloadSubject], float]


def _all_ties(asking: Asking) -> dict[WorkloadSubject, list[_Tie]]:
    """Every pair that moves together, by the first of both, and what it costs to bridge it."""
    costs: dict[tuple[WorkloadSubject, WorkloadSubject], float] = {}
    for call in asking.once_of_claims(stated_calls):
        if call.binding == "hard":
            costs[call.caller, call.callee] = 1.0
    for pair in tied_by_servers(asking):
        costs[pair] = costs.get(pair, 0.0) + _SHARED_MACHINE
    by_first: dict[WorkloadSubject, list[_Tie]] = {}
    for pair, cost in costs.items():
        by_first.setdefault(pair[0], []).append((pair, cost))
    return by_first
