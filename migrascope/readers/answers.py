"""Answers: the questions filled in by people, read back as declared evidence."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.place import Place
from migrascope.model.places import Path
from migrascope.model.plan import SECTIONS
from migrascope.model.problem import InputError, Problem
from migrascope.model.scalars import Day, Items, Text
from migrascope.readers.answer_sheet import is_workbook, read_answer_sheet
from migrascope.readers.overlay import OverlaidPlan, overlaid
from migrascope.readers.plan import PlanFile
from migrascope.readers.source import read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import Document, parse


class SheetAnswer(Frozen):
    """What one person says about one subject."""

    subject: Text
    answer: Any = None
    by: Text | None = None
    on: Day | None = None


class Asked(Frozen):
    """One question with its answers."""

    fact: Text
    question: Text | None = None
    ask: Text | None = None
    meaning: Text | None = None
    answers: Items[SheetAnswer] = ()


class Answers(Frozen):
    """A file of answers."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    plan: Text | None = None
    questions: Items[Asked] = ()


def answered(file: PlanFile, path: FilePath) -> OverlaidPlan:
    """Lay answers, as YAML or in the workbook, over a plan. Raises InputError with every answer that does not fit it."""
    document = read_answer_sheet(path) if is_workbook(path) else parse(read_source(path))
    answers, problems = validate(Answers, document)
    if answers is None or problems:
        raise InputError(*problems)
    data = copy.deepcopy(file.document.data)
    declared: dict[Path, Place] = {}
    origin: dict[Path, Path] = {}
    for where, fact, answer in _given(answers):
        target = _target(file.document.data, fact, answer.subject)
        problem = _unfit(answer, target, document, where, fact)
        if problem is not None:
            problems.append(problem)
        elif target is not None and _set(data, target, answer.answer):
            declared[target] = Place(person=answer.by, date=str(answer.on))
            origin[target] = where
    if problems:
        raise InputError(*problems)
    written = {target: document.place((*where, "answer")) for target, where in origin.items()}
    return overlaid(file, data, declared, written)


def _given(answers: Answers) -> Iterator[tuple[Path, str, SheetAnswer]]:
    for number, asked in enumerate(answers.questions):
        for index, answer in enumerate(asked.answers):
            if answer.answer is not None:
                yield ("questions", number, "answers", index), asked.fact, answer


def _unfit(answer: SheetAnswer, target: Path | None, document: Document, where: Path, fact: str) -> Problem | None:
    """Why an answer cannot be used."""
    kind = fact.partition(".")[0]
    if kind not in ("plan", *SECTIONS):
        message = f"`{fact}` is seen and not said: an answer cannot take its place"
        return Problem(message, document.place(where), "mend it at the source and collect again")
    if target is None:
        place = document.place((*where, "subject"))
        return Problem(f"this plan has no {kind} `{answer.subject}`", place, "is it for another plan?")
    if answer.by is None or answer.on is None:
        return Problem("an answer needs `by` and `on`", document.place(where), "who says so, and on which day")
    return None


def _target(data: dict[str, Any], fact: str, subject: str) -> Path | None:
    """The path in the plan that an answer is about; None where the plan has no such subject."""
    kind, _, name = fact.partition(".")
    steps = tuple(name.split("."))
    if kind == "plan":
        return steps
    section = SECTIONS.get(kind)
    for index, item in enumerate(data.get(section) or () if section else ()):
        if isinstance(item, dict) and item.get("id") == subject:
            return (section or "", index, *steps)
    return None


def _set(data: Any, path: Path, value: Any) -> bool:
    """Put a value where the plan is silent; what the plan says stays as it is."""
    here = data
    for step in path[:-1]:
        if isinstance(here, dict) and here.get(step) is None:
            here[step] = {}
        here = here[step]
    if not isinstance(here, dict) or here.get(path[-1]) is not None:
        return False
    here[path[-1]] = value
    return True
