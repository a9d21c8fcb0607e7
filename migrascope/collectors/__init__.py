"""The outer world into inventory records. One module a source, one row in `SOURCES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

Progress = Callable[[str], None]
"""Told what is being read; the caller decides whether anybody sees it."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collector brings home: records for the inventory, and remarks for the person at the terminal."""

    records: tuple[Mapping[str, Any], ...]
    notes: tuple[str, ...] = ()


FileCollector = Callable[[Path, str | None, Progress], Collected]
"""Reads one file. The text is the day it was collected where the caller knows better than the file."""

SOURCES: Final[dict[str, str]] = {
    "rvtools": "migrascope.collectors.rvtools:collect",
}
"""Collectors that read a file, by the name of their command; imported when they are asked for."""


def collector(source: str) -> FileCollector:
    """The collector of a source."""
    module, name = SOURCES[source].split(":")
    function: FileCollector = getattr(import_module(module), name)
    return function
