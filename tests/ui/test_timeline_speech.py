"""What is made lands on the timeline; files dropped there are imported first. Real workers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from audiostudio.sound.files import Sound, write_sound
from audiostudio.timeline.time import TICKS
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.library.assets import ASSETS
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.speaking import Desktop, desktop, open_desktop  # noqa: F401
from tests.ui.timelines import Hand


@pytest.fixture
def studio_timeline() -> Callable[[Desk, OpenProject], QWidget]:
    return TimelinePanel


def _lines(hand: Hand) -> list[str | None]:
    return [one.line for one in hand.work.document.clips()]


@pytest.mark.long
def test_lines_land_as_one_step_and_new_takes_replace_their_clips(desktop: Desktop) -> None:  # noqa: F811
    desktop.window.resize(1400, 1000)
    hand = Hand(desktop.window)
    desktop.paste("Amber river candle.\nGarden harbour island.\nCopper anchor thunder velvet.")
    desktop.generate()
    script = [line.id for line in desktop.session.project.script.lines]
    desktop.until(lambda: _lines(hand) == script)
    assert not hand.panel.invitation.isVisible()
    before = list(hand.work.document.clips())
    hand.undo()
    assert _lines(hand) == []
    assert hand.panel.invitation.isVisible()
    desktop.click(hand.panel.invitation.button)
    desktop.until(lambda: _lines(hand) == script)

    desktop.tab.generate_line(1)
    desktop.until(lambda: len(desktop.session.project.takes) == 4)
    desktop.until(lambda: [one.take for one in hand.work.document.clips()][1] != before[1].take)
    assert _lines(hand) == script

    hand.panel.view.show_all()
    third = list(hand.work.document.clips())[2]
    hand.double_click(0, (third.start + third.end) / 2 / TICKS)
    assert desktop.tab.editor.hasFocus()
    assert desktop.tab.editor.line() == 2

    hand.panel.landing.set_on(False)
    steps = desktop.session.history.undo_label
    desktop.tab.generate_line(0)
    desktop.until(lambda: len(desktop.session.project.takes) == 5)
    assert desktop.session.history.undo_label == steps


def test_files_and_assets_are_put_where_they_are_dropped(desktop: Desktop, tmp_path: Path) -> None:  # noqa: F811
    desktop.window.resize(1400, 1000)
    hand = Hand(desktop.window)
    path = tmp_path / "Waves.wav"
    write_sound(path, Sound(np.sin(np.arange(96_000, dtype=np.float32) / 20)[np.newaxis], 48_000))
    _drop(hand.panel.invitation, path, 20)
    desktop.until(lambda: hand.spans(0) if hand.work.document.tracks else None)
    assert hand.spans(0) == [("", 0, 2)]
    clip = next(iter(hand.work.document.clips()))
    desktop.until(lambda: hand.panel.sources.shown(clip).outline() is not None)
    hand.show()
    place = hand.place(0, 5)
    _drop(hand.canvas, path, place.x(), place.y())
    desktop.until(lambda: len(hand.spans(0)) == 2)
    assert hand.spans(0)[1] == ("", 5, 7)
    assert hand.work.selected == {hand.work.document.tracks[0].clips[1].id}
    hand.work.set_rippling(True)
    hand.work.set_snapping(False)
    place = hand.place(0, 1)
    _drop(hand.canvas, hand.work.project.media[0].asset.id, place.x(), place.y())
    desktop.until(lambda: len(hand.spans(0)) == 4)
    assert hand.spans(0) == [("", 0, 1), ("", 1, 3), ("", 3, 4), ("", 7, 9)]
    hand.undo()
    assert hand.spans(0) == [("", 0, 2), ("", 5, 7)]


def _drop(widget: QWidget, what: Path | str, x: float, y: float = 20) -> None:
    """A file, or an asset of the library by its id."""
    data = QMimeData()
    if isinstance(what, Path):
        data.setUrls([QUrl.fromLocalFile(str(what))])
    else:
        data.setData(ASSETS, what.encode())
    how = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(round(x), round(y)), *how))
    drop = QDropEvent(QPointF(x, y), *how)
    QApplication.sendEvent(widget, drop)
    assert drop.isAccepted()
