"""What other people's pipelines take from us, run as they would run it: the action's script, the template, the hook."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from migrascope.readers.source import decode
from migrascope.readers.yaml import parse
from tests.support import ROOT

EXAMPLE = ROOT / "examples" / "web-shop"
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def typed(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script as a build server runs it."""
    environ = {**os.environ, "PATH": PATH, **environment}
    return subprocess.run(["bash", "-c", script], cwd=folder, env=environ, capture_output=True, text=True, timeout=120)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in ("plan.yaml", "inventory.jsonl"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize(("fail_on", "code"), [("", 0), ("high", 1)])
def test_the_action_writes_findings_a_summary_and_its_exit_code(repository: Path, fail_on: str, code: int) -> None:
    asked = {"PLAN": "plan.yaml", "INVENTORY": "inventory.jsonl", "FAIL_ON": fail_on, "LANGUAGE_OF_SUMMARY": "nl"}
    given = {"GITHUB_OUTPUT": str(repository / "out"), "GITHUB_STEP_SUMMARY": str(repository / "summary.md")}
    ran = typed(f"bash {ROOT / 'ci' / 'github.sh'}", repository, **asked, **given)
    assert ran.returncode == code, ran.stderr
    assert (repository / "out").read_text(encoding="utf-8") == f"exit-code={code}\n"
    assert "Bevindingen" in (repository / "summary.md").read_text(encoding="utf-8")
    assert json.loads((repository / "migrascope.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_a_plan_that_cannot_be_read_fails_the_action_without_a_summary(repository: Path) -> None:
    (repository / "plan.yaml").write_text("workloads: 3\n", encoding="utf-8")
    ran = typed(f"bash {ROOT / 'ci' / 'github.sh'}", repository, PLAN="plan.yaml")
    assert ran.returncode == 2
    assert not (repository / "migrascope.sarif").exists()


def test_the_action_hands_over_every_input_and_no_other() -> None:
    action = loaded("action.yml")
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == set(action["inputs"])
    script = (ROOT / "ci" / "github.sh").read_text(encoding="utf-8")
    review = next(step for step in action["runs"]["steps"] if step.get("id") == "review")
    assert set(re.findall(r"\$\{?([A-Z_]{4,})", script)) - {"GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"} == set(review["env"])
    # An input is never pasted into a script: it would run what somebody writes into it.
    assert all("${{" not in step.get("run", "") for step in action["runs"]["steps"])


def test_the_template_writes_every_artifact_that_it_names(repository: Path) -> None:
    template = loaded("ci/gitlab.yml")
    job = template["migrascope"]
    variables = {**template["variables"], "MIGRASCOPE_OPTIONS": "-i inventory.jsonl"}
    script = "\n".join(line for line in job["script"] if "pip install" not in line)
    ran = typed(f"set -e\n{script}", repository, **variables)
    assert ran.returncode == 0, ran.stderr
    named = [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]
    assert all((repository / name).stat().st_size for name in named)


def test_the_hook_takes_plans_and_nothing_else(repository: Path) -> None:
    (hook,) = loaded(".pre-commit-hooks.yaml")
    names = ["plan.yaml", "migration/plan.yml", "a/migration-plan.yaml", "floorplan.yaml", "plan.yaml.bak", "src/plans.yaml"]
    assert [name for name in names if re.search(hook["files"], name)] == names[:3]
    assert typed(f"{hook['entry']} plan.yaml", repository).returncode == 0
    (repository / "plan.yaml").write_text("schema: 1\nworkloads:\n  - {id: a, disposition: rehots}\n", encoding="utf-8")
    ran = typed(f"{hook['entry']} plan.yaml", repository)
    assert ran.returncode == 2
    assert "did you mean `rehost`?" in ran.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_shell_can_complete_commands_and_options(shell: str, tmp_path: Path) -> None:
    source = typed("migrascope", tmp_path, _MIGRASCOPE_COMPLETE=f"{shell}_source")
    assert "_MIGRASCOPE_COMPLETE" in source.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [("migrascope rev", "review"), ("migrascope review --sha", "--share"), ("migrascope schema rate", "rate-card")],
)
def test_completion_knows_what_can_be_typed(words: str, said: str, tmp_path: Path) -> None:
    count = str(len(words.split()) - 1)
    ran = typed("migrascope", tmp_path, _MIGRASCOPE_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=count)
    assert f"plain,{said}" in ran.stdout.split()


@pytest.mark.parametrize(
    "command",
    [
        "migrascope init new.yaml -i inventory.jsonl -q",
        "migrascope init new.yaml -q",
        "migrascope review plan.yaml -f questions=new.yaml",
        "migrascope collect csv t.csv --dry-run > new.yaml",
        "migrascope review plan.yaml -f json=new.json",
    ],
)
def test_every_file_that_we_write_names_its_schema_and_keeps_to_it(repository: Path, command: str) -> None:
    (repository / "t.csv").write_text("Server,OS,Application\nweb-1,Debian 12,shop\n", encoding="utf-8")
    ran = typed(command.replace("-i inv", "--from inv"), repository)
    assert ran.returncode == 0, ran.stderr
    file = next(path for path in repository.iterdir() if path.name.startswith("new."))
    text = file.read_text(encoding="utf-8")
    name = re.search(r"\$schema\W+([\w-]+)\.schema\.json", text)
    assert name is not None
    assert text.splitlines().index(next(line for line in text.splitlines() if "$schema" in line)) < 2
    schema = json.loads(typed(f"migrascope schema {name[1]}", repository).stdout)
    jsonschema.validate(parse(decode(text.encode(), file.name)).data, schema)


def test_the_image_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "Containerfile").read_text(encoding="utf-8")
    last = text.rpartition("FROM ")[2]
    user = re.search(r"^USER (\d+)", last, re.MULTILINE)
    assert user is not None
    assert int(user[1]) > 0
    assert last.index("USER") < last.index("ENTRYPOINT")
    extras = re.search(r"'\.\[([\w,]+)\]'", text)
    assert extras is not None
    known = re.search(r"\[project.optional-dependencies\]\n(.*?)\n\n", (ROOT / "pyproject.toml").read_text("utf-8"), re.DOTALL)
    assert known is not None
    assert set(extras[1].split(",")) <= {line.split(" = ")[0] for line in known[1].splitlines()}
