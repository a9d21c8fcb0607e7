"""Facts that are fields of the plan."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from migrascope.estate.subjects import Subject, WaiverSubject
from migrascope.facts.asking import Asking
from migrascope.facts.types import BOOLEAN, DATE, NUMBER, TEXT, FactType, Read, Spec
from migrascope.model import plan as claims
from migrascope.model.place import Place
from migrascope.model.shape import FieldShape, shape
from migrascope.model.uncertain import Listing, Missing, Silent, Unknown

_SCALARS = {"text": TEXT, "number": NUMBER, "boolean": BOOLEAN, "date": DATE}


def plan_facts() -> dict[str, dict[str, Spec]]:
    """The fields of the plan, by kind of subject and dotted name."""
    models: dict[str, type[BaseModel]] = {
        "plan": claims.Plan,
        "wave": claims.Wave,
        "workload": claims.Workload,
        "dependency": claims.Dependency,
        "waiver": claims.Waiver,
    }
    return {kind: {spec.name: spec for spec in _fields(kind, model, ())} for kind, model in models.items()}


def _fields(kind: str, model: type[BaseModel], parents: tuple[FieldShape, ...]) -> list[Spec]:
    specs: list[Spec] = []
    for item in shape(model).values():
        path = (*parents, item)
        if item.record is not None and not item.many:
            specs += _fields(kind, item.record, path)
        elif item.scalar is not None or item.many:
            specs.append(_spec(kind, path, list_path=""))
    return specs


def _spec(kind: str, path: tuple[FieldShape, ...], list_path: str) -> Spec:
    last = path[-1]
    name = ".".join(step.name for step in path)
    full = f"{list_path}.{name}" if list_path else name
    return Spec(
        kind=kind,
        name=full,
        type=_type(kind, full, last),
        meaning=last.meaning,
        read=_reader(kind, full, path, in_list=bool(list_path)),
        places=_places(path, in_list=bool(list_path)),
        unit=last.unit,
        silence=last.silence,
        ask=last.ask,
    )


def _type(kind: str, full: str, field: FieldShape) -> FactType:
    inner = (
        FactType("choice", choices=field.choices) if field.scalar == "choice" else _SCALARS.get(field.scalar or "text", TEXT)
    )
    if not field.many:
        return inner
    if field.record is None:
        return FactType("list", item=inner)
    fields: dict[str, Spec] = {}
    for item in shape(field.record).values():
        if item.scalar is not None and not item.many:
            spec = _spec(kind, (item,), list_path=full)
            fields[item.name] = spec
    return FactType("list", fields=fields)


def _reader(kind: str, full: str, path: tuple[FieldShape, ...], *, in_list: bool) -> Read:
    attributes = tuple((step.attribute, step.name) for step in path)
    last = path[-1]

    def read(asking: Asking, holder: Any, subject: Subject) -> Any:
        here: Any = holder if in_list else asking.claim(holder)
        for attribute, _ in attributes:
            value = getattr(here, attribute)
            if value is None:
                on_purpose = attribute in here.model_fields_set
                return _nothing(kind, full, subject, last, on_purpose=on_purpose)
            here = value
        return Listing(here) if last.many else here

    return read


def _nothing(kind: str, full: str, subject: Subject, field: FieldShape, *, on_purpose: bool) -> Any:
    """What a field that is not given stands for."""
    missing = frozenset((Missing(kind, full, subject.id, "on_purpose" if on_purpose else "silent"),))
    if on_purpose:
        return Unknown(missing)
    if field.silence == "none" and field.many:
        return Listing(())
    if field.silence == "none" and field.scalar == "boolean":
        return False
    return Silent(missing) if field.silence in ("finding", "none") else Unknown(missing)


def _places(path: tuple[FieldShape, ...], *, in_list: bool) -> Any:
    names = tuple(step.name for step in path)

    def places(asking: Asking, _holder: Any, subject: Any) -> tuple[Place, ...]:
        if isinstance(subject, WaiverSubject):
            return (subject.place,) if subject.place is not None else ()
        place = asking.at((*subject.path, *(() if in_list else names)))
        return (place,) if place is not None else ()

    return places
