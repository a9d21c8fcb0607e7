"""Missing facts, each told once: whose it is, why it is missing, what waits for it, who can answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from migrascope.estate.subjects import Estate
from migrascope.facts.catalogue import spec_of
from migrascope.model.assessment import Gap, GapReason, GapSubjects
from migrascope.model.kinds import KINDS
from migrascope.model.uncertain import Missing

_LISTS: Final = {kind.name: (kind.heading, kind.ask) for kind in KINDS.values()} | {
    "dependency": ("Dependencies", "technical_owner")
}
"""What a list of all subjects of a kind is called, and who can complete it."""


@dataclass(slots=True)
class _Tally:
    reasons: dict[str, Missing] = field(default_factory=dict)
    rules: set[str] = field(default_factory=set)


@dataclass(slots=True)
class GapBook:
    """Gathers missing facts while rules run."""

    tallies: dict[tuple[str, str], _Tally] = field(default_factory=dict)

    def add(self, missing: frozenset[Missing], rule: str) -> None:
        """A rule waits for these facts."""
        for fact in missing:
            key = (fact.kind, fact.fact)
            tally = self.tallies.get(key)
            if tally is None:
                tally = self.tallies[key] = _Tally()
            known = tally.reasons.get(fact.subject)
            if known is fact:
                tally.rules.add(rule)
                continue
            # One reason a subject: the smallest, so that the order in which rules ran does not show.
            if known is None or fact < known:
                tally.reasons[fact.subject] = fact
            tally.rules.add(rule)

    def gaps(self, estate: Estate) -> tuple[Gap, ...]:
        """All gaps; first those for which most rules wait."""
        found = [_gap(kind, fact, tally, estate) for (kind, fact), tally in self.tallies.items()]
        return tuple(sorted(found, key=lambda gap: (-len(gap.rules_waiting), -gap.subjects.count, gap.kind, gap.fact)))


def _gap(kind: str, fact: str, tally: _Tally, estate: Estate) -> Gap:
    spec = spec_of(kind, fact)
    meaning, ask = (spec.meaning, spec.ask) if spec else _LISTS.get(kind, ("", "migration_lead"))
    if spec is not None and spec.computed:
        ask = _LISTS.get(kind, ("", "migration_lead"))[1]
    ids = tuple(sorted(subject for subject in tally.reasons if subject != "*"))
    reasons = Counter((missing.why, _detail(missing)) for missing in tally.reasons.values())
    return Gap(
        kind=kind,
        fact=fact,
        meaning=meaning,
        subjects=GapSubjects(count=len(ids), of=len(estate.subjects(kind)), ids=ids),
        rules_waiting=tuple(sorted(tally.rules)),
        why=tuple(
            GapReason(why=why, detail=detail, count=count)
            for (why, detail), count in sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        ask=ask,
        derived=spec is not None and spec.computed,
    )


def _detail(missing: Missing) -> str:
    """Details that belong to one subject do not make a reason of their own."""
    return missing.detail if missing.why in ("not_covered", "incomplete", "no_knowledge") else ""
