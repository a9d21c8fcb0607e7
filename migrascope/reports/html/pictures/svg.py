"""What every picture is made of. Colours stand in attributes, so that a host that drops the style leaves them; the style
overrides them in the dark."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

OURS: Final = "#123a7a"
CLAIM: Final = "#c9711a"
INK: Final = "#1b1f24"
LINE: Final = "#6a737d"


def picture(name: str, size: tuple[float, float], title: str, words: str, parts: Iterable[str]) -> str:
    """A picture with a title and what it says in words. `name` is its id in the page."""
    return (
        f'<svg viewBox="0 0 {size[0]:g} {size[1]:g}" role="img" aria-labelledby="{name}-title {name}-words">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-words">{escape(words)}</desc>{"".join(parts)}</svg>'
    )


def text(x: float, y: float, said: str, anchor: str = "start") -> str:
    """A text at a point of its base line."""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{INK}">{escape(said)}</text>'


def short(said: str, most: int) -> str:
    """A name that fits; all of it stands in the table beside the picture."""
    return said if len(said) <= most else f"{said[: most - 1]}…"
