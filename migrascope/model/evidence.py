"""A value and where it was read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from migrascope.model.base import Frozen
from migrascope.model.place import Place

_UNFILLED: Final = re.compile(r"\{[a-z_.]+\}")
"""A list of which no item made the rule fire."""


class Evidence(Frozen):
    """A value and where it was read. `value` is null where nothing was read."""

    fact: str
    value: Any = None
    source: Place | None = None


def filled(template: str, evidence: Iterable[Evidence], shown: Callable[[Evidence], str]) -> str:
    """A message with its names filled in from the evidence; several values of one fact are listed."""
    values: dict[str, list[str]] = {}
    for item in evidence:
        values.setdefault(item.fact, []).append(shown(item))
    text = template
    for fact, said in values.items():
        text = text.replace("{" + fact + "}", ", ".join(dict.fromkeys(said)))
    return _UNFILLED.sub("–", text) if "{" in text else text


def rounded(value: Any) -> str:
    """A number as a person would say it, three digits or all that stand before the point; the rest as it is."""
    if not isinstance(value, float) or not math.isfinite(value):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 100 else f"{float(f'{value:.3g}'):g}"
