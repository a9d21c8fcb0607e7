"""`migrascope demo`: the whole opinion on a bundled estate, offline."""

from __future__ import annotations

from importlib.resources import as_file, files

import click

from migrascope.cli import options
from migrascope.cli.judging import Request, judged
from migrascope.cli.progress import Progress
from migrascope.cli.review import write

ESTATE = "municipality"


@click.command("demo")
@options.apply(options.lang, options.color, options.verbose)
def command(lang: str, color: str, verbose: bool) -> int:
    """See the whole opinion on a bundled estate: a municipality whose programme wants everything at once.

    Needs no account, no network and no file of yours.
    """
    from migrascope.reports import Style

    with as_file(files("migrascope.examples").joinpath(ESTATE)) as folder, Progress(quiet=False) as progress:
        plan, inventory = folder / "plan.yaml", folder / "inventory.jsonl"
        assessment = judged(Request(plan, (inventory,), shown=f"{ESTATE}/plan.yaml"), progress)
        style = Style(language=lang, verbose=verbose, title=f"{ESTATE}/plan.yaml")  # type: ignore[arg-type]
        write(assessment, [("text", "-")], style, color)
    return 0
