"""One row about one resource, whoever wrote it: our queries, other queries with whole properties, or `az … list`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from migrascope.collectors.cloud.operation import MalformedError

Row = Mapping[str, Any]


def value(row: Row, path: str, alias: str = "") -> Any:
    """A property: under the name that our query gives it, inside `properties`, or at the top as `az` writes it."""
    if alias and alias in row:
        return row[alias]
    properties = row.get("properties")
    found = _at(properties, path) if isinstance(properties, Mapping) else None
    return _at(row, path) if found is None else found


def _at(place: Any, path: str) -> Any:
    for part in path.split("."):
        if not isinstance(place, Mapping):
            return None
        place = place.get(part)
    return place


def inner(item: Any) -> Row:
    """An item of a list, with its properties at the top, as `az` writes it."""
    if not isinstance(item, Mapping):
        return {}
    properties = item.get("properties")
    return {**item, **properties} if isinstance(properties, Mapping) else item


def items(found: Any) -> Iterator[Row]:
    """The items of a list that may not be there."""
    return (inner(item) for item in found) if isinstance(found, list) else iter(())


def natural(id_: Any) -> str:
    """The natural id of an ARM resource. Raises MalformedError where a row has none."""
    if not isinstance(id_, str) or not id_.startswith("/"):
        raise MalformedError("a row has no id")
    return id_.lower()


def subscription(id_: str) -> str:
    """The subscription that an id names."""
    parts = id_.split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else "tenant"


def kind(row: Row) -> str:
    """The type of a resource, in lower case; taken from its id where the row does not say."""
    if isinstance(row.get("type"), str):
        return str(row["type"]).lower()
    parts = natural(row.get("id")).partition("/providers/")[2].split("/")
    return "/".join([parts[0], *parts[1::2]]) if parts[0] else ""
