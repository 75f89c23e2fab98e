"""What a crash left comes back, and the project without it is offered; neither way deletes anything."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audiostudio import cli
from audiostudio.app import Services
from audiostudio.profile import Profile
from audiostudio.settings import Settings
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.ui.application import Application
from audiostudio.ui.desk import Panels, Tab
from audiostudio.ui.main_window import MainWindow
from audiostudio.ui.projects import Projects
from audiostudio.ui.widgets import Toast
from tests.ui.conftest import OpenWindow, page

RECOVERED = "Your work from before the studio ended was recovered."


@pytest.fixture
def crashed(profile: Profile) -> Path:
    """A project that was saved with one line and lost with two; it was open last."""
    session = Projects(profile, Settings(profile.settings)).create("Harbour")
    session.edit("Typing", lambda project: edits.set_text(project, "Saved."))
    session.save()
    session.flush()
    session.edit("Typing", lambda project: edits.set_text(project, "Saved.\nNot saved."))
    session.flush()
    session.close(discard=True)
    return session.path


def toast(window: MainWindow, sentence: str) -> Toast | None:
    return next((one for one in window.message_area.toasts if one.sentence.text() == sentence), None)


def test_the_project_without_what_was_recovered_is_a_click_away_and_undo_brings_it_back(
    qtbot: QtBot, open_window: OpenWindow, crashed: Path
) -> None:
    (journal,) = (crashed / "recovery").glob("journal-*.log")
    told = journal.read_bytes()
    window = open_window(project=crashed)
    session = window.project_desk.session
    assert session.project.text == "Saved.\nNot saved."
    offer = toast(window, RECOVERED)
    assert offer is not None
    assert not offer._leave.isActive()  # it stays
    qtbot.mouseClick(offer.action, Qt.MouseButton.LeftButton)
    assert session.project.text == "Saved."
    assert toast(window, RECOVERED) is None
    window.commands.run("edit.undo")
    assert session.project.text == "Saved.\nNot saved."
    window.commands.run("project.without_recovering")
    assert session.project.text == "Saved."
    assert (crashed / "backups" / journal.name).read_bytes() == told


def test_another_project_is_not_asked_about_it(open_window: OpenWindow, crashed: Path) -> None:
    window = open_window(project=crashed)
    assert window.commands.enabled("project.without_recovering")
    window.project_desk.create()
    assert toast(window, RECOVERED) is None
    assert not window.commands.enabled("project.without_recovering")


def test_a_version_that_is_kept_no_more_is_said(open_window: OpenWindow, crashed: Path) -> None:
    window = open_window(project=crashed)
    session = window.project_desk.session
    session.flush()
    for version in ProjectFile.versions(crashed):
        version.path.unlink()
    window.commands.run("project.without_recovering")
    assert toast(window, "The version from before the recovery is not kept any more.") is not None
    assert session.project.text == "Saved.\nNot saved."


def test_the_window_can_be_started_with_what_was_saved(qapp: QApplication, crashed: Path, profile: Profile) -> None:
    wanted = cli.parse(["--without-recovering"]).without_recovering
    assert wanted
    (journal,) = (crashed / "recovery").glob("journal-*.log")
    panels = Panels((Tab("speech", "Text to Speech", "speech", page),))
    application = Application(qapp, Services(profile), panels, recover=not wanted)
    window = application.window
    assert window.project_desk.session.project.text == "Saved."
    assert toast(window, "The project was opened as it was saved.") is not None
    window.close()
    application.close()
    window.deleteLater()
    assert journal.exists()
    assert ProjectFile.read(crashed).text == "Saved.\nNot saved."
