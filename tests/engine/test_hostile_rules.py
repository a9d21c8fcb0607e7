"""Rule packs are hostile until proven otherwise: no crash, no hang, no code run, bounded work."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrascope.engine import run as engine
from migrascope.engine.language import ExpressionError, parse_expression
from migrascope.model.problem import InputError
from migrascope.readers.rules import read_rules
from migrascope.readers.source import decode
from migrascope.readers.yaml import parse
from tests.engine.test_batch_compiler import fused_answers, interpreted, subject_of
from tests.support import ROOT, judged, plan

WORDS = """
and or not in any all count sum min max known days date startswith matches cpus power disks capacity_mib raw item
plan.as_of params.x ( ) [ ] , . == != < <= > >= + - * / ** % "on" 1 1e309 0x1 lambda x: x __import__ os.system
eval exec {} f'{cpus}' cpus.__class__ (lambda:0)() [c-for-c-in-disks] yield await := ... None True
"""
TOKENS = tuple(WORDS.split())


_text = st.lists(st.sampled_from(TOKENS), max_size=30).map(" ".join) | st.text(max_size=200)


@settings(max_examples=500)
@given(text=_text)
def test_any_text_is_a_condition_or_is_refused(text: str) -> None:
    try:
        parse_expression(text, "server", {"x": 1})
    except ExpressionError:
        return


@settings(max_examples=300)
@given(text=st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_any_file_is_a_rule_or_is_refused(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("pack")
    (folder / "security").mkdir()
    (folder / "security" / "x.yaml").write_text(text, encoding="utf-8", newline="")
    try:
        read_rules(folder, check_examples=True)
    except InputError:
        return


@pytest.mark.parametrize(
    "text",
    [
        "(" * 500 + "cpus" + ")" * 500,
        "not " * 900 + "power == 'on'",
        " and ".join(["cpus > 1"] * 400),
        "cpus > 9" + "9" * 5000,
        "'a' * 10 ** 9 == power",
        "-" * 900 + "1 > cpus",
        "matches(power, '" + "(a*)*" * 60 + "')",
    ],
)
def test_depth_and_length_are_bounded(text: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionError):
        parse_expression(text, "server", {})
    assert time.perf_counter() - started < 2


def test_a_pattern_that_hangs_other_engines_answers_at_once() -> None:
    from migrascope.engine.patterns import found

    started = time.perf_counter()
    assert not found("^(a+)+$", "a" * 50_000 + "b")
    assert time.perf_counter() - started < 2


def test_a_constant_is_never_run() -> None:
    from tests.engine.test_batch_compiler import rule_of

    record = {
        "kind": "resource", "type": "server", "id": "s1", "source": "t", "scope": "x.xlsx",
        "place": {"file": "x.xlsx"}, "attributes": {"os_config": "Debian", "cpus": 4},
    }  # fmt: skip
    texts = [
        'os_config == "\\"); import os; os.abort(); (\\""',
        'os_config in ["\')", "x\\\\"]',
        'startswith(os_config, "\\n    raise")',
    ]
    for text in texts:
        asked = [rule_of(text, None)]
        assert fused_answers(*subject_of(record, {}), asked) == interpreted(*subject_of(record, {}), asked)


def test_a_pack_that_runs_out_of_its_budget_is_incomplete_and_never_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "MAX_STEPS", 50)
    opinion = judged(plan("workloads: [{id: a}, {id: b}]\n"), None, tmp_path)
    assert opinion.exit_code() == 3
    tired = [name for name, tally in opinion.findings_summary.by_rule.items() if tally.failed]
    assert tired
    assert all(opinion.findings_summary.by_rule[name].clear == 0 for name in tired)


def test_a_rule_that_fails_takes_no_other_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from migrascope.facts import plan_contracts

    before = judged(plan("workloads: [{id: a}]\n"), None, tmp_path)
    monkeypatch.setattr(plan_contracts, "PARTS", None)
    after = judged(plan("workloads: [{id: a}]\n"), None, tmp_path)
    assert after.exit_code() == 3
    failed = {name for name, tally in after.findings_summary.by_rule.items() if tally.failed}
    assert failed == {"landing-zone-part-absent"}
    kept = [f.fingerprint for f in before.findings if f.rule not in failed]
    assert [f.fingerprint for f in after.findings if f.rule not in failed] == kept


def test_a_folder_of_rules_that_is_not_ours_is_read_like_ours(tmp_path: Path) -> None:
    text = (ROOT / "rules" / "cost" / "no-egress-cost.yaml").read_text(encoding="utf-8")
    (tmp_path / "cost").mkdir()
    (tmp_path / "cost" / "mine.yaml").write_text(text.replace("id: no-egress-cost", "id: mine"), encoding="utf-8")
    assert [rule.rule.id for rule in read_rules(tmp_path)] == ["mine"]


def test_a_rule_too_deep_for_python_is_asked_by_the_interpreter() -> None:
    from tests.engine.test_batch_compiler import rule_of

    record = {
        "kind": "resource", "type": "server", "id": "s1", "source": "t", "scope": "x.xlsx",
        "place": {"file": "x.xlsx"}, "attributes": {"power": "on"},
    }  # fmt: skip
    deep = "cpus > 1"
    for number in range(10):
        deep = f"({deep} {'and' if number % 2 else 'or'} not (memory_mib > {number}))"
    asked = [rule_of(deep, None)]
    assert fused_answers(*subject_of(record, {}), asked) == interpreted(*subject_of(record, {}), asked)


def test_yaml_that_grows_is_refused() -> None:
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
    )
    with pytest.raises(InputError):
        parse(decode(bomb.encode(), "rule.yaml"))
