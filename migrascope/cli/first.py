"""`migrascope first`: only the answer."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from migrascope.cli import options
from migrascope.cli.judging import Request, judged
from migrascope.cli.progress import Progress

NOTHING = 4


@click.command("first")
@click.argument("plan", type=click.Path(path_type=Path))
@options.inventories
@click.option("--why", is_flag=True, help="Show every candidate: gates, scores, and what they were read from.")
@click.option("--answers", type=click.Path(path_type=Path), help="Questions that people filled in.")
@options.apply(options.rules, options.rules_profile)
@options.apply(options.output, options.lang, options.as_of, options.seed, options.color, options.quiet)
def command(
    plan: Path,
    inventories: tuple[Path, ...],
    why: bool,
    answers: Path | None,
    rules: Path | None,
    rules_profile: Path | None,
    output: str,
    lang: str,
    as_of: dt.date | None,
    seed: int | None,
    color: str,
    quiet: bool,
) -> int:
    """Name the one workload of PLAN to move first, or what comes even before it.

    Exit code 4: nothing can go first yet.
    """
    from migrascope.reports import Style
    from migrascope.reports.first_text import render

    with Progress(quiet=quiet) as progress:
        assessment = judged(Request(plan, inventories, as_of, seed, rules, rules_profile, answers=answers), progress)
    style = Style(language=lang, colour=options.coloured(color, output), verbose=why, title=plan.name)  # type: ignore[arg-type]
    options.deliver(output, render(assessment, style))
    if assessment.first is not None and assessment.first.status == "none":
        return NOTHING
    return assessment.exit_code()
