"""The whole window, as a user starts it: real library, real worker processes, a real end."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.app import Late, Services
from audiostudio.jobs import Job, JobState
from audiostudio.jobs.owner import Owner
from audiostudio.profile import Profile
from audiostudio.sound.files import probe
from audiostudio.ui.application import Application
from audiostudio.ui.crash import BugCatcher
from audiostudio.ui.desk import Desk, Panels, Tab
from tests.ui.conftest import page

Start = Callable[[], Application]


class Shelf(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        QLabel(str(desk.studio.library.version()), self)


@pytest.fixture
def start(qapp: QApplication, profile: Profile) -> Iterator[Start]:
    running: list[Application] = []

    def start_one() -> Application:
        made = Application(qapp, Services(profile), Panels((Tab("speech", "Text to Speech", "speech", page),), Shelf))
        made.show()
        running.append(made)
        return made

    yield start_one
    for application in running:
        application.window.close()
        application.close()
        application.window.deleteLater()


def test_the_library_opens_beside_the_window(qtbot: QtBot, start: Start) -> None:
    application = start()
    assert application.services.studio.made is None
    assert application.window.isVisible()
    qtbot.waitUntil(lambda: isinstance(application.window.library.panel, Shelf))


def test_the_first_start_shows_the_start_page_and_the_second_the_project(qtbot: QtBot, start: Start) -> None:
    first = start()
    window = first.window
    assert window.centre.currentWidget() is window.start_page
    window.project_desk.rename("Mine")
    window.close()
    second = start()
    assert second.window.centre.currentWidget() is not second.window.start_page
    assert second.window.top_bar.name.text() == "Mine"


def test_a_job_runs_in_a_worker_process_and_its_file_is_there(qtbot: QtBot, start: Start, profile: Profile) -> None:
    application = start()
    output = profile.root / "hello.wav"
    request = {"text": "Hello there.", "voice": "tone", "output": str(output), "format": "wav", "captions": ["srt"]}
    watcher = application.window.jobs.submit(Job("speech.file", request, "Speak"))
    qtbot.waitUntil(lambda: watcher.done, timeout=60_000)
    assert watcher.state is JobState.DONE, watcher.outcome
    assert probe(output).duration > 0.3
    assert "Hello" in output.with_suffix(".srt").read_text()


def test_work_that_was_cut_off_is_offered_at_the_next_start(qtbot: QtBot, start: Start, profile: Profile) -> None:
    first = start()
    qtbot.waitUntil(lambda: isinstance(first.window.library.panel, Shelf))
    first.services.store().add(Job("demo", {}, "Speak the intro"), replace(Owner.current(), pid=2**22 + 1))
    first.window.close()
    second = start()
    qtbot.waitUntil(lambda: len(second.window.jobs_panel.rows) == 1)
    (row,) = second.window.jobs_panel.rows.values()
    assert row.state is JobState.INTERRUPTED


def test_a_damaged_library_does_not_keep_the_window_from_working(qtbot: QtBot, start: Start, profile: Profile) -> None:
    profile.library.mkdir(parents=True)
    (profile.library / "library.db").write_bytes(b"SQLite format 3\0" + b"nonsense" * 4000)
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(profile.library / "library.db").execute("select * from sqlite_master").fetchall()
    application = start()
    qtbot.waitUntil(lambda: len(application.window.message_area.toasts) == 1)
    assert application.window.message_area.toasts[0].sentence.text()
    application.window.project_desk.rename("Still works")
    assert application.window.top_bar.name.text() == "Still works"


def test_late_things_are_made_once_by_whoever_comes_first() -> None:
    made: list[int] = []
    late = Late(lambda: made.append(1) or object())
    assert late() is late()
    assert made == [1]


class Broken(QThread):
    def run(self) -> None:
        raise ValueError("in a thread of Qt")


def test_a_bug_in_a_qt_thread_reaches_the_report(qtbot: QtBot, logged_errors: list[logging.LogRecord]) -> None:
    catcher = BugCatcher()
    found: list[str] = []
    catcher.caught.connect(found.append)
    thread = Broken()
    thread.start()
    thread.wait()
    qtbot.waitUntil(lambda: bool(found))
    catcher.close()
    assert "in a thread of Qt" in found[0]
    logged_errors.clear()
