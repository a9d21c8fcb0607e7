"""`collect aws`: ask accounts, and write down what they answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.aws.catalogue import OPERATIONS
from migrascope.collectors.aws.errors import classify
from migrascope.collectors.aws.places import place
from migrascope.collectors.aws.session import Access, Entry, SignedInAccount
from migrascope.collectors.cloud.journal import Done, Journal
from migrascope.collectors.cloud.operation import MalformedError, Operation
from migrascope.collectors.cloud.pace import Pace
from migrascope.collectors.cloud.pool import Tally, work
from migrascope.collectors.cloud.records import Record, RecordOrigin, header
from migrascope.collectors.cloud.tasks import FULL, Ended, Task, TaskOutcome, perform
from migrascope.model.problem import InputError, input_error

KINDS: Final = ("server", "database", "storage", "network", "service", "identity", "account")
"""What an account may hold: unknown, all of it, where the account does not open."""


@dataclass(frozen=True, slots=True)
class AwsCollection:
    """What to ask, and as whom."""

    profile: str | None = None
    entries: tuple[Entry, ...] = ()
    """The accounts; none: the one of the identity."""
    organization_role: str | None = None
    external_id: str | None = None
    regions: tuple[str, ...] = ()
    """None: all that are switched on."""
    expect_account: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    """What is only asked when somebody wants it: `utilisation`."""
    rate: float = 20.0
    resume: bool = False
    max_age_hours: float = 24.0


@dataclass(slots=True)
class AwsRun:
    """A collection under way."""

    wanted: AwsCollection
    journal: Journal
    now: dt.datetime
    pace: Pace
    say: Callable[[str], None]
    accounts: dict[str, SignedInAccount] = field(default_factory=dict)
    done: Done = field(default_factory=set)
    expired: set[str] = field(default_factory=set)


def collect(
    wanted: AwsCollection, output: Path, now: dt.datetime, say: Callable[[str], None], show: Callable[[Tally, int], None],
    look: Callable[[Record], None],
) -> None:  # fmt: skip
    """Ask, write the journal, and turn it into the inventory. Raises InputError where there is nothing to begin with."""
    run = AwsRun(wanted, Journal(output), now, Pace(wanted.rate), say)
    access = Access(wanted.profile, run.pace, now)
    entries = _entries(access, wanted)
    say(f"asking as {access.arn}, {len(entries)} {'account' if len(entries) == 1 else 'accounts'}: {_named(entries)}")
    expected = set(wanted.expect_account)
    if expected and (others := {entry.account for entry in entries} - expected):
        raise input_error(
            f"account {', '.join(sorted(others))} is not the one you expect", "--expect-account", "nothing was read"
        )
    moment = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    head = header(moment)
    oldest = (now - dt.timedelta(hours=wanted.max_age_hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    leading = {operation.name for operation in OPERATIONS if operation.further}
    run.done = run.journal.begin(
        head, resume=wanted.resume, again=lambda label: label.partition(" ")[0] in leading | _ALWAYS, oldest=oldest
    )
    try:
        tasks = list(_opened(run, access, entries))
    except InputError:
        if not run.done:
            run.journal.discard()
        raise
    try:
        if paid := [task for task in tasks if task.operation.paid]:
            names = ", ".join(sorted({task.operation.name for task in paid}))
            run.say(f"paid requests that follow: {len(paid)}, and one more for each further page of an answer ({names})")
        work(tasks, lambda task: _perform(run, task), lambda ended: _ended(run, ended), run.pace,
             lambda tally: show(tally, run.pace.requests))  # fmt: skip
        run.journal.finish(look)
    except BaseException:
        run.journal.close()
        raise


_SLOW: Final = ("GetCredentialReport",)
"""Calls that wait for the provider to make something ready."""
_REGIONS: Final = call("ec2", "DescribeRegions", "Regions", reach="account", parameters={"AllRegions": True})
_ALWAYS: Final = frozenset({"aws:regions", "aws:place", "sts:AssumeRole", "ec2:inside"})


def _entries(access: Access, wanted: AwsCollection) -> list[Entry]:
    if wanted.organization_role is not None:
        found = access.organization(wanted.organization_role, wanted.external_id)
        if not found:
            raise input_error("the organisation has no active account", "--organization", "nothing was read")
        return found
    entries = list(wanted.entries) or [Entry(access.account)]
    return [Entry(each.account or access.account, each.role, each.external_id or wanted.external_id) for each in entries]


def _named(entries: list[Entry]) -> str:
    names = [entry.account for entry in entries]
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


def _opened(run: AwsRun, access: Access, entries: Iterable[Entry]) -> Iterator[Task]:
    """The tasks of every account that opens. One that does not is told, and keeps nobody else waiting."""
    from botocore.exceptions import BotoCoreError, ClientError

    plans = []
    for entry in entries:
        try:
            account = access.enter(entry, run.now.strftime("%Y%m%d%H%M%S"))
        except (BotoCoreError, ClientError, InputError) as error:
            run.journal.append([_closed(entry, error)])
            continue
        run.accounts[account.id] = account
        regions = _regions(run, account)
        for region in ("global", *regions):
            run.journal.append(place(_origin(account, region, "aws:place")))
        plans.append((account, regions))
    # Calls that lead to most others first: the longest chain sets the time. Regions next to each other spread the load.
    wanted = [operation for operation in OPERATIONS if operation.when in ("", *run.wanted.options)]
    for operation in sorted(wanted, key=_in_turn):
        for account, regions in plans:
            for region in ["global"] if operation.reach == "account" else regions:
                task = Task(operation, account.id, region)
                if (task.scope, task.label) not in run.done:
                    yield task


def _in_turn(operation: Operation) -> tuple[int, str]:
    singly = sum(further.at_once == 1 for further in operation.further)
    return -singly - (operation.call in _SLOW), operation.name


def _closed(entry: Entry, error: Exception) -> Record:
    told = "the role cannot be taken" if entry.role else "the account does not open"
    why = " ".join(str(error).split())
    return _coverage(f"{entry.account}/global", "sts:AssumeRole", "denied", KINDS, f"{told}: {entry.role or ''} ({why})")


def _coverage(scope: str, operation: str, status: str, covers: Iterable[str], detail: str) -> Record:
    return {"kind": "coverage", "source": "aws", "scope": scope, "operation": operation, "status": status, "items": 0,
            "covers": list(covers), "detail": detail}  # fmt: skip


def _regions(run: AwsRun, account: SignedInAccount) -> list[str]:
    """The regions to ask. What is left out is told."""
    wanted = sorted(set(run.wanted.regions))
    task = Task(_REGIONS, account.id, "global")
    try:
        found = next(account.answers(task))["Regions"]
    except Exception as error:
        outcome = TaskOutcome("error", str(error)) if isinstance(error, MalformedError) else classify(error, task)
        if outcome is None:
            raise
        detail = f"{outcome.detail}; asked the regions that are known"
        run.journal.append([_coverage(f"{account.id}/global", "aws:regions", outcome.status, (), detail)])
        return wanted or sorted(account.session.get_available_regions("ec2"))
    on = sorted(each["RegionName"] for each in found if each.get("OptInStatus") != "not-opted-in")
    off = sorted(each["RegionName"] for each in found if each.get("OptInStatus") == "not-opted-in")
    if strange := [name for name in wanted if name not in on + off]:
        raise input_error(f"there is no region {', '.join(strange)}", "--region", f"regions: {', '.join(on)}")
    chosen = wanted or on
    left = [f"not asked, as --region says: {', '.join(sorted({*on} - {*chosen}))}"] if {*on} - {*chosen} else []
    left += [f"not switched on: {', '.join(off)}"] if off and not wanted else []
    run.journal.append([_coverage(f"{account.id}/global", "aws:regions", "ok", (), "; ".join(left))])
    return chosen


def _perform(run: AwsRun, task: Task) -> Ended:
    account = run.accounts[task.account]
    if task.account in run.expired:
        return Ended(task, TaskOutcome("error", "the credentials expired; sign in again, and go on with --resume"))
    if not account.offered(task.operation.service, task.region):
        return Ended(task, TaskOutcome("unsupported", "not offered in this region, as far as is known"))
    return perform(
        task, account.answers, _origin(account, task.region, task.label), classify, run.journal.append, run.wanted.options
    )


def _origin(account: SignedInAccount, region: str, call: str) -> RecordOrigin:
    at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return RecordOrigin(
        "aws", account.id, region, call, at=at, partition=account.session.get_partition_for_region(account.home)
    )


def _ended(run: AwsRun, ended: Ended) -> Iterator[Task]:
    if "expired" in ended.outcome.detail:
        run.expired.add(ended.task.account)
    run.journal.append(ended.coverage("aws"))
    if ended.outcome.status not in FULL and not ended.pages:
        run.journal.append(ended.unanswered("aws"))
        return
    following = [task for task in ended.following() if (task.scope, task.label) not in run.done]
    if paid := [task for task in following if task.operation.paid]:
        metrics = sum(len(task.given.get("MetricDataQueries", ())) for task in paid)
        run.say(f"{ended.task.scope}: {len(paid)} paid requests follow, for {metrics} metrics ({paid[0].operation.name})")
    yield from following


def calls(options: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Every call that would be made, for --dry-run."""
    for operation in OPERATIONS:
        for each in operation.all():
            if each.when not in ("", *options):
                continue
            where = "once an account" if each.reach == "account" else "each region"
            about = where if each is operation else f"about what {operation.name} lists"
            yield {"call": each.name, "where": about, "needs": ", ".join(each.permissions), "paid": "paid" if each.paid else ""}
