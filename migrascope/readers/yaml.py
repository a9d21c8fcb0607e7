"""YAML with the line and column of every key and item, on the events of the C parser.

Scalars follow the core schema of YAML 1.2 (`no` is a word, `010` is ten). Duplicate keys are errors. Depth, size
and the expansion of aliases are capped, so that a hostile file is refused by name instead of filling the memory.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from migrascope.model.memory import without_gc
from migrascope.model.place import Place
from migrascope.model.problem import InputError, Problem
from migrascope.readers.source import SourceText

MAX_DEPTH: Final = 64
MAX_NODES: Final = 5_000_000
MAX_EXPANSION: Final = 200_000
"""How many nodes aliases may stand for in all."""

EXCERPT: Final = 200
"""Longest excerpt [characters]; of a longer line the part around the column is quoted."""

Spot = tuple[int, int]
"""Line and column, both from 0, as the parser counts."""

_LOADER: Final = getattr(yaml, "CLoader", yaml.Loader)
_INT: Final = re.compile(r"[-+]?[0-9]+\Z")
_BASED: Final = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), math.inf),
    "-.inf": -math.inf,
    ".nan": math.nan,
}
_CORE: Final = "tag:yaml.org,2002:"
_TYPED: Final = frozenset(f"{_CORE}{name}" for name in ("int", "float", "bool", "null"))
_TAGS: Final = _TYPED | {None, "!", f"{_CORE}str", f"{_CORE}map", f"{_CORE}seq"}
_STARTS: Final = frozenset("0123456789+-.")


@dataclass(slots=True)
class Document:
    """A YAML document as plain data, and where each part of it stands."""

    source: SourceText
    data: Any = None
    root: Spot = (0, 0)
    keys: dict[int, dict[str, Spot]] = field(default_factory=dict)
    """Where each key of a mapping stands, by the identity of the mapping."""
    values: dict[int, Any] = field(default_factory=dict)
    """Where each value of a mapping or sequence stands, by the identity of the container."""
    problems: list[Problem] = field(default_factory=list)
    merged: list[Any] = field(default_factory=list)
    empty: bool = True

    def spot(self, path: tuple[str | int, ...], *, key: bool = False) -> Spot:
        """Where the longest part of `path` that exists stands: its value, or its key."""
        here, spot = self.data, self.root
        for index, step in enumerate(path):
            if not _has(here, step):
                break
            last = index == len(path) - 1
            keys = self.keys.get(id(here), {})
            if isinstance(here, dict) and ((key and last) or not isinstance(here[step], (dict, list))):
                spot = keys.get(str(step), spot) if key and last else self.values[id(here)].get(step, spot)
            elif isinstance(here, dict):
                spot = keys.get(str(step), spot)
            else:
                spot = self.values[id(here)][step]
            here = here[step]
        return spot

    def place(self, path: tuple[str | int, ...], *, key: bool = False) -> Place:
        """The place of `path`, or of its nearest parent that exists, with the line's text."""
        line, column = self.spot(path, key=key)
        text = self.source.line(line + 1)
        if len(text) > EXCERPT:
            start = max(0, column - EXCERPT // 3)
            text = f"… {text[start : start + EXCERPT]} …"
        return Place(file=self.source.file, line=line + 1, column=column + 1, excerpt=text.strip() or None)

    def exists(self, path: tuple[str | int, ...]) -> bool:
        """True when every step of the path stands in the document."""
        here = self.data
        for step in path:
            if not _has(here, step):
                return False
            here = here[step]
        return True


def _has(container: Any, step: str | int) -> bool:
    if isinstance(container, dict):
        return step in container
    return isinstance(container, list) and isinstance(step, int) and step < len(container)


def scalar(text: str) -> Any:
    """The value of a plain scalar in the core schema of YAML 1.2."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _STARTS:
        if _INT.match(text):
            return int(text) if len(text) < 300 else text
        if _BASED.match(text):
            return int(text, 0) if len(text) < 300 else text
        if _FLOAT.match(text):
            return float(text)
    return text


def parse(source: SourceText) -> Document:
    """Read one document. Raises InputError on a syntax error or a breach of a cap; the rest is in `problems`."""
    builder = _Builder(source)
    try:
        with without_gc():
            for event in yaml.parse(source.text, Loader=_LOADER):
                builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        spot = (mark.line, mark.column) if mark else (0, 0)
        raise InputError(builder.problem(f"not valid YAML: {error.problem or error.context}", spot)) from None
    except yaml.YAMLError as error:
        reason = getattr(error, "reason", None) or str(error).split("\n", 1)[0]
        raise InputError(builder.problem(f"not a text file in YAML: {reason}", (0, 0))) from None
    return builder.document


_MISSING: Final = object()


class _Open:
    """A container that is being filled."""

    __slots__ = ("anchor", "key", "key_spot", "nodes", "spot", "spots", "value")

    def __init__(self, value: Any, anchor: str | None, spot: Spot) -> None:
        self.spot = spot
        self.value = value
        self.anchor = anchor
        self.key: Any = _MISSING
        self.key_spot: Spot = (0, 0)
        self.nodes = 1
        self.spots: Any = {} if isinstance(value, dict) else []


class _Builder:
    """Turns parser events into data and positions."""

    def __init__(self, source: SourceText) -> None:
        self.document = Document(source)
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.nodes = 0
        self.expanded = 0
        self.documents = 0

    def problem(self, message: str, spot: Spot, width: int = 1, help: str = "") -> Problem:  # noqa: A002
        line, column = spot
        place = Place(file=self.document.source.file, line=line + 1, column=column + 1)
        return Problem(message, place, help, width)

    def _refuse(self, message: str, spot: Spot) -> InputError:
        return InputError(self.problem(message, spot))

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event, {} if kind is yaml.MappingStartEvent else [])
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close()
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                raise self._refuse("a second document starts here; one file holds one", _spot(event))

    def _tag(self, event: Any) -> None:
        if event.tag not in _TAGS:
            raise self._refuse(f"the tag {event.tag} is not supported", _spot(event))

    def _scalar(self, event: Any) -> None:
        self._tag(event)
        plain = event.implicit[0] if event.tag is None else event.tag in _TYPED
        value = scalar(event.value) if plain else event.value
        if event.anchor:
            self.anchors[event.anchor] = (value, 1)
        top = self.stack[-1] if self.stack else None
        if top is not None and type(top.value) is dict and top.key is _MISSING:
            top.key, top.key_spot = event.value, _spot(event)
            return
        self._put(value, _spot(event), 1)

    def _open(self, event: Any, value: Any) -> None:
        self._tag(event)
        spot = _spot(event)
        if len(self.stack) >= MAX_DEPTH:
            raise self._refuse(f"nested deeper than {MAX_DEPTH} levels", spot)
        top = self.stack[-1] if self.stack else None
        if top is not None and type(top.value) is dict and top.key is _MISSING:
            raise self._refuse("a key has to be a word, not a list or a mapping", spot)
        opened = _Open(value, event.anchor, spot)
        if top is None:
            self.document.data, self.document.root, self.document.empty = value, spot, False
        elif not _merges(top):
            self._put(value, spot, 0)
        self.stack.append(opened)

    def _close(self) -> None:
        closed = self.stack.pop()
        self.document.values[id(closed.value)] = closed.spots
        if closed.anchor:
            self.anchors[closed.anchor] = (closed.value, closed.nodes)
        if self.stack:
            self.stack[-1].nodes += closed.nodes
            if _merges(self.stack[-1]):
                # What is merged is put in once it is whole; it is kept, so that its identity is not used again.
                self.document.merged.append(closed.value)
                self._put(closed.value, closed.spot, 0)

    def _alias(self, event: Any) -> None:
        spot = _spot(event)
        if event.anchor not in self.anchors:
            raise self._refuse(f"*{event.anchor} stands before its anchor is complete", spot)
        value, nodes = self.anchors[event.anchor]
        self.expanded += nodes
        if self.expanded > MAX_EXPANSION:
            raise self._refuse(f"aliases expand to more than {MAX_EXPANSION} nodes: an alias bomb", spot)
        top = self.stack[-1] if self.stack else None
        if top is not None and type(top.value) is dict and top.key is _MISSING:
            raise self._refuse("a key has to be a word, not an alias", spot)
        self._put(value, spot, nodes)

    def _put(self, value: Any, spot: Spot, nodes: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise self._refuse(f"more than {MAX_NODES} values", spot)
        if not self.stack:
            self.document.data, self.document.root, self.document.empty = value, spot, False
            return
        top = self.stack[-1]
        top.nodes += nodes
        if type(top.value) is list:
            top.value.append(value)
            top.spots.append(spot)
            return
        key, top.key = top.key, _MISSING
        if key == "<<":
            self._merge(top, value, spot)
        else:
            self._set(top, key, value, spot)

    def _set(self, top: _Open, key: str, value: Any, spot: Spot) -> None:
        keys = self.document.keys.setdefault(id(top.value), {})
        if key in keys:
            first = keys[key][0] + 1
            self.document.problems.append(
                self.problem(
                    f"`{key}` stands here twice",
                    top.key_spot,
                    len(key),
                    f"the first is in line {first}; keep one",
                )
            )
            return
        keys[key] = top.key_spot
        top.value[key] = value
        top.spots[key] = spot

    def _merge(self, top: _Open, value: Any, spot: Spot) -> None:
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, dict):
                raise self._refuse("`<<` takes a mapping or a list of mappings", spot)
            for key, inner in part.items():
                if key not in top.value:
                    top.value[key] = inner
                    top.spots[key] = spot


def _merges(top: _Open) -> bool:
    """The next value of the mapping belongs to `<<`."""
    return type(top.value) is dict and top.key == "<<"


def _spot(event: Any) -> Spot:
    mark = event.start_mark
    return mark.line, mark.column
