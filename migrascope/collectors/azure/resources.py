"""Rows of Azure resources as inventory records. What is not named here gets lost on purpose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from migrascope.collectors.azure.ports import openings
from migrascope.collectors.azure.rows import Row, inner, items, kind, natural, subscription, value
from migrascope.collectors.cloud.operation import Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, day, tags

_POWER: Final = {"running": "on", "starting": "on", "stopping": "on", "stopped": "off", "deallocated": "off",
                 "deallocating": "off"}  # fmt: skip
Reader = Callable[[Row, str, RecordOrigin], Records]


def read(row: Mapping[str, Any], origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    """Read a row about any resource. One of a kind that is not known gives nothing."""
    id_, of = natural(row.get("id")), kind(row)
    here = RecordOrigin("azure", subscription(id_), "global", origin.call, origin.at, origin.file)
    reader = next((found for start, found in _READERS if of == start or (start.endswith("/") and of.startswith(start))), None)
    if reader is not None:
        yield from reader(row, id_, here)


def _resource(row: Row, id_: str, origin: RecordOrigin, type_: str, attributes: Mapping[str, Any]) -> Any:
    zones = row.get("zones")
    zone = str(zones[0]) if isinstance(zones, list) and len(zones) == 1 else None
    marks = tags(row["tags"] or {}) if "tags" in row else None
    name = row.get("name") or id_.rpartition("/")[2]
    return origin.resource(type_, id_, str(name), dict(attributes) | {"tags": marks}, region=row.get("location"), zone=zone)


def _machine(row: Row, id_: str, origin: RecordOrigin) -> Records:
    power = value(row, "extended.instanceView.powerState.code", "power") or row.get("powerState")
    disks = [value(row, "storageProfile.osDisk", "osDisk"), *(value(row, "storageProfile.dataDisks", "dataDisks") or ())]
    named = (value(row, "extended.instanceView.osName", "osName"), value(row, "extended.instanceView.osVersion", "osVersion"))
    attributes = {
        "power": _POWER.get(str(power or "").rpartition("/")[2].removeprefix("VM ").lower()),
        "size": value(row, "hardwareProfile.vmSize", "vmSize"),
        "image": _image(value(row, "storageProfile.imageReference", "image")),
        "licence": value(row, "licenseType", "licenseType"),
        "os_config": _system(
            value(row, "storageProfile.imageReference", "image"), value(row, "storageProfile.osDisk.osType", "osType")
        ),
        "os_tools": " ".join(filter(None, named)) or None,
        "secure_boot": value(row, "securityProfile.uefiSettings.secureBootEnabled", "secureBoot"),
        "created": day(value(row, "timeCreated", "created")),
        "disks": [disk for each in disks if (disk := _disk(each))] if any(each is not None for each in disks) else None,
    }
    yield _resource(row, id_, origin, "server", attributes)


def _image(reference: Any) -> str | None:
    parts = [inner(reference).get(name) for name in ("publisher", "offer", "sku")]
    return " ".join(filter(None, parts)) or inner(reference).get("id")


def _system(reference: Any, kind_: Any) -> str | None:
    """The system that an image of the marketplace names, as people write it."""
    image = inner(reference)
    offer, sku = str(image.get("offer") or ""), str(image.get("sku") or "")
    if offer.lower() == "windowsserver":
        return f"Windows Server {sku.replace('-', ' ')}"
    if "ubuntu" in offer.lower():
        return f"Ubuntu {_version(sku) or _version(offer)}".strip()
    return f"{offer} {sku.replace('-', ' ')}".strip() or (str(kind_) if kind_ else None)


def _version(text: str) -> str:
    import re

    found = re.search(r"(\d\d)[._](\d\d)", text)
    return f"{found[1]}.{found[2]}" if found else ""


def _disk(found: Any) -> dict[str, Any]:
    disk = inner(found)
    gib, managed = disk.get("diskSizeGB", disk.get("diskSizeGb")), inner(disk.get("managedDisk")).get("id")
    told = {"name": disk.get("name"), "path": managed and str(managed).lower(), "capacity_mib": gib * 1024.0 if gib else None}
    return {name: each for name, each in told.items() if each is not None}


def _volume(holds: str) -> Reader:
    def reader(row: Row, id_: str, origin: RecordOrigin) -> Records:
        size, state = value(row, "diskSizeGB", "diskSizeGB"), value(row, "diskState", "diskState")
        owner = row.get("managedBy")
        attributes = {
            "holds": holds,
            "size_gib": None if size is None else float(size),
            "attached": None if state is None or holds == "snapshot" else state != "Unattached",
            # Azure encrypts every disk at rest; the property says with whose key.
            "encrypted": True if value(row, "encryption.type", "encryption") else None,
            "created": day(value(row, "timeCreated", "created")),
        }
        yield _resource(row, id_, origin, "storage", attributes)
        if owner:
            yield origin.relation("attached_to", id_, str(owner).lower(), origin.call)

    return reader


def _card(row: Row, id_: str, origin: RecordOrigin) -> Records:
    machine = value(row, "virtualMachine.id", "vm")
    if not machine:
        return
    configured = list(items(value(row, "ipConfigurations", "ipConfigurations")))
    own = [each["privateIPAddress"] for each in configured if each.get("privateIPAddress")]
    subnets = [str(inner(each.get("subnet")).get("id", "")).lower() for each in configured]
    public = any(each.get("publicIPAddress") for each in configured)
    card = {"name": row.get("name"), "mac": value(row, "macAddress", "macAddress"), "addresses": own,
            "network": next((subnet for subnet in subnets if subnet), None)}  # fmt: skip
    told = {name: each for name, each in card.items() if each is not None}
    yield origin.resource("server", str(machine).lower(), None, {"nics": [told], "addresses": own, "public": public or None})
    group = value(row, "networkSecurityGroup.id", "securityGroup")
    if group:
        yield origin.relation("member_of", str(machine).lower(), str(group).lower(), "network security group")


def _group(row: Row, id_: str, origin: RecordOrigin) -> Records:
    rules = value(row, "securityRules", "securityRules")
    attributes = {"what": "rules", "product": "network security group", "ingress": None if rules is None else openings(rules)}
    yield _resource(row, id_, origin, "network", attributes)
    for each in items(value(row, "subnets", "subnets")):
        yield origin.relation("attached_to", id_, natural(each.get("id")), origin.call)


def _network(row: Row, id_: str, origin: RecordOrigin) -> Records:
    prefixes = value(row, "addressSpace.addressPrefixes", "addressPrefixes")
    yield _resource(row, id_, origin, "network", {"what": "network", "product": "virtual network", "ranges": prefixes})
    for subnet in items(value(row, "subnets", "subnets")):
        own = natural(subnet.get("id"))
        ranges = subnet.get("addressPrefixes") or ([subnet["addressPrefix"]] if subnet.get("addressPrefix") else None)
        attributes: dict[str, Any] = {"what": "subnet", "product": "subnet", "ranges": ranges, "tags": {}}
        yield origin.resource("network", own, own, attributes, region=row.get("location"))
        yield origin.relation("member_of", own, id_, origin.call)
    for peering in items(value(row, "virtualNetworkPeerings", "peerings")):
        other = inner(peering.get("remoteVirtualNetwork")).get("id")
        if other:
            yield origin.relation("peered_with", id_, str(other).lower(), origin.call, str(peering.get("peeringState", "")))


def _part(what: str, service: str) -> Reader:
    def reader(row: Row, id_: str, origin: RecordOrigin) -> Records:
        yield _resource(row, id_, origin, "network", {"what": what, "product": service})

    return reader


def _address(row: Row, id_: str, origin: RecordOrigin) -> Records:
    address = value(row, "ipAddress", "ipAddress")
    attributes = {"what": "address", "product": "public address", "ranges": [address] if address else None}
    yield _resource(row, id_, origin, "network", attributes)


def _flow_log(row: Row, id_: str, origin: RecordOrigin) -> Records:
    target = value(row, "targetResourceId", "target")
    if target and value(row, "enabled", "enabled") is True:
        yield origin.resource("network", str(target).lower(), None, {"flow_logs": True})


def _database(engine: str) -> Reader:
    def reader(row: Row, id_: str, origin: RecordOrigin) -> Records:
        if id_.endswith("/databases/master"):
            return
        access, mode = (
            value(row, "publicNetworkAccess", "publicNetworkAccess"),
            value(row, "highAvailability.mode", "highAvailability"),
        )
        size, sku = value(row, "storage.storageSizeGB", "storageGB"), inner(row.get("sku"))
        attributes = {
            "engine": engine,
            "version": value(row, "version", "version"),
            # Enabled is not yet open: firewall rules decide. Disabled settles it.
            "public": False if str(access).lower() == "disabled" else None,
            "size": sku.get("name"),
            "size_gib": None if size is None else float(size),
            "zones": {"zoneredundant": True, "disabled": False}.get(str(mode).lower()),
            "backup_days": value(row, "backup.backupRetentionDays", "backupDays"),
        }
        yield _resource(row, id_, origin, "database", attributes)

    return reader


def _account(row: Row, id_: str, origin: RecordOrigin) -> Records:
    public = value(row, "allowBlobPublicAccess", "allowBlobPublicAccess")
    attributes = {
        "holds": "object",
        # Allowed is not yet public: each container says for itself. Not allowed settles it.
        "public": False if public is False else None,
        "https_only": value(row, "supportsHttpsTrafficOnly", "httpsOnly"),
        "encrypted": True if value(row, "encryption.keySource", "encryption") else None,
        "created": day(value(row, "creationTime", "created")),
    }
    if attributes["https_only"] is None and isinstance(row.get("enableHttpsTrafficOnly"), bool):
        attributes["https_only"] = row["enableHttpsTrafficOnly"]  # as `az storage account list` writes it
    yield _resource(row, id_, origin, "storage", attributes)


def _service(what: str, service: str) -> Reader:
    def reader(row: Row, id_: str, origin: RecordOrigin) -> Records:
        private = value(row, "apiServerAccessProfile.enablePrivateCluster", "privateCluster")
        access = str(value(row, "publicNetworkAccess", "publicNetworkAccess") or "").lower()
        attributes = {
            "what": "function" if "functionapp" in str(row.get("kind", "")).lower() else what,
            "product": service,
            "state": value(row, "state", "state"),
            "version": value(row, "kubernetesVersion", "kubernetesVersion"),
            "runtime": value(row, "siteConfig.linuxFxVersion", "runtime") or None,
            "https_only": value(row, "httpsOnly", "httpsOnly"),
            "public": False if private is True or access == "disabled" else True if private is False else None,
        }
        yield _resource(row, id_, origin, "service", attributes)

    return reader


def _subscription(row: Row, id_: str, origin: RecordOrigin) -> Records:
    name = str(row.get("name") or id_.rpartition("/")[2])
    yield origin.resource(
        "account", f"azure:{id_.rpartition('/')[2]}", name, {"part": "subscription", "tags": tags(row.get("tags") or {})}
    )


_OWNER: Final = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
"""The built-in role Owner, which is the same in every tenant."""


def _assignment(row: Row, id_: str, origin: RecordOrigin) -> Records:
    who, role = value(row, "principalId", "principalId"), str(value(row, "roleDefinitionId", "role") or "").rpartition("/")[2]
    if who:
        kinds = {"user": "user", "group": "group"}
        sort = str(value(row, "principalType", "principalType")).lower()
        attributes: dict[str, Any] = {"what": kinds.get(sort, "role"), "policies": [role],
                      "administrator": True if role == _OWNER else None}  # fmt: skip
        yield origin.resource("identity", f"azure:principal:{who}", str(who), attributes)


def _compliance(row: Row, id_: str, origin: RecordOrigin) -> Records:
    total, compliant = row.get("total"), row.get("compliant")
    if isinstance(total, int) and isinstance(compliant, int) and total:
        share = round(100.0 * compliant / total, 1)
        yield origin.resource("account", f"azure:{subscription(id_)}", None, {"compliant_percent": share})


_READERS: Final[tuple[tuple[str, Reader], ...]] = (
    ("microsoft.resources/subscriptions", _subscription),
    ("microsoft.compute/virtualmachines", _machine),
    ("microsoft.compute/virtualmachinescalesets", _service("scaling_group", "scale set")),
    ("microsoft.compute/disks", _volume("block")),
    ("microsoft.compute/snapshots", _volume("snapshot")),
    ("microsoft.network/networkinterfaces", _card),
    ("microsoft.network/networksecuritygroups", _group),
    ("microsoft.network/virtualnetworks", _network),
    ("microsoft.network/virtualnetworkgateways", _part("gateway", "virtual network gateway")),
    ("microsoft.network/natgateways", _part("gateway", "nat gateway")),
    ("microsoft.network/azurefirewalls", _part("gateway", "firewall")),
    ("microsoft.network/bastionhosts", _part("gateway", "bastion")),
    ("microsoft.network/expressroutecircuits", _part("link", "expressroute")),
    ("microsoft.network/privateendpoints", _part("endpoint", "private endpoint")),
    ("microsoft.network/publicipaddresses", _address),
    ("microsoft.network/networkwatchers/flowlogs", _flow_log),
    ("microsoft.network/loadbalancers", _service("load_balancer", "load balancer")),
    ("microsoft.network/applicationgateways", _service("load_balancer", "application gateway")),
    ("microsoft.sql/servers", _database("SQL Server (Azure SQL)")),
    ("microsoft.sql/servers/databases", _database("Azure SQL Database")),
    ("microsoft.sql/managedinstances", _database("Azure SQL Managed Instance")),
    ("microsoft.dbforpostgresql/", _database("PostgreSQL")),
    ("microsoft.dbformysql/", _database("MySQL")),
    ("microsoft.dbformariadb/", _database("MariaDB")),
    ("microsoft.documentdb/", _database("Cosmos DB")),
    ("microsoft.cache/", _database("Redis")),
    ("microsoft.storage/storageaccounts", _account),
    ("microsoft.web/sites", _service("web_app", "app service")),
    ("microsoft.app/", _service("container_service", "container app")),
    ("microsoft.containerservice/managedclusters", _service("container_cluster", "aks")),
    ("microsoft.keyvault/vaults", _service("vault", "key vault")),
    ("microsoft.recoveryservices/vaults", _service("vault", "recovery vault")),
    ("microsoft.authorization/roleassignments", _assignment),
    ("microsoft.policyinsights/policystates", _compliance),
)
