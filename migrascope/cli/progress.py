"""Progress for a person at a terminal: nothing in a pipe, nothing for what takes less than a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, Final

PATIENCE: Final = 1.0
"""How long nothing is shown [seconds]."""


class Progress:
    """Shows the stage that is being worked on, once it has taken longer than a person likes to wait."""

    def __init__(self, *, quiet: bool) -> None:
        self.shown = not quiet and sys.stderr.isatty()
        self.started = time.monotonic()
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if self.bar is not None:
            self.bar.stop()

    def stage(self, text: str) -> None:
        """Something is being done whose length nobody knows."""
        self.step(text, 0, 0)

    def step(self, text: str, done: int, total: int) -> None:
        """Something is being done, so far of so much."""
        if not self.shown or (self.bar is None and time.monotonic() - self.started < PATIENCE):
            return
        if self.bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self.bar = Bar(console=Console(stderr=True), transient=True)
            self.bar.start()
            self.task = self.bar.add_task(text, total=total or None)
        self.bar.update(self.task, description=text, completed=done, total=total or None)
