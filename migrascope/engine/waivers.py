"""Findings that somebody accepts, until a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from migrascope.estate.subjects import Subject, WaiverSubject
from migrascope.model.assessment import WaiverNote


@dataclass(slots=True)
class WaiverBook:
    """The waivers of a plan and those beside it, and which of them did something."""

    waivers: Sequence[WaiverSubject]
    as_of: dt.date
    by_rule: dict[str, list[WaiverSubject]] = field(default_factory=dict)
    states: dict[Subject, str] = field(default_factory=dict)
    """applied, unmatched, malformed or expired, by waiver."""

    def __post_init__(self) -> None:
        for waiver in self.waivers:
            self.states[waiver] = self._state(waiver)
            for rule in waiver.rules if self.states[waiver] == "unmatched" else ():
                self.by_rule.setdefault(rule, []).append(waiver)

    def find(self, rule: str, ids: Sequence[str]) -> WaiverNote | None:
        """The waiver that counts for a rule and a subject, known by any of several ids."""
        for waiver in self.by_rule.get(rule, ()):
            claim = waiver.terms
            if claim.subject in ids:
                self.states[waiver] = "applied"
                return WaiverNote(reason=str(claim.reason), approver=claim.approver, expires=str(claim.expires))
        return None

    def _state(self, waiver: WaiverSubject) -> str:
        """`malformed` (something mandatory is absent), `expired`, or `unmatched` until it does something."""
        claim = waiver.terms
        if not waiver.rules or None in (claim.subject, claim.reason, claim.expires):
            return "malformed"
        return "expired" if claim.expires is not None and claim.expires < self.as_of else "unmatched"

    def report(self) -> tuple[dict[str, Any], ...]:
        """Every waiver with its state: applied, unmatched, malformed or expired."""
        return tuple(
            {**waiver.terms.model_dump(mode="json", exclude_none=True), "state": self.states[waiver]} for waiver in self.waivers
        )
