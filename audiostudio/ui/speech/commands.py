"""The commands of a tab with the script. They stand in the palette while it lives, and belong to the tab of this kind
that was shown last."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.commands import Command
from audiostudio.ui.speech.own_voices import NAMES as SLOTS
from audiostudio.ui.speech.own_voices import slot_commands
from audiostudio.ui.speech.takes.commands import NAMES as TAKES
from audiostudio.ui.speech.takes.commands import take_commands

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab


def _tr(text: str) -> str:
    return QCoreApplication.translate("Commands", text)


def register(tab: "SpeechTab") -> None:
    """Again when it is theirs already: nothing happens."""
    if _theirs(tab):
        return
    tab.desk.commands.remove(*(command.name for command in tab.desk.commands.all() if command.name in NAMES))
    group = _tr("Text to Speech")
    tab.desk.commands.add(
        Command("speech.generate", _tr("Generate"), tab.generate, group, "Ctrl+Return; Ctrl+Enter", "sparkles"),
        Command(
            "speech.generate_line",
            _tr("Generate this line"),
            tab.generate_line,
            group,
            "Ctrl+Shift+Return",
            "refresh-cw",
        ),
        Command("speech.import", _tr("Import a script…"), tab.importing.choose, group, "Ctrl+I", "import"),
        Command("speech.dictionary", _tr("Pronunciation…"), tab.pronouncer.show_dictionary, group, "Ctrl+D", "speech"),
        Command("speech.problem", _tr("Go to the next problem"), tab.attention.next, group, "F8", "triangle-alert"),
        Command("speech.listen", _tr("Listen from here, or stop"), tab.aloud.listen, group, "Ctrl+Space", "play"),
        Command("speech.preview", _tr("Preview from here"), tab.aloud.preview, group, "Ctrl+Shift+Space", "zap"),
        Command("speech.line", _tr("Takes and voice of this line"), tab.show_line_menu, group, "Alt+Return", "history"),
        Command("speech.script", _tr("Go to the script"), tab.editor.setFocus, group, "Ctrl+Shift+E", "file-text"),
        Command("speech.voices", _tr("Find a voice"), tab.gallery.search.setFocus, group, "Ctrl+F", "search"),
        Command("export.voiceover", _tr("Export voiceover and captions…"), tab.exporting.ask, group, "Ctrl+E", "share"),
        *slot_commands(tab, group),
        *take_commands(tab, group),
    )


NAMES = (
    "speech.generate",
    "speech.generate_line",
    "speech.import",
    "speech.dictionary",
    "speech.problem",
    "speech.listen",
    "speech.preview",
    "speech.line",
    "speech.script",
    "speech.voices",
    "export.voiceover",
    *SLOTS,
    *TAKES,
)


def withdraw(tab: "SpeechTab") -> None:
    if _theirs(tab):
        tab.desk.commands.remove(*NAMES)


def _theirs(tab: "SpeechTab") -> bool:
    return any(command.run == tab.generate for command in tab.desk.commands.all())
