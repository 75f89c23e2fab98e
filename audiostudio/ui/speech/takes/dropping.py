"""Sounds that are dropped on the script: each becomes a take of the line under it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.timeline.project import Line
from audiostudio.ui.speech.script import speakable
from audiostudio.ui.speech.words import counted, filled
from audiostudio.ui.widgets import AskDialog

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab

_WORDS = 80


def _tr(text: str) -> str:
    return QCoreApplication.translate("Takes", text)


def drop(tab: "SpeechTab", sounds: Sequence[Path], number: int | None) -> None:
    """Bring them in as takes of line `number`, which plays the last; beside the lines: of the caret's, once that is
    agreed to."""
    line = _line(tab, number)
    if line is None:
        number = tab.editor.line()
        line = _line(tab, number)
        if line is None:
            hint = _tr("Write the line first, then drop the sound on it.")
            tab.desk.messages.say(_tr("There is no line here that this sound could speak."), hint)
            return
        if not _agreed(tab, sounds, number, line):
            return
    tab.editor.select(number or 0, 0, 0)
    tab.deck.go("takes")
    for path in sounds:
        tab.bringing.file(line, path)


def _line(tab: "SpeechTab", number: int | None) -> Line | None:
    lines = tab.session.project.script.lines
    if number is None or number >= len(lines) or not speakable(lines[number].text):
        return None
    return lines[number]


def _agreed(tab: "SpeechTab", sounds: Sequence[Path], number: int, line: Line) -> bool:
    heading = filled(_tr("Use this as a take of line {number}?"), number=number + 1)
    names = counted(len(sounds), sounds[0].name, _tr("%n sounds"))
    text = " ".join(line.text.split())
    shown = text if len(text) <= _WORDS else f"{text[: _WORDS - 1]}…"
    told = filled(_tr("{name} will speak “{words}”."), name=names, words=shown)
    hint = _tr("To choose another line, drop it right on that line.")
    return AskDialog(_tr("A take from a file"), heading, [told, hint], _tr("Use it"), tab).agreed()
