"""Which fields of the largest answers are built at all: those that are read. The rest never leaves the wire's text.

An instance has some sixty fields, of which its reader takes a third; an account has many instances.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

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
    """Take all other fields out of what a session knows of these shapes. `loader`: its component for data."""
    for service, shapes in TAKEN.items():
        known: dict[str, dict[str, Any]] = loader.load_service_model(service, "service-2")["shapes"]
        for shape, members in shapes.items():
            known[shape] = known[shape] | {"members": only(known[shape]["members"], members)}


def only(found: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """These fields of a mapping, those of them that are there."""
    return {name: found[name] for name in names if name in found}
