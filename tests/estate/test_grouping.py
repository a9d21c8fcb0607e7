"""Which servers seem to be one application, and by whose word."""

from __future__ import annotations

from typing import Any

from migrascope.estate.grouping import group
from migrascope.model.columns import Relations
from migrascope.model.inventory import Inventory


def server(number: int, name: str = "", id_: str = "", **tags: str) -> dict[str, Any]:
    named = {name.replace("__", ":").replace("_", "-"): value for name, value in tags.items()}
    return {
        "type": "server",
        "id": id_ or f"i-{number}",
        "name": name or f"{'abcdefgh'[number]}",
        "attributes": {"tags": named},
    }


def groups(*servers: dict[str, Any], behind: tuple[tuple[str, str], ...] = (), **more: Any) -> dict[str, tuple[str, list[str]]]:
    relations = Relations()
    for source, target in behind:
        relations.add(source, target, relations.number(("targets", "elbv2", "", "{}")))
    found = group(Inventory(resources=tuple(servers), relations=relations), **more)
    return {each.name: (each.method, sorted(one["id"] for one in each.members)) for each in found.groups}


def test_somebodys_word_goes_before_the_providers_and_that_before_a_name() -> None:
    found = groups(
        server(1, application="shop", aws__cloudformation__stack_name="prod"),
        server(2, application="shop", aws__cloudformation__stack_name="other"),
        server(3, name="worker1", aws__cloudformation__stack_name="prod"),
        server(4, name="worker2", aws__cloudformation__stack_name="prod"),
        server(5, name="worker3"),
    )
    assert found == {"shop": ("tag", ["i-1", "i-2"]), "prod": ("stack", ["i-3", "i-4"]), "worker3": ("alone", ["i-5"])}


def test_the_application_tag_of_aws_goes_before_other_tags() -> None:
    arn = "arn:aws:resource-groups:eu-west-1:123456789012:group/payments/0abc"
    found = groups(server(1, awsApplication=arn, app="x"), server(2, awsApplication=arn, app="y"))
    assert list(found.values()) == [("application tag", ["i-1", "i-2"])]


def test_a_mapping_goes_before_everything_and_takes_names_or_ids() -> None:
    found = groups(server(1, name="one", app="x"), server(2, app="y"), mapping={"pair": ["one", "i-2"]})
    assert found == {"pair": ("mapping", ["i-1", "i-2"])}


def test_the_tag_that_counts_can_be_named() -> None:
    assert "billing" in groups(server(1, Afdeling="billing", app="x"), tag_keys=("afdeling",))


def test_a_resource_group_of_azure_is_in_the_id() -> None:
    ids = [f"/subscriptions/s/resourcegroups/rg-hr/providers/microsoft.compute/virtualmachines/{name}" for name in "ab"]
    assert groups(server(1, id_=ids[0]), server(2, id_=ids[1])) == {"rg-hr": ("resource group", ids)}


def test_what_stands_behind_one_load_balancer_may_be_one_application() -> None:
    found = groups(
        server(1, name="apple"), server(2, name="pear"), server(3, name="fig"), behind=(("lb", "i-1"), ("lb", "i-2"))
    )
    assert ("load balancer", ["i-1", "i-2"]) in found.values()
    assert ("alone", ["i-3"]) in found.values()


def thing(kind: str, id_: str, **attributes: Any) -> dict[str, Any]:
    return {"type": kind, "id": id_, "name": id_, "attributes": attributes}


def related(*ties: tuple[str, str, str, str]) -> Relations:
    relations = Relations()
    for source, kind, target, method in ties:
        relations.add(source, target, relations.number((kind, method, "", "{}")))
    return relations


def test_a_database_goes_with_the_one_group_that_its_rules_let_in_and_with_none_where_two_may() -> None:
    resources = (
        server(1, name="apple", app="shop"), server(2, name="pear", app="hr"),
        thing("database", "orders"), thing("database", "both"),
    )  # fmt: skip
    ties = related(
        ("i-1", "member_of", "sg-shop", "security group"), ("i-2", "member_of", "sg-hr", "security group"),
        ("orders", "member_of", "sg-orders", "security group"), ("both", "member_of", "sg-both", "security group"),
        ("sg-orders", "allows_traffic_from", "sg-shop", "security group rule"),
        ("sg-both", "allows_traffic_from", "sg-shop", "security group rule"),
        ("sg-both", "allows_traffic_from", "sg-hr", "security group rule"),
    )  # fmt: skip
    found = {
        each.name: [one["id"] for one in each.members] for each in group(Inventory(resources=resources, relations=ties)).groups
    }
    assert found == {"shop": ["i-1", "orders"], "hr": ["i-2"], "both": ["both"]}


def test_what_a_function_reads_goes_with_it_and_what_stands_alone_is_told() -> None:
    resources = (
        thing("service", "resize", what="function", tags={"app": "photos"}), thing("service", "uploads", what="queue"),
        thing("service", "thumbs", what="queue"), thing("storage", "bucket", holds="object"),
        thing("storage", "disk", holds="block"),
    )  # fmt: skip
    found = group(Inventory(resources=resources, relations=related(("resize", "reads_from", "uploads", "lambda"))))
    assert [(each.name, each.method, [one["id"] for one in each.members]) for each in found.groups] == [
        ("photos", "connectivity", ["resize", "uploads"])
    ]
    assert [each["id"] for each in found.left] == ["bucket", "thumbs"]


def test_services_of_one_cluster_may_be_one_application() -> None:
    resources = (
        thing("service", "cluster", what="container_cluster"), thing("service", "web", what="container_service"),
        thing("service", "api", what="container_service"),
    )  # fmt: skip
    ties = related(("web", "member_of", "cluster", "cluster"), ("api", "member_of", "cluster", "cluster"))
    (one,) = group(Inventory(resources=resources, relations=ties)).groups
    assert (one.method, len(one.members)) == ("cluster", 3)
