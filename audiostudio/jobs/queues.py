"""One queue of jobs and the thread that runs them."""

import heapq
import itertools
import threading
from collections.abc import Callable

from audiostudio.jobs.handle import Ticket
from audiostudio.jobs.remote import Remote


class JobQueue:
    """Runs one job at a time: the highest priority first, among equals the first that came."""

    def __init__(self, name: str, remote: Remote, execute: Callable[[Ticket, Remote], None]) -> None:
        self.remote = remote
        self._execute = execute
        self._changed = threading.Condition()
        self._waiting: list[tuple[int, int, Ticket]] = []
        self._numbers = itertools.count()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=f"jobs-{name}", daemon=True)
        self._thread.start()

    def put(self, ticket: Ticket) -> None:
        with self._changed:
            heapq.heappush(self._waiting, (-ticket.job.priority, next(self._numbers), ticket))
            self._changed.notify()

    def withdraw(self, ticket: Ticket) -> bool:
        """Take `ticket` out; False when it is not waiting (any more)."""
        with self._changed:
            kept = [entry for entry in self._waiting if entry[2] is not ticket]
            found = len(kept) < len(self._waiting)
            self._waiting = kept
            heapq.heapify(self._waiting)
            return found

    def close(self) -> list[Ticket]:
        """Begin nothing more; gives the jobs that were waiting."""
        with self._changed:
            self._closed = True
            waiting, self._waiting = self._waiting, []
            self._changed.notify()
        return [ticket for _, _, ticket in waiting]

    def join(self, timeout: float) -> bool:
        """Wait until nothing runs; False after `timeout` seconds."""
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _work(self) -> None:
        try:
            while (ticket := self._take()) is not None:
                self._execute(ticket, self.remote)
                del ticket  # and all it holds, while the queue is idle
        finally:
            self.remote.close()

    def _take(self) -> Ticket | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed)
            return heapq.heappop(self._waiting)[2] if self._waiting else None
