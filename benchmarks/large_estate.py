"""A review of a large estate from files, stage by stage, and how evaluation grows with the number of servers.

`python -m benchmarks.large_estate` makes an estate of 5,000 workloads, 100,000 servers and 1,000,000 calls, reviews
it in a fresh process (rules only), and shows the seconds of each stage and the peak of memory. Then it evaluates all
rules on 1,000, 10,000 and 100,000 servers: the time for each subject should stay the same.
`--quick` takes a tenth of everything. Limits: 30 s and 2 GB for the whole but pricing, 6 s for evaluation, 2 s for reading
5 MB of plan.
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

PRICING: Final = "price three ways"
"""Has limits of its own, in `benchmarks.cost`, and is no part of those here."""
LIMIT_SECONDS: Final = 30.0
LIMIT_EVALUATION: Final = 6.0
LIMIT_BYTES: Final = 2 * 10**9
LIMIT_PLAN: Final = 2.0
AS_OF: Final = dt.date(2026, 11, 23)


def stages(folder: Path) -> dict[str, Any]:
    """Review one estate in this process; the seconds of each stage, and what came out."""
    from migrascope.assess import Options, opinion
    from migrascope.costing.estimate import estimate
    from migrascope.engine.run import run
    from migrascope.estate.join import join
    from migrascope.facts.catalogue import asking_about
    from migrascope.model.memory import without_gc
    from migrascope.readers.knowledge import read_knowledge
    from migrascope.readers.plan import read_plan
    from migrascope.readers.rules import read_rules
    from migrascope.reports import Style, renderer
    from migrascope.snapshots import read_inventory

    times: dict[str, float] = {}
    clock = time.perf_counter()

    def lap(stage: str) -> None:
        nonlocal clock
        now = time.perf_counter()
        times[stage], clock = now - clock, now

    rules, knowledge = read_rules(), read_knowledge()
    lap("read rules and knowledge")
    file = read_plan(folder / "plan.yaml")
    lap("read the plan")
    inventory = read_inventory([folder / "inventory.jsonl"])
    lap("read the inventory")
    options = Options(as_of=AS_OF, places=file)
    with without_gc():
        estate = join(file.plan, file, inventory, knowledge, AS_OF)
        lap("join")
        asking = asking_about(estate)
        priced = estimate(asking, options.seed)
        asking = asking.knowing(priced=priced.facts) if priced is not None else asking
        lap(PRICING)
        results = run(asking, rules, options.progress)
        lap("evaluate all rules")
        times["write the findings"] = results.seconds_told
        times["evaluate all rules"] -= results.seconds_told
        assessment = opinion(asking, inventory, results, rules, options)
        lap("the first workload and questions")
        renderer("text")(assessment, Style(title="plan.yaml"))
        lap("write the report")
    asked = sum(sum(_outcomes(tally)) for tally in results.summary.by_rule.values())
    return {
        "times": times,
        "asked": asked,
        "findings": results.summary.by_outcome["finding"],
        "unknown": results.summary.by_outcome["unknown"],
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def _outcomes(tally: Any) -> tuple[int, ...]:
    return tally.finding, tally.unknown, tally.waived, tally.clear, tally.not_applicable


def five_megabytes(folder: Path) -> tuple[float, float]:
    """Size [MB] of a plan of about five, and the best of three readings with positions [s]."""
    from migrascope.readers.plan import read_plan

    path, _ = write(folder, Size(6500, 0, 0))
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        read_plan(path)
        best = min(best, time.perf_counter() - started)
    return path.stat().st_size / 1e6, best


def in_a_fresh_process(folder: Path) -> dict[str, Any]:
    """The stages in a process of their own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.large_estate", "--stages", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> int:
    """Run and print; 1 where a limit is not held."""
    if "--stages" in sys.argv:
        print(json.dumps(stages(Path(sys.argv[-1]))))
        return 0
    share = 10 if "--quick" in sys.argv else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, Size(5000 // share, 100_000 // share, 1_000_000 // share))
        found = in_a_fresh_process(folder)
        size, seconds_to_read = five_megabytes(folder)
        growth = []
        for servers in (1_000, 10_000, 100_000 // share):
            write(folder, Size(max(servers // 20, 1), servers, 0))
            small = in_a_fresh_process(folder)
            seconds = small["times"]["evaluate all rules"]
            growth.append((servers, small["asked"], f"{seconds:.2f}", f"{1e6 * seconds / small['asked']:.2f}"))
    rows = [(stage, f"{seconds:.2f}") for stage, seconds in found["times"].items()]
    evaluation = found["times"]["evaluate all rules"]
    total = sum(seconds for stage, seconds in found["times"].items() if stage != PRICING)
    print(tabulate([*rows, ("all but pricing", f"{total:.2f}")], headers=("stage", "seconds"), disable_numparse=True))
    print(f"\n{found['asked']:,} answers, {found['findings']:,} findings, {found['unknown']:,} unknown")
    print(f"{found['asked'] / evaluation / 1e6:.2f} million answers a second; peak {found['peak'] / 1e9:.2f} GB\n")
    print(f"a plan of {size:.1f} MB is read with positions in {seconds_to_read:.2f} s\n")
    print(tabulate(growth, headers=("servers", "answers", "seconds", "microseconds an answer"), disable_numparse=True))
    held = total <= LIMIT_SECONDS and evaluation <= LIMIT_EVALUATION and found["peak"] <= LIMIT_BYTES
    held = held and seconds_to_read <= LIMIT_PLAN * size / 5
    limits = f"{LIMIT_SECONDS:.0f} s, {LIMIT_EVALUATION:.0f} s for evaluation, {LIMIT_BYTES / 1e9:.0f} GB"
    print(f"\nlimits ({limits}): {'held' if held else 'NOT held'}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
