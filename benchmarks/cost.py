"""A plan priced three ways: 5,000 workloads on 100,000 servers, in ten thousand futures; and a plan of one workload.

`python -m benchmarks.cost` makes the estate, reads and joins it in a fresh process, and shows the seconds of pricing alone and
the peak of memory of all. `--quick` takes a tenth. Limits: 30 s and 1.5 GB, and 50 ms for one workload.
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

LIMIT_SECONDS: Final = 30.0
LIMIT_BYTES: Final = 1.5e9
LIMIT_ONE: Final = 0.050
AS_OF: Final = dt.date(2026, 11, 23)
RATES: Final = "rates: [{from: USD, to: EUR, rate: 0.92, on: 2026-11-20}]\n"


def prepare(plan: Path, inventory: Path) -> None:
    """A rate, no size for every other workload, so that its servers are sized one by one, and a load for every other server."""
    head, *workloads = plan.read_text(encoding="utf-8").split("\n  - id: app-")
    halved = [each.replace(", size: Standard_D4s_v5", "") if number % 2 else each for number, each in enumerate(workloads)]
    plan.write_text("\n  - id: app-".join([head.replace("\nworkloads:", f"\n{RATES}workloads:"), *halved]), encoding="utf-8")
    ids = (json.loads(line)["id"] for line in inventory.open(encoding="utf-8") if '"type": "server"' in line)
    rows = [
        {"kind": "measurement", "id": id_, "metric": "cpu_percent", "statistic": name, "unit": "percent",
         "window": "P30D/2026-11-01", "samples": 8640, "coverage": 1.0, "value": float(5 + number % 60)}
        for number, id_ in enumerate(list(ids)[::2])
        for name in ("p95", "p99.5")
    ]  # fmt: skip
    with inventory.open("a", encoding="utf-8") as stream:
        stream.writelines(f"{json.dumps(row)}\n" for row in rows)


def priced(folder: Path) -> dict[str, Any]:
    """Price one estate in this process."""
    from migrascope.costing.estimate import estimate
    from migrascope.estate.join import join
    from migrascope.facts.catalogue import asking_about
    from migrascope.model.memory import without_gc
    from migrascope.readers.knowledge import read_knowledge
    from migrascope.readers.plan import read_plan
    from migrascope.snapshots import read_inventory

    knowledge = read_knowledge()
    file = read_plan(folder / "plan.yaml")
    inventory = read_inventory([folder / "inventory.jsonl"]) if (folder / "inventory.jsonl").exists() else None
    with without_gc():
        estate = join(file.plan, file, inventory, knowledge, AS_OF)
        before, start = _peak(), time.perf_counter()
        priced = estimate(asking_about(estate), 1)
        seconds = time.perf_counter() - start
    assert priced is not None
    cost = priced.cost
    return {
        "seconds": seconds, "before": before, "peak": _peak(), "workloads": len(cost.workloads),
        "lines": cost.total.priced_items, "servers": len(estate.servers), "draws": cost.draws,
    }  # fmt: skip


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0


ONE: Final = f"""schema: 1
as_of: 2026-11-23
currency: EUR
{RATES}targets: [{{id: we, provider: azure, region: westeurope}}]
workloads:
  - {{id: shop, disposition: rehost, users: 100, target: {{at: we, size: Standard_D4s_v5, count: 4, disk_gb: 500}}}}
"""


def one() -> float:
    """Seconds for a plan of one workload, the best of five; what is loaded once is loaded already."""
    from migrascope.costing.estimate import estimate
    from migrascope.estate.join import join
    from migrascope.facts.catalogue import asking_about
    from migrascope.readers.knowledge import read_knowledge
    from migrascope.readers.plan import read_plan

    knowledge = read_knowledge()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.yaml"
        path.write_text(ONE, encoding="utf-8")
        file = read_plan(path)
    times = []
    for _ in range(6):
        estate = join(file.plan, file, None, knowledge, AS_OF)
        start = time.perf_counter()
        estimate(asking_about(estate), 1)
        times.append(time.perf_counter() - start)
    return min(times[1:])


def main() -> int:
    """Measure, and say whether the limits hold."""
    if "--inside" in sys.argv:
        sys.stdout.write(json.dumps(priced(Path(sys.argv[-1]))))
        return 0
    part = 10 if "--quick" in sys.argv else 1
    with tempfile.TemporaryDirectory() as folder:
        plan, inventory = write(Path(folder), Size(5_000 // part, 100_000 // part, 1_000_000 // part))
        prepare(plan, inventory)
        command = [sys.executable, "-m", "benchmarks.cost", "--inside", folder]
        found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    alone = one()
    rows = [
        ["workloads, servers, lines", f"{found['workloads']:,}, {found['servers']:,}, {found['lines']:,}", ""],
        ["pricing three ways", f"{found['seconds']:.1f} s", f"{LIMIT_SECONDS:.0f} s"],
        ["peak of the whole process", f"{found['peak'] / 1e9:.2f} GB", f"{LIMIT_BYTES / 1e9:.1f} GB"],
        ["of which before pricing", f"{found['before'] / 1e9:.2f} GB", ""],
        ["one workload", f"{1000 * alone:.0f} ms", f"{1000 * LIMIT_ONE:.0f} ms"],
    ]
    sys.stdout.write(tabulate(rows, headers=["", "measured", "limit"]) + "\n")
    held = found["seconds"] <= LIMIT_SECONDS and found["peak"] <= LIMIT_BYTES and alone <= LIMIT_ONE
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
