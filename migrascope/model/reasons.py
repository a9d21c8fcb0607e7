"""The reasons that a gate can have: one record each, and nothing about a reason stands anywhere else.

A record says what it is, which facts settle it, what would open the gate and who does that, and whether it lasts: whether it
keeps a workload out of later quarters too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from migrascope.model.phrase import later

Fact = tuple[str, str]
"""Kind of subject and name of a fact."""


@dataclass(frozen=True, slots=True)
class Fix:
    """What would open a gate: its text, the values of the gate that it is told with, and the role that does it.

    `fits` names what works the values out, where they are not those of the gate.
    """

    text: str
    values: tuple[str, ...] = ()
    role: str = ""
    works_out: Literal["", "cutover", "baseline", "people", "capacity", "bridge"] = ""
    code: str = ""
    """The code under which it is told; `fix_` and the code of the reason where it is empty."""


@dataclass(frozen=True, slots=True)
class GateReason:
    """Why a gate is not passed."""

    code: str
    text: str
    facts: tuple[Fact, ...] = ()
    """The facts that settle it. `values` of the gate may name more: see `facts_in`."""
    facts_in: tuple[str, str] | None = None
    """The value of a gate that lists facts of the plan, and the pattern of their names."""
    fix: Fix | None = None
    repair: bool = False
    """It belongs to a repairable gate."""
    lasting: bool = False


def _gate(code: str, text: str, *facts: str, fix: Fix | None = None, lasting: bool = False) -> GateReason:
    """A reason of a hard gate; facts are those of a workload unless they name another kind."""
    return GateReason(code, text, tuple(map(_fact, facts)), fix=fix, lasting=lasting)


def _repair(code: str, text: str, *facts: str) -> GateReason:
    """A reason of a repairable gate."""
    return GateReason(code, text, tuple(map(_fact, facts)), repair=True)


def _fact(name: str) -> Fact:
    kind, _, fact = name.partition(":")
    return (kind, fact) if fact else ("workload", kind)


_PEOPLE: Final = later("{percent} % more people for it, or a smaller part of it")
_MORE: Final = later("more people for it ({days} days of work, {capacity} days of people), or a smaller part of it")
_OPEN_DAY: Final = Fix(later("a cutover on an open day, on or before {day}"), role="business_owner", works_out="cutover",
                       code="fix_cutover")  # fmt: skip
BRIDGE: Final = Fix(later("bridge one call, {caller} to {callee}, and this comes free: {names}"), role="technical_owner",
                    works_out="bridge", code="fix_bridge")  # fmt: skip
BRIDGES: Final = Fix(later("bridge {calls} calls, the first {caller} to {callee}, and this comes free: {names}"),
                     role="technical_owner", works_out="bridge", code="fix_bridges")  # fmt: skip
OVERRIDE: Final = Fix(later("a named person takes responsibility, with a reason and a date (gate {gate_name})"),
                      code="fix_override")  # fmt: skip

_ROWS: Final = (
    _gate("blocker_found", later("{rule} ({subject})"), lasting=True,
          fix=Fix(later("mend this: {remedy}"), ("rule",))),
    _gate("blocker_unknown", later("find out whether this is so of {subject}: “{rule}”")),
    _gate("servers_unknown", later("find out which servers {workload} runs on"), "members"),
    _gate("tied_to_what_stays", later("{caller} cannot run apart from {callee}, which stays: a bridge comes first"),
          fix=Fix(later("build a bridge, so that {caller} can call {callee} from afar"), ("caller", "callee"),
                  "technical_owner")),
    _gate("callee_moves_first", later("{caller} calls {callee}, which has to move first"),
          fix=Fix(later("move {callee} before {caller}"), ("caller", "callee"), "management")),
    _gate("order_unknown", later("find out whether {callee} has to move before {caller}"), "dependencies"),
    _gate("group_too_big", later("{size} servers or workloads have to move together, more than {limit}"), fix=BRIDGE),
    _gate("calls_unknown", later("find out what calls it; workloads that name no dependencies: {count}"), "dependencies"),
    _gate("calls_lost", later("collect the calls again: the inventory misses some that were counted ({what})"),
          "undeclared_calls"),
    _gate("call_seen", later("{caller} was seen to call {callee}, and the plan does not say so: find out whether it ties them"),
          "dependencies"),
    _gate("callers_unknown", later("find out how many of {callers} others cannot run without it"), "dependencies"),
    _gate("binding_unknown", later("find out whether it can run apart from {others} others that it is tied to"),
          "dependencies"),
    _gate("call_to_stranger",
          later("{workload} was seen in contact with a machine that nobody claims: find out whose it is"), "members"),
    _gate("on_avoid_list", later("a system of this kind is no first step ({category})")),
    _gate("name_on_avoid_list", later("by its name it is {category}, which is no first step ({word})"), "category"),
    _gate("category_unknown", later("find out what kind of application {workload} is"), "category"),
    _gate("data_special", later("{workload} holds secret or special personal data"), lasting=True),
    _gate("data_unknown", later("find out whether {workload} holds personal data"), "data.personal"),
    _gate("class_unknown", later("find out how confidential the data of {workload} is"), "data.class"),
    _gate("special_unknown", later("find out whether {workload} holds personal data of a special kind"), "data.special"),
    _gate("dpia_unknown", later("find out whether the data protection assessment of {workload} is done"), "data.dpia.state"),
    _gate("dpia_open", later("the data protection assessment of {workload} is not done"), lasting=True,
          fix=Fix(later("finish the data protection assessment of {workload}"), ("workload",), "privacy_officer")),
    _gate("baseline_absent", later("{part} will not stand in the target before the quarter ends"),
          fix=Fix(later("have {part} stand in the target, on or before {day}"), ("part",), "security_officer", "baseline",
                  "fix_baseline")),
    GateReason("baseline_unknown", later("find out whether these stand in the target: {parts}"),
               facts_in=("parts", "landing_zone.{}.state")),
    _gate("disposition_unknown", later("find out what is to happen to {workload}: move, stay or retire"), "disposition"),
    _gate("successor_unknown", later("find out whether a successor of {workload} is planned"), "replaced_by.on"),
    _gate("successor_undated", later("find out when {what} replaces it"), "replaced_by.on"),
    _gate("power_unknown", later("find out whether {server} of {workload} is switched on: its other servers are off"),
          "server:power"),
    _gate("switched_off", later("every machine of {workload} is switched off: ask whether it can be retired"), lasting=True),
    _gate("replaced_soon", later("{what} replaces it {months} months after the move, less than {limit}"), lasting=True,
          fix=Fix(later("leave it to {what}"), ("what",), code="fix_successor")),
    _gate("effort_unknown", later("ask how much work {workload} is"), "effort_days.high"),
    _gate("capacity_unknown", later("ask how many people there are for the work"), "plan:capacity.fte"),
    GateReason("capacity_partly", later("ask what people cannot work on: a reserve, public holidays, periods without changes"),
               facts_in=("facts", "{}")),
    _gate("too_much_work", later("{days} days of work, {capacity} days of people"),
          fix=Fix(_MORE, ("days", "capacity"), "management", "capacity")),
    _gate("cutover_unknown", later("ask on which day {workload} is to go over"), "cutover.on"),
    _gate("cutover_later", later("the cutover is after the quarter, on {day}"), fix=_OPEN_DAY),
    _gate("cutover_in_freeze", later("the cutover falls into a freeze, on {day}"), fix=_OPEN_DAY),
    _gate("does_not_fit", later("it needs {needed} working days, {left} are left in the quarter"),
          fix=Fix(_PEOPLE, role="management", works_out="people", code="fix_people")),
    _gate("criticality_unknown", later("find out how much the organisation depends on {workload}"), "criticality"),
    _gate("mission_critical", later("the organisation stands or falls with {workload}")),
    _gate("too_many_callers", later("{callers} workloads cannot run without it"),
          fix=Fix(later("bridge calls to it, until fewer depend on it"), role="technical_owner")),
    _repair("owner_missing", later("name a business owner and a technical owner of {workload}"), "owner.business",
            "owner.technical"),
    _repair("owner_same", later("name two different owners of {workload}")),
    _repair("test_missing", later("write down how {workload} is tested and who accepts"), "test.plan", "test.owner"),
    _repair("rollback_missing", later("write down how to go back with {workload}, and rehearse it"), "rollback.plan"),
    _repair("rollback_unrehearsed", later("rehearse the rollback of {workload}"), "rollback.tested_on"),
    _repair("rollback_time_unknown",
            later("say how long the rollback of {workload} takes, and how long the outage may be"), "rollback.max_minutes",
            "cutover.window_hours"),
    _repair("rollback_too_long", later("shorten the rollback of {workload} until it fits into the outage")),
    _repair("outcome_missing", later("agree what gets better with {workload}, and measure it beforehand"), "outcome.metric"),
    _repair("baseline_missing", later("measure {workload} before the move"), "outcome.baseline.value"),
    _repair("rehearsal_missing", later("plan a trial migration of {workload}"), "rehearsal.on"),
    _repair("commitment_missing", later("ask the owner of {workload} for a dated commitment"), "commitments"),
)  # fmt: skip

REASONS: Final[dict[str, GateReason]] = {row.code: row for row in _ROWS}
"""Every reason, by its code."""


def _texts() -> dict[str, str]:
    texts: dict[str, str] = {}
    for row in _ROWS:
        texts[f"{'repair' if row.repair else 'gate'}_{row.code}"] = row.text
        if row.fix is not None:
            texts[row.fix.code or f"fix_{row.code}"] = row.fix.text
    for fix in (BRIDGE, BRIDGES, OVERRIDE):
        texts[fix.code] = fix.text
    return texts


TEXTS: Final = _texts()
"""What each reason and each fix says, by the code that reports know it by."""


def role_of(code: str) -> str:
    """The role that acts on a fix; empty where it is nothing to act on."""
    fixes = [(row.fix, row.fix.code or f"fix_{row.code}") for row in _ROWS if row.fix is not None]
    return next((fix.role for fix, name in (*fixes, (BRIDGES, BRIDGES.code)) if name == code), "")
