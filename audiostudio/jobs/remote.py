"""A queue's worker process: kept warm between jobs, replaced when dead, stopped step by step."""

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from audiostudio.errors import StudioError, WorkerDied
from audiostudio.jobs import death
from audiostudio.jobs.failure import Bug
from audiostudio.jobs.handle import Ticket
from audiostudio.jobs.job import JobState, Outcome, Partial, Progress
from audiostudio.jobs.operation import Limits
from audiostudio.jobs.process import WorkerProcess
from audiostudio.jobs.protocol import Frame, ProtocolError, frame_event

START_SECONDS: Final = 120.0
"""For a worker to begin with a job."""
KILL_SECONDS: Final = 5.0
"""For the system to end a killed process."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Grace:
    """How long, in seconds, a stopped job may take to obey."""

    flag: float = 5.0
    """To come to its next yield, before it is terminated."""
    terminate: float = 2.0
    """To clean up then, before it is killed."""


class Remote:
    """Runs jobs in one worker process. Used by its queue's thread; `kill` may be called from others."""

    def __init__(self, name: str, command: Callable[[], Sequence[str]], grace: Callable[[], Grace]) -> None:
        self._name = name
        self._command = command
        self._grace = grace
        self._worker: WorkerProcess | None = None
        self._memory: int | None = None

    def run(self, ticket: Ticket, emit: Callable[[Progress | Partial], None]) -> Outcome:
        """Run a job to its outcome, whatever happens to the worker."""
        limits = ticket.operation.limits
        try:
            while True:
                worker = self._fit_worker(limits)
                warm = worker.ready
                errand = _Errand(worker, ticket, emit, self._grace)
                outcome = errand.run()
                if outcome is None or errand.spent:
                    code = self._discard()
                if outcome is None:
                    if warm and errand.blameless:
                        continue
                    outcome = errand.death(code)
                    if outcome.error is not None:
                        _log.warning("%s %s It wrote:\n%s", worker.name, outcome.error, worker.stderr)
                return outcome
        except StudioError as error:
            return Outcome(JobState.FAILED, error=error)

    def kill(self) -> None:
        """Kill the worker, whatever it does."""
        worker = self._worker
        if worker is not None:
            worker.kill()

    def close(self) -> None:
        if self._worker is not None:
            self._discard()

    def _fit_worker(self, limits: Limits) -> WorkerProcess:
        if self._worker is not None and (self._worker.ended or self._memory != limits.memory):
            self._discard()
        if self._worker is None:
            memory = [] if limits.memory is None else ["--memory", str(limits.memory)]
            self._worker = WorkerProcess([*self._command(), *memory], self._name)
            self._memory = limits.memory
        return self._worker

    def _discard(self) -> int | None:
        worker, self._worker = self._worker, None
        return None if worker is None else worker.close()


_Step: TypeAlias = tuple[Callable[[], None], float]
"""What to do, and how many seconds to wait for its effect."""


class _Errand:
    """One job in one worker."""

    def __init__(
        self,
        worker: WorkerProcess,
        ticket: Ticket,
        emit: Callable[[Progress | Partial], None],
        grace: Callable[[], Grace],
    ) -> None:
        self._worker = worker
        self._ticket = ticket
        self._emit = emit
        self._grace = grace
        self._why: WorkerDied | None = None
        self._stopping = False
        self._steps: list[_Step] = []
        self._due = time.monotonic() + START_SECONDS
        self.started = False
        self.spent = False
        """Whether the worker cannot be used again."""

    def run(self) -> Outcome | None:
        """The outcome; None when the worker ended before it sent one."""
        self._ticket.wake_with(self._worker.wake)
        try:
            if self._worker.ready:
                self._worker.forget_stderr()
                self._send_job()
            while not self._worker.ended:
                frame = self._worker.receive(self._seconds_to_due())
                outcome = None if frame is None else self._take(frame)
                if outcome is not None:
                    return outcome
                self._pass_on()
                if self._ticket.cancelled and not self._stopping:
                    if not self._worker.ready:
                        return Outcome(JobState.CANCELLED)
                    self._stop((self._send_cancel, self._grace().flag))
                elif time.monotonic() >= self._due and not self._act():
                    return None
            return None
        except ProtocolError as error:
            self._why = _not_understood(error)
            self._worker.kill()
            return None
        finally:
            self._ticket.wake_with(None)

    @property
    def blameless(self) -> bool:
        """Whether the worker died before it knew of this job: another may do it."""
        return not (self.started or self._stopping or self._why or self._worker.fault)

    def death(self, code: int | None) -> Outcome:
        """The outcome of a job whose worker ended with `code`."""
        if self._why is None and self._stopping:
            return Outcome(JobState.CANCELLED)
        if self._why is None and self._worker.fault is not None:
            self._why = _not_understood(self._worker.fault)
        error = self._why or death.why_died(code, self._worker.stderr, self._ticket.operation.limits)
        return Outcome(JobState.FAILED, error=error)

    def _take(self, frame: Frame) -> Outcome | None:
        if frame.kind == "ready":
            self._worker.ready = True
            self._send_job()
            return None
        if frame.data.get("job") != self._ticket.job.id:
            raise ProtocolError(f"a frame “{frame.kind}” of another job")
        if frame.kind == "started":
            self.started = True
            if not self._stopping:
                seconds = self._ticket.operation.limits.seconds
                self._due = math.inf if seconds is None else time.monotonic() + seconds
            return None
        event = frame_event(frame)
        if isinstance(event, Outcome):
            return event
        self._emit(event)
        return None

    def _seconds_to_due(self) -> float | None:
        return None if self._due == math.inf else max(self._due - time.monotonic(), 0.0)

    def _stop(self, *first: _Step) -> None:
        """Begin to stop the job: `first`, then terminate, then kill."""
        self._stopping = True
        self._steps = [*first, (self._terminate, self._grace().terminate), (self._worker.kill, KILL_SECONDS)]
        self._due = time.monotonic()

    def _act(self) -> bool:
        """Something is due: the job's time is up, or the next step of stopping it. False: nothing is left to try."""
        if not self._stopping:
            self._why = death.too_slow(self._ticket.operation.limits) if self.started else death.not_started()
            self._stop()
        if not self._steps:
            return False
        do, seconds = self._steps.pop(0)
        do()
        self._due = time.monotonic() + seconds
        return True

    def _send_job(self) -> None:
        job = self._ticket.job
        data = {"job": job.id, "operation": job.operation, "request": job.request}
        self._send(Frame("run", data))

    def _pass_on(self) -> None:
        """What the job was sent beside its request. It asks only once it has begun."""
        while self.started and (frame := self._ticket.next_sent()) is not None:
            self._send(frame)

    def _send(self, frame: Frame) -> None:
        try:
            self._worker.send(frame)
        except ProtocolError as error:
            raise Bug.of(error) from error  # the request is not JSON

    def _send_cancel(self) -> None:
        self._worker.send(Frame("cancel", {"job": self._ticket.job.id}))

    def _terminate(self) -> None:
        self.spent = True
        self._worker.terminate()


def _not_understood(error: ProtocolError) -> WorkerDied:
    return WorkerDied(f"The worker sent what the studio does not understand: {error}.", death.AGAIN)
