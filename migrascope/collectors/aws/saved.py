"""`collect aws --from DIR`: answers that somebody saved with the AWS command line, read as if we had asked."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from migrascope.collectors import Collected, Progress
from migrascope.collectors.aws.catalogue import SAVED
from migrascope.collectors.aws.places import place
from migrascope.collectors.cloud.finish import finished
from migrascope.collectors.cloud.operation import MalformedError, Operation
from migrascope.collectors.cloud.records import Record, RecordOrigin, header
from migrascope.collectors.cloud.tasks import FULL, Ended, Task, TaskOutcome, perform
from migrascope.model.problem import input_error

MAX_BYTES: Final = 512 * 2**20
"""Largest saved answer that is read."""

_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ACCOUNT: Final = re.compile(r"\d{12}")
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SERVICES: Final = {"s3": ("s3", "s3api"), "opensearch": ("opensearch", "es"), "config": ("config", "configservice")}
"""Under which names the command line, or a tool that saves for people, knows a service."""
_MORE: Final = ("NextToken", "nextToken", "NextMarker", "Marker", "PaginationToken", "LastEvaluatedTableName",
               "ContinuationToken", "NextPageToken")  # fmt: skip
_NOT_SAVED: Final = "no saved answer"


class _NotSavedError(Exception):
    pass


class _CutOffError(Exception):
    pass


def collect_saved(folder: Path, region: str | None, as_of: str | None, progress: Progress) -> Collected:
    """Read a folder of saved answers. Raises InputError where it holds none.

    Answers stand in folders named after their region, or `region` says which one it is.
    """
    saved = _Saved(folder, region)
    records: list[Record] = [header(as_of, "--as-of" if as_of else None)]
    for where in ("global", *saved.regions()):
        records += place(RecordOrigin("aws", saved.account, where, "aws:place", file=saved.folder.name))
    for number, task in enumerate(saved.tasks()):
        progress(f"reading {number}: {task.label}")
        waiting = [task]
        while waiting:
            ended = saved.perform(waiting.pop(), records)
            records += ended.coverage("aws")
            if ended.outcome.status not in FULL and not ended.pages:
                records += ended.unanswered("aws")
            else:
                following = list(ended.following())
                counted = Counter(each.operation.name for each in following)
                saved.several |= {name for name, number in counted.items() if number > 1}
                waiting += following
    notes = saved.notes()
    if as_of is None:
        notes.append("give the day on which the answers were saved with --as-of")
    return Collected(tuple(finished(records)), tuple(notes))


class _Saved:
    """The files of a folder, by region and by the call they answer."""

    def __init__(self, folder: Path, region: str | None) -> None:
        if not folder.is_dir():
            raise input_error("this is no folder of saved answers", str(folder), "see `migrascope collect aws --help`")
        self.folder = folder
        self.region = region
        self.files: dict[tuple[str, str], Path] = {}
        self.used: set[Path] = set()
        self.several: set[str] = set()
        """Calls that are asked about several things, one at a time."""
        for path in sorted(folder.rglob("*")):
            if path.is_file() and (other := self.files.setdefault(self._where(path), path)) != path:
                shown = f"{other.relative_to(folder)} and {path.relative_to(folder)}"
                help_ = "keep one of them; collect each account from a folder of its own"
                raise input_error(f"two files answer the same call: {shown}", str(folder), help_)
        self.account = self._account()

    def _where(self, path: Path) -> tuple[str, str]:
        parts = path.relative_to(self.folder).parts
        region = next((part for part in parts[:-1] if _REGION.fullmatch(part)), self.region or "")
        rest = [part for part in parts if part != region and not _ACCOUNT.fullmatch(part)]
        rest[-1] = rest[-1] if len(rest) > 1 and _is_call(rest[-2]) else rest[-1].removesuffix(".json")
        return region, "/".join([_plain(rest[0]), *map(unquote, rest[1:])])

    def _account(self) -> str:
        for (_, name), path in self.files.items():
            if name == "sts-get-caller-identity":
                self.used.add(path)
                found = _told(path).get("Account")
                if isinstance(found, str) and _ACCOUNT.fullmatch(found):
                    return found
        named = {part for path in self.files.values() for part in path.parts if _ACCOUNT.fullmatch(part)}
        return named.pop() if len(named) == 1 else "unknown"

    def tasks(self) -> Iterator[Task]:
        """What would have been asked of every region that is known."""
        regions = self.regions()
        told = self._told_by_others()
        for operation in SAVED:
            wanted = not operation.when or self._path(Task(operation, self.account, "global")) is not None
            if operation.name in told or not wanted:
                continue
            if operation.reach == "account":
                yield Task(operation, self.account, "global")
            else:
                yield from (Task(operation, self.account, region) for region in regions)

    def _told_by_others(self) -> set[str]:
        """Listings that another answer tells whole, which somebody saved."""
        found: set[str] = set()
        for operation in SAVED:
            if operation.instead_of and self._path(Task(operation, self.account, "global")) is not None:
                found |= set(operation.instead_of)
        for operation in SAVED:
            path = self._path(Task(operation, self.account, "global")) if operation.name in found else None
            self.used |= {path} if path is not None else set()
        return found

    def regions(self) -> list[str]:
        known = {name for each in SAVED for operation in each.all() for name in _names(operation)}
        regional = {region for region, name in self.files if name.partition("/")[0] in known}
        if not regional:
            help_ = "expected files such as eu-west-1/ec2-describe-instances.json"
            raise input_error("no saved answer of AWS stands here", str(self.folder), help_)
        if "" in regional and len(regional) == 1 and self.region is None:
            help_ = "put them into folders named after their region, or give --region"
            raise input_error("which region these answers are of is not known", str(self.folder), help_)
        for (_, name), path in self.files.items():
            if name in ("describe-regions", "ec2-describe-regions"):
                self.used.add(path)
                named = _told(path).get("Regions")
                told = (
                    [each.get("RegionName") for each in named if isinstance(each, Mapping)] if isinstance(named, list) else []
                )
                regional |= {name for name in told if isinstance(name, str)}
        return sorted(regional - {""})

    def perform(self, task: Task, records: list[Record]) -> Ended:
        path = self._path(task)
        file = None if path is None else path.relative_to(self.folder).as_posix()
        origin = RecordOrigin("aws", task.account, task.region, task.label, file=file)
        return perform(task, lambda _: self._answers(path), origin, _classify, records.extend)

    def _path(self, task: Task) -> Path | None:
        regions = [task.region] if task.region != "global" else sorted({region for region, _ in self.files})
        keys = sorted({str(ref["key"]) for ref in task.refs})
        # What answers for one thing answers for no other.
        alone = task.operation.name not in self.several or len(keys) > 1
        for name in _names(task.operation):
            for region in regions:
                for each in [f"{name}/{keys[0]}", *([name] if alone else [])] if len(keys) == 1 else [name]:
                    if (region, each) in self.files:
                        return self.files[region, each]
        return None

    def _answers(self, path: Path | None) -> Iterator[Mapping[str, Any]]:
        if path is None:
            raise _NotSavedError
        self.used.add(path)
        answer = _load(path)
        yield answer
        if any(answer.get(name) for name in _MORE) or any(
            str(answer.get(name)).lower() == "true" for name in ("IsTruncated", "Truncated")
        ):
            raise _CutOffError

    def notes(self) -> list[str]:
        """Files that nothing was read from."""
        left = sorted({_first(path, self.folder) for path in self.files.values() if path not in self.used})
        links = sorted(path.name for path in self.folder.rglob("*") if path.is_symlink() and path.is_dir())
        notes = [f"links are not followed: {', '.join(links)}"] if links else []
        return [*notes, f"not read: {', '.join(left)}"] if left else notes


def _first(path: Path, folder: Path) -> str:
    parts = [part for part in path.relative_to(folder).parts if not _REGION.fullmatch(part)]
    return parts[0].removesuffix(".json")


def _is_call(name: str) -> bool:
    return any(f"-{verb}-" in f"-{_plain(name)}" for verb in ("get", "list", "describe"))


def _plain(name: str) -> str:
    return re.sub(r"[\s_]+", "-", name.strip().lower())


def _names(operation: Operation) -> Iterator[str]:
    """Under which names an answer to this call is looked for."""
    call = _WORD.sub("-", operation.call).lower().replace("d-bs", "dbs")
    for service in _SERVICES.get(operation.service, (operation.service,)):
        yield f"{service}-{call}"
    yield (
        call
        if operation.call not in ("DescribeLoadBalancers", "DescribeFileSystems", "DescribeClusters", "ListClusters")
        else ""
    )


def _told(path: Path) -> Mapping[str, Any]:
    """The same, where an answer that cannot be read leaves the rest as it is."""
    try:
        return _load(path)
    except MalformedError:
        return {}


def _load(path: Path) -> Mapping[str, Any]:
    """The answer in a file. Raises MalformedError where there is none."""
    if path.stat().st_size > MAX_BYTES:
        raise MalformedError(f"{path.name} is larger than {MAX_BYTES // 2**20} MiB")
    text = path.read_bytes()
    if not text.strip():
        raise MalformedError(f"{path.name} is empty: the call that was to fill it failed")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"{path.name} is not JSON: {error}") from None
    if not isinstance(found, dict):
        raise MalformedError(f"{path.name} is not an answer of AWS: no object")
    if not found or set(found) == {"Error"}:
        raise MalformedError(f"{path.name} holds no answer: the call that was to fill it failed")
    return found


def _classify(error: Exception, task: Task) -> TaskOutcome | None:
    if isinstance(error, _NotSavedError):
        return TaskOutcome("unsupported", _NOT_SAVED)
    if isinstance(error, _CutOffError):
        return TaskOutcome("partial", "the saved answer stops before its last page")
    return TaskOutcome("error", f"cannot be read: {error.strerror}") if isinstance(error, OSError) else None
