"""The timeline's picture while somebody zooms: little is made for each frame, and what is seen at rest is exact."""

from dataclasses import dataclass

import numpy as np
from pytestqt.qtbot import QtBot

from audiostudio.timeline.editing import placing
from audiostudio.timeline.project import AssetReference, Media
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Timeline, Track
from audiostudio.ui.theme import Theme
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.clip_paint import Shown, thinned
from audiostudio.ui.timeline.outline import Levels
from audiostudio.ui.timeline.scale import Scale
from audiostudio.ui.timeline.view import TimelineView

HOUR = 3600 * 48_000
MEDIA = Media("m", AssetReference("m", "", "m.wav"), HOUR, 48_000, 1, "Sea")


@dataclass
class Sea:
    """An outline that counts how often it is looked at."""

    length: int = HOUR
    looks: int = 0

    def view(self, start: int, end: int, pixels: int) -> tuple[Levels, Levels, Levels]:
        self.looks += 1
        high = (0.5 + 0.4 * np.sin(np.linspace(start, end, pixels) / 9e5)).astype(np.float32)[np.newaxis]
        return -high, high, high / 2


def _canvas(sea: Sea) -> TimelineCanvas:
    def shown(_clip: Clip) -> Shown:
        return Shown(MEDIA, lambda: sea)

    made = TimelineCanvas(shown)
    made.resize(1200, 8 * 72)
    tracks = [Track(f"{n}", "Sea", clips=(placing.clip_of(MEDIA, n * 7 * TICKS, first=n * 48_000),)) for n in range(8)]
    made.scene.timeline = Timeline("t", "", tuple(tracks))
    return made


def test_zooming_makes_a_few_pictures_a_frame_and_ends_exact(qtbot: QtBot, theme: Theme) -> None:
    sea = Sea()
    canvas = _canvas(sea)
    qtbot.addWidget(canvas)
    scale = Scale(0, TICKS)
    canvas.set_scale(scale)
    canvas.grab()
    made = []
    for factor in (*[1.15] * 12, *[1 / 1.3] * 12):
        before, scale = sea.looks, scale.zoomed(factor, 500)
        canvas.set_scale(scale)
        canvas.grab()
        made.append(sea.looks - before)
    assert sorted(made)[-2] <= 8, made  # a leap may show what nothing was made for yet
    canvas._draw_exactly()
    fresh = _canvas(sea)
    qtbot.addWidget(fresh)
    fresh.set_scale(scale)
    fresh._draw_exactly()
    assert canvas.grab().toImage() == fresh.grab().toImage()
    for one in (canvas, fresh):
        one._calm.stop()


def test_words_that_there_is_no_room_for_leave_dots() -> None:
    wide = [(0.0, 30.0, "Hello"), (40.0, 20.0, "and"), (70.0, 50.0, "welcome"), (130.0, 10.0, "to")]
    marks = [(8.0, "…"), (3.0, "·")]
    assert thinned(wide, marks, 140) == [(0.0, "Hello"), (40.0, "and"), (70.0, "welcome"), (130.0, "to")]
    close = [(0.0, 30.0, "Hello"), (20.0, 20.0, "and"), (35.0, 50.0, "welcome"), (65.0, 10.0, "to"), (70.0, 9.0, "my")]
    assert thinned(close, marks, 100) == [(0.0, "Hello"), (32.0, "…"), (65.0, "to"), (77.0, "…")]
    assert thinned(close, marks, 80) == [(0.0, "Hello"), (32.0, "…"), (65.0, "to"), (76.0, "·")]
    assert thinned(close, marks, 70) == [(0.0, "Hello"), (32.0, "…")]
    assert thinned(close, marks, 20) == [(2.0, "…")]
    assert thinned(close, marks, 4) == []


def test_the_bar_says_that_there_is_more_only_where_there_is(qtbot: QtBot, theme: Theme) -> None:
    view = TimelineView(lambda _clip: Shown(None, lambda: None))
    qtbot.addWidget(view)
    view.resize(1000, 300)
    track = Track("t", "T", clips=(placing.clip_of(MEDIA, 0),))
    view.show_timeline(Timeline("t", "", (track,)), {})
    view.show()
    view.show_all()
    assert view.along.maximum() == 0
    assert not view.along.isEnabled()
    view.zoom(2)
    assert view.along.maximum() > 0
    assert view.along.isEnabled()
    view.show_all()
    assert view.along.maximum() == 0
    view.canvas.set_scale(view.canvas.scene.scale.scrolled(50))
    assert view.along.value() > 0  # so that one can come back
