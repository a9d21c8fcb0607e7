"""The inventory file: JSON Lines, optionally gzipped. Reading, merging, and writing that replaces atomically."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any, Final

from pydantic import TypeAdapter, ValidationError

from migrascope.model.columns import Measurement, Measurements, Relations
from migrascope.model.inventory import Coverage, Header, Inventory, MeasurementRecord, RelationRecord, Resource
from migrascope.model.kinds import KINDS, adapter
from migrascope.model.memory import without_gc
from migrascope.model.place import Place
from migrascope.model.problem import InputError, Problem, input_error
from migrascope.model.resolution import resolve

MAX_LINE: Final = 8 * 2**20
"""Longest line that is read [bytes]; a longer one is not an inventory record."""

MAX_RATIO: Final = 300
"""Largest compression ratio of a gzipped inventory."""

_ORDER: Final = {"header": 0, "coverage": 1, "resource": 2, "relation": 3, "measurement": 4}


@cache
def _shape(kind: str, type_: str | None) -> TypeAdapter[Any] | None:
    """What checks a record; None where there is no such kind. Made at its first use."""
    if kind == "resource":
        return adapter(type_) if type_ in KINDS else None
    return TypeAdapter(RelationRecord if kind == "relation" else MeasurementRecord)


_HEAD: Final = re.compile(rb'{"kind": "(relation|measurement|resource)"(?:, "type": "([a-z]+)")?')
"""How lines begin that our own collectors write."""


def misfit(record: Mapping[str, Any]) -> str | None:
    """What keeps a resource, relation or measurement from being read back; None where nothing does."""
    kind = record["kind"]
    shape = _shape(kind, record["type"] if kind == "resource" else None)
    if shape is None:
        return f"{record.get('type')} is no kind of resource"
    try:
        shape.validate_python(record)
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return None


class _Reader:
    """Gathers the records of one or more files into an inventory."""

    def __init__(self) -> None:
        self.headers: list[Header] = []
        self.resources: dict[str, list[Resource]] = {}
        self.collected_by_file: dict[str, str | None] = {}
        self.relations = Relations()
        self.measurements = Measurements()
        self.coverage: list[tuple[int, Coverage]] = []
        self.seen: Counter[tuple[int, str, str]] = Counter()
        self.problems: list[Problem] = []
        self.ties: dict[tuple[Any, ...], list[Any]] = {}
        """By tie: its number, how many relations of this collection have it, and where these are counted."""
        self.run = 0
        """Counts headers: what stands behind one of them is one collection, and is counted on its own."""

    def line(self, file: str, number: int, raw: bytes) -> None:
        """Take in one line; what is wrong with it becomes a problem and never an exception."""
        head = _HEAD.match(raw)
        shape = _shape(head[1].decode(), head[2].decode() if head[2] else None) if head else None
        if shape is not None:
            # As our own collectors write it: parsed and checked in one go. What does not fit is told below.
            try:
                self._checked(shape.validate_json(raw))
                return
            except ValidationError:
                pass
        self._slowly(file, number, raw)

    def _slowly(self, file: str, number: int, raw: bytes) -> None:
        try:
            record = json.loads(raw, parse_constant=_no_constant)
            if not isinstance(record, dict):
                raise ValueError("a line is a JSON object")
            if b"\\ud" in raw.lower():
                json.dumps(record, ensure_ascii=False).encode()  # half of a pair of surrogates is no text
            self._record(record)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            self._problem(file, number, f"{where}: {first['msg']}" if where else first["msg"])
        except (ValueError, OverflowError, RecursionError) as error:
            self._problem(file, number, f"not a record of an inventory: {error}")

    def _problem(self, file: str, number: int, message: str) -> None:
        self.problems.append(Problem(message, Place(file=file, line=number, column=1), "this line was left out"))

    def _record(self, record: dict[str, Any]) -> None:
        kind, kind_of = record.get("kind"), record.get("type")
        if kind == "header":
            self.headers.append(Header.model_validate(record))
            self._count_relations()
            self.run += 1
        elif kind == "coverage":
            self.coverage.append((self.run, Coverage.model_validate(record)))
        elif kind == "resource":
            shape = _shape(kind, kind_of if isinstance(kind_of, str) else "")
            if shape is None:
                raise ValueError(f"resources of type {kind_of!r} are not known")
            self._checked(shape.validate_python(record))
        elif kind in ("relation", "measurement"):
            shape = _shape(kind, None)
            if shape is not None:
                self._checked(shape.validate_python(record))
        else:
            raise ValueError(f"kind is {kind!r}, not header, resource, relation, measurement or coverage")

    def _checked(self, record: dict[str, Any]) -> None:
        """Keep a record whose shape is right."""
        if record["kind"] == "resource":
            self._resource(record)
        elif record["kind"] == "relation":
            self._relation(record)
        else:
            self.measurements.add(measurement(record))

    def _relation(self, record: dict[str, Any]) -> None:
        place = record.get("place", {})
        mark = (record["type"], record["method"], record.get("detail", ""), *place.items())
        known = self.ties.get(mark)
        if known is None:
            number = self.relations.number((*mark[:3], json.dumps(place, sort_keys=True)))
            known = self.ties[mark] = [number, 0, _scope(record), f"relation.{record['type']}"]
        known[1] += 1
        self.relations.add(record["source"], record["target"], known[0])

    def _count_relations(self) -> None:
        """What was counted by tie belongs to the collection that ends here."""
        for _, count, scope, kind in self.ties.values():
            self.seen[self.run, scope, kind] += count
        self.ties.clear()

    def _resource(self, record: dict[str, Any]) -> None:
        scope, kind = record["scope"], record["type"]
        self.seen[self.run, scope, kind] += 1
        for name, value in record["attributes"].items():
            if isinstance(value, (list, dict)):
                self.seen[self.run, scope, f"{kind}.{name}"] += len(value)
        self.seen[self.run, scope, f"{kind}.readings"] += len(record.get("readings", ()))
        collected_at = self.headers[-1].collected_at if self.headers else None
        if collected_at is not None:
            record.setdefault("collected_at", collected_at)
        self.resources.setdefault(record["id"], []).append(record)

    def inventory(self) -> Inventory:
        self._count_relations()
        return Inventory(
            headers=tuple(self.headers),
            resources=tuple(map(_one, (self.resources[key] for key in sorted(self.resources)))),
            relations=self.relations,
            measurements=self.measurements,
            coverage=tuple(sorted({record for _, record in self.coverage}, key=_coverage_order)),
            lacking=_lacking(self.coverage, self.seen),
            problems=tuple(self.problems),
            collected_by_file=self.collected_by_file,
        )


def _coverage_order(record: Coverage) -> tuple[str, str, str, str, int, tuple[str, ...], str]:
    return record.source, record.scope, record.operation, record.status, record.items, record.covers, record.detail


def _lacking(coverage: Iterable[tuple[int, Coverage]], seen: Mapping[tuple[int, str, str], int]) -> dict[tuple[str, str], str]:
    """What is covered, and why it is not complete (an empty text where it is).

    Each collection is counted on its own: a row that is gone from one may not be made up for by another.
    """
    expected: Counter[tuple[int, str, str]] = Counter()
    found: dict[tuple[str, str], str] = {}
    for run, record in coverage:
        for covered in record.covers:
            place = (record.scope, covered)
            found.setdefault(place, "")
            if record.status not in ("ok", "empty"):
                found[place] = f"{record.scope}: {record.operation}"
            expected[run, record.scope, covered] += record.items
    for (run, scope, covered), items in expected.items():
        have = seen.get((run, scope, covered), 0)
        if have < items and not found[scope, covered] and _countable(covered):
            found[scope, covered] = f"{scope}: {covered}: {have} / {items}"
    return found


def _countable(covered: str) -> bool:
    """Records and lists can be counted again; single values cannot."""
    head, _, tail = covered.partition(".")
    if not tail or head == "relation" or tail == "readings":
        return True
    return tail in ("disks", "partitions", "snapshots", "nics", "cd_drives", "usb_devices", "tags", "ingress")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _scope(record: Mapping[str, Any]) -> str:
    place = record.get("place", {})
    return str(place.get("file") or place.get("scope") or "")


def measurement(record: Mapping[str, Any]) -> Measurement:
    """A measurement out of its record."""
    return Measurement(
        record["id"],
        record["metric"],
        record["statistic"],
        record["unit"],
        record["window"],
        record.get("value", math.nan),
        record.get("samples", 0),
        record.get("coverage", 0.0),
    )


def _one(records: list[Resource]) -> Resource:
    return records[0] if len(records) == 1 else resolve(records)


def _lines(path: Path) -> Iterator[bytes]:
    size, read = max(path.stat().st_size, 1), 0
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
        while line := stream.readline(MAX_LINE + 1):
            if len(line) > MAX_LINE:
                raise input_error("a line is longer than 8 MiB", str(path), "is this an inventory that migrascope wrote?")
            read += len(line)
            if read > MAX_RATIO * size and read > MAX_LINE:
                raise input_error("unpacks to hundreds of times its size: a bomb", str(path), "collect again")
            yield line


def read_inventory(paths: Iterable[Path]) -> Inventory:
    """Read and merge inventory files. Raises InputError where a file is no inventory at all."""
    with without_gc():
        return _read_all(paths)


def _read_all(paths: Iterable[Path]) -> Inventory:
    reader = _Reader()
    for path in paths:
        name = path.name
        headers = len(reader.headers)
        try:
            for number, line in enumerate(_lines(path), start=1):
                if line.strip():
                    reader.line(name, number, line)
                if number == 1 and len(reader.headers) == headers:
                    raise input_error(
                        "this is not an inventory: the first line is no header",
                        str(path),
                        "make one with `migrascope collect`",
                    )
        except (OSError, EOFError, zlib.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise input_error(f"cannot be read: {reason}", str(path)) from None
        days = [header.collected_at for header in reader.headers[headers:] if header.collected_at]
        reader.collected_by_file[str(path)] = max(days, default=None)
        if len(reader.headers) == headers:
            raise input_error("this inventory is empty", str(path), "make one with `migrascope collect`")
    return reader.inventory()


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _natural(record: Mapping[str, Any]) -> tuple[int, str, str]:
    if record["kind"] == "relation":
        return (
            _ORDER["relation"],
            f"{record['source']} {record['type']} {record['target']}",
            json.dumps(record, sort_keys=True),
        )
    if record["kind"] == "coverage":
        return (
            _ORDER["coverage"],
            f"{record['source']} {record['scope']} {record['operation']}",
            record["status"],
        )
    return _ORDER[record["kind"]], str(record.get("id", "")), str(record.get("metric", ""))


def serialise(records: Iterable[Mapping[str, Any]]) -> bytes:
    """The bytes of a finished inventory: sorted by kind and natural id, one record a line."""
    ordered = sorted(records, key=_natural)
    texts = (json.dumps(record, ensure_ascii=False, allow_nan=False) for record in ordered)
    return b"".join(text.encode("utf-8", "replace") + b"\n" for text in texts)


def refuse_what_is_no_inventory(path: Path) -> None:
    """Raises InputError where something else stands there: an inventory takes the place of an inventory only."""
    if not path.is_file() or path.stat().st_size == 0:
        return
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            first = json.loads(stream.readline(MAX_LINE))
    except (OSError, EOFError, ValueError, zlib.error):
        first = None
    if not isinstance(first, dict) or first.get("kind") != "header":
        raise input_error("is there already, and is no inventory", str(path), "name another file")


def write_inventory(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write a finished inventory. The old file stands until the new one is complete. Raises InputError."""
    refuse_what_is_no_inventory(path)
    content = serialise(records)
    write_atomically(path, gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file in one step, mode 0600; nothing half-written stays. Raises InputError."""
    _replace(path, lambda stream: stream.write(content))


def write_stream(path: Path, lines: Iterable[bytes]) -> None:
    """The same, line by line, for what is larger than memory should hold; gzipped where the name says so."""

    def write(stream: IO[bytes]) -> None:
        if path.suffix != ".gz":
            stream.writelines(lines)
            return
        with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
            for line in lines:
                packed.write(line)

    _replace(path, write)


def _replace(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise input_error(f"cannot be written: {error.strerror}", str(path)) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except OSError as error:
        raise input_error(f"cannot be written: {error.strerror}", str(path)) from None
    finally:
        Path(name).unlink(missing_ok=True)


__all__ = [
    "InputError",
    "digest",
    "measurement",
    "read_inventory",
    "serialise",
    "write_atomically",
    "write_inventory",
    "write_stream",
]
