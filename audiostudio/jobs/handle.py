"""What whoever submitted a job holds in the hand."""

import threading
from collections import deque
from collections.abc import Callable, Mapping

from audiostudio.jobs.failure import Cancelled
from audiostudio.jobs.job import TERMINAL, Job, JobState, JsonObject, Outcome, Partial, Progress, Started
from audiostudio.jobs.log import EventLog, Listener
from audiostudio.jobs.operation import Operation
from audiostudio.jobs.protocol import Array, Frame


class Handle:
    """A submitted job. Every method may be called from any thread."""

    def __init__(self, job: Job, operation: Operation, cancel: Callable[["Handle"], None]) -> None:
        self.job = job
        self.operation = operation
        self.state = JobState.QUEUED
        self.progress = Progress(None)
        self.outcome: Outcome | None = None
        """None until the job has ended."""
        self._log = EventLog()
        self._ended = threading.Event()
        self._cancel = cancel
        self._sent: deque[Frame] = deque()
        self._wake: Callable[[], None] | None = None

    def events(self) -> Listener:
        """Every event from the beginning, then each new one as it comes, until the `Outcome`. Iterating blocks.

        Memory is bounded, see `EventLog`: who comes late may miss the oldest `Partial`s (`forgotten` counts them) and
        `Progress`es; who listens misses no `Partial`, and a job waits for a listener that is too far behind. So
        read on, or `close()` what this returns.
        """
        return self._log.read()

    @property
    def forgotten(self) -> int:
        """How many `Partial`s a new listener will not see."""
        return self._log.forgotten

    def send(self, data: JsonObject, arrays: Mapping[str, Array] | None = None) -> None:
        """Give a job in a worker process what it asked for, see `serve.Ask`."""
        self._sent.append(Frame("input", {"job": self.job.id, "data": data}, arrays or {}))
        wake = self._wake
        if wake is not None:
            wake()

    def cancel(self) -> None:
        """Ask the job to end; returns at once. It ends at its next yield, or is terminated, then killed.
        A job that ends in time with a result is DONE all the same."""
        self._cancel(self)

    def wait(self, timeout: float | None = None) -> Outcome:
        """How the job ended. Raises `TimeoutError` after `timeout` seconds."""
        if not self._ended.wait(timeout) or self.outcome is None:
            raise TimeoutError(f"{self.job.title} has not ended after {timeout} s")
        return self.outcome

    def result(self) -> JsonObject:
        """Wait for the result. Raises the job's `StudioError` or `Bug`, or `Cancelled`."""
        outcome = self.wait()
        if outcome.error is not None:
            raise outcome.error
        if outcome.result is None:
            raise Cancelled(self.job.title)
        return outcome.result


class Ticket(Handle):
    """The runner's side of a handle."""

    def __init__(self, job: Job, operation: Operation, cancel: Callable[[Handle], None]) -> None:
        super().__init__(job, operation, cancel)
        self._lock = threading.Lock()
        self._cancelled = False
        self._finished = False

    @property
    def cancelled(self) -> bool:
        return self._cancelled

    def next_sent(self) -> Frame | None:
        """What was sent and not taken yet."""
        return self._sent.popleft() if self._sent else None

    def request_cancel(self) -> None:
        """Raise the flag, wake who runs the job, wait for no listener any more."""
        with self._lock:
            self._cancelled = True
            wake = self._wake
        self._log.release()
        if wake is not None:
            wake()

    def wake_with(self, wake: Callable[[], None] | None) -> None:
        """What to call when the job is cancelled, from the canceller's thread; at once where it was already."""
        with self._lock:
            self._wake = wake
            late = self._cancelled
        if late and wake is not None:
            wake()

    def start(self) -> None:
        self.state = JobState.RUNNING
        self._log.post(Started())

    def emit(self, event: Progress | Partial) -> None:
        """May wait for slow listeners."""
        if isinstance(event, Progress):
            self.progress = event
        self._log.post(event)

    def finishes(self) -> bool:
        """True for the first who asks: he gives the outcome."""
        with self._lock:
            first, self._finished = not self._finished, True
            return first

    def finish(self, outcome: Outcome) -> None:
        assert outcome.state in TERMINAL
        self.state = outcome.state
        self.outcome = outcome
        self._log.release()
        self._log.post(outcome)
        self._ended.set()
