"""What was read so far: a file that only grows while a run lasts, and becomes the inventory when it ends."""

from __future__ import annotations

import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from io import RawIOBase
from pathlib import Path

from migrascope.collectors.cloud.finish import finished_lines, line_of
from migrascope.collectors.cloud.records import Record
from migrascope.collectors.cloud.tasks import FAILED, FULL
from migrascope.model.problem import InputError, input_error
from migrascope.snapshots import refuse_what_is_no_inventory, write_stream

Done = set[tuple[str, str]]


class Journal:
    """Appends records to `INVENTORY.partial`. One run at a time; mode 0600.

    Where some calls failed, the finished inventory has `INVENTORY.again` beside it: --resume asks only those again.
    """

    def __init__(self, output: Path) -> None:
        self.output = output
        self.path = output.with_name(f"{output.name}.partial")
        self.again = output.with_name(f"{output.name}.again")
        self.lock = threading.Lock()
        self.stream: RawIOBase | None = None
        self.failure: InputError | None = None

    def begin(self, header: Record, *, resume: bool, again: Callable[[str], bool], oldest: str = "") -> Done:
        """Open it. Gives the scope and label of each task that is done already.

        `again` tells of a call whether it is asked anew although it was done: its answers lead to others. `oldest`: the
        moment before which nothing may have been read that is gone on with.
        Raises InputError where another run writes to it, or an unfinished one is there and nobody said to go on.
        """
        if self.output.is_dir():
            raise input_error("this is a directory; name a file", str(self.output))
        refuse_what_is_no_inventory(self.output)
        if resume and not self.path.exists() and self.again.exists():
            self.again.replace(self.path)
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise input_error(f"cannot be written: {error.strerror}", str(self.path)) from None
        self.stream = os.fdopen(handle, "r+b", buffering=0)
        try:
            fcntl.flock(self.stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._close()
            raise input_error("another run is writing this inventory", str(self.output), "name another file") from None
        if self.path.stat().st_size and not resume:
            self._close()
            help_ = "go on with it with --resume, or remove it"
            raise input_error("an earlier run did not come to its end", str(self.path), help_)
        began = next((record.get("collected_at", "") for record in self._records() if record["kind"] == "header"), "")
        if began and began < oldest:
            self._close()
            help_ = "raise --max-age, or remove it and begin anew"
            raise input_error(f"what was read began on {began}, longer ago than --max-age allows", str(self.path), help_)
        return self._keep_done(header, again)

    def _keep_done(self, header: Record, again: Callable[[str], bool]) -> Done:
        """Leave in the file what tasks read that came to their end, under the header of today where there is none."""
        done = {key for key in self._ended() if not again(key[1])}
        kept = next((record for record in self._records() if record["kind"] == "header"), header)
        fresh = self.path.with_name(f"{self.path.name}.new")
        stream = os.fdopen(os.open(fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "r+b")
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.write(line_of(kept))
        for record in self._records():
            key = (record["scope"], record["operation"]) if record["kind"] == "coverage" else _asked(record)
            if record["kind"] != "header" and key in done:
                stream.write(line_of(record))
        raw = stream.detach()  # nothing waits in a buffer that a full disk would keep
        fresh.replace(self.path)  # in one step: killed here, the file of before is whole
        self._close()
        self.stream = raw
        return done

    def _ended(self) -> Done:
        """Tasks whose every coverage record says that all was read."""
        status: dict[tuple[str, str], bool] = {}
        for record in self._records():
            if record["kind"] == "coverage":
                key = (record["scope"], record["operation"])
                status[key] = status.get(key, True) and record["status"] in FULL
        return {key for key, full in status.items() if full}

    def append(self, records: Iterable[Record]) -> None:
        """Write records down. Raises InputError where the disk is full; what stands there stays."""
        lines = b"".join(map(line_of, records))
        with self.lock:
            stream = self._open()
            where = stream.tell()
            try:
                rest = memoryview(lines)
                while rest:
                    rest = rest[stream.write(rest) or 0 :]
            except OSError as error:
                self._cut(where)
                help_ = f"what was read stays in {self.path.name}; make room, and go on with --resume"
                self.failure = input_error(f"cannot be written: {error.strerror}", str(self.path), help_)
                raise self.failure from None

    def _cut(self, where: int) -> None:
        os.ftruncate(self._open().fileno(), where)
        self._close()

    def _open(self) -> RawIOBase:
        if self.stream is None:
            # Whoever comes after the one that met the full disk has the same to say.
            raise self.failure or input_error("what was read cannot be written any more", str(self.path))
        return self.stream

    def _lines(self) -> Iterator[tuple[bytes, Record]]:
        """What stands there. A last line that was cut off is left out."""
        with self.path.open("rb") as stream:
            for line in stream:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                if isinstance(record, dict) and "kind" in record:
                    yield line if line.endswith(b"\n") else line + b"\n", record

    def _records(self) -> Iterator[Record]:
        return (record for _, record in self._lines())

    def finish(self, look: Callable[[Record], None]) -> None:
        """Turn it into the inventory, in one step. `look` sees every record on its way."""

        failed = False

        def seen() -> Iterator[bytes]:
            nonlocal failed
            for line in finished_lines(self._lines()):
                record = json.loads(line)
                failed = failed or record.get("status") in FAILED
                look(record)
                yield line

        write_stream(self.output, seen())
        if failed:
            self.path.replace(self.again)
        else:
            self.path.unlink()
            self.again.unlink(missing_ok=True)
        self._close()

    def _close(self) -> None:
        if self.stream is not None:
            self.stream.close()
            self.stream = None

    def discard(self) -> None:
        """Nothing was read: there is nothing to go on with."""
        self.close()
        self.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of it, and leave it for --resume."""
        with self.lock:
            self._close()


def _asked(record: Record) -> tuple[str, str]:
    place = record.get("place", {})
    return place.get("scope", ""), place.get("call", "")
