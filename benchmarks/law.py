"""Takes facts away, one by one and column by column, and sees that nothing gets cheaper, sooner, surer or cleaner.

The whole of what the tests sample (tests/law): every loss of two estates of our own, the small shop and the plan without an
inventory. Of the municipality, which can lose some ten thousand facts, one in `STEP` (20; 1 takes a night). Run:
python -m benchmarks.law [STEP]
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from migrascope.model.problem import InputError
from tests.law.losses import broken, decides, said
from tests.law.test_law import ESTATES, MOST_REFUSED, losses

SHARES = 2


def lost(name: str, share: int, step: int) -> tuple[int, int, list[str]]:
    """How many losses of one share were tried and refused, and what each broken one did."""
    refused, violations = 0, []
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for draws in ("DRAWS", "FEWER_DRAWS"):
            patch.setattr(f"migrascope.costing.estimate.{draws}", 100)
        estate = ESTATES[name]()
        before = said(estate.assessed(Path(folder)))
        every = losses(estate)[share * step :: SHARES * step]
        for each in every:
            try:
                after = said(estate.less(*each).assessed(Path(folder)))
            except InputError:
                refused += 1
                continue
            what = " and ".join(map(str, each[:2]))
            violations += [f"{name}: {what}: {how}" for how in broken(before, after, decided=decides(each))]
    return len(every), refused, violations


def main() -> int:
    """Print what was tried and refused of each estate, and every violation."""
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    failed = False
    with ProcessPoolExecutor(SHARES) as pool:
        for name in ESTATES:
            each = step if name == "municipality" else 1
            results = list(pool.map(lost, [name] * SHARES, range(SHARES), [each] * SHARES))
            tried, refused = sum(result[0] for result in results), sum(result[1] for result in results)
            violations = [line for result in results for line in result[2]]
            print(f"{name}: {tried} losses, {refused} refused, {len(violations)} break the law", flush=True)
            print("".join(f"  {line}\n" for line in violations), end="", flush=True)
            failed |= bool(violations) or refused > MOST_REFUSED * tried
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
