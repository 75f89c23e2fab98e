"""The window as a user meets it."""

import json
import logging
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.errors import DiskFull, LibraryDamaged
from audiostudio.jobs import JobState
from audiostudio.jobs.job import Job
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.store import StoredJob
from audiostudio.profile import Profile
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.ui.crash import BugCatcher, BugDialog
from audiostudio.ui.desk import Desk, Tab
from audiostudio.ui.main_window import MainWindow
from audiostudio.ui.widgets import Toast
from tests.ui.conftest import OpenWindow, Work, job, page


def write(window: MainWindow, text: str) -> None:
    window.project_desk.session.edit("Typing", lambda project: edits.set_text(project, text))


def toasts(window: MainWindow) -> list[str]:
    return [toast.sentence.text() for toast in window.message_area.toasts]


def test_a_project_is_renamed_in_its_place_and_on_the_disk(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    name = window.top_bar.name
    qtbot.mouseClick(name, Qt.MouseButton.LeftButton)
    name.selectAll()
    qtbot.keyClicks(name, "Summer film")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert window.windowTitle() == "Summer film – Audio Studio"
    path = window.project_desk.session.path
    window.close()
    assert ProjectFile.read(path).name == "Summer film"


def test_a_window_that_is_closed_before_its_tab_is_made_makes_none(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.tabs.open(window.desk, window.project_desk.open_project)
    window.close()
    qtbot.wait(50)
    assert window.tabs.page("speech") is None
    assert window.tabs._made == {}


def test_escape_leaves_the_name_as_it_was(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    name = window.top_bar.name
    name.setFocus()
    qtbot.keyClicks(name, "Something else")
    qtbot.keyClick(name, Qt.Key.Key_Escape)
    assert name.text() == "Untitled"
    assert window.project_desk.session.project.name == "Untitled"


def test_undo_and_redo_say_what_they_do_and_do_it(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    assert not window.top_bar.undo.isEnabled()
    write(window, "Hello there.")
    assert "Typing" in window.top_bar.undo.toolTip()
    assert "Ctrl+Z" in window.top_bar.undo.toolTip()
    qtbot.mouseClick(window.top_bar.undo, Qt.MouseButton.LeftButton)
    assert window.project_desk.session.project.text == ""
    assert not window.top_bar.undo.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.project_desk.session.project.text == "Hello there."


def test_undo_is_kept_across_restarts(open_window: OpenWindow) -> None:
    window = open_window()
    write(window, "Hello there.")
    window.close()
    again = open_window()
    again.commands.run("edit.undo")
    assert again.project_desk.session.project.text == ""


def test_the_start_page_opens_the_sample_and_lists_it_afterwards(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.show_start()
    assert window.start_page.rows() == []
    qtbot.mouseClick(window.start_page.sample, Qt.MouseButton.LeftButton)
    assert window.project_desk.session.project.text.startswith("# Welcome")
    qtbot.waitUntil(lambda: window.tabs.page("speech") is not None)
    editor = window.tabs.page("speech").findChild(QPlainTextEdit)
    assert "pause" in editor.toPlainText()
    assert not window.commands.enabled("edit.undo")
    window.show_start()
    rows = window.start_page.rows()
    assert [row.accessibleName() for row in rows] == ["Welcome", "Untitled"]
    qtbot.keyClick(rows[1], Qt.Key.Key_Return)
    assert window.top_bar.name.text() == "Untitled"
    assert window.centre.currentWidget() is not window.start_page


def test_the_sample_is_copied_once(open_window: OpenWindow) -> None:
    window = open_window()
    window.commands.run("project.sample")
    first = window.project_desk.session.path
    write(window, "My own words.")
    window.commands.run("project.sample")
    assert window.project_desk.session.project.text == "My own words."
    write(window, "More of them.")
    window.project_desk.open(window.project_desk.projects.recent()[1].path)
    window.commands.run("project.sample")
    assert window.project_desk.session.path == first
    assert window.project_desk.session.project.text == "More of them."


def test_a_new_project_is_the_open_one_while_that_is_untouched(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    first = window.project_desk.session.path
    window.show_start()
    qtbot.mouseClick(window.start_page.voiceover, Qt.MouseButton.LeftButton)
    assert window.project_desk.session.path == first
    write(window, "Not empty.")
    window.commands.run("project.new")
    assert window.project_desk.session.path != first
    assert ProjectFile.read(first).text == "Not empty."


def test_who_opens_a_project_or_goes_to_a_tab_can_type_at_once(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    write(window, "Something")
    for command in ("project.new", "project.start", "project.sample", "project.rename", "view.tab.speech"):
        window.commands.run(command)
        if command not in ("project.start", "project.rename"):
            qtbot.waitUntil(lambda: isinstance(window.focusWidget(), QPlainTextEdit))
            assert not window.focusWidget().isReadOnly()


def test_a_project_is_opened_from_any_folder(
    open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProjectFile.create(tmp_path / "elsewhere", "Far away") as session:
        path = session.path
    window = open_window()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(path))
    window.commands.run("project.open")
    assert window.top_bar.name.text() == "Far away"


def test_a_folder_without_a_project_is_refused_and_nothing_changes(
    open_window: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    window.commands.run("project.open")
    assert "no project" in toasts(window)[0]
    assert window.top_bar.name.text() == "Untitled"


def test_a_second_window_on_one_project_can_only_look(open_window: OpenWindow) -> None:
    first = open_window()
    write(first, "Mine.")
    second = open_window(project=first.project_desk.session.path)
    assert second.top_bar.saved.text() == "Read-only"
    assert second.top_bar.name.isReadOnly()
    assert not second.commands.enabled("edit.undo")
    assert "open in another window" in toasts(second)[0]


def test_the_theme_is_switched_everywhere_and_remembered(
    qtbot: QtBot, open_window: OpenWindow, profile: Profile
) -> None:
    window = open_window()
    before = window.grab().toImage().pixelColor(4, 4)
    qtbot.mouseClick(window.top_bar.theme_button, Qt.MouseButton.LeftButton)
    after = window.grab().toImage().pixelColor(4, 4)
    assert after.lightness() > before.lightness() + 150
    assert window.top_bar.theme_button.toolTip() == "Dark theme"


def test_jobs_are_shown_counted_and_cancelled(qtbot: QtBot, open_window: OpenWindow, work: Work) -> None:
    window = open_window()
    assert window.top_bar.jobs.text() == "No jobs"
    watcher = window.jobs.submit(job("count", "Speak the intro", steps=4, wait=True))
    window.jobs.submit(job("count", "Speak the outro", steps=4))
    qtbot.waitUntil(lambda: watcher.latest.message == "Waiting")
    assert window.top_bar.jobs.text().startswith("2 jobs")
    qtbot.mouseClick(window.top_bar.jobs, Qt.MouseButton.LeftButton)
    assert window.jobs_dock.isVisible()
    row = window.jobs_panel.rows[watcher.job.id]
    assert row.title.text() == "Speak the intro"
    assert row.bar.isVisible()
    assert row.bar.value() == 500
    qtbot.mouseClick(row.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.jobs.active)
    assert row.message.text() == "Cancelled"
    assert window.top_bar.jobs.text() == "No jobs"
    work.go.set()
    qtbot.mouseClick(row.retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.jobs.active)
    assert watcher.job.id not in window.jobs_panel.rows
    assert {row.state for row in window.jobs_panel.rows.values()} == {JobState.DONE}
    qtbot.mouseClick(window.jobs_panel.clear, Qt.MouseButton.LeftButton)
    assert window.jobs_panel.rows == {}
    assert window.jobs.watchers == ()


def test_previews_are_not_listed(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    watcher = window.jobs.submit(job("peek", steps=2))
    qtbot.waitUntil(lambda: watcher.done)
    assert window.jobs_panel.rows == {}


def test_a_job_that_fails_says_why_and_how_to_mend_it(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    error = DiskFull("The disk that holds Film is full.", "Free some space.")
    watcher = window.jobs.submit(job("fail", "Export", error=error))
    qtbot.waitUntil(lambda: watcher.done)
    row = window.jobs_panel.rows[watcher.job.id]
    assert row.message.text() == "The disk that holds Film is full. Free some space."
    assert row.retry.isVisibleTo(row)
    assert not row.more.isVisibleTo(row)
    assert toasts(window) == ["The disk that holds Film is full."]


def test_a_bug_in_a_job_opens_the_report_and_the_studio_goes_on(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    watcher = window.jobs.submit(job("fail", "Export", error=ZeroDivisionError("boom")))
    qtbot.waitUntil(lambda: window.findChild(BugDialog) is not None)
    dialog = window.findChild(BugDialog)
    assert "ZeroDivisionError: boom" in dialog.report.toPlainText()
    assert "Qt" in dialog.report.toPlainText()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert "ZeroDivisionError: boom" in QGuiApplication.clipboard().text()
    qtbot.mouseClick(dialog.carry_on, Qt.MouseButton.LeftButton)
    row = window.jobs_panel.rows[watcher.job.id]
    assert row.more.isVisibleTo(row)
    write(window, "Still here.")
    assert window.project_desk.session.project.text == "Still here."


def test_interrupted_jobs_are_offered_and_run_again(qtbot: QtBot, open_window: OpenWindow, runner: object) -> None:
    window = open_window()
    left = Job("count", {"steps": 3}, "Speak the intro")
    store = runner._store  # type: ignore[attr-defined]
    store.add(left, Owner.current())
    store.update(left.id, state=JobState.INTERRUPTED)
    window.library_opened([StoredJob(left, Owner.current(), datetime.now(UTC), JobState.INTERRUPTED)])
    assert "interrupted" in toasts(window)[0]
    assert window.top_bar.jobs.text() == "1 to run again"
    qtbot.mouseClick(window.message_area.toasts[0].action, Qt.MouseButton.LeftButton)
    assert window.jobs_dock.isVisible()
    qtbot.mouseClick(window.jobs_panel.rows[left.id].retry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not window.jobs.active)
    assert left.id not in window.jobs_panel.rows
    assert [row.state for row in window.jobs_panel.rows.values()] == [JobState.DONE]


class Shelf(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.sounds = QAction("Sounds", self)
        self.sounds.setData("music")
        self.chosen: list[str] = []
        self.sounds.triggered.connect(lambda: self.chosen.append("sounds"))
        QLabel("Shelf", self)

    def rail_actions(self) -> list[QAction]:
        return [self.sounds]


@pytest.mark.long
def test_the_library_is_a_rail_in_a_narrow_window_and_opens_from_it(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(library=Shelf)
    window.library_opened([])
    window.resize(1600, 900)
    qtbot.waitUntil(lambda: window.library.width() >= 240)
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: window.library.width() <= 56)
    rail = window.library.findChildren(type(window.top_bar.theme_button))
    sounds = next(button for button in rail if button.toolTip() == "Sounds")
    qtbot.mouseClick(sounds, Qt.MouseButton.LeftButton)
    assert not window.library.folded
    assert window.library.panel.chosen == ["sounds"]
    window.resize(1600, 900)
    qtbot.waitUntil(lambda: window.width() == 1600)
    assert not window.library.folded
    window.commands.run("view.library")
    assert window.library.folded
    window.close()
    again = open_window(library=Shelf)
    again.resize(1600, 900)
    assert again.library.folded


def test_a_damaged_library_is_said_and_the_window_works(open_window: OpenWindow) -> None:
    window = open_window(library=Shelf)
    window.library_failed(LibraryDamaged("The library cannot be read.", "Restore a backup."))
    assert toasts(window) == ["The library cannot be read."]
    write(window, "Still writing.")
    assert window.commands.enabled("edit.undo")


def test_one_key_maximises_a_panel_and_brings_the_others_back(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window(library=Shelf)
    window.toggle_jobs()
    window._maximiser.toggle(window.jobs_dock)
    assert not window.centralWidget().isVisible()
    assert not window.library.isVisible()
    assert window.jobs_dock.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F6)
    assert window.centralWidget().isVisible()
    assert window.library.isVisible()


def test_place_and_size_are_remembered_for_each_profile(open_window: OpenWindow, profile: Profile) -> None:
    window = open_window()
    window.resize(960, 650)
    window.toggle_jobs()
    window.close()
    assert "ui.geometry" in json.loads(profile.settings.read_text())
    again = open_window()
    assert again.height() == 650
    assert again.jobs_dock.isVisible()


def test_the_tab_that_was_worked_in_is_shown_again(open_window: OpenWindow) -> None:
    tabs = tuple(Tab(name, name, name, page) for name in ("speech", "music"))
    window = open_window(tabs=tabs)
    assert window.tabs.current == "speech"
    window.show_tab("music")
    window.close()
    assert open_window(tabs=tabs).tabs.current == "music"


def test_settings_of_nonsense_do_not_keep_the_window_from_opening(open_window: OpenWindow, profile: Profile) -> None:
    profile.root.mkdir()
    profile.settings.write_text(
        json.dumps(
            {
                "ui.geometry": "x" * 30,
                "ui.docks": 7,
                "ui.tab": ["no"],
                "ui.recent_projects": [1, {"name": "a"}],
                "ui.theme": [],
            }
        )
    )
    window = open_window()
    assert window.isVisible()
    assert window.width() >= 960


def test_the_same_message_is_shown_once_and_the_area_fits_what_it_says(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    error = DiskFull("The disk is full. " * 12, "Free some space. " * 12)
    window.messages.error(error)
    window.messages.error(error)
    window.messages.say("Moved to the bin.", action=("Undo", lambda: None))
    assert len(toasts(window)) == 2
    for toast in window.message_area.toasts:
        for label in (toast.sentence, toast.hint):
            assert not label.isVisible() or label.height() >= label.heightForWidth(label.width())
    bottom = window.message_area.mapTo(window, QPoint(0, window.message_area.height())).y()
    assert bottom <= window.height()
    for number in range(9):
        window.messages.say(f"News {number}")
    assert toasts(window)[-1] == "News 8"
    assert len(toasts(window)) == window.message_area.MOST


def test_a_message_s_action_runs_once_and_the_message_goes(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    undone: list[int] = []
    window.messages.say("Moved to the bin.", action=("Undo", lambda: undone.append(1)))
    toast: Toast = window.message_area.toasts[0]
    qtbot.mouseClick(toast.action, Qt.MouseButton.LeftButton)
    assert undone == [1]
    assert toasts(window) == []


def test_errors_that_nobody_caught_reach_the_report(qtbot: QtBot, logged_errors: list[logging.LogRecord]) -> None:
    catcher = BugCatcher()
    found: list[str] = []
    catcher.caught.connect(found.append)
    try:
        raise ValueError("in the window")
    except ValueError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: len(found) == 2)
    catcher.close()
    assert "ValueError: in the window" in found[0]
    assert "ZeroDivisionError" in found[1]
    assert len(logged_errors) == 2
    logged_errors.clear()


def test_a_disk_that_is_full_is_said_and_so_is_its_end(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    session = window.project_desk.session

    def tell(problem: DiskFull | None) -> None:
        writer = threading.Thread(target=lambda: session.on_problem(problem))
        writer.start()
        writer.join()

    tell(DiskFull("The disk that holds your project is full.", "Free some space."))
    qtbot.waitUntil(lambda: window.top_bar.saved.text() == "Not saved")
    assert toasts(window) == ["The disk that holds your project is full."]
    tell(None)
    qtbot.waitUntil(lambda: window.top_bar.saved.text() == "Saved")


def test_quitting_with_work_that_cannot_be_saved_asks_first(
    qtbot: QtBot, open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window()
    write(window, "Precious.")
    session, close = window.project_desk.session, window.project_desk.session.close

    def full(*, discard: bool = False) -> None:
        if not discard:
            raise DiskFull("The disk that holds your project is full.", "Free some space.")
        close(discard=True)

    monkeypatch.setattr(session, "close", full)

    def answer(words: str) -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(button for button in box.buttons() if button.text() == words).click()

    QTimer.singleShot(50, lambda: answer("Stay"))
    window.close()
    assert window.isVisible()
    assert window.project_desk.session.project.text == "Precious."
    QTimer.singleShot(50, lambda: answer("Quit without saving"))
    window.close()
    assert not window.isVisible()
