"""`collect azure`: ask Resource Graph, and write down what it answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrascope.collectors.azure.catalogue import OPERATIONS, TEXTS
from migrascope.collectors.azure.saved import never_told
from migrascope.collectors.azure.session import Door, Graph, classify, opened, told
from migrascope.collectors.cloud.journal import Journal
from migrascope.collectors.cloud.pace import Pace
from migrascope.collectors.cloud.pool import Tally, work
from migrascope.collectors.cloud.records import Origin, Record, header
from migrascope.collectors.cloud.tasks import Ended, Task, perform
from migrascope.model.problem import input_error

_FIRST = "subscriptions"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask, and as whom."""

    subscriptions: tuple[str, ...] = ()
    management_groups: tuple[str, ...] = ()
    expect: tuple[str, ...] = ()
    rate: float = 3.0
    """Resource Graph takes fifteen queries in five seconds."""
    resume: bool = False
    max_age_hours: float = 24.0
    door: Door = field(default_factory=Door)


def collect(
    wanted: Wanted, output: Path, now: dt.datetime, say: Callable[[str], None], show: Callable[[Tally, int], None],
    look: Callable[[Record], None],
) -> None:  # fmt: skip
    """Ask, write the journal, and turn it into the inventory. Raises InputError where there is nothing to begin with."""
    pace, journal = Pace(wanted.rate), Journal(output)
    graph = opened(wanted.door, pace, wanted.subscriptions, wanted.management_groups)
    names = _readable(graph, wanted)
    say(f"asking about {len(names)} {'subscription' if len(names) == 1 else 'subscriptions'}: {_named(names)}")
    scopes = [f"{id_}/global" for id_ in sorted(names)]
    moment = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    head = header(moment)
    oldest = (now - dt.timedelta(hours=wanted.max_age_hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    done = {label for _, label in journal.begin(head, resume=wanted.resume, again=lambda _: False, oldest=oldest)}
    try:
        tasks = [Task(operation, "tenant", "global") for operation in OPERATIONS]
        left = [task for task in tasks if task.label not in done]
        work(left, lambda task: _perform(graph, task, journal), lambda ended: _ended(ended, journal, scopes), pace,
             lambda tally: show(tally, pace.requests))  # fmt: skip
        journal.append(never_told(scope) for scope in scopes)
        journal.finish(look)
    except BaseException:
        journal.close()
        raise


def _readable(graph: Graph, wanted: Wanted) -> dict[str, str]:
    """The subscriptions that answer, by id. Raises InputError where one that was asked for does not."""
    task = next(Task(operation, "tenant", "global") for operation in OPERATIONS if operation.call == _FIRST)
    try:
        rows = [row for page in graph.answers(task) for row in page["data"]]
    except Exception as error:
        if classify(error, task) is None:
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


def _perform(graph: Graph, task: Task, journal: Journal) -> Ended:
    at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    origin = Origin("azure", task.account, task.region, task.label, at=at)
    return perform(task, graph.answers, origin, classify, journal.append)


def _ended(ended: Ended, journal: Journal, scopes: list[str]) -> Iterator[Task]:
    journal.append(ended.coverage("azure", *scopes))
    yield from ended.following()


def calls() -> Iterator[dict[str, Any]]:
    """Every query that would be asked, for --dry-run."""
    return ({"query": call, "text": text} for call, text in TEXTS.items())


ROLE = {
    "Name": "migrascope reader",
    "Description": "What `migrascope collect azure` needs: it asks Resource Graph, and nothing else.",
    "Actions": ["*/read"],
    "NotActions": [],
    "DataActions": [],
    "NotDataActions": [],
    "AssignableScopes": ["/providers/Microsoft.Management/managementGroups/YOUR-GROUP"],
}
"""A custom role that equals the built-in Reader: Resource Graph shows what an identity may read, and nothing else."""
