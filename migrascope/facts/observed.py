"""Facts that are attributes of what was seen: servers, databases, storage, networks."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable
from typing import Annotated, Any, Final, Literal, NotRequired, Required, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from migrascope.estate.subjects import ResourceSubject
from migrascope.facts.asking import Asking
from migrascope.facts.types import BOOLEAN, DATE, NUMBER, TEXT, FactType, Read, Spec
from migrascope.model.kinds import KINDS
from migrascope.model.place import Place
from migrascope.model.uncertain import NOTHING, Bounds, Fact, Known, Listing, Missing, Unknown

_TEXT_LISTS: Final = ("addresses", "ranges")
"""Lists that stand in one cell: where there is one, it is all there is; where there is none, the cell was blank."""


def observed_facts() -> dict[str, dict[str, Spec]]:
    """The attributes of everything that can be seen, by kind and name."""
    return {kind.name: _facts(kind.name, kind.attributes, kind.ask) for kind in KINDS.values()}


def _facts(kind: str, shape: Any, ask: str) -> dict[str, Spec]:
    specs: dict[str, Spec] = {}
    for name, hint in get_type_hints(shape, include_extras=True).items():
        annotation, info = _plain(hint)
        if name == "__pydantic_config__" or get_origin(annotation) is dict:
            continue
        type_ = _type(kind, name, annotation, info, ask)
        specs[name] = Spec(kind, name, type_, info.description or "", _reader(name, type_), _places(name), ask=ask, key=name)
    specs["name"] = Spec(kind, "name", TEXT, "Name", _name, _places("name"), ask=ask)
    return specs


def _plain(hint: Any) -> tuple[Any, FieldInfo]:
    info = FieldInfo()
    while get_origin(hint) in (Annotated, Required, NotRequired):
        if get_origin(hint) is Annotated:
            info = next((part for part in get_args(hint)[1:] if isinstance(part, FieldInfo)), info)
        hint = get_args(hint)[0]
    return hint, info


def _type(kind: str, path: str, annotation: Any, info: FieldInfo, ask: str) -> FactType:
    if get_origin(annotation) is Literal:
        return FactType("choice", choices=get_args(annotation))
    if get_origin(annotation) is list:
        inner = get_args(annotation)[0]
        if not hasattr(inner, "__required_keys__"):
            return FactType("list", item=TEXT)
        fields: dict[str, Spec] = {}
        for name, hint in get_type_hints(inner, include_extras=True).items():
            if name not in ("place", "__pydantic_config__"):
                kept, field_info = _plain(hint)
                full = f"{path}.{name}"
                type_ = _type(kind, full, kept, field_info, ask)
                fields[name] = Spec(
                    kind,
                    full,
                    type_,
                    field_info.description or "",
                    _item_reader(full, name, type_),
                    _item_places,
                    ask=ask,
                    key=name,
                )
        return FactType("list", fields=fields)
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = get_args(annotation)[0]
    if isinstance(info.json_schema_extra, dict) and info.json_schema_extra.get("format") == "date":
        return DATE
    return {str: TEXT, int: NUMBER, float: NUMBER, bool: BOOLEAN}[annotation]


def absent(subject: ResourceSubject, fact: str) -> Unknown:
    """Unknown, for a fact that the source does not give."""
    return Unknown(subject.absent(fact))


_PROVIDERS: Final = ("aws", "azure")


def at_a_provider(subject: ResourceSubject) -> bool:
    """It stands at a cloud provider, whose hypervisors and switches are its own affair."""
    return subject.record.get("provider") in _PROVIDERS


def supported_until(asking: Asking, subject: ResourceSubject, fact: str, found: tuple[str, str] | None) -> Fact[dt.date]:
    """Last day of support of a product and version that one of its attributes was read as; None: as nothing known."""
    if found is None:
        return Unknown.because(subject.kind, fact, subject.id, "undecidable", subject.attributes[fact])
    lifetime = asking.estate.knowledge.lifetimes.get(found)
    if lifetime is None or lifetime.ends is None:
        return Unknown.because(subject.kind, fact, subject.id, "no_knowledge", " ".join(found))
    return Known(lifetime.ends, subject.where)


def incomplete(subject: ResourceSubject, name: str) -> frozenset[Missing]:
    """Why a list of the subject may not be all there is; empty where it is."""
    if name not in subject.attributes:
        return subject.absent(name)
    lacking = subject.lacking(name)
    if lacking is None:
        return NOTHING
    return frozenset((Missing(subject.kind, name, subject.id, "incomplete", lacking),))


def _name(_asking: Asking, holder: Any, subject: ResourceSubject) -> Any:
    if "name" not in holder.record:
        return absent(subject, "name")
    return holder.record["name"]


def _reader(name: str, type_: FactType) -> Read:
    if type_.base == "list":
        return _list_reader(name)
    convert: Callable[[Any], Any] = dt.date.fromisoformat if type_.base == "date" else _same

    def read(_asking: Asking, holder: Any, subject: ResourceSubject) -> Any:
        if name not in holder.attributes:
            return absent(subject, name)
        value = convert(holder.attributes[name])
        others = [reading["value"] for reading in holder.record.get("readings", ()) if reading["fact"] == name]
        return _hull(subject, name, value, others) if others else value

    return read


def readings(subject: ResourceSubject, name: str) -> list[Any]:
    """Every value that one collection gives for a fact of a resource, that which counts first."""
    first = subject.record.get("name") if name == "name" else subject.attributes.get(name)
    return [first, *(reading["value"] for reading in subject.record.get("readings", ()) if reading["fact"] == name)]


def _same(value: Any) -> Any:
    return value


def _hull(subject: ResourceSubject, name: str, value: Any, others: list[Any]) -> Any:
    """Where two sources disagree, a number lies between them and anything else is unknown."""
    missing = frozenset((Missing(subject.kind, name, subject.id, "contradiction"),))
    numbers = [value, *others]
    if all(isinstance(number, (int, float)) and not isinstance(number, bool) for number in numbers):
        return Bounds(min(numbers), max(numbers), missing)
    return Unknown(missing)


def _list_reader(name: str) -> Read:
    def read(_asking: Asking, holder: Any, subject: ResourceSubject) -> Any:
        if name not in holder.attributes or (name in _TEXT_LISTS and not holder.attributes[name]):
            return absent(subject, name)
        lacking = None if name in _TEXT_LISTS else subject.lacking(name)
        if lacking is None:
            return Listing(tuple(holder.attributes[name]))
        missing = Missing(subject.kind, name, subject.id, "incomplete", lacking)
        return Listing(tuple(holder.attributes[name]), frozenset((missing,)))

    return read


def _item_reader(full: str, name: str, type_: FactType) -> Read:
    convert: Callable[[Any], Any] = dt.date.fromisoformat if type_.base == "date" else _same
    is_list = type_.base == "list"

    def read(_asking: Asking, holder: Any, subject: ResourceSubject) -> Any:
        if name not in holder:
            return absent(subject, full)
        return Listing(tuple(holder[name])) if is_list else convert(holder[name])

    return read


def _places(name: str) -> Callable[[Any, Any, ResourceSubject], tuple[Place, ...]]:
    def places(_asking: Asking, _holder: Any, subject: ResourceSubject) -> tuple[Place, ...]:
        readings = (r for r in subject.record.get("readings", ()) if r["fact"] == name)
        return (subject.place_of(name), *(Place(**reading["place"]) for reading in readings))

    return places


def _item_places(_asking: Asking, holder: Any, subject: ResourceSubject) -> tuple[Place, ...]:
    return (item_place(holder, subject),)


def item_place(item: Any, server: ResourceSubject) -> Place:
    """Where an item of one of a server's lists was read."""
    return Place(**{"file": server.record["place"].get("file"), **item.get("place", {})})
