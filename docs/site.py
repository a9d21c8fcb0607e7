"""The site: these pages, with the reports of the examples in them. Run: make site.

`--screenshots` takes the pictures of the reports again, with the browser of the machine.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, Literal

ROOT: Final = Path(__file__).parent.parent
REPORTS: Final = ROOT / "build" / "reports" / "reports"
SITE: Final = ROOT / "build" / "site"
PICTURES: Final = ROOT / "docs" / "screenshots"
EXAMPLES: Final = ("municipality", "web-shop", "sparse")
VIEWS: Final[tuple[tuple[str, Literal["light", "dark"]], ...]] = (
    ("municipality.en", "light"), ("municipality.nl", "dark"), ("web-shop.en", "light"), ("sparse.en", "light"),
)  # fmt: skip


def reports() -> None:
    """Every example in both languages, as a page, a sheet and a workbook."""
    REPORTS.mkdir(parents=True, exist_ok=True)
    for name in EXAMPLES:
        folder = ROOT / "examples" / name
        seen = ["-i", "inventory.jsonl"] if (folder / "inventory.jsonl").exists() else []
        opinion = REPORTS / f"{name}.json"
        _run(["-m", "migrascope", "review", "plan.yaml", *seen, "-f", f"json={opinion}", "-q"], folder)
        for language in ("en", "nl"):
            head = REPORTS / f"{name}.{language}"
            wanted = [
                f"html={head}.html",
                f"brief-html={head}.brief.html",
                f"pdf={head}.pdf",
                f"docx={head}.docx",
                f"xlsx={head}.xlsx",
            ]
            options = [part for each in wanted for part in ("-f", each)]
            _run(["-m", "migrascope", "render", str(opinion), "--lang", language, *options], folder)


def screenshots() -> None:
    """The first screen of each report, small enough for a page."""
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import ARGUMENTS

    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(ARGUMENTS))
        for name, scheme in VIEWS:
            page = browser.new_page(color_scheme=scheme, viewport={"width": 1100, "height": 1200})
            page.goto((REPORTS / f"{name}.html").as_uri())
            mark = ".dark" if scheme == "dark" else ""
            page.screenshot(path=PICTURES / f"{name}{mark}.png")
        browser.close()


def main() -> int:
    """Build; 1 where a page links to something that is not there."""
    reports()
    if "--screenshots" in sys.argv:
        screenshots()
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(SITE)], cwd=ROOT, check=False
    ).returncode  # fmt: skip


def _run(arguments: list[str], folder: Path) -> None:
    subprocess.run([sys.executable, *arguments], cwd=folder, check=True)


if __name__ == "__main__":
    sys.exit(main())
