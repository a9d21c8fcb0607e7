"""Facts about a waiver."""

from __future__ import annotations

from migrascope.estate.subjects import WaiverSubject
from migrascope.model.uncertain import Fact, Known


def state(waiver: WaiverSubject) -> Fact[str]:
    """applied, unmatched (it matches no finding), malformed (something mandatory is absent) or expired."""
    return Known(waiver.state, (waiver.place,) if waiver.place else ())
