"""What if: values that stand in the place of the plan's own, from `KEY=VALUE` or from a file.

A key is a path in the plan: `capacity.fte`, `profile`, `sites.hall.notice_by`. Items of a list are named by their `id`, or
by their number from 1. A workload may be named by its id alone: `wiki.criticality` is `workloads.wiki.criticality`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.place import Place
from migrascope.model.places import Path
from migrascope.model.plan import Plan
from migrascope.model.problem import InputError, Problem, suggestion
from migrascope.model.scalars import Text
from migrascope.readers.overlay import OverlaidPlan, data_of, overlaid
from migrascope.readers.plan import PlanFile
from migrascope.readers.source import decode, read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import parse


class ScenarioFile(Frozen):
    """A file with one scenario: its name, and what it sets."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    name: Text
    set: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is supposed, each with where that was written."""

    name: str
    changes: Mapping[str, Any]
    places: Mapping[str, Place]


def from_words(pairs: tuple[str, ...]) -> Scenario:
    """A scenario out of `KEY=VALUE`, each value as YAML. Raises InputError."""
    changes: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        key, place = key.strip(), Place(file="--what-if", excerpt=pair)
        if not sign or not key:
            raise InputError(Problem(f"`{pair}` sets nothing", place, "write KEY=VALUE, as in capacity.fte=3"))
        if key in changes:
            raise InputError(Problem(f"`{key}` is set twice", place, "give it once"))
        changes[key] = _value(value, place)
        places[key] = place
    return Scenario(", ".join(pairs), changes, places)


def _value(text: str, place: Place) -> Any:
    try:
        document = parse(decode(f"value: {text}".encode(), "--what-if"))
    except InputError as error:
        raise InputError(*(Problem(each.message, place, each.help) for each in error.problems)) from None
    if document.problems:
        raise InputError(*(Problem(each.message, place, each.help) for each in document.problems))
    return document.data["value"]


def from_file(path: FilePath) -> Scenario:
    """A scenario out of a file. Raises InputError."""
    document = parse(read_source(path))
    found, problems = validate(ScenarioFile, document)
    if found is None or problems:
        raise InputError(*problems)
    return Scenario(found.name, found.set, {key: document.place(("set", key), key=True) for key in found.set})


def supposing(file: PlanFile | OverlaidPlan, scenario: Scenario) -> OverlaidPlan:
    """The plan in which a scenario holds. Raises InputError with every key and value that does not fit the plan."""
    data = copy.deepcopy(data_of(file))
    told: dict[Path, Place] = {}
    problems: list[Problem] = []
    for key, value in scenario.changes.items():
        try:
            path = _found(data, key, scenario.places[key])
        except InputError as error:
            problems += error.problems
            continue
        _set(data, path, None if value == "unknown" else value)
        told[path] = scenario.places[key]
    if problems:
        raise InputError(*problems)
    return overlaid(file, data, told, told)


def _found(data: Any, key: str, place: Place) -> Path:
    """The path that a key means."""
    steps = key.split(".")
    if steps[0] not in Plan.model_fields:
        own = _item(data.get("workloads"), steps)
        if own is None:
            ids = [item.get("id", "") for item in data.get("workloads") or () if isinstance(item, dict)]
            guess = suggestion(steps[0], [*Plan.model_fields, *map(str, ids)])
            help_ = guess or "it begins with a field of the plan or the id of a workload"
            raise InputError(Problem(f"the plan has no `{steps[0]}`", place, help_))
        return ("workloads", *_rest(data["workloads"], steps, place))
    return (steps[0], *_rest(data.get(steps[0]), steps[1:], place))


def _rest(here: Any, steps: list[str], place: Place) -> Iterator[str | int]:
    """The steps from here on; what is not there yet is a mapping."""
    while steps:
        if not isinstance(here, list):
            yield steps[0]
            here, steps = (here.get(steps[0]) if isinstance(here, dict) else None), steps[1:]
            continue
        found = _item(here, steps)
        if found is None:
            names = [str(item.get("id")) for item in here if isinstance(item, dict) and item.get("id")]
            help_ = suggestion(steps[0], names) or f"there are {len(here)}, counted from 1"
            raise InputError(Problem(f"there is no `{steps[0]}` here", place, help_))
        index, used = found
        yield index
        here, steps = here[index], steps[used:]


def _item(items: Any, steps: list[str]) -> tuple[int, int] | None:
    """An item of a list by its id or its number, and how many steps name it: an id may hold dots."""
    if not isinstance(items, list):
        return None
    ids = {str(item["id"]): index for index, item in enumerate(items) if isinstance(item, dict) and item.get("id") is not None}
    for used in range(len(steps), 0, -1):
        name = ".".join(steps[:used])
        if name in ids:
            return ids[name], used
    number = int(steps[0]) if steps[0].isdecimal() else 0
    return (number - 1, 1) if 1 <= number <= len(items) else None


def _set(data: Any, path: Path, value: Any) -> None:
    here = data
    for step in path[:-1]:
        if isinstance(here, dict) and not isinstance(here.get(step), (dict, list)):
            here[step] = {}
        here = here[step]
    here[path[-1]] = value
