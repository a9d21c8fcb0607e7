"""Values that look like secrets: recognised so that no report repeats them and a rule can name where they stand."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

MASK: Final = "********"

_SECRET: Final = re.compile(
    r"(?ix)"
    r"(?P<key>(?:(?<![a-z])pass|pass(?:word|wd|phrase)|pwd|wachtwoord|secret|token|api[_-]?key|access[_-]?key|private[_-]?key"
    r"|connection[_-]?string|account[_-]?key|client[_-]?secret|(?<![a-z])sas)\b[\"']?\s*[:=]\s*)(?P<value>[^\s,;}\]]+)"
    r"|(?P<aws>\b(?:AKIA|ASIA)[A-Z0-9]{16}\b)"
    r"|(?P<github>\bgh[pousr]_[A-Za-z0-9]{20,})"
    r"|(?P<jwt>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*)"
    r"|(?P<pem>-----BEGIN\ [A-Z\ ]*PRIVATE\ KEY-----\S*)"
    r"|(?P<url>(?<=://)[^\s/:@]+:[^\s/@]+(?=@))"
)


@lru_cache(maxsize=8192)
def masked(text: str) -> str:
    """The text with every value that looks like a secret replaced."""
    return _SECRET.sub(lambda match: f"{match['key']}{MASK}" if match["key"] else MASK, text)


@lru_cache(maxsize=8192)
def holds_secret(text: str) -> bool:
    """Some part of the text looks like a secret."""
    return _SECRET.search(text) is not None
