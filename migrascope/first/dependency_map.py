"""The map of move groups and their calls, as far as a picture holds it."""

from __future__ import annotations

from collections import Counter
from typing import Final

from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.first.units import Unit, form_units, is_shared, observed_only, stated_calls, stays
from migrascope.model.landscape import Group, Kind, Landscape, Tie

MOST: Final = 40
_TIGHTEST: Final[tuple[Kind, ...]] = ("hard", "unknown", "seen", "soft")


def dependency_map(asking: Asking) -> Landscape:
    """Groups and their ties; shared services, which would be tied to everything, only by name."""
    units = form_units(asking)
    of = {workload: number for number, unit in enumerate(units) for workload in unit.workloads}
    found = _calls(asking, of)
    degree = Counter(end for pair in found for end in pair)
    shown = sorted(degree, key=lambda number: (-degree[number], number))[:MOST]
    places = {number: place for place, number in enumerate(shown)}
    ties = [
        Tie(caller=places[caller], callee=places[callee], kind=min(kinds, key=_TIGHTEST.index), calls=kinds.total())
        for (caller, callee), kinds in sorted(found.items())
        if caller in places and callee in places
    ]
    return Landscape(
        groups=tuple(_group(asking, units[number]) for number in shown),
        ties=tuple(sorted(ties, key=lambda tie: (tie.caller, tie.callee))),
        left_out=len(degree) - len(shown),
        apart=len(units) - len(degree),
        shared=tuple(workload.name for workload in asking.estate.workloads if is_shared(asking, workload)),
    )


def _calls(asking: Asking, of: dict[WorkloadSubject, int]) -> dict[tuple[int, int], Counter[Kind]]:
    found: dict[tuple[int, int], Counter[Kind]] = {}
    said: list[tuple[WorkloadSubject, WorkloadSubject, Kind]] = [
        (call.caller, call.callee, call.binding or "unknown") for call in asking.once_of_claims(stated_calls)
    ]
    said += [(caller, callee, "seen") for caller, callee in asking.once_of_claims(observed_only)]
    for caller, callee, kind in said:
        ends = of.get(caller), of.get(callee)
        if ends[0] is not None and ends[1] is not None and ends[0] != ends[1]:
            found.setdefault((ends[0], ends[1]), Counter())[kind] += 1
    return found


def _group(asking: Asking, unit: Unit) -> Group:
    return Group(
        unit=unit.id,
        name=unit.name,
        members=len(unit.workloads),
        stays=all(stays(asking, workload) for workload in unit.workloads),
    )
