"""What was looked at: coverage records, held against what really stands in the inventory.

A list is complete only where a coverage record says `ok` or `empty` *and* as many items stand in the file as the
record counted. So neither a record nor a row can be taken away without notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from migrascope.model.inventory import Inventory
from migrascope.model.uncertain import Missing, Why


@dataclass(slots=True)
class CoverageIndex:
    """Coverage by scope and by what is covered (`server`, `server.disks`, `server.os_tools`)."""

    records: Mapping[tuple[str, str], str] = field(default_factory=dict)
    _known: dict[tuple[tuple[str, ...], str], dict[str, str | None]] = field(default_factory=dict)

    @classmethod
    def of(cls, inventory: Inventory) -> CoverageIndex:
        """The coverage of an inventory."""
        return cls(inventory.lacking)

    def covers(self, scopes: Iterable[str], covered: str) -> bool:
        """Some record of these scopes speaks of it."""
        return any((scope, covered) in self.records for scope in scopes)

    def known(self, scopes: tuple[str, ...], kind: str) -> dict[str, str | None]:
        """Answers of `lacking` by the name of a list: everything of a kind that was seen in one place asks the same."""
        return self._known.setdefault((scopes, kind), {})

    def lacking(self, scopes: tuple[str, ...], covered: str) -> str | None:
        """Why a list is not complete, None where it is."""
        for scope in scopes:
            found = self.records.get((scope, covered))
            if found is None:
                return f"{scope}: {covered}"
            if found:
                return found
        return None

    def absent(self, scopes: Iterable[str], covered: str) -> tuple[Why, str]:
        """Why a single value is not there: it was not covered, or the source has none for this subject."""
        for scope in scopes:
            found = self.records.get((scope, covered))
            if found:
                return "not_covered", found
        return "blank", ""

    def scopes(self, covered: str) -> Iterable[str]:
        """The scopes that have a coverage record for something."""
        return sorted(scope for scope, name in self.records if name == covered)

    def missing(self, kind: str, scopes_in_use: Iterable[str], *, collected: bool) -> frozenset[Missing]:
        """Why the list of all resources of a kind may not be complete; empty where it is."""
        scopes = {*self.scopes(kind), *scopes_in_use}
        if not scopes:
            return frozenset((Missing(kind, kind, "*", "not_looked_at" if collected else "no_inventory"),))
        gaps = (self.lacking((scope,), kind) for scope in sorted(scopes))
        return frozenset(Missing(kind, kind, "*", "incomplete", detail) for detail in gaps if detail)
