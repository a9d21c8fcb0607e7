"""Relations and measurements: they come in millions, so they are columns and not objects.

Texts are kept once and referred to by number; a row is what `row(i)` builds on demand.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple


class TextColumn:
    """Every different text once; a text is its number."""

    __slots__ = ("_codes", "texts")

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._codes: dict[str, int] = {}

    def code(self, text: str) -> int:
        """The number of a text, new or known."""
        code = self._codes.get(text)
        if code is None:
            code = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return code


class Relation(NamedTuple):
    """One thing stands in a relation to another. `method` says how that was found, `detail` what ties them."""

    source: str
    target: str
    type: str
    method: str
    detail: str
    place: str


Tie = tuple[str, str, str, str]
"""Type, method, detail and place of a relation: a few of them serve for millions of rows."""


class Relations:
    """Columns: source and target as codes into `words`, and the number of a tie in `ties`."""

    __slots__ = ("_numbers", "source", "target", "tie", "ties", "words")

    def __init__(self) -> None:
        self.words = TextColumn()
        self.ties: list[Tie] = []
        self.source: array[int] = array("L")
        self.target: array[int] = array("L")
        self.tie: array[int] = array("L")
        self._numbers: dict[Tie, int] = {}

    def number(self, tie: Tie) -> int:
        """The number of a tie, new or known."""
        number = self._numbers.get(tie)
        if number is None:
            number = self._numbers[tie] = len(self.ties)
            self.ties.append(tie)
        return number

    def add(self, source: str, target: str, number: int) -> None:
        """Append one row, with the number of its tie."""
        self.source.append(self.words.code(source))
        self.target.append(self.words.code(target))
        self.tie.append(number)

    def __len__(self) -> int:
        return len(self.tie)

    def __iter__(self) -> Iterator[Relation]:
        texts = self.words.texts
        for source, target, number in zip(self.source, self.target, self.tie, strict=True):
            yield Relation(texts[source], texts[target], *self.ties[number])


class Measurement(NamedTuple):
    """One statistic of one metric of one resource over a window. `value` is absent (NaN) where it is not known."""

    id: str
    metric: str
    statistic: str
    unit: str
    window: str
    value: float
    samples: int
    coverage: float


class Measurements:
    """Columns: five of texts as codes into `words`, then value (float), samples (int) and coverage (0 to 1)."""

    __slots__ = ("coverage", "samples", "texts", "value", "words")

    def __init__(self) -> None:
        self.words = TextColumn()
        self.texts: tuple[array[int], ...] = tuple(array("L") for _ in range(5))
        self.value: array[float] = array("d")
        self.samples: array[int] = array("q")
        self.coverage: array[float] = array("d")

    def add(self, measurement: Measurement) -> None:
        """Append one row."""
        for column, text in zip(self.texts, measurement[:5], strict=True):
            column.append(self.words.code(text))
        self.value.append(measurement.value)
        self.samples.append(measurement.samples)
        self.coverage.append(measurement.coverage)

    def __len__(self) -> int:
        return len(self.value)

    def __iter__(self) -> Iterator[Measurement]:
        words = self.words.texts
        for index in range(len(self)):
            name, metric, statistic, unit, window = (words[column[index]] for column in self.texts)
            numbers = (self.value[index], self.samples[index], self.coverage[index])
            yield Measurement(name, metric, statistic, unit, window, *numbers)
