"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from migrascope.model.problem import input_error
from migrascope.snapshots import write_atomically

F = TypeVar("F", bound=Callable[..., Any])


class Day(click.ParamType[dt.date]):
    """A day, ISO 8601."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        if isinstance(value, dt.date):
            return value
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no day; write it as 2027-03-31", param, ctx)


def apply(*options: Callable[[F], F]) -> Callable[[F], F]:
    """Several options as one decorator, in the order in which the help shows them."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


as_of = click.option("--as-of", type=Day(), help="The day on which to judge, instead of the plan's own.")
seed = click.option("--seed", type=click.IntRange(min=0), default=None, help="Seed of the simulations (fixed by default).")
inventories = click.option(
    "-i",
    "--inventory",
    "inventories",
    multiple=True,
    type=click.Path(path_type=Path),
    help="What was collected; repeatable.",
)
lang = click.option("--lang", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Language.")
share = click.option(
    "--share",
    type=click.Choice(["internal", "client", "public"]),
    help="Who may see it: without points of security, machines, addresses and people (client), or the advice alone (public).",
)
concept = click.option("--concept", is_flag=True, help="Mark it as a draft until the plan's author has answered every finding.")
brand = click.option(
    "--brand", type=click.Path(path_type=Path), help="A file with who advises, the client and a logo, for the head of a report."
)
color = click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colour.",
)
quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing but the result.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Show everything.")
output = click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="-",
    show_default=True,
    help="Where the result goes; - is standard output.",
)


prices = click.option(
    "--prices", type=click.Path(path_type=Path), help="Prices of today, as `migrascope prices refresh` wrote them."
)
rate_card = click.option("--rate-card", type=click.Path(path_type=Path), help="What you pay by contract: prices and discounts.")
assumptions = click.option(
    "--assumptions", type=click.Path(path_type=Path), help="Your own assumptions on cost and sizing, over ours."
)
formats = click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help="text, brief, brief-html, html, pdf, docx, xlsx, concise, json, md, csv, sarif, junit, gitlab, questions, "
    "baseline or focus; "
    "to a file if one is named; repeatable.",
)
rules = click.option(
    "--rules",
    type=click.Path(path_type=Path),
    help="A folder of rules of your own, besides ours; one of the same id takes the place of ours.",
)
rules_profile = click.option(
    "--rules-profile",
    type=click.Path(path_type=Path),
    help="A file that switches rules off, with a reason, or changes their thresholds.",
)
answers = click.option(
    "--answers", type=click.Path(path_type=Path), help="Questions that people filled in (see -f questions and -f xlsx)."
)
what_if = click.option(
    "--what-if",
    multiple=True,
    metavar="KEY=VALUE",
    help="Show beside it what comes out if the plan said this, as in capacity.fte=3 or wiki.criticality=high; repeatable.",
)
scenarios = click.option(
    "--scenario",
    "scenarios",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The same from a file with schema, name and set; repeatable, each beside the others.",
)
bill = click.option(
    "--bill",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A bill in FOCUS columns (.csv, .csv.gz, .parquet) beside the plan; repeatable.",
)
waivers = click.option("--waivers", type=click.Path(path_type=Path), help="Accepted findings, beside those in the plan.")
baseline = click.option(
    "--baseline", type=click.Path(path_type=Path), help="Findings that were known before (see -f baseline); they fail nothing."
)
csv_profile = click.option(
    "--csv-profile",
    type=click.Choice(["generic", "jira", "servicenow"]),
    default="generic",
    show_default=True,
    help="Columns of -f csv.",
)
fail_on = click.option(
    "--fail-on",
    type=click.Choice(["info", "low", "medium", "high", "critical"]),
    help="Exit 1 where a finding is this severe, or worse.",
)
allow_partial = click.option("--allow-partial", is_flag=True, help="Exit 0 also where the analysis is incomplete.")


def coloured(choice: str, destination: str) -> bool:
    """Colour only where a person sees it: a terminal, and no NO_COLOR or dumb TERM."""
    if choice != "auto":
        return choice == "always"
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return destination == "-" and sys.stdout.isatty() and not plain


def deliver(destination: str, content: bytes) -> None:
    """Write a result to a file in one step, or to standard output."""
    if destination != "-":
        path = Path(destination)
        if path.is_dir():
            raise input_error("this is a directory; name a file", destination)
        write_atomically(path, content)
        return
    stream = sys.stdout.buffer
    stream.write(content)
    stream.flush()


def remark(text: str, *, quiet_: bool = False) -> None:
    """Something to know that is not the result: to stderr."""
    if not quiet_:
        from migrascope.texts.visible import visible

        click.echo(visible(text), err=True)


def own(prices: Path | None, rate_card: Path | None, assumptions: Path | None) -> Any:
    """What the user brings along; None where that is nothing."""
    from migrascope.readers.knowledge import Own

    return Own(prices, rate_card, assumptions) if prices or rate_card or assumptions else None
