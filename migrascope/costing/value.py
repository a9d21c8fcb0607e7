"""Value beyond money: outcomes and promises with their baseline and target, priced only where the plan states a price."""

from __future__ import annotations

from typing import Any, Final

from migrascope.estate.subjects import WorkloadSubject
from migrascope.facts.asking import Asking
from migrascope.model.uncertain import known_or_none
from migrascope.model.value import Gain, ValueOpinion, Worth


def value_of(asking: Asking) -> ValueOpinion | None:
    """What the plan promises besides money; None where it promises nothing."""
    gains = [
        Gain(
            what=each.what, workload=None, unit=each.unit, now=each.now, expected=each.expected,
            on=each.on.isoformat() if each.on else None,
            worth=_worth(each.better, each.now, each.expected, (each.worth_low, each.worth_high), asking),
        )
        for each in asking.plan.value or ()
    ]  # fmt: skip
    outcomes = (_outcome(workload, asking) for workload in asking.estate.workloads)
    gains += [gain for gain in outcomes if gain is not None]
    return ValueOpinion(gains=tuple(gains), without_baseline=sum(gain.now is None for gain in gains)) if gains else None


_OUTCOME: Final = (
    "metric", "unit", "target", "due", "measured_by", "better", "worth_low", "worth_high", "baseline.value", "baseline.on",
)  # fmt: skip


def _outcome(workload: WorkloadSubject, asking: Asking) -> Gain | None:
    """The outcome of a workload; None where it names none."""
    stated = {name: known_or_none(asking.ask(workload, f"outcome.{name}")) for name in _OUTCOME}
    if stated["metric"] is None:
        return None
    now, expected, due, measured = (stated[name] for name in ("baseline.value", "target", "due", "baseline.on"))
    return Gain(
        what=stated["metric"], workload=workload.id, unit=stated["unit"], now=now, expected=expected,
        on=due.isoformat() if due else None, measured_on=measured.isoformat() if measured else None,
        measured_by=stated["measured_by"],
        worth=_worth(stated["better"], now, expected, (stated["worth_low"], stated["worth_high"]), asking),
    )  # fmt: skip


def _worth(
    better: str | None, now: float | None, expected: float | None, prices: tuple[Any, Any], asking: Asking
) -> Worth | None:
    """The gain in its unit, times what the plan says that a unit is worth.

    Which direction is better has to be said (`better: lower` or `higher`): a figure that gets worse is worth nothing, and one
    of which it is not said has no price.
    """
    low, high = prices
    if (low is None and high is None) or None in (now, expected, better) or asking.plan.currency is None:
        return None
    change = (expected or 0.0) - (now or 0.0)
    gain = change if better == "higher" else -change
    if gain <= 0:
        return None
    most = None if high is None else round(gain * float(high), 2)
    return Worth(low=round(gain * float(low or 0), 2), high=most, currency=asking.plan.currency)
