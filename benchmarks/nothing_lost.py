"""Loses everything that can be lost, one thing at a time, and sees that no outcome turns clear.

Each field of the plan of a town, of a small shop and of a plan in which all is wrong, and each record, field and item
of their inventories: the law that the tests hold on a part of them (tests/engine/test_missing_data.py). Some thirteen minutes
on two cores. Run: python -m benchmarks.nothing_lost
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from migrascope.model.problem import InputError
from migrascope.readers.source import decode
from migrascope.readers.yaml import parse
from tests.engine import everything
from tests.engine.test_missing_data import asked, assert_nothing_cleared, keys, losses, written
from tests.support import example_plan, example_records, judged, plan, without

SHARES = 2


def estates() -> list[tuple[str, list[Any]]]:
    """Plans with what was seen of them."""
    examples = [(example_plan(name), example_records(name)) for name in ("web-shop", "municipality")]
    return [*examples, (everything.PLAN, everything.records())]


def lost(share: int) -> tuple[int, list[str]]:
    """How many losses of one share were tried, and what each broken one cleared."""
    each = [of_one(text, records, share) for text, records in estates()]
    return sum(tried for tried, _ in each), [line for _, broken in each for line in broken]


def of_one(text: str, records: list[Any], share: int) -> tuple[int, list[str]]:
    """The same of one plan."""
    data = parse(decode(text.encode(), "plan.yaml")).data
    tried, broken = 0, []
    with TemporaryDirectory() as folder:
        before = judged(plan(text), records, Path(folder))
        whole = plan(text)
        of_plan = ((True, path) for path in keys(data))
        of_inventory = ((False, path) for path in losses(records))
        for in_plan, path in islice((each for group in (of_plan, of_inventory) for each in group), share, None, SHARES):
            try:
                file, left = (plan(written(without(data, path))), records) if in_plan else (whole, without(records, path))
                after = asked(file, left, Path(folder))
            except InputError:
                continue  # refused, so nothing was cleared
            if after is None:
                continue
            tried += 1
            try:
                assert_nothing_cleared(before, after, path)
            except AssertionError as error:
                broken.append(str(error))
    return tried, broken


def main() -> int:
    """Prints how much was lost and what turned clear; 1 where anything did."""
    with ProcessPoolExecutor(SHARES) as pool:
        shares = list(pool.map(lost, range(SHARES)))
    broken = [line for _, lines in shares for line in lines]
    print(*broken, sep="\n", end="\n" if broken else "")
    print(f"{sum(tried for tried, _ in shares):,} losses tried, {len(broken)} turned something clear")
    return bool(broken)


if __name__ == "__main__":
    sys.exit(main())
