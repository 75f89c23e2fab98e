"""The events of one job, for any number of listeners, in bounded memory."""

import bisect
import threading
from typing import Final

from audiostudio.jobs.job import Event, Outcome, Partial, Progress

MAX_PROGRESS: Final = 256
MAX_PARTIALS: Final = 4096
MAX_ARRAY_BYTES: Final = 64 * 2**20


class EventLog:
    """Events in order, replayed from the beginning for who comes late, until the `Outcome`.

    It holds the last `MAX_PROGRESS` `Progress`es and the last `MAX_PARTIALS` `Partial`s with at most `array_bytes`
    bytes of arrays (at least one `Partial`, whatever its size). Older ones are forgotten: who comes late does not see
    them, and `forgotten` counts the `Partial`s. Who listens already misses no `Partial`: `post` waits for the slowest
    listener before it forgets one, until `release`.
    """

    def __init__(self, array_bytes: int = MAX_ARRAY_BYTES) -> None:
        self._limit = array_bytes
        self._changed = threading.Condition()
        self._events: list[tuple[int, Event]] = []
        self._next = 0
        self._progress = 0
        self._partials = 0
        self._bytes = 0
        self._listeners: dict[int, int] = {}
        """Which event each has seen last, by the listener's `id()`."""
        self._released = False
        self._ended = False
        self.forgotten = 0

    def post(self, event: Event) -> None:
        """Add `event`; after an `Outcome` nothing more is taken."""
        with self._changed:
            if isinstance(event, Partial):
                self._make_room(_size(event))
            if self._ended:
                return
            self._count(event, 1)
            if self._progress > MAX_PROGRESS:
                self._drop(self._oldest(Progress))
            self._ended = isinstance(event, Outcome)
            self._events.append((self._next, event))
            self._next += 1
            self._changed.notify_all()

    def release(self) -> None:
        """Wait for no listener from now on."""
        with self._changed:
            self._released = True
            self._changed.notify_all()

    def read(self) -> "Listener":
        return Listener(self)

    def join(self, listener: int) -> None:
        with self._changed:
            self._listeners[listener] = -1

    def leave(self, listener: int) -> None:
        with self._changed:
            if self._listeners.pop(listener, None) is not None:
                self._changed.notify_all()

    def after(self, listener: int, timeout: float | None = None) -> Event | None:
        """The first event that `listener` has not seen; None when it has left, or after `timeout` seconds."""
        with self._changed:
            came = self._changed.wait_for(
                lambda: listener not in self._listeners or self._unseen(listener) < len(self._events), timeout
            )
            if not came or listener not in self._listeners:
                return None
            number, event = self._events[self._unseen(listener)]
            self._listeners[listener] = number
            self._changed.notify_all()
            return event

    def _unseen(self, listener: int) -> int:
        return bisect.bisect_right(self._events, self._listeners[listener], key=lambda entry: entry[0])

    def _make_room(self, size: int) -> None:
        while self._partials and (self._partials >= MAX_PARTIALS or self._bytes + size > self._limit):
            oldest = self._oldest(Partial)
            number = self._events[oldest][0]
            if not self._released and any(seen < number for seen in list(self._listeners.values())):
                self._changed.wait()
                continue
            self._drop(oldest)
            self.forgotten += 1

    def _drop(self, index: int) -> None:
        self._count(self._events.pop(index)[1], -1)

    def _count(self, event: Event, sign: int) -> None:
        if isinstance(event, Partial):
            self._partials += sign
            self._bytes += sign * _size(event)
        elif isinstance(event, Progress):
            self._progress += sign

    def _oldest(self, kind: type[Event]) -> int:
        return next(index for index, (_, event) in enumerate(self._events) if isinstance(event, kind))


class Listener:
    """Iterates over every event held, then over each new one as it comes; ends after the `Outcome`. Blocks.

    The job may wait for it from the moment it is made until it is exhausted, closed or collected.
    """

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._open = True
        log.join(id(self))

    def __iter__(self) -> "Listener":
        return self

    def __next__(self) -> Event:
        event = self.next(None)
        if event is None:
            raise StopIteration
        return event

    def next(self, timeout: float | None) -> Event | None:
        """The next event; None after `timeout` seconds, and when there will be none any more."""
        event = self._log.after(id(self), timeout) if self._open else None
        if isinstance(event, Outcome):
            self.close()
        return event

    def close(self) -> None:
        """Listen no more; from another thread, this also ends an iteration that waits."""
        self._open = False
        self._log.leave(id(self))

    def __del__(self) -> None:
        self.close()


def _size(event: Event) -> int:
    return sum(array.nbytes for array in event.arrays.values()) if isinstance(event, Partial) else 0
