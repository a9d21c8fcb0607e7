"""`migrascope review`: judge a plan."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrascope.cli import options
from migrascope.cli.judging import Request, judged
from migrascope.cli.progress import Progress

if TYPE_CHECKING:
    from migrascope.engine.profile import Profile
    from migrascope.model.assessment import Assessment
    from migrascope.reports import Style


@click.command("review")
@click.argument("plan", type=click.Path(path_type=Path))
@options.inventories
@options.formats
@options.apply(options.output, options.lang, options.as_of, options.seed)
@options.apply(options.share, options.concept, options.brand)
@options.apply(options.rules, options.rules_profile, options.waivers, options.baseline)
@options.apply(options.answers, options.what_if, options.scenarios, options.bill)
@options.apply(options.prices, options.rate_card, options.assumptions)
@options.apply(options.csv_profile, options.fail_on, options.allow_partial)
@click.option("--profile-rules", is_flag=True, help="Show on stderr how long each rule and fact took.")
@options.apply(options.color, options.quiet, options.verbose)
def command(
    plan: Path,
    inventories: tuple[Path, ...],
    formats: tuple[str, ...],
    output: str,
    lang: str,
    as_of: dt.date | None,
    seed: int | None,
    share: str | None,
    concept: bool,
    brand: Path | None,
    rules: Path | None,
    rules_profile: Path | None,
    waivers: Path | None,
    baseline: Path | None,
    answers: Path | None,
    what_if: tuple[str, ...],
    scenarios: tuple[Path, ...],
    bill: tuple[Path, ...],
    prices: Path | None,
    rate_card: Path | None,
    assumptions: Path | None,
    csv_profile: str,
    fail_on: str | None,
    allow_partial: bool,
    profile_rules: bool,
    color: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Judge PLAN, with what was seen to run where an inventory is given.

    Without an inventory only the plan's own words are judged, and the report says what it could not see.
    """
    wanted = destinations(formats, output)
    style = style_of(lang, plan.name, csv_profile, verbose=verbose, share=share, concept=concept, brand=brand)
    timings = _timings() if profile_rules else None
    request = Request(
        plan, inventories, as_of, seed, rules, rules_profile, waivers, baseline, answers,
        timings=timings, what_if=what_if, scenarios=scenarios, bill=bill, own=options.own(prices, rate_card, assumptions),
    )  # fmt: skip
    with Progress(quiet=quiet) as progress:
        assessment = judged(request, progress)
    return finish(assessment, wanted, style, color, fail_on, timings, allow_partial=allow_partial, quiet=quiet)


def _timings() -> Profile:
    from migrascope.engine.profile import Profile

    return Profile()


def style_of(
    lang: str,
    title: str,
    csv_profile: str = "generic",
    *,
    verbose: bool,
    share: str | None = None,
    concept: bool = False,
    brand: Path | None = None,
) -> Style:
    """How a report is to look, in whose name, and who may see it. Raises InputError where the brand file is wrong."""
    from migrascope.reports import Style

    style = Style(language=lang, verbose=verbose, title=title, csv_profile=csv_profile)  # type: ignore[arg-type]
    if brand is not None:
        from migrascope.readers.brand import read_brand

        style = replace(style, brand=read_brand(brand))
    return replace(style, share=share, concept=concept)  # type: ignore[arg-type]


def finish(
    assessment: Assessment,
    wanted: list[tuple[str, str]],
    style: Style,
    color: str,
    fail_on: str | None,
    timings: Profile | None = None,
    *,
    allow_partial: bool,
    quiet: bool,
) -> int:
    """Write the result everywhere it is wanted, say what is incomplete, and give the exit code."""
    write(assessment, wanted, style, color)
    if timings is not None:
        options.remark(timings.table())
    for problem in assessment.incomplete:
        options.remark(f"incomplete: {problem}", quiet_=quiet)
    return assessment.exit_code(fail_on, allow_partial=allow_partial)  # type: ignore[arg-type]


def destinations(formats: tuple[str, ...], output: str) -> list[tuple[str, str]]:
    """Which format goes where. One of them may go to `-o`; the others name a file."""
    from migrascope.reports import BINARY, FORMATS

    wanted: list[tuple[str, str]] = []
    for item in formats or ("text",):
        name, _, file = item.partition("=")
        if name not in FORMATS:
            raise click.UsageError(f"there is no format '{name}'; there are: {', '.join(FORMATS)}")
        wanted.append((name, file or output))
    for name, file in wanted:
        if name in BINARY and file == "-" and sys.stdout.isatty():
            raise click.UsageError(f"{name} is nothing for a terminal; name a file, as in -f {name}=report.{name}")
    targets = [file for _, file in wanted]
    repeated = next((file for file in targets if targets.count(file) > 1), None)
    if repeated is not None:
        raise click.UsageError(f"two formats go to '{repeated}'; name a file for one, as in -f json=opinion.json")
    return wanted


def write(
    assessment: Assessment, wanted: list[tuple[str, str]], style: Style, color: str, formats: Mapping[str, str] | None = None
) -> None:
    """Render every format first and write afterwards, so that a fault leaves no half of a result."""
    from migrascope.reports import FORMATS, renderer
    from migrascope.reports.sharing import shared

    if style.share is not None:
        assessment = shared(assessment, style.share)
    ready: list[tuple[str, bytes]] = []
    for name, file in wanted:
        ready.append(
            (file, renderer(name, formats or FORMATS)(assessment, replace(style, colour=options.coloured(color, file))))
        )
    if any(name == "focus" for name, _ in wanted):
        told, gaps = len(assessment.told()), len(assessment.gaps)
        options.remark(f"focus holds money alone: {told} findings and {gaps} missing facts are in the other formats")
    for file, content in ready:
        options.deliver(file, content)
