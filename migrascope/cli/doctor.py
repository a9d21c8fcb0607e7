"""`migrascope doctor`: what is installed, and where settings come from."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version

import click
from tabulate import tabulate

from migrascope import __version__

PARTS = ("click", "pydantic", "PyYAML", "python-calamine", "google-re2", "rich", "tabulate")


@click.command("doctor")
def command() -> int:
    """Say what is installed, whether the rules hold, and which settings come from the environment."""
    from migrascope.engine.examples import failures
    from migrascope.readers.knowledge import read_knowledge
    from migrascope.readers.rules import built_in, read_rules
    from migrascope.readers.yaml import _LOADER

    rules = read_rules(built_in(), check_examples=True)
    broken = [failure for rule in rules for failure in failures(rule)]
    knowledge = read_knowledge()
    oldest = min((life.checked for life in knowledge.lifetimes.values()), default=None)
    rows = [
        ("migrascope", __version__, ""),
        (
            "Python",
            platform.python_version(),
            "" if sys.version_info >= (3, 11) else "3.11 or newer is needed",
        ),
        *(_part(name) for name in PARTS),
        (
            "YAML parser",
            "C" if "C" in _LOADER.__name__ else "Python",
            "" if "C" in _LOADER.__name__ else "slow: install PyYAML with libyaml",
        ),
        ("rules", str(len(rules)), f"{len(broken)} examples fail" if broken else "all examples hold"),
        ("end-of-life dates", str(len(knowledge.lifetimes)), f"oldest check {oldest}"),
    ]
    click.echo(tabulate(rows, tablefmt="plain", disable_numparse=True))
    settings = sorted(name for name in os.environ if name.startswith("MIGRASCOPE_"))
    click.echo("settings from the environment: " + (", ".join(settings) or "none"))
    return 70 if broken or any("missing" in row[2] for row in rows) else 0


def _part(name: str) -> tuple[str, str, str]:
    try:
        return name, version(name), ""
    except PackageNotFoundError:
        return name, "-", "missing: install migrascope again"
