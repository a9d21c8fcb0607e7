"""`migrascope collect`: an inventory of what really runs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from migrascope.cli import options
from migrascope.cli.collect_aws import aws
from migrascope.cli.collect_azure import azure
from migrascope.cli.collected import deliver
from migrascope.cli.progress import Progress


@click.group("collect")
def command() -> None:
    """Collect an inventory of what really runs. What is read is never changed."""


@command.command("rvtools")
@click.argument("export", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="INVENTORY",
    required=True,
    help="Inventory file to write (.jsonl or .jsonl.gz); - is standard output.",
)
@click.option("--as-of", type=options.Day(), help="The day of the export, where the file does not say it.")
@click.option("--allow-partial", is_flag=True, help="Exit 0 also where something could not be read.")
@options.quiet
def rvtools(export: Path, output: str, as_of: dt.date | None, allow_partial: bool, quiet: bool) -> int:
    """Collect from an RVTools EXPORT: an .xlsx file, or a zip of its CSV files.

    Sheets and columns that are missing are listed, and stay unknown afterwards. --as-of gives the day of the export
    where the file does not say it.
    """
    from migrascope.collectors import collector

    with Progress(quiet=quiet) as progress:
        collected = collector("rvtools")(export, as_of.isoformat() if as_of else None, progress.stage)
    return deliver(collected, output, quiet=quiet, allow_partial=allow_partial)


@command.command("csv")
@click.argument("table", type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="INVENTORY", help="Inventory file to write; - is standard output.")
@click.option("--sheet", help="Sheet of the workbook; the one that is known best where it is left out.")
@click.option("--mapping", type=click.Path(path_type=Path), help="Which column is which fact; guessed where it is left out.")
@click.option("--dry-run", is_flag=True, help="Show the mapping that would be used, and write nothing.")
@click.option("--as-of", type=options.Day(), help="The day of the export.")
@click.option("--allow-partial", is_flag=True, help="Exit 0 also where something could not be read.")
@options.quiet
def csv(
    table: Path,
    output: str | None,
    sheet: str | None,
    mapping: Path | None,
    dry_run: bool,
    as_of: dt.date | None,
    allow_partial: bool,
    quiet: bool,
) -> int:
    """Collect from a TABLE of servers (a CMDB export) or of dependencies: CSV, or a sheet of an .xlsx file.

    The mapping is guessed from the headers; --dry-run prints it as a file that you can change and give back.
    """
    from migrascope.collectors.cmdb import collect_csv
    from migrascope.collectors.delimited import read_tables
    from migrascope.collectors.mapping import Mapping, guess, most_telling, unused
    from migrascope.readers.mapping import read_mapping

    rows = most_telling(read_tables(table, sheet))
    if mapping is None:
        found = guess(rows)
    else:
        file = read_mapping(mapping)
        found = Mapping(file.kind, dict(file.columns), watched_days=file.watched_days)
    if dry_run:
        lines = [
            "# yaml-language-server: $schema=mapping.schema.json",
            f"# {rows.file}, {rows.sheet}",
            "schema: 1",
            f"kind: {found.kind}",
            "columns:",
        ]
        lines += [f'  {name}: "{column}"' for name, column in found.columns.items()]
        lines += [f"# not used: {column}" for column in unused(found, rows)]
        if found.kind == "dependencies":
            days = "" if found.watched_days is None else f" {found.watched_days:g}"
            lines.append(
                f"watched_days:{days}  # for how many days the calls were watched; under 30, or unsaid, some may be missing"
            )
        options.deliver("-", "".join(f"{line}\n" for line in lines).encode())
        return 0
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output'; --dry-run shows the mapping first.")
    if found.guessed:
        pairs = ", ".join(f"{name} = {column}" for name, column in found.columns.items())
        options.remark(f"mapping guessed: {pairs}", quiet_=quiet)
    collected = collect_csv(rows, found, as_of.isoformat() if as_of else None)
    return deliver(collected, output, quiet=quiet, allow_partial=allow_partial)


@command.command("focus")
@click.argument("exports", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="INVENTORY", required=True, help="Inventory file to write; - is standard output.")
@click.option("--as-of", type=options.Day(), help="The day of the export; without it, that of the last charge.")
@click.option("--allow-partial", is_flag=True, help="Exit 0 also where something could not be read.")
@options.quiet
def focus(exports: tuple[Path, ...], output: str, as_of: dt.date | None, allow_partial: bool, quiet: bool) -> int:
    """Collect from EXPORTS of a bill in FOCUS columns: .csv, .csv.gz, .parquet, or folders of them.

    What each resource cost, month by month. Give it to `init --from` and `review -i` beside an inventory of the same account.
    """
    from migrascope.collectors.focus import collect

    with Progress(quiet=quiet) as progress:
        collected = collect(exports, as_of.isoformat() if as_of else None, progress.stage)
    return deliver(collected, output, quiet=quiet, allow_partial=allow_partial)


command.add_command(aws)
command.add_command(azure)
