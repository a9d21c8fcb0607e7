"""The rules that ship: their own examples, and what a rule owes its reader."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from migrascope.engine.compiled import CompiledRule, RuleError, compile_rule
from migrascope.engine.examples import failures
from migrascope.engine.lint import complaints
from migrascope.engine.outcome import ask
from migrascope.model.problem import InputError
from migrascope.model.rule import LoadedRule
from migrascope.readers.rules import read_rules
from migrascope.texts import LANGUAGES
from tests.support import ROOT, rules


def by_id(name: str) -> CompiledRule:
    return next(rule for rule in rules() if rule.rule.id == name)


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.rule.id)
def test_every_example_holds_and_nothing_is_owed(rule: CompiledRule) -> None:
    assert list(failures(rule)) == []
    assert list(complaints(rule)) == []
    for language in LANGUAGES:
        for words in (rule.rule.title, rule.rule.message, rule.rule.risk, rule.rule.remedy):
            assert words.in_(language).strip()


def changed(name: str, **fields: object) -> CompiledRule:
    rule = by_id(name)
    data = rule.rule.model_dump(by_alias=True) | fields
    return compile_rule(LoadedRule.model_validate({"category": rule.category, "rule": data}))


def test_lint_notices_an_example_that_cannot_fail() -> None:
    rule = by_id("moves-before-its-dependency")
    kept = tuple(example for example in rule.rule.examples if "batch" not in example.name)
    poorer = dataclasses.replace(rule, rule=rule.rule.model_copy(update={"examples": kept}))
    assert any("no example notices" in complaint for complaint in complaints(poorer))


def test_known_may_not_guard_a_finding() -> None:
    guards = ("known(rollback.tested_on) and users > 5", "not (not known(owner.business))", "known(owner.business) == True")
    for when in guards:
        with pytest.raises(RuleError, match="may not guard"):
            changed("no-business-owner", when=when)
    with pytest.raises(RuleError, match="it is a gap"):
        changed("no-business-owner", when="not known(users)")
    with pytest.raises(RuleError, match="may not guard"):
        changed("no-business-owner", unless="not known(members)")


def test_an_unknown_exception_leaves_a_finding_unknown() -> None:
    from migrascope.engine.examples import Given

    rule = by_id("no-rollback-plan")
    assert ask(rule, Given("workload", {"disposition": "rehost"})).verdict == "finding"
    assert ask(rule, Given("workload", {})).verdict == "unknown"
    assert ask(rule, Given("workload", {"disposition": "retire"})).verdict == "not_applicable"


def test_an_unknown_severity_is_the_highest_that_is_not_ruled_out() -> None:
    from migrascope.engine.examples import Given

    rule = by_id("moves-before-its-dependency")
    given = {"caller": {"wave": {"rank": 1}}, "callee": {"wave": {"rank": 2}, "disposition": "rehost"}}
    answer = ask(rule, Given("dependency", {**given, "style": "synchronous"}))
    assert (answer.verdict, answer.severity) == ("finding", "high")


def test_a_consultants_own_rule_is_one_file(tmp_path: Path) -> None:
    text = (ROOT / "rules" / "complexity" / "no-business-owner.yaml").read_text(encoding="utf-8")
    (tmp_path / "complexity").mkdir()
    file = tmp_path / "complexity" / "no-technical-owner.yaml"
    file.write_text(
        text.replace("no-business-owner", "no-technical-owner")
        .replace("known(owner.business)", "known(owner.technical)")
        .replace("{owner: {technical: S. Bakker}}", "{owner: {business: J}}")
        .replace("{owner: {business: J. de Vries}}", "{owner: {technical: S}}")
        .replace("{owner: {business: null}}", "{owner: {technical: null}}"),
        encoding="utf-8",
    )
    (rule,) = read_rules(tmp_path, check_examples=True)
    assert rule.rule.id == "no-technical-owner"
    assert list(failures(rule)) == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("when: not known(owner.business)", "when: not known(owner.busines)", "did you mean `owner.business`"),
        ("id: no-business-owner", "id: another-name", "make them equal"),
        ("severity: high", "severity: hihg", "did you mean `high`"),
        ("given: {}", "given: {ownr: 1}", "is not a fact"),
        ("title:", "titel:", "did you mean `title`"),
        ("{name}: the plan", "{nmae}: the plan", "did you mean `name`"),
    ],
)
def test_a_broken_rule_says_where(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (ROOT / "rules" / "complexity" / "no-business-owner.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "complexity").mkdir()
    file = tmp_path / "complexity" / "no-business-owner.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError, match=r"no-business-owner\.yaml:[0-9]+:[0-9]+") as caught:
        read_rules(tmp_path, check_examples=True)
    assert message in str(caught.value)
