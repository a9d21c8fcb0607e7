"""EC2: instances, their sizes and images, volumes and snapshots, scaling groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.aws.utilisation import AT_ONCE, METRICS, queries
from migrascope.collectors.cloud.operation import Further, Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, day, tags
from migrascope.knowledge.operating_systems import identify

Item = Mapping[str, Any]
_POWER: Final = {"running": "on", "pending": "on", "stopping": "on", "shutting-down": "on", "stopped": "off"}
_VAGUE: Final = ("Linux/UNIX", "Windows")
"""What `PlatformDetails` says of a system without naming it; the image may know more."""


def instance_arn(origin: RecordOrigin, id_: str) -> str:
    """The natural id of an instance."""
    return origin.arn("ec2", f"instance/{id_}")


def _instances(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    if not isinstance(item["Instances"], list):
        raise TypeError("Instances is no list")
    for instance in item["Instances"]:
        if instance.get("State", {}).get("Name") != "terminated":
            yield from _instance(instance, origin)


def _instance(item: Item, origin: RecordOrigin) -> Records:
    id_ = instance_arn(origin, item["InstanceId"])
    marks = tags(item.get("Tags"))
    system = item.get("PlatformDetails")
    cores = item.get("CpuOptions", {})
    cards = [_card(card) for card in item["NetworkInterfaces"]] if "NetworkInterfaces" in item else None
    attributes = {
        "power": _POWER.get(item.get("State", {}).get("Name", "")),
        "hostname": item.get("PrivateDnsName") or None,
        "addresses": [address for card in cards or () for address in card.get("addresses", ())] or _own(item),
        "public": None if cards is None else _is_public(item),
        "tags": marks if marks is not None else {},
        "size": item.get("InstanceType"),
        "image": item.get("ImageId"),
        "licence": system,
        "metadata_token": {"required": True, "optional": False}.get(item.get("MetadataOptions", {}).get("HttpTokens", "")),
        "cpus": _product(cores.get("CoreCount"), cores.get("ThreadsPerCore")),
        "firmware": {"uefi": "efi", "legacy-bios": "bios"}.get(item.get("BootMode", "")),
        "os_config": system if system is not None and system not in _VAGUE else None,
        "nics": cards,
    }
    zone = item.get("Placement", {}).get("AvailabilityZone")
    yield origin.resource("server", id_, (marks or {}).get("Name") or item["InstanceId"], attributes, zone=zone)
    for group in item.get("SecurityGroups", ()):
        yield origin.relation("member_of", id_, origin.arn("ec2", f"security-group/{group['GroupId']}"), "security group")


def _product(cores: Any, threads: Any) -> int | None:
    known = isinstance(cores, int) and isinstance(threads, int) and cores > 0 and threads > 0
    return cores * threads if known else None


def _card(item: Item) -> dict[str, Any]:
    own = [pair["PrivateIpAddress"] for pair in item.get("PrivateIpAddresses", ()) if "PrivateIpAddress" in pair]
    own += [pair["Association"]["PublicIp"] for pair in item.get("PrivateIpAddresses", ()) if "Association" in pair]
    own += [pair["Ipv6Address"] for pair in item.get("Ipv6Addresses", ()) if "Ipv6Address" in pair]
    card = {"name": item.get("NetworkInterfaceId"), "network": item.get("SubnetId"), "mac": item.get("MacAddress")}
    return {name: value for name, value in (card | {"addresses": own}).items() if value is not None}


def _own(item: Item) -> list[str] | None:
    return [item[name] for name in ("PrivateIpAddress", "PublicIpAddress") if item.get(name)] or None


def _is_public(item: Item) -> bool | None:
    cards = item.get("NetworkInterfaces", ())
    pairs = [pair for card in cards for pair in card.get("PrivateIpAddresses", ())]
    if "PublicIpAddress" in item or any("Association" in pair for pair in pairs):
        return True
    return False if all("PrivateIpAddresses" in card for card in cards) else None


def _each_instance(field: str) -> Any:
    def pick(item: Item, origin: RecordOrigin) -> Iterator[Ref]:
        for instance in item.get("Instances", ()):
            if field in instance and instance.get("State", {}).get("Name") != "terminated":
                cores, system = "CpuOptions" in instance, instance.get("PlatformDetails") not in (None, *_VAGUE)
                yield {
                    "key": instance[field],
                    "id": instance_arn(origin, instance["InstanceId"]),
                    "cores": cores,
                    "system": system,
                }

    return pick


def _type(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    cpus = item.get("VCpuInfo", {}).get("DefaultVCpus")
    memory = _float(item.get("MemoryInfo", {}).get("SizeInMiB"))
    for ref in asked:
        if ref["key"] == item.get("InstanceType"):
            # An instance may run with fewer processors than its size has.
            attributes = {"cpus": None if ref["cores"] else cpus, "memory_mib": memory}
            yield origin.resource("server", ref["id"], None, attributes)


def _float(value: Any) -> float | None:
    return None if value is None else float(value)


def _image(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    texts = [text for text in (item.get("Description"), item.get("Name"), item.get("PlatformDetails")) if text]
    known = next((text for text in texts if (found := identify(text)) is not None and found.version), None)
    for ref in asked:
        if ref["key"] == item.get("ImageId") and texts and (known or not ref["system"]):
            yield origin.resource("server", ref["id"], None, {"os_config": known or texts[0]})


def _own_image(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    attributes = {"what": "image", "product": "ami", "state": item.get("State"), "public": item.get("Public"),
                  "created": day(item.get("CreationDate")), "tags": tags(item.get("Tags"))}  # fmt: skip
    yield origin.resource("service", origin.arn("ec2", f"image/{item['ImageId']}"), item.get("Name"), attributes)


def _volume(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    gib = _float(item.get("Size"))
    used = item.get("Attachments")
    attributes = {"holds": "block", "encrypted": item.get("Encrypted"), "size_gib": gib, "tags": tags(item.get("Tags")) or {},
                  "attached": None if used is None else bool(used), "created": day(item.get("CreateTime"))}  # fmt: skip
    id_ = origin.arn("ec2", f"volume/{item['VolumeId']}")
    yield origin.resource("storage", id_, item["VolumeId"], attributes, zone=item.get("AvailabilityZone"))
    for each in used or ():
        server = instance_arn(origin, each["InstanceId"])
        disk = {"name": each.get("Device"), "capacity_mib": None if gib is None else gib * 1024, "path": item["VolumeId"],
                "multi_writer": item.get("MultiAttachEnabled")}  # fmt: skip
        yield origin.resource("server", server, None, {"disks": [{k: v for k, v in disk.items() if v is not None}]})
        yield origin.relation("attached_to", id_, server, origin.call)


def _snapshot(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    attributes = {"holds": "snapshot", "encrypted": item.get("Encrypted"), "size_gib": _float(item.get("VolumeSize")),
                  "created": day(item.get("StartTime")), "tags": tags(item.get("Tags"))}  # fmt: skip
    yield origin.resource("storage", origin.arn("ec2", f"snapshot/{item['SnapshotId']}"), item["SnapshotId"], attributes)


def _scaling_group(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    name = item["AutoScalingGroupName"]
    id_ = item.get("AutoScalingGroupARN") or origin.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name}")
    attributes = {"what": "scaling_group", "product": "auto scaling", "nodes": item.get("DesiredCapacity"),
                  "created": day(item.get("CreatedTime")), "tags": tags(item.get("Tags"))}  # fmt: skip
    yield origin.resource("service", id_, name, attributes)
    for each in item.get("Instances", ()):
        yield origin.relation("member_of", instance_arn(origin, each["InstanceId"]), id_, "auto scaling group", name)


_TYPES = call("ec2", "DescribeInstanceTypes", "InstanceTypes", read=_type, covers=("server.cpus", "server.memory_mib"))
_IMAGES = call("ec2", "DescribeImages", "Images", read=_image, covers=("server.os_config",))
_INSTANCES = call(
    "ec2", "DescribeInstances", "Reservations", read=_instances, page_size=1000,
    covers=("server", "server.tags", "server.nics", "server.addresses", "server.public", "server.power"),
    further=(
        Further(_TYPES, _each_instance("InstanceType"), lambda refs: {"InstanceTypes": _once(refs)}, 100),
        Further(_IMAGES, _each_instance("ImageId"), lambda refs: {"ImageIds": _once(refs)}, 100),
        Further(METRICS, _each_instance("InstanceId"), queries, AT_ONCE),
    ),
)  # fmt: skip


def _once(refs: tuple[Ref, ...]) -> list[str]:
    return sorted({ref["key"] for ref in refs})


_STORAGE: Final = ("storage", "storage.tags", "storage.encrypted", "storage.size_gib")
OPERATIONS: Final[tuple[Operation, ...]] = (
    _INSTANCES,
    call("ec2", "DescribeVolumes", "Volumes", read=_volume, page_size=500,
         covers=(*_STORAGE, "storage.attached", "server.disks")),
    call("ec2", "DescribeSnapshots", "Snapshots", read=_snapshot, page_size=1000, covers=_STORAGE,
         parameters={"OwnerIds": ["self"]}),
    Operation("ec2", "DescribeImages", "Images", read=_own_image, covers=("service", "service.tags"),
              permissions=("ec2:DescribeImages",), parameters={"Owners": ["self"]}),
    call("autoscaling", "DescribeAutoScalingGroups", "AutoScalingGroups", read=_scaling_group,
         covers=("service", "service.tags")),
)  # fmt: skip
