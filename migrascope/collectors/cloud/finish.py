"""From a journal to a finished inventory: parts put together, coverage told once, sorted, without holding it all."""

from __future__ import annotations

import heapq
import itertools
import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from migrascope.collectors.cloud.records import Record
from migrascope.collectors.cloud.tasks import FULL

_RUN: Final = 10_000
"""So many records are sorted in memory at a time, as the text that they are."""
_NAMED: Final = 3
"""So many things that could not be read are named."""

Keyed = tuple[int, str, str, bytes]
"""Where a record belongs (its kind, its natural id, what sets it apart from others of that id), and its text."""


def finished(records: Iterable[Record]) -> Iterator[Record]:
    """The records of a finished file, sorted by kind and natural id."""
    return (json.loads(line) for line in finished_lines((line_of(record), record) for record in records))


def finished_lines(records: Iterable[tuple[bytes, Record]]) -> Iterator[bytes]:
    """The same, for records that stand there as lines of JSON. What is told once goes through as it is."""
    with tempfile.TemporaryDirectory(prefix="migrascope-") as folder:
        ordered = _sorted((_keyed(line, record) for line, record in records), Path(folder))
        for (order, _), group in itertools.groupby(ordered, key=lambda each: each[:2]):
            told = [line for *_, line in group]
            if len(told) == 1 and order != _COVERAGE:
                yield told[0]
            else:
                yield from map(line_of, _together([json.loads(line) for line in told]))


def line_of(record: Record) -> bytes:
    """A record as a line."""
    return json.dumps(record, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace") + b"\n"


_COVERAGE: Final = 1


def _keyed(line: bytes, record: Record) -> Keyed:
    kind = record["kind"]
    if kind == "header":
        return 0, "", "", line
    if kind == "coverage":
        operation = record["operation"].partition(" ")[0]
        natural = f"{record['source']} {record['scope']} {operation} {','.join(record.get('covers', ()))}"
        return _COVERAGE, natural, record["operation"], line
    if kind == "resource":
        # Not by when it was read: that differs from run to run.
        part = ("0" if "name" in record else "1") + json.dumps(record["attributes"], sort_keys=True)
        return 2, str(record["id"]), part, line
    if kind == "relation":
        ends = f"{record['source']} {record['type']} {record['target']} {record['method']} {record.get('detail', '')}"
        return 3, ends, "", line
    return 4, f"{record['id']} {record['metric']} {record['statistic']} {record['window']}", "", line


def _sorted(keyed: Iterable[Keyed], folder: Path) -> Iterator[Keyed]:
    """Sorted in memory where they fit, else as sorted runs on disk that are read side by side."""
    runs: list[IO[bytes]] = []
    try:
        for number, some in enumerate(_batches(keyed)):
            some.sort()
            if not runs and len(some) < _RUN:
                yield from some
                return
            stream: IO[bytes] = (folder / str(number)).open("w+b")
            runs.append(stream)
            for order, natural, part, line in some:
                stream.write(json.dumps((order, natural, part)).encode() + b"\n" + line)
            stream.seek(0)
        yield from heapq.merge(*map(_run, runs))
    finally:
        for stream in runs:
            stream.close()


def _run(stream: IO[bytes]) -> Iterator[Keyed]:
    while key := stream.readline():
        order, natural, part = json.loads(key)
        yield order, natural, part, stream.readline()


def _batches(keyed: Iterable[Keyed]) -> Iterator[list[Keyed]]:
    turned = iter(keyed)
    while some := list(itertools.islice(turned, _RUN)):
        yield some


def _together(group: list[Record]) -> Iterator[Record]:
    kind = group[0]["kind"]
    if kind == "coverage":
        yield _told_once(group)
    elif kind == "resource":
        yield merged(group)
    else:
        yield group[0]


def merged(group: list[Record]) -> Record:
    """What several calls tell of one resource. A call that asks further knows better than the listing."""
    whole = dict(group[0])
    attributes: dict[str, Any] = {}
    places: dict[str, Any] = {}
    for record in group:
        for name in ("region", "zone"):
            if name in record:
                whole[name] = record[name]
        for name, value in record["attributes"].items():
            known = attributes.get(name)
            places[name] = record.get("places", {}).get(name, record["place"])
            if isinstance(value, list) and isinstance(known, list):
                attributes[name] = known + [item for item in value if item not in known]
            elif isinstance(value, dict) and isinstance(known, dict):
                attributes[name] = {**known, **value}
            else:
                attributes[name] = value
    elsewhere = {name: place for name, place in places.items() if place != whole["place"]}
    return whole | {"attributes": attributes} | ({"places": elsewhere} if elsewhere else {})


def _told_once(group: list[Record]) -> Record:
    """One coverage record for a call, however many times it was made in a place."""
    first = group[0]
    bad = [record for record in group if record["status"] not in FULL]
    whole = dict(first, operation=first["operation"].partition(" ")[0], items=sum(record["items"] for record in group))
    if not bad:
        full = dict(whole, status="ok" if any(record["status"] == "ok" for record in group) else "empty")
        details = sorted({record["detail"] for record in group if record.get("detail")})
        full.pop("detail", None)
        return full | ({"detail": "; ".join(details[:_NAMED])} if details else {})
    if len(group) == 1:
        return whole
    kinds = {record["status"] for record in bad}
    named = "; ".join(f"{record['operation']}: {record.get('detail') or record['status']}" for record in bad[:_NAMED])
    status = kinds.pop() if len(kinds) == 1 and len(bad) == len(group) else "partial"
    return dict(whole, status=status, detail=f"{len(bad)} of {len(group)}: {named}")
