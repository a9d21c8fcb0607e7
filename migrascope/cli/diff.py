"""`migrascope diff`: what got better, worse, new or accepted from one opinion to the next."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from migrascope.cli import options

_FAILS: Final = re.compile(r"(new|worse|expired|unknown)-(info|low|medium|high|critical)")


def _limit(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and _FAILS.fullmatch(value) is None:
        raise click.BadParameter("write it as new-high, worse-medium or expired-low")
    return value


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path, allow_dash=True))
@click.option("-f", "--format", "form", type=click.Choice(["text", "md", "json"]), default="text", show_default=True)
@options.apply(options.output, options.lang)
@click.option("--fail-on", metavar="CHANGE-SEVERITY", callback=_limit, help="Exit 1 where there is one, such as new-high.")
def command(old: Path, new: Path, form: str, output: str, lang: str, fail_on: str | None) -> int:
    """Compare two opinions, OLD and NEW, as `review -f json` stored them.

    A finding is the same by its rule and its subject, whatever its line or its words are. What cannot be seen any more has not
    gone: it is told as not known.
    """
    from migrascope.model.difference import difference
    from migrascope.readers.assessment import read_assessment
    from migrascope.reports.difference import FORMATS

    found = difference(read_assessment(old), read_assessment(new))
    options.deliver(output, FORMATS[form](found, lang))  # type: ignore[arg-type]
    if fail_on is not None:
        change, severity = fail_on.split("-")
        return 1 if found.fails(change, severity) else 0  # type: ignore[arg-type]
    return 0
