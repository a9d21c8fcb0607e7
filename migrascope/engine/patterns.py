"""Regular expressions in linear time (RE2): an author's pattern can never hang the analysis."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

MAX_PATTERN: Final = 200


class PatternError(ValueError):
    """A text that is no pattern, or one that is too long."""


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> Any:
    import re2  # imported late: few rules need it

    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0]
        raise PatternError(reason.decode() if isinstance(reason, bytes) else str(reason)) from None


def check_pattern(pattern: str) -> None:
    """Raises PatternError where the text is no pattern."""
    if len(pattern) > MAX_PATTERN:
        raise PatternError(f"longer than {MAX_PATTERN} characters")
    _compiled(pattern)


@lru_cache(maxsize=16384)
def found(pattern: str, text: str) -> bool:
    """The pattern occurs in the text."""
    return _compiled(pattern).search(text) is not None
