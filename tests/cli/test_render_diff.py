"""A stored opinion told again, and two of them compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.support import ROOT

TOWN = ROOT / "examples" / "web-shop"
FORMATS = ("text", "brief", "concise", "md", "csv", "sarif", "junit", "gitlab", "questions", "focus", "json")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop, its opinion, and the opinion on what became of it: a rollback lost, an owner found, a rule accepted."""
    here = tmp_path_factory.mktemp("shop")
    plan = (TOWN / "plan.yaml").read_text(encoding="utf-8")
    (here / "plan.yaml").write_text(plan, encoding="utf-8")
    (here / "inventory.jsonl").write_bytes((TOWN / "inventory.jsonl").read_bytes())
    ran = run("review", "plan.yaml", "-i", "inventory.jsonl", "-f", "json=old.json", cwd=here)
    assert ran.returncode == 0, ran.stderr
    return here


def again(folder: Path, plan: str, *words: str) -> dict[str, object]:
    """The opinion on another plan, as new.json, and how it differs."""
    (folder / "later.yaml").write_text(plan, encoding="utf-8")
    ran = run("review", "later.yaml", *(words or ("-i", "inventory.jsonl")), "-f", "json=new.json", cwd=folder)
    assert ran.returncode in (0, 3), ran.stderr
    told = run("diff", "old.json", "new.json", "-f", "json", cwd=folder)
    assert told.returncode == 0, told.stderr
    found: dict[str, object] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_stored_is_told_as_it_was_told_at_first(folder: Path, form: str) -> None:
    first = run("review", "plan.yaml", "-i", "inventory.jsonl", "-f", form, cwd=folder)
    later = run("render", "old.json", "-f", form, cwd=folder)
    assert later.returncode == 0, later.stderr
    assert later.stdout == first.stdout


def test_another_language_needs_no_second_analysis(folder: Path) -> None:
    direct = run("review", "plan.yaml", "-i", "inventory.jsonl", "--lang", "nl", "-v", cwd=folder).stdout
    assert run("render", "old.json", "--lang", "nl", "-v", cwd=folder).stdout == direct


def test_an_opinion_of_a_later_minor_version_is_read_without_what_is_new_in_it(folder: Path) -> None:
    data = json.loads((folder / "old.json").read_bytes())
    (folder / "later.json").write_text(json.dumps(data | {"schema_version": "1.7", "carbon": {"t": 1}}), encoding="utf-8")
    assert run("render", "later.json", "-f", "concise", cwd=folder).returncode == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no JSON"),
        ("[1]", "is no assessment"),
        ('{"schema_version": "2.0"}', "is an assessment of version 2.0"),
        ('{"schema_version": "1.0", "tool": 7}', "is no assessment of ours"),
    ],
)
def test_what_is_no_opinion_is_refused_in_one_line(folder: Path, content: str, said: str) -> None:
    (folder / "bad.json").write_text(content, encoding="utf-8")
    for words in (("render", "bad.json"), ("diff", "bad.json", "old.json")):
        ran = run(*words, cwd=folder)
        assert ran.returncode == 2
        assert said in ran.stderr
        assert "Traceback" not in ran.stderr


def test_nothing_changed_between_an_opinion_and_itself(folder: Path) -> None:
    told = run("diff", "old.json", "old.json", "--fail-on", "new-info", cwd=folder)
    assert told.returncode == 0
    assert "No finding changed" in told.stdout
    assert "The first workload is the same" in told.stdout


def test_a_finding_that_is_new_is_told_first_and_can_fail_a_pipeline(folder: Path) -> None:
    plan = (folder / "plan.yaml").read_text(encoding="utf-8")
    lines = [line for line in plan.splitlines() if "rollback:" not in line]
    assert len(lines) < len(plan.splitlines())
    found = again(folder, "\n".join(lines) + "\n")
    changes = found["changes"]
    assert isinstance(changes, list)
    assert {each["change"] for each in changes} >= {"new"}
    assert any(each["rule"] == "no-rollback-plan" and each["change"] == "new" for each in changes)
    severe = {each["after"] for each in changes if each["change"] == "new"}
    assert run("diff", "old.json", "new.json", "--fail-on", "new-low", cwd=folder).returncode == 1
    assert run("diff", "old.json", "new.json", "--fail-on", "worse-critical", cwd=folder).returncode == 0
    assert severe <= {"low", "medium", "high", "critical", "info"}


def test_what_nobody_can_see_any_more_has_not_gone(folder: Path) -> None:
    """Without the inventory its findings are not known; they are not better."""
    found = again(folder, (folder / "plan.yaml").read_text(encoding="utf-8"), "--allow-partial")
    changes = found["changes"]
    assert isinstance(changes, list)
    about_servers = [
        each for each in changes if each["rule"] in ("os-past-end-of-support", "os-support-ends-soon", "server-not-in-plan")
    ]
    assert about_servers
    assert {each["change"] for each in about_servers} == {"unknown"}


@pytest.mark.parametrize("language", ["en", "nl"])
def test_the_difference_is_told_in_one_language_and_as_markdown(folder: Path, language: str) -> None:
    again(folder, (folder / "plan.yaml").read_text(encoding="utf-8"), "--allow-partial")
    text, marked = (
        run("diff", "old.json", "new.json", "-f", form, "--lang", language, cwd=folder).stdout for form in ("text", "md")
    )
    title = {"en": "What changed", "nl": "Wat er veranderde"}[language]
    assert text.startswith(title)
    assert marked.startswith(f"# {title}")
    assert max(map(len, text.splitlines())) <= 72


def test_a_limit_is_written_as_a_change_and_a_severity(folder: Path) -> None:
    ran = run("diff", "old.json", "old.json", "--fail-on", "high", cwd=folder)
    assert ran.returncode == 2
    assert "new-high" in ran.stderr
