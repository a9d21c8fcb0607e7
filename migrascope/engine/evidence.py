"""What a finding rests on: each fact that the rule named, its value and where it was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel

from migrascope.engine import nodes
from migrascope.engine.compiled import CompiledRule
from migrascope.engine.evaluate import OnSubject, truth
from migrascope.estate.subjects import ResourceSubject, Subject
from migrascope.facts.asking import Asking
from migrascope.facts.catalogue import Ref, holder, read
from migrascope.facts.observed import readings
from migrascope.facts.types import Spec
from migrascope.model.evidence import Evidence
from migrascope.model.place import Place
from migrascope.model.uncertain import Bounds, Listing, Silent, Unknown

_LISTED: Final = 100
"""So many items of a list are told as evidence; beyond that, how many there are."""
_JSON: Final = frozenset((str, int, bool, type(None)))


def plain(value: Any) -> Any:
    """A value as JSON writes it: no objects of ours, dates as ISO 8601, null where nothing is known."""
    if type(value) in _JSON:
        return value
    if isinstance(value, (Unknown, Silent)):
        return None
    if isinstance(value, Bounds):
        return {"at_least": plain(value.low), "at_most": plain(value.high)}
    if isinstance(value, (Listing, tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, Subject):
        return value.id
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.timedelta):
        return value.days
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else round(value, 3)
    if isinstance(value, (str, int)):
        return value
    return getattr(value, "name", None) or str(value)


def gather(asking: Asking, rule: CompiledRule, subject: Subject) -> tuple[Evidence, ...]:
    """The facts that a rule named about a subject, in the order in which it named them."""
    found: list[Evidence] = []
    told: set[str] = set()
    for node in rule.asked:
        new = [evidence for evidence in _of(asking, node, subject) if evidence.fact not in told or not _stands(evidence, found)]
        told.update([evidence.fact for evidence in new])
        found += new
    return tuple(found)


def _stands(evidence: Evidence, found: list[Evidence]) -> bool:
    """The same fact from the same place is among those that were found before."""
    return any(other.fact == evidence.fact and str(other.source) == str(evidence.source) for other in found)


def _of(asking: Asking, node: nodes.Node, subject: Subject) -> Iterator[Evidence]:
    if isinstance(node, nodes.Name):
        yield from _of_name(asking, node.ref, subject)
    elif isinstance(node, nodes.Over) and isinstance(node.items, nodes.Name):
        yield from _of_items(asking, node, node.items.ref, subject)


def _of_name(asking: Asking, ref: Ref, subject: Subject) -> Iterator[Evidence]:
    value = read(asking, ref, subject)
    owner = holder(asking, ref, subject)
    if owner is None:
        yield Evidence(fact=ref.name)
        return
    places = ref.spec.places(asking, owner, owner)
    if len(places) > 1 and isinstance(owner, ResourceSubject) and not ref.spec.computed:
        for each, place in zip(readings(owner, ref.spec.name), places, strict=True):
            yield Evidence(fact=ref.name, value=plain(each), source=place)
        return
    shown = plain(value)
    if isinstance(shown, list) and len(shown) > _LISTED:
        # A thousand servers on one disk would each name a thousand others.
        shown = {"items": shown[:_LISTED], "of": len(shown)}
    for source in places or (None,):
        yield Evidence(fact=ref.name, value=shown, source=source)


def _of_items(asking: Asking, node: nodes.Over, ref: Ref, subject: Subject) -> Iterator[Evidence]:
    """The items of a list that made the condition true."""
    listing = read(asking, ref, subject)
    if not isinstance(listing, Listing) or node.each is None or node.each.type.base != "boolean":
        return
    lookup = OnSubject(asking, subject)
    specs = {part.spec.name: part.spec for part in node.each.walk() if isinstance(part, nodes.ItemName)}
    for item in listing:
        if truth(node.each, lookup, item) is not True:
            continue
        if isinstance(item, Subject):
            yield Evidence(fact=ref.name, value=item.name, source=_subject_place(asking, item))
        else:
            yield Evidence(
                fact=ref.name, value=_item(asking, item, specs, subject), source=_item_place(asking, item, specs, subject)
            )


def _subject_place(asking: Asking, subject: Subject) -> Place | None:
    if isinstance(subject, ResourceSubject):
        return subject.place
    return asking.at(subject.path)  # type: ignore[attr-defined]


def _item(asking: Asking, item: Any, specs: dict[str, Spec], subject: Subject) -> Any:
    if isinstance(item, BaseModel):
        item_names = (getattr(item, field, None) for field in ("name", "id", "what", "on"))
        head = next((plain(name) for name in item_names if name is not None), None)
    elif isinstance(item, dict):
        head = item.get("name", item.get("path"))
    else:
        return plain(item)
    shown = {} if head is None else {"name": head}
    for spec in specs.values():
        value = plain(spec.read(asking, item, subject))
        if value is not None:
            shown[spec.name.rpartition(".")[2]] = value
    return shown


def _item_place(asking: Asking, item: Any, specs: dict[str, Spec], subject: Subject) -> Place | None:
    for spec in specs.values():
        places = spec.places(asking, item, subject)
        if places:
            return places[0]
    return None
