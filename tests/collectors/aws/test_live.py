"""Accounts that answer: a moto server on loopback, asked by the command that people type."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.session import Session

from migrascope.collectors.aws import guard
from migrascope.collectors.aws.catalogue import every_call
from migrascope.collectors.aws.policy import actions, policy
from migrascope.collectors.aws.session import _session
from migrascope.snapshots import read_inventory
from tests.cli.test_commands import run
from tests.doubles import aws
from tests.support import fit_the_schema, lines

MINE, OTHER = "123456789012", "210987654321"
OWNER = {
    "AWS_ACCESS_KEY_ID": "a",
    "AWS_SECRET_ACCESS_KEY": "b",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_CONFIG_FILE": "/nonexistent",
    "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
}
NOT_HERE = "s3control:GetPublicAccessBlock"
"""The one call that goes to a host of its own name, which an address of loopback does not have."""


@pytest.fixture(scope="module")
def cloud() -> Iterator[dict[str, str]]:
    """The environment in which a cloud answers, with a few things in two accounts."""
    with aws() as environment:
        role = client_of(environment)("sts").assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/reader", RoleSessionName="setup")
        _furnish_other(client_of(environment, role["Credentials"]))
        yield environment


def client_of(environment: dict[str, str], credentials: dict[str, str] | None = None) -> Any:
    session = Session()
    keys = credentials or {
        "AccessKeyId": environment["AWS_ACCESS_KEY_ID"],
        "SecretAccessKey": environment["AWS_SECRET_ACCESS_KEY"],
    }
    session.set_credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys.get("SessionToken"))
    return lambda service: session.create_client(service, region_name="eu-west-1", endpoint_url=environment["AWS_ENDPOINT_URL"])


def furnish(client: Any) -> None:
    ec2 = client("ec2")
    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "web"}, {"Key": "application", "Value": "shop"}]}]
    ec2.run_instances(
        ImageId=image, MinCount=3, MaxCount=3, InstanceType="m5.large", UserData="password=hunter2", TagSpecifications=tags
    )
    group = ec2.create_security_group(GroupName="open", Description="x")["GroupId"]
    ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="0.0.0.0/0")
    client("s3").create_bucket(Bucket="photos", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    tagged = {"TagSet": [{"Key": "application", "Value": "shop"}]}
    client("s3").put_bucket_tagging(Bucket="photos", Tagging=tagged)
    client("rds").create_db_instance(DBInstanceIdentifier="orders", DBInstanceClass="db.t3.micro", Engine="postgres",
                                     MasterUsername="u", MasterUserPassword="hunter2hunter2", AllocatedStorage=20)  # fmt: skip
    client("sqs").create_queue(QueueName="mail", tags={"application": "shop"})
    client("sqs").create_queue(QueueName="letters")
    client("iam").create_user(UserName="anna")


def _furnish_other(client: Any) -> None:
    client("s3").create_bucket(Bucket="archive", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})


def collect(cloud: dict[str, str], folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return run("collect", "aws", "-o", "aws.jsonl", "--region", "eu-west-1", *more, cwd=folder, **cloud)


def names(path: Path, kind: str) -> list[str]:
    return sorted(str(each.get("name")) for each in read_inventory([path]).resources if each["type"] == kind)


def test_an_account_becomes_an_inventory_and_an_opinion(cloud: dict[str, str], tmp_path: Path) -> None:
    ran = collect(cloud, tmp_path, "--expect-account", MINE)
    assert ran.returncode == 3, ran.stderr
    assert ran.stderr.splitlines()[0].startswith("asking as arn:aws:sts::123456789012:")
    assert next(line for line in ran.stderr.splitlines() if line.startswith("not seen")).endswith(NOT_HERE)
    path = tmp_path / "aws.jsonl"
    assert names(path, "server") == ["web"] * 3
    assert names(path, "database") == ["orders"]
    fit_the_schema(lines(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert "hunter2" not in path.read_text(encoding="utf-8")
    assert not (tmp_path / "aws.jsonl.partial").exists()
    inventory = read_inventory([path])
    assert not inventory.problems
    lists = ("server", "server.tags", "storage", "storage.tags", "service", "service.tags", "database", "network", "account")
    assert [inventory.lacking[f"{MINE}/eu-west-1", name] for name in lists] == [""] * len(lists)
    server = next(each for each in inventory.resources if each["type"] == "server")
    assert (server["attributes"]["cpus"], server["attributes"]["memory_mib"]) == (2, 8192)
    assert len(server["attributes"]["disks"]) == 1
    told = run("health", "-i", "aws.jsonl", "-f", "json", cwd=tmp_path)
    found = {
        (each["rule"], each["subject"]["name"]) for each in json.loads(told.stdout)["findings"] if each["outcome"] == "finding"
    }
    assert ("admin-port-open-to-internet", "open") in found
    drafted = run("init", "plan.yaml", "--from", "aws.jsonl", cwd=tmp_path)
    assert drafted.returncode == 0
    plan = (tmp_path / "plan.yaml").read_text(encoding="utf-8")
    assert '{name: "web"}, {name: "web"}, {name: "web"}, {name: "mail"}, {name: "photos"}]' in plan  # by their tag
    assert '#   queue: "letters"' in plan
    assert run("review", "plan.yaml", "-i", "aws.jsonl", cwd=tmp_path).returncode == 0


def test_two_accounts_are_kept_apart_and_one_that_does_not_open_keeps_nobody_waiting(
    cloud: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "accounts.yaml").write_text(
        f'schema: 1\naccounts:\n  - id: "{MINE}"\n  - id: "{OTHER}"\n    role: arn:aws:iam::{OTHER}:role/reader\n'
        "    external_id: partner\n"
        '  - id: "333333333333"\n  - id: "111111111111"\n    role: arn:aws:iam::222222222222:role/wrong\n'
    )
    ran = collect(cloud, tmp_path, "--accounts-file", "accounts.yaml")
    assert ran.returncode == 3
    inventory = read_inventory([tmp_path / "aws.jsonl"])
    buckets = {each["name"]: each["scope"] for each in inventory.resources if str(each["id"]).startswith("arn:aws:s3")}
    assert buckets == {"photos": f"{MINE}/global", "archive": f"{OTHER}/global"}
    assert inventory.lacking["333333333333/global", "server"]  # no role opens it: what we see is not its own
    assert "wrong" in inventory.lacking["111111111111/global", "server"] or inventory.lacking["111111111111/global", "server"]


def test_what_is_denied_is_named_and_the_rest_is_kept(cloud: dict[str, str], tmp_path: Path) -> None:
    with enforced(cloud, ["ec2:Describe*"]) as reader:
        ran = collect(reader, tmp_path)
    assert ran.returncode == 3
    assert "rds:DescribeDBInstances" in ran.stderr
    path = tmp_path / "aws.jsonl"
    assert names(path, "server") == ["web"] * 3
    inventory = read_inventory([path])
    assert inventory.lacking[f"{MINE}/eu-west-1", "server"] == ""
    denied = {record.operation: record for record in inventory.coverage if record.status == "denied"}
    assert denied["rds:DescribeDBInstances"].detail == "needs rds:DescribeDBInstances"
    assert denied["s3:GetBucketEncryption"].items == 0
    assert "the same command with --resume" in ran.stderr
    first = json.loads(path.read_text(encoding="utf-8").splitlines()[0])["collected_at"]
    whole = tmp_path / "whole"
    whole.mkdir()
    assert collect(cloud, whole).returncode == 3  # the one call that no address of loopback can answer
    assert collect(cloud, tmp_path, "--resume").returncode == 3
    assert told(path) == told(whole / "aws.jsonl")
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0])["collected_at"] == first
    assert collect(cloud, tmp_path, "--resume", "--max-age", "0").returncode == 2


def test_the_printed_policy_suffices_and_nothing_in_it_is_idle(cloud: dict[str, str], tmp_path: Path) -> None:
    printed = run("collect", "aws", "--policy")
    document = json.loads(printed.stdout)
    assert document == policy()
    # AWS calls the actions of this service `tag:`, its own reference says; the emulator calls them as their host is called.
    with enforced(cloud, [*document["Statement"][0]["Action"], "tagging:GetResources"]) as reader:
        ran = collect(reader, tmp_path)
    denied = {r.operation for r in read_inventory([tmp_path / "aws.jsonl"]).coverage if r.status == "denied"}
    # The emulator cannot tell what is asked of a service that speaks REST, and takes it for denied whatever is granted.
    assert {name for name in denied if not _speaks_rest(name)} == set(), ran.stderr
    needed = {permission for operation in every_call(()) for permission in operation.permissions}
    assert set(actions()) - {"ec2:DescribeRegions"} == needed


def _speaks_rest(name: str) -> bool:
    return str(Session().get_service_model(name.partition(":")[0]).protocol).startswith("rest")


class enforced:  # noqa: N801 (reads as a sentence)
    """IAM is enforced, and we are a user who may do only this."""

    made = 0

    def __init__(self, cloud: dict[str, str], allowed: list[str]) -> None:
        self.cloud, self.allowed = cloud, allowed

    def __enter__(self) -> dict[str, str]:
        enforced.made += 1
        name, iam = f"reader{enforced.made}", client_of(self.cloud)("iam")
        iam.create_user(UserName=name)
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": self.allowed, "Resource": "*"}]}
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        self._reset(b"0")
        return self.cloud | {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def __exit__(self, *_: object) -> None:
        self._reset(b"1000000000")

    def _reset(self, body: bytes) -> None:
        import urllib.request

        address = self.cloud["AWS_ENDPOINT_URL"] + "/moto-api/reset-auth"
        urllib.request.urlopen(urllib.request.Request(address, body, {"Content-Type": "text/plain"})).read()  # noqa: S310


def test_a_call_that_writes_is_refused_before_it_is_built() -> None:
    session = Session()
    guard.install(session.get_component("event_emitter"))
    session.set_credentials("a", "b")
    ec2 = session.create_client("ec2", region_name="eu-west-1", endpoint_url="http://127.0.0.1:1")
    with pytest.raises(guard.ForbiddenCallError, match="ec2:TerminateInstances"):
        ec2.terminate_instances(InstanceIds=["i-1"])
    with pytest.raises(guard.ForbiddenCallError):
        session.create_client("s3", region_name="eu-west-1").get_object(Bucket="a", Key="b")


def test_what_is_not_on_the_list_is_not_even_there() -> None:
    made = _session(None)
    made.set_credentials("a", "b")
    ec2 = made.create_client("ec2", region_name="eu-west-1", endpoint_url="http://127.0.0.1:1")
    assert not hasattr(ec2, "terminate_instances")
    assert hasattr(ec2, "describe_instances")
    for service in {each.service for each in every_call()}:
        model = made.get_service_model(service)
        assert all(model.shape_for(name) for name in model.shape_names)  # nothing refers to what was taken out
    known = {f"{name}:{call}" for name in {each.service for each in every_call()}
             for call in made.get_service_model(name).operation_names}  # fmt: skip
    assert known <= guard.allowed()


@pytest.mark.parametrize("name", sorted(guard.OPENING))
def test_how_one_signs_in_is_known_to_the_sdk(name: str) -> None:
    service, _, call = name.partition(":")
    assert call in Session().get_service_model(service).operation_names


def test_our_list_holds_reading_calls_only() -> None:
    for operation in every_call():
        assert operation.call.startswith(("Describe", "List", "Get")), operation.name
        assert operation.permissions


def begun(cloud: dict[str, str], folder: Path, size: int) -> tuple[subprocess.Popen[str], Path]:
    """A slow run that has written so many bytes, and its journal."""
    arguments = ["collect", "aws", "-o", "aws.jsonl", "--region", "eu-west-1", "--max-rate", "1"]
    command = [sys.executable, "-m", "migrascope", *arguments]
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **cloud}, stderr=subprocess.PIPE, text=True)
    partial = folder / "aws.jsonl.partial"
    for _ in range(200):
        if partial.exists() and partial.stat().st_size > size:
            break
        time.sleep(0.05)
    return process, partial


def test_a_run_that_is_killed_goes_on_where_it_was(cloud: dict[str, str], tmp_path: Path) -> None:
    process, partial = begun(cloud, tmp_path, 20_000)
    second = collect(cloud, tmp_path, "--resume")
    assert second.returncode == 2
    assert "another run is writing this inventory" in second.stderr
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert collect(cloud, tmp_path).returncode == 2  # nobody said to go on
    with partial.open("ab") as stream:
        stream.write(b'{"kind": "resource", "typ')  # a line that was cut off
    whole = tmp_path / "whole"
    whole.mkdir()
    assert collect(cloud, whole).returncode == 3
    assert collect(cloud, tmp_path, "--resume").returncode == 3
    assert told(tmp_path / "aws.jsonl") == told(whole / "aws.jsonl")


def test_who_interrupts_is_told_how_to_go_on(cloud: dict[str, str], tmp_path: Path) -> None:
    process, _ = begun(cloud, tmp_path, 500)  # early: on a slow machine the rest may be over soon
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "what was read stays in aws.jsonl.partial: go on with --resume" in said
    assert "Traceback" not in said
    assert [each.name for each in tmp_path.iterdir()] == ["aws.jsonl.partial"]


def test_a_disk_that_fills_up_loses_nothing_that_was_read(cloud: dict[str, str], tmp_path: Path) -> None:
    script = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000)); "
    script += "from migrascope.__main__ import main; import sys; sys.argv[1:] = sys.argv[2:]; main()"
    command = [sys.executable, "-c", script, "-", "collect", "aws", "-o", "aws.jsonl", "--region", "eu-west-1"]
    ran = subprocess.run(command, cwd=tmp_path, env={**os.environ, **cloud}, capture_output=True, text=True)
    assert ran.returncode == 2, ran.stderr
    assert "cannot be written: File too large" in ran.stderr
    assert "go on with --resume" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "aws.jsonl").exists()
    for line in (tmp_path / "aws.jsonl.partial").read_text(encoding="utf-8").splitlines():
        json.loads(line)
    assert collect(cloud, tmp_path, "--resume").returncode == 3
    assert names(tmp_path / "aws.jsonl", "server") == ["web"] * 3


def told(path: Path) -> list[dict[str, Any]]:
    """Everything that stands in an inventory, but when it was read."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        record.pop("collected_at", None)
        for place in (record.get("place", {}), *record.get("places", {}).values()):
            place.pop("at", None)
        found.append(record)
    return found


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (("--region", "eu-west-9"), {}, "there is no region eu-west-9"),
        (("--region", "eu-west-1", "--expect-account", OTHER), {}, "is not the one you expect"),
        (("--profile", "nobody"), {}, "there is no profile nobody"),
        (("--role", "reader"), {}, "this is no ARN of a role"),
        (("--region", "eu-west-1"), {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}, "no AWS credentials were found"),
        (("--region", "eu-west-1"), {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "AWS cannot be reached"),
    ],
)  # fmt: skip
def test_what_cannot_begin_says_so_in_one_line_and_leaves_nothing(
    cloud: dict[str, str], tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    ran = run("collect", "aws", "-o", "aws.jsonl", *arguments, cwd=tmp_path, **cloud | environment)
    assert ran.returncode == 2, ran.stderr
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "aws.jsonl").exists()


def test_a_dry_run_lists_every_call_and_makes_none(tmp_path: Path) -> None:
    ran = run("collect", "aws", "--dry-run", cwd=tmp_path, AWS_ENDPOINT_URL="http://127.0.0.1:9")
    assert ran.returncode == 0
    for operation in every_call(()):
        assert operation.name in ran.stdout
    assert "cloudwatch:GetMetricData" not in ran.stdout
    wanted = run("collect", "aws", "--dry-run", "--utilisation", cwd=tmp_path)
    assert "cloudwatch:GetMetricData" in wanted.stdout
    assert "paid: 1" in wanted.stderr
    assert "ce:GetCostAndUsage" in run("collect", "aws", "--policy", "--costs").stdout
    assert "cloudwatch:GetMetricData" in run("collect", "aws", "--policy", "--utilisation").stdout


def test_what_services_cost_is_asked_on_demand_and_said_before_it_is_paid(cloud: dict[str, str], tmp_path: Path) -> None:
    import urllib.request

    group = {"Keys": ["Amazon Simple Storage Service"], "Metrics": {
        "UnblendedCost": {"Amount": "12.5", "Unit": "USD"}, "AmortizedCost": {"Amount": "10", "Unit": "USD"}}}  # fmt: skip
    months = [{"TimePeriod": {"Start": "2026-10-01", "End": "2026-11-01"}, "Groups": [group], "Estimated": False}]
    seeded = json.dumps({"results": [{"ResultsByTime": months}]}).encode()
    address = cloud["AWS_ENDPOINT_URL"] + "/moto-api/static/ce/cost-and-usage-results"
    urllib.request.urlopen(urllib.request.Request(address, seeded, {"Content-Type": "application/json"})).read()  # noqa: S310
    ran = collect(cloud, tmp_path, "--costs")
    said = ran.stderr.splitlines()
    assert said[1] == "paid requests that follow: 1, and one more for each further page of an answer (ce:GetCostAndUsage)"
    found = {(row.id, row.statistic): row.value for row in read_inventory([tmp_path / "aws.jsonl"]).measurements}
    assert found == {
        (f"aws:{MINE}/Amazon Simple Storage Service", "billed"): 12.5,
        (f"aws:{MINE}/Amazon Simple Storage Service", "effective"): 10.0,
    }


def test_every_active_account_of_an_organisation_is_read(cloud: dict[str, str], tmp_path: Path) -> None:
    client = client_of(cloud)("organizations")
    client.create_organization(FeatureSet="ALL")
    made = client.create_account(AccountName="archive", Email="archive@example.org")["CreateAccountStatus"]["AccountId"]
    ran = collect(cloud, tmp_path, "--organization", "reader", "--allow-partial")
    assert ran.returncode == 0, ran.stderr
    first = ran.stderr.splitlines()[0]
    assert all(part in first for part in ("2 accounts: ", MINE, made))
    places = {each["name"] for each in read_inventory([tmp_path / "aws.jsonl"]).resources if each["type"] == "account"}
    assert places == {MINE, made, f"{MINE}/eu-west-1", f"{made}/eu-west-1"}
