"""Sounds dropped on the script, and the list of lines whose takes need ears."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from audiostudio.sound.files import SoundWriter
from audiostudio.timeline.project import TakeCheck, TakeSource
from tests.ui.services import answering
from tests.ui.speaking import Desktop, desktop, open_desktop, script

__all__ = ["desktop", "open_desktop"]


def tone(path: Path, seconds: float = 0.4) -> Path:
    times = np.arange(round(seconds * 48_000)) / 48_000
    with SoundWriter(path, 48_000, 1, "wav") as writer:
        writer.write((0.2 * np.sin(2 * np.pi * 220 * times)).astype(np.float32)[np.newaxis])
    return path


def drop(desktop: Desktop, path: Path, y: float) -> None:
    editor = desktop.tab.editor
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, copy = QPointF(40, y), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place.toPoint(), copy, data, buttons, keys)
    editor.dragEnterEvent(entering)
    assert entering.isAccepted()
    editor.dragMoveEvent(QDragMoveEvent(place.toPoint(), copy, data, buttons, keys))
    editor.grab()  # the line under it is painted
    editor.dropEvent(QDropEvent(place, copy, data, buttons, keys))


def test_a_sound_dropped_on_a_line_is_its_take(desktop: Desktop, tmp_path: Path) -> None:
    desktop.choose("tone")
    desktop.paste(script(3))
    desktop.go_to(0)
    tab, session = desktop.tab, desktop.session
    box = next(box for block, box in tab.editor.visible_blocks() if block.blockNumber() == 1)
    drop(desktop, tone(tmp_path / "mine.wav"), box.center().y())
    desktop.until(lambda: session.project.script.lines[1].chosen)
    (take,) = session.project.takes
    assert take.source == TakeSource.IMPORTED
    assert take.line == session.project.script.lines[1].id
    assert abs(take.seconds - 0.4) < 0.01
    assert tab.editor.line() == 1
    assert tab.deck.shown == "takes"
    desktop.window.commands.run("edit.undo")
    assert session.project.script.lines[1].chosen is None
    desktop.window.commands.run("edit.redo")
    assert session.project.script.lines[1].chosen == take.id
    below = tab.editor.viewport().height() - 4
    assert tab.editor.line_at(below) is None
    with answering(yes=False) as said:
        drop(desktop, tmp_path / "mine.wav", below)
    assert "line 2" in said[0]
    assert len(session.project.takes) == 1
    with answering(yes=True):
        drop(desktop, tone(tmp_path / "other.wav", 0.7), below)
    desktop.until(lambda: len(session.project.takes) == 2)
    assert session.project.takes[1].line == take.line


@pytest.mark.long
def test_lines_that_need_ears_are_listed(desktop: Desktop) -> None:
    desktop.choose("tone")
    desktop.paste(script(4))
    desktop.generate()
    tab, session = desktop.tab, desktop.session
    takes = {take.line: take for take in session.project.takes}
    lines = session.project.script.lines
    good, bad = TakeCheck("", 0.0), TakeCheck("", 0.0, clipped=4000)
    session.set_checks({takes[line.id].id: bad if number in (1, 3) else good for number, line in enumerate(lines)})
    desktop.until(tab.bar.ears.isVisible)
    assert tab.bar.ears.text().startswith("2")
    desktop.click(tab.bar.ears)
    shown = tab.attention.ears
    assert shown is not None
    assert [shown.list.item(row).toolTip() for row in range(shown.list.count())] == [
        "4000 samples are clipped: it may crackle."
    ] * 2
    desktop.qtbot.keyClick(shown.list, Qt.Key.Key_Down)
    desktop.qtbot.keyClick(shown.list, Qt.Key.Key_Return)
    assert tab.editor.line() == 3
    desktop.until(lambda: tab.attention.ears is None)
    desktop.window.commands.run("takes.ears")
    shown = tab.attention.ears
    item = shown.list.visualItemRect(shown.list.item(0))
    desktop.qtbot.mouseClick(shown.list.viewport(), Qt.MouseButton.LeftButton, pos=item.center())
    assert tab.editor.line() == 1
    session.set_checks({take.id: good for take in takes.values()})
    desktop.until(lambda: not tab.bar.ears.isVisible())
