"""Finding one's way."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.commands import Command
from audiostudio.ui.commands.presets import KeyPresets
from audiostudio.ui.palette import CommandPalette, ShortcutList

if TYPE_CHECKING:
    from audiostudio.ui.main_window import MainWindow


def register(window: "MainWindow") -> None:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Commands", text)

    presets = KeyPresets(window.commands, window.desk.settings, window.messages)

    def palette() -> None:
        shown = CommandPalette(window.commands, window)
        shown.show()
        shown.query.setFocus()

    def shortcuts() -> None:
        ShortcutList(window.commands, window, presets).show()

    group = tr("Help")
    window.commands.add(
        Command("help.palette", tr("Search commands"), palette, group, "Ctrl+Shift+P", "command"),
        Command("help.shortcuts", tr("Keyboard shortcuts"), shortcuts, group, "Ctrl+/", "keyboard"),
    )
