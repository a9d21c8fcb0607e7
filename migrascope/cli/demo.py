"""`migrascope demo`: the whole opinion on a bundled estate, offline."""

from __future__ import annotations

from importlib.resources import as_file, files

import click

from migrascope.cli import options
from migrascope.cli.progress import Progress
from migrascope.cli.review import assessed, write

ESTATE = "municipality"


@click.command("demo")
@options.apply(options.lang, options.color, options.verbose)
def command(lang: str, color: str, verbose: bool) -> int:
    """See the whole opinion on a bundled estate: a municipality whose programme wants everything at once.

    Needs no account, no network and no file of yours.
    """
    with as_file(files("migrascope.examples").joinpath(ESTATE)) as folder, Progress(quiet=False) as progress:
        plan, inventory = folder / "plan.yaml", folder / "inventory.jsonl"
        assessment = assessed(plan, (inventory,), None, None, None, progress, shown=f"{ESTATE}/plan.yaml")
        write(assessment, [("text", "-")], f"{ESTATE}/plan.yaml", lang, color, verbose=verbose)
    return 0
