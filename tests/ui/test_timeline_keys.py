"""The timeline from the keyboard, from menus and by drops; presets; the strip while there is nothing on it."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from audiostudio.resource import resource
from audiostudio.timeline.editing import arranging
from audiostudio.timeline.time import TICKS, FrameRate
from audiostudio.ui.palette import ShortcutList
from audiostudio.ui.timeline.hits import hit
from audiostudio.ui.timeline.menus import show_canvas_menu, show_ruler_menu
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import ALT, CONTROL, NONE, SHIFT, Hand, clip

Key = Qt.Key


@pytest.fixture
def hand(qtbot: QtBot, open_window: OpenWindow) -> Hand:
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 1000)
    qtbot.waitUntil(lambda: window.tabs.page("speech") is not None)
    made = Hand(window)
    made.put(one=[clip("a", 1, 3), clip("b", 3, 5, 30), clip("c", 7, 9)], two=[clip("m", 0, 4)])
    made.work.set_snapping(False)
    return made


def _names(hand: Hand) -> list[str]:
    names = {one.id: one.name for one in hand.work.document.clips()}
    return sorted(names[one] for one in hand.work.selected)


def test_clips_are_edited_with_keys(hand: Hand) -> None:
    work = hand.work
    work.seek(2 * TICKS)
    hand.click(0, 1.5)
    hand.key(Key.Key_S)
    assert hand.spans(0)[:2] == [("a", 1, 2), ("a", 2, 3)]
    assert hand.spans(1) == [("m", 0, 4)]
    hand.undo()
    work.select(())
    hand.key(Key.Key_K, CONTROL)
    assert len(hand.spans(0)) == 4
    assert hand.spans(1) == [("m", 0, 2), ("m", 2, 4)]
    hand.undo()
    hand.click(0, 8)
    hand.key(Key.Key_Delete)
    assert [name for name, _, _ in hand.spans(0)] == ["a", "b"]
    hand.undo()
    hand.click(0, 2)
    hand.key(Key.Key_Delete, SHIFT)
    assert hand.spans(0) == [("b", 1, 3), ("c", 5, 7)]
    hand.undo()
    hand.click(0, 8)
    hand.key(Key.Key_C, CONTROL)
    work.seek(11 * TICKS)
    hand.key(Key.Key_V, CONTROL)
    assert hand.spans(0)[-1] == ("c", 11, 13)
    assert work.playhead == 13 * TICKS
    hand.key(Key.Key_X, CONTROL)
    assert hand.spans(0)[-1] == ("c", 7, 9)
    hand.click(0, 8)
    hand.key(Key.Key_D, CONTROL)
    assert hand.spans(0)[-1] == ("c", 9, 11)
    assert _names(hand) == ["c"]
    hand.key(Key.Key_Right, ALT)
    assert hand.spans(0)[-1] == ("c", 9.04, 11.04)
    hand.key(Key.Key_A, CONTROL)
    assert len(work.selected) == 5


def test_the_playhead_in_and_out_points_and_markers_have_keys(hand: Hand) -> None:
    work = hand.work
    for key, keys, expected in (
        (Key.Key_End, NONE, 9.0),
        (Key.Key_Home, NONE, 0.0),
        (Key.Key_Right, NONE, 0.04),
        (Key.Key_Right, SHIFT, 1.04),
        (Key.Key_Left, NONE, 1.0),
        (Key.Key_Down, NONE, 3.0),
        (Key.Key_Up, NONE, 1.0),
    ):
        hand.key(key, keys)
        assert work.playhead == round(expected * TICKS), key
    rate = FrameRate(50)
    work.edit("Rate", lambda project, timeline: arranging.set_rates(project, timeline, frame_rate=rate))
    hand.key(Key.Key_Right, SHIFT)
    assert work.playhead == 2 * TICKS, "a second, whatever the frame rate"
    hand.key(Key.Key_Left, SHIFT)
    hand.key(Key.Key_I)
    work.seek(4 * TICKS)
    hand.key(Key.Key_O)
    assert work.document.range == (TICKS, 4 * TICKS)
    hand.key(Key.Key_M)
    assert [marker.at for marker in work.document.markers] == [4 * TICKS]
    work.select(())
    hand.key(Key.Key_Delete, SHIFT)
    assert hand.spans(0) == [("b", 1, 2), ("c", 4, 6)]
    hand.key(Key.Key_X, ALT)
    assert work.document.range is None
    before = hand.canvas.scene.scale.per_pixel
    hand.key(Key.Key_Plus)
    assert hand.canvas.scene.scale.per_pixel < before
    hand.key(Key.Key_N)
    hand.key(Key.Key_B)
    assert work.snapping
    assert work.tool == "blade"


def test_the_keys_are_the_timelines_only_while_it_has_the_focus(hand: Hand) -> None:
    editor = hand.window.tabs.page("speech").focusProxy()
    editor.setFocus()
    QTest.keyClicks(editor, "s")
    assert editor.toPlainText().endswith("s")
    assert len(hand.spans(0)) == 3
    hand.canvas.setFocus()
    hand.work.seek(2 * TICKS)
    QTest.keyClicks(hand.canvas, "s")
    assert len(hand.spans(0)) == 4


def test_presets_are_complete_and_can_be_chosen(hand: Hand) -> None:
    commands = hand.window.commands
    known = {one.name for one in commands.all() if one.scope == "timeline"}
    for name in ("studio", "premiere", "resolve"):
        keys = json.loads(resource(f"shortcuts/{name}.json").read_text(encoding="utf-8"))["keys"]
        assert set(keys) <= known
        spoken = [key for text in keys.values() for key in text.split("; ")]
        assert len(spoken) == len(set(spoken)), name
    commands.run("help.shortcuts")
    shown = hand.window.findChild(ShortcutList)
    shown.presets.choose("premiere")
    shown.search.setText("Ctrl+K")
    assert "Split at the playhead" in shown.shown()
    shown.close()
    hand.canvas.setFocus()
    hand.work.seek(2 * TICKS)
    hand.key(Key.Key_S)
    assert len(hand.spans(0)) == 3
    assert hand.work.snapping
    hand.key(Key.Key_C)
    assert hand.work.tool == "blade"


def _menu(hand: Hand) -> QMenu:
    return hand.panel.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]


def _run(menu: QMenu, words: str) -> None:
    actions = [one for one in menu.actions() if one.text().split("\t")[0] == words]
    assert actions, [one.text() for one in menu.actions()]
    actions[0].trigger()
    menu.close()


def test_menus_of_clips_gaps_and_the_ruler(hand: Hand) -> None:
    place = hand.canvas.mapToGlobal(hand.place(0, 6).toPoint())
    show_canvas_menu(hand.panel, hit(hand.canvas.scene, hand.place(0, 6)), place)
    _run(_menu(hand), "Close the gap")
    assert hand.spans(0)[2] == ("c", 5, 7)
    hand.undo()
    hand.click(0, 8)
    show_canvas_menu(hand.panel, hit(hand.canvas.scene, hand.place(0, 8)), place)
    menu = _menu(hand)
    speed = next(one.menu() for one in menu.actions() if one.text() == "Speed")
    _run(speed, "2×")
    menu.close()
    assert hand.spans(0)[2] == ("c", 7, 8)
    show_ruler_menu(hand.panel, None, 5 * TICKS, place)
    _run(_menu(hand), "Add a marker here")
    assert [one.at for one in hand.work.document.markers] == [5 * TICKS]


def test_the_panel_is_a_strip_until_something_is_put_there_and_can_be_folded(
    qtbot: QtBot, open_window: OpenWindow
) -> None:
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 1000)
    qtbot.waitUntil(lambda: window.tabs.page("speech") is not None)
    hand = Hand(window)
    assert window.timeline_dock.height() == 56
    assert hand.panel.invitation.isVisible()
    hand.put(one=[clip("a", 1, 3)])
    qtbot.waitUntil(lambda: window.timeline_dock.height() > 250)
    assert not hand.panel.invitation.isVisible()
    hand.panel.bar.fold.click()
    qtbot.waitUntil(lambda: window.timeline_dock.height() == 56)
    window.commands.run("timeline.show")
    qtbot.waitUntil(lambda: window.timeline_dock.height() > 250)
    assert hand.canvas.hasFocus()
    wanted: list[str] = []
    hand.panel.line_wanted.connect(wanted.append)
    hand.double_click(0, 2)
    assert wanted == []


def test_files_are_taken_and_other_things_refused(hand: Hand, tmp_path: Path) -> None:
    def enter(data: QMimeData) -> bool:
        event = QDragEnterEvent(
            QPoint(200, 40), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(hand.canvas, event)
        return event.isAccepted()

    words = QMimeData()
    words.setText("no file")
    assert not enter(words)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(tmp_path / "sea.wav"))])
    assert enter(files)
    assert hand.canvas.scene.snap is not None
    leave = QDragLeaveEvent()
    QApplication.sendEvent(hand.canvas, leave)
    assert hand.canvas.scene.snap is None
