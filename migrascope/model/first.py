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
Evidenced = Literal["measured", "declared", "missing"]
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
    """Another unit, the one reason against it, and the smallest change that was shown to put it first, if there is one.

    `fix` is the cheapest way to open the gate that keeps it out; other gates may still be in its way then.
    """

    unit: str
    name: str
    reason: Reason
    place: str | None = None
    flip: Reason | None = None
    fix: Reason | None = None


class Standing(Frozen):
    """Of one unit, the share of draws of weights in which it comes first, 0 to 1.

    `p_low` has what is missing about it at its worst and about its rivals at its best, `p_high` the reverse; for
    `p_first` and `p_bottom_third` it is drawn evenly. Fewer than three units have no last third.
    """

    unit: str
    p_low: float
    p_first: float
    p_high: float
    p_bottom_third: float | None


class Robustness(Frozen):
    """How sure the name is, among those that could be named in its place."""

    samples: int
    seed: int
    half_width: float
    """Half of the 95 % confidence interval of the first unit's `p_low`."""
    candidates: int
    compared: int
    """So many were compared: where there are more candidates, those that can reach most."""
    standings: tuple[Standing, ...]
    never_behind: bool
    """No weights in this order and no missing value put another before it."""
    max_regret: float
    """The most points that it can fall short of another."""
    least_regret: str
    """The unit of which that is least."""
    without: dict[Criterion, str]
    """Who is first when one criterion is left out."""
    without_at_worst: bool
    """Whichever is left out, the first unit's worst is no less than the best of any other."""
    all_tied: str | None
    """Who is first when every dependency of unknown binding ties; null where no binding is unknown, or nobody is."""
    profiles: dict[str, str | None]
    """Who is first under the other profiles."""
    evidence: dict[Evidenced, float]
    """What the score of the first unit rests on, as shares of its weights."""

    def of(self, unit: str) -> Standing:
        """The standing of one unit that was compared."""
        return next(each for each in self.standings if each.unit == unit)


class QuarterStep(Frozen):
    """One step of the quarter: what, by which role and whom the plan names, from when until when, how much work [days]."""

    kind: str
    what: Reason
    ask: str
    who: str | None = None
    start: str
    end: str
    days: float


class Futures(Frozen):
    """Days of work, rounded up to halves, and the day on which it is done, in 5, 8 and 9 of 10 simulated futures."""

    days: dict[str, float]
    done_by: dict[str, str]
    """Empty where something is not known that may move the days; `lacks` names it."""
    lacks: tuple[str, ...] = ()


class Placed(Frozen):
    """A unit in a later quarter. `days` of work, repairs included; `conditional` where a gate of today is in its way."""

    unit: str
    name: str
    days: float
    conditional: bool


class QuarterLoad(Frozen):
    """What a quarter holds [days of people, less the buffer], and what is put into it."""

    quarter: str
    capacity_days: float
    planned_days: float
    units: tuple[Placed, ...]


class Following(Frozen):
    """An order for at most four quarters by a serial schedule, those of most value first.

    `at_most` is what no order can exceed, by capacity alone. `unplaced` did not fit, `not_estimated` has no stated work,
    `kept_out` has something in its way that time does not take away. Where `lacks` names something that the plan does
    not say of its people's days, the days are an upper bound.
    """

    quarters: tuple[QuarterLoad, ...]
    considered: int
    at_most: int
    unplaced: int
    not_estimated: int
    kept_out: int
    lacks: tuple[str, ...] = ()


class Quarter(Frozen):
    """The quarter of the first unit, or of the one that is nearest to it and only too large.

    `futures` stands only where people gave three estimates for all of its work. Where it does not fit, `fits` is false
    and `held_days` says how much of the move the quarter holds: the largest part of it that can be done.
    """

    unit: str
    start: str
    end: str
    steps: tuple[QuarterStep, ...]
    futures: Futures | None = None
    fits: bool | None = None
    stop_on: str | None = None
    """What is not over on this day stops: nine of ten futures, or the end of the quarter."""
    held_days: float | None = None
    following: Following | None = None


class ValueOfInformation(Frozen):
    """A fact that may change the answer. `decides`: a gate waits for it, and one answer puts another first.

    `points` is what the choice gains on average when it becomes known, in points of the score.
    """

    kind: str
    fact: str
    subjects: tuple[str, ...]
    points: float
    decides: bool


class SecurityPart(Frozen):
    """A part of the landing zone: its state (`in_place`, `planned`, `absent`; null where nobody says), and when it stands."""

    part: str
    state: str | None
    due: str | None = None


class First(Frozen):
    """The answer to: which one first? `p_*` are null where there is nothing to compare it with."""

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
    robustness: Robustness | None = None
    measure: Reason | None = None
    """What gets better, from what to what, by when and by whom it is measured; or that this has to be agreed."""
    security: tuple[SecurityPart, ...] = ()
    worth_asking: tuple[ValueOfInformation, ...] = ()
    """Facts whose answer can change the choice; empty where no single answer does."""
    anchors: str
    """Version of the anchors that values were read from."""
