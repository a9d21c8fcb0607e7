"""`migrascope check`: a plan's schema and references, in an eye-blink."""

from __future__ import annotations

from pathlib import Path

import click

from migrascope.cli import options
from migrascope.model.problem import InputError, Problem


@click.command("check")
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.quiet
def command(plans: tuple[Path, ...], quiet: bool) -> int:
    """Check the schema and the references of PLAN, for editors and pre-commit.

    Every error is reported at once, with its line. Nothing is judged; `review` does that.
    """
    from migrascope.readers.plan import read_plan

    problems: list[Problem] = []
    for path in plans:
        try:
            file = read_plan(path)
        except InputError as error:
            problems += error.problems
            continue
        plan = file.plan
        options.remark(f"{path}: well-formed (workloads: {len(plan.workloads)}, waves: {len(plan.waves or ())})", quiet_=quiet)
    if problems:
        raise InputError(*problems)
    return 0
