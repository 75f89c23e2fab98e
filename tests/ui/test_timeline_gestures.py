"""Every edit of the timeline under the mouse, each one undo step."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from audiostudio.timeline.editing import arranging, placing
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Fade, Track
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import ALT, CONTROL, MEDIA, PIXELS, SHIFT, Hand, clip


@pytest.fixture
def hand(qtbot: QtBot, open_window: OpenWindow) -> Hand:
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 1000)
    qtbot.waitUntil(lambda: window.tabs.page("speech") is not None)
    made = Hand(window)
    made.put(one=[clip("a", 1, 3), clip("b", 3, 5, 30), clip("c", 7, 9)], two=[clip("m", 0, 4)])
    made.work.set_snapping(False)
    return made


def test_clips_are_moved_along_and_between_tracks(hand: Hand) -> None:
    hand.slide(0, 8, 9.5)
    assert hand.spans(0)[2] == ("c", 8.5, 10.5)
    hand.drag(hand.place(0, 9), hand.place(1, 7))
    assert hand.spans(1) == [("m", 0, 4), ("c", 6.5, 8.5)]
    hand.undo()
    hand.undo()
    assert hand.spans(0)[2] == ("c", 7, 9)
    hand.click(0, 2)
    hand.click(0, 4, CONTROL)
    hand.slide(0, 4, 5)
    assert hand.spans(0) == [("a", 2, 4), ("b", 4, 6), ("c", 7, 9)]
    hand.undo()
    with hand.holding(hand.place(0, 8), hand.place(0, 10)):
        assert hand.work.timeline.clip(hand.find("c").id).start == 9 * TICKS
        hand.key(Qt.Key.Key_Escape)
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 5), ("c", 7, 9)]
    assert hand.work.session.history.undo_label == "Put"


def test_moving_overwrites_or_makes_room_and_shift_keeps_the_time(hand: Hand) -> None:
    hand.slide(0, 8, 5)
    assert hand.spans(0) == [("a", 1, 3), ("b", 3, 4), ("c", 4, 6)]
    hand.undo()
    hand.drag(hand.place(0, 8), hand.place(1, 10), SHIFT)
    assert hand.spans(1)[-1] == ("c", 7, 9)
    hand.undo()
    hand.work.set_rippling(True)
    hand.slide(0, 8, 4)
    assert [name for name, _, _ in hand.spans(0)] == ["a", "c", "b"]


def test_edges_are_trimmed_with_and_without_ripple(hand: Hand) -> None:
    edge = 3 / PIXELS
    hand.slide(0, 9 - edge, 8 - edge)
    assert hand.spans(0)[2] == ("c", 7, 8)
    hand.slide(0, 1 + edge, 2 + edge)
    assert hand.spans(0)[0] == ("a", 2, 3)
    assert hand.find("a").source_start == 21 * 48_000
    hand.undo()
    hand.undo()
    hand.work.set_rippling(True)
    hand.slide(0, 3 - 5 / PIXELS, 2 - 5 / PIXELS)
    assert hand.spans(0) == [("a", 1, 2), ("b", 2, 4), ("c", 6, 8)]


def test_roll_slip_slide_stretch_and_blade(hand: Hand) -> None:
    hand.slide(0, 3, 2.5)
    assert hand.spans(0)[:2] == [("a", 1, 2.5), ("b", 2.5, 5)]
    hand.undo()
    hand.slide(0, 8, 9, ALT)
    assert (hand.find("c").source_start, hand.find("c").start) == (19 * 48_000, 7 * TICKS)
    hand.undo()
    hand.work.set_tool("slide")
    hand.slide(0, 2, 2.5)
    assert hand.spans(0)[:2] == [("a", 1.5, 3.5), ("b", 3.5, 5)]
    hand.undo()
    hand.work.set_tool("stretch")
    hand.slide(0, 9 - 3 / PIXELS, 11 - 3 / PIXELS)
    assert hand.spans(0)[2] == ("c", 7, 11)
    assert hand.find("c").source_length == 2 * 48_000
    hand.undo()
    hand.work.set_tool("blade")
    hand.click(0, 8)
    assert hand.spans(0)[2:] == [("c", 7, 8), ("c", 8, 9)]
    hand.undo()
    assert hand.spans(0)[2:] == [("c", 7, 9)]


def test_fades_crossfades_and_the_gain_line(hand: Hand) -> None:
    top = 10 / 72
    handle = 7 / PIXELS
    hand.slide(0, 7 + handle, 7.5 + handle, part=top)
    assert hand.find("c").fade_in == Fade(TICKS // 2)
    hand.slide(0, 9 - handle, 8 - handle, part=top)
    assert hand.find("c").fade_out == Fade(TICKS)
    hand.slide(0, 3 + handle, 2.75 + handle, part=top)
    transition = hand.work.document.tracks[0].transitions[0]
    assert (transition.in_offset, transition.out_offset) == (TICKS // 4, TICKS // 4)

    hand.click(0, 8)
    zero = _line(hand, 0.0)
    hand.drag(QPointF(hand.place(0, 8).x(), zero), QPointF(hand.place(0, 8).x(), _line(hand, -6.0)))
    assert hand.find("c").gain == pytest.approx(-6, abs=1.5)
    hand.undo()
    hand.drag(QPointF(hand.place(0, 7.5).x(), zero), QPointF(hand.place(0, 7.5).x(), _line(hand, -12.0)), CONTROL)
    point = hand.find("c").envelope[0]
    assert point.at == TICKS // 2
    assert point.value == pytest.approx(-12, abs=1.5)
    place = QPointF(hand.place(0, 7.5).x(), _line(hand, point.value))
    hand.drag(place, place + QPointF(30, 0))
    assert hand.find("c").envelope[0].at == TICKS
    hand.double_click(0, 8, part=(_line(hand, point.value) - hand.place(0, 8, 0).y()) / 72)
    assert hand.find("c").envelope == ()


def _line(hand: Hand, decibels: float) -> float:
    """Where that gain lies in a clip of the first track."""
    from audiostudio.ui.timeline.clip_paint import envelope_y, wave_box

    scene = hand.canvas.scene
    track = hand.work.document.tracks[0]
    return envelope_y(wave_box(scene.box(hand.find("c"), scene.rows(), track)), decibels)


def test_what_is_dragged_snaps_while_that_is_on(hand: Hand) -> None:
    hand.work.set_snapping(True)
    hand.slide(0, 8, 6.08)
    assert hand.spans(0)[2] == ("c", 5, 7)
    hand.undo()
    hand.slide(0, 8, 6.08, CONTROL)
    assert hand.spans(0)[2] == ("c", 5.083, 7.083)
    hand.undo()
    hand.work.seek(10 * TICKS)
    hand.slide(0, 8, 9.05)
    assert hand.spans(0)[2] == ("c", 8, 10)


def test_selecting_by_click_band_and_group(hand: Hand) -> None:
    names = {one.id: one.name for one in hand.work.document.clips()}

    def selected() -> str:
        return "".join(sorted(names[one] for one in hand.work.selected))

    hand.click(0, 2)
    hand.click(0, 8, SHIFT)
    assert selected() == "abc"
    hand.click(0, 4, CONTROL)
    assert selected() == "ac"
    hand.click(0, 6)
    assert selected() == ""
    assert hand.work.playhead == 6 * TICKS
    hand.drag(hand.place(0, 5.5, 0.9), hand.place(1, 3.5, 0.5))
    assert selected() == "bm"
    hand.key(Qt.Key.Key_G, CONTROL)
    hand.click(0, 6)
    hand.click(1, 1)
    assert selected() == "bm"
    hand.slide(1, 1, 3)
    assert (hand.find("m").start, hand.find("b").start) == (2 * TICKS, 5 * TICKS)


def test_what_was_scrolled_or_changed_in_part_looks_as_painted_at_once(hand: Hand) -> None:
    canvas = hand.canvas
    canvas.grab()
    for pixels in (7, 31, -12, 3):
        canvas.set_scale(canvas.scene.scale.scrolled(pixels))
        canvas.grab()
    hand.slide(0, 8, 9)
    hand.click(1, 3)
    canvas.set_scale(canvas.scene.scale.scrolled(101))
    in_parts = canvas.grab().toImage()
    canvas.change()
    assert canvas.grab().toImage() == in_parts


def test_a_drag_at_the_edge_scrolls(hand: Hand, qtbot: QtBot) -> None:
    right = hand.canvas.width() - 2
    before = hand.canvas.scene.scale.left
    with hand.holding(hand.place(0, 8), QPointF(right, hand.place(0, 8).y())):
        qtbot.waitUntil(lambda: hand.canvas.scene.scale.left > before + 3 * TICKS)
    assert hand.find("c").end > before + right * TICKS // PIXELS


def test_the_scale_stays_while_and_after_a_clip_is_dragged(qtbot: QtBot, open_window: OpenWindow) -> None:
    """A timeline that nobody looked closer at shows all of what comes; once it was taken hold of it stays as it is."""
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 1000)
    qtbot.waitUntil(lambda: window.tabs.page("speech") is not None)
    hand = Hand(window)

    def put(*clips: Clip) -> None:
        assert hand.work.edit("Put", lambda project, timeline: _put(project, timeline, clips))

    put(clip("a", 0, 20, 0))
    qtbot.waitUntil(lambda: hand.canvas.scene.scale.x(20 * TICKS) > 0.9 * hand.canvas.width())
    put(clip("b", 20, 40, 0))
    fitted = hand.canvas.scene.scale
    assert 0.9 * hand.canvas.width() < fitted.x(40 * TICKS) < hand.canvas.width()
    window.resize(1500, 1000)
    fitted = hand.canvas.scene.scale
    assert 0.9 * hand.canvas.width() < fitted.x(40 * TICKS) < hand.canvas.width()

    hand.work.set_snapping(False)
    edge = 4 * fitted.per_pixel / TICKS
    with hand.holding(hand.place(0, 40 - edge), hand.place(0, 30 - edge)):
        assert hand.canvas.scene.scale == fitted
    assert hand.canvas.scene.scale == fitted
    assert hand.spans(0)[-1] == ("b", 20, pytest.approx(30, abs=2 * fitted.per_pixel / TICKS))
    put(clip("c", 50, 60, 0))
    window.resize(1400, 1000)
    assert hand.canvas.scene.scale == fitted


def test_what_was_brought_by_others_is_in_sight_before_it_is_dragged(
    qtbot: QtBot, open_window: OpenWindow, tmp_path: Path
) -> None:
    """A project that was not made in the window, opened for the first time: it is fitted before the first drag."""
    with ProjectFile.create(tmp_path, "Made") as session:
        session.edit("Put", lambda project: _put(arranging.with_timeline(project, "T"), "", [clip("a", 0, 40, 0)]))
    window = open_window(project=session.path, timeline=TimelinePanel)
    hand = Hand(window)
    qtbot.waitUntil(lambda: 0.9 < hand.canvas.scene.scale.x(40 * TICKS) / hand.canvas.width() < 1)


def _put(project: Project, timeline: str, clips: Sequence[Clip]) -> Project:
    timeline = timeline or project.timelines[0].id
    new = [] if project.timeline(timeline).tracks else [Track("t", "Track")]
    return placing.place(project, timeline, [("t", one) for one in clips], media=[MEDIA], tracks=new)
