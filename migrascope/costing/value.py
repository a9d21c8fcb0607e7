"""Value beyond money: outcomes and promises with their baseline and target, priced only where the plan states a price."""

from __future__ import annotations

from migrascope.estate.subjects import Estate
from migrascope.model import plan as claims
from migrascope.model.value import Gain, Value, Worth


def value_of(estate: Estate) -> Value | None:
    """What the plan promises besides money; None where it promises nothing."""
    gains = [_promised(each, estate) for each in estate.plan.value or ()]
    for workload in estate.workloads:
        outcome = workload.claim.outcome
        if outcome is not None and outcome.metric is not None:
            gains.append(_outcome(outcome, workload.id, estate))
    return Value(gains=tuple(gains), without_baseline=sum(gain.now is None for gain in gains)) if gains else None


def _promised(each: claims.Value, estate: Estate) -> Gain:
    return Gain(
        what=each.what, workload=None, unit=each.unit, now=each.now, expected=each.expected,
        on=each.on.isoformat() if each.on else None, worth=_worth(each, each.now, each.expected, estate),
    )  # fmt: skip


def _outcome(outcome: claims.Outcome, workload: str, estate: Estate) -> Gain:
    baseline = outcome.baseline or claims.Baseline()
    return Gain(
        what=outcome.metric or "", workload=workload, unit=outcome.unit, now=baseline.value, expected=outcome.target,
        on=outcome.due.isoformat() if outcome.due else None,
        measured_on=baseline.on.isoformat() if baseline.on else None, measured_by=outcome.measured_by,
        worth=_worth(outcome, baseline.value, outcome.target, estate),
    )  # fmt: skip


def _worth(priced: claims.Value | claims.Outcome, now: float | None, expected: float | None, estate: Estate) -> Worth | None:
    """The change in its unit, times what the plan says that a unit is worth."""
    low, high = priced.worth_low, priced.worth_high
    if (low is None and high is None) or now is None or expected is None or estate.plan.currency is None:
        return None
    change = abs(expected - now)
    least = float(low) if low is not None else 0.0
    most = change * float(high) if high is not None else None
    return Worth(low=round(change * least, 2), high=None if most is None else round(most, 2), currency=estate.plan.currency)
