"""`migrascope init`: draft a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from migrascope.cli import options
from migrascope.model.problem import input_error

if TYPE_CHECKING:
    from migrascope.model.inventory import Inventory


@click.command("init")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "inventories",
    multiple=True,
    metavar="INVENTORY",
    type=click.Path(path_type=Path),
    help="What was collected; repeatable.",
)
@click.option(
    "--tag", "tags", multiple=True, metavar="KEY", help="A tag that names the workload; repeatable, the first counts."
)
@click.option(
    "--mapping", type=click.Path(path_type=Path), help="YAML: schema, and workloads with the names or ids of their members."
)
@click.option("--force", is_flag=True, help="Replace a plan that is there already.")
@options.apply(options.lang, options.color, options.quiet)
def command(
    plan: Path,
    inventories: tuple[Path, ...],
    tags: tuple[str, ...],
    mapping: Path | None,
    force: bool,
    lang: str,
    color: str,
    quiet: bool,
) -> int:
    """Draft PLAN: from what was seen where an inventory is given, else a commented one to fill in.

    Servers, databases and services are grouped into workloads, in order of trust, by --mapping, tags, shared disks, cluster
    rules, stacks, resource groups, scaling groups, clusters, folders, load balancers, connectivity and names; each group says
    how it was found. What nobody saw
    is marked `unknown`, with the question and whom to ask. The opinion on the draft follows, on one page: what could be
    first, and the three questions that matter most.
    """
    from migrascope.estate.grouping import TAG_KEYS, group
    from migrascope.readers.formats import schema_text
    from migrascope.readers.workloads import read_workloads
    from migrascope.reports.draft import blank, draft
    from migrascope.snapshots import read_inventory, write_atomically

    if plan.exists() and not force:
        raise input_error("is there already", str(plan), "name another file, or replace it with --force")
    if not inventories:
        write_atomically(plan, blank().encode())
        options.remark(f"{plan}: a plan to fill in", quiet_=quiet)
    else:
        inventory = read_inventory(inventories)
        said = {} if mapping is None else dict(read_workloads(mapping).workloads)
        seen = {name for record in inventory.resources for name in (record["id"], record.get("name"))}
        if strange := sorted({name for names in said.values() for name in names} - seen):
            options.remark(f"{mapping}: not in the inventory: {', '.join(strange)}", quiet_=quiet)
        found = group(inventory, tags or TAG_KEYS, said)
        write_atomically(plan, draft(inventory, found.groups, found.left).encode())
        servers = sum(len(each.servers) for each in found.groups)
        others = sum(len(each.members) for each in found.groups) - servers
        more = f", databases and services: {others}" if others else ""
        more += f", tied to none: {len(found.left)}" if found.left else ""
        options.remark(f"{plan}: workloads: {len(found.groups)}, servers: {servers}{more}", quiet_=quiet)
        if inventory.collected_at is not None and not quiet:
            _opinion(plan, inventories, inventory, lang, color)
    schema = plan.parent / "plan.schema.json"
    if not schema.exists():
        write_atomically(schema, schema_text("plan").encode())
    with_inventory = "".join(f" -i {path}" for path in inventories)
    options.remark(f"next: migrascope review {plan}{with_inventory}", quiet_=quiet)
    return 0


def _opinion(plan: Path, inventories: tuple[Path, ...], inventory: Inventory, lang: str, color: str) -> None:
    """The first page of the opinion on a draft."""
    from migrascope.cli.judging import Request, judged
    from migrascope.cli.progress import Progress
    from migrascope.reports import Style
    from migrascope.reports.text import render_opening

    with Progress(quiet=False) as progress:
        assessment = judged(Request(plan, inventories), progress, inventory)
    style = Style(language=lang, colour=options.coloured(color, "-"), title=plan.name)  # type: ignore[arg-type]
    options.deliver("-", render_opening(assessment, style))
