"""How long the answer takes: 40 workloads with all that tells how sure it is; 5,000 with 100,000 servers, a million calls.

`python -m benchmarks.first_workload` makes the estates and, in a fresh process each, times everything between the
findings and the answer. `--quick` takes a tenth of the large one. Limits: 0.5 s for 40, 10 s for 5,000.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from tabulate import tabulate

from benchmarks.estates import Size, write

AS_OF: Final = dt.date(2026, 11, 23)
LIMITS: Final = {40: 0.5, 5000: 10.0}


def timed(folder: Path) -> dict[str, Any]:
    """The seconds from findings to the answer, in this process."""
    from migrascope.engine.run import run
    from migrascope.estate.join import join
    from migrascope.facts.catalogue import asking_about
    from migrascope.first.answer import answer
    from migrascope.readers.knowledge import read_knowledge
    from migrascope.readers.plan import read_plan
    from migrascope.readers.rules import read_rules
    from migrascope.snapshots import read_inventory

    rules, file = read_rules(), read_plan(folder / "plan.yaml")
    inventory = read_inventory([folder / "inventory.jsonl"])
    asking = asking_about(join(file.plan, file, inventory, read_knowledge(), AS_OF))
    results = run(asking, rules, lambda *_: None)
    before = _peak()
    started = time.perf_counter()
    first = answer(asking, results, rules, 1).first
    seconds = time.perf_counter() - started
    compared = first.robustness.compared if first.robustness else 0
    return {"seconds": seconds, "status": first.status, "compared": compared, "peak": _peak(), "own": _peak() - before}


def _peak() -> int:
    """The most memory that this process had at any time [bytes]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> int:
    """Run and print; 1 where a limit is not held."""
    if "--timed" in sys.argv:
        print(json.dumps(timed(Path(sys.argv[-1]))))
        return 0
    share = 10 if "--quick" in sys.argv else 1
    rows, held = [], True
    for workloads, servers, calls in ((40, 150, 2_000), (5_000 // share, 100_000 // share, 1_000_000 // share)):
        with tempfile.TemporaryDirectory() as name:
            write(Path(name), Size(workloads, servers, calls))
            command = [sys.executable, "-m", "benchmarks.first_workload", "--timed", name]
            found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        size = (f"{found['own'] / 1e6:.0f}", f"{found['peak'] / 1e9:.2f}")
        rows.append((workloads, f"{found['seconds']:.2f}", found["status"], found["compared"], *size))
        held = held and found["seconds"] <= LIMITS.get(workloads, 10.0)
    headers = ("workloads", "seconds", "status", "compared", "MB for the answer", "GB with everything read")
    print(tabulate(rows, headers=headers, disable_numparse=True))
    print(f"\nlimits (0.5 s, 10 s): {'held' if held else 'NOT held'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
