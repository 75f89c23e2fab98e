"""The edits that the other tests of the timeline leave: by key, by wheel and by touch pad, each one undo step."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audiostudio.timeline.time import TICKS
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import ALT, CONTROL, NONE, PIXELS, SHIFT, Hand, clip

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


PUT = [("a", 1, 3), ("b", 3, 5), ("c", 7, 9)]


def undone(hand: Hand) -> None:
    hand.undo()
    assert hand.spans(0) == PUT
    assert hand.work.session.history.undo_label == "Put"


def test_paste_makes_room_or_overwrites(hand: Hand) -> None:
    hand.click(0, 8)
    hand.key(Key.Key_C, CONTROL)
    hand.work.seek(4 * TICKS)
    hand.key(Key.Key_V, CONTROL | SHIFT)
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 4), ("c", 4, 6), ("b", 6, 7), ("c", 9, 11)]
    undone(hand)
    hand.work.seek(4 * TICKS)
    hand.key(Key.Key_V, CONTROL)
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 4), ("c", 4, 6), ("c", 7, 9)]
    undone(hand)


def test_ends_are_brought_to_the_playhead_with_and_without_ripple(hand: Hand) -> None:
    hand.click(0, 8)
    hand.work.seek(round(7.5 * TICKS))
    hand.key(Key.Key_Q)
    assert hand.spans(0)[2] == ("c", 7.5, 9)
    undone(hand)
    hand.key(Key.Key_W)
    assert hand.spans(0)[2] == ("c", 7, 7.5)
    undone(hand)
    hand.key(Key.Key_R)
    hand.click(0, 2)
    hand.work.seek(2 * TICKS)
    hand.key(Key.Key_Q)
    assert hand.spans(0) == [("a", 1, 2), ("b", 2, 4), ("c", 6, 8)]
    undone(hand)


def test_pieces_are_joined_and_clips_pass_into_each_other(hand: Hand) -> None:
    hand.click(0, 8)
    hand.work.seek(8 * TICKS)
    hand.key(Key.Key_S)
    hand.work.select([one.id for one in hand.work.document.tracks[0].clips if one.name == "c"])
    hand.key(Key.Key_J, ALT)
    assert hand.spans(0) == PUT
    hand.undo()
    undone(hand)
    hand.click(0, 2)
    hand.click(0, 4, CONTROL)
    hand.key(Key.Key_T, CONTROL)
    (transition,) = hand.work.document.tracks[0].transitions
    assert (transition.in_offset, transition.out_offset) == (TICKS // 2, TICKS // 2)
    undone(hand)
    assert hand.work.document.tracks[0].transitions == ()


def test_clips_are_stretched_with_alt_and_make_room_with_ripple(hand: Hand) -> None:
    hand.slide(0, 9 - 3 / PIXELS, 8 - 3 / PIXELS, ALT)
    assert hand.spans(0)[2] == ("c", 7, 8)
    assert hand.find("c").source_length == 2 * 48_000
    undone(hand)
    hand.slide(0, 7 + 3 / PIXELS, 6 + 3 / PIXELS, ALT)
    assert hand.spans(0)[2] == ("c", 6, 9)
    undone(hand)
    hand.key(Key.Key_R)
    hand.slide(0, 5 - 3 / PIXELS, 6 - 3 / PIXELS, ALT)
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 6), ("c", 8, 10)]
    undone(hand)


def test_clips_are_nudged_duplicated_louder_muted_and_ungrouped(hand: Hand) -> None:
    hand.click(0, 8)
    for _ in range(3):
        hand.key(Key.Key_Left, ALT)
    assert hand.spans(0)[2] == ("c", 6.88, 8.88)
    undone(hand)
    hand.key(Key.Key_Up, ALT)
    hand.key(Key.Key_Up, ALT)
    assert hand.find("c").gain == 2.0
    undone(hand)
    hand.key(Key.Key_M, SHIFT)
    assert hand.find("c").muted
    undone(hand)
    hand.key(Key.Key_R)
    hand.click(0, 4)
    hand.key(Key.Key_D, CONTROL)
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 5), ("b", 5, 7), ("c", 9, 11)]
    undone(hand)
    hand.click(0, 2)
    hand.click(1, 1, CONTROL)
    hand.key(Key.Key_G, CONTROL)
    assert hand.find("a").group == hand.find("m").group is not None
    hand.key(Key.Key_G, CONTROL | SHIFT)
    assert hand.find("a").group is None
    hand.undo()
    undone(hand)


def test_what_is_deleted_leaves_a_gap_or_none_on_every_track(hand: Hand) -> None:
    hand.click(0, 2)
    hand.key(Key.Key_Backspace)
    assert hand.spans(0) == [("b", 3, 5), ("c", 7, 9)]
    undone(hand)
    hand.key(Key.Key_I)
    hand.work.seek(2 * TICKS)
    hand.key(Key.Key_O)
    hand.work.select(())
    hand.key(Key.Key_Delete)
    assert (hand.spans(0)[0], hand.spans(1)) == (("a", 2, 3), [("m", 2, 4)])
    hand.undo()
    hand.key(Key.Key_Delete, SHIFT)
    assert (hand.spans(0)[0], hand.spans(1)) == (("a", 0, 1), [("m", 0, 2)])


def wheel(hand: Hand, x: float, turn: QPoint, keys: Qt.KeyboardModifier = NONE, pixels: QPoint | None = None) -> None:
    place = QPointF(x, 30)
    event = QWheelEvent(
        place,
        QPointF(hand.canvas.mapToGlobal(place)),
        pixels or QPoint(),
        turn,
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(hand.canvas, event)


def test_wheel_and_touch_pad_zoom_at_the_pointer_and_scroll(hand: Hand) -> None:
    scene = hand.canvas.scene
    hand.show(2.0)
    under = scene.scale.at(300)
    wheel(hand, 300, QPoint(0, 240), CONTROL)
    assert scene.scale.per_pixel < TICKS / PIXELS
    assert abs(scene.scale.x(under) - 300) < 0.01
    hand.show(2.0)
    pinch = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        QPointF(300, 30),
        QPointF(300, 30),
        QPointF(300, 30),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(hand.canvas, pinch)
    assert scene.scale.per_pixel == pytest.approx(TICKS / PIXELS / 1.5)
    assert abs(scene.scale.x(under) - 300) < 0.01
    hand.show(2.0)
    wheel(hand, 300, QPoint(0, -120), SHIFT)
    assert scene.scale.left == 2 * TICKS + round(48 * TICKS / PIXELS)
    wheel(hand, 300, QPoint(0, 0), pixels=QPoint(30, 2))
    assert scene.scale.left == 2 * TICKS + round(18 * TICKS / PIXELS)
    before = scene.rows().rows[0].height
    wheel(hand, 300, QPoint(120, 0), ALT)
    assert scene.rows().rows[0].height > before
