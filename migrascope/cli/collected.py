"""What every `collect` ends in: the file is written, and what was not seen is said."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from migrascope.cli import options
from migrascope.cli.interruption import Interruption
from migrascope.cli.progress import Progress
from migrascope.model.kinds import KINDS
from migrascope.model.problem import input_error

if TYPE_CHECKING:
    from migrascope.collectors import Collected

_NAMED: Final = 4
Record = Mapping[str, Any]


def deliver(collected: Collected, output: str, *, quiet: bool, allow_partial: bool) -> int:
    """Write the inventory, and say what was seen and what was not. Raises InputError where it cannot be written."""
    from migrascope.snapshots import serialise, write_inventory

    if output == "-":
        options.deliver("-", serialise(collected.records))
    else:
        if Path(output).is_dir():
            raise input_error("this is a directory; name a file", output)
        write_inventory(Path(output), collected.records)
    tally = RecordTally()
    for record in collected.records:
        tally.look(record)
    return tally.tell(collected.notes, output, quiet=quiet, allow_partial=allow_partial)


def unseen(coverage: Sequence[Record]) -> Iterator[str]:
    """What was not seen, a line for each reason; what should be known of the rest."""
    reasons: dict[tuple[str, str], dict[str, set[str]]] = {}
    for record in coverage:
        if record["status"] in ("ok", "empty"):
            if record.get("detail"):
                yield f"note: {record['operation']}: {record['detail']}"
            continue
        if ":" not in record["operation"]:  # a sheet or a column, whose detail says all there is
            yield f"not seen: {record.get('detail') or record['operation']}"
            continue
        if record["operation"].endswith(":inside"):
            continue  # nobody can see it, whoever asks
        where = reasons.setdefault((record["status"], record.get("detail", "")), {})
        where.setdefault(record["operation"], set()).add(record["scope"])
    for (status, detail), where in reasons.items():
        scopes = sorted(set().union(*where.values()))
        places = f"{len(scopes)} places" if len(scopes) > _NAMED else ", ".join(scopes)
        yield f"not seen: {detail or status.replace('_', ' ')} ({places}): {', '.join(sorted(where))}"


def on_demand(given: Mapping[str, Any]) -> tuple[str, ...]:
    """What is only asked of a cloud when somebody wants it."""
    return tuple(name for name in ("costs", "utilisation") if given[name])


def ask(collect: Callable[..., None], output: str, given: Mapping[str, Any]) -> int:
    """Collect from an account into a file, or by way of one to standard output; gives the exit code.

    `collect` takes the file, the moment, who says a line, who shows how far it is, and who looks at each record.
    """
    if output != "-":
        return _into(collect, Path(output), output, given)
    if given["resume"]:
        raise click.UsageError("--resume needs the file that was being written: name it with -o.")
    with tempfile.TemporaryDirectory(prefix="migrascope-") as folder:
        path = Path(folder) / "inventory.jsonl"
        code = _into(collect, path, output, given)
        options.deliver("-", path.read_bytes())
        return code


def _into(collect: Callable[..., None], path: Path, output: str, given: Mapping[str, Any]) -> int:
    quiet, tally, began = given["quiet"], RecordTally(), time.monotonic()
    try:
        with Progress(quiet=quiet) as progress, Interruption() as interruption:

            def show(found: Any, asked: int) -> None:
                interruption.check()
                progress.step(_so_far(found, asked, time.monotonic() - began), found.done, found.total)

            collect(path, dt.datetime.now(dt.UTC), lambda text: options.remark(text, quiet_=quiet), show, tally.look)
    except KeyboardInterrupt:
        if output != "-" and path.with_name(f"{path.name}.partial").exists():
            options.remark(f"stopped; what was read stays in {path.name}.partial: go on with --resume")
        raise
    again = path.with_name(f"{path.name}.again").exists() and output != "-"
    notes = ("what failed can be asked again: the same command with --resume",) if again else ()
    return tally.tell(notes, output, quiet=quiet, allow_partial=given["allow_partial"])


def _so_far(found: Any, requests: int, seconds: float) -> str:
    denied = f", {found.by_status['denied']} denied" if found.by_status["denied"] else ""
    return f"{found.done} of {found.total} calls{denied}, {requests} requests, {requests / max(seconds, 1.0):.0f} a second"


class RecordTally:
    """Counts records as they go by."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.coverage: list[Record] = []

    def look(self, record: Record) -> None:
        """One more record."""
        if record["kind"] == "resource":
            self.kinds[_kind(record)] += 1
        elif record["kind"] == "measurement" and record["metric"] == "cost":
            self.kinds["amount"] += 1
        elif record["kind"] == "coverage":
            self.coverage.append(record)

    def tell(self, notes: Sequence[str], output: str, *, quiet: bool, allow_partial: bool) -> int:
        """Say what was seen, and what was not; gives the exit code."""
        from migrascope.collectors.cloud.tasks import FAILED

        where = "" if output == "-" else f" -> {output}"
        options.remark(f"{self._seen()}{where}", quiet_=quiet)
        for line in unseen(self.coverage):
            options.remark(line, quiet_=quiet)
        for note in notes:
            options.remark(f"note: {note}", quiet_=quiet)
        if output != "-":
            options.remark(f"next: migrascope review PLAN -i {output}", quiet_=quiet)
        return 3 if any(record["status"] in FAILED for record in self.coverage) and not allow_partial else 0

    def _seen(self) -> str:
        if not self.kinds:
            self.kinds["server"] = 0
        order = sorted(self.kinds, key=lambda kind: (kind != "server", kind != "template", -self.kinds[kind]))
        return ", ".join(_number(self.kinds[kind], kind) for kind in order)


def _number(count: int, kind: str) -> str:
    one, many = KINDS[kind].counted if kind in KINDS else (f"{{n}} {kind}", f"{{n}} {kind}s")
    return (one if count == 1 else many).format(n=count)


def _kind(record: Record) -> str:
    return "template" if record["attributes"].get("template") is True else str(record["type"])
