"""What can be taken away from a plan and an inventory, one fact at a time, and what may not happen then.

The law: taking a fact away never lowers an upper bound, raises a lower bound, narrows a range, moves a date earlier,
makes a gate pass, turns an outcome clear, or raises a unit's share of worst cases (`p_low`).
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal, get_args

from pydantic import BaseModel

from migrascope.assess import Options, assess
from migrascope.model.assessment import Assessment
from migrascope.model.cost import Cost, Range
from migrascope.model.plan import Plan
from migrascope.model.shape import shape
from migrascope.readers.plan import PlanFile, plan_from
from migrascope.readers.source import decode
from migrascope.readers.yaml import parse
from migrascope.snapshots import read_inventory
from tests.support import knowledge, rules, without

Path_ = tuple[str | int, ...]
Part = Literal["plan", "inventory"]

PREFERENCES: Final = frozenset({"profile", "goals", "quarter", "as_of", "schema", "$schema"})
"""What a reader prefers, or when the plan is judged: no fact about the estate."""
CLAIMS: Final = frozenset({"waivers", "responses", "overrides"})
"""What somebody decided; taking a decision away takes its effect away."""
TOLERANCE: Final = 0.011
"""Figures are rounded to cents."""


@dataclass(frozen=True)
class Loss:
    """One fact that is taken away: where it stands, and whether it is deleted or said to be unknown."""

    part: Part
    path: Path_
    unknown: bool = False

    def __str__(self) -> str:
        where = ".".join(map(str, self.path))
        return f"{self.part} {where}{' = unknown' if self.unknown else ''}"


@dataclass(frozen=True)
class Estate:
    """A plan and an inventory as data."""

    name: str
    plan: dict[str, Any]
    records: list[dict[str, Any]] | None = None
    as_of: dt.date = dt.date(2026, 11, 23)

    @classmethod
    def of(cls, name: str, text: str, records: list[dict[str, Any]] | None) -> Estate:
        """An estate whose plan stands as text."""
        return cls(name, parse(decode(text.encode(), "plan.yaml")).data, records)

    def file(self) -> PlanFile:
        """The plan as it is read from a file."""
        return plan_from(decode(json.dumps(self.plan, ensure_ascii=False, default=str).encode(), "plan.yaml"))

    def less(self, *losses: Loss) -> Estate:
        """The same estate without some of its facts; later places first, so that earlier ones still hold."""
        plan, records = self.plan, self.records
        for loss in sorted(losses, key=lambda loss: tuple(map(str, loss.path)), reverse=True):
            if loss.part == "inventory":
                records = without(records, loss.path)
            else:
                plan = replaced(plan, loss.path, "unknown") if loss.unknown else without(plan, loss.path)
        return Estate(self.name, plan, records, self.as_of)

    def assessed(self, folder: Path) -> Assessment:
        """The whole opinion. Raises InputError where the plan or the inventory is refused."""
        inventory = None
        if self.records is not None:
            path = folder / "inventory.jsonl"
            path.write_text("".join(json.dumps(record) + "\n" for record in self.records), encoding="utf-8")
            inventory = read_inventory([path])
        file = self.file()
        return assess(file.plan, inventory, rules(), knowledge(), Options(as_of=self.as_of, places=file))


def replaced(data: Any, path: Path_, value: Any) -> Any:
    """A copy of nested data with another value at one place."""
    head, *rest = path
    changed = data.copy()
    changed[head] = replaced(data[head], tuple(rest), value) if rest else value
    return changed


def plan_losses(data: Any) -> Iterator[Loss]:
    """Each field of a plan deleted, and each that may be unknown said to be unknown. Items of lists stay: they are claims."""
    yield from _fields(data, Plan, ())


def _fields(data: Any, model: type[BaseModel], prefix: Path_) -> Iterator[Loss]:
    required = {info.alias or name for name, info in model.model_fields.items() if info.is_required()}
    for key, value in data.items():
        if key in PREFERENCES | CLAIMS:
            continue
        known = shape(model).get(key)
        path = (*prefix, key)
        if key not in required:
            # Where the plan format says that silence means `none known`, silence is a statement; `unknown` is not.
            if known is None or known.silence != "none":
                yield Loss("plan", path)
            yield Loss("plan", path, unknown=True)
        if known is None or known.record is None:
            continue
        if isinstance(value, dict):
            yield from _fields(value, known.record, path)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from _fields(item, known.record, (*path, index))


def inventory_losses(records: Sequence[Any] | None) -> Iterator[Loss]:
    """Each record but the header, and each attribute, field and item of what it says."""
    for index, record in enumerate(records or ()):
        if record["kind"] == "header":
            continue
        yield Loss("inventory", (index,))
        for name in ("attributes", "readings", "value", "region", "zone", "provider", "name", "watched_days"):
            if name in record and name != "attributes":
                yield Loss("inventory", (index, name))
        yield from (Loss("inventory", (index, "attributes", *path)) for path in _parts(record.get("attributes", {})))


def _parts(data: Any, prefix: Path_ = ()) -> Iterator[Path_]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        if key == "place":
            continue
        yield (*prefix, key)
        yield from _parts(value, (*prefix, key))


def columns(records: Sequence[Any] | None) -> Iterator[tuple[Loss, ...]]:
    """Each attribute taken from every record of its type."""
    found: dict[tuple[str, str], list[Loss]] = {}
    for index, record in enumerate(records or ()):
        for name in record.get("attributes", {}):
            found.setdefault((record["type"], name), []).append(Loss("inventory", (index, "attributes", name)))
    return (tuple(losses) for losses in found.values())


@dataclass(frozen=True)
class Said:
    """What an assessment says and the law speaks of."""

    ranges: dict[str, tuple[float, float]] = field(default_factory=dict)
    currency: str = ""
    gates: dict[frozenset[str], dict[str, str]] = field(default_factory=dict)
    p_low: dict[frozenset[str], float] = field(default_factory=dict)
    dates: dict[str, dt.date] = field(default_factory=dict)
    recommended: str | None = None
    not_clear: frozenset[tuple[str, str]] = frozenset()
    complete: Mapping[str, bool] = field(default_factory=dict)


def said(assessment: Assessment) -> Said:
    """What an assessment says."""
    cost, first, quarter = assessment.cost, assessment.first, assessment.quarter
    members = {score.unit: frozenset(score.members) for score in first.scores} if first else {}
    standings = first.robustness.standings if first and first.robustness else ()
    dates: dict[str, dt.date] = {}
    if quarter is not None and quarter.futures is not None:
        dates = {f"{quarter.unit} {name}": dt.date.fromisoformat(day) for name, day in quarter.futures.done_by.items()}
    return Said(
        ranges=dict(_ranges(cost)) if cost else {},
        currency=cost.currency if cost else "",
        gates={members[unit]: {gate.gate: gate.state for gate in gates} for unit, gates in first.gates.items()}
        if first
        else {},
        p_low={members[each.unit]: each.p_low for each in standings},
        dates=dates,
        recommended=first.workload if first and first.status == "recommend" else None,
        not_clear=frozenset((f.rule, f.subject.id) for f in assessment.findings if not f.rule.startswith("waiver-")),
        complete={rule: tally.subjects_complete for rule, tally in assessment.findings_summary.by_rule.items()},
    )


def _ranges(cost: Cost) -> Iterator[tuple[str, tuple[float, float]]]:
    for workload in cost.workloads:
        for name in ("repriced", "right_sized", "now"):
            yield f"{workload.workload} {name}", _ends(name, getattr(workload, name))
        days = workload.copy_days
        known = days is not None and days.change_known
        ends = (days.p10 or 0.0, days.p90) if days is not None else (0.0, None)
        yield f"{workload.workload} copy_days", (ends[0], ends[1] if known and ends[1] is not None else math.inf)
    for name in ("repriced", "right_sized", "now"):
        yield f"total {name}", _ends(name, getattr(cost.total, name))
    for name in ("staying", "moving", "moving_right_sized", "difference", "difference_low_rate", "difference_high_rate"):
        yield f"whole {name}", _ends(name, getattr(cost.whole, name))
    yield from ((f"part {name}", _ends(name, each)) for name, each in cost.whole.parts.items())


def _ends(name: str, each: Range | None) -> tuple[float, float]:
    if each is None:
        return _nothing(name)
    return _nothing(name)[0] if each.p10 is None else each.p10, math.inf if each.p90 is None else each.p90


def _nothing(name: str) -> tuple[float, float]:
    """What is not priced may cost anything; only a difference may be less than nothing."""
    return (-math.inf if "difference" in name else 0.0), math.inf


DECISIONS: Final = frozenset(
    {"size", "count", "disk_gb", "commitment", "years", "coverage_percent", "licence", "windows", "sql"}
)
"""What a plan decides of its target. Without such a decision the lower bound is that of what runs today, at list, and the basis
of the range says so; it may lie above that of a plan that decided on less. The upper bound is open then."""


def decides(losses: Iterable[Loss]) -> bool:
    """One of the losses takes a decision of the plan away."""
    return any(loss.part == "plan" and "target" in loss.path and loss.path[-1] in {*DECISIONS, "target"} for loss in losses)


def broken(before: Said, after: Said, *, decided: bool = False) -> Iterator[str]:
    """In what ways a loss breaks the law. `decided`: it took a decision of the plan away, and lower bounds may rise."""
    if before.currency == after.currency:
        for name, (low, high) in after.ranges.items():
            old_low, old_high = before.ranges.get(name, _nothing(name))
            slack = TOLERANCE + 1e-9 * abs(old_low if math.isfinite(old_low) else 0.0)
            if low > old_low + slack and not decided:
                yield f"the lower bound of {name} rose from {old_low:,.2f} to {low:,.2f}"
            if high < old_high - slack:
                yield f"the upper bound of {name} fell from {old_high:,.2f} to {high:,.2f}"
    yield from _gates(before, after)
    for unit, share in after.p_low.items():
        if unit in before.p_low and share > before.p_low[unit] + 1e-9:
            yield f"p_low of {'+'.join(sorted(unit))} rose from {before.p_low[unit]:.4f} to {share:.4f}"
    for name, day in after.dates.items():
        if name in before.dates and day < before.dates[name]:
            yield f"{name} moved from {before.dates[name]} to {day}"
    if after.recommended is not None and after.recommended != before.recommended:
        yield f"{after.recommended} became recommended"
    for rule, subject in sorted(before.not_clear - after.not_clear):
        if after.complete.get(rule, False):
            yield f"{rule} of {subject} turned clear"


def _gates(before: Said, after: Said) -> Iterator[str]:
    for unit, gates in after.gates.items():
        name = "+".join(sorted(unit))
        if unit in before.gates:
            for gate, state in gates.items():
                was = before.gates[unit].get(gate)
                if state == "pass" and was not in ("pass", None):
                    yield f"gate {gate} of {name} went from {was} to pass"
            continue
        # Another unit than before: it may not be clean where the one that its workloads came from was not.
        for old, states in before.gates.items():
            if unit & old and _in_the_way(states) and not _in_the_way(gates):
                yield f"{name} has nothing in its way, and {'+'.join(sorted(old))} had"


def _in_the_way(states: Mapping[str, str]) -> bool:
    return any(state in ("fail", "unknown") for state in states.values())


assert set(get_args(Part)) == {"plan", "inventory"}
