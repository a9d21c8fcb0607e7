"""A few workers over many tasks; what a task finds to ask further joins a queue of its own."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final

from migrascope.collectors.cloud.pace import Pace
from migrascope.collectors.cloud.tasks import Ended, Task

WORKERS: Final = 8
"""More gave nothing against real services and an emulator alike: the longest chain of pages sets the time."""
_TICK: Final = 0.5


@dataclass(slots=True)
class Tally:
    """What is shown while it runs."""

    done: int = 0
    total: int = 0
    by_status: Counter[str] = field(default_factory=Counter)


def work(
    tasks: Iterable[Task], perform: Callable[[Task], Ended], ended: Callable[[Ended], Iterable[Task]], pace: Pace,
    show: Callable[[Tally], None],
) -> Tally:  # fmt: skip
    """Perform all tasks. `ended` is called in this thread, one task at a time, and gives what is to be asked further.

    Listings, whose long answers take the processor, and questions about one thing, which take the network, are begun in
    turn, so that neither waits for the other to be done. On Ctrl-C, or a fault of our own, nothing new is begun; what
    runs ends at its next request.
    """
    queues = deque((deque(tasks), deque[Task]()))
    further = queues[1]
    tally = Tally(total=len(queues[0]))
    running: set[Future[Ended]] = set()
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="collect") as pool:
        try:
            while any(queues) or running:
                while any(queues) and len(running) < WORKERS:
                    queues.rotate()
                    running.add(pool.submit(perform, (queues[0] or queues[1]).popleft()))
                finished, running = wait(running, _TICK, FIRST_COMPLETED)
                for future in finished:
                    one = future.result()
                    found = list(ended(one))
                    further.extend(found)
                    tally.done, tally.total = tally.done + 1, tally.total + len(found)
                    tally.by_status[one.outcome.status] += 1
                show(tally)
        except BaseException:
            pace.stopped = True
            raise
    return tally
