"""Workloads from what was seen: which servers seem to be one application, how that was found, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from migrascope.estate.graph import together
from migrascope.model.inventory import Inventory, Resource

Method = Literal[
    "mapping", "application tag", "tag", "shared disk", "cluster rule", "stack", "resource group", "scaling group", "cluster",
    "folder", "load balancer", "name", "single machine",
]  # fmt: skip
CONFIDENCE: Final[dict[Method, str]] = {
    "mapping": "high",
    "application tag": "high",
    "tag": "high",
    "shared disk": "high",
    "cluster rule": "medium",
    "stack": "medium",
    "resource group": "medium",
    "scaling group": "medium",
    "cluster": "medium",
    "folder": "medium",
    "load balancer": "low",
    "name": "low",
    "single machine": "low",
}
APPLICATION_TAG: Final = "awsapplication"
"""The tag by which AWS says that resources are one application."""
TAG_KEYS: Final = ("application", "app", "service", "project", "workload")
_TOLD: Final[tuple[tuple[Method, tuple[str, ...]], ...]] = (
    ("stack", ("aws:cloudformation:stack-name",)),
    ("scaling group", ("aws:autoscaling:groupname",)),
    ("cluster", ("aws:eks:cluster-name", "eks:cluster-name", "aks-managed-cluster-name", "aws:ecs:clustername")),
)
"""Tags that the provider's own tools leave."""
_FLAT: Final = ("", "/", "vm", "discovered virtual machine")


@dataclass(frozen=True, slots=True)
class Group:
    """Servers that seem to be one workload. `method` is the strongest tie between them."""

    name: str
    servers: tuple[Resource, ...]
    method: Method
    confidence: str


def group(
    inventory: Inventory, tag_keys: Sequence[str] = TAG_KEYS, mapping: Mapping[str, Sequence[str]] | None = None
) -> list[Group]:
    """Groups of all servers that are no templates, by name; `mapping` gives the ids or names of a workload's servers.

    In order of trust: mapping, application tag, tag, shared disk, rule of a cluster, stack, resource group, scaling group,
    cluster, folder, load balancer, name. What a stronger tie names, a weaker one does not tie to others.
    """
    servers = [r for r in inventory.resources if r["type"] == "server" and r["attributes"].get("template") is not True]
    by_id = {server["id"]: server for server in servers}
    said = {id_: ("mapping", name) for name, ids in (mapping or {}).items() for id_ in ids}
    tagged: dict[str, tuple[Method, str]] = {}
    for server in servers:
        own = said.get(server["id"]) or said.get(server.get("name", "")) or _tag(server, tag_keys)
        if own is not None:
            tagged[server["id"]] = own  # type: ignore[assignment]
    ties: list[tuple[str, str, Method]] = []
    for method, groups in _ties(servers, inventory, tagged):
        for ids in groups:
            ties += [(ids[0], other, method) for other in ids[1:]]
    found = []
    for ids in together(list(by_id), ((first, second) for first, second, _ in ties)):
        members = set(ids)
        methods = [method for first, _, method in ties if first in members]
        found.append(_named([by_id[name] for name in ids], methods, tagged))
    return sorted(found, key=lambda each: each.name.casefold())


def _tag(server: Resource, keys: Sequence[str]) -> tuple[Method, str] | None:
    lowered = _lowered(server)
    if lowered.get(APPLICATION_TAG):
        return "application tag", lowered[APPLICATION_TAG].rpartition("/")[2]
    return next((("tag", lowered[name.casefold()]) for name in keys if lowered.get(name.casefold())), None)


def _lowered(server: Resource) -> dict[str, str]:
    return {name.casefold(): value for name, value in server["attributes"].get("tags", {}).items()}


def _told(server: Resource) -> Iterator[tuple[Method, str]]:
    """What the provider itself says of where a server belongs, the strongest first."""
    lowered = _lowered(server)
    for method, keys in _TOLD:
        if method == "scaling group" and (found := re.search(r"/resourcegroups/([^/]+)/", str(server["id"]).casefold())):
            yield "resource group", found[1]
        yield from ((method, lowered[key]) for key in keys if lowered.get(key))


def _ties(
    servers: Sequence[Resource], inventory: Inventory, tagged: dict[str, tuple[Method, str]]
) -> Iterator[tuple[Method, list[list[str]]]]:
    ids = {server["id"] for server in servers}
    for each in ("mapping", "application tag", "tag"):
        yield each, _by((tag, name) for name, (method, tag) in tagged.items() if method == each)
    yield "shared disk", _by(_disks(servers))
    rules = (r for r in inventory.relations if r.type in ("kept_apart", "kept_together") and r.source in ids)
    yield "cluster rule", _by((relation.target, relation.source) for relation in rules)
    # A tag is somebody's own word: folders and names only group what carries none.
    rest = [server for server in servers if server["id"] not in tagged]
    told = {server["id"]: found for server in rest if (found := next(_told(server), None)) is not None}
    for method in CONFIDENCE:
        yield method, _by((where, name) for name, (how, where) in told.items() if how == method)
    rest = [server for server in rest if server["id"] not in told]
    yield "folder", _by((folder, server["id"]) for server in rest if (folder := _folder(server)) is not None)
    names = {server["id"] for server in rest}
    behind = (r for r in inventory.relations if r.type == "targets" and r.target in names)
    yield "load balancer", _by((relation.source, relation.target) for relation in behind)
    yield "name", _by((stem, server["id"]) for server in rest if (stem := stem_of(server.get("name", ""))) is not None)


def _by(pairs: Iterable[tuple[Any, str]]) -> list[list[str]]:
    found: dict[Any, list[str]] = {}
    for key, name in pairs:
        if name not in found.setdefault(key, []):
            found[key].append(name)
    return [names for names in found.values() if len(names) > 1]


def _disks(servers: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    for server in servers:
        for disk in server["attributes"].get("disks", ()):
            key = disk.get("lun") or (disk.get("path") if disk.get("multi_writer") else None)
            if key:
                yield key, server["id"]


def _folder(server: Resource) -> str | None:
    folder = str(server["attributes"].get("folder", "")).strip("/").rsplit("/", 1)[-1]
    return None if folder.casefold() in _FLAT else folder.casefold()


def stem_of(name: str) -> str | None:
    """A name without the number at its end, where enough is left to mean something."""
    match = re.fullmatch(r"(.*?)[-_.]?\d+", name)
    stem = match[1].casefold() if match else ""
    return stem if len(stem) >= 4 else None


def _named(servers: list[Resource], methods: list[Method], tagged: dict[str, tuple[Method, str]]) -> Group:
    order = list(CONFIDENCE)
    method: Method = min(methods, key=order.index) if methods else "single machine"
    own = next((tagged[server["id"]] for server in servers if server["id"] in tagged), None)
    told = next((found for server in servers if (found := next(_told(server), None)) is not None), None)
    if len(servers) == 1 and (own or told) is not None:
        method = (own or told)[0]  # type: ignore[index]
    tag = own[1] if own else told[1] if told else None
    ordered = tuple(sorted(servers, key=lambda server: server.get("name", server["id"]).casefold()))
    first = ordered[0].get("name", ordered[0]["id"])
    stems = {stem_of(server.get("name", "")) for server in ordered}
    stem = first[: len(next(iter(stems)) or "")] if len(stems) == 1 and len(ordered) > 1 else ""
    return Group(tag or stem or first, ordered, method, CONFIDENCE[method])
