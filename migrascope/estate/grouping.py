"""Workloads from what was seen: which servers seem to be one application, how that was found, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from migrascope.estate.graph import together
from migrascope.model.inventory import Inventory, Resource

Method = Literal["tag", "shared disk", "cluster rule", "folder", "name", "single machine"]
CONFIDENCE: Final[dict[Method, str]] = {
    "tag": "high",
    "shared disk": "high",
    "cluster rule": "medium",
    "folder": "medium",
    "name": "low",
    "single machine": "low",
}
TAG_KEYS: Final = ("application", "app", "service", "project", "workload")
_FLAT: Final = ("", "/", "vm", "discovered virtual machine")


@dataclass(frozen=True, slots=True)
class Group:
    """Servers that seem to be one workload. `method` is the strongest tie between them."""

    name: str
    servers: tuple[Resource, ...]
    method: Method
    confidence: str


def group(inventory: Inventory) -> list[Group]:
    """Groups of all servers that are no templates, by name. In order of trust: tag, shared disk, rule, folder, name."""
    servers = [r for r in inventory.resources if r["type"] == "server" and r["attributes"].get("template") is not True]
    by_id = {server["id"]: server for server in servers}
    tagged = {server["id"]: tag for server in servers if (tag := _tag(server)) is not None}
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


def _tag(server: Resource) -> str | None:
    tags = server["attributes"].get("tags", {})
    lowered = {name.casefold(): value for name, value in tags.items()}
    return next((lowered[name] for name in TAG_KEYS if lowered.get(name)), None)


def _ties(
    servers: Sequence[Resource], inventory: Inventory, tagged: dict[str, str]
) -> Iterator[tuple[Method, list[list[str]]]]:
    ids = {server["id"] for server in servers}
    yield "tag", _by((tag, name) for name, tag in tagged.items())
    yield "shared disk", _by(_disks(servers))
    rules = (r for r in inventory.relations if r.type in ("kept_apart", "kept_together") and r.source in ids)
    yield "cluster rule", _by((relation.target, relation.source) for relation in rules)
    # A tag is somebody's own word: folders and names only group what carries none.
    rest = [server for server in servers if server["id"] not in tagged]
    yield "folder", _by((folder, server["id"]) for server in rest if (folder := _folder(server)) is not None)
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


def _named(servers: list[Resource], methods: list[Method], tagged: dict[str, str]) -> Group:
    order = list(CONFIDENCE)
    method: Method = min(methods, key=order.index) if methods else "single machine"
    tag = next((tagged[server["id"]] for server in servers if server["id"] in tagged), None)
    if len(servers) == 1 and tag is not None:
        method = "tag"
    ordered = tuple(sorted(servers, key=lambda server: server.get("name", server["id"]).casefold()))
    first = ordered[0].get("name", ordered[0]["id"])
    stems = {stem_of(server.get("name", "")) for server in ordered}
    stem = first[: len(next(iter(stems)) or "")] if len(stems) == 1 and len(ordered) > 1 else ""
    return Group(tag or stem or first, ordered, method, CONFIDENCE[method])
