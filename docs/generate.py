"""Everything under docs/ that comes from the code, the compiled texts, and the examples' expected opinions.

`python -m docs.generate` writes it, `--check` fails where it is stale, `--texts` gathers new texts to translate.
What an example is expected to give is written by `--expected` alone: it is read before it is committed.
"""

from __future__ import annotations

import gettext
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from docs.reference import reference
from migrascope.cli.rule_pages import pages
from migrascope.readers.formats import FORMATS, schema_text
from migrascope.readers.rules import read_rules

ROOT = Path(__file__).parent.parent
TEXTS = ROOT / "migrascope" / "texts"
EXAMPLES = ("web-shop", "municipality")


def generated() -> Iterator[tuple[Path, bytes]]:
    """Every generated file with its content."""
    for name in FORMATS:
        yield ROOT / "docs" / "schema" / f"{name}.schema.json", schema_text(name).encode()
    for name, text in reference().items():
        yield ROOT / "docs" / "reference" / name, text.encode()
    for name, text in pages(read_rules()).items():
        yield ROOT / "docs" / "rules" / name, text.encode()
    for catalogue in sorted(TEXTS.glob("*/LC_MESSAGES/*.po")):
        yield catalogue.with_suffix(".mo"), compiled(catalogue)
    for name in EXAMPLES:
        yield ROOT / "examples" / name / "expected.json", opinion(ROOT / "examples" / name)


def compiled(catalogue: Path) -> bytes:
    """A catalogue as gettext reads it."""
    with catalogue.open("rb") as stream:
        messages = read_po(stream)
    buffer = io.BytesIO()
    write_mo(buffer, messages)
    return buffer.getvalue()


def same(path: Path, content: bytes) -> bool:
    """The file holds this content. A compiled catalogue is compared by its texts: its header has a date in it."""
    if path.suffix != ".mo":
        return path.read_bytes() == content
    old, new = (gettext.GNUTranslations(io.BytesIO(raw)) for raw in (path.read_bytes(), content))
    return texts(old) == texts(new)


def texts(catalogue: gettext.GNUTranslations) -> dict[object, str]:
    """The texts of a compiled catalogue without its header."""
    found: dict[object, str] = catalogue._catalog  # type: ignore[attr-defined]
    return {message: text for message, text in found.items() if message}


def opinion(folder: Path) -> bytes:
    """The opinion on an example, as JSON."""
    command = [
        sys.executable,
        "-m",
        "migrascope",
        "review",
        "plan.yaml",
        "-i",
        "inventory.jsonl",
        "-f",
        "json",
    ]
    return subprocess.run(command, check=True, cwd=folder, stdout=subprocess.PIPE).stdout


def gather_texts() -> None:
    """Extract what the code says, and merge it into the catalogues."""
    template = TEXTS / "migrascope.pot"
    keywords = ["-k", "say", "-k", "later", "-k", "count:1,2", "-k", "counted:1,2"]
    quiet = ["--no-location", "--sort-output", "--omit-header"]
    run("extract", *keywords, *quiet, "-o", str(template), "migrascope")
    for catalogue in sorted(TEXTS.glob("*/LC_MESSAGES/*.po")):
        language = catalogue.parent.parent.name
        run(
            "update",
            "-i",
            str(template),
            "-o",
            str(catalogue),
            "-l",
            language,
            "--no-fuzzy-matching",
            "--ignore-obsolete",
            "-w",
            "110",
        )
    template.unlink()


def run(*arguments: str) -> None:
    """One command of Babel."""
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", *arguments], check=True, cwd=ROOT)


def main() -> int:
    """Write, or with `--check` compare."""
    if "--texts" in sys.argv:
        gather_texts()
    stale = [path for path, content in generated() if not path.exists() or not same(path, content)]
    if "--check" in sys.argv:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run `make docs`")
        return 1 if stale else 0
    if "--expected" not in sys.argv:
        stale = [path for path in stale if path.name != "expected.json"]
    contents = dict(generated())
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[path])
    for old in (ROOT / "docs" / "rules").rglob("*.md"):
        if old not in contents and old.name != "not-covered.md":  # written by hand
            old.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
