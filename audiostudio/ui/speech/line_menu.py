"""The menu of one line: its takes, and its voice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QMenu, QWidget

from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project, Take, TakeSource
from audiostudio.ui import icons
from audiostudio.ui.speech.own_voices import fill_own
from audiostudio.ui.speech.script import ScriptState
from audiostudio.ui.speech.voices import VoiceList
from audiostudio.ui.speech.words import length

MOST = 12
"""Takes in a menu; the newest are shown."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("LineMenu", text)


def line_menu(
    line: Line,
    script: ScriptState,
    voices: VoiceList,
    hear: Callable[[Take], None],
    edit: Callable[[str, Callable[[Project], Project]], None],
    parent: QWidget,
) -> QMenu:
    """`hear(take)` plays one alone; `edit(label, function)` changes the project."""
    menu = QMenu(parent)
    current, takes = script.current(line), script.takes(line)[-MOST:]
    heading = menu.addAction(_tr("Takes of this line") if takes else _tr("This line has no takes yet"))
    heading.setEnabled(False)
    for take in reversed(takes):
        one = menu.addMenu(take_words(take, voices))
        one.setIcon(icons.icon("check", "success") if take is current else icons.icon("history"))
        play = one.addAction(icons.icon("play"), _tr("Hear it"))
        play.triggered.connect(lambda _=False, take=take: hear(take))
        choose = one.addAction(icons.icon("check"), _tr("Use it, with its words and voice"))
        choose.setEnabled(take is not current)
        choose.triggered.connect(lambda _=False, take=take: edit(_tr("Choose a take"), lambda p: use_take(p, take)))
    menu.addSeparator()
    fill_own(menu, voices, lambda voice: edit(_tr("Voice of a line"), lambda p: say_as(p, line.id, voice, voices)))
    own = menu.addAction(icons.icon("user-round"), _tr("Give this line the chosen voice for good"))
    own.setEnabled(line.voice is None)
    own.triggered.connect(
        lambda _=False: edit(_tr("Voice of a line"), lambda p: edits.set_line_voice(p, line.id, p.voice))
    )
    usual = menu.addAction(icons.icon("users"), _tr("Let it follow the project’s voice"))
    usual.setEnabled(line.voice is not None)
    usual.triggered.connect(
        lambda _=False: edit(_tr("Voice of a line"), lambda p: edits.set_line_voice(p, line.id, None))
    )
    return menu


def say_as(project: Project, line: str, voice: str, voices: VoiceList) -> Project:
    """Give a line another voice, with the settings that it had as far as that can have them."""
    choice = voices.chosen_with(project.voice_of(project.line(line)), voice, project.language)
    return edits.set_line_voice(project, line, choice)


def take_words(take: Take, voices: VoiceList) -> str:
    """When it was made, in which voice, how long, and what it says."""
    made = datetime.fromisoformat(take.created).astimezone() if take.created else None
    when = QLocale().toString(made, QLocale.FormatType.ShortFormat) if made else ""
    text = " ".join(take.text.split())
    shown = text if len(text) <= 36 else f"{text[:35]}…"
    parts = [when, voices.title(take.voice.voice), length(take.seconds), f"“{shown}”"]
    return " · ".join(part for part in parts if part).replace("&", "&&")


def use_take(project: Project, take: Take) -> Project:
    """Let a line play an earlier take: its words and how they were spoken come back with it."""
    line = project.line(take.line)
    project = edits.set_line_text(project, line.id, take.text)
    if take.source != TakeSource.MADE:
        return edits.choose_take(project, line.id, take.id)
    project = edits.set_performance(project, line.id, take.performance)
    follows = project.voice_of(replace(line, voice=None)) == take.voice
    project = edits.set_line_voice(project, line.id, None if follows else take.voice)
    return edits.choose_take(project, line.id, take.id)
