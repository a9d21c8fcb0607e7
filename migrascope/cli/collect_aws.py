"""`migrascope collect aws`: accounts that are asked, or answers that somebody saved."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from migrascope.cli import options
from migrascope.cli.collected import ask, deliver, on_demand
from migrascope.cli.progress import Progress
from migrascope.model.problem import input_error

if TYPE_CHECKING:
    from migrascope.collectors.aws.live import AwsCollection


@click.command("aws")
@click.option("-o", "--output", metavar="INVENTORY", help="Inventory file to write; - is standard output.")
@click.option("--profile", help="Profile of the AWS configuration; the usual environment variables count where it is left out.")
@click.option("--role", help="ARN of a role to take first.")
@click.option("--external-id", help="The external id that the role asks for.")
@click.option("--accounts-file", type=click.Path(path_type=Path), help="YAML: schema, and accounts with id, role, external_id.")
@click.option(
    "--organization", metavar="ROLE", help="Read every active account of the organisation, through a role of this name."
)
@click.option("--region", "regions", multiple=True, help="A region to ask; repeatable. With --from: the region of the answers.")
@click.option("--all-regions", is_flag=True, help="Ask every region that is switched on; so it is also without --region.")
@click.option("--expect-account", multiple=True, metavar="ID", help="Stop where another account would be read; repeatable.")
@click.option("--max-rate", type=click.FloatRange(0.1, 1000), default=20.0, show_default=True,
              help="Requests a second for each account, region and service; S3 takes ten times as many.")  # fmt: skip
@click.option("--utilisation", is_flag=True, help="Ask CloudWatch how busy processors were, for two weeks. AWS charges for it.")
@click.option(
    "--costs", is_flag=True, help="Ask Cost Explorer what services cost, for three months. AWS charges for each request."
)
@click.option("--resume", is_flag=True, help="Go on with a run that did not come to its end, or ask again what failed.")
@click.option(
    "--max-age", type=click.FloatRange(0), default=24.0, show_default=True, help="Hours; --resume goes on with no older run."
)
@click.option("--dry-run", is_flag=True, help="List every call, what it needs and what is paid; ask nothing.")
@click.option("--policy", is_flag=True, help="Print the IAM policy that suffices; ask nothing.")
@click.option("--from", "saved", type=click.Path(path_type=Path), help="A folder of saved answers, in place of an account.")
@click.option("--as-of", type=options.Day(), help="The day on which the answers were saved.")
@click.option("--allow-partial", is_flag=True, help="Exit 0 also where something could not be read.")
@options.quiet
def aws(output: str | None, saved: Path | None, policy: bool, dry_run: bool, **given: Any) -> int:
    """Collect from AWS accounts, with calls that only read.

    --from DIR reads what `aws ec2 describe-instances > DIR/REGION/ec2-describe-instances.json` and the like saved.
    """
    if policy:
        return _policy(on_demand(given), many=bool(given["organization"] or given["accounts_file"]))
    if dry_run:
        return _calls(on_demand(given))
    if output is None:
        raise click.UsageError("Missing option '-o' / '--output'.")
    if given["all_regions"] and given["regions"]:
        raise click.UsageError("--all-regions and --region contradict each other.")
    if saved is not None:
        _no_use(given, "profile", "role", "organization", "accounts_file", "expect_account", "costs", "utilisation", "resume")
        return _from(saved, output, given)
    return _ask(output, given)


def _no_use(given: dict[str, Any], *names: str) -> None:
    """Options that ask an account have no use beside files. Raises UsageError."""
    if idle := [f"--{name.replace('_', '-')}" for name in names if given[name]]:
        raise click.UsageError(f"--from reads files: {', '.join(idle)} would have no use.")


def _policy(wanted: tuple[str, ...], *, many: bool) -> int:
    from migrascope.collectors.aws.policy import hub_policy, policy

    options.deliver("-", (json.dumps(policy(wanted), indent=2) + "\n").encode())
    if many:
        options.remark("in each account; the identity that goes from one to the other needs: " + json.dumps(hub_policy()))
    return 0


def _calls(wanted: tuple[str, ...]) -> int:
    from tabulate import tabulate

    from migrascope.collectors.aws.live import calls

    found = list(calls(wanted))
    options.deliver("-", (tabulate(found, headers="keys", tablefmt="plain") + "\n").encode())
    paid = sum(each["paid"] != "" for each in found)
    options.remark(f"{len(found)} calls, all of them read; paid: {paid}. Nothing was asked.")
    return 0


def _from(saved: Path, output: str, given: dict[str, Any]) -> int:
    from migrascope.collectors.aws.saved import collect_saved

    as_of: dt.date | None = given["as_of"]
    regions: tuple[str, ...] = given["regions"]
    if len(regions) > 1:
        raise click.UsageError("With --from there is one --region, that of answers that stand in no folder of a region.")
    with Progress(quiet=given["quiet"]) as progress:
        day = None if as_of is None else as_of.isoformat()
        collected = collect_saved(saved, regions[0] if regions else None, day, progress.stage)
    return deliver(collected, output, quiet=given["quiet"], allow_partial=given["allow_partial"])


def _ask(output: str, given: dict[str, Any]) -> int:
    from migrascope.collectors.aws.live import collect

    wanted = _wanted(given)
    return ask(lambda path, *told: collect(wanted, path, *told), output, given)


def _wanted(given: dict[str, Any]) -> AwsCollection:
    from migrascope.collectors.aws.live import AwsCollection
    from migrascope.collectors.aws.session import Entry
    from migrascope.readers.accounts import read_accounts

    ways = [name for name in ("role", "accounts_file", "organization") if given[name]]
    if len(ways) > 1:
        raise click.UsageError(f"{' and '.join('--' + name.replace('_', '-') for name in ways)} contradict each other.")
    entries: tuple[Entry, ...] = ()
    if given["role"]:
        parts = given["role"].split(":")
        if len(parts) < 6 or not parts[4].isdigit():
            raise input_error("this is no ARN of a role", "--role", "it looks like arn:aws:iam::123456789012:role/reader")
        entries = (Entry(parts[4], given["role"], given["external_id"]),)
    elif given["accounts_file"]:
        entries = tuple(Entry(each.id, each.role, each.external_id) for each in read_accounts(given["accounts_file"]).accounts)
    return AwsCollection(
        given["profile"],
        entries,
        given["organization"],
        given["external_id"],
        given["regions"],
        given["expect_account"],
        on_demand(given),
        given["max_rate"],
        given["resume"],
        given["max_age"],
    )
