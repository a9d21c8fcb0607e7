"""Workloads from what was seen: what seems to be one application, how that was found, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from migrascope.estate.graph import together
from migrascope.model.inventory import Inventory, Resource

Method = Literal[
    "mapping", "application tag", "tag", "shared disk", "cluster rule", "stack", "resource group", "scaling group", "cluster",
    "folder", "load balancer", "connectivity", "name", "alone",
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
    "connectivity": "low",
    "name": "low",
    "alone": "low",
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


_ALONE: Final = ("server", "database", "web_app", "container_cluster", "container_service")
"""What is a workload by itself where nothing ties it to others. A bucket, a queue or a function belongs to something."""
_PARTS: Final = (*_ALONE, "object", "file", "function", "load_balancer", "queue", "topic")
"""What can be part of a workload: servers and databases, kinds of storage and services."""


@dataclass(frozen=True, slots=True)
class ApplicationGroup:
    """What seems to be one workload. `method` is the strongest tie between its members."""

    name: str
    members: tuple[Resource, ...]
    method: Method
    confidence: str

    @property
    def servers(self) -> tuple[Resource, ...]:
        """Those of its members that are servers."""
        return tuple(each for each in self.members if each["type"] == "server")


@dataclass(frozen=True, slots=True)
class Grouped:
    """All groups, and what belongs to a workload that nobody can tell."""

    groups: tuple[ApplicationGroup, ...]
    left: tuple[Resource, ...] = ()


def part(record: Resource) -> str | None:
    """As what it can be part of a workload; None where it cannot."""
    kind, told = record["type"], record["attributes"]
    found = told.get("holds" if kind == "storage" else "what") if kind in ("storage", "service") else kind
    return found if found in _PARTS and told.get("template") is not True else None


def group(
    inventory: Inventory, tag_keys: Sequence[str] = TAG_KEYS, mapping: Mapping[str, Sequence[str]] | None = None
) -> Grouped:
    """Groups of all that can be part of a workload, by name; `mapping` gives ids or names of a workload's members.

    In order of trust: mapping, application tag, tag, shared disk, rule of a cluster, stack, resource group, scaling group,
    cluster, folder, load balancer, connectivity, name. What a stronger tie names, a weaker one does not tie to others.
    """
    parts = [record for record in inventory.resources if part(record) is not None]
    by_id = {record["id"]: record for record in parts}
    said = {id_: ("mapping", name) for name, ids in (mapping or {}).items() for id_ in ids}
    tagged: dict[str, tuple[Method, str]] = {}
    for record in parts:
        own = said.get(record["id"]) or said.get(record.get("name", "")) or _tag(record, tag_keys)
        if own is not None:
            tagged[record["id"]] = own  # type: ignore[assignment]
    ties: list[tuple[str, str, Method]] = []
    for method, groups in _ties(parts, inventory, tagged):
        for ids in groups:
            ties += [(ids[0], other, method) for other in ids[1:]]
    ties += _followers(parts, inventory, tagged, ties)
    found, left = [], []
    for ids in together(list(by_id), ((first, second) for first, second, _ in ties)):
        members = set(ids)
        records = [by_id[name] for name in ids]
        methods = [method for first, _, method in ties if first in members]
        if len(ids) > 1 or part(records[0]) in _ALONE or ids[0] in tagged or next(_told(records[0]), None) is not None:
            found.append(_named(records, methods, tagged))
        else:
            left += records
    ordered = sorted(left, key=lambda record: (str(part(record)), str(record.get("name", record["id"])).casefold()))
    return Grouped(tuple(sorted(found, key=lambda each: each.name.casefold())), tuple(ordered))


def _followers(
    parts: Sequence[Resource], inventory: Inventory, tagged: Mapping[str, Any], ties: Sequence[tuple[str, str, Method]]
) -> list[tuple[str, str, Method]]:
    """What only one group talks to goes with that group: its database, its queue, its load balancer."""
    settled = {record["id"] for record in parts if record["type"] == "server" or record["id"] in tagged}
    settled |= {id_ for first, second, _ in ties for id_ in (first, second)}
    open_ = [record["id"] for record in parts if record["id"] not in settled]
    beside = neighbours(inventory, {record["id"] for record in parts})
    found: list[tuple[str, str, Method]] = []
    while True:
        whose = _group_of([record["id"] for record in parts], [*ties, *found])
        new: list[tuple[str, str, Method]] = []
        for id_ in open_:
            known = {whose[other]: other for other in beside.get(id_, ()) if other in settled}
            if len(known) == 1 and id_ not in settled:
                new.append((next(iter(known.values())), id_, "connectivity"))
        if not new:
            return found
        found += new
        settled |= {id_ for _, id_, _ in new}


def _group_of(ids: list[str], ties: Iterable[tuple[str, str, Method]]) -> dict[str, int]:
    groups = together(ids, ((first, second) for first, second, _ in ties))
    return {id_: number for number, members in enumerate(groups) for id_ in members}


def neighbours(inventory: Inventory, parts: set[str]) -> dict[str, list[str]]:
    """What each part is known to talk to, by rules between security groups, load balancers and event sources; sorted."""
    inside: dict[str, set[str]] = {}
    pairs: set[tuple[str, str]] = set()
    allowed: list[tuple[str, str]] = []
    for relation in inventory.relations:
        if relation.type == "member_of" and relation.method == "security group":
            inside.setdefault(relation.target, set()).add(relation.source)
        elif relation.type == "allows_traffic_from":
            allowed.append((relation.source, relation.target))
        elif relation.type in ("targets", "reads_from"):
            pairs.add((relation.source, relation.target))
    for into, out in allowed:
        pairs |= {(one, other) for one in inside.get(into, ()) for other in inside.get(out, ())}
    found: dict[str, set[str]] = {}
    for one, other in pairs:
        if one in parts and other in parts and one != other:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {id_: sorted(others) for id_, others in found.items()}


def _tag(server: Resource, keys: Sequence[str]) -> tuple[Method, str] | None:
    lowered = _lowered(server)
    if lowered.get(APPLICATION_TAG):
        return "application tag", lowered[APPLICATION_TAG].rpartition("/")[2]
    return next((("tag", lowered[name.casefold()]) for name in keys if lowered.get(name.casefold())), None)


def _lowered(server: Resource) -> dict[str, str]:
    return {name.casefold(): value for name, value in server["attributes"].get("tags", {}).items()}


def _told(record: Resource) -> Iterator[tuple[Method, str]]:
    """What the provider itself says of where a part belongs, the strongest first."""
    lowered = _lowered(record)
    for method, keys in _TOLD:
        if method == "scaling group" and (found := re.search(r"/resourcegroups/([^/]+)/", str(record["id"]).casefold())):
            yield "resource group", found[1]
        yield from ((method, lowered[key]) for key in keys if lowered.get(key))


def _ties(
    parts: Sequence[Resource], inventory: Inventory, tagged: dict[str, tuple[Method, str]]
) -> Iterator[tuple[Method, list[list[str]]]]:
    ids = {record["id"] for record in parts}
    for each in ("mapping", "application tag", "tag"):
        yield each, _by((tag, name) for name, (method, tag) in tagged.items() if method == each)
    yield "shared disk", _by(_disks(parts))
    rules = (r for r in inventory.relations if r.type in ("kept_apart", "kept_together") and r.source in ids)
    yield "cluster rule", _by((relation.target, relation.source) for relation in rules)
    # A tag is somebody's own word: folders and names only group what carries none.
    rest = [record for record in parts if record["id"] not in tagged]
    told = {record["id"]: found for record in rest if (found := next(_told(record), None)) is not None}
    for method in CONFIDENCE:
        yield method, _by((where, name) for name, (how, where) in told.items() if how == method)
    rest = [record for record in rest if record["id"] not in told]
    free = {record["id"] for record in rest}
    inside = (r for r in inventory.relations if r.type == "member_of" and r.method == "cluster")
    yield "cluster", _by((r.target, id_) for r in inside for id_ in (r.source, r.target) if id_ in free)
    rest = [record for record in rest if record["type"] == "server"]
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


def _named(members: list[Resource], methods: list[Method], tagged: dict[str, tuple[Method, str]]) -> ApplicationGroup:
    order = list(CONFIDENCE)
    method: Method = min(methods, key=order.index) if methods else "alone"
    own = next((tagged[member["id"]] for member in members if member["id"] in tagged), None)
    told = next((found for member in members if (found := next(_told(member), None)) is not None), None)
    if len(members) == 1 and (own or told) is not None:
        method = (own or told)[0]  # type: ignore[index]
    tag = own[1] if own else told[1] if told else None
    ordered = tuple(sorted(members, key=lambda each: (each["type"] != "server", each.get("name", each["id"]).casefold())))
    servers = [each for each in ordered if each["type"] == "server"]
    first = ordered[0].get("name", ordered[0]["id"])
    stems = {stem_of(server.get("name", "")) for server in servers}
    stem = first[: len(next(iter(stems)) or "")] if len(stems) == 1 and len(servers) > 1 else ""
    return ApplicationGroup(tag or stem or first, ordered, method, CONFIDENCE[method])
