"""Ask the rules again of a few subjects, as when something else is supposed of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrascope.engine.batch_compiler import CompiledBatch, compile_batch
from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evaluate import OnSubject
from migrascope.engine.findings import finding
from migrascope.engine.outcome import conclude
from migrascope.engine.waivers import WaiverBook
from migrascope.estate.subjects import Subject
from migrascope.facts.asking import Asking
from migrascope.model.assessment import Finding


class Reevaluation:
    """All rules, one function for each kind of subject, made when it is first asked for."""

    def __init__(self, rules: Sequence[CompiledRule]) -> None:
        self.rules = rules
        self.kinds: dict[str, tuple[list[CompiledRule], CompiledBatch]] = {}

    def findings(self, asking: Asking, subjects: Iterable[Subject]) -> Iterator[Finding]:
        """Findings and unknowns about these subjects. Raises whatever a broken rule or fact raises."""
        # A book of its own: what a waiver matches here does not count as used.
        waivers = WaiverBook(asking.estate.waivers, asking.estate.as_of)
        for subject in subjects:
            rules, ask = self._of(subject.kind)
            for number, fired, excepted in ask(asking, subject):
                if excepted is not True:
                    answer = conclude(rules[number], OnSubject(asking, subject), fired, excepted)
                    yield finding(asking, rules[number], subject, answer, waivers, frozenset())

    def _of(self, kind: str) -> tuple[list[CompiledRule], CompiledBatch]:
        if kind not in self.kinds:
            rules = [rule for rule in self.rules if rule.rule.for_ == kind]
            self.kinds[kind] = rules, compile_batch(rules)
        return self.kinds[kind]
