"""The first workload: which one, why, and why not the others."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.evidence import Evidence

GateState = Literal["pass", "fail", "unknown", "repair"]
SoftGate = Literal["owners", "test_path", "rollback", "outcome", "rehearsal", "approvals"]
SOFT_GATES: tuple[SoftGate, ...] = get_args(SoftGate)
Criterion = Literal[
    "value", "learning", "isolation", "consequence", "change", "gravity", "readiness", "urgency",
]  # fmt: skip
Status = Literal["recommend", "suggest", "toss_up", "none"]


class Gate(Frozen):
    """One gate of one unit. `why` is a code with `values`; texts are made of both in the reader's language."""

    gate: str
    state: GateState
    why: str
    values: dict[str, Any] = Field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    days: float = 0
    """Work to repair it [days]; 0 where there is nothing to repair."""
    lead_days: int = 0
    """Time the repair takes [calendar days]."""


class Contribution(Frozen):
    """What one criterion adds to the score: weight times value. `low` and `high` bound a value that is not known."""

    criterion: Criterion
    weight: float
    low: float
    high: float
    value: float
    contribution: float
    basis: dict[str, Any] = Field(default_factory=dict)


class Score(Frozen):
    """The additive value of a unit at rank-order weights, 0 to 100; its contributions add up to it."""

    unit: str
    members: tuple[str, ...]
    total: float
    low: float
    high: float
    contributions: tuple[Contribution, ...]


class Reason(Frozen):
    """A reason as a code with values; texts are made of both in the reader's language."""

    code: str
    values: dict[str, Any] = Field(default_factory=dict)


class Step(Frozen):
    """What to do next: move a workload, check something first, or decide something that cannot wait."""

    kind: Literal["workload", "check", "decision", "unblock"]
    what: Reason
    workload: str | None = None
    by: str | None = None


class NotNow(Frozen):
    """Another unit, and the one reason against it."""

    unit: str
    name: str
    reason: Reason
    place: str | None = None


class First(Frozen):
    """The answer to: which one first? Until the simulation stands, `p_*` are null and the status is at most suggest."""

    status: Status
    step: Step
    workload: str | None
    name: str | None
    move_group: tuple[str, ...]
    profile: str
    order: tuple[Criterion, ...]
    why: tuple[Reason, ...]
    conditions: tuple[Reason, ...]
    unblock: tuple[Reason, ...]
    overrides: tuple[dict[str, Any], ...]
    prerequisites: tuple[str, ...]
    p_low: float | None = None
    p_first: float | None = None
    p_high: float | None = None
    p_bottom_third: float | None = None
    gates: dict[str, tuple[Gate, ...]]
    scores: tuple[Score, ...]
    runner_up: str | None
    decided_by: Literal["value", "unknowns", "size", "effort", "alphabet", "only_candidate"] | None
    not_now: tuple[NotNow, ...]
    documented_choice: str | None
    anchors: str
    """Version of the anchors that values were read from."""
