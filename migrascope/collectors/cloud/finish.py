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

_RUN: Final = 20_000
"""So many records are sorted in memory at a time."""
_NAMED: Final = 3
"""So many things that could not be read are named."""

Keyed = tuple[int, str, str]


def finished(records: Iterable[Record]) -> Iterator[Record]:
    """The records of a finished file, sorted by kind and natural id."""
    with tempfile.TemporaryDirectory(prefix="migrascope-") as folder:
        ordered = _sorted(records, Path(folder))
        for _, group in itertools.groupby(ordered, key=_identity):
            yield from _together(list(group))


def _identity(record: Record) -> tuple[int, str]:
    return _natural(record)[:2]


def _key(record: Record) -> Keyed:
    order, natural, part = _natural(record)
    return order, natural, part + json.dumps(record, sort_keys=True)


def _natural(record: Record) -> Keyed:
    kind = record["kind"]
    if kind == "header":
        return 0, "", ""
    if kind == "coverage":
        operation = record["operation"].partition(" ")[0]
        return 1, f"{record['source']} {record['scope']} {operation} {','.join(record.get('covers', ()))}", ""
    if kind == "resource":
        return 2, str(record["id"]), "0" if "name" in record else "1"
    if kind == "relation":
        ends = f"{record['source']} {record['type']} {record['target']} {record['method']} {record.get('detail', '')}"
        return 3, ends, ""
    return 4, f"{record['id']} {record['metric']} {record['statistic']} {record['window']}", ""


def _sorted(records: Iterable[Record], folder: Path) -> Iterator[Record]:
    """Sorted runs on disk, read side by side."""
    runs: list[IO[bytes]] = []
    try:
        for number, some in enumerate(_batches(records)):
            stream: IO[bytes] = (folder / str(number)).open("w+b")
            runs.append(stream)
            for record in sorted(some, key=_key):
                stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            stream.seek(0)
        yield from heapq.merge(*(map(json.loads, stream) for stream in runs), key=_key)
    finally:
        for stream in runs:
            stream.close()


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    turned = iter(records)
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
    for record in group:
        for name in ("region", "zone"):
            if name in record:
                whole[name] = record[name]
        for name, value in record["attributes"].items():
            known = attributes.get(name)
            if isinstance(value, list) and isinstance(known, list):
                attributes[name] = known + [item for item in value if item not in known]
            elif isinstance(value, dict) and isinstance(known, dict):
                attributes[name] = {**known, **value}
            else:
                attributes[name] = value
    return whole | {"attributes": attributes}


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
