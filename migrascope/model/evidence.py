"""A value and where it was read."""

from __future__ import annotations

from typing import Any

from migrascope.model.base import Frozen
from migrascope.model.place import Place


class Evidence(Frozen):
    """A value and where it was read. `value` is null where nothing was read."""

    fact: str
    value: Any = None
    source: Place | None = None
