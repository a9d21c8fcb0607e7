"""VPCs and what stands at their edges: subnets, routes, security groups, gateways, peering, links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import call
from migrascope.collectors.cloud.openings import from_range, opening
from migrascope.collectors.cloud.operation import Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, tags

Item = Mapping[str, Any]


def _read(
    what: str, kind: str, key: str, arn: str, name: str | None = None
) -> Callable[[Item, RecordOrigin, tuple[Ref, ...]], Records]:
    """Reads what is told by its id, its tags and the VPC it stands in."""

    def read(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
        id_ = origin.arn("ec2", f"{arn}/{item[key]}")
        shown = item.get(name) if name else item[key]
        yield origin.resource(
            "network", id_, shown or item[key], {"what": what, "product": kind, "tags": tags(item.get("Tags"))}
        )
        vpcs = [item.get("VpcId"), *(each.get("VpcId") for each in item.get("Attachments", ()) if isinstance(each, Mapping))]
        for vpc in filter(None, vpcs):
            yield origin.relation("member_of", id_, origin.arn("ec2", f"vpc/{vpc}"), origin.call)

    return read


def _vpc(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    ranges = [block["CidrBlock"] for block in item.get("CidrBlockAssociationSet", ()) if "CidrBlock" in block]
    ranges = ranges or [item["CidrBlock"]] if "CidrBlock" in item else ranges
    attributes = {"what": "network", "product": "vpc", "ranges": ranges or None, "tags": tags(item.get("Tags"))}
    yield origin.resource("network", origin.arn("ec2", f"vpc/{item['VpcId']}"), item["VpcId"], attributes)


def _subnet(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = origin.arn("ec2", f"subnet/{item['SubnetId']}")
    ranges = [item["CidrBlock"]] if "CidrBlock" in item else None
    attributes = {"what": "subnet", "product": "subnet", "ranges": ranges, "tags": tags(item.get("Tags"))}
    yield origin.resource("network", id_, item["SubnetId"], attributes, zone=item.get("AvailabilityZone"))
    if "VpcId" in item:
        yield origin.relation("member_of", id_, origin.arn("ec2", f"vpc/{item['VpcId']}"), origin.call)


def _routes(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    routes = item.get("Routes")
    outward = None if routes is None else any(str(route.get("GatewayId", "")).startswith("igw-") for route in routes)
    id_ = origin.arn("ec2", f"route-table/{item['RouteTableId']}")
    attributes = {"what": "routes", "product": "route table", "internet_route": outward, "tags": tags(item.get("Tags"))}
    yield origin.resource("network", id_, item["RouteTableId"], attributes)
    for each in item.get("Associations", ()):
        if "SubnetId" in each:
            subnet = origin.arn("ec2", f"subnet/{each['SubnetId']}")
            yield origin.resource("network", subnet, None, {"internet_route": outward})


def _group(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = origin.arn("ec2", f"security-group/{item['GroupId']}")
    if not isinstance(item.get("IpPermissions", []), list):
        raise TypeError("IpPermissions is no list")
    openings = [each for rule in item.get("IpPermissions", ()) for each in _openings(rule)] if "IpPermissions" in item else None
    attributes = {"what": "rules", "product": "security group", "ingress": openings, "tags": tags(item.get("Tags"))}
    yield origin.resource("network", id_, item.get("GroupName") or item["GroupId"], attributes)
    for rule in item.get("IpPermissions", ()):
        for pair in rule.get("UserIdGroupPairs", ()):
            if "GroupId" not in pair or pair["GroupId"] == item["GroupId"]:
                continue
            source = origin.arn("ec2", f"security-group/{pair['GroupId']}")
            ports = "any" if "FromPort" not in rule else f"{rule.get('IpProtocol')} {rule['FromPort']}-{rule.get('ToPort')}"
            yield origin.relation("allows_traffic_from", id_, source, "security group rule", ports)


def _openings(rule: Item) -> list[dict[str, Any]]:
    what = rule.get("IpProtocol"), rule.get("FromPort"), rule.get("ToPort")
    ranges = [each["CidrIp"] for each in rule.get("IpRanges", ())]
    ranges += [each["CidrIpv6"] for each in rule.get("Ipv6Ranges", ())]
    found = [opening(*what, text, internet=from_range(text)) for text in ranges]
    found += [opening(*what, each["GroupId"], internet=False) for each in rule.get("UserIdGroupPairs", ()) if "GroupId" in each]
    if not set(rule) & {"IpRanges", "Ipv6Ranges", "UserIdGroupPairs", "PrefixListIds"}:
        return [opening(*what, "unknown", internet=None)]  # a rule without a source: whom it lets in is not told
    # What stands in a prefix list is not told here: it may be the whole internet.
    return found + [
        opening(*what, each["PrefixListId"], internet=None) for each in rule.get("PrefixListIds", ()) if "PrefixListId" in each
    ]


def _peering(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = origin.arn("ec2", f"vpc-peering-connection/{item['VpcPeeringConnectionId']}")
    attributes = {"what": "peering", "product": "vpc peering", "tags": tags(item.get("Tags"))}
    yield origin.resource("network", id_, item["VpcPeeringConnectionId"], attributes)
    for side in ("RequesterVpcInfo", "AccepterVpcInfo"):
        other = item.get(side, {})
        if {"OwnerId", "VpcId"} <= set(other):
            vpc = f"arn:{origin.partition}:ec2:{other.get('Region', origin.region)}:{other['OwnerId']}:vpc/{other['VpcId']}"
            yield origin.relation("attached_to", id_, vpc, origin.call)


def _flow_log(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    target = str(item.get("ResourceId", ""))
    kind = {"vpc": "vpc", "subnet": "subnet"}.get(target.partition("-")[0])
    if kind and item.get("FlowLogStatus") == "ACTIVE":
        yield origin.resource("network", origin.arn("ec2", f"{kind}/{target}"), None, {"flow_logs": True})


def _address(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    key = item.get("AllocationId") or item["PublicIp"]
    attributes = {"what": "address", "product": "elastic ip", "ranges": [item["PublicIp"]], "tags": tags(item.get("Tags"))}
    yield origin.resource("network", origin.arn("ec2", f"elastic-ip/{key}"), item["PublicIp"], attributes)


def _connection(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = origin.arn("directconnect", f"dxcon/{item['connectionId']}")
    attributes = {"what": "link", "product": "direct connect", "tags": tags(item.get("tags"), "key", "value")}
    yield origin.resource("network", id_, item.get("connectionName") or item["connectionId"], attributes)


_LISTS: Final = ("network", "network.tags")
OPERATIONS: Final[tuple[Operation, ...]] = (
    call("ec2", "DescribeVpcs", "Vpcs", read=_vpc, covers=_LISTS),
    call("ec2", "DescribeSubnets", "Subnets", read=_subnet, covers=_LISTS),
    call("ec2", "DescribeRouteTables", "RouteTables", read=_routes, covers=(*_LISTS, "network.internet_route")),
    call("ec2", "DescribeSecurityGroups", "SecurityGroups", read=_group, covers=(*_LISTS, "network.ingress")),
    call("ec2", "DescribeInternetGateways", "InternetGateways", covers=_LISTS,
         read=_read("gateway", "internet gateway", "InternetGatewayId", "internet-gateway")),
    call("ec2", "DescribeNatGateways", "NatGateways", covers=_LISTS,
         read=_read("gateway", "nat gateway", "NatGatewayId", "natgateway")),
    call("ec2", "DescribeVpcEndpoints", "VpcEndpoints", covers=_LISTS,
         read=_read("endpoint", "vpc endpoint", "VpcEndpointId", "vpc-endpoint", "ServiceName")),
    call("ec2", "DescribeVpcPeeringConnections", "VpcPeeringConnections", read=_peering, covers=_LISTS),
    call("ec2", "DescribeTransitGateways", "TransitGateways", covers=_LISTS,
         read=_read("gateway", "transit gateway", "TransitGatewayId", "transit-gateway")),
    call("ec2", "DescribeTransitGatewayAttachments", "TransitGatewayAttachments", covers=_LISTS,
         read=_read("link", "transit gateway attachment", "TransitGatewayAttachmentId", "transit-gateway-attachment")),
    call("ec2", "DescribeVpnConnections", "VpnConnections", covers=_LISTS,
         read=_read("link", "vpn", "VpnConnectionId", "vpn-connection")),
    call("ec2", "DescribeAddresses", "Addresses", read=_address, covers=_LISTS),
    call("ec2", "DescribeFlowLogs", "FlowLogs", read=_flow_log, covers=("network.flow_logs",)),
    call("directconnect", "DescribeConnections", "connections", read=_connection, covers=_LISTS),
)  # fmt: skip
