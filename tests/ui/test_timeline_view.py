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
from audiostudio.ui.timeline.clip_paint import Shown
from audiostudio.ui.timeline.outline import Levels
from audiostudio.ui.timeline.scale import Scale

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
