"""The compiled function against the interpreter: on whatever is asked of whatever is known, they say the same."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from migrascope.engine.batch_compiler import compile_batch
from migrascope.engine.compiled import CompiledRule, compile_rule
from migrascope.engine.evaluate import OnSubject
from migrascope.engine.outcome import ask, conclude
from migrascope.estate.join import join
from migrascope.estate.subjects import Subject
from migrascope.facts.asking import Asking
from migrascope.facts.catalogue import asking_about
from migrascope.model.inventory import Inventory
from migrascope.model.places import Nowhere
from migrascope.model.rule import LoadedRule
from tests.engine.expressions import AS_OF, conditions, servers
from tests.support import knowledge, plan, rules


def subject_of(record: dict[str, Any], covered: dict[str, str]) -> tuple[Asking, Subject]:
    file = plan("workloads: [{id: a, members: [{name: x}]}]\n")
    lacking = {("x.xlsx", name): why for name, why in covered.items()}
    inventory = Inventory(resources=(copy.deepcopy(record),), lacking=lacking)
    estate = join(file.plan, Nowhere(), inventory, knowledge(), AS_OF)
    return asking_about(estate), estate.servers.items[0]


def rule_of(when: str, unless: str | None) -> CompiledRule:
    words = {"en": "x", "nl": "x"}
    rule = {
        "id": "x", "for": "server", "severity": "low", "confidence": "low", "title": words, "when": when, "message": words,
        "risk": words, "remedy": words, "effort": 1, "sources": [], "examples": [],
    }  # fmt: skip
    if unless is not None:
        rule["unless"] = unless
    return compile_rule(LoadedRule.model_validate({"category": "complexity", "rule": rule}))


@cache
def _shipped() -> list[CompiledRule]:
    return [rule for rule in rules() if rule.rule.for_ == "server"]


def fused_answers(asking: Asking, subject: Subject, asked: list[CompiledRule]) -> list[Any]:
    found: list[Any] = [None] * len(asked)
    for number, fired, excepted in compile_batch(asked)(asking, subject):
        found[number] = conclude(asked[number], OnSubject(asking, subject), fired, excepted)
    return [answer and (answer.verdict, answer.severity, answer.missing) for answer in found]


def interpreted(asking: Asking, subject: Subject, asked: list[CompiledRule]) -> list[Any]:
    answers = [ask(rule, OnSubject(asking, subject)) for rule in asked]
    return [None if a.verdict == "clear" else (a.verdict, a.severity, a.missing) for a in answers]


_COVERED = st.dictionaries(
    st.sampled_from(["server", "server.disks", "server.nics", "server.partitions", "server.cpus", "server.os_tools"]),
    st.sampled_from(["", "x.xlsx: vDisk"]),
)


@settings(max_examples=400)
@given(record=servers(), when=conditions(), unless=st.none() | conditions(), covered=_COVERED)
def test_any_condition_on_any_server(record: dict[str, Any], when: str, unless: str | None, covered: dict[str, str]) -> None:
    asked = [rule_of(when, unless)]
    assert fused_answers(*subject_of(record, covered), asked) == interpreted(*subject_of(record, covered), asked)


@settings(max_examples=150)
@given(record=servers(), covered=_COVERED)
def test_the_rules_that_ship_asked_together(record: dict[str, Any], covered: dict[str, str]) -> None:
    asked = _shipped()
    assert fused_answers(*subject_of(record, covered), asked) == interpreted(*subject_of(record, covered), asked)
