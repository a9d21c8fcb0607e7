"""The command line as a person meets it: streams, exit codes, one clear line for what went wrong."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from tests.collectors.workbooks import VINFO, machine, workbook
from tests.support import ROOT

EXAMPLE = ROOT / "examples" / "web-shop"
BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{c}: &{c} [{','.join([f'*{p}'] * 10)}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)
PLAN, INVENTORY = str(EXAMPLE / "plan.yaml"), str(EXAMPLE / "inventory.jsonl")


def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "migrascope", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=cwd, env={**os.environ, **environment}, check=False, timeout=60
    )


def test_help_names_every_command_and_the_exit_codes() -> None:
    result = run("--help")
    assert result.returncode == 0
    for word in ("demo", "collect", "init", "check", "review", "first", "rules", "schema", "doctor", "Exit codes"):
        assert word in result.stdout


@pytest.mark.parametrize(("typed", "meant"), [("reviw", "review"), ("shema", "schema")])
def test_a_mistyped_command_is_guessed(typed: str, meant: str) -> None:
    result = run(typed)
    assert result.returncode == 2
    assert meant in result.stderr


def test_demo_shows_the_opinion_and_nothing_on_the_other_stream() -> None:
    result = run("demo")
    assert (result.returncode, result.stderr) == (0, "")
    assert "Gemeente Voorbeeld" in result.stdout
    first_screen = result.stdout.splitlines()[:24]
    assert any("Meldingen" in line for line in first_screen)
    assert any("2027-03-31" in line for line in first_screen)


def test_the_expected_opinion_of_the_example_is_reproduced_byte_for_byte(tmp_path: Path) -> None:
    for name in ("plan.yaml", "inventory.jsonl"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    first = run("review", "plan.yaml", "-i", "inventory.jsonl", "-f", "json", cwd=tmp_path, PYTHONHASHSEED="1")
    again = run("review", "plan.yaml", "-i", "inventory.jsonl", "-f", "json", cwd=tmp_path, PYTHONHASHSEED="2")
    assert first.returncode == 0
    assert first.stdout == again.stdout
    assert first.stdout == (EXAMPLE / "expected.json").read_text(encoding="utf-8")


def test_fail_on_counts_what_is_as_severe_or_worse() -> None:
    assert run("review", PLAN, "-i", INVENTORY, "--fail-on", "high").returncode == 1
    assert run("review", PLAN, "-i", INVENTORY, "--fail-on", "critical").returncode == 0


def test_a_line_that_cannot_be_read_makes_it_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "i.jsonl"
    path.write_text(Path(INVENTORY).read_text(encoding="utf-8") + "{broken\n", encoding="utf-8")
    result = run("review", PLAN, "-i", str(path))
    assert result.returncode == 3
    assert "i.jsonl:" in result.stderr
    assert "Incomplete" in result.stdout
    assert run("review", PLAN, "-i", str(path), "--allow-partial").returncode == 0
    assert run("review", PLAN, "-i", str(path), "--fail-on", "high").returncode == 1


def test_two_formats_at_once_and_a_clash_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "opinion.json"
    result = run("review", PLAN, "-i", INVENTORY, "-f", "text", "-f", f"json={file}")
    assert result.returncode == 0
    assert json.loads(file.read_text(encoding="utf-8"))["schema_version"] == "1.1"
    assert result.stdout.startswith("plan.yaml")
    assert run("review", PLAN, "-f", "text", "-f", "json").returncode == 2
    assert "there is no format 'xml'" in run("review", PLAN, "-f", "xml").stderr


def test_without_any_date_it_says_how_to_give_one(tmp_path: Path) -> None:
    plan = tmp_path / "p.yaml"
    plan.write_text("workloads: [{id: a}]\n", encoding="utf-8")
    result = run("review", str(plan))
    assert result.returncode == 2
    assert "--as-of" in result.stderr
    assert run("review", str(plan), "--as-of", "2026-11-23").returncode == 0
    assert run("review", str(plan), "-i", INVENTORY).stdout.startswith("p.yaml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty", b""),
        ("list", b"- a\n"),
        ("binary", bytes(range(256))),
        ("utf16", "workloads: [{id: 5}]".encode("utf-16")),
        ("deep", b"a: " + b"[" * 200 + b"]" * 200),
        ("bomb", BOMB.encode()),
        ("directory", None),
        ("absent", None),
    ],
)  # fmt: skip
def test_a_broken_plan_gives_one_clear_answer_and_no_output_file(tmp_path: Path, name: str, content: bytes | None) -> None:
    path = tmp_path / f"{name}.yaml"
    if name == "directory":
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    out = tmp_path / "out.json"
    for command in (["check", str(path)], ["review", str(path), "-f", f"json={out}"]):
        result = run(*command)
        assert result.returncode == 2
        assert result.stderr.startswith("error: ")
        assert path.name in result.stderr
        assert "Traceback" not in result.stderr
    assert not out.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_plan_says_so(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("workloads: []", encoding="utf-8")
    path.chmod(0)
    assert "Permission denied" in run("check", str(path)).stderr


def test_check_shows_the_line_with_a_caret(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_text("schema: 1\nworkloads:\n  - {id: a, disposition: rehots}\n", encoding="utf-8")
    result = run("check", "p.yaml", cwd=tmp_path)
    assert result.stderr == (
        "error: `rehots` is not a disposition\n"
        " --> p.yaml:3:26\n"
        "  |\n"
        "3 |   - {id: a, disposition: rehots}\n"
        "  |                          ^^^^^^\n"
        "  = help: did you mean `rehost`?\n"
    )


def test_collect_writes_an_inventory_and_says_what_it_did_not_see(tmp_path: Path) -> None:
    workbook(tmp_path / "e.xlsx", {"vInfo": [VINFO, machine("a", "vm-1")]})
    result = run("collect", "rvtools", "e.xlsx", "-o", "i.jsonl", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (0, "")
    assert "no sheet vDisk" in result.stderr
    assert run("collect", "rvtools", "e.xlsx", "-o", "-", cwd=tmp_path).stdout == (tmp_path / "i.jsonl").read_text(
        encoding="utf-8"
    )


def test_a_workbook_that_is_none_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "e.xlsx").write_bytes(b"nothing")
    result = run("collect", "rvtools", "e.xlsx", "-o", "i.jsonl", cwd=tmp_path)
    assert result.returncode == 2
    assert "e.xlsx: this is not a workbook" in result.stderr
    assert [entry.name for entry in tmp_path.iterdir()] == ["e.xlsx"]


def test_a_workbook_given_as_an_inventory_says_what_to_do(tmp_path: Path) -> None:
    path = workbook(tmp_path / "e.xlsx", {"vInfo": [VINFO, machine("a", "vm-1")]})
    result = run("review", PLAN, "-i", str(path))
    assert result.returncode == 2
    assert "migrascope collect" in result.stderr


def on_a_terminal(*arguments: str, columns: int = 80, **environment: str) -> str:
    """What a command prints on a terminal that is so wide."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {**os.environ, "TERM": "xterm", **environment}
    env.pop("NO_COLOR", None) if "NO_COLOR" not in environment else None
    with subprocess.Popen([sys.executable, "-m", "migrascope", *arguments], stdout=follower, stderr=follower, env=env):
        os.close(follower)
        chunks = []
        while True:
            try:
                chunk = os.read(leader, 65536)
            except OSError:
                break
            if not chunk:
                break
            chunks.append(chunk)
    os.close(leader)
    return b"".join(chunks).decode().replace("\r\n", "\n")


def test_a_terminal_gets_the_same_text_with_colour_and_a_pipe_without() -> None:
    folder = Path(__file__).parent.parent.parent / "examples" / "municipality"
    # Quiet: a slow machine shows progress on a terminal, and a pipe has none.
    asked = ("review", str(folder / "plan.yaml"), "-i", str(folder / "inventory.jsonl"), "-q")
    piped = run(*asked).stdout
    shown = on_a_terminal(*asked)
    assert "\x1b[" in shown
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == piped
    assert on_a_terminal(*asked, NO_COLOR="1") == piped
    assert "\x1b[" in run("demo", "--color", "always").stdout


@pytest.mark.parametrize("columns", [60, 80, 200])
def test_a_narrow_and_a_wide_terminal_get_the_same_lines(columns: int) -> None:
    asked = ("review", PLAN, "-i", INVENTORY, "-q")
    shown = on_a_terminal(*asked, columns=columns, NO_COLOR="1")
    assert shown == run(*asked).stdout
    wide = [line for line in shown.splitlines() if len(line) > 72 and not re.match(r"\s+\d+ \| |\s+-->", line)]
    assert wide == []  # but for what people wrote, which is never cut off


def test_rules_can_be_listed_explained_and_tested() -> None:
    assert "erp-in-first-wave" in run("rules", "list").stdout
    explained = run("rules", "explain", "erp-in-first-wave", "--lang", "nl").stdout
    assert "Begin met een kleine applicatie" in explained
    assert "did you mean `erp-in-first-wave`" in run("rules", "explain", "erp-in-first-wav").stderr
    assert run("rules", "test").returncode == 0
    assert "os_config" in run("rules", "facts", "server").stdout


def test_schemas_are_json_and_the_doctor_is_content() -> None:
    for name in ("plan", "rule", "inventory", "assessment"):
        assert json.loads(run("schema", name).stdout)["$schema"].endswith("draft-07/schema#")
    assert run("doctor").returncode == 0


def test_a_closed_pipe_is_no_fault() -> None:
    command = f"{sys.executable} -m migrascope demo | head -1"
    result = subprocess.run(["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
    assert "fault of ours" not in result.stderr
