"""Names that would steer something: in every text of a plan, in every format, they come out as text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import pytest

from migrascope.model.assessment import Assessment
from migrascope.reports import FORMATS, Style, renderer
from migrascope.texts import LANGUAGES
from migrascope.texts.visible import visible
from tests.cli.test_commands import run
from tests.reports.test_languages import said
from tests.support import judged, plan

NAMES: Final = {
    "clears the screen": "a\x1b[2Jb",
    "forges a colour of ours": "a\x1b[31mhigh\x1b[0mb",
    "sets the title": "a\x1b]0;owned\x07b",
    "turns letters round": "a\u202etxt.exe\u2066b",
    "is markup": "<script>alert(1)</script>&amp;",
    "is a formula": "=cmd|' /C calc'!A0",
    "is a table": "a | b `c` **d** [e](http://f)",
    "is long": "x" * 10_000,
    "forges a workflow command": "::error file=a::b",
}
STEERING: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SHOWN: Final = [name for name in FORMATS if name not in ("json", "pdf", "xlsx", "docx")]
"""What people read as it is; JSON is data, and says exactly what was written."""


def everywhere(name: str) -> dict[str, Any]:
    """A plan in which every text that people choose is this one."""
    return {
        "schema": 1, "as_of": "2026-11-01", "organisation": {"name": name},
        "waves": [{"id": "w", "name": name, "start": "2027-01-11", "end": "2027-02-01"}],
        "workloads": [
            {
                "id": "a", "name": name, "disposition": "rehost", "category": "web", "wave": "w", "criticality": "low",
                "owner": {"business": name, "technical": name}, "members": [{"name": name}],
                "outcome": {"metric": name, "measured_by": name}, "rollback": {"plan": name, "owner": name},
                "test": {"plan": name, "owner": name}, "effort_days": {"low": 1, "likely": 2, "high": 3},
                "dependencies": [{"on": "b", "binding": "hard"}],
            },
            {"id": "b", "name": name, "disposition": "retain"},
        ],
        "waivers": [{"rule": "no-rehearsal", "subject": "a", "reason": name, "approver": name, "expires": "2027-03-01"}],
    }  # fmt: skip


@pytest.fixture(scope="module", params=list(NAMES.values()), ids=list(NAMES))
def hostile(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Assessment]:
    return request.param, judged(plan(json.dumps(everywhere(request.param))), None, tmp_path_factory.mktemp("hostile"))


@pytest.mark.parametrize("form", SHOWN)
def test_nothing_that_people_read_is_steered(hostile: tuple[str, Assessment], form: str) -> None:
    _, found = hostile
    for language in LANGUAGES:
        text = renderer(form)(found, Style(language=language, title="plan.yaml", verbose=True)).decode("utf-8-sig")
        assert STEERING.findall(text) == []
        assert "<script>" not in text or form in ("text", "concise", "csv", "questions", "gitlab", "sarif", "focus", "baseline")


@pytest.mark.parametrize("form", ["text", "md", "html", "xlsx", "docx", "brief-html", "concise"])
def test_the_name_stands_there_as_it_can_be_seen(hostile: tuple[str, Assessment], form: str) -> None:
    name, found = hostile
    assert " ".join(visible(name).split()) in said(found, form, "en")


def test_on_a_terminal_only_our_own_colours_are_colours(hostile: tuple[str, Assessment]) -> None:
    _, found = hostile
    text = renderer("text")(found, Style(title="plan.yaml", colour=True)).decode()
    plain = renderer("text")(found, Style(title="plan.yaml")).decode()
    assert re.sub(r"\x1b\[[\d;]*m", "", text) == plain
    assert "\x1b[" in text
    assert max(len(code) for code in re.findall(r"\x1b\[([\d;]*)m", text)) <= 4


def test_an_error_about_it_steers_nothing(tmp_path: Path) -> None:
    text = 'schema: 1\nworkloads: [{id: a, "dis\\u001b[2J": 1}, {id: b, wave: "\\u202enowhere"}]\n'
    (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
    refused = run("check", "p.yaml", cwd=tmp_path)
    assert refused.returncode == 2
    assert "unknown key" in refused.stderr
    assert STEERING.findall(refused.stderr) == []
