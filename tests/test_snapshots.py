"""The inventory file: written whole or not at all, merged by `cat`, and honest about lines it cannot read."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from migrascope.model.problem import InputError
from migrascope.snapshots import read_inventory, serialise, write_inventory
from tests.support import example_records

RECORDS = example_records("web-shop")


def test_reading_and_writing_again_gives_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    shuffled = RECORDS[1:]
    random.Random(1).shuffle(shuffled)  # noqa: S311 (an order, not a secret)
    write_inventory(tmp_path / "a.jsonl", [RECORDS[0], *shuffled])
    assert (tmp_path / "a.jsonl").read_bytes() == serialise(RECORDS)
    assert (tmp_path / "a.jsonl").stat().st_mode & 0o777 == 0o600


def test_a_gzipped_inventory_reads_the_same_and_has_no_clock_in_it(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_inventory(tmp_path / name, RECORDS)
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.jsonl.gz").read_bytes()) == serialise(RECORDS)
    assert len(read_inventory([tmp_path / "a.jsonl.gz"]).resources) == 13


def test_cat_is_a_valid_merge(tmp_path: Path) -> None:
    path = tmp_path / "both.jsonl"
    path.write_bytes(serialise(RECORDS) + serialise(RECORDS))
    once = read_inventory([path])
    assert (len(once.resources), len(once.headers), once.problems) == (13, 2, ())


def test_two_records_of_one_machine_keep_what_they_say_differently(tmp_path: Path) -> None:
    first = json.loads(json.dumps(next(r for r in RECORDS if r.get("type") == "server")))
    second = json.loads(json.dumps(first))
    second["attributes"]["cpus"] = 64
    del first["attributes"]["memory_mib"]
    path = tmp_path / "i.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in (RECORDS[0], first, second)), encoding="utf-8")
    (merged,) = read_inventory([path]).resources
    assert merged["readings"][-1]["value"] == 64
    assert merged["attributes"]["memory_mib"] == second["attributes"]["memory_mib"]


@pytest.mark.parametrize(
    "line",
    [
        "{broken",
        "[1]",
        '{"kind": "other"}',
        '{"kind": "resource", "type": "server", "id": "x"}',
        '{"kind": "resource", "type": "spaceship", "id": "x"}',
        '{"kind": "coverage", "source": "s"}',
        (
            '{"kind": "resource", "type": "server", "id": "x", "source": "s", "scope": "f", "place": {}, '
            '"attributes": {"cpus": "two"}}'
        ),
        (
            '{"kind": "resource", "type": "server", "id": "x", "source": "s", "scope": "f", "place": {}, '
            '"attributes": {"cpus": NaN}}'
        ),
        "[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_read_is_counted_and_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "i.jsonl"
    path.write_bytes(serialise(RECORDS) + line.encode() + b"\n")
    inventory = read_inventory([path])
    assert len(inventory.resources) == 13
    assert [problem.place.line for problem in inventory.problems] == [len(RECORDS) + 1]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "empty"), (b"not json\n", "no header"), (b"PK\x03\x04", "no header"), (b"\x1f\x8bnope", "no header")],
)
def test_what_is_no_inventory_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "i.jsonl"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_inventory([path])


def test_a_gzip_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "i.jsonl.gz"
    path.write_bytes(gzip.compress(serialise(RECORDS))[:200])
    with pytest.raises(InputError, match=r"i\.jsonl\.gz"):
        read_inventory([path])


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "i.jsonl"
    write_inventory(path, RECORDS)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="JSON"):
        write_inventory(path, [{"kind": "header", "value": float("nan")}])
    with pytest.raises(InputError, match="cannot be written"):
        write_inventory(tmp_path / "absent" / "i.jsonl", RECORDS)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["i.jsonl"]
