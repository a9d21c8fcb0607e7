"""Findings that somebody accepts, until a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from migrascope.model.assessment import WaiverNote
from migrascope.model.plan import Waiver


@dataclass(slots=True)
class WaiverBook:
    """The waivers of a plan, and which of them did something."""

    waivers: Sequence[Waiver]
    as_of: dt.date
    used: set[int] = field(default_factory=set)

    def find(self, rule: str, ids: Sequence[str]) -> WaiverNote | None:
        """The waiver that counts for a rule and a subject, known by any of several ids."""
        for number, waiver in enumerate(self.waivers):
            if self.state(number) == "valid" and waiver.rule == rule and waiver.subject in ids:
                self.used.add(number)
                return WaiverNote(reason=str(waiver.reason), approver=waiver.approver, expires=str(waiver.expires))
        return None

    def state(self, number: int) -> str:
        """`valid`, `malformed` (something mandatory is absent) or `expired`."""
        waiver = self.waivers[number]
        if None in (waiver.rule, waiver.subject, waiver.reason, waiver.expires):
            return "malformed"
        return "expired" if waiver.expires is not None and waiver.expires < self.as_of else "valid"

    def report(self) -> tuple[dict[str, Any], ...]:
        """Every waiver with its state: applied, unmatched, malformed or expired."""
        states = [self.state(number) for number in range(len(self.waivers))]
        words = ("applied" if n in self.used else "unmatched" if state == "valid" else state for n, state in enumerate(states))
        return tuple(
            {**waiver.model_dump(mode="json", exclude_none=True), "state": word}
            for waiver, word in zip(self.waivers, words, strict=True)
        )
