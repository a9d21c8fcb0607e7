"""Where the parts of a plan stand."""

from __future__ import annotations

from typing import Protocol

from migrascope.model.place import Place

Path = tuple[str | int, ...]
"""Keys and indexes from the root of a file, such as `("workloads", 3, "owner", "business")`."""


class Places(Protocol):
    """Knows the place of every key and item of a file."""

    def at(self, path: Path) -> Place | None:
        """The place of a value, or of its nearest parent that exists."""


class Nowhere:
    """A plan that was not read from a file."""

    def at(self, path: Path) -> Place | None:  # noqa: ARG002 (the protocol's argument)
        return None
