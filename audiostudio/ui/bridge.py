"""From job events and project changes to Qt signals, and nothing more."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from audiostudio.jobs import TERMINAL, Event, Job, JobState, Outcome, Partial, Progress, Started

if TYPE_CHECKING:
    from audiostudio.jobs.handle import Handle
    from audiostudio.jobs.runner import Runner
    from audiostudio.timeline.session import ProjectSession


class _Pump(QThread):
    """Waits for one job's events and passes them on."""

    came = Signal(object)

    def __init__(self, handle: "Handle", parent: QObject) -> None:
        super().__init__(parent)
        self._handle = handle

    def run(self) -> None:
        for event in self._handle.events():
            self.came.emit(event)


class JobWatcher(QObject):
    """One job as the window sees it. Signals arrive in the window's thread, in the order of the events."""

    started = Signal()
    progress = Signal(object)
    """A `Progress`."""
    partial = Signal(object)
    """A `Partial`."""
    finished = Signal(object)
    """An `Outcome`. The last signal."""
    changed = Signal(object)
    """This watcher, after any of the above but `partial`."""

    def __init__(self, handle: "Handle", parent: QObject) -> None:
        super().__init__(parent)
        self.handle = handle
        self.state = JobState.QUEUED
        self.latest = Progress(None)
        self.outcome: Outcome | None = None
        self.told = False
        """Set by whoever shows, before `changed` comes, what went wrong in its own place."""
        self._pump = _Pump(handle, self)
        self._pump.came.connect(self._came, Qt.ConnectionType.QueuedConnection)

    @property
    def job(self) -> Job:
        return self.handle.job

    @property
    def done(self) -> bool:
        return self.state in TERMINAL

    def begin(self) -> None:
        self._pump.start()

    def cancel(self) -> None:
        """Returns at once; the outcome comes as `finished`."""
        self.handle.cancel()

    def join(self) -> None:
        """Wait until the thread has ended, which it does when its job has."""
        self._pump.wait()

    @Slot(object)
    def _came(self, event: Event) -> None:
        if isinstance(event, Partial):
            self.partial.emit(event)
            return
        if isinstance(event, Started):
            self.state = JobState.RUNNING
            self.started.emit()
        elif isinstance(event, Progress):
            self.latest = event
            self.progress.emit(event)
        else:
            self._pump.wait()
            self.state, self.outcome = event.state, event
            self.finished.emit(event)
        self.changed.emit(self)


class Jobs(QObject):
    """All jobs of this window; those that are not kept are forgotten when they end."""

    added = Signal(object)
    """A `JobWatcher`, before any of its signals."""
    changed = Signal(object)
    """A `JobWatcher` whose state or progress changed."""

    def __init__(self, runner: "Callable[[], Runner]", parent: QObject | None = None) -> None:
        """`runner()` is the runner; it is asked for when the first job comes."""
        super().__init__(parent)
        self._runner = runner
        self._watchers: list[JobWatcher] = []

    @property
    def watchers(self) -> tuple[JobWatcher, ...]:
        return tuple(self._watchers)

    @property
    def active(self) -> tuple[JobWatcher, ...]:
        return tuple([watcher for watcher in self._watchers if not watcher.done])

    def submit(self, job: Job, finished: Callable[[Outcome], None] | None = None) -> JobWatcher:
        """Start a job. Connect to the watcher's signals at once: none is sent before control returns to Qt."""
        return self._watch(self._runner().submit(job), finished)

    def retry(self, job_id: str) -> JobWatcher:
        """Run a job that has ended again, as a new job."""
        return self._watch(self._runner().retry(job_id), None)

    def forget(self, watcher: JobWatcher) -> None:
        """Let go of a job that is done."""
        if watcher.done and watcher in self._watchers:
            self._watchers.remove(watcher)
            watcher.deleteLater()

    def close(self) -> None:
        """Cancel what runs and wait for every thread. Closing the runner first makes all jobs end."""
        for watcher in self.active:
            watcher.cancel()
        for watcher in self._watchers:
            watcher.join()

    def _watch(self, handle: "Handle", finished: Callable[[Outcome], None] | None) -> JobWatcher:
        watcher = JobWatcher(handle, self)
        if finished:
            watcher.finished.connect(finished)
        if not handle.operation.keep:  # no list shows it, and its sound is large
            watcher.finished.connect(lambda _outcome: self.forget(watcher))
        watcher.changed.connect(self.changed)
        self._watchers.append(watcher)
        self.added.emit(watcher)
        watcher.begin()
        return watcher


class ProjectSignals(QObject):
    """What happens to the open project, in the window's thread whoever did it."""

    changed = Signal(object, object)
    """The `Project` before and after."""
    problem = Signal(object)
    """The error that keeps changes from the disk, or None when they reach it again."""

    def __init__(self, session: "ProjectSession", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._unlisten = session.history.listen(lambda before, after: self.changed.emit(before, after))
        session.on_problem = self.problem.emit

    def close(self) -> None:
        self._unlisten()
        self._session.on_problem = lambda _: None
