"""Ctrl+1, Ctrl+2, …: the tabs in their order, then the library; the same in the menu and in the list of shortcuts."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.ui.commands import view
from audiostudio.ui.desk import Desk, Tab
from audiostudio.ui.palette import ShortcutList
from tests.ui.conftest import OpenWindow, page


def library(_desk: Desk) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    search = QLineEdit()
    column.addWidget(search)
    made.setFocusProxy(search)
    return made


def test_numbers_go_to_tabs_and_library(qtbot: QtBot, open_window: OpenWindow) -> None:
    tabs = (Tab("speech", "Text to Speech", "speech", page), Tab("cloud", "AI Voices", "mic-vocal", page))
    window = open_window(library, tabs=tabs)
    window.library_opened([])
    window.resize(1280, 800)
    for key, name in ((Qt.Key.Key_2, "cloud"), (Qt.Key.Key_1, "speech")):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.tabs.current == name
        qtbot.waitUntil(lambda name=name: window.tabs.page(name) is not None)
        qtbot.waitUntil(lambda name=name: window.tabs.page(name).isAncestorOf(window.focusWidget()))
    window.library.fold(True)
    qtbot.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert not window.library.folded
    assert isinstance(window.focusWidget(), QLineEdit)
    places = view.places(window)
    assert [window.commands.shortcut(name) for name in places] == [
        QKeySequence(f"Ctrl+{number}").toString(QKeySequence.SequenceFormat.NativeText) for number in (1, 2, 3)
    ]
    window.top_bar.menu.aboutToShow.emit()
    shown = [action.text() for action in window.top_bar.menu.actions()]
    labels = [window.commands.action(name).text() for name in places]
    assert [one for one in shown if one in labels] == labels
    listed = ShortcutList(window.commands, window)
    assert set(labels) <= set(listed.shown())
    listed.close()
