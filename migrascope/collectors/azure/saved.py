"""`collect azure --from FILE`: rows of Resource Graph or of `az … list` that somebody saved."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from migrascope.collectors import Collected, Progress
from migrascope.collectors.azure.catalogue import NEVER_TOLD, OPERATIONS, SIZED, TEXTS
from migrascope.collectors.azure.rows import kind, natural
from migrascope.collectors.cloud.finish import finished
from migrascope.collectors.cloud.operation import MalformedError, Operation
from migrascope.collectors.cloud.records import Record, RecordOrigin, header
from migrascope.collectors.cloud.tasks import Ended, Task, TaskOutcome, perform
from migrascope.model.problem import input_error

MAX_BYTES: Final = 512 * 2**20
_TYPE: Final = re.compile(r"'(microsoft\.[a-z/]+)'")
_AZ: Final = {
    "vm-list": "virtual-machines", "vmss-list": "scale-sets", "disk-list": "disks",
    "snapshot-list": "snapshots", "network-nic-list": "network-interfaces", "network-nsg-list": "security-groups",
    "network-vnet-list": "virtual-networks", "network-public-ip-list": "public-addresses",
    "storage-account-list": "storage-accounts", "role-assignment-list": "role-assignments",
}  # fmt: skip
"""Which question a file answers that is named after its command, so that an empty list is an answer too."""


_MORE: Final = ("skip_token", "$skipToken", "skipToken", "nextLink", "next_link", "@odata.nextLink")
_TOTALS: Final = ("total_records", "totalRecords", "count")
_TRUNCATED: Final = ("resultTruncated", "result_truncated")
"""How an answer says that there is more."""


class _CutOffError(Exception):
    pass


def collect_saved(paths: Iterable[Path], as_of: str | None, progress: Progress) -> Collected:
    """Read files, or the JSON files of folders. Raises InputError where none holds a row of Azure."""
    files = [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]
    head = header(as_of, "--as-of" if as_of else None)
    records, read, notes = [head], 0, [] if as_of else ["give the day on which the rows were saved with --as-of"]
    answered: dict[str, list[Ended]] = {}
    for file in files:
        progress(f"reading {file.name}")
        try:
            answer = _load(file)
        except MalformedError as error:
            if len(files) == 1:
                raise input_error(
                    str(error), str(file), "save it with `az graph query … -o json` or `az … list -o json`"
                ) from None
            notes.append(f"not read: {error}")
            continue
        for operation, rows in _by_question(file, answer["data"]):
            ended = _perform(operation, rows, answer, file, records)
            answered.setdefault(operation.call, []).append(ended)
            read += 1
    if not read:
        raise input_error("no row of Azure stands here", ", ".join(map(str, paths)), "the queries are shown by --dry-run")
    scopes = sorted({record["scope"] for record in records if record["kind"] == "resource"}) or ["tenant/global"]
    records += _coverage(answered, scopes)
    return Collected(tuple(finished(records)), tuple(notes))


def _inside(folder: Path) -> list[Path]:
    return sorted(each for each in folder.rglob("*") if each.suffix.lower() == ".json")


def _perform(operation: Operation, rows: list[Any], answer: Mapping[str, Any], file: Path, records: list[Record]) -> Ended:
    task = Task(operation, "tenant", "global")
    origin = RecordOrigin("azure", "tenant", "global", task.label, file=file.name)

    def ask(_: Task) -> Iterator[Mapping[str, Any]]:
        yield {"data": rows}
        if answer["cut"]:
            raise _CutOffError

    return perform(task, ask, origin, _classify, records.extend)


def _classify(error: Exception, _: Task) -> TaskOutcome | None:
    return TaskOutcome("partial", "the saved answer stops before its last page") if isinstance(error, _CutOffError) else None


def _coverage(answered: Mapping[str, list[Ended]], scopes: list[str]) -> Iterator[Record]:
    for operation in OPERATIONS:
        task = Task(operation, "tenant", "global")
        ended = answered.get(operation.call, [])
        seen: set[str] = set()
        for each in ended:
            # `az … list` answers for one subscription: which one, its rows say. A list without rows says it of the only one.
            own = sorted({scope for scope, _ in each.counts}) or (scopes if len(scopes) == 1 else [])
            seen |= set(own)
            yield from each.coverage("azure", *own) if own else ()
        if left := [scope for scope in scopes if scope not in seen]:
            why = "no saved answer of this subscription" if ended else "no saved answer"
            yield from Ended(task, TaskOutcome("unsupported", why)).coverage("azure", *left)
    yield from (never_told(scope, SIZED) for scope in scopes)


def never_told(scope: str, also: tuple[str, ...] = ()) -> Record:
    """What Azure shows to nobody, and `also` what was not asked, so that its absence is not taken for a blank."""
    return {"kind": "coverage", "source": "azure", "scope": scope, "operation": "resource-graph:inside",
            "status": "unsupported", "items": 0, "covers": [f"server.{name}" for name in (*NEVER_TOLD, *also)],
            "detail": "Azure shows neither the inside of a machine nor what it runs on"}  # fmt: skip


def _load(file: Path) -> Mapping[str, Any]:
    """The rows of a file, and whether there were more. Raises MalformedError."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise MalformedError(f"{file.name} is larger than {MAX_BYTES // 2**20} MiB")
        found = json.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise input_error(f"cannot be read: {error.strerror}", str(file)) from None
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"{file.name} is not JSON: {error}") from None
    if isinstance(found, list):
        return {"data": found, "cut": False}
    rows = found.get("data", found.get("value")) if isinstance(found, dict) else None
    if not isinstance(rows, list):
        raise MalformedError(f"{file.name} holds no list of rows")
    totals = [int(text) for name in _TOTALS if (text := str(found.get(name) or "")).isdigit()]
    more = any(found.get(name) for name in _MORE) or any(str(found.get(name)).lower() == "true" for name in _TRUNCATED)
    return {"data": rows, "cut": more or max(totals, default=0) > len(rows)}


def _by_question(file: Path, rows: list[Any]) -> Iterator[tuple[Operation, list[Any]]]:
    """Rows by the question of ours that would have brought them."""
    stem = re.sub(r"[\s_]+", "-", file.stem.lower()).removeprefix("az-")
    named = _AZ.get(stem, stem)
    sorted_out: dict[str, list[Any]] = {named: []} if named in TEXTS else {}
    for row in rows:
        call = _question(row) if isinstance(row, dict) else None
        if call is None and named in sorted_out and not _has_id(row):
            call = named  # a row that names nothing: the list is not whole, and its reader says so
        if call is not None:
            sorted_out.setdefault(call, []).append(row)
    yield from ((operation, sorted_out[operation.call]) for operation in OPERATIONS if operation.call in sorted_out)


def _has_id(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("id"), str) and row["id"].startswith("/")


def _question(row: Mapping[str, Any]) -> str | None:
    try:
        natural(row.get("id"))
        of = kind(row)
    except MalformedError:
        return None
    return next((call for call, (exact, starts) in _ASKS.items() if of in exact or of.startswith(starts)), None)


_PREFIX: Final = re.compile(r"startswith '([^']+)'")
_ASKS: Final = {
    call: (frozenset(_TYPE.findall(_PREFIX.sub("", text))), tuple(_PREFIX.findall(text))) for call, text in TEXTS.items()
}
"""Which types each query asks for, and how the names of others begin that it asks for too."""
