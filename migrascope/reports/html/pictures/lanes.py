"""The quarter as lanes: a step a row, on the days of the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from migrascope.reports.html.pictures.svg import CLAIM, LINE, OURS, picture, short, text
from migrascope.texts import Speech

_LEFT: Final = 330
_WIDTH: Final = 420
_ROW: Final = 24
_LONGEST: Final = 42


@dataclass(frozen=True, slots=True)
class Lane:
    """A step from a day until another."""

    name: str
    start: dt.date
    end: dt.date
    cutover: bool = False


def lanes(found: Sequence[Lane], start: dt.date, end: dt.date, say: Speech, stop: dt.date | None = None) -> str:
    """Steps as bars, the cutover in the other shade, the day on which it stops as a line. Empty where there is no step."""
    if not found:
        return ""
    start, end = min(start, *(lane.start for lane in found)), max(end, *(lane.end for lane in found))
    days = max(1, (end - start).days)

    def at(day: dt.date) -> float:
        return _LEFT + _WIDTH * (day - start).days / days

    height = 24 + _ROW * len(found) + 8
    parts = [part for month in _months(start, end) for part in _month(month, at(month), height)]
    for number, lane in enumerate(found):
        y = 24 + _ROW * number
        width = max(4.0, at(lane.end) - at(lane.start))
        fill, name = (CLAIM, "claim") if lane.cutover else (OURS, "ours")
        parts.append(text(_LEFT - 8, y + 14, short(lane.name, _LONGEST), "end"))
        bar = f'<rect x="{at(lane.start):.1f}" y="{y + 3}" width="{width:.1f}" height="14" fill="{fill}" class="{name}"/>'
        parts.append(bar)
    if stop is not None:
        x = at(stop)
        parts.append(f'<path d="M{x:.1f} 20 V{height}" stroke="{CLAIM}" stroke-width="2" stroke-dasharray="5 3" class="stop"/>')
    words = "; ".join(
        say.say("{what}: {start} to {end}", what=lane.name, start=lane.start.isoformat(), end=lane.end.isoformat())
        for lane in found
    )
    return picture("lanes", (_LEFT + _WIDTH + 20, height), say.say("The quarter, step by step"), words, parts)


def _months(start: dt.date, end: dt.date) -> list[dt.date]:
    """The first days of the months between two days."""
    first = start.replace(day=1)
    found = []
    while first <= end:
        if first >= start:
            found.append(first)
        first = (first + dt.timedelta(days=32)).replace(day=1)
    return found


def _month(first: dt.date, x: float, height: float) -> list[str]:
    line = f'<path d="M{x:.1f} 18 V{height:g}" stroke="{LINE}" stroke-width="1" opacity="0.5" class="grid"/>'
    return [line, text(x + 3, 13, f"{first:%Y-%m}")]
