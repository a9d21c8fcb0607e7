"""Claims as points beside the ranges that we come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from migrascope.reports.cost_words import about
from migrascope.reports.html.pictures.svg import CLAIM, OURS, picture, short, text
from migrascope.texts import Speech

_LEFT: Final = 190
_WIDTH: Final = 460
_ROW: Final = 26
_LONGEST: Final = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """A claim beside the range that we come to; `high` is None where something has no price."""

    name: str
    claimed: float
    low: float
    middle: float
    high: float | None


def bars(found: Sequence[Bar], say: Speech, currency: str) -> str:
    """Claims as points, our ranges as bars; an open end is an arrow. Empty where nothing can be compared."""
    if not found:
        return ""
    top = max(max(bar.claimed, bar.middle, bar.high or bar.middle) for bar in found) or 1.0
    height = _ROW * len(found) + 34
    title = say.say("What workloads cost a month: as claimed, and as priced again")
    words = [
        say.say("{name}: claimed {claimed}, priced again {low} to {high}", name=bar.name, claimed=about(bar.claimed, say),
                low=about(bar.low, say), high="?" if bar.high is None else about(bar.high, say))
        for bar in found
    ]  # fmt: skip
    parts: list[str] = []
    for number, bar in enumerate(found):
        parts += _row(bar, number, top, say)
    legend = height - 10
    parts += [
        f'<circle cx="{_LEFT + 6}" cy="{legend - 4}" r="5" fill="{CLAIM}" class="claim"/>',
        text(_LEFT + 18, legend, say.say("claimed")),
        f'<rect x="{_LEFT + 140}" y="{legend - 10}" width="26" height="10" fill="{OURS}" class="ours"/>',
        text(_LEFT + 174, legend, say.say("priced again")),
    ]
    return picture("cost-bars", (_LEFT + _WIDTH + 90, height), f"{title} ({currency})", "; ".join(words), parts)


def _row(bar: Bar, number: int, top: float, say: Speech) -> list[str]:
    y = 6 + _ROW * number
    start, end, claim = (_LEFT + _WIDTH * value / top for value in (bar.low, bar.high or bar.middle, bar.claimed))
    last = f"{about(bar.high, say)}" if bar.high is not None else f"≥ {about(bar.low, say)}"
    found = [
        text(_LEFT - 8, y + 13, short(bar.name, _LONGEST), "end"),
        f'<rect x="{start:.1f}" y="{y + 3}" width="{max(end - start, 2):.1f}" height="12" fill="{OURS}" class="ours"/>',
        f'<circle cx="{claim:.1f}" cy="{y + 9}" r="5" fill="{CLAIM}" class="claim"/>',
        text(max(end, claim) + 10, y + 13, last),
    ]
    if bar.high is None:
        found.insert(2, f'<path d="M{end:.1f} {y + 1} l8 8 l-8 8 z" fill="{OURS}" class="ours"/>')
    return found
