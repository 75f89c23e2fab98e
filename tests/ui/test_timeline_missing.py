"""Media whose files are not there: seen, relinked in the window, and found again when they come back. Real workers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QWidget

from audiostudio.sound.files import Sound, write_sound
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.speaking import Desktop, desktop, open_desktop  # noqa: F401
from tests.ui.timelines import Hand, clip


@pytest.fixture
def studio_timeline() -> Callable[[Desk, OpenProject], QWidget]:
    return TimelinePanel


def sea(path: Path, seconds: int) -> Path:
    write_sound(path, Sound(np.sin(np.arange(seconds * 48_000, dtype=np.float32) / 20)[np.newaxis] / 2, 48_000))
    return path


def menu_of(hand: Hand, track: int, at: float) -> dict[str, QAction]:
    """Of a right click."""
    place = hand.place(track, at).toPoint()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, hand.canvas.mapToGlobal(place))
    QApplication.sendEvent(hand.canvas, event)
    (menu,) = [one for one in hand.panel.findChildren(QMenu) if one.isVisible()]
    return {action.text().split("\t")[0]: action for action in menu.actions()}


def choose(path: Path) -> None:
    """In the dialog that asks for a file, when it comes."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        field = dialog.findChild(QLineEdit)
        field.setText(str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)

    QTimer.singleShot(0, answer)


def test_a_missing_file_is_relinked_from_its_clip(desktop: Desktop, tmp_path: Path) -> None:  # noqa: F811
    desktop.window.resize(1400, 1000)
    hand = Hand(desktop.window)
    hand.put(one=[clip("a", 1, 3, 20), clip("b", 4, 6, 30)], two=[clip("m", 0, 4)])
    sources = hand.panel.sources
    desktop.until(lambda: sources.shown(hand.find("a")).missing)
    hatched = hand.canvas.grab().toImage()
    choose(sea(tmp_path / "Short.wav", 2))
    menu_of(hand, 0, 2)["Relink…"].trigger()
    desktop.until(lambda: any("too short" in said for said in desktop.toasts()))
    assert hand.find("a").media == "m"
    choose(sea(tmp_path / "Sea.wav", 61))
    menu_of(hand, 0, 2)["Relink…"].trigger()
    desktop.until(lambda: hand.find("a").media != "m")
    assert {one.media for one in hand.work.document.clips()} == {hand.find("a").media}
    assert (hand.find("a").source_start, hand.spans(0)) == (20 * 48_000, [("a", 1, 3), ("b", 4, 6)])
    desktop.until(lambda: sources.shown(hand.find("a")).outline() is not None)
    assert not sources.shown(hand.find("a")).missing
    assert hand.canvas.grab().toImage() != hatched
    assert "Relink…" not in menu_of(hand, 0, 2)
    hand.undo()
    assert hand.find("a").media == "m"


def test_files_that_go_and_come_back_are_noticed_when_the_window_is_come_back_to(desktop: Desktop) -> None:  # noqa: F811
    desktop.window.resize(1400, 1000)
    hand = Hand(desktop.window)
    hand.put(one=[clip("a", 1, 3)])
    sources, path = hand.panel.sources, hand.work.session.path / "m.wav"
    desktop.until(lambda: sources.shown(hand.find("a")).missing)

    def come_back() -> None:
        QApplication.sendEvent(hand.panel, QEvent(QEvent.Type.WindowActivate))

    sea(path, 60)
    come_back()
    desktop.until(lambda: not sources.shown(hand.find("a")).missing)
    desktop.until(lambda: sources.shown(hand.find("a")).outline() is not None)
    path.unlink()
    come_back()
    desktop.until(lambda: sources.shown(hand.find("a")).missing)
    assert "Relink…" in menu_of(hand, 0, 2)
    QTest.keyClick(hand.panel.findChildren(QMenu)[-1], Qt.Key.Key_Escape)
