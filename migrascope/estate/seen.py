"""What was looked at: coverage records, held against what really stands in the inventory.

A list is complete only where a coverage record says `ok` or `empty` *and* as many items stand in the file as the
record counted. So neither a record nor a row can be taken away without notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from migrascope.model.fact import Missing, Why
from migrascope.model.inventory import Coverage, Inventory

_GOOD = ("ok", "empty")


def _named(record: Coverage) -> str:
    """What was not seen, in words that need no translation."""
    return f"{record.scope}: {record.operation}"


@dataclass(slots=True)
class Seen:
    """Coverage by scope and by what is covered (`server`, `server.disks`, `server.os_tools`)."""

    records: dict[tuple[str, str], list[Coverage]] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)

    @classmethod
    def of(cls, inventory: Inventory) -> Seen:
        """The coverage of an inventory."""
        seen = cls(counts=dict(inventory.seen))
        for record in inventory.coverage:
            for covered in record.covers:
                seen.records.setdefault((record.scope, covered), []).append(record)
        return seen

    def lacking(self, scope: str, covered: str) -> str | None:
        """Why a list is not complete, None where it is."""
        records = self.records.get((scope, covered), [])
        if not records:
            return f"{scope}: {covered}"
        for record in records:
            if record.status not in _GOOD:
                return _named(record)
        expected = sum(record.items for record in records)
        found = self.counts.get((scope, covered), 0)
        if found < expected:
            return f"{scope}: {covered}: {found} / {expected}"
        return None

    def absent(self, scope: str, covered: str) -> tuple[Why, str]:
        """Why a single value is not there: it was not covered, or the source has none for this subject."""
        for record in self.records.get((scope, covered), []):
            if record.status not in _GOOD:
                return "not_covered", _named(record)
        return "blank", ""

    def scopes(self, covered: str) -> Iterable[str]:
        """The scopes that have a coverage record for something."""
        return sorted({scope for scope, name in self.records if name == covered})

    def missing(self, kind: str, scopes_in_use: Iterable[str], *, collected: bool) -> frozenset[Missing]:
        """Why the list of all resources of a kind may not be complete; empty where it is."""
        scopes = {*self.scopes(kind), *scopes_in_use}
        if not scopes:
            return frozenset((Missing(kind, kind, "*", "not_looked_at" if collected else "no_inventory"),))
        gaps = ((scope, self.lacking(scope, kind)) for scope in sorted(scopes))
        return frozenset(Missing(kind, kind, "*", "incomplete", detail) for _, detail in gaps if detail)
