"""The plan file: schema, references and duplicate keys checked in one go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, Final

from migrascope.model.memory import without_gc
from migrascope.model.place import Place
from migrascope.model.places import Path
from migrascope.model.plan import Plan
from migrascope.model.problem import InputError, Problem, suggestion
from migrascope.model.secrets import masked
from migrascope.readers.source import SourceText, read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import Document, parse

MOST_GUESSES: Final = 20
"""How many unknown names are compared with all known ones."""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan and where each part of it stands."""

    plan: Plan
    document: Document

    def at(self, path: Path) -> Place | None:
        """The place of a value, or of its nearest parent that exists; secrets in the excerpt are masked."""
        place = self.document.place(path)
        excerpt = masked(place.excerpt or "") or None
        return place if excerpt == place.excerpt else place.model_copy(update={"excerpt": excerpt})


def read_plan(path: FilePath, shown: str | None = None) -> PlanFile:
    """Read and check a plan, called `shown` in messages. Raises InputError with every problem that was found."""
    source = read_source(path)
    return plan_from(source if shown is None else SourceText(shown, source.text, source.raw))


def plan_from(source: SourceText) -> PlanFile:
    """A plan from text that is already read."""
    with without_gc():
        return _checked(source)


def _checked(source: SourceText) -> PlanFile:
    document = parse(source)
    for here in _mappings(document.data):
        _unknown_is_null(here)
        _name_days_and_callees(here, document)
    plan, problems = validate(Plan, document)
    problems += references(document)
    if plan is None or problems:
        raise InputError(*sorted(problems, key=lambda p: (p.place.line or 0, p.place.column or 0)))
    return PlanFile(plan, document)


def _unknown_is_null(here: dict[str, Any]) -> None:
    """`unknown` and null both mean: a gap on purpose."""
    for key, value in here.items():
        if value == "unknown" and key != "id":
            here[key] = None


def _name_days_and_callees(here: dict[str, Any], document: Document) -> None:
    """Read `date` (a day) and `to` (the workload that is called) as `on`: a YAML 1.1 tool turns a key `on` into true."""
    calls = [call for call in _records(here.get("dependencies")) if "to" in call]
    for name, mapping in (("date", here), *(("to", call) for call in calls)):
        if name in mapping and "on" not in mapping:
            for part in (mapping, document.keys.get(id(mapping), {}), document.values.get(id(mapping), {})):
                if name in part:
                    part["on"] = part.pop(name)


def _mappings(node: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a document once, also where anchors share it."""
    todo, seen = [node], set()
    while todo:
        here = todo.pop()
        if id(here) in seen or not isinstance(here, (dict, list)):
            continue
        seen.add(id(here))
        if isinstance(here, dict):
            yield here
        todo.extend(here.values() if isinstance(here, dict) else here)


def _ids(document: Document, section: str) -> Iterator[tuple[Path, str]]:
    items = document.data.get(section)
    for index, item in enumerate(items if isinstance(items, list) else []):
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            yield (section, index, "id"), item["id"]


def references(document: Document) -> list[Problem]:
    """Ids that stand twice, and references to what does not exist."""
    problems: list[Problem] = []
    known: dict[str, dict[str, Path]] = {}
    for section in ("workloads", "waves", "targets", "sites"):
        known[section] = {}
        for path, name in _ids(document, section):
            if name in known[section]:
                first = document.place(known[section][name]).line
                problems.append(
                    Problem(
                        f"two {section} are called `{name}`",
                        document.place(path),
                        f"the first is in line {first}; give one another id",
                        len(name),
                    )
                )
            known[section].setdefault(name, path)
    for path, name, section in _pointers(document.data):
        if name not in known[section]:
            guess = suggestion(name, list(known[section])) if len(problems) < MOST_GUESSES else ""
            help_ = guess or f"add it to `{section}`, or leave the reference out"
            noun = section.rstrip("s")
            problems.append(Problem(f"there is no {noun} `{name}`", document.place(path), help_, len(name)))
    return problems


def _pointers(data: dict[str, Any]) -> Iterator[tuple[Path, str, str]]:
    """Every reference: its path, the name it uses and the section it points into."""
    for index, workload in enumerate(_records(data.get("workloads"))):
        base: Path = ("workloads", index)
        if isinstance(workload.get("wave"), str):
            yield (*base, "wave"), workload["wave"], "waves"
        target = workload.get("target")
        if isinstance(target, dict) and isinstance(target.get("at"), str):
            yield (*base, "target", "at"), target["at"], "targets"
        for number, dependency in enumerate(_records(workload.get("dependencies"))):
            if isinstance(dependency.get("on"), str):
                yield (*base, "dependencies", number, "on"), dependency["on"], "workloads"
    for index, override in enumerate(_records(data.get("overrides"))):
        if isinstance(override.get("workload"), str):
            yield ("overrides", index, "workload"), override["workload"], "workloads"


def _records(value: Any) -> list[dict[str, Any]]:
    """The items of a list, those that are no mapping as empty ones, so that indexes stay true."""
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []
