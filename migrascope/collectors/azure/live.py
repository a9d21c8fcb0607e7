"""`collect azure`: ask Resource Graph, and write down what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from migrascope.collectors.azure.catalogue import OPERATIONS, TEXTS, actions, every_call
from migrascope.collectors.azure.reads import BILLS, bill_of
from migrascope.collectors.azure.rows import subscription
from migrascope.collectors.azure.saved import never_told
from migrascope.collectors.azure.session import Azure, Door, classify, opened, told
from migrascope.collectors.cloud.journal import Done, Journal
from migrascope.collectors.cloud.operation import MalformedError, items_of
from migrascope.collectors.cloud.pace import Pace
from migrascope.collectors.cloud.pool import Tally, work
from migrascope.collectors.cloud.records import Record, RecordOrigin, header
from migrascope.collectors.cloud.tasks import FULL, Ended, Task, perform
from migrascope.model.problem import input_error

_FIRST = "subscriptions"
_TENANT = "tenant"
"""Where a query is asked: one answers for all subscriptions."""


@dataclass(frozen=True, slots=True)
class AzureCollection:
    """What to ask, and as whom."""

    subscriptions: tuple[str, ...] = ()
    management_groups: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    rate: float = 3.0
    """Resource Graph takes fifteen queries in five seconds."""
    resume: bool = False
    max_age_hours: float = 24.0
    options: tuple[str, ...] = ()
    """What is only asked when somebody wants it: `costs`, `utilisation`."""
    door: Door = field(default_factory=Door)


def collect(
    wanted: AzureCollection, output: Path, now: dt.datetime, say: Callable[[str], None], show: Callable[[Tally, int], None],
    look: Callable[[Record], None],
) -> None:  # fmt: skip
    """Ask, write the journal, and turn it into the inventory. Raises InputError where there is nothing to begin with."""
    pace, journal = Pace(wanted.rate), Journal(output)
    azure = opened(wanted.door, pace, wanted.subscriptions, wanted.management_groups, now)
    names = _readable(azure, wanted)
    who = f" as {azure.who}" if azure.who else ""
    say(f"asking{who} about {len(names)} {'subscription' if len(names) == 1 else 'subscriptions'}: {_named(names)}")
    scopes = [f"{id_}/global" for id_ in sorted(names)]
    oldest = (now - dt.timedelta(hours=wanted.max_age_hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    leading = {each.name for each in OPERATIONS if any(it.operation.when in ("", *wanted.options) for it in each.further)}
    done = journal.begin(
        header(now.strftime("%Y-%m-%dT%H:%M:%SZ")), resume=wanted.resume, again=lambda label: label in leading, oldest=oldest
    )
    run = AzureRun(azure, journal, scopes, wanted.options, done, say)
    try:
        work(_tasks(run, names, now), lambda task: _perform(run, task), lambda ended: _ended(run, ended), pace,
             lambda tally: show(tally, pace.requests))  # fmt: skip
        journal.append(never_told(scope) for scope in scopes)
        journal.finish(look)
    except BaseException:
        journal.close()
        raise


@dataclass(frozen=True, slots=True)
class AzureRun:
    """A collection under way."""

    azure: Azure
    journal: Journal
    scopes: list[str]
    options: tuple[str, ...]
    done: Done
    say: Callable[[str], None]


def _tasks(run: AzureRun, names: dict[str, str], now: dt.datetime) -> list[Task]:
    tasks = [Task(operation, _TENANT, "global") for operation in OPERATIONS]
    left = [task for task in tasks if any((scope, task.label) not in run.done for scope in run.scopes)]
    for operation in (each for each in BILLS if each.when in run.options):
        asked = [Task(operation, id_, "global", given=bill_of(operation, id_, now)) for id_ in sorted(names)]
        left += [task for task in asked if (task.scope, task.label) not in run.done]
    return left


def _readable(azure: Azure, wanted: AzureCollection) -> dict[str, str]:
    """The subscriptions that answer, by id. Raises InputError where one that was asked for does not."""
    task = next(Task(operation, _TENANT, "global") for operation in OPERATIONS if operation.call == _FIRST)
    try:
        rows = [row for page in azure.answers(task) for row in items_of(task.operation, page)]
    except Exception as error:
        if not isinstance(error, MalformedError) and classify(error, task) is None:
            raise
        raise told(error) from None
    names = {str(row["subscriptionId"]).lower(): str(row.get("name")) for row in rows if row.get("subscriptionId")}
    if not names:
        raise input_error("this identity may read no subscription", "Azure", "give it the role Reader on one")
    if hidden := sorted({id_.lower() for id_ in wanted.subscriptions} - set(names)):
        raise input_error(
            f"these subscriptions do not answer: {', '.join(hidden)}", "--subscription", f"readable: {_named(names)}"
        )
    if wanted.expect and (others := sorted(set(names) - {id_.lower() for id_ in wanted.expect})):
        help_ = "nothing was read"
        raise input_error(f"subscription {', '.join(others)} is not one you expect", "--expect-subscription", help_)
    return names


def _named(names: dict[str, str]) -> str:
    shown = [f"{name} ({id_})" for id_, name in sorted(names.items())]
    return ", ".join(shown[:5]) + (" …" if len(shown) > 5 else "")


def _perform(run: AzureRun, task: Task) -> Ended:
    at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    origin = RecordOrigin("azure", task.account, task.region, task.label, at=at)
    return perform(task, run.azure.answers, origin, classify, run.journal.append, run.options)


def _ended(run: AzureRun, ended: Ended) -> Iterator[Task]:
    scopes = run.scopes if ended.task.account == _TENANT else ()
    run.journal.append(ended.coverage("azure", *scopes))
    if ended.outcome.status not in FULL and not ended.pages:
        run.journal.append(ended.unanswered("azure", *scopes))
        return
    further = [replace(task, account=subscription(str(task.given["path"]))) for task in ended.following()]
    left = [task for task in further if (task.scope, task.label) not in run.done]
    if measured := sum(task.operation.when == "utilisation" for task in left):
        run.say(f"requests for the load of machines that follow: {measured}")
    yield from left


def calls(options: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Every question that would be asked, for --dry-run."""
    for operation in every_call(options):
        known = TEXTS.get(operation.call) if operation.service == "resource-graph" else None
        yield {
            "query": operation.call if known else operation.name,
            "text": known or f"needs {', '.join(operation.permissions)}",
        }


def role(options: tuple[str, ...] = ()) -> dict[str, Any]:
    """A custom role that suffices, out of the same list. Resource Graph shows what an identity may read, and nothing else."""
    return {
        "Name": "migrascope reader",
        "Description": "What `migrascope collect azure` needs: to read what its queries name, and nothing else.",
        "Actions": list(actions(options)),
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": ["/providers/Microsoft.Management/managementGroups/YOUR-GROUP"],
    }
