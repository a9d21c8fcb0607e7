"""How fast we may ask: a token bucket for each account, region and service, and a count of all requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field


class StoppedError(Exception):
    """Somebody wants the run to end."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled: float


@dataclass(slots=True)
class Pace:
    """Lets requests pass, no more than `rate` a second for each key, after a burst of as many."""

    rate: float
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    requests: int = 0
    stopped: bool = False
    buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, *key: str, faster: float = 1.0) -> None:
        """Wait until a request may go out. `faster`: for a service that allows so many times more. Raises StoppedError."""
        while True:
            if self.stopped:
                raise StoppedError
            wait = self._wait(key, self.rate * faster)
            if wait <= 0:
                return
            self.sleep(min(wait, 0.5))

    def _wait(self, key: tuple[str, ...], rate: float) -> float:
        with self.lock:
            now = self.clock()
            bucket = self.buckets.setdefault(key, _Bucket(max(rate, 1.0), now))
            bucket.tokens = min(max(rate, 1.0), bucket.tokens + (now - bucket.filled) * rate)
            bucket.filled = now
            if bucket.tokens < 1:
                return (1 - bucket.tokens) / rate
            bucket.tokens -= 1
            self.requests += 1
            return 0.0
