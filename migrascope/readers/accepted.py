"""What is accepted beside a plan: a file of waivers, and a baseline of findings that were known before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from migrascope.model.base import Frozen
from migrascope.model.place import Place
from migrascope.model.plan import Waiver
from migrascope.model.problem import InputError, Problem
from migrascope.model.scalars import Items
from migrascope.readers.source import read_source
from migrascope.readers.validation import validate
from migrascope.readers.yaml import parse


class Waivers(Frozen):
    """The file of `--waivers`: as `waivers` in a plan."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    waivers: Items[Waiver]


def read_waivers(path: Path) -> tuple[tuple[Waiver, Place | None], ...]:
    """The waivers of a file, each with its place. Raises InputError."""
    document = parse(read_source(path))
    found, problems = validate(Waivers, document)
    if found is None or problems:
        raise InputError(*problems)
    return tuple((waiver, document.place(("waivers", number))) for number, waiver in enumerate(found.waivers))


_FINGERPRINT = re.compile(r"[0-9a-f]{32}")


def read_baseline(path: Path) -> frozenset[str]:
    """The fingerprints of a baseline: the first word of each line. Raises InputError."""
    source = read_source(path)
    found: set[str] = set()
    problems: list[Problem] = []
    for number, line in enumerate(source.text.splitlines(), start=1):
        word = line.split("#", 1)[0].split()
        if not word:
            continue
        if _FINGERPRINT.fullmatch(word[0]):
            found.add(word[0])
        else:
            place = Place(file=source.file, line=number, column=1)
            problems.append(Problem(f"`{word[0][:40]}` is no fingerprint", place, "make one with: review -f baseline=FILE"))
    if problems:
        raise InputError(*problems[:20])
    return frozenset(found)
