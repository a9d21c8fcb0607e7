"""Databases, caches, warehouses, search, file systems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import about_each, about_many, call
from migrascope.collectors.cloud.operation import Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, day, tags

Item = Mapping[str, Any]
_FACTS: Final = ("database", "database.tags", "database.engine", "database.version", "database.encrypted")


def _gib(value: Any) -> float | None:
    return None if value is None else float(value)


def _rds(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = item.get("DBInstanceArn") or origin.arn("rds", f"db:{item['DBInstanceIdentifier']}")
    attributes = {
        "engine": item.get("Engine"),
        "version": item.get("EngineVersion"),
        "encrypted": item.get("StorageEncrypted"),
        "public": item.get("PubliclyAccessible"),
        "size_gib": _gib(item.get("AllocatedStorage")),
        "size": item.get("DBInstanceClass"),
        "zones": item.get("MultiAZ"),
        "backup_days": item.get("BackupRetentionPeriod"),
        "tags": tags(item.get("TagList")),
        "created": day(item.get("InstanceCreateTime")),
    }
    yield origin.resource("database", id_, item["DBInstanceIdentifier"], attributes, zone=item.get("AvailabilityZone"))
    yield from _groups(id_, origin, [each.get("VpcSecurityGroupId") for each in item.get("VpcSecurityGroups", ())])
    if "DBClusterIdentifier" in item:
        yield origin.relation("member_of", id_, origin.arn("rds", f"cluster:{item['DBClusterIdentifier']}"), origin.call)


def _groups(id_: str, origin: RecordOrigin, groups: Any) -> Records:
    for group in groups:
        if group:
            yield origin.relation("member_of", id_, origin.arn("ec2", f"security-group/{group}"), "security group")


def _aurora(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = item.get("DBClusterArn") or origin.arn("rds", f"cluster:{item['DBClusterIdentifier']}")
    members = item.get("DBClusterMembers")
    attributes = {
        "engine": item.get("Engine"),
        "version": item.get("EngineVersion"),
        "encrypted": item.get("StorageEncrypted"),
        "public": item.get("PubliclyAccessible"),
        "zones": item.get("MultiAZ"),
        "nodes": None if members is None else len(members),
        "backup_days": item.get("BackupRetentionPeriod"),
        "tags": tags(item.get("TagList")),
        "created": day(item.get("ClusterCreateTime")),
    }
    yield origin.resource("database", id_, item["DBClusterIdentifier"], attributes)
    yield from _groups(id_, origin, [each.get("VpcSecurityGroupId") for each in item.get("VpcSecurityGroups", ())])


def _table(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    name = item["value"]
    attributes = {"engine": "DynamoDB", "encrypted": True, "public": False, "zones": True}
    yield origin.resource("database", origin.arn("dynamodb", f"table/{name}"), name, attributes)


def _table_told(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    table = item["Table"]
    size = table.get("TableSizeBytes")
    attributes = {"size_gib": None if size is None else size / 2**30, "created": day(table.get("CreationDateTime"))}
    yield origin.resource("database", origin.arn("dynamodb", f"table/{table['TableName']}"), None, attributes)


def _cache(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = item.get("ARN") or origin.arn("elasticache", f"cluster:{item['CacheClusterId']}")
    attributes = {
        "engine": item.get("Engine"),
        "version": item.get("EngineVersion"),
        "encrypted": item.get("AtRestEncryptionEnabled"),
        "size": item.get("CacheNodeType"),
        "nodes": item.get("NumCacheNodes"),
        "backup_days": item.get("SnapshotRetentionLimit"),
        "created": day(item.get("CacheClusterCreateTime")),
    }
    yield origin.resource("database", id_, item["CacheClusterId"], attributes)
    yield from _groups(id_, origin, [each.get("SecurityGroupId") for each in item.get("SecurityGroups", ())])


def _warehouse(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = origin.arn("redshift", f"cluster:{item['ClusterIdentifier']}")
    attributes = {
        "engine": "Redshift",
        "version": item.get("ClusterVersion"),
        "encrypted": item.get("Encrypted"),
        "public": item.get("PubliclyAccessible"),
        "size": item.get("NodeType"),
        "nodes": item.get("NumberOfNodes"),
        "backup_days": item.get("AutomatedSnapshotRetentionPeriod"),
        "tags": tags(item.get("Tags")),
        "created": day(item.get("ClusterCreateTime")),
    }
    yield origin.resource("database", id_, item["ClusterIdentifier"], attributes, zone=item.get("AvailabilityZone"))
    yield from _groups(id_, origin, [each.get("VpcSecurityGroupId") for each in item.get("VpcSecurityGroups", ())])


def _domain_name(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    name = item["DomainName"]
    attributes = {"engine": item.get("EngineType")}
    yield origin.resource("database", origin.arn("es", f"domain/{name}"), name, attributes)


def _domain(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    name, nodes = item["DomainName"], item.get("ClusterConfig", {})
    version = item.get("EngineVersion") or item.get("ElasticsearchVersion")
    engine, _sep, number = str(version or "").rpartition("_")
    attributes = {
        "engine": engine or ("Elasticsearch" if version else None),
        "version": number or None,
        "encrypted": item.get("EncryptionAtRestOptions", {}).get("Enabled"),
        "public": None if "Endpoint" not in item and "VPCOptions" not in item else "VPCOptions" not in item,
        "size": nodes.get("InstanceType"),
        "nodes": nodes.get("InstanceCount"),
        "zones": nodes.get("ZoneAwarenessEnabled"),
    }
    id_ = origin.arn("es", f"domain/{name}")
    yield origin.resource("database", id_, name, attributes)
    yield from _groups(id_, origin, item.get("VPCOptions", {}).get("SecurityGroupIds", ()))


def _files(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = item.get("FileSystemArn") or origin.arn("elasticfilesystem", f"file-system/{item['FileSystemId']}")
    size = item.get("SizeInBytes", {}).get("Value")
    attributes = {"holds": "file", "encrypted": item.get("Encrypted"), "size_gib": None if size is None else size / 2**30,
                  "tags": tags(item.get("Tags")), "created": day(item.get("CreationTime"))}  # fmt: skip
    yield origin.resource("storage", id_, item.get("Name") or item["FileSystemId"], attributes)


def _fsx(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    id_ = item.get("ResourceARN") or origin.arn("fsx", f"file-system/{item['FileSystemId']}")
    # Amazon FSx encrypts every file system at rest; the answer names the key.
    size = _gib(item.get("StorageCapacity"))
    attributes = {"holds": "file", "encrypted": True if item.get("KmsKeyId") else None, "size_gib": size,
                  "tags": tags(item.get("Tags")), "created": day(item.get("CreationTime"))}  # fmt: skip
    yield origin.resource("storage", id_, item["FileSystemId"], attributes)


_TABLE = call("dynamodb", "DescribeTable", read=_table_told, covers=("database.size_gib", "database.created"))
_DOMAINS = call("opensearch", "DescribeDomains", "DomainStatusList", read=_domain,
                covers=("database.encrypted", "database.version", "database.public"))  # fmt: skip
_STORAGE: Final = ("storage", "storage.tags", "storage.encrypted", "storage.size_gib")
OPERATIONS: Final[tuple[Operation, ...]] = (
    call("rds", "DescribeDBInstances", "DBInstances", read=_rds, covers=(*_FACTS, "database.public")),
    call("rds", "DescribeDBClusters", "DBClusters", read=_aurora, covers=_FACTS),
    call("dynamodb", "ListTables", "TableNames", read=_table, covers=("database",),
         further=(about_each(_TABLE, "value", "TableName"),)),
    call("elasticache", "DescribeCacheClusters", "CacheClusters", read=_cache, covers=("database", "database.engine")),
    call("redshift", "DescribeClusters", "Clusters", read=_warehouse, covers=(*_FACTS, "database.public")),
    call("opensearch", "ListDomainNames", "DomainNames", read=_domain_name, covers=("database",),
         further=(about_many(_DOMAINS, "DomainName", "DomainNames", 5),)),
    call("efs", "DescribeFileSystems", "FileSystems", read=_files, covers=_STORAGE),
    call("fsx", "DescribeFileSystems", "FileSystems", read=_fsx, covers=_STORAGE),
)  # fmt: skip
