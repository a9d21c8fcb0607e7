"""The derived part of the price book, out of packages: `make prices`. Nothing that it writes is edited by hand.

    python -m tools.price_book

Needs apache-libcloud (prices of EC2, 2025-03-02) and moto (what each size of EC2 holds); both are under Apache-2.0.

libcloud's table mixes prices of dedicated tenancy and zeros into those of shared tenancy. Inside a family the price of EC2 is
linear in the size, and dedicated tenancy is always dearer: so the price of a family in a region is the lowest price for a
unit of size that is not zero. Families that are not linear are left out, and so is bare metal: absent is better than wrong.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import importlib.util
import json
import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

TARGET: Final = Path(__file__).parent.parent / "migrascope" / "knowledge"
NOT_LINEAR: Final = re.compile(
    r"^(g4|g5|g6|g7|gr6|hpc7g|inf|m1$|p5|x8i|u-6tb1|mac|t1$|cc|cr|cg|hs|hi|c1$|m2$|trn|dl|vt|f1|f2|p2|p3|p4|hpc)"
)
"""Families whose price does not grow with their size, or of which no two sizes are to be had."""
SIZES: Final = {"nano": 0.25, "micro": 0.5, "small": 1.0, "medium": 2.0, "large": 4.0, "xlarge": 8.0}
AGREE: Final = 0.01
"""Two sizes of a family agree where their prices for a unit differ by no more than this."""


def units(size: str) -> float | None:
    """How many units of size a name such as `2xlarge` stands for; None for bare metal and what else has no such name."""
    found = re.fullmatch(r"(\d+)xlarge", size)
    return float(found[1]) * 8.0 if found else SIZES.get(size)


def compute(table: dict[str, dict[str, float]]) -> Iterator[tuple[str, str, str, int, int]]:
    """Family, region, USD an hour for a unit of size, how many sizes were seen, and how many agree with it."""
    seen: dict[tuple[str, str], list[float]] = {}
    for name, by_region in table.items():
        family, _, size = name.partition(".")
        unit = units(size)
        if unit is None or NOT_LINEAR.match(family):
            continue
        for region, price in by_region.items():
            if price > 0:
                seen.setdefault((family, region), []).append(price / unit)
    for (family, region), prices in sorted(seen.items()):
        low = min(prices)
        yield family, region, f"{low:.6f}", len(prices), sum(price <= low * (1 + AGREE) for price in prices)


def sizes(table: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """What each size holds: processors, memory, architecture, whether it is of today, and what disks and cards it takes."""
    for name, told in sorted(table.items()):
        disks = told.get("EbsInfo", {})
        speed = disks.get("EbsOptimizedInfo", {})
        arch = told["ProcessorInfo"]["SupportedArchitectures"]
        yield (
            name, told["VCpuInfo"]["DefaultVCpus"], told["MemoryInfo"]["SizeInMiB"], "arm64" if "arm64" in arch else "x86_64",
            int(told["CurrentGeneration"]), int(told["BurstablePerformanceSupported"]), speed.get("BaselineIops", ""),
            speed.get("BaselineThroughputInMBps", ""), disks.get("MaximumEbsAttachments", ""),
            told.get("NetworkInfo", {}).get("MaximumNetworkInterfaces", ""),
        )  # fmt: skip


def write(name: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """One table, with its columns as the first line."""
    with (TARGET / name).open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _inside(package: str, *path: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: run `make prices`")
    return Path(spec.origin).parent.joinpath(*path)


def main() -> int:
    """Write the tables, and where they came from."""
    known = json.loads(_inside("libcloud", "data", "pricing.json").read_text(encoding="utf-8"))
    write(
        "aws_compute.csv",
        ("family", "region", "usd_per_unit_hour", "sizes_seen", "sizes_that_agree"),
        compute(known["compute"]["ec2_linux"]),
    )
    told = json.loads(gzip.decompress(_inside("moto", "ec2", "resources", "instance_types.json.gz").read_bytes()))
    held = ("size", "vcpus", "memory_mib", "arch", "current", "burstable", "baseline_iops", "baseline_mbps", "disks", "nics")
    write("aws_sizes.csv", held, sizes(told))
    day = dt.datetime.fromtimestamp(int(known["updated"]), dt.UTC).date().isoformat()
    made = {
        "aws_compute": {"source": f"apache-libcloud {version('apache-libcloud')}, ec2_linux, lowest price of the family",
                        "as_of": day, "licence": "Apache-2.0"},
        "aws_sizes": {"source": f"moto {version('moto')}, instance types of EC2", "as_of": None, "licence": "Apache-2.0"},
    }  # fmt: skip
    (TARGET / "price_sources.json").write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
