"""What a session of ours knows of each service: the calls on our list, and of long answers the fields that are read.

The SDK describes thousands of calls, and an instance by some sixty fields. What is taken out here takes no room, cannot be
called, and is not built out of an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final

from migrascope.collectors.aws.guard import allowed

TAKEN: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "ec2": {
        "Reservation": ("Instances",),
        "Instance": ("InstanceId", "State", "Tags", "PlatformDetails", "CpuOptions", "NetworkInterfaces", "PrivateDnsName",
                     "PrivateIpAddress", "PublicIpAddress", "InstanceType", "ImageId", "MetadataOptions", "BootMode",
                     "Placement", "SecurityGroups"),
        "InstanceMetadataOptionsResponse": ("HttpTokens",),
        "InstanceNetworkInterface": ("NetworkInterfaceId", "SubnetId", "MacAddress", "PrivateIpAddresses", "Ipv6Addresses"),
        "InstancePrivateIpAddress": ("PrivateIpAddress", "Association"),
        "InstanceTypeInfo": ("InstanceType", "VCpuInfo", "MemoryInfo"),
        "Volume": ("VolumeId", "Size", "Attachments", "Encrypted", "Tags", "CreateTime", "AvailabilityZone",
                   "MultiAttachEnabled"),
        "Image": ("ImageId", "Description", "Name", "PlatformDetails", "State", "Public", "CreationDate", "Tags"),
    },
}  # fmt: skip
"""By service and shape, as the SDK describes them."""


def narrow(loader: Any) -> None:
    """Let a loader of the SDK's data take in no more than that."""
    from botocore.loaders import JSONFileLoader

    kept: dict[str, tuple[str, ...]] = {}
    calls: dict[str, set[str]] = {}
    for name in allowed():
        calls.setdefault(name.partition(":")[0], set()).add(name.partition(":")[2])

    class Narrow(JSONFileLoader):  # type: ignore[misc]
        def load_file(self, file_path: str) -> Any:
            found = super().load_file(file_path)
            path = PurePath(file_path)
            service, of = path.parent.parent.name, path.name.partition(".")[0]
            if found is None or of != "service-2" or service not in calls:
                return found
            if "operations" in found:
                _narrowed(found, calls[service], TAKEN.get(service, {}))
                kept[service] = tuple(found["shapes"])
            elif "merge" in found:  # what the SDK adds to a description that it has read
                own = {"shapes": kept.get(service, ()), "operations": tuple(calls[service])}
                found["merge"] = {
                    part: only(found["merge"][part], names) for part, names in own.items() if part in found["merge"]
                }
            return found

    loader.file_loader = Narrow()


def _narrowed(model: dict[str, Any], calls: set[str], taken: Mapping[str, tuple[str, ...]]) -> None:
    model["operations"] = only(model["operations"], tuple(sorted(calls)))
    shapes: dict[str, dict[str, Any]] = model["shapes"]
    for name in taken.keys() & shapes.keys():
        shapes[name]["members"] = only(shapes[name]["members"], taken[name])
    wanted = set(_shapes(list(model["operations"].values())))
    while new := {name for each in wanted for name in _shapes(shapes[each])} - wanted:
        wanted |= new
    model["shapes"] = {name: shape for name, shape in shapes.items() if name in wanted}


def _shapes(place: Any) -> Iterator[str]:
    """The names of the shapes that some part of a description refers to."""
    if isinstance(place, dict):
        if isinstance(place.get("shape"), str):
            yield place["shape"]
        for part in place.values():
            yield from _shapes(part)
    elif isinstance(place, list):
        for part in place:
            yield from _shapes(part)


def only(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """These fields of a mapping, those of them that are there."""
    return {name: found[name] for name in names if name in found}
