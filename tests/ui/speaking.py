"""The Text to Speech tab in tests: the real window, real worker processes, a sound card that the test pulls."""

import functools
import gc
import multiprocessing
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.profile import Profile
from audiostudio.sound.player import Player
from audiostudio.timeline.session import ProjectSession
from audiostudio.ui.desk import Desk, OpenProject, Panels, Tab
from audiostudio.ui.main_window import MainWindow
from audiostudio.ui.projects import Projects
from audiostudio.ui.speech import SpeechTab
from audiostudio.ui.theme import Theme
from tests.sound.remote_output import Ear, RemoteOutput

PATIENCE = 60_000
WORDS = (
    *("amber", "breeze", "candle", "dune", "ember", "forest", "garden", "harbour", "island", "jungle", "kettle"),
    *("lantern", "meadow", "needle", "orchard", "pebble", "river", "saddle", "timber", "valley", "willow", "yellow"),
    *("window", "market", "silver", "copper", "anchor", "thunder", "velvet", "winter", "summer", "marble", "feather"),
)


def sentence(words: int = 5) -> str:
    return " ".join(random.choices(WORDS, k=words)).capitalize() + "."


def script(lines: int = 4) -> str:
    """Lines that are all different."""
    return "\n".join(dict.fromkeys(sentence(5 + number) for number in range(lines)))


@dataclass
class Desktop:
    """A window with its tab, and hands to use it with."""

    window: MainWindow
    qtbot: QtBot
    ear: Ear
    studio: Studio

    @property
    def tab(self) -> SpeechTab:
        page = self.window.tabs.page("speech")
        assert isinstance(page, SpeechTab)
        return page

    @property
    def session(self) -> ProjectSession:
        return self.window.project_desk.session

    def type(self, text: str) -> None:
        """Key by key, at the caret."""
        self.tab.editor.setFocus()
        for letter in text:
            if letter == "\n":
                self.qtbot.keyClick(self.tab.editor, Qt.Key.Key_Return)
            else:
                self.qtbot.keyClicks(self.tab.editor, letter)

    def paste(self, text: str) -> None:
        self.tab.editor.setFocus()
        QApplication.clipboard().setText(text)
        self.tab.editor.paste()

    def go_to(self, line: int) -> None:
        """The caret to the beginning of a line."""
        editor = self.tab.editor
        cursor = editor.textCursor()
        cursor.setPosition(editor.document().findBlockByNumber(line).position())
        editor.setTextCursor(cursor)

    def until(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=PATIENCE)

    def click(self, widget: object) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    def choose(self, voice: str) -> None:
        card = self.tab.gallery.reveal(voice)
        assert card is not None
        self.qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.rect().center())
        assert self.session.project.voice.voice == voice

    def generate(self) -> dict:
        """Click Generate and wait; the job's result."""
        ended = []
        self.tab.generation.ended.connect(ended.append)
        self.until(self.tab.bar.generate.isEnabled)
        self.click(self.tab.bar.generate)
        self.until(lambda: ended)
        self.tab.generation.ended.disconnect(ended.append)
        self.until(lambda: self.tab.result._outlining is None)
        return ended[0].result

    def toasts(self) -> list[str]:
        return [toast.sentence.text() for toast in self.window.message_area.toasts]


OpenDesktop = Callable[[], Desktop]


@pytest.fixture
def open_desktop(
    qtbot: QtBot,
    qapp: QApplication,
    profile: Profile,
    studio_tabs: tuple[Tab, ...],
    studio_timeline: Callable[[Desk, OpenProject], QWidget] | None,
) -> Iterator[OpenDesktop]:
    """Opens the window on the test's profile; again for a second start."""
    theme = Theme(qapp)
    theme.choose("dark")
    opened: list[tuple[Desktop, Runner, Player]] = []
    ours, theirs = multiprocessing.get_context("spawn").Pipe()

    def close() -> None:
        while opened:
            desktop, runner, player = opened.pop()
            desktop.window.close()
            runner.close()
            desktop.window.jobs.close()
            player.close()
            desktop.studio.close()
            if shiboken6.isValid(desktop.window):
                desktop.window.deleteLater()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            gc.collect()

    def open_one() -> Desktop:
        close()
        studio = Studio(profile)
        player = Player(functools.partial(RemoteOutput, theirs))
        runner = Runner(OPERATIONS, lambda: studio, worker_command(profile), MemoryStore())
        projects = Projects(profile, studio.settings)
        session, _ = projects.last("Field notes")
        panels = Panels(studio_tabs, timeline=studio_timeline)
        window = MainWindow(
            studio.settings, lambda: studio, lambda: runner, lambda: player, session, projects, theme, panels
        )
        desktop = Desktop(window, qtbot, Ear(ours), studio)
        opened.append((desktop, runner, player))
        window.resize(1280, 800)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(lambda: window.isActiveWindow() and window.tabs.page(window.tabs.current) is not None)
        return desktop

    yield open_one
    close()
    theme.close()
    theme.deleteLater()
    theirs.close()
    ours.close()


@pytest.fixture
def desktop(open_desktop: OpenDesktop) -> Desktop:
    """The window with an empty project, its voice the weightless one."""
    made = open_desktop()
    made.choose("tone")
    return made


def media(desktop: Desktop, relative: str) -> Path:
    return desktop.studio.profile.library / "media" / relative
