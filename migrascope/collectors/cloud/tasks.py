"""One call in one account and region: performed, read, and told how it ended."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from migrascope.collectors.cloud.operation import Further, MalformedError, Operation, Ref, items_of
from migrascope.collectors.cloud.records import Record, RecordOrigin
from migrascope.model.inventory import Status
from migrascope.model.secrets import masked
from migrascope.snapshots import misfit

FULL: Final = ("ok", "empty")
"""How a task ends that read everything there is."""
FAILED: Final = ("denied", "throttled", "partial", "error")
"""How one ends that may go better another time."""


@dataclass(frozen=True, slots=True)
class Task:
    """A call, where it is made, and about what."""

    operation: Operation
    account: str
    region: str
    refs: tuple[Ref, ...] = ()
    given: Mapping[str, Any] = field(default_factory=dict)
    """What a call that asks further is given."""

    @property
    def scope(self) -> str:
        """As coverage records name it."""
        return masked(f"{self.account}/{self.region}")

    @property
    def label(self) -> str:
        """The call, and what it asks about: `s3:GetBucketTagging photos`."""
        keys = sorted({str(ref["key"]) for ref in self.refs})
        if not keys:
            return self.operation.name
        more = f" +{len(keys) - 1}" if len(keys) > 1 else ""
        return masked(f"{self.operation.name} {keys[0]}{more}")

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the call is given."""
        return {**(self.operation.parameters or {}), **self.given}


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """How a task ended. `detail` names the permission, or says what went wrong."""

    status: Status
    detail: str = ""


@dataclass(slots=True)
class Ended:
    """A task that ended, and what it found."""

    task: Task
    outcome: TaskOutcome
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Records and items of lists, by scope and by what covers them."""
    read: int = 0
    """Items of answers."""
    pages: int = 0
    options: tuple[str, ...] = ()
    asks: list[tuple[Further, dict[str, list[Ref]]]] = field(default_factory=list)

    def coverage(self, source: str, *scopes: str) -> Iterator[Record]:
        """A coverage record for each thing that the call covers. `scopes`: where one call answers for several."""
        for scope, covered in itertools.product(scopes or (self.task.scope,), self.task.operation.covers or ("",)):
            record: Record = {"kind": "coverage", "source": source, "scope": scope, "operation": self.task.label}
            items = self.counts[scope, covered] if covered else self.read
            record |= {"status": self.outcome.status, "items": items, "covers": [covered] if covered else []}
            yield record | ({"detail": masked(self.outcome.detail)} if self.outcome.detail else {})

    def further(self) -> Iterator[Further]:
        """What is asked further, as far as it is wanted."""
        return (each for each in self.task.operation.further if each.operation.when in ("", *self.options))

    def following(self) -> Iterator[Task]:
        """The tasks that ask further."""
        for further, by_key in self.asks:
            keys = sorted(by_key)
            for start in range(0, len(keys), further.at_once):
                refs = tuple(ref for key in keys[start : start + further.at_once] for ref in by_key[key])
                yield Task(further.operation, self.task.account, self.task.region, refs, further.parameters(refs))

    def unanswered(self, source: str, *scopes: str) -> Iterator[Record]:
        """What would have been asked further is as unknown as what was to be asked first."""
        for further in self.further():
            for operation in further.operation.all():
                yield from Ended(Task(operation, self.task.account, self.task.region), self.outcome).coverage(source, *scopes)


Ask = Callable[[Task], Iterator[Mapping[str, Any]]]
"""Makes a call, and gives its answers page by page."""

Classify = Callable[[Exception, Task], TaskOutcome | None]
"""What an error of the provider means; None where it is a fault of our own."""

Keep = Callable[[list[Record]], None]
"""Writes the records of a page down."""


def perform(task: Task, ask: Ask, origin: RecordOrigin, classify: Classify, keep: Keep, options: tuple[str, ...] = ()) -> Ended:
    """Make a call and keep what it tells. Pages that came before a failure stay. `options`: what else is wanted."""
    ended = Ended(task, TaskOutcome("empty"), options=options)
    ended.asks = [(further, {}) for further in ended.further()]
    broken: list[str] = []
    failed: TaskOutcome | None = None
    seen: set[str] = set()
    try:
        for answer in ask(task):
            items = items_of(task.operation, answer)
            for start in range(0, len(items), _AT_ONCE):
                records = list(_read(task, items[start : start + _AT_ONCE], origin, ended, broken))
                _count(records, ended.counts, seen)
                keep(records)
            ended.pages += 1
    except MalformedError as error:
        failed = TaskOutcome("error", str(error))
    except Exception as error:
        failed = classify(error, task)
        if failed is None:
            raise
    ended.outcome = _outcome(failed, broken, ended)
    return ended


_AT_ONCE: Final = 200
"""So many items of a page become records at a time: a page may be long, and records take more room than its text."""


def _read(
    task: Task, items: Sequence[Mapping[str, Any]], origin: RecordOrigin, ended: Ended, broken: list[str]
) -> Iterator[Record]:
    read = task.operation.read
    for item in items:
        ended.read += 1
        try:
            if read is not None:
                for record in list(read(item, origin, task.refs)):
                    if (wrong := misfit(record)) is None:
                        yield record
                    else:
                        broken.append(wrong)
            for further, by_key in ended.asks:
                for ref in further.pick(item, origin):
                    by_key.setdefault(str(ref["key"]), []).append(ref)
        except Exception as error:  # whatever a reader stumbles over is the shape of what it read
            broken.append(str(error) if isinstance(error, MalformedError) else f"{type(error).__name__} {error}")


def _count(records: list[Record], counts: Counter[tuple[str, str]], seen: set[str]) -> None:
    """Count what is listed. A record without a name is a part of one that another call lists."""
    for record in records:
        if record["kind"] != "resource":
            if record["kind"] == "relation":
                counts[record["place"]["scope"], f"relation.{record['type']}"] += 1
            continue
        scope, kind = record["scope"], record["type"]
        if "name" in record and record["id"] not in seen:
            seen.add(record["id"])
            counts[scope, kind] += 1
        for name, value in record["attributes"].items():
            counts[scope, f"{kind}.{name}"] += len(value) if isinstance(value, (list, dict)) else 1


def _outcome(failed: TaskOutcome | None, broken: list[str], ended: Ended) -> TaskOutcome:
    if failed is not None:
        if ended.pages and failed.status not in ("region_disabled", "not_enabled"):
            return TaskOutcome("partial", f"{failed.detail or failed.status}; pages read before: {ended.pages}")
        return failed
    if broken:
        return TaskOutcome("partial", f"answers of an unexpected shape: {len(broken)} ({broken[0]})")
    return TaskOutcome("ok" if ended.read else "empty")
