"""Runs jobs: queues, worker processes, and the store that remembers them."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Final, Self

from audiostudio.errors import NotFound, RequestError, StudioError, WorkerDied
from audiostudio.jobs.body import run_body
from audiostudio.jobs.eta import TimeLeft
from audiostudio.jobs.failure import Bug, error_json
from audiostudio.jobs.handle import Handle, Ticket
from audiostudio.jobs.job import Job, JobState, Outcome, Partial, Progress
from audiostudio.jobs.operation import Operation, Place
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.queues import JobQueue
from audiostudio.jobs.remote import Grace, Remote
from audiostudio.jobs.store import JobStore, StoredJob

HEARTBEAT_SECONDS: Final = 5.0
LOST_AFTER: Final = timedelta(seconds=60)
"""Without a heartbeat; judges only owners that cannot be seen from here, such as those before a restart."""
PERSIST_SECONDS: Final = 1.0
REMEMBERED: Final = 256
"""Jobs that are not stored and can be run again all the same."""
_log = logging.getLogger(__name__)


class Runner:
    """Submits, runs, cancels and recovers jobs.

    `context()` builds, when the first job in a thread comes, what bodies in threads are given. `worker_command(queue)`
    is the command line of a queue's worker process, which ends in `jobs.serve`; `--memory BYTES` is appended to it
    for operations with such a limit (so give the operations of one queue the same). `clock` counts seconds.
    """

    def __init__(
        self,
        operations: Mapping[str, Operation],
        context: Callable[[], Any],
        worker_command: Callable[[str], Sequence[str]],
        store: JobStore,
        *,
        clock: Callable[[], float] = time.monotonic,
        grace: Grace | None = None,
    ) -> None:
        self._operations = operations
        self._make_context = context
        self._context: list[Any] = []
        self._context_lock = threading.Lock()
        self._worker_command = worker_command
        self._store = store
        self._clock = clock
        self._grace = grace or Grace()
        self._owner = Owner.current()
        self._lock = threading.RLock()
        self._queues: dict[str, JobQueue] = {}
        self._active: dict[str, Ticket] = {}
        self._forgettable: dict[str, Job] = {}
        self._callbacks: list[Callable[[Handle], None]] = []
        self._closed = threading.Event()
        self._heart: threading.Thread | None = None

    def submit(self, job: Job) -> Handle:
        """Put `job` into its operation's queue. Raises `RequestError` for an unknown operation, `StorageError`
        when the job cannot be stored."""
        operation = self._operations.get(job.operation)
        if operation is None:
            raise RequestError(f"This version cannot do “{job.operation}”.", "Update Audio Studio.")
        ticket = Ticket(job, operation, self._cancel)
        if operation.keep and not self._closed.is_set():
            self._store.add(job, self._owner)  # may wait for other programs: not under the lock
        with self._lock:
            closed = self._closed.is_set()
            if not closed:
                if operation.keep:
                    self._start_heart()
                self._active[job.id] = ticket
                queue = self._queue(operation.queue)
        if closed:
            self._persist(ticket, JobState.INTERRUPTED)
            raise RuntimeError("the runner is closed")
        self._announce(ticket)
        queue.put(ticket)
        return ticket

    def retry(self, job_id: str) -> Handle:
        """Submit the same request once more, as a new job. Raises `NotFound`."""
        job = self._known(job_id)
        return self.submit(Job(job.operation, job.request, job.title, job.priority, job.project))

    def active(self) -> list[Handle]:
        """The jobs that wait or run, in the order of their coming."""
        with self._lock:
            return list(self._active.values())

    def listen(self, callback: Callable[[Handle], None]) -> Callable[[], None]:
        """Call `callback(handle)` when a job was submitted and whenever its state changed, from the thread where
        that happens. Returns what ends that."""
        with self._lock:
            self._callbacks.append(callback)

        def unlisten() -> None:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

        return unlisten

    def recover(self) -> list[StoredJob]:
        """Mark the stored jobs whose owner died as INTERRUPTED and return them; a living process keeps its own."""
        recovered = []
        for stored in self._store.jobs({JobState.QUEUED, JobState.RUNNING}):
            alive = stored.owner.alive()
            if alive is None:
                alive = datetime.now(UTC) - stored.heartbeat < LOST_AFTER
            if not alive and self._store.update(stored.job.id, state=JobState.INTERRUPTED):
                recovered.append(self._store.get(stored.job.id))
        return recovered

    def close(self, grace: Grace = Grace(2.0, 1.0)) -> None:  # noqa: B008 - frozen
        """Interrupt everything and end every worker process. Takes at most about `grace` and some seconds.

        Only a body in a thread that never yields again outlives this; its job is INTERRUPTED all the same.
        """
        with self._lock:
            self._closed.set()
            self._grace = grace
            queues = list(self._queues.values())
        for queue in queues:
            for ticket in queue.close():
                self._finish(ticket, Outcome(JobState.INTERRUPTED))
        for ticket in self._running():
            ticket.request_cancel()
        deadline = time.monotonic() + grace.flag + grace.terminate + 2.0
        for queue in queues:
            if not queue.join(max(deadline - time.monotonic(), 0.0)):
                queue.remote.kill()
                queue.join(2.0)
        for ticket in self._running():
            self._finish(ticket, Outcome(JobState.INTERRUPTED))
        if self._heart is not None:
            self._heart.join(5.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _queue(self, name: str) -> JobQueue:
        if name not in self._queues:
            remote = Remote(f"worker-{name}", lambda: self._worker_command(name), lambda: self._grace)
            self._queues[name] = JobQueue(name, remote, self._execute)
        return self._queues[name]

    def _running(self) -> list[Ticket]:
        with self._lock:
            return list(self._active.values())

    def _known(self, job_id: str) -> Job:
        with self._lock:
            if job_id in self._active:
                return self._active[job_id].job
            if job_id in self._forgettable:
                return self._forgettable[job_id]
        return self._store.get(job_id).job

    def _cancel(self, handle: Handle) -> None:
        with self._lock:
            ticket = self._active.get(handle.job.id)
            queue = self._queues.get(handle.operation.queue)
        if ticket is None or queue is None:
            return
        ticket.request_cancel()
        if queue.withdraw(ticket):
            self._finish(ticket, Outcome(JobState.CANCELLED))

    def _execute(self, ticket: Ticket, remote: Remote) -> None:
        """In the queue's thread: one job from its start to its outcome."""
        if ticket.cancelled:
            self._finish(ticket, Outcome(JobState.CANCELLED))
            return
        ticket.start()
        self._persist(ticket, state=JobState.RUNNING)
        self._announce(ticket)
        emit = _Emitter(ticket, self._clock, self._persist)
        try:
            if ticket.operation.place is Place.PROCESS:
                outcome = remote.run(ticket, emit)
            else:
                outcome = self._run_here(ticket, emit)
        except BaseException as error:  # noqa: BLE001 - the job runner: a bug, or sys.exit(), ends the job, not the queue
            outcome = Outcome(JobState.FAILED, error=Bug.of(error))
        if outcome.state is JobState.CANCELLED and self._closed.is_set():
            outcome = Outcome(JobState.INTERRUPTED)
        self._finish(ticket, outcome)

    def _run_here(self, ticket: Ticket, emit: Callable[[Progress | Partial], None]) -> Outcome:
        try:
            return run_body(
                ticket.operation.body, self._built_context, ticket.job.request, lambda: ticket.cancelled, emit
            )
        except MemoryError:
            error = WorkerDied("The computer ran out of memory.", "Close other programs, then run the job again.")
            return Outcome(JobState.FAILED, error=error)

    def _built_context(self) -> Any:
        with self._context_lock:
            if not self._context:
                self._context.append(self._make_context())
            return self._context[0]

    def _finish(self, ticket: Ticket, outcome: Outcome) -> None:
        if not ticket.finishes():
            return
        error = None if outcome.error is None else error_json(outcome.error)
        self._persist(ticket, outcome.state, ticket.progress, outcome.result, error)
        with self._lock:
            self._active.pop(ticket.job.id, None)
            if not ticket.operation.keep:
                self._forgettable[ticket.job.id] = ticket.job
                while len(self._forgettable) > REMEMBERED:
                    del self._forgettable[next(iter(self._forgettable))]
        ticket.finish(outcome)
        self._announce(ticket)

    def _persist(
        self,
        ticket: Ticket,
        state: JobState | None = None,
        progress: Progress | None = None,
        result: dict[str, Any] | None = None,
        error: dict[str, Any] | None = None,
    ) -> None:
        if not ticket.operation.keep:
            return
        try:
            self._store.update(ticket.job.id, state=state, progress=progress, result=result, error=error)
        except NotFound:
            _log.info("job %s was removed from the store while it ran", ticket.job.id)
        except StudioError as problem:
            _log.warning("the state of job %s could not be stored: %s", ticket.job.id, problem)

    def _announce(self, ticket: Ticket) -> None:
        with self._lock:
            callbacks = list(self._callbacks)
        for callback in callbacks:
            try:
                callback(ticket)
            except Exception:  # noqa: BLE001 - a listener's bug must not end the queue
                _log.exception("a listener of jobs failed")

    def _start_heart(self) -> None:
        if self._heart is None:
            self._heart = threading.Thread(target=self._beat, name="jobs-heartbeat", daemon=True)
            self._heart.start()

    def _beat(self) -> None:
        while not self._closed.wait(HEARTBEAT_SECONDS):
            if any(ticket.operation.keep for ticket in self._running()):
                try:
                    self._store.heartbeat(self._owner)
                except StudioError as problem:
                    _log.warning("the heartbeat could not be stored: %s", problem)


class _Emitter:
    """Passes a running job's events on: progress gets its time left and is stored once a second."""

    def __init__(self, ticket: Ticket, clock: Callable[[], float], persist: Callable[..., None]) -> None:
        self._ticket = ticket
        self._clock = clock
        self._persist = persist
        self._persisted = clock()
        self._time_left = TimeLeft(clock)
        self._time_left.update(0.0)

    def __call__(self, event: Progress | Partial) -> None:
        if isinstance(event, Progress):
            event = Progress(event.fraction, event.message, self._time_left.update(event.fraction))
            now = self._clock()
            if now - self._persisted >= PERSIST_SECONDS:
                self._persisted = now
                self._persist(self._ticket, progress=event)
        self._ticket.emit(event)
