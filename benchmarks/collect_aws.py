"""`collect aws` beside Cloud Custodian (and Cartography, where it is installed), on one server with 50 ms to it.

    PYTHONPATH=. python -m benchmarks.collect_aws [--instances 2000] [--custodian PYTHON] [--cartography PYTHON]

Each PYTHON is an interpreter of an environment of its own: they ask for versions of the SDK that exclude each other, and pip
takes a Cartography of years ago where both are to be had.
Cartography is not asked for load balancers: it repeats an error of this server about them until it is stopped.
A first run of each tool fills the proxy's memory, a second one is measured: the emulator is slow, and is the same for all.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from botocore.session import Session
from tabulate import tabulate

from benchmarks.proxy import Proxy, proxied

REGIONS = ("eu-west-1", "us-east-1")
LATENCY = 0.05
PATIENCE = 100.0
STOPPED = f"stopped after {PATIENCE:.0f} s"
KEYS = {
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
}
POLICIES = [
    "ec2",
    "ebs",
    "eni",
    "vpc",
    "subnet",
    "security-group",
    "rds",
    "s3",
    "lambda",
    "app-elb",
    "dynamodb-table",
    "ecs",
    "sqs",
    "sns",
]
CARTOGRAPHY = """
import sys, boto3
from importlib import import_module
session = boto3.Session()
for module, names in (("ec2.instances", ("get_ec2_instances",)), ("ec2.volumes", ("get_volumes",)),
                      ("ec2.vpc", ("get_ec2_vpcs",)),
                      ("ec2.subnets", ("get_subnet_data",)), ("ec2.security_groups", ("get_ec2_security_group_data",)),
                      ("rds", ("get_rds_instance_data",)), ("lambda_function", ("get_lambda_data",)),
                      ("dynamodb", ("get_dynamodb_tables",))):
    for name in names:
        for region in sys.argv[1:]:
            try:
                getattr(import_module("cartography.intel.aws." + module), name)(session, region)
            except Exception as error:
                print("not collected:", module, region, type(error).__name__, error, file=sys.stderr)
from cartography.intel.aws import s3
buckets = s3.get_s3_bucket_list(session)
list(s3.get_s3_bucket_details(session, buckets))
"""


def seed(endpoint: str, instances: int) -> None:
    """What an account of some size holds, in two regions."""
    session = Session()
    session.set_credentials("a", "b")
    for region in REGIONS:
        _furnish(partial(_client, session, region, endpoint), instances)
    s3 = session.create_client("s3", region_name="us-east-1", endpoint_url=endpoint)
    for number in range(100):
        s3.create_bucket(Bucket=f"bucket{number}")


def _client(session: Session, region: str, endpoint: str, service: str) -> Any:
    return session.create_client(service, region_name=region, endpoint_url=endpoint)


def _furnish(client: Callable[[str], Any], instances: int) -> None:
    ec2 = client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    for _ in range(0, instances, 100):
        ec2.run_instances(ImageId=image, MinCount=100, MaxCount=100, InstanceType="m5.large")
    subnets = [each["SubnetId"] for each in ec2.describe_subnets()["Subnets"][:2]]
    sized = {"DBInstanceClass": "db.t3.micro", "Engine": "postgres", "AllocatedStorage": 20}
    for number in range(30):
        client("rds").create_db_instance(
            DBInstanceIdentifier=f"db{number}", MasterUsername="u", MasterUserPassword="password1", **sized
        )
    for number in range(20):
        client("elbv2").create_load_balancer(Name=f"lb{number}", Subnets=subnets)
        keys = {"KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
        client("dynamodb").create_table(
            TableName=f"t{number}", AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}], **keys
        )


BY_SERVICE: dict[str, list[tuple[str, int]]] = {}
"""Of each tool, the services that most was asked of."""


def timed(name: str, command: list[str], address: str, proxy: Proxy, folder: Path) -> tuple[float, int, str]:
    """Seconds, requests and the last words of a tool, the second time it runs."""
    environment = {**os.environ, **KEYS, "AWS_ENDPOINT_URL": address}
    seconds, said = 0.0, ""
    for _ in range(2):
        proxy.requests.clear()
        started = time.perf_counter()
        try:
            ran = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            BY_SERVICE[name] = proxy.requests.most_common(8)
            return PATIENCE, proxy.requests.total(), STOPPED
        seconds, said = time.perf_counter() - started, ran.stderr
    BY_SERVICE[name] = proxy.requests.most_common(8)
    return seconds, proxy.requests.total(), said


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--instances", type=int, default=2000)
    parser.add_argument("--custodian", default=sys.executable)
    parser.add_argument("--cartography", default=sys.executable)
    wanted = parser.parse_args()
    port = 5577
    server = subprocess.Popen([sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    rows: list[list[Any]] = []
    try:
        time.sleep(6)
        seed(f"http://127.0.0.1:{port}", wanted.instances)
        with proxied(port, LATENCY) as (address, proxy), tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            rows.append(["migrascope", *ours(address, proxy, folder)])
            rows.append(["c7n, 14 policies", *custodian(wanted.custodian, address, proxy, folder)])
            if subprocess.run([wanted.cartography, "-c", "import cartography"], capture_output=True).returncode == 0:
                seconds, requests, said = timed(
                    "cartography", [wanted.cartography, "-c", CARTOGRAPHY, *REGIONS], address, proxy, folder
                )
                rows.append(
                    [
                        "cartography, get stage",
                        seconds,
                        requests,
                        said
                        if said == STOPPED
                        else f"not collected: {said.count('not collected:')} of 16; no load balancers (see above)",
                    ]
                )
    finally:
        server.terminate()
    print(tabulate(rows, headers=["tool", "seconds", "requests", "outcome"], floatfmt=".1f"))
    print("\nrequests by service")
    for name, counted in BY_SERVICE.items():
        print(f"  {name}: {', '.join(f'{service} {number}' for service, number in counted)}")
    mine = rows[0]
    held = all(mine[1] <= other[1] / 2 and mine[2] < other[2] for other in rows[1:])
    print(f"\nfewer requests, and at most half the time of each: {'held' if held else 'missed'}")
    return 0 if held else 1


def ours(address: str, proxy: Proxy, folder: Path) -> tuple[float, int, str]:
    regions = [word for region in REGIONS for word in ("--region", region)]
    command = [sys.executable, "-m", "migrascope", "collect", "aws", "-o", "aws.jsonl", *regions]
    seconds, requests, _ = timed("migrascope", command, address, proxy, folder)
    records = [json.loads(line) for line in (folder / "aws.jsonl").read_text(encoding="utf-8").splitlines()]
    bad = sorted(
        {record["operation"] for record in records if record.get("status") in ("denied", "error", "partial", "throttled")}
    )
    count = sum(record["kind"] == "resource" for record in records)
    return seconds, requests, f"{count} resources; not collected: {', '.join(bad) or 'nothing'}"


def custodian(python: str, address: str, proxy: Proxy, folder: Path) -> tuple[float, int, str]:
    policies = [{"name": name, "resource": f"aws.{name}"} for name in POLICIES]
    (folder / "policies.json").write_text(json.dumps({"policies": policies}))
    regions = [word for region in REGIONS for word in ("-r", region)]
    command = [python, "-m", "c7n.cli", "run", "-s", "out", "--cache-period", "0", *regions, "policies.json"]
    seconds, requests, said = timed("c7n", command, address, proxy, folder)
    found = sum(len(json.loads(path.read_text())) for path in folder.glob("out/**/resources.json"))
    return seconds, requests, f"{found} resources; errors: {said.count('ERROR')}"


if __name__ == "__main__":
    sys.exit(main())
