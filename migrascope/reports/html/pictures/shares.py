"""How often each comes first, and how much of what was looked for was seen: shares as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from migrascope.reports.html.pictures.svg import CLAIM, LINE, OURS, picture, short, text
from migrascope.texts import Speech

_LEFT: Final = 250
_WIDTH: Final = 400
_ROW: Final = 26
_LONGEST: Final = 36


@dataclass(frozen=True, slots=True)
class Share:
    """A share from 0 to 1 between bounds; `said` stands behind the bar."""

    name: str
    low: float
    value: float
    high: float
    said: str


def shares(name: str, found: Sequence[Share], title: str, say: Speech) -> str:
    """Shares as bars on a whole, with the bounds as a line where there are any. Empty where there is none."""
    if not found:
        return ""
    parts: list[str] = []
    for number, share in enumerate(found):
        y = 4 + _ROW * number
        low, value, high = (_LEFT + _WIDTH * each for each in (share.low, share.value, share.high))
        parts += [
            text(_LEFT - 8, y + 14, short(share.name, _LONGEST), "end"),
            f'<rect x="{_LEFT}" y="{y + 2}" width="{_WIDTH}" height="14" fill="none" stroke="{LINE}" class="frame"/>',
            f'<rect x="{_LEFT}" y="{y + 2}" width="{value - _LEFT:.1f}" height="14" fill="{OURS}" class="ours"/>',
            text(_LEFT + _WIDTH + 8, y + 14, share.said),
        ]
        if high - low > 1:
            line = f'<path d="M{low:.1f} {y + 9} H{high:.1f}" stroke="{CLAIM}" stroke-width="3" class="bounds"/>'
            parts.append(line)
    words = "; ".join(say.say("{what}: {share}", what=share.name, share=share.said) for share in found)
    return picture(name, (_LEFT + _WIDTH + 130, 8 + _ROW * len(found)), title, words, parts)
