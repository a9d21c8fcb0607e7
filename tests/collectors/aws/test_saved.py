"""Saved answers of the AWS command line: other people's, and ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from migrascope.collectors.aws.saved import collect_saved
from migrascope.model.problem import InputError
from migrascope.snapshots import read_inventory, write_inventory
from tests.cli.test_commands import run
from tests.support import sample

NAME = "aws-cloudmapper-demo"


def collected(folder: Path, region: str | None = None) -> list[dict[str, Any]]:
    return [dict(record) for record in collect_saved(folder, region, "2026-11-23", lambda _: None).records]


def of(records: list[dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    return {record["name"]: record for record in records if record.get("type") == kind and "name" in record}


def saved(folder: Path, **answers: Any) -> Path:
    (folder / "eu-west-1").mkdir(exist_ok=True)
    (folder / "sts-get-caller-identity.json").write_text('{"Account": "123456789012"}')
    for name, answer in answers.items():
        (folder / "eu-west-1" / f"{name.replace('_', '-')}.json").write_text(json.dumps(answer))
    return folder


def test_the_sample_comes_out_as_its_authors_say() -> None:
    records = collected(sample(NAME))
    servers = of(records, "server")
    assert sorted(servers) == ["Bastion", "Web1", "Web2"]
    assert [servers[name]["attributes"]["public"] for name in sorted(servers)] == [True, False, False]
    databases = of(records, "database")
    postgres = databases["database"]["attributes"]
    assert (postgres["engine"], postgres["version"], postgres["encrypted"], postgres["public"], postgres["zones"]) == (
        "postgres", "9.6.2", True, False, False,
    )  # fmt: skip
    assert databases["redshift-cluster-1"]["attributes"]["public"] is True
    assert of(records, "service")["invpclambda"]["attributes"]["runtime"] == "nodejs8.10"
    region = of(records, "account")["123456789012/us-east-1"]["attributes"]
    assert region == {"part": "region", "threat_detection": False, "trail_all_regions": False}
    assert {"exfiller", "bad_role", "USER_WITH_BAD_INLINE_POLICY", "GROUP_WITH_BAD_INLINE_POLICY"} <= set(
        of(records, "identity")
    )


def test_only_443_is_open_to_the_world_in_the_sample() -> None:
    groups = [record for record in collected(sample(NAME)) if record.get("attributes", {}).get("what") == "rules"]
    world = {
        (record["id"].rpartition("/")[2], each["first_port"], each["last_port"])
        for record in groups
        for each in record["attributes"]["ingress"]
        if each["internet"]
    }
    assert world == {("sg-00000003", 443, 443), ("sg-00000008", 443, 443)}


def test_what_the_sample_says_of_calls_between_groups_is_kept() -> None:
    allowed = [record for record in collected(sample(NAME)) if record.get("type") == "allows_traffic_from"]
    assert any(record["detail"] == "tcp 5432-5432" for record in allowed)


def test_an_opinion_on_the_sample_names_the_redshift_and_no_open_ssh(tmp_path: Path) -> None:
    ran = run("collect", "aws", "--from", str(sample(NAME)), "-o", "aws.jsonl", "--as-of", "2026-11-23", cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    told = run("health", "-i", "aws.jsonl", "-f", "json", cwd=tmp_path)
    found = {
        (each["rule"], each["subject"]["name"]) for each in json.loads(told.stdout)["findings"] if each["outcome"] == "finding"
    }
    assert ("database-reachable-from-internet", "redshift-cluster-1") in found
    assert ("database-past-end-of-support", "database") in found
    assert not {name for name, _ in found} & {"admin-port-open-to-internet", "database-port-open-to-internet"}


def test_an_answer_that_was_not_saved_leaves_its_list_unknown(tmp_path: Path) -> None:
    folder = saved(tmp_path, ec2_describe_instances={"Reservations": []})
    path = tmp_path / "aws.jsonl"
    write_inventory(path, collected(folder))
    inventory = read_inventory([path])
    scope = "123456789012/eu-west-1"
    assert inventory.lacking[scope, "server"] == ""
    assert "rds:DescribeDBInstances" in inventory.lacking[scope, "database"] or inventory.lacking[scope, "database"]
    assert inventory.lacking[scope, "network.ingress"]


def test_an_answer_that_stops_before_its_last_page_is_not_complete(tmp_path: Path) -> None:
    reservation = {"Instances": [{"InstanceId": "i-1", "State": {"Name": "running"}, "NetworkInterfaces": []}]}
    folder = saved(tmp_path, ec2_describe_instances={"Reservations": [reservation], "NextToken": "more"})
    records = collected(folder)
    assert len(of(records, "server")) == 1
    (told,) = [each for each in records if each["kind"] == "coverage" and "server" in each["covers"]]
    assert told["status"] == "partial"
    assert "last page" in told["detail"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"Other": []}', '{"Reservations": 5}', '{"Reservations": [{"Instances": [{}]}]}']
)
def test_a_broken_answer_is_told_and_the_rest_is_kept(tmp_path: Path, text: str) -> None:
    folder = saved(tmp_path, ec2_describe_vpcs={"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]})
    (folder / "eu-west-1" / "ec2-describe-instances.json").write_text(text)
    records = collected(folder)
    (told,) = [each for each in records if each["kind"] == "coverage" and "server" in each["covers"]]
    assert told["status"] in ("error", "partial")
    assert "vpc-1" in of(records, "network")


def test_a_region_without_answers_is_not_an_empty_region(tmp_path: Path) -> None:
    folder = saved(tmp_path, ec2_describe_instances={"Reservations": []})
    (folder / "describe-regions.json").write_text('{"Regions": [{"RegionName": "eu-west-1"}, {"RegionName": "us-east-1"}]}')
    told = {each["scope"]: each["status"] for each in collected(folder) if "server" in each.get("covers", ())}
    assert told == {"123456789012/eu-west-1": "empty", "123456789012/us-east-1": "unsupported"}


def test_disks_of_several_volumes_stand_in_one_server(tmp_path: Path) -> None:
    instance = {
        "InstanceId": "i-1",
        "State": {"Name": "running"},
        "InstanceType": "m5.large",
        "ImageId": "ami-1",
        "NetworkInterfaces": [],
    }
    volumes = [
        {
            "VolumeId": f"vol-{n}",
            "Size": 8 * n,
            "Encrypted": True,
            "Attachments": [{"InstanceId": "i-1", "Device": f"/dev/{n}"}],
        }
        for n in (1, 2)
    ]
    types = [{"InstanceType": "m5.large", "VCpuInfo": {"DefaultVCpus": 2}, "MemoryInfo": {"SizeInMiB": 8192}}]
    images = [{"ImageId": "ami-1", "Name": "x", "Description": "Canonical, Ubuntu, 22.04 LTS, amd64 jammy image"}]
    folder = saved(
        tmp_path, ec2_describe_instances={"Reservations": [{"Instances": [instance]}]},
        ec2_describe_volumes={"Volumes": volumes},
        ec2_describe_instance_types={"InstanceTypes": types}, ec2_describe_images={"Images": images},
    )  # fmt: skip
    path = tmp_path / "aws.jsonl"
    write_inventory(path, collected(folder))
    inventory = read_inventory([path])
    assert not inventory.problems
    server = next(record for record in inventory.resources if record["type"] == "server")
    assert sorted(disk["capacity_mib"] for disk in server["attributes"]["disks"]) == [8192, 16384]
    assert (server["attributes"]["cpus"], server["attributes"]["memory_mib"]) == (2, 8192)
    assert "22.04" in server["attributes"]["os_config"]
    assert inventory.lacking["123456789012/eu-west-1", "server.disks"] == ""


def test_a_folder_without_answers_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no saved answer"):
        collected(tmp_path)
    (tmp_path / "ec2-describe-instances.json").write_text('{"Reservations": []}')
    with pytest.raises(InputError, match="which region"):
        collected(tmp_path)
    assert collected(tmp_path, "eu-west-1")


def judged(folder: Path, tmp_path: Path) -> dict[str, dict[str, str]]:
    """The outcome of each rule that asks about a place, by rule and by what it is about."""
    path = tmp_path / "aws.jsonl"
    write_inventory(path, collected(folder))
    told = run("health", "-i", str(path), "-f", "json", cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    found: dict[str, dict[str, str]] = {}
    for each in json.loads(told.stdout)["findings"]:
        found.setdefault(each["rule"], {})[each["subject"]["name"]] = each["outcome"]
    return found


NOBODY: dict[str, Any] = {"Grants": []}
ANYBODY: dict[str, Any] = {"Grants": [{"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}}]}
CLOSED = {"PublicAccessBlockConfiguration": {"IgnorePublicAcls": True, "RestrictPublicBuckets": True}}
PUBLIC = {"PolicyStatus": {"IsPublic": True}}
PRIVATE = {"PolicyStatus": {"IsPublic": False}}


@pytest.mark.parametrize(
    ("block", "policy", "acl", "expected"),
    [
        (CLOSED, PUBLIC, ANYBODY, None),  # closed, whatever they say
        (None, PUBLIC, NOBODY, "finding"),
        (None, PRIVATE, ANYBODY, "finding"),
        (None, PRIVATE, NOBODY, None),
        (None, PRIVATE, None, "unknown"),  # nobody looked at the list
        (None, None, NOBODY, "unknown"),
        ({"PublicAccessBlockConfiguration": {"IgnorePublicAcls": True}}, None, None, "unknown"),
    ],
)
def test_a_bucket_is_public_where_its_policy_or_its_list_says_so_and_private_where_all_was_seen(
    tmp_path: Path, block: Any, policy: Any, acl: Any, expected: str | None
) -> None:
    folder = saved(tmp_path, s3_list_buckets={"Buckets": [{"Name": "photos"}]})
    for name, answer in (("public-access-block", block), ("bucket-policy-status", policy), ("bucket-acl", acl)):
        if answer is not None:
            (folder / "eu-west-1" / f"s3-get-{name}").mkdir()
            (folder / "eu-west-1" / f"s3-get-{name}" / "photos").write_text(json.dumps(answer))
    assert judged(folder, tmp_path).get("bucket-public", {}).get("photos") == expected


def test_the_only_trail_that_is_silent_is_no_trail_and_one_of_two_settles_nothing(tmp_path: Path) -> None:
    arn = "arn:aws:cloudtrail:eu-west-1:123456789012:trail/one"
    one = {"TrailARN": arn, "IsMultiRegionTrail": True}
    folder = saved(tmp_path, cloudtrail_describe_trails={"trailList": [one]}, cloudtrail_get_trail_status={"IsLogging": False})
    assert judged(folder, tmp_path)["no-audit-trail"] == {"123456789012/eu-west-1": "finding"}
    folder = saved(tmp_path, cloudtrail_describe_trails={"trailList": [one, one | {"TrailARN": arn + "2"}]})
    assert judged(folder, tmp_path)["no-audit-trail"] == {"123456789012/eu-west-1": "unknown"}


def test_people_who_are_told_of_twice_are_counted_once(tmp_path: Path) -> None:
    anna = {"UserName": "anna", "Arn": "arn:aws:iam::123456789012:user/anna"}
    whole = {"UserDetailList": [anna], "RoleDetailList": [], "GroupDetailList": []}
    folder = saved(tmp_path, iam_list_users={"Users": [anna]}, iam_get_account_authorization_details=whole)
    path = tmp_path / "aws.jsonl"
    write_inventory(path, collected(folder))
    inventory = read_inventory([path])
    assert inventory.lacking["123456789012/global", "identity"] == ""
    assert [each["name"] for each in inventory.resources if each["type"] == "identity"] == ["anna"]


def test_the_report_begins_with_how_much_was_not_seen(tmp_path: Path) -> None:
    path = tmp_path / "aws.jsonl"
    write_inventory(path, collected(saved(tmp_path, ec2_describe_instances={"Reservations": []})))
    told = run("health", "-i", str(path), cwd=tmp_path).stdout
    assert "! Not seen, of" in told.partition("Findings")[0]
    assert told.count("ec2:DescribeVolumes") == 1  # once, however much it would have told


@pytest.mark.parametrize(
    ("name", "answer", "covered"),
    [
        ("ec2-describe-instances", {"Reservations": ["x", 5, None, {}]}, "server"),
        ("ec2-describe-instances", {"Reservations": [{"Instances": ""}]}, "server"),
        ("ec2-describe-volumes", {"Volumes": [{"VolumeId": "vol-1", "Size": 10**400}]}, "storage"),
        ("ec2-describe-security-groups", {"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": ""}]}, "network.ingress"),
        ("ec2-describe-security-groups",
         {"SecurityGroups": [{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "tcp", "IpRanges": ["0.0.0.0/0"]}]}]},
         "network"),
        ("s3-list-buckets", {"Buckets": [{"Name": "a"}], "ContinuationToken": "more"}, "storage"),
        ("iam-list-users", {"Users": [], "IsTruncated": "true"}, "identity"),
        ("iam-get-account-authorization-details", {"Error": {"Code": "AccessDenied"}}, "identity"),
        ("iam-get-account-password-policy", {"Error": {"Code": "AccessDenied"}}, "account.password_policy"),
        ("cloudtrail-describe-trails", {"trailList": ""}, "account.trail_all_regions"),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_no_whole_list(tmp_path: Path, name: str, answer: Any, covered: str) -> None:
    folder = saved(tmp_path, ec2_describe_vpcs={"Vpcs": []})
    (folder / "eu-west-1" / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
    call = name.split("-", 1)[1].replace("-", "")
    told = [each for each in collected(folder) if each["kind"] == "coverage" and covered in each["covers"]]
    mine = [each for each in told if each["operation"].partition(":")[2].lower() == call]
    assert mine
    assert {each["status"] for each in mine} <= {"partial", "error"}, mine


def test_a_folder_that_holds_two_answers_to_one_call_is_refused(tmp_path: Path) -> None:
    folder = saved(tmp_path, ec2_describe_instances={"Reservations": []})
    (folder / "eu-west-1" / "EC2_describe_instances.json").write_text('{"Reservations": []}')
    with pytest.raises(InputError, match="two files answer the same call"):
        collected(folder)


@pytest.mark.parametrize("text", ["", "{", "<html>", '{"Regions": null}', '{"Regions": [{"RegionName": 5}]}'])
def test_what_goes_before_may_be_broken_as_well(tmp_path: Path, text: str) -> None:
    folder = saved(tmp_path, ec2_describe_vpcs={"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]})
    (folder / "sts-get-caller-identity.json").write_text(text)
    (folder / "describe-regions.json").write_text(text)
    assert "vpc-1" in of(collected(folder), "network")


def test_what_answers_for_one_bucket_answers_for_no_other(tmp_path: Path) -> None:
    closed = {"PublicAccessBlockConfiguration": {"IgnorePublicAcls": True, "RestrictPublicBuckets": True}}
    folder = saved(tmp_path, s3_list_buckets={"Buckets": [{"Name": "a"}, {"Name": "b"}]}, s3_get_public_access_block=closed)
    assert all("public_blocked" not in each["attributes"] for each in of(collected(folder), "storage").values())


def test_a_file_that_is_no_inventory_is_not_written_over(tmp_path: Path) -> None:
    folder = saved(tmp_path, ec2_describe_vpcs={"Vpcs": []})
    (tmp_path / "plan.yaml").write_text("schema: 1\n")
    ran = run("collect", "aws", "--from", str(folder), "-o", "plan.yaml", "--as-of", "2026-11-23", cwd=tmp_path)
    assert ran.returncode == 2
    assert "is there already, and is no inventory" in ran.stderr
    assert (tmp_path / "plan.yaml").read_text() == "schema: 1\n"


def test_options_that_ask_an_account_have_no_use_beside_files(tmp_path: Path) -> None:
    folder = saved(tmp_path, ec2_describe_vpcs={"Vpcs": []})
    ran = run("collect", "aws", "--from", str(folder), "--expect-account", "1", "--costs", "-o", "a.jsonl", cwd=tmp_path)
    assert ran.returncode == 2
    assert "--expect-account, --costs would have no use" in ran.stderr
