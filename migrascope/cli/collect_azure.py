"""`migrascope collect azure`: subscriptions that are asked, or rows that somebody saved."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import click

from migrascope.cli import options
from migrascope.cli.collected import ask, deliver, on_demand
from migrascope.cli.progress import Progress
from migrascope.model.problem import input_error


@click.command("azure")
@click.option("-o", "--output", metavar="INVENTORY", help="Inventory file to write; - is standard output.")
@click.option("--subscription", "subscriptions", multiple=True, metavar="ID", help="A subscription to read; repeatable.")
@click.option("--management-group", "groups", multiple=True, metavar="ID", help="A management group to read; repeatable.")
@click.option(
    "--expect-subscription", "expect", multiple=True, metavar="ID", help="Stop where another would be read; repeatable."
)
@click.option("--max-rate", type=click.FloatRange(0.1, 100), default=3.0, show_default=True, help="Queries a second.")
@click.option("--utilisation", is_flag=True, help="Ask how busy machines were, for two weeks: a request for each machine.")
@click.option("--costs", is_flag=True, help="Ask Cost Management what resources cost, for three months; it answers slowly.")
@click.option("--endpoint", default=None, metavar="URL", help="Where Azure answers, for another cloud than the public one.")
@click.option("--resume", is_flag=True, help="Go on with a run that did not come to its end, or ask again what failed.")
@click.option(
    "--max-age", type=click.FloatRange(0), default=24.0, show_default=True, help="Hours; --resume goes on with no older run."
)
@click.option("--dry-run", is_flag=True, help="Show every query; ask nothing. Who runs them can hand over what comes out.")
@click.option("--policy", is_flag=True, help="Print the role that suffices; ask nothing.")
@click.option("--from", "saved", multiple=True, type=click.Path(path_type=Path, exists=True),
              help="Saved rows, a file or a folder; repeatable; in place of a subscription.")  # fmt: skip
@click.option("--as-of", type=options.Day(), help="The day on which the rows were saved.")
@click.option("--allow-partial", is_flag=True, help="Exit 0 also where something could not be read.")
@options.quiet
def azure(output: str | None, saved: tuple[Path, ...], policy: bool, dry_run: bool, **given: Any) -> int:
    """Collect from Azure subscriptions, through Resource Graph.

    --from FILE reads what `az graph query -q … -o json`, or `az vm list -o json` and the like, saved.
    """
    if policy:
        from migrascope.collectors.azure.live import role

        options.deliver("-", (json.dumps(role(on_demand(given)), indent=2) + "\n").encode())
        return 0
    if dry_run:
        return _queries(on_demand(given))
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output'.")
    if given["subscriptions"] and given["groups"]:
        raise click.UsageError("--subscription and --management-group contradict each other.")
    if saved:
        return _from(saved, output, given)
    return _ask(output, given)


def _queries(wanted: tuple[str, ...]) -> int:
    from migrascope.collectors.azure.live import calls

    found = list(calls(wanted))
    options.deliver("-", "".join(f"# {each['query']}\n{each['text']}\n\n" for each in found).encode())
    options.remark(f"{len(found)} questions, all of them read; paid: 0. Nothing was asked.")
    return 0


def _from(saved: tuple[Path, ...], output: str, given: dict[str, Any]) -> int:
    from migrascope.collectors.azure.saved import collect_saved

    as_of: dt.date | None = given["as_of"]
    with Progress(quiet=given["quiet"]) as progress:
        collected = collect_saved(saved, None if as_of is None else as_of.isoformat(), progress.stage)
    return deliver(collected, output, quiet=given["quiet"], allow_partial=given["allow_partial"])


def _ask(output: str, given: dict[str, Any]) -> int:
    from migrascope.collectors.azure.live import AzureCollection, collect
    from migrascope.collectors.azure.session import Door

    endpoint = given["endpoint"]
    if endpoint is not None and not endpoint.startswith("https://"):
        raise input_error("only https goes there", "--endpoint", "it looks like https://management.chinacloudapi.cn")
    door = Door() if endpoint is None else Door(endpoint=endpoint.rstrip("/"))
    wanted = AzureCollection(
        given["subscriptions"], given["groups"], given["expect"], given["max_rate"], given["resume"], given["max_age"],
        on_demand(given), door,
    )  # fmt: skip
    return ask(lambda path, *told: collect(wanted, path, *told), output, given)
