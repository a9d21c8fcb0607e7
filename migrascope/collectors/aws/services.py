"""Load balancers, functions, containers, queues, names, stacks. Environment values and parameters are never taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from migrascope.collectors.aws.calls import about_each, about_many, call, picked
from migrascope.collectors.aws.compute import instance_arn
from migrascope.collectors.cloud.operation import Further, Operation, Ref
from migrascope.collectors.cloud.records import RecordOrigin, Records, day, tags

Item = Mapping[str, Any]
Reader = Callable[[Item, RecordOrigin, tuple[Ref, ...]], Records]


def _balancer(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    attributes = {"what": "load_balancer", "product": f"{item.get('Type', 'application')} load balancer",
                  "public": {"internet-facing": True, "internal": False}.get(item.get("Scheme", "")),
                  "state": item.get("State", {}).get("Code"), "created": day(item.get("CreatedTime"))}  # fmt: skip
    yield origin.resource("service", item["LoadBalancerArn"], item.get("LoadBalancerName"), attributes)
    yield from _groups(item["LoadBalancerArn"], origin, item.get("SecurityGroups", ()))


def _groups(id_: str, origin: RecordOrigin, groups: Any) -> Records:
    for group in groups:
        yield origin.relation("member_of", id_, origin.arn("ec2", f"security-group/{group}"), "security group")


def _classic(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    name = item["LoadBalancerName"]
    id_ = origin.arn("elasticloadbalancing", f"loadbalancer/{name}")
    attributes = {"what": "load_balancer", "product": "classic load balancer",
                  "public": {"internet-facing": True, "internal": False}.get(item.get("Scheme", "")),
                  "created": day(item.get("CreatedTime"))}  # fmt: skip
    yield origin.resource("service", id_, name, attributes)
    yield from _groups(id_, origin, item.get("SecurityGroups", ()))
    for each in item.get("Instances", ()):
        yield origin.relation("targets", id_, instance_arn(origin, each["InstanceId"]), origin.call)


def _targets(item: Item, origin: RecordOrigin) -> Iterator[Ref]:
    for balancer in item.get("LoadBalancerArns", ()):
        yield {"key": item["TargetGroupArn"], "balancer": balancer, "type": item.get("TargetType", "instance")}


def _target(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    target = item.get("Target", {})
    for ref in asked:
        kind = ref["type"]
        id_ = instance_arn(origin, target["Id"]) if kind == "instance" else target["Id"] if kind in ("lambda", "alb") else None
        if id_ is not None:
            yield origin.relation("targets", ref["balancer"], id_, origin.call, f"port {target.get('Port', '')}".strip())


def _function(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    memory = item.get("MemorySize")
    attributes = {"what": "function", "product": "lambda", "runtime": item.get("Runtime"), "state": item.get("State"),
                  "memory_mib": None if memory is None else float(memory)}  # fmt: skip
    yield origin.resource("service", item["FunctionArn"], item["FunctionName"], attributes)
    yield from _groups(item["FunctionArn"], origin, item.get("VpcConfig", {}).get("SecurityGroupIds", ()))


def _event_source(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    if {"FunctionArn", "EventSourceArn"} <= set(item):
        yield origin.relation(
            "reads_from", item["FunctionArn"], item["EventSourceArn"], origin.call, str(item.get("State", ""))
        )


def _from_arn(what: str, service: str) -> Reader:
    """Reads what a listing tells by its ARN alone."""

    def read(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
        arn = item.get("value") or item["TopicArn"]
        name = arn.rpartition("/")[2] if "/" in arn else arn.rpartition(":")[2]
        yield origin.resource("service", arn, name, {"what": what, "product": service})

    return read


def _cluster(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    attributes = {"what": "container_cluster", "product": "ecs", "state": item.get("status"),
                  "nodes": item.get("registeredContainerInstancesCount"),
                  "tags": tags(item.get("tags"), "key", "value") or {}}  # fmt: skip
    yield origin.resource("service", item["clusterArn"], item.get("clusterName"), attributes)


def _service(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    attributes = {"what": "container_service", "product": "ecs", "state": item.get("status"), "nodes": item.get("desiredCount"),
                  "created": day(item.get("createdAt")), "tags": tags(item.get("tags"), "key", "value") or {}}  # fmt: skip
    yield origin.resource("service", item["serviceArn"], item.get("serviceName"), attributes)
    if "clusterArn" in item:
        yield origin.relation("member_of", item["serviceArn"], item["clusterArn"], "cluster")
    for each in item.get("loadBalancers", ()):
        if "targetGroupArn" in each:
            yield origin.relation("targets", each["targetGroupArn"], item["serviceArn"], origin.call)


def _kubernetes(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    cluster = item["cluster"]
    reach = cluster.get("resourcesVpcConfig", {})
    attributes = {"what": "container_cluster", "product": "eks", "version": cluster.get("version"),
                  "state": cluster.get("status"),
                  "public": reach.get("endpointPublicAccess"), "created": day(cluster.get("createdAt")),
                  "encrypted": True if cluster.get("encryptionConfig") else None,
                  "tags": tags(cluster.get("tags")) or {}}  # fmt: skip
    yield origin.resource("service", cluster["arn"], cluster.get("name"), attributes)


def _kubernetes_name(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    name = item["value"]
    yield origin.resource(
        "service", origin.arn("eks", f"cluster/{name}"), name, {"what": "container_cluster", "product": "eks"}
    )


def _queue(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    name = item["value"].rpartition("/")[2]
    yield origin.resource("service", origin.arn("sqs", name), name, {"what": "queue", "product": "sqs"})


def _queue_told(item: Item, origin: RecordOrigin, asked: tuple[Ref, ...]) -> Records:
    told = item.get("Attributes", {})
    if "QueueArn" in told:
        own = told.get("SqsManagedSseEnabled")
        encrypted = True if "KmsMasterKeyId" in told or own == "true" else False if own == "false" else None
        yield origin.resource("service", told["QueueArn"], told["QueueArn"].rpartition(":")[2], {"encrypted": encrypted})


def _zone(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    private = item.get("Config", {}).get("PrivateZone")
    id_ = f"arn:{origin.partition}:route53:::{item['Id'].strip('/')}"
    attributes = {"what": "zone", "product": "route 53", "public": None if private is None else not private}
    yield origin.resource("service", id_, item.get("Name"), attributes)


def _stack(item: Item, origin: RecordOrigin, _: tuple[Ref, ...]) -> Records:
    attributes = {"what": "stack", "product": "cloudformation", "state": item.get("StackStatus"),
                  "created": day(item.get("CreationTime")), "tags": tags(item.get("Tags")) or {}}  # fmt: skip
    yield origin.resource("service", item["StackId"], item["StackName"], attributes)


_LISTS: Final = ("service", "service.tags")
_TARGETS = call("elbv2", "DescribeTargetHealth", "TargetHealthDescriptions", read=_target, covers=("relation.targets",))
_ECS_SERVICES = call("ecs", "DescribeServices", "services", read=_service, covers=("service.tags",))
_ECS_LIST = call(
    "ecs", "ListServices", "serviceArns", read=_from_arn("container_service", "ecs"), covers=("service",),
    further=(Further(_ECS_SERVICES, picked("value"),
                     lambda refs: {"cluster": refs[0]["key"].split("/")[1] if refs[0]["key"].count("/") > 1 else "default",
                                   "services": [ref["key"] for ref in refs], "include": ["TAGS"]}, 1),),
)  # fmt: skip
_ECS_CLUSTERS = call("ecs", "DescribeClusters", "clusters", read=_cluster, covers=("service.tags",))
_EKS = call("eks", "DescribeCluster", read=_kubernetes, covers=("service.tags", "service.version"))
_QUEUE = call("sqs", "GetQueueAttributes", read=_queue_told, covers=("service.encrypted",))
_QUEUE_FIELDS: Final = ["QueueArn", "KmsMasterKeyId", "SqsManagedSseEnabled"]
OPERATIONS: Final[tuple[Operation, ...]] = (
    call("elbv2", "DescribeLoadBalancers", "LoadBalancers", read=_balancer, covers=("service",)),
    call("elbv2", "DescribeTargetGroups", "TargetGroups", covers=(),
         further=(Further(_TARGETS, _targets,
                          lambda refs: {"TargetGroupArn": refs[0]["key"]}),)),
    call("elb", "DescribeLoadBalancers", "LoadBalancerDescriptions", read=_classic, covers=("service",)),
    call("lambda", "ListFunctions", "Functions", read=_function, covers=("service", "service.runtime")),
    call("lambda", "ListEventSourceMappings", "EventSourceMappings", read=_event_source, covers=("relation.reads_from",)),
    call("ecs", "ListClusters", "clusterArns", read=_from_arn("container_cluster", "ecs"), covers=("service",),
         further=(about_many(_ECS_CLUSTERS, "value", "clusters", 100, include=["TAGS"]),
                  about_each(_ECS_LIST, "value", "cluster"))),
    call("eks", "ListClusters", "clusters", read=_kubernetes_name, covers=("service",),
         further=(about_each(_EKS, "value", "name"),)),
    call("sqs", "ListQueues", "QueueUrls", read=_queue, covers=("service",), sparse=True,
         further=(Further(_QUEUE, picked("value"),
                          lambda refs: {"QueueUrl": refs[0]["key"], "AttributeNames": _QUEUE_FIELDS}),)),
    call("sns", "ListTopics", "Topics", read=_from_arn("topic", "sns"), covers=("service",)),
    call("route53", "ListHostedZones", "HostedZones", read=_zone, covers=("service",), reach="account"),
    call("cloudformation", "DescribeStacks", "Stacks", read=_stack, covers=_LISTS),
)  # fmt: skip
