"""Job events become signals in the window's thread."""

import weakref
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from audiostudio.errors import DiskFull
from audiostudio.jobs import JobState
from audiostudio.jobs.failure import Bug
from audiostudio.jobs.handle import Handle
from audiostudio.jobs.runner import Runner
from audiostudio.ui.bridge import Jobs, JobWatcher
from tests.ui.conftest import Work, job


class Ear(QObject):
    """Writes down what a watcher says, and in which thread."""

    def __init__(self, watcher: JobWatcher) -> None:
        super().__init__()
        self.heard: list[Any] = []
        self.threads: set[bool] = set()
        watcher.started.connect(lambda: self.note("started"))
        watcher.progress.connect(lambda progress: self.note(round(progress.fraction, 3)))
        watcher.partial.connect(lambda partial: self.note(partial.data["number"]))
        watcher.finished.connect(lambda outcome: self.note(outcome.state))

    def note(self, word: Any) -> None:
        self.heard.append(word)
        self.threads.add(QThread.currentThread() is self.thread())


def test_every_event_arrives_once_in_order_and_in_the_window_s_thread(qtbot: QtBot, runner: Runner) -> None:
    jobs = Jobs(lambda: runner)
    watcher = jobs.submit(job("count", steps=4))
    ear = Ear(watcher)
    qtbot.waitUntil(lambda: watcher.done)
    assert ear.heard == ["started", 0, 0.25, 1, 0.5, 2, 0.75, 3, 1.0, JobState.DONE]
    assert ear.threads == {True}
    assert watcher.outcome is not None
    assert watcher.outcome.result == {"steps": 4}
    jobs.close()


def test_many_jobs_at_once_each_end_and_leave_no_thread(qtbot: QtBot, runner: Runner) -> None:
    jobs = Jobs(lambda: runner)
    watchers = [jobs.submit(job("count", steps=20)) for _ in range(12)]
    assert len(jobs.active) == 12
    qtbot.waitUntil(lambda: not jobs.active)
    assert {watcher.state for watcher in watchers} == {JobState.DONE}
    for watcher in watchers:
        jobs.forget(watcher)
    assert jobs.watchers == ()


def test_a_preview_is_forgotten_when_it_has_ended_with_all_its_sound(qtbot: QtBot, runner: Runner) -> None:
    jobs = Jobs(lambda: runner)
    heard: list[JobState] = []
    handles: list[weakref.ref[Handle]] = []
    for _ in range(3):
        watcher = jobs.submit(job("peek", steps=2), lambda outcome: heard.append(outcome.state))
        handles.append(weakref.ref(watcher.handle))
    watcher = jobs.submit(job("count", steps=2))
    qtbot.waitUntil(lambda: watcher.done and not any(handle() for handle in handles))
    assert heard == [JobState.DONE] * 3
    assert jobs.watchers == (watcher,)
    jobs.close()


def test_cancel_is_an_outcome(qtbot: QtBot, runner: Runner, work: Work) -> None:
    jobs = Jobs(lambda: runner)
    watcher = jobs.submit(job("count", steps=4, wait=True))
    waiting = jobs.submit(job("count", steps=4))
    qtbot.waitUntil(lambda: watcher.latest.message == "Waiting")
    waiting.cancel()
    watcher.cancel()
    qtbot.waitUntil(lambda: not jobs.active)
    assert (watcher.state, waiting.state) == (JobState.CANCELLED, JobState.CANCELLED)
    assert watcher.outcome is not None
    assert watcher.outcome.error is None
    jobs.close()


@pytest.mark.parametrize("error", [DiskFull("The disk is full.", "Free some space."), ZeroDivisionError("no")])
def test_an_error_arrives_as_it_is(qtbot: QtBot, runner: Runner, error: Exception) -> None:
    jobs = Jobs(lambda: runner)
    watcher = jobs.submit(job("fail", error=error))
    qtbot.waitUntil(lambda: watcher.done)
    assert watcher.state is JobState.FAILED
    assert watcher.outcome is not None
    found = watcher.outcome.error
    if isinstance(error, DiskFull):
        assert isinstance(found, DiskFull)
    else:
        assert isinstance(found, Bug)
        assert "ZeroDivisionError: no" in found.traceback
    jobs.close()


def test_a_job_can_be_run_again(qtbot: QtBot, runner: Runner) -> None:
    jobs = Jobs(lambda: runner)
    first = jobs.submit(job("count", steps=2))
    qtbot.waitUntil(lambda: first.done)
    again = jobs.retry(first.job.id)
    assert again.job.id != first.job.id
    qtbot.waitUntil(lambda: again.done)
    assert again.job.request == first.job.request
    jobs.close()


def test_closing_ends_every_thread_though_jobs_run(qtbot: QtBot, runner: Runner) -> None:
    jobs = Jobs(lambda: runner)
    watcher = jobs.submit(job("count", steps=4, wait=True))
    qtbot.waitUntil(lambda: watcher.latest.message == "Waiting")
    runner.close()
    jobs.close()
    qtbot.waitUntil(lambda: watcher.done)
    assert watcher.state is JobState.INTERRUPTED
