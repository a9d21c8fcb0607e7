"""The cheapest way in for what is out: for each hard gate that fails, the smallest thing that would open it.

A group that is too big is freed by a bridge: the fewest calls that would have to run across the edge, so that a part of
it may move on its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any, Final

from migrascope.estate.cuts import Cut, cheapest_cut
from migrascope.estate.subjects import Estate, WorkloadSubject
from migrascope.first.choice import Judged
from migrascope.first.context import Context
from migrascope.first.gates import OVERRIDABLE
from migrascope.first.units import Unit, tied_by_servers
from migrascope.model.first import Gate, Reason

_SHARED_MACHINE: Final = 100.0
"""What it costs to part two workloads on one machine, where bridging one call costs 1; ours."""


def fix(one: Judged, around: Context) -> Reason | None:
    """What would open the first gate that keeps a unit out and can be opened; None where there is no such gate."""
    return next((found for found in fixes(one, around) if found is not None), None) if one.failing() else None


def fixes(one: Judged, around: Context) -> Iterator[Reason | None]:
    """What would open each gate that keeps a unit out, in the order of the gates; None where nothing opens one."""
    for gate in one.failing():
        yield _fix(gate, one.unit, around)


def _fix(gate: Gate, unit: Unit, around: Context) -> Reason | None:
    if gate.why == "group_too_big":
        return _bridge(unit, around)
    if gate.why == "does_not_fit":
        return _people(gate)
    if gate.why == "too_much_work":
        return _capacity(gate)
    if gate.why in ("cutover_later", "cutover_in_freeze"):
        return Reason(code="fix_cutover", values={"day": around.period.end.isoformat()})
    if gate.why == "baseline_absent":
        return Reason(code="fix_baseline", values={"part": gate.values["part"], "day": around.period.end.isoformat()})
    if gate.why == "replaced_soon":
        return Reason(code="fix_successor", values={"what": gate.values["what"]})
    values = {name: gate.values[name] for name in _KEPT.get(gate.why, ())}
    if gate.why in _KEPT:
        return Reason(code=f"fix_{gate.why}", values=values)
    return Reason(code="fix_override", values={"gate_name": gate.gate}) if gate.gate in OVERRIDABLE else None


_KEPT: Final[dict[str, tuple[str, ...]]] = {
    "blocker_found": ("rule",),
    "tied_to_what_stays": ("caller", "callee"),
    "dpia_open": ("workload",),
    "too_many_callers": (),
}
"""Reasons that have a way out of their own, and the values that it is told with."""


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


def _bridge(unit: Unit, around: Context) -> Reason | None:
    """The fewest calls to bridge, and what comes free by that."""
    cut = bridge(unit, around)
    if cut is None:
        return None
    caller, callee = cut.ties[0]
    names = [workload.name for workload in cut.free]
    values: dict[str, Any] = {"caller": caller.name, "callee": callee.name, "calls": len(cut.ties), "names": names}
    return Reason(code="fix_bridge" if len(cut.ties) == 1 else "fix_bridges", values=values)


def bridge(unit: Unit, around: Context) -> Cut[WorkloadSubject] | None:
    """The cheapest bridge that frees a part of the unit that is small enough to go first; None where none does."""
    limit = around.anchors.limits.members

    def fits(free: Any) -> bool:
        servers = {server.id for workload in free for server in workload.servers}
        return max(len(servers), len(free)) <= limit

    return cheapest_cut(unit.workloads, _ties(unit, around.estate), fits)


def _ties(unit: Unit, estate: Estate) -> dict[tuple[WorkloadSubject, WorkloadSubject], float]:
    """What ties the workloads of a unit, and what it costs to bridge each."""
    known, inside = estate.once("first.ties", _all_ties), set(unit.workloads)
    return {pair: cost for one in unit.workloads for pair, cost in known.get(one, ()) if pair[1] in inside}


_Tie = tuple[tuple[WorkloadSubject, WorkloadSubject], float]


def _all_ties(estate: Estate) -> dict[WorkloadSubject, list[_Tie]]:
    """Every pair that moves together, by the first of both, and what it costs to bridge it."""
    found: dict[tuple[WorkloadSubject, WorkloadSubject], float] = {}
    for call in estate.dependencies:
        if call.claim.binding == "hard" and call.caller is not call.callee:
            found[call.caller, call.callee] = 1.0
    for pair in tied_by_servers(estate):
        found[pair] = found.get(pair, 0.0) + _SHARED_MACHINE
    by_first: dict[WorkloadSubject, list[_Tie]] = {}
    for pair, cost in found.items():
        by_first.setdefault(pair[0], []).append((pair, cost))
    return by_first
