"""What the window is filled with: every studio tab and panel that works, imported when it is first shown."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from audiostudio.ui.desk import Desk, OpenProject, Panels, Tab


def _speech(desk: Desk, project: OpenProject) -> QWidget:
    from audiostudio.ui.speech import SpeechTab

    return SpeechTab(desk, project)


def _cloud(desk: Desk, project: OpenProject) -> QWidget:
    from audiostudio.ui.cloud.tab import CloudTab

    return CloudTab(desk, project)


def _music(desk: Desk, project: OpenProject) -> QWidget:
    from audiostudio.ui.music.tab import MusicTab

    return MusicTab(desk, project)


def _cloning(desk: Desk, project: OpenProject) -> QWidget:
    from audiostudio.ui.cloning.tab import CloningTab

    return CloningTab(desk, project)


def _library(desk: Desk) -> QWidget:
    from audiostudio.ui.library import LibraryPanel

    return LibraryPanel(desk)


def _timeline(desk: Desk, project: OpenProject) -> QWidget:
    from audiostudio.ui.timeline.panel import TimelinePanel

    return TimelinePanel(desk, project)


def studio_panels() -> Panels:
    def tr(text: str) -> str:
        return QCoreApplication.translate("Panels", text)

    tabs = (
        Tab("speech", tr("Text to Speech"), "speech", _speech),
        Tab("cloud", tr("AI Voices"), "mic-vocal", _cloud),
        Tab("music", tr("Music"), "music", _music),
        Tab("cloning", tr("Voice Cloning"), "user-round", _cloning),
    )
    modules = (
        "audiostudio.ui.speech",
        "audiostudio.ui.library",
        "audiostudio.script.reading",
        "audiostudio.ui.cloud.tab",
        "audiostudio.ui.music.tab",
        "audiostudio.ui.music.page",
        "audiostudio.ui.music.score.page",
        "audiostudio.ui.music.song.page",
        "audiostudio.ui.music.tools.page",
        "audiostudio.music.composing",
        "audiostudio.music.presets",
        "audiostudio.render.covers.painting",
        "audiostudio.ui.cloning.tab",
        "audiostudio.ui.timeline.panel",
    )
    return Panels(tabs, _library, _timeline, modules)
