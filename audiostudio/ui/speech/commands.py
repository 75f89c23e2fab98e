"""The tab's commands. They stand in the palette while the tab lives."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.commands import Command

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab


def _tr(text: str) -> str:
    return QCoreApplication.translate("Commands", text)


def register(tab: "SpeechTab") -> None:
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
        Command("speech.listen", _tr("Listen from here, or stop"), tab.listen, group, "Ctrl+Space", "play"),
        Command("speech.preview", _tr("Preview from here"), tab.preview, group, "Ctrl+Shift+Space", "zap"),
        Command("speech.line", _tr("Takes and voice of this line"), tab.show_line_menu, group, "Alt+Return", "history"),
        Command("speech.script", _tr("Go to the script"), tab.editor.setFocus, group, "Ctrl+Shift+E", "file-text"),
        Command("speech.voices", _tr("Find a voice"), tab.gallery.search.setFocus, group, "Ctrl+F", "search"),
        Command("export.voiceover", _tr("Export voiceover and captions…"), tab.exporting.ask, group, "Ctrl+E", "share"),
    )


NAMES = (
    "speech.generate",
    "speech.generate_line",
    "speech.listen",
    "speech.preview",
    "speech.line",
    "speech.script",
    "speech.voices",
    "export.voiceover",
)


def withdraw(tab: "SpeechTab") -> None:
    tab.desk.commands.remove(*NAMES)
