"""Problems as a person reads them: what, where, the line itself with a caret, and what to do."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import click

from migrascope.model.problem import InputError, Problem
from migrascope.model.secrets import masked
from migrascope.readers.source import read_source
from migrascope.texts.visible import visible

MOST: Final = 50
"""How many problems are shown; the count is of all."""
WIDEST: Final = 300
"""Longest line that is quoted [characters]."""


def show(error: InputError) -> None:
    """Print every problem to stderr."""
    for problem in error.problems[:MOST]:
        click.echo(visible(render(problem)), err=True)
    if len(error.problems) > 1:
        click.echo(f"{len(error.problems)} errors", err=True)


def render(problem: Problem) -> str:
    """One problem, with an excerpt where there is a line to show."""
    place = problem.place
    if place.line is None or place.file is None:
        return str(_plain(problem))
    gutter = " " * len(str(place.line))
    text = [f"error: {problem.message}", f"{gutter}--> {place}"]
    line = _line(place.file, place.line)
    if line is not None and len(line) <= WIDEST:
        shown = masked(line)
        text += [f"{gutter} |", f"{place.line} | {shown}"]
        if shown == line:
            text.append(f"{gutter} | {_indent(line, place.column or 1)}{'^' * max(1, problem.width)}")
    if problem.help:
        text.append(f"{gutter} = help: {problem.help}")
    return "\n".join(text)


def _plain(problem: Problem) -> str:
    where = f"{problem.place}: " if str(problem.place) else ""
    line = f"error: {where}{problem.message}"
    return f"{line}\n  = help: {problem.help}" if problem.help else line


def _indent(line: str, column: int) -> str:
    """Blanks as wide as what stands before the column; tabs stay tabs, so that the caret stands right."""
    return "".join("\t" if letter == "\t" else " " for letter in line[: column - 1]).ljust(column - 1)


def _line(file: str, number: int) -> str | None:
    lines = _lines(file)
    return lines[number - 1] if 0 < number <= len(lines) else None


@lru_cache(maxsize=8)
def _lines(file: str) -> list[str]:
    try:
        return read_source(Path(file)).lines if Path(file).is_file() else []
    except InputError:
        return []
