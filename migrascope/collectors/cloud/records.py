"""Inventory records out of answers. Only what is asked for by name gets in; texts are masked on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from migrascope import __version__
from migrascope.model.secrets import MASK, holds_secret, masked

Record = dict[str, Any]
Records = Iterator[Record]


@dataclass(frozen=True, slots=True)
class RecordOrigin:
    """Where an answer came from."""

    provider: str
    account: str
    region: str
    """`global` where the call is answered for all regions at once."""
    call: str
    at: str | None = None
    file: str | None = None
    partition: str = "aws"

    @property
    def scope(self) -> str:
        """The account and region, as coverage records name them."""
        return masked(f"{self.account}/{self.region}")

    @property
    def place(self) -> dict[str, str]:
        """Where the evidence stands."""
        found = {"file": self.file, "call": self.call, "scope": self.scope, "at": self.at}
        return {name: value for name, value in found.items() if value is not None}

    def arn(self, service: str, resource: str) -> str:
        """The ARN of a resource of this account and region."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def resource(
        self,
        kind: str,
        id_: str,
        name: str | None,
        attributes: Mapping[str, Any],
        *,
        region: str | None = None,
        zone: str | None = None,
    ) -> Record:
        """A resource. What is None is left out."""
        where = region or (None if self.region == "global" else self.region)
        head = {"kind": "resource", "type": kind, "id": masked(id_), "name": name and masked(name)}
        head |= {"region": where and masked(where), "zone": zone and masked(zone)}
        tail = {"provider": self.provider, "source": self.provider, "scope": self.scope, "place": self.place}
        kept = {key: _clean(value) for key, value in attributes.items() if value is not None}
        if kind == "server" and isinstance(attributes.get("tags"), Mapping):
            # Told before it is masked: what it is called and where it stands, never what it says.
            pairs = attributes["tags"].items()
            kept["annotation_secret"] = any(holds_secret(f"{key}={value}") for key, value in pairs)
        return {key: value for key, value in (head | tail).items() if value is not None} | {"attributes": kept}

    def relation(self, kind: str, source: str, target: str, method: str, detail: str = "") -> Record:
        """A relation between two resources."""
        head = {"kind": "relation", "type": kind, "source": masked(source), "target": masked(target), "method": method}
        return head | {"detail": masked(detail), "place": self.place}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, Mapping):
        return {masked(str(key)): _tagged(str(key), item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_clean(item) for item in value]
    return value


def header(collected_at: str | None, from_: str | None = None) -> Record:
    """The first line of an inventory. `from_`: who says when it was collected, where it was not we who asked."""
    head = {"kind": "header", "schema_version": 1, "tool": f"migrascope {__version__}", "collected_at": collected_at}
    return head | ({"collected_at_from": from_} if from_ else {})


def _tagged(key: str, value: Any) -> Any:
    """A tag whose name says that it is a secret is one, whatever it looks like."""
    return MASK if isinstance(value, str) and holds_secret(f"{key}={value}") else _clean(value)


def day(moment: Any) -> str | None:
    """The day of a moment, ISO 8601; None where there is none, or what stands there is no moment."""
    if isinstance(moment, dt.datetime):
        return moment.date().isoformat()
    try:
        return dt.date.fromisoformat(str(moment)[:10]).isoformat()
    except ValueError:
        return None


def tags(pairs: Any, key: str = "Key", value: str = "Value") -> dict[str, str] | None:
    """Tags out of a list of pairs or a mapping; None where the answer says nothing of them."""
    if isinstance(pairs, Mapping):
        return {str(name): str(text) for name, text in pairs.items()}
    if isinstance(pairs, list):
        return {str(pair[key]): str(pair.get(value) or "") for pair in pairs}
    if pairs is not None:
        raise ValueError("tags are no list of pairs")
    return None
