"""Facts about a waiver."""

from __future__ import annotations

from migrascope.estate.subjects import WaiverSubject
from migrascope.facts.asking import Asking
from migrascope.model.uncertain import Fact, Known


def state(asking: Asking, waiver: WaiverSubject) -> Fact[str]:
    """applied, unmatched (it matches no finding), malformed (something mandatory is absent) or expired."""
    return Known(asking.waiver_states.get(waiver, "unmatched"), (waiver.place,) if waiver.place else ())
