"""Several records of one resource become one: the one place in which it is decided which value counts.

Within one source the newest value of an attribute counts; across sources the one of more trust, then the newer one. Lists are
replaced and not united. Where one collection says two things, both are kept: the second is a *reading*, and what rests on the
attribute is a range. What lost is kept beside the winner as `superseded`. The order of records does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from migrascope.model.inventory import Resource

TRUST: Final[Mapping[str, int]] = {"aws": 3, "azure": 3, "vsphere": 3, "rvtools": 2, "terraform": 1, "csv": 1}
"""How far a source is trusted: who asked the platform itself before an export of it, and that before what people keep."""
_HEAD: Final = ("region", "zone", "provider")
_OWN: Final = frozenset({"attributes", "readings", "scopes", "superseded", "places", "times"})

_Rank = tuple[int, str]
"""Trust and the time of collection: what counts more is greater."""


def _rank(record: Resource) -> _Rank:
    return TRUST.get(str(record.get("source")), 1), str(record.get("collected_at") or "")


def resolve(records: Sequence[Resource]) -> Resource:
    """One record of several that describe the same resource."""
    ordered = sorted(records, key=lambda record: json.dumps(record, sort_keys=True, default=str))
    newest = max(map(_rank, ordered))
    base = next(record for record in ordered if _rank(record) == newest)
    merged: dict[str, Any] = {name: value for name, value in base.items() if name not in _OWN}
    attributes, places, readings, superseded = {}, {}, [], []
    for name in dict.fromkeys(name for record in ordered for name in record["attributes"]):
        best, others, lost = _decided(name, ordered)
        attributes[name] = best[0]
        if best[1] is not base:
            places[name] = _place(name, best[1])
        readings += [{"fact": name, "value": value, "place": _place(name, record)} for value, record in others]
        superseded += [_superseded(name, value, record) for value, record in lost]
    for name in ("name", *_HEAD):
        said = [(record[name], record) for record in ordered if name in record]
        if said:
            top = max(_rank(record) for _, record in said)
            merged[name] = next(value for value, record in said if _rank(record) == top)
            if name == "name":
                readings += _other_names(merged[name], said, top)
    readings += [reading for record in ordered if _rank(record) == newest for reading in record.get("readings", ())]
    merged |= {"attributes": attributes, "scopes": sorted({scope for record in ordered for scope in _scopes(record)})}
    extra = {"readings": _unique(readings), "superseded": _unique(superseded), "places": places}
    return merged | {name: value for name, value in extra.items() if value}


_Candidate = tuple[Any, Resource]


def _decided(name: str, records: Sequence[Resource]) -> tuple[_Candidate, list[_Candidate], list[_Candidate]]:
    """The value that counts; what the same collection says otherwise; and what counts for less."""
    said = [(record["attributes"][name], record) for record in records if name in record["attributes"]]
    top = max(_rank(record) for _, record in said)
    value, source = next(each for each in said if _rank(each[1]) == top)
    others: list[_Candidate] = []
    lost: list[_Candidate] = []
    for other, record in said:
        if record is source or other == value:
            continue
        if _rank(record) != top:
            lost.append((other, record))
        elif isinstance(value, list) and isinstance(other, list):
            value = value + [_placed(item, record) for item in other if item not in value]
        elif isinstance(value, dict) and isinstance(other, dict):
            value = {**other, **value}
        else:
            others.append((other, record))
    return (value, source), others, lost


def _other_names(name: str, said: Sequence[_Candidate], top: _Rank) -> list[dict[str, Any]]:
    others = {value: record for value, record in said if _rank(record) == top and value != name}
    return [{"fact": "name", "value": value, "place": record["place"]} for value, record in others.items()]


def _superseded(name: str, value: Any, record: Resource) -> dict[str, Any]:
    """What lost, as evidence: a list or a mapping as how many items it had."""
    shown = len(value) if isinstance(value, (list, dict)) else value
    lost = {"fact": name, "value": shown, "place": _place(name, record)}
    return lost | ({"collected_at": record["collected_at"]} if record.get("collected_at") else {})


def _place(name: str, record: Resource) -> Any:
    return record.get("places", {}).get(name, record["place"])


def _scopes(record: Resource) -> Sequence[str]:
    return record.get("scopes") or (record["scope"],)


def _placed(item: Any, record: Resource) -> Any:
    """An item that leaves its own record takes the file along."""
    if not isinstance(item, dict) or "place" not in item:
        return item
    return {**item, "place": {"file": record["place"].get("file", record["scope"]), **item["place"]}}


def _unique(items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [item for number, item in enumerate(items) if item not in items[:number]]
