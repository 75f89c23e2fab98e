"""The Music tab in tests: the real window and workers, with the models that the composer needs."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

from audiostudio.music.plan import Brief, Plan
from audiostudio.music.planning import plan
from audiostudio.music.song import Song
from audiostudio.profile import Profile
from audiostudio.ui.desk import Desk, OpenProject, Tab
from audiostudio.ui.music.page import MusicPage
from audiostudio.ui.music.tab import MusicTab
from audiostudio.ui.speech import SpeechTab
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.speaking import Desktop, OpenDesktop, open_desktop

__all__ = ["Band", "band", "open_desktop", "planned", "profile", "studio_tabs", "studio_timeline"]


def planned(seconds: float = 20.0, seed: int = 5, genre: str = "chiptune") -> Plan:
    return plan(Brief(genre=genre, key="A minor", bpm=120.0, seconds=seconds, seed=seed))


@dataclass
class Band:
    """A window that shows its Music tab."""

    desktop: Desktop

    @property
    def tab(self) -> MusicTab:
        page = self.desktop.window.tabs.page("music")
        assert isinstance(page, MusicTab)
        return page

    @property
    def page(self) -> MusicPage:
        page = self.tab.pages["music"]
        assert isinstance(page, MusicPage)
        return page

    @property
    def piece(self) -> Song:
        piece = self.tab.work.piece
        assert piece is not None
        return piece

    @property
    def plan(self) -> Plan:
        assert self.piece.plan is not None
        return self.piece.plan

    def until(self, condition: Callable[[], Any]) -> None:
        self.desktop.until(condition)

    def click(self, widget: QWidget, at: QPoint | None = None) -> None:
        self.desktop.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at or widget.rect().center())

    def key(self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.desktop.qtbot.keyClick(widget, key, modifier)

    def type(self, widget: QWidget, text: str) -> None:
        widget.setFocus()
        self.desktop.qtbot.keyClicks(widget, text)

    def ask(self, words: str) -> None:
        """Type what is wanted, and let it be understood."""
        self.type(self.page.compose.prompt.text, words)
        self.until(lambda: self.tab.work.piece is not None and self.piece.prompt == self.page.compose.prompt.prompt)

    def score(self, made: Plan | None = None) -> None:
        """A piece with a plan, in the score's view."""
        self.tab.work.begin(title="Made before", plan=made or planned())
        self.page.go("score")
        self.until(lambda: self.page.score.score is not None)

    def undo(self) -> None:
        self.desktop.window.commands.run("edit.undo")


@pytest.fixture
def profile(tmp_path: Path, models_dir: Path) -> Profile:
    made = Profile(tmp_path / "profile")
    made.root.mkdir()
    made.models.symlink_to(models_dir, target_is_directory=True)
    return made


@pytest.fixture
def studio_tabs() -> tuple[Tab, ...]:
    return (Tab("speech", "Text to Speech", "speech", SpeechTab), Tab("music", "Music", "music", MusicTab))


@pytest.fixture
def studio_timeline() -> Callable[[Desk, OpenProject], QWidget]:
    return TimelinePanel


@pytest.fixture
def band(open_desktop: OpenDesktop) -> Band:
    """An empty project."""
    desktop = open_desktop()
    desktop.window.show_tab("music")
    made = Band(desktop)
    made.until(lambda: desktop.window.tabs.page("music") is not None)
    return made
