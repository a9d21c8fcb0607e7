"""Where the time goes: each fact that takes work, and each rule, over all subjects of its kind."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from migrascope.engine.batch_compiler import compile_batch
from migrascope.engine.compiled import CompiledRule
from migrascope.engine.nodes import Name
from migrascope.estate.subjects import Subject
from migrascope.facts.asking import Asking
from migrascope.facts.catalogue import Ref, read
from migrascope.model.uncertain import Listing


@dataclass(frozen=True, slots=True)
class RuleTiming:
    """How long one fact or rule took over all of its subjects."""

    what: str
    name: str
    kind: str
    subjects: int
    seconds: float


@dataclass(slots=True)
class Profile:
    """Gathers timings. Facts are read first and kept, so that a rule's time is its own."""

    timings: list[RuleTiming] = field(default_factory=list)

    def measure(self, asking: Asking, rules: Sequence[CompiledRule], subjects: Listing[Subject]) -> None:
        """Time every computed fact that these rules name, and then every rule by itself."""
        for ref in _computed(rules):
            self._time("fact", ref.name, subjects, lambda subject, ref=ref: read(asking, ref, subject))
        for rule in rules:
            self._time("rule", rule.rule.id, subjects, partial(compile_batch([rule]), asking))

    def _time(self, what: str, name: str, subjects: Listing[Subject], ask) -> None:  # type: ignore[no-untyped-def]
        started = time.perf_counter()
        for subject in subjects:
            try:
                ask(subject)
            except Exception:  # noqa: S112 (the run itself tells what fails)
                continue
        seconds = time.perf_counter() - started
        kind = subjects.items[0].kind if len(subjects) else ""
        self.timings.append(RuleTiming(what, name, kind, len(subjects), seconds))

    def table(self) -> str:
        """The slowest first, one line each."""
        lines = [f"{'seconds':>9} {'us each':>8}  subjects"]
        for timing in sorted(self.timings, key=lambda timing: -timing.seconds):
            each = 1e6 * timing.seconds / timing.subjects if timing.subjects else 0.0
            lines.append(f"{timing.seconds:9.3f} {each:8.1f}  {timing.subjects:>8}  {timing.kind}: {timing.what} {timing.name}")
        return "\n".join(lines)


def _computed(rules: Sequence[CompiledRule]) -> list[Ref]:
    found: dict[str, Ref] = {}
    for rule in rules:
        for expression in rule.expressions():
            for node in expression.walk():
                if isinstance(node, Name) and any(step.computed for step in node.ref.steps):
                    found.setdefault(node.ref.name, node.ref)
    return list(found.values())
