"""Commands: their registry, the palette and the list of shortcuts."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from audiostudio.ui.commands import Command, Commands
from audiostudio.ui.palette import CommandPalette, ShortcutList, find, matches
from audiostudio.ui.theme import Theme
from tests.ui.conftest import OpenWindow


@pytest.fixture
def place(theme: Theme, qtbot: QtBot) -> Iterator[QWidget]:
    made = QWidget()
    made.resize(800, 600)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


def test_names_and_shortcuts_are_given_once(place: QWidget) -> None:
    commands = Commands(place)
    commands.add(Command("a", "A", lambda: None, shortcut="Ctrl+A; F3"))
    with pytest.raises(ValueError, match="twice"):
        commands.add(Command("a", "Again", lambda: None))
    with pytest.raises(ValueError, match="share F3"):
        commands.add(Command("b", "B", lambda: None, shortcut="F3"))
    commands.remove("a")
    commands.add(Command("b", "B", lambda: None, shortcut="F3"))


def test_a_shortcut_runs_its_command_unless_it_is_disabled(qtbot: QtBot, place: QWidget) -> None:
    ran: list[str] = []
    commands = Commands(place)
    commands.add(Command("a", "A", lambda: ran.append("a"), shortcut="F3"))
    qtbot.keyClick(place, Qt.Key.Key_F3)
    commands.action("a").setEnabled(False)
    qtbot.keyClick(place, Qt.Key.Key_F3)
    commands.run("a")
    assert ran == ["a"]
    assert commands.hint("a") == "A  F3"


@pytest.mark.parametrize(
    ("query", "text", "rank"),
    [
        ("", "New project", 0),
        ("new", "New project", 0),
        ("pro", "New project", 1),
        ("proj ne", "New project", 1),
        ("nwp", "New project", 2),
        ("EXPORT", "Export captions", 0),
        ("xyz", "New project", None),
        ("üb", "Über alles", 0),
    ],
)
def test_a_query_finds_by_words_then_by_letters(query: str, text: str, rank: int | None) -> None:
    assert matches(query, text) == rank


def test_the_best_answers_come_first_and_disabled_ones_not_at_all(place: QWidget) -> None:
    commands = Commands(place)
    for name in ("Reopen", "Open a project", "Off"):
        commands.add(Command(name, name, lambda: None))
    commands.action("Off").setEnabled(False)
    assert [command.label for command in find(commands, "open")] == ["Open a project", "Reopen"]
    assert find(commands, "off") == []


def test_the_palette_is_opened_searched_and_run_with_the_keyboard(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    palette = window.findChild(CommandPalette)
    qtbot.keyClicks(palette.query, "show jobs")
    assert palette.list.count() == 1
    qtbot.keyClick(palette.query, Qt.Key.Key_Return)
    assert window.jobs_dock.isVisible()
    assert not palette.isVisible()


def test_the_palette_moves_with_arrows_and_says_when_there_is_nothing(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.commands.run("help.palette")
    palette = window.findChild(CommandPalette)
    first = palette.list.currentRow()
    qtbot.keyClick(palette.query, Qt.Key.Key_Down)
    assert palette.list.currentRow() == first + 1
    qtbot.keyClicks(palette.query, "qqqq")
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.query, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.close()


def test_every_shortcut_is_listed_and_can_be_searched(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    window.commands.run("help.shortcuts")
    shown = window.findChild(ShortcutList)
    with_keys = {command.label for command in window.commands.all() if command.shortcut}
    assert set(shown.shown()) == with_keys
    assert len(with_keys) >= 12
    shown.search.setText("undo")
    assert shown.shown() == ["Undo"]
    shown.close()


def test_what_can_be_exported_stands_in_the_export_menu(qtbot: QtBot, open_window: OpenWindow) -> None:
    window = open_window()
    assert not window.top_bar.export.isVisible()
    ran: list[int] = []
    window.commands.add(Command("export.sound", "Export sound…", lambda: ran.append(1)))
    assert window.top_bar.export.isVisible()
    window.top_bar.export_menu.aboutToShow.emit()
    (action,) = window.top_bar.export_menu.actions()
    action.trigger()
    assert ran == [1]
    window.commands.remove("export.sound")
    assert not window.top_bar.export.isVisible()
