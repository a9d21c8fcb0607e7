"""`migrascope collect aws`: accounts that are asked, or answers that somebody saved."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from migrascope.cli import options
from migrascope.cli.collected import deliver
from migrascope.cli.progress import Progress


@click.command("aws")
@click.option("-o", "--output", metavar="INVENTORY", help="Inventory file to write; - is standard output.")
@click.option("--from", "saved", type=click.Path(path_type=Path), help="A folder of saved answers, in place of an account.")
@click.option("--region", "regions", multiple=True, help="A region to ask; repeatable. With --from: the region of the answers.")
@click.option("--as-of", type=options.Day(), help="The day on which the answers were saved.")
@click.option("--allow-partial", is_flag=True, help="Exit 0 also where something could not be read.")
@options.quiet
def aws(
    output: str | None,
    saved: Path | None,
    regions: tuple[str, ...],
    as_of: dt.date | None,
    allow_partial: bool,
    quiet: bool,
) -> int:
    """Collect from AWS accounts, with calls that only read.

    --from DIR reads what `aws ec2 describe-instances > DIR/REGION/ec2-describe-instances.json` and the like saved.
    """
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output'.")
    if saved is not None:
        from migrascope.collectors.aws.saved import collect_saved

        day = None if as_of is None else as_of.isoformat()
        with Progress(quiet=quiet) as progress:
            collected = collect_saved(saved, regions[0] if regions else None, day, progress.stage)
        return deliver(collected, output, quiet=quiet, allow_partial=allow_partial)
    raise click.UsageError("Missing option '--from'.")
