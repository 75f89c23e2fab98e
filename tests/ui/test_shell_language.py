"""Every string goes through `tr`, and none is cut off when a language needs more room."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.errors import DiskFull
from audiostudio.jobs import Job, JobState
from audiostudio.jobs.owner import Owner
from audiostudio.jobs.store import StoredJob
from audiostudio.ui import crash
from audiostudio.ui.crash import BugDialog
from audiostudio.ui.desk import Desk, Tab
from audiostudio.ui.palette import CommandPalette, ShortcutList
from tests.ui.conftest import OpenWindow, Work, job, page
from tests.ui.pseudo import Pseudo, accented, cut_off, untranslated

UI = Path(crash.__file__).parent
EDITORS = frozenset({"Studio", "Premiere", "Resolve"})
"""Whose keys the timeline may have."""
NAMES = frozenset({"Untitled", "Welcome", "Speech", "Saved by a test"})


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


def test_the_language_accents_and_lengthens() -> None:
    assert accented("Cancel") == "Ćáńćéĺ·íí"
    assert accented("%s left").startswith("%s ĺéƒť")
    assert accented("Go to {tab}").startswith("Ǵó ťó {tab}")


class Shelf(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        QLabel(self.tr("Shelf"), self)

    def rail_actions(self) -> list[QAction]:
        return []


def check(qtbot: QtBot, shown: QWidget, data: frozenset[str] = NAMES) -> None:
    qtbot.wait(0)
    keys = {widget.text() for widget in shown.findChildren(QLabel) if widget.property("role") in ("key", "caption")}
    assert untranslated(shown, data | keys) == []
    assert cut_off(shown) == []


@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_the_window_speaks_every_language(
    qtbot: QtBot, pseudo: Pseudo, open_window: OpenWindow, work: Work, size: tuple[int, int]
) -> None:
    tab = Tab("speech", accented("Text to Speech"), "speech", page)
    window = open_window(library=Shelf, tabs=(tab,))
    window.resize(*size)
    left = Job("count", {"steps": 1}, accented("Speak the intro"))
    window.library_opened([StoredJob(left, Owner.current(), datetime.now(UTC), JobState.INTERRUPTED)])
    window.jobs_dock.show()
    running = window.jobs.submit(job("count", accented("Speak the outro"), steps=4, wait=True))
    qtbot.waitUntil(lambda: running.latest.message == "Waiting")
    data = NAMES | {"Waiting", f"{running.job.title} · ", running.job.title}
    check(qtbot, window, data)
    for screen in (window.show_start, lambda: window.show_tab("speech")):
        screen()
        check(qtbot, window, data)
    error = DiskFull(accented("The disk that holds Film is full."), accented("Free some space, then try again."))
    window.messages.error(error)
    window.messages.say(accented("Moved to the bin."), action=(accented("Undo"), lambda: None))
    check(qtbot, window, data)
    work.go.set()
    qtbot.waitUntil(lambda: not window.jobs.active)
    check(qtbot, window, data)
    for command in window.commands.all():
        assert "·" in command.label, command.name
        assert "·" in command.group, command.name


def test_the_dialogs_speak_every_language(qtbot: QtBot, pseudo: Pseudo, open_window: OpenWindow) -> None:
    window = open_window()
    for kind, name in ((CommandPalette, "help.palette"), (ShortcutList, "help.shortcuts")):
        window.commands.run(name)
        shown: QDialog = window.findChild(kind)
        labels = frozenset({accented("Go to {tab}").replace("{tab}", "Text to Speech"), *EDITORS})
        check(qtbot, shown, labels)
        shown.close()
    window.show_bug("Traceback")
    dialog = window.findChild(BugDialog)
    check(qtbot, dialog, NAMES)
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    check(qtbot, dialog, NAMES)
    dialog.close()


def test_no_source_puts_words_on_the_screen_without_tr() -> None:
    suspicious = re.compile(
        r"""(?:setText|setToolTip|setPlaceholderText|setWindowTitle|setAccessibleName|QLabel|Button|EmptyState|Chip|
        SearchField|SectionHeader)\(\s*f?["'][A-Z][a-z]""",
        re.VERBOSE,
    )
    found = [
        f"{file.relative_to(UI)}: {match[0]}"
        for file in sorted(UI.rglob("*.py"))
        for match in suspicious.finditer(file.read_text(encoding="utf-8"))
    ]
    assert [line for line in found if 'setWindowTitle("Au' not in line] == []
