"""What a newcomer types who follows a how-to, typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def commands(page: str, title: str) -> str:
    """The commands under a title of a page."""
    text = (ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    section = text.partition(f"## {title}\n")[2].partition("\n## ")[0]
    return "\n".join(re.findall(r"^    (.+)$", section, re.MULTILINE))


@pytest.mark.parametrize("cloud", ["aws", "azure"])
def test_who_follows_the_page_gets_an_inventory_a_plan_and_an_opinion(cloud: str, tmp_path: Path) -> None:
    typed = commands(f"collect-{cloud}.md", "Try it without an account")
    assert typed.count("migrascope ") == 3
    script = f"set -e\ntrap 'kill %1' EXIT\n{typed}\n"
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    ran = subprocess.run(["bash", "-mc", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    for name in (f"{cloud}.jsonl", "plan.yaml"):
        assert (tmp_path / name).stat().st_size > 1000
    assert "The first workload" in ran.stdout or "First" in ran.stdout
    assert "Findings" in ran.stdout
