"""`migrascope review`: judge a plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrascope.cli import options
from migrascope.cli.progress import Progress
from migrascope.model.memory import without_gc
from migrascope.model.problem import input_error

if TYPE_CHECKING:
    from migrascope.model.assessment import Assessment
    from migrascope.model.inventory import Inventory
    from migrascope.readers.answers import AnsweredPlan
    from migrascope.readers.plan import PlanFile
    from migrascope.reports import Style

SEVERITIES = ["info", "low", "medium", "high", "critical"]


@click.command("review")
@click.argument("plan", type=click.Path(path_type=Path))
@options.inventories
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text, concise, json or questions, to a file if one is named; repeatable.",
)
@options.apply(options.output, options.lang, options.as_of, options.seed)
@click.option(
    "--rules",
    "rules_folder",
    type=click.Path(path_type=Path),
    help="A folder of rules of your own, besides ours; one of the same id takes the place of ours.",
)
@click.option("--answers", type=click.Path(path_type=Path), help="Questions that people filled in (see -f questions).")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit 1 where a finding is this severe, or worse.")
@click.option("--allow-partial", is_flag=True, help="Exit 0 also where the analysis is incomplete.")
@options.apply(options.color, options.quiet, options.verbose)
def command(
    plan: Path,
    inventories: tuple[Path, ...],
    formats: tuple[str, ...],
    output: str,
    lang: str,
    as_of: dt.date | None,
    seed: int | None,
    rules_folder: Path | None,
    answers: Path | None,
    fail_on: str | None,
    allow_partial: bool,
    color: str,
    quiet: bool,
    verbose: bool,
) -> int:
    """Judge PLAN, with what was seen to run where an inventory is given.

    Without an inventory only the plan's own words are judged, and the report says what it could not see.
    """
    wanted = destinations(formats, output)
    with Progress(quiet=quiet) as progress:
        assessment = assessed(plan, inventories, as_of, seed, rules_folder, progress, answers=answers)
    write(assessment, wanted, plan.name, lang, color, verbose=verbose)
    for problem in assessment.incomplete:
        options.remark(f"incomplete: {problem}", quiet_=quiet)
    return assessment.exit_code(fail_on, allow_partial=allow_partial)  # type: ignore[arg-type]


def destinations(formats: tuple[str, ...], output: str) -> list[tuple[str, str]]:
    """Which format goes where. One of them may go to `-o`; the others name a file."""
    from migrascope.reports import FORMATS

    wanted: list[tuple[str, str]] = []
    for item in formats or ("text",):
        name, _, file = item.partition("=")
        if name not in FORMATS:
            raise click.UsageError(f"there is no format '{name}'; there are: {', '.join(FORMATS)}")
        wanted.append((name, file or output))
    targets = [file for _, file in wanted]
    repeated = next((file for file in targets if targets.count(file) > 1), None)
    if repeated is not None:
        raise click.UsageError(f"two formats go to '{repeated}'; name a file for one, as in -f json=opinion.json")
    return wanted


def assessed(
    plan: Path,
    inventories: tuple[Path, ...],
    as_of: dt.date | None,
    seed: int | None,
    rules_folder: Path | None,
    progress: Progress,
    shown: str | None = None,
    answers: Path | None = None,
) -> Assessment:
    """Read everything, and judge it. `shown` is the name that the plan goes by in the report."""
    from migrascope.assess import DEFAULT_SEED, Options, assess
    from migrascope.readers.answers import answered
    from migrascope.readers.knowledge import read_knowledge
    from migrascope.readers.plan import read_plan
    from migrascope.readers.rules import read_rules
    from migrascope.snapshots import read_inventory

    progress.stage("reading the plan")
    claimed = read_plan(plan, shown)
    file: PlanFile | AnsweredPlan = claimed if answers is None else answered(claimed, answers)
    progress.stage("reading the inventory")
    inventory = read_inventory(inventories) if inventories else None
    rules = read_rules()
    if rules_folder is not None:
        own = read_rules(rules_folder, check_examples=True)
        for name in sorted({rule.rule.id for rule in rules} & {rule.rule.id for rule in own}):
            options.remark(f"note: your rule {name} takes the place of ours")
        rules = merged(rules, own)
    knowledge = read_knowledge()
    settings = Options(
        as_of=_day(file, inventory, as_of),
        seed=DEFAULT_SEED if seed is None else seed,
        inputs=_inputs(plan, file, inventories, inventory, knowledge.sha256),
        places=file,
        progress=progress.step,
    )
    with without_gc():
        return assess(file.plan, inventory, rules, knowledge, settings)


def merged(ours: list, theirs: list) -> list:  # type: ignore[type-arg]
    """A consultant's rules beside ours; one of the same id takes the place of ours."""
    found = {rule.rule.id: rule for rule in [*ours, *theirs]}
    return [found[name] for name in sorted(found)]


def _day(file: PlanFile | AnsweredPlan, inventory: Inventory | None, given: dt.date | None) -> dt.date:
    """--as-of, else the plan's own, else the newest day of collection; nothing reads the clock."""
    if given is not None:
        return given
    if file.plan.as_of is not None:
        return file.plan.as_of
    # A collection without a day may be the newest of them.
    dated = inventory is not None and all(header.collected_at for header in inventory.headers)
    newest = inventory.collected_at if inventory and dated else None
    if newest is None:
        raise input_error(
            "does not say on which day it is to be judged",
            file.document.source.file,
            "write `as_of: 2026-11-23` into the plan, or give --as-of",
        )
    return dt.date.fromisoformat(newest[:10])


def _inputs(
    plan: Path,
    file: PlanFile | AnsweredPlan,
    inventories: tuple[Path, ...],
    inventory: Inventory | None,
    knowledge: str,
) -> tuple:  # type: ignore[type-arg]
    """What the opinion rests on, each with the hash of its content."""
    import hashlib

    from migrascope.model.assessment import Input
    from migrascope.snapshots import digest

    found = [Input(what="plan", name=plan.name, sha256=hashlib.sha256(file.document.source.raw).hexdigest())]
    day = inventory.collected_at if inventory else None
    found += [Input(what="inventory", name=path.name, sha256=digest(path), collected_at=day) for path in inventories]
    found.append(Input(what="knowledge", name="knowledge", sha256=knowledge))
    return tuple(found)


def write(assessment: Assessment, wanted: list[tuple[str, str]], title: str, lang: str, color: str, *, verbose: bool) -> None:
    """Render every format first and write afterwards, so that a fault leaves no half of a result."""
    from migrascope.reports import Style, renderer

    ready: list[tuple[str, bytes]] = []
    for name, file in wanted:
        style: Style = Style(language=lang, colour=options.coloured(color, file), verbose=verbose, title=title)  # type: ignore[arg-type]
        ready.append((file, renderer(name)(assessment, style)))
    for file, content in ready:
        options.deliver(file, content)
