"""What calls what: a map of layers while it can be read, a matrix beyond."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from migrascope.model.landscape import Landscape, Tie
from migrascope.reports.html.pictures.layers import layered
from migrascope.reports.html.pictures.svg import CLAIM, INK, LINE, OURS, picture, short, text
from migrascope.texts import Speech, later

KINDS: Final = {
    "hard": later("cannot run apart"),
    "soft": later("can run apart"),
    "unknown": later("nobody said whether they can run apart"),
    "seen": later("seen, and not in the plan"),
}
_DASH: Final = {"hard": "", "soft": "2 3", "unknown": "7 4", "seen": "7 4"}
_COLOUR: Final = {"hard": OURS, "soft": LINE, "unknown": CLAIM, "seen": CLAIM}
_BOX: Final = (160, 26)
_GAP: Final = (56, 10)
_LONGEST: Final = 22
_READABLE: Final = 60
"""So many ties can be followed by eye."""
_CELL: Final = 14
_MATRIX_LEFT: Final = 200


def dependency_map(found: Landscape, say: Speech, first: str | None = None) -> str:
    """The map; `first` is the unit that is to go first. Empty where nothing is tied to anything."""
    if not found.ties:
        return ""
    title = say.say("What calls what, among what moves together")
    words = "; ".join(_words(tie, found, say) for tie in found.ties[:_READABLE])
    if len(found.ties) > _READABLE:
        size, parts = _matrix(found, first)
    else:
        size, parts = _map(found, first)
    legend = list(_legend(found, size[1] + 18, say))
    return picture("map", (max(size[0], 620), size[1] + 26), title, words, [*parts, *legend])


def _words(tie: Tie, found: Landscape, say: Speech) -> str:
    ends = {"caller": found.groups[tie.caller].name, "callee": found.groups[tie.callee].name}
    return say.say("{caller} calls {callee}: {kind}", kind=say.say(KINDS[tie.kind]), **ends)


def _map(found: Landscape, first: str | None) -> tuple[tuple[float, float], list[str]]:
    layout = layered(len(found.groups), [(tie.caller, tie.callee) for tie in found.ties])
    tallest = max(map(len, layout.columns))
    step = _BOX[0] + _GAP[0], _BOX[1] + _GAP[1]
    corner: dict[int, tuple[float, float]] = {
        node: (4.0 + step[0] * number, 4 + step[1] * (row + (tallest - len(column)) / 2))
        for number, column in enumerate(layout.columns)
        for row, node in enumerate(column)
    }
    parts = [_line(tie, [corner[node] for node in route]) for tie, route in zip(found.ties, layout.routes, strict=True)]
    parts += [part for node in range(len(found.groups)) for part in _box(node, corner[node], found, first)]
    return (4 + step[0] * len(layout.columns), 4 + step[1] * tallest), parts


def _line(tie: Tie, through: list[tuple[float, float]]) -> str:
    """From a side of the caller past others to a side of the called, with a head."""
    forward = through[-1][0] > through[0][0]
    leave, reach = (_BOX[0], 0) if forward else (0, _BOX[0])
    half = _BOX[1] / 2
    x, y = through[0][0] + leave, through[0][1] + half
    path = f"M{x:.1f} {y:.1f}"
    for place, (left, top) in enumerate(through[1:], start=1):
        end, level = left + reach, top + half
        bend = (end - x) / 2
        path += f" C{x + bend:.1f} {y:.1f} {end - bend:.1f} {level:.1f} {end:.1f} {level:.1f}"
        x, y = end, level
        if place < len(through) - 1:
            x = left + leave
            path += f" H{x:.1f}"
    dash = f' stroke-dasharray="{_DASH[tie.kind]}"' if _DASH[tie.kind] else ""
    head = f"M{x:.1f} {y:.1f} l{-7 if forward else 7} -4 v8 z"
    colour = _COLOUR[tie.kind]
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash} class="tie {tie.kind}"/>'
        f'<path d="{head}" fill="{colour}" class="head {tie.kind}"/>'
    )


def _box(node: int, corner: tuple[float, float], found: Landscape, first: str | None) -> Iterator[str]:
    group, (x, y) = found.groups[node], corner
    name = "box first" if group.unit == first else "box stays" if group.stays else "box"
    width = 3 if group.unit == first else 1
    dash = ' stroke-dasharray="4 3"' if group.stays else ""
    yield (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{_BOX[0]}" height="{_BOX[1]}" rx="4" fill="#ffffff" stroke="{INK}" '
        f'stroke-width="{width}"{dash} class="{name}"/>'
    )
    more = f" (+{group.members - 1})" if group.members > 1 else ""
    said = short(group.name.partition(" + ")[0], _LONGEST - len(more)) + more
    yield text(x + _BOX[0] / 2, y + 17, said, "middle")


def _matrix(found: Landscape, first: str | None) -> tuple[tuple[float, float], list[str]]:
    """Callers down, the called across, by number."""
    count = len(found.groups)
    side = _CELL * count
    parts = [
        f'<rect x="{_MATRIX_LEFT}" y="22" width="{side}" height="{side}" fill="none" stroke="{LINE}" class="frame"/>',
    ]
    for number, group in enumerate(found.groups):
        y = 22 + _CELL * number
        mark = "▸ " if group.unit == first else ""
        parts.append(text(_MATRIX_LEFT - 6, y + 11, f"{mark}{short(group.name, 26)}  {number + 1}", "end"))
        parts.append(text(_MATRIX_LEFT + _CELL * (number + 0.5), 16, str(number + 1), "middle"))
    for tie in found.ties:
        x, y = _MATRIX_LEFT + _CELL * tie.callee + 2, 24 + _CELL * tie.caller
        hollow = tie.kind != "hard"
        fill = "none" if hollow else _COLOUR[tie.kind]
        dash = f' stroke-dasharray="{_DASH[tie.kind]}"' if _DASH[tie.kind] else ""
        parts.append(
            f'<rect x="{x}" y="{y}" width="{_CELL - 4}" height="{_CELL - 4}" fill="{fill}" stroke="{_COLOUR[tie.kind]}" '
            f'stroke-width="2"{dash} class="cell {tie.kind}"/>'
        )
    return (_MATRIX_LEFT + side + 4, 22 + side), parts


def _legend(found: Landscape, y: float, say: Speech) -> Iterator[str]:
    x = 4.0
    for kind in [kind for kind in KINDS if any(tie.kind == kind for tie in found.ties)]:
        dash = f' stroke-dasharray="{_DASH[kind]}"' if _DASH[kind] else ""
        yield f'<path d="M{x:.0f} {y - 4:.0f} h30" stroke="{_COLOUR[kind]}" stroke-width="2"{dash} class="tie {kind}"/>'
        said = say.say(KINDS[kind])
        yield text(x + 36, y, said)
        x += 60 + 6.6 * len(said)
