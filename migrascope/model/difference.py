"""What changed from one opinion to the next."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from migrascope.model.assessment import Assessment, Finding
from migrascope.model.base import Frozen
from migrascope.model.cost import Range
from migrascope.model.rule import SEVERITIES, Severity

Change = Literal["new", "worse", "better", "gone", "accepted", "expired", "unknown"]
CHANGES: Final[tuple[Change, ...]] = ("new", "expired", "worse", "unknown", "better", "accepted", "gone")
"""In the order in which they are told: what asks for attention first."""


class Changed(Frozen):
    """One finding that is not what it was."""

    change: Change
    fingerprint: str
    rule: str
    subject: str
    before: Severity | None
    after: Severity | None
    message: str


class FirstChange(Frozen):
    """Another workload is first, or another thing comes before it."""

    before: str | None
    after: str | None
    status_before: str | None
    status_after: str | None
    why: str | None = Field(description="Why the one that was first is not any more, where the new opinion says so")


class Money(Frozen):
    """What the plan costs a month, before and after."""

    claimed_before: Range | None
    claimed_after: Range | None
    repriced_before: Range | None
    repriced_after: Range | None


class Difference(Frozen):
    """What changed from one opinion to the next. `changes` stand in the order in which they are told."""

    before: str
    after: str
    changes: tuple[Changed, ...]
    counts: dict[str, int]
    unchanged: int
    first: FirstChange
    cost: Money | None
    gaps_closed: tuple[str, ...]
    gaps_opened: tuple[str, ...]

    def fails(self, change: Change, severity: Severity) -> bool:
        """There is a change of this kind that is this severe, or worse."""
        limit = SEVERITIES.index(severity)
        return any(each.change == change and SEVERITIES.index(each.after or "info") >= limit for each in self.changes)


def difference(old: Assessment, new: Assessment) -> Difference:
    """What changed. A finding is the same by its fingerprint: by rule and subject, whatever its line or its words are."""
    before = {finding.fingerprint: finding for finding in old.findings}
    after = {finding.fingerprint: finding for finding in new.findings}
    seen = _answered(new)
    found = [change for mark in before.keys() | after.keys() if (change := _changed(before.get(mark), after.get(mark), seen))]
    found.sort(key=lambda each: (CHANGES.index(each.change), -SEVERITIES.index(each.after or each.before or "info"),
                                 each.rule, each.subject))  # fmt: skip
    told = {each.fingerprint for each in found}
    gaps = [{f"{gap.kind}.{gap.fact}" for gap in each.gaps} for each in (old, new)]
    return Difference(
        before=old.as_of,
        after=new.as_of,
        changes=tuple(found),
        counts={name: sum(each.change == name for each in found) for name in CHANGES},
        unchanged=sum(f.fingerprint not in told and f.outcome == "finding" for f in new.findings),
        first=_first(old, new),
        cost=_money(old, new),
        gaps_closed=tuple(sorted(gaps[0] - gaps[1])),
        gaps_opened=tuple(sorted(gaps[1] - gaps[0])),
    )


def _answered(new: Assessment) -> frozenset[str]:
    """Rules that were asked, and whose every unknown answer stands in the list: of these, what is not there has gone."""
    listed: dict[str, int] = {}
    for finding in new.findings:
        if finding.outcome == "unknown":
            listed[finding.rule] = listed.get(finding.rule, 0) + 1
    tallies = new.findings_summary.by_rule.items()
    return frozenset(
        rule for rule, tally in tallies
        if tally.failed is None and tally.subjects_complete and tally.unknown <= listed.get(rule, 0)
    )  # fmt: skip


def _changed(old: Finding | None, new: Finding | None, answered: frozenset[str]) -> Changed | None:
    was, now = (each.outcome if each is not None else None for each in (old, new))
    if was == now and (was != "finding" or (old and new and old.severity == new.severity)):
        return None
    change = _kind(old, new)
    if change == "gone" and new is None and old is not None and old.rule not in answered:
        change = "unknown"
    known = new or old
    if change is None or known is None:
        return None
    return Changed(
        change=change, fingerprint=known.fingerprint, rule=known.rule, subject=known.subject.name,
        before=old.severity if old is not None and was == "finding" else None,
        after=new.severity if new is not None and now == "finding" else None, message=known.message,
    )  # fmt: skip


def _kind(old: Finding | None, new: Finding | None) -> Change | None:
    was, now = (each.outcome if each is not None else None for each in (old, new))
    if old is not None and new is not None and was == now == "finding":
        return "worse" if SEVERITIES.index(new.severity) > SEVERITIES.index(old.severity) else "better"
    if now == "finding":
        return "expired" if was == "waived" else "new"
    if now == "waived":
        return "accepted"
    # What nobody can see any more has not gone: it is not known.
    if now == "unknown":
        return "unknown" if was in ("finding", "waived") else None
    return "gone" if was in ("finding", "waived") else None


def _first(old: Assessment, new: Assessment) -> FirstChange:
    was, now = old.first, new.first
    against = None
    if was is not None and now is not None and was.name != now.name:
        left = next((each for each in now.not_now if each.unit == "+".join(was.move_group) or each.name == was.name), None)
        against = left.reason.code if left is not None else None
    return FirstChange(
        before=was.name if was else None, after=now.name if now else None, status_before=was.status if was else None,
        status_after=now.status if now else None, why=against,
    )  # fmt: skip


def _money(old: Assessment, new: Assessment) -> Money | None:
    if old.cost is None or new.cost is None:
        return None
    was, now = old.cost.total, new.cost.total
    return Money(
        claimed_before=was.claimed, claimed_after=now.claimed, repriced_before=was.repriced, repriced_after=now.repriced
    )
