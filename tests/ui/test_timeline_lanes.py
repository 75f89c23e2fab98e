"""Automation below the tracks, under the mouse; beats; clips laid over others."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from audiostudio.timeline.editing import arranging, mixing
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Effect, Parameter, Point, Setting, Tempo
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.divisions import Unit, bar_and_beat, beats_apart, shown_beats
from audiostudio.ui.timeline.hits import hit
from audiostudio.ui.timeline.lane_paint import lane_y
from audiostudio.ui.timeline.menus import show_canvas_menu
from audiostudio.ui.timeline.motions import motion_of, motions
from audiostudio.ui.timeline.panel import TimelinePanel
from audiostudio.ui.timeline.tempo import Taps, TempoDialog
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import ALT, CONTROL, SHIFT, Hand, clip

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def hand(qtbot: QtBot, open_window: OpenWindow) -> Hand:
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 1000)
    qtbot.waitUntil(lambda: window.tabs.page("speech") is not None)
    made = Hand(window)
    made.put(one=[clip("a", 1, 3), clip("b", 3, 5, 30), clip("c", 7, 9)], two=[clip("m", 0, 4)])
    made.work.set_snapping(False)
    return made


def lane_place(hand: Hand, at: float, value: float, number: int = 0, track: int = 0) -> QPointF:
    """In a lane of a track, at seconds."""
    lane = hand.canvas.scene.rows().rows[track].lanes[number]
    motion = motion_of(hand.work.document.tracks[track].channel, lane.parameter)
    assert motion is not None
    return QPointF(hand.canvas.scene.scale.x(at * TICKS), lane_y(lane, motion, value))


def points(hand: Hand, parameter: str = Parameter.GAIN, track: int = 0) -> list[tuple[float, float]]:
    found = hand.work.document.tracks[track].channel.automated(parameter)
    return [(round(one.at / TICKS, 2), one.value) for one in found]


def click(canvas: TimelineCanvas, place: QPointF) -> None:
    QTest.mouseClick(canvas, LEFT, Qt.KeyboardModifier.NoModifier, place.toPoint())


def menu_of(hand: Hand, place: QPointF) -> dict[str, QAction]:
    show_canvas_menu(hand.panel, hit(hand.canvas.scene, place), hand.canvas.mapToGlobal(place.toPoint()))
    menu = hand.panel.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)[-1]
    return {action.text(): action for action in menu.actions()}


def test_the_gain_is_drawn_below_its_track(hand: Hand) -> None:
    hand.click(0, 2)
    below = hand.canvas.scene.rows().rows[1].top
    hand.key(Qt.Key.Key_A, SHIFT)
    assert hand.canvas.scene.rows().rows[1].top == below + 56
    assert hand.panel.headers.headers["two"].y() == below + 56
    (header,) = hand.panel.headers.lanes.values()
    assert (header.name.text(), header.value.text()) == ("Gain", "0.0 dB")
    click(hand.canvas, lane_place(hand, 2, -12))
    ((at, value),) = points(hand)
    assert at == 2
    assert value == pytest.approx(-12, abs=1.5)
    hand.drag(lane_place(hand, 6, 0), lane_place(hand, 7, -30))
    assert points(hand)[1] == (7, pytest.approx(-30, abs=3))
    hand.drag(lane_place(hand, 2, value), lane_place(hand, 9, 6))
    assert points(hand)[0] == (7, pytest.approx(6, abs=1.5))  # up to its neighbour, not beyond
    hand.undo()
    hand.work.seek(round(4.5 * TICKS))
    shown = float(header.value.text().removesuffix(" dB").replace("−", "-"))
    assert shown == pytest.approx(sum(one for _, one in points(hand)) / 2, abs=0.1)
    hand.double_click_at(lane_place(hand, *points(hand)[1]))
    assert points(hand) == [(2, value)]
    for _ in range(3):
        hand.undo()
    assert points(hand) == []
    assert hand.work.session.history.undo_label == "Put"
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 5), ("c", 7, 9)]


def test_delete_takes_the_point_that_was_touched_last_and_no_clip(hand: Hand) -> None:
    hand.click(0, 2)
    hand.work.show_lane("one", Parameter.GAIN)
    click(hand.canvas, lane_place(hand, 2, -12))
    hand.drag(lane_place(hand, 6, 0), lane_place(hand, 7, -30))
    assert [at for at, _ in points(hand)] == [2, 7]
    hand.key(Qt.Key.Key_Delete)
    assert [at for at, _ in points(hand)] == [2]
    hand.key(Qt.Key.Key_Delete)
    assert len(hand.spans(0)) == 3
    click(hand.canvas, lane_place(hand, *points(hand)[0]))
    hand.click(0, 8)
    hand.key(Qt.Key.Key_Delete)
    assert ([at for at, _ in points(hand)], len(hand.spans(0))) == ([2], 2)


def test_a_drag_in_a_lane_is_taken_back_with_escape_and_finer_with_shift(hand: Hand) -> None:
    hand.work.show_lane("one", Parameter.PAN)
    click(hand.canvas, lane_place(hand, 3, 0.5))
    before = points(hand, Parameter.PAN)
    with hand.holding(lane_place(hand, 3, before[0][1]), lane_place(hand, 5, -1)):
        assert hand.work.timeline.tracks[0].channel.automated(Parameter.PAN)[0].at == 5 * TICKS
        hand.key(Qt.Key.Key_Escape)
    assert points(hand, Parameter.PAN) == before
    hand.drag(lane_place(hand, 3, before[0][1]), lane_place(hand, 3, before[0][1]) + QPointF(0, 20), SHIFT)
    assert 0.3 < points(hand, Parameter.PAN)[0][1] < before[0][1]
    hand.work.set_snapping(True)
    hand.drag(lane_place(hand, *points(hand, Parameter.PAN)[0]), lane_place(hand, 4.95, 0))
    assert points(hand, Parameter.PAN)[0] == (5, 0.0)
    entries = menu_of(hand, lane_place(hand, 5, 0))
    entries["Delete the point"].trigger()
    assert points(hand, Parameter.PAN) == []
    assert not menu_of(hand, lane_place(hand, 5, 0))["Take the automation away"].isEnabled()
    menu_of(hand, lane_place(hand, 5, 0))["Hide"].trigger()
    assert hand.canvas.scene.rows().rows[0].lanes == ()
    assert hand.panel.headers.lanes == {}


def test_nothing_is_drawn_on_a_locked_track(hand: Hand) -> None:
    hand.work.show_lane("one", Parameter.GAIN)
    hand.work.edit("Lock", lambda p, t: arranging.lock_track(p, t, "one", True))
    click(hand.canvas, lane_place(hand, 3, -6))
    hand.drag(lane_place(hand, 3, -6), lane_place(hand, 4, -6))
    assert points(hand) == []
    assert {toast.sentence.text() for toast in hand.window.message_area.toasts} == {"The track “one” is locked."}


def test_a_setting_of_an_effect_is_automated_from_the_inspector(hand: Hand) -> None:
    effect = Effect("e", "highpass", (Setting("frequency", 200.0),))
    hand.work.edit("Effect", lambda p, t: mixing.add_effect(p, t, "one", effect))
    hand.work.select_track("one")
    hand.panel.inspector.follow()
    page = hand.panel.inspector.track
    assert page is not None
    (card,) = page.effects.cards
    card.curves["frequency"].click()
    (lane,) = hand.canvas.scene.rows().rows[0].lanes
    assert lane.parameter == "e/frequency"
    (header,) = hand.panel.headers.lanes.values()
    assert header.value.text() == "200 Hz"
    assert page.automation["e/frequency"].curve.isVisible()
    assert card.sliders["frequency"].slider.isEnabled()
    click(hand.canvas, lane_place(hand, 2, 1000.0))
    hand.panel.inspector.follow()
    ((_, value),) = points(hand, "e/frequency")
    assert value == pytest.approx(1000, rel=0.25)
    assert card.curves["frequency"].isChecked()
    assert not card.sliders["frequency"].slider.isEnabled()
    hand.work.edit("Gone", lambda p, t: mixing.remove_effect(p, t, "one", "e"))
    assert hand.canvas.scene.rows().rows[0].lanes == ()
    hand.undo()
    assert [one.parameter for one in hand.canvas.scene.rows().rows[0].lanes] == ["e/frequency"]
    hand.work.edit("Master", lambda p, t: mixing.add_effect(p, t, None, effect))
    hand.panel.inspector.choose_master()
    master = hand.panel.inspector.master
    assert master is not None
    master.effects.cards[0].curves["frequency"].click()
    curve = master.automation["e/frequency"].curve
    assert curve.isVisible()
    QTest.mouseClick(curve, LEFT, Qt.KeyboardModifier.NoModifier, curve.rect().center())
    assert len(hand.work.document.master.automated("e/frequency")) == 1


def test_what_can_move_and_how_its_values_lie(hand: Hand) -> None:
    hand.work.edit("Effect", lambda p, t: mixing.add_effect(p, t, "one", Effect("e", "eq")))
    hand.work.edit("Effect", lambda p, t: mixing.add_effect(p, t, "one", Effect("f", "denoise")))
    found = motions(hand.work.document.tracks[0].channel)
    assert [one.parameter for one in found[:2]] == [Parameter.GAIN, Parameter.PAN]
    assert {one.parameter.partition("/")[0] for one in found[2:]} == {"e"}
    for motion in found:
        for share in (0.0, 0.2, 0.9, 1.0):
            value = motion.value(share)
            assert motion.setting.least <= value <= motion.setting.greatest
            assert motion.share(value) == pytest.approx(share, abs=0.03)
        assert motion.within(motion.rest) == motion.rest


def test_long_automation_is_painted_where_it_is_seen(hand: Hand) -> None:
    drawn = tuple(Point(number * TICKS, -30.0 * (number % 2)) for number in range(3000))
    hand.work.edit("Draw", lambda p, t: mixing.set_automation(p, t, "one", Parameter.GAIN, drawn))
    bare = hand.canvas.grab().toImage()
    hand.work.show_lane("one", Parameter.GAIN)
    assert hand.canvas.grab().toImage() != bare
    for zoom in (1e-3, 1e6):
        hand.panel.view.zoom(zoom, 100)
        hand.canvas.change()
        whole = hand.canvas.grab().toImage()
        hand.canvas.set_scale(hand.canvas.scene.scale.scrolled(40))
        hand.canvas.grab()
        hand.canvas.set_scale(hand.canvas.scene.scale.scrolled(-40))
        hand.canvas.change()
        assert hand.canvas.grab().toImage() == whole


def test_lanes_and_what_the_ruler_counts_are_remembered(hand: Hand, open_window: OpenWindow) -> None:
    hand.work.show_lane("two", Parameter.PAN)
    hand.panel.count_in(Unit.FRAMES)
    path = hand.work.session.path
    hand.window.close()
    again = Hand(open_window(project=path, timeline=TimelinePanel))
    assert again.work.lanes() == {"two": ("pan",)}
    assert again.panel.view.ruler.unit == Unit.FRAMES


# Beats


def test_beats_are_typed_tapped_shown_and_clicked_to(hand: Hand, qtbot: QtBot) -> None:
    hand.window.commands.run("timeline.tempo")
    (dialog,) = hand.panel.findChildren(TempoDialog)
    now = iter([10.0, 10.5, 11.0, 11.52, 12.0])
    dialog.taps = Taps(lambda: next(now))
    for _ in range(5):
        QTest.mouseClick(dialog.tap, LEFT)
    assert dialog.bpm.text() == "120"
    dialog.bpm.setText("fast")
    assert not dialog.go.isEnabled()
    dialog.bpm.setText("90")
    dialog.bar.setCurrentIndex(dialog.bar.findData(3))
    hand.work.seek(TICKS)
    QTest.mouseClick(dialog.here, LEFT)
    hand.work.seek(2 * TICKS)
    QTest.keyClick(dialog.bpm, Qt.Key.Key_Return)
    assert hand.work.document.tempo == Tempo(90.0, TICKS, 3)
    assert hand.panel.view.ruler.unit == Unit.BEATS
    assert hand.panel.bar.time.text() == "1.2"
    hand.work.set_snapping(True)
    hand.work.seek(0)
    hand.slide(0, 8, 8 + 2 / 3 + 0.05)
    assert hand.spans(0)[2] == ("c", 7.667, 9.667)
    hand.undo()
    hand.slide(0, 8, 8 + 2 / 3 + 0.05, CONTROL)
    assert hand.spans(0)[2] == ("c", 7.717, 9.717)
    hand.undo()
    hand.undo()
    assert hand.work.document.tempo is None


def test_beats_that_would_be_crowded_give_way_to_bars() -> None:
    tempo = Tempo(120.0, TICKS, 4)
    assert beats_apart(tempo, TICKS / 100) == 1
    assert beats_apart(tempo, TICKS / 30) == 4
    assert beats_apart(tempo, TICKS / 4) == 16
    assert shown_beats(tempo, 4, 0, 4 * TICKS) == [(0, TICKS), (4, 3 * TICKS)]
    assert shown_beats(tempo, 1, 0, TICKS // 2) == [(-2, 0), (-1, TICKS // 2)]
    assert [bar_and_beat(tempo, number) for number in (-1, 0, 5)] == ["0.4", "1.1", "2.2"]


def test_taps_begin_anew_after_a_pause_and_one_slip_changes_nothing() -> None:
    times = iter([0.0, 0.5, 9.0, 9.6, 10.2, 10.8, 11.1, 12.0, 12.6])
    taps = Taps(lambda: next(times))
    found = [taps.tap() for _ in range(9)]
    assert found[:5] == [None] * 5
    assert found[5] == found[-1] == 100.0


def test_markers_and_the_range_click_to_what_is_near(hand: Hand) -> None:
    hand.panel.actions_.add_marker(6 * TICKS)
    ruler, scale = hand.panel.view.ruler, hand.canvas.scene.scale
    hand.work.set_snapping(True)

    def drag(start: float, end: float, y: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        first, last = QPointF(scale.x(start * TICKS), y).toPoint(), QPointF(scale.x(end * TICKS), y).toPoint()
        QTest.mousePress(ruler, LEFT, keys, first)
        QTest.mouseMove(ruler, last)
        QTest.mouseRelease(ruler, LEFT, keys, last)

    drag(6.05, 7.1, 5)
    assert [one.at for one in hand.work.document.markers] == [7 * TICKS]
    drag(2.95, 4.9, 25, SHIFT)
    assert hand.work.document.range == (3 * TICKS, 5 * TICKS)
    drag(5, 6.5, 25)
    assert hand.work.document.range == (3 * TICKS, round(6.5 * TICKS))


# Crossfades by laying over


def crossing(hand: Hand) -> list[tuple[float, float]]:
    found = hand.work.document.tracks[0].transitions
    return [(round(one.in_offset / TICKS, 2), round(one.out_offset / TICKS, 2)) for one in found]


def test_a_clip_laid_over_the_end_of_another_passes_into_it(hand: Hand) -> None:
    hand.key(Qt.Key.Key_C, SHIFT)
    assert hand.work.crossfading
    assert hand.panel.bar.overlap.isChecked()
    hand.slide(0, 8, 5)
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 4.5), ("c", 4.5, 6)]
    assert crossing(hand) == [(0.5, 0.5)]
    hand.undo()
    QTest.mouseClick(hand.panel.bar.overlap, LEFT)
    hand.slide(0, 8, 5)
    assert hand.spans(0)[1:] == [("b", 3, 4), ("c", 4, 6)]
    hand.undo()
    with hand.holding(hand.place(0, 8), hand.place(0, 6)):
        hand.move(hand.place(0, 5).toPoint(), ALT)
    assert hand.spans(0)[1:] == [("b", 3, 4.5), ("c", 4.5, 6)]
    hand.undo()
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 5), ("c", 7, 9)]
