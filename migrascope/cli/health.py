"""`migrascope health`: what was seen, judged without a plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from migrascope.cli import options
from migrascope.cli.judging import Request, judged
from migrascope.cli.progress import Progress
from migrascope.cli.review import destinations, finish, style_of
from migrascope.model.rule import HEALTH_AREAS, HealthArea


@click.command("health")
@click.argument("areas", nargs=-1, type=click.Choice(HEALTH_AREAS))
@options.inventories
@options.formats
@options.apply(options.output, options.lang, options.as_of)
@options.apply(options.rules, options.rules_profile, options.waivers, options.baseline)
@options.apply(options.share, options.concept, options.brand)
@options.apply(options.csv_profile, options.fail_on, options.allow_partial)
@options.apply(options.color, options.quiet, options.verbose)
def command(
    areas: tuple[HealthArea, ...],
    inventories: tuple[Path, ...],
    formats: tuple[str, ...],
    output: str,
    lang: str,
    as_of: dt.date | None,
    rules: Path | None,
    rules_profile: Path | None,
    waivers: Path | None,
    baseline: Path | None,
    share: str | None,
    concept: bool,
    brand: Path | None,
    csv_profile: str,
    fail_on: str | None,
    allow_partial: bool,
    color: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Judge what was seen to run, without a plan: network, security, lifecycle, complexity, or all of them.

    Ends in at most three things to do this quarter.
    """
    if not inventories:
        raise click.UsageError("health judges what was seen: give an inventory with -i (see `migrascope collect`)")
    wanted = destinations(formats, output)
    request = Request(
        None, inventories, as_of, None, rules, rules_profile, waivers, baseline, health=areas or HEALTH_AREAS
    )  # fmt: skip
    with Progress(quiet=quiet) as progress:
        assessment = judged(request, progress)
    title = f"health: {', '.join(areas)}" if areas else "health"
    style = style_of(lang, title, csv_profile, verbose=verbose, share=share, concept=concept, brand=brand)
    return finish(assessment, wanted, style, color, fail_on, allow_partial=allow_partial, quiet=quiet)
