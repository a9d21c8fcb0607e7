"""`migrascope first`: only the answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrascope.cli import options
from migrascope.cli.judging import Request, judged
from migrascope.cli.progress import Progress
from migrascope.cli.review import destinations, style_of, write
from migrascope.model.problem import input_error, suggestion

if TYPE_CHECKING:
    from migrascope.model.assessment import Assessment

NOTHING = 4


@click.command("first")
@click.argument("plan", type=click.Path(path_type=Path))
@options.inventories
@click.option("--why", is_flag=True, help="Show every candidate: gates, scores, and what they were read from.")
@click.option("--vs", metavar="WORKLOAD", help="Put this workload beside the first one.")
@options.apply(options.answers, options.what_if, options.scenarios, options.formats)
@options.apply(options.rules, options.rules_profile, options.waivers)
@options.apply(options.bill, options.prices, options.rate_card, options.assumptions)
@options.apply(options.share, options.concept, options.brand)
@options.apply(options.output, options.lang, options.as_of, options.seed, options.color, options.quiet, options.verbose)
def command(
    plan: Path,
    inventories: tuple[Path, ...],
    why: bool,
    vs: str | None,
    answers: Path | None,
    what_if: tuple[str, ...],
    scenarios: tuple[Path, ...],
    formats: tuple[str, ...],
    rules: Path | None,
    rules_profile: Path | None,
    waivers: Path | None,
    bill: tuple[Path, ...],
    prices: Path | None,
    rate_card: Path | None,
    assumptions: Path | None,
    share: str | None,
    concept: bool,
    brand: Path | None,
    output: str,
    lang: str,
    as_of: dt.date | None,
    seed: int | None,
    color: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Name the one workload of PLAN to move first, or what comes even before it.

    Exit code 4: nothing can go first yet.
    """
    from migrascope.reports import ANSWER

    wanted = destinations(formats, output)
    style = style_of(lang, plan.name, verbose=why or verbose, share=share, concept=concept, brand=brand)
    with Progress(quiet=quiet) as progress:
        request = Request(
            plan, inventories, as_of, seed, rules, rules_profile, waivers, answers=answers, what_if=what_if,
            scenarios=scenarios, bill=bill, own=options.own(prices, rate_card, assumptions),
        )  # fmt: skip
        assessment = judged(request, progress)
    unit = _unit(assessment, vs) if vs is not None else None
    write(assessment, wanted, replace(style, versus=unit), color, ANSWER)
    if assessment.first is not None and assessment.first.status == "none":
        return NOTHING
    return assessment.exit_code()


def _unit(assessment: Assessment, workload: str) -> str:
    """The unit that a workload is in, by its id or its name. Raises InputError where the plan has none of that name."""

    first = assessment.first
    found: dict[str, str] = {}
    for score in first.scores if first is not None else ():
        found |= dict.fromkeys(score.members, score.unit)
    for each in first.not_now if first is not None else ():
        found |= dict.fromkeys((each.unit, each.name), each.unit)
    if workload not in found:
        raise input_error(
            f"there is no workload `{workload}`", "--vs", suggestion(workload, list(found)) or "name it by its id"
        )
    return found[workload]
