"""Ask the rules again of a few subjects, as when something else is supposed of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evaluate import OnSubject
from migrascope.engine.findings import finding
from migrascope.engine.fused import Fused, fuse
from migrascope.engine.outcome import conclude
from migrascope.engine.waivers import WaiverBook
from migrascope.estate.subjects import Estate, Subject
from migrascope.model.assessment import Finding


class Again:
    """All rules, one function for each kind of subject, made when it is first asked for."""

    def __init__(self, estate: Estate, rules: Sequence[CompiledRule]) -> None:
        self.estate, self.rules = estate, rules
        self.kinds: dict[str, tuple[list[CompiledRule], Fused]] = {}

    @cached_property
    def waivers(self) -> WaiverBook:
        """The waivers, in a book of their own: what they match here does not count as used."""
        return WaiverBook(self.estate.waivers, self.estate.as_of)

    def findings(self, subjects: Iterable[Subject]) -> Iterator[Finding]:
        """Findings and unknowns about these subjects. Raises whatever a broken rule or fact raises."""
        for subject in subjects:
            rules, ask = self._of(subject.kind)
            for number, fired, excepted in ask(subject):
                if excepted is not True:
                    answer = conclude(rules[number], OnSubject(subject), fired, excepted)
                    yield finding(rules[number], subject, answer, self.waivers, frozenset())

    def _of(self, kind: str) -> tuple[list[CompiledRule], Fused]:
        if kind not in self.kinds:
            rules = [rule for rule in self.rules if rule.rule.for_ == kind]
            self.kinds[kind] = rules, fuse(rules)
        return self.kinds[kind]
