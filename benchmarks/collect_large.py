"""What `collect aws` holds in memory: an account of a thousand instances beside one of ten thousand.

    PYTHONPATH=. python -m benchmarks.collect_large --server PYTHON [--instances 10000]

PYTHON is an interpreter that has ministack: it asks for a version of the SDK of its own. The server gives all instances in one
page, whatever is asked: what is held for one page is held for all of them here.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from botocore.session import Session
from tabulate import tabulate

from benchmarks.collect_aws import KEYS

PORT = 5588
REGION = "eu-west-1"


def seed(endpoint: str, instances: int) -> None:
    """So many instances more, each with a volume."""
    session = Session()
    session.set_credentials("a", "b")
    ec2 = session.create_client("ec2", region_name=REGION, endpoint_url=endpoint)
    for start in range(0, instances, 500):
        count = min(500, instances - start)
        ec2.run_instances(ImageId="ami-1", MinCount=count, MaxCount=count, InstanceType="m5.large")


def collected(endpoint: str, folder: Path) -> tuple[float, float, int]:
    """Seconds, the most memory that was held [MB], and the servers that were found."""
    command = [
        sys.executable,
        "-m",
        "migrascope",
        "collect",
        "aws",
        "-o",
        "aws.jsonl",
        "--region",
        REGION,
        "--max-rate",
        "1000",
        "-q",
    ]
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, **KEYS, "AWS_ENDPOINT_URL": endpoint}, stderr=subprocess.DEVNULL
    )
    _, _, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    text = (folder / "aws.jsonl").read_text(encoding="utf-8")
    return seconds, used.ru_maxrss * 1024 / 1e6, sum('"type": "server"' in line for line in text.splitlines())


def main() -> int:
    """Print the table, and whether the limit held."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--server", required=True)
    parser.add_argument("--limit", type=int, default=300, help="so many MB")
    parser.add_argument("--instances", type=int, default=10_000)
    wanted = parser.parse_args()
    environment = {**os.environ, "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(PORT)}
    server = subprocess.Popen([wanted.server, "-c", "from ministack.app import main; main()"], env=environment,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    endpoint, rows = f"http://127.0.0.1:{PORT}", []
    try:
        _await(endpoint)
        small = wanted.instances // 10
        for more in (small, wanted.instances - small):
            seed(endpoint, more)
            with tempfile.TemporaryDirectory() as name:
                rows.append([*_told(*collected(endpoint, Path(name)))])
    finally:
        server.terminate()
    print(tabulate(rows, headers=["servers", "seconds", "MB"], floatfmt=".1f"))
    held = rows[-1][2] <= wanted.limit and rows[-1][0] == wanted.instances
    print(f"\nat most {wanted.limit} MB, and nothing lost: {'held' if held else 'missed'}")
    return 0 if held else 1


def _told(seconds: float, megabytes: float, servers: int) -> list[Any]:
    return [servers, seconds, megabytes]


def _await(endpoint: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(endpoint, timeout=1)  # noqa: S310
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.3)
        else:
            return
    raise SystemExit("the server does not answer")


if __name__ == "__main__":
    sys.exit(main())
