"""How long a person waits: help, a review of ten workloads, and a workbook of 131 machines, from process start.

`python -m benchmarks.start_up [WORKBOOK]`. Without a workbook one of 131 machines is made. Each command runs nine
times; the fastest and the median are shown, beside a bare `python -c pass` in the same run, because the machine
may be noisy and the ratio is what can be trusted.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

import openpyxl
from tabulate import tabulate

RUNS: Final = 9
LIMITS: Final = {"help": 0.25, "review of ten workloads": 0.5, "workbook of 131 machines": 1.0}
MEMORY_LIMIT_MB: Final = 90


_PEAK: Final = (
    "import resource, subprocess, sys;"
    "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)
"""Runs a command from a small process: a large parent would be counted into the memory of its child."""


def timed(command: list[str]) -> tuple[float, float, int]:
    """Fastest and median wall time [s], and the largest memory [MB] of one command."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        times.append(time.perf_counter() - started)
    peak = subprocess.run([sys.executable, "-c", _PEAK, *command], capture_output=True, text=True, check=True)
    return min(times), statistics.median(times), int(peak.stdout) * 1024 // 10**6


def ten_workloads(folder: Path) -> None:
    """A plan of ten workloads and an inventory of thirty servers, from the bundled example."""
    from tests.support import example_plan, example_records

    extra = "\n".join(
        f"  - {{id: extra-{n}, category: web, disposition: rehost, wave: first-step, members: [{{pattern: 'x{n}-*'}}]}}"
        for n in range(3)
    )
    text = example_plan("web-shop").replace("\ncosts:", f"\n{extra}\ncosts:")
    (folder / "plan.yaml").write_text(text, encoding="utf-8")
    from migrascope.snapshots import serialise

    (folder / "inventory.jsonl").write_bytes(serialise(example_records("web-shop")))


def workbook(path: Path) -> None:
    """An export of 131 machines with two disks and two partitions each."""
    book = openpyxl.Workbook()
    info = book.active
    assert info is not None
    info.title = "vInfo"
    info.append(["VM", "Powerstate", "Template", "CPUs", "Memory", "Disks", "OS according to the configuration file",
                 "OS according to the VMware Tools", "Cluster", "Host", "VM ID"])  # fmt: skip
    disk, part = book.create_sheet("vDisk"), book.create_sheet("vPartition")
    disk.append(["VM", "Disk", "Capacity MiB", "Raw", "Disk Mode", "Shared Bus", "VM ID"])
    part.append(["VM", "Disk", "Capacity MiB", "Free MiB", "Free %", "VM ID"])
    for n in range(131):
        name, vm_id, system = f"server-{n:03}", f"vm-{n}", "Microsoft Windows Server 2016 (64-bit)"
        info.append([name, "poweredOn", "False", 4, 8192, 2, system, system, "C", "esx", vm_id])
        for number in (1, 2):
            disk.append([name, f"Hard disk {number}", 102400, "False", "persistent", "noSharing", vm_id])
            part.append([name, f"{'CD'[number - 1]}:\\", 102000, 51000, 50, vm_id])
    book.save(path)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ten_workloads(folder)
        export = Path(sys.argv[1]) if len(sys.argv) > 1 else folder / "export.xlsx"
        if len(sys.argv) <= 1:
            workbook(export)
        tool = [sys.executable, "-m", "migrascope"]
        plan, inventory = str(folder / "plan.yaml"), str(folder / "inventory.jsonl")
        commands = {
            "bare python": [sys.executable, "-c", "pass"],
            "help": [*tool, "--help"],
            "review of ten workloads": [*tool, "review", plan, "-i", inventory],
            "workbook of 131 machines": [
                *tool,
                "collect",
                "rvtools",
                str(export),
                "-o",
                str(folder / "out.jsonl"),
                "-q",
            ],
        }
        rows = []
        for what, command in commands.items():
            fastest, median, memory = timed(command)
            rows.append((what, f"{fastest:.3f}", f"{median:.3f}", memory, LIMITS.get(what, "")))
    print(tabulate(rows, headers=("command", "fastest [s]", "median [s]", "memory [MB]", "limit [s]"), tablefmt="github"))


if __name__ == "__main__":
    main()
