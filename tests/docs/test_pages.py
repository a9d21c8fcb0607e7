"""The pages: a newcomer can type the tutorial, and every link leads somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.support import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/*/*.md")])


def test_the_tutorial_can_be_typed_from_top_to_bottom(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8").partition("## Where to go")[0]
    typed = [line.strip() for line in re.findall(r"^    (.+)$", page, re.MULTILINE) if not line.startswith("source ")]
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    script = "set -e\n" + "\n".join(line for line in typed if not line.startswith("source "))
    ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    assert "First verify, then move Product photos" in ran.stdout
    assert "Newsletter is first instead." in ran.stdout
    made = {path.name for path in (tmp_path / "try").iterdir()}
    assert {"plan.yaml", "questions.yaml", "opinion.json", "report.html", "advies.html"} <= made


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'href="([^"]+)"', text)]
    inside = [unquote(link.partition("#")[0]) for link in links if not re.match(r"https?:|#", link)]
    lost = [link for link in inside if not link.startswith("reports/") and not (page.parent / link).exists()]
    assert lost == []
