"""Track headers and the master under the mouse: each change one undo step, rows in line with the tracks."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from audiostudio.timeline.tracks import Content
from audiostudio.ui.timeline.headers import TrackHeader
from audiostudio.ui.timeline.headers_controls import OFF, decibels_at, position_of
from audiostudio.ui.timeline.meters import Level, Meter
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import CONTROL, NONE, Hand, clip

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def hand(open_window: OpenWindow) -> Hand:
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 1000)
    made = Hand(window)
    made.put(one=[clip("a", 1, 3)], two=[clip("b", 0, 4)], three=[])
    return made


def header(hand: Hand, name: str) -> TrackHeader:
    track = next(track for track in hand.work.document.tracks if track.name == name)
    return hand.panel.headers.headers[track.id]


def names(hand: Hand) -> list[str]:
    return [track.name for track in hand.work.document.tracks]


def press(widget: QWidget, keys: Qt.KeyboardModifier = NONE) -> None:
    QTest.mouseClick(widget, LEFT, keys)


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    QTest.mousePress(widget, LEFT, NONE, start)
    for place in ((start + end) / 2, end):
        QTest.mouseMove(widget, place)
    QTest.mouseRelease(widget, LEFT, NONE, end)


def entry(menu: QMenu, *path: str) -> None:
    """Choose what is called so."""
    for word in path[:-1]:
        menu = next(action.menu() for action in menu.actions() if action.text() == word)
    next(action for action in menu.actions() if action.text() == path[-1]).trigger()


def test_buttons_of_a_track(hand: Hand) -> None:
    one, two = header(hand, "one"), header(hand, "two")
    press(one.mute)
    press(one.lock)
    assert hand.work.document.tracks[0].muted
    assert hand.work.document.tracks[0].locked
    assert hand.work.session.history.undo_label == "Lock"
    hand.undo()
    hand.undo()
    assert not one.mute.isChecked()
    assert not one.lock.isChecked()
    press(one.solo)
    press(two.solo)
    assert [track.solo for track in hand.work.document.tracks] == [True, True, False]
    press(two.solo)
    assert [track.solo for track in hand.work.document.tracks] == [True, False, False]
    press(two.arm)
    assert hand.work.armed == two.track.id
    assert two.arm.isChecked()
    press(one.arm)
    assert one.arm.isChecked()
    assert not two.arm.isChecked()
    press(one.arm)
    assert hand.work.armed is None


def test_solo_alone(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    press(header(hand, "one").solo)
    monkeypatch.setattr("PySide6.QtWidgets.QApplication.keyboardModifiers", staticmethod(lambda: CONTROL))
    press(header(hand, "two").solo)
    assert [track.solo for track in hand.work.document.tracks] == [False, True, False]


def test_fader_and_pan_are_one_step_a_drag(hand: Hand) -> None:
    one = header(hand, "one")
    middle = one.fader.height() // 2
    drag(one.fader, QPoint(one.fader.width() // 2, middle), QPoint(20, middle))
    channel = hand.work.document.tracks[0].channel
    assert -60 < channel.gain < -20
    assert one.gain.text().startswith("−")
    drag(one.pan, QPoint(11, 11), QPoint(11, 51))
    assert hand.work.document.tracks[0].channel.pan == -0.5
    hand.undo()
    assert hand.work.document.tracks[0].channel == channel
    hand.undo()
    assert hand.work.document.tracks[0].channel.gain == 0
    assert hand.work.session.history.undo_label == "Put"
    drag(one.fader, QPoint(60, middle), QPoint(30, middle))
    QTest.mouseDClick(one.fader, LEFT, NONE, QPoint(30, middle))
    assert hand.work.document.tracks[0].channel.gain == 0
    QTest.mouseDClick(one.gain, LEFT)
    QTest.keyClicks(one.gain, "-7,5 dB")
    QTest.keyClick(one.gain, Qt.Key.Key_Return)
    assert hand.work.document.tracks[0].channel.gain == -7.5
    QTest.mouseDClick(one.gain, LEFT)
    QTest.keyClicks(one.gain, "loud")
    QTest.keyClick(one.gain, Qt.Key.Key_Return)
    assert one.gain.text() == "−7.5"
    assert hand.work.document.tracks[0].channel.gain == -7.5


def test_a_fader_is_the_same_there_and_back() -> None:
    assert [decibels_at(position_of(gain)) for gain in (12, 6, 0, -6, -30, -50)] == [12, 6, 0, -6, -30, -50]
    assert decibels_at(0) == OFF == decibels_at(position_of(OFF))


def test_names_are_changed_in_their_place(hand: Hand) -> None:
    one = header(hand, "one")
    QTest.mouseDClick(one.name, LEFT)
    QTest.keyClicks(one.name, "Narrator")
    QTest.keyClick(one.name, Qt.Key.Key_Return)
    assert names(hand) == ["Narrator", "two", "three"]
    QTest.mouseDClick(one.name, LEFT)
    QTest.keyClicks(one.name, "Nobody")
    QTest.keyClick(one.name, Qt.Key.Key_Escape)
    assert names(hand) == ["Narrator", "two", "three"]
    assert one.name.text() == "Narrator"


def test_tracks_are_dragged_to_another_place(hand: Hand) -> None:
    one, three = header(hand, "one"), header(hand, "three")
    drag(one, QPoint(30, 66), QPoint(30, 66 + 2 * one.height()))
    assert names(hand) == ["two", "three", "one"]
    drag(three, QPoint(30, 30), QPoint(30, 30 - three.height()))
    assert names(hand) == ["three", "two", "one"]
    assert [header(hand, name).y() for name in names(hand)] == sorted(header(hand, name).y() for name in names(hand))
    hand.undo()
    hand.undo()
    assert names(hand) == ["one", "two", "three"]


def test_heights_are_those_of_the_canvas(hand: Hand) -> None:
    one, two = header(hand, "one"), header(hand, "two")
    drag(one, QPoint(30, one.height() - 2), QPoint(30, 130))
    rows = hand.canvas.scene.rows().rows
    assert (one.height(), two.y()) == (130, 130) == (rows[0].height, rows[1].top)
    drag(two, QPoint(30, two.height() - 2), QPoint(30, 5))
    assert two.height() == hand.canvas.scene.rows().rows[1].height == 40
    assert not two.fader.isVisible()
    assert two.mute.isVisible()
    assert one.fader.isVisible()
    hand.work.scrolled.emit(20.0)
    assert one.y() == -20


def test_the_menu_of_a_track(hand: Hand) -> None:
    column = hand.panel.headers
    first = hand.work.document.tracks[0].id
    entry(column.menu_of(first), "Duplicate")
    assert names(hand) == ["one", "one 2", "two", "three"]
    copy = hand.work.document.tracks[1]
    assert copy.clips[0].name == "a"
    assert copy.clips[0].id != hand.work.document.tracks[0].clips[0].id
    entry(column.menu_of(copy.id), "Content", "Music")
    entry(column.menu_of(copy.id), "Colour", "Pink")
    entry(column.menu_of(copy.id), "Height", "Large")
    assert hand.work.document.tracks[1].content == Content.MUSIC
    assert hand.work.document.tracks[1].colour == "song"
    assert header(hand, "one 2").height() == 120
    entry(column.menu_of(copy.id), "Add a track below", "Effects")
    assert names(hand) == ["one", "one 2", "Effects", "two", "three"]
    entry(column.menu_of(copy.id), "Delete the track")
    assert names(hand) == ["one", "Effects", "two", "three"]
    column.add_menu.aboutToShow.emit()
    entry(column.add_menu, "Effects")
    assert names(hand)[-1] == "Effects 2"


def test_meters_hold_fall_and_warn(hand: Hand) -> None:
    one, master = header(hand, "one"), hand.panel.master
    hand.panel.headers.show_levels({one.track.id: Level(1.5, 0.5)})
    assert one.meter.clipped
    assert one.meter.held[1] == pytest.approx(-6.02, abs=0.01)
    for _ in range(30):
        hand.panel.headers.show_levels({})
    assert one.meter.held[1] == pytest.approx(-6.02, abs=0.01)
    assert one.meter.shown[1] < -20
    for _ in range(90):
        hand.panel.headers.show_levels({})
    assert one.meter.at_rest
    assert one.meter.clipped
    press(one.meter)
    assert not one.meter.clipped
    master.show_loudness(-14.04, None, -1.0)
    assert [number.text() for number in master._numbers.values()] == ["−14.0", "–", "−1.0"]


def test_the_master_fader(hand: Hand) -> None:
    fader = hand.panel.master.fader
    drag(fader, QPoint(9, fader.height() // 2), QPoint(9, fader.height() - 8))
    assert hand.work.document.master.gain < -40
    QTest.mouseDClick(fader, LEFT, NONE, QPoint(9, fader.height() - 8))
    assert hand.work.document.master.gain == 0


def test_a_feed_rests_once_nothing_moves(hand: Hand, qtbot: object) -> None:
    feed, meter = hand.panel.master.feed, hand.panel.master.meter
    feed.start(lambda: {"": Level(0.1, 0.1)})
    qtbot.waitUntil(lambda: meter.shown[0] > -60)  # type: ignore[attr-defined]
    feed.stop()
    assert isinstance(meter, Meter)
    meter._shown, meter._marks = [-60.0, -60.0], [-60.0, -60.0]
    qtbot.waitUntil(lambda: not feed._timer.isActive())  # type: ignore[attr-defined]
