"""The sound behind the melody: stretches of waveform or spectrogram, kept while they only move."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPixmap

from audiostudio.ui.speech.performance.picture import Picture, colour_table
from audiostudio.ui.speech.performance.scene import Scene
from audiostudio.ui.theme import tokens

_WIDTH, _LEAST = 512, 32
"""Columns of a tile at most and at least."""
_STOPS = {
    "dark": ("sunken", "accent_soft", "accent", "kind_song", "warning"),
    "light": ("sunken", "accent_soft", "focus", "accent", "text"),
}
_Knots = Sequence[tuple[float, float]]


class Backdrop:
    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], QPixmap] = {}
        self._picture: Picture | None = None

    def draw(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        if scene.picture is None or not scene.knots:
            return
        if scene.picture is not self._picture:
            self._kept, self._picture = {}, scene.picture
        stage, box, used = scene.stage, scene.stage.pitch, {}
        pace, columns, height = stage.scale * ratio, round(box.width() * ratio), max(1, round(box.height() * ratio))
        painter.save()
        for (start, heard), (end, heard_end) in _stretches(scene.knots):
            first, last = round((start - stage.left) * pace), round((end - stage.left) * pace)
            heard, step = round(heard, 6), round((heard_end - heard) / (end - start) / pace, 10)
            for number in range(max(0, -first) // _WIDTH, -(-(min(last, columns) - first) // _WIDTH)):
                at = first + number * _WIDTH
                width = min(_WIDTH, -(-(last - at) // _LEAST) * _LEAST)
                key = (scene.over, tokens().name, ratio, width, height, heard, step, number)
                if key not in used:
                    used[key] = self._kept.get(key) or _tile(
                        scene, heard + number * _WIDTH * step, step, (width, height), ratio
                    )
                within = (max(at, 0), min(at + _WIDTH, last, columns))
                painter.setClipRect(
                    QRectF(box.left() + within[0] / ratio, box.top(), (within[1] - within[0]) / ratio, box.height())
                )
                painter.drawPixmap(QPointF(box.left() + at / ratio, box.top()), used[key])
        painter.restore()
        self._kept = used


def _stretches(knots: _Knots) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Between which knots the sound goes on as it is: those that are only moved are one."""
    first = before = knots[0]
    for knot in knots[1:]:
        if abs((knot[0] - first[0]) - (knot[1] - first[1])) > 1e-6:
            if before is not first:
                yield first, before
            yield before, knot
            first = knot
        before = knot
    if before is not first:
        yield first, before


def _tile(scene: Scene, start: float, step: float, size: tuple[int, int], ratio: float) -> QPixmap:
    """Columns of `step` seconds of the sound each."""
    assert scene.picture is not None
    width, height = size
    times = start + step * np.arange(width + 1)
    bits = (_spectrum if scene.over else _wave)(scene.picture, times, height)
    image = QImage(bits.data, bits.shape[1], height, bits.strides[0], QImage.Format.Format_ARGB32_Premultiplied)
    made = QPixmap.fromImage(image)
    made.setDevicePixelRatio(ratio)
    return made


def _spectrum(picture: Picture, times: NDArray[np.float64], height: int) -> NDArray[np.uint32]:
    colours = tokens()
    stops = [colours.colour(stop) for stop in _STOPS[colours.name]]
    table = colour_table([(stop.red(), stop.green(), stop.blue()) for stop in stops])
    return table[picture.spectrum((times[:-1] + times[1:]) / 2, height)]


def _wave(picture: Picture, times: NDArray[np.float64], height: int) -> NDArray[np.uint32]:
    """A soft waveform about the middle: each column filled from its least to its greatest value."""
    least, greatest = picture.wave(times)
    loudest = max(float(np.abs(picture.least).max()), float(picture.greatest.max()), 1e-3)
    middle, reach = height / 2, height * 0.42 / loudest
    rows = np.arange(height, dtype=np.int32)[:, None]
    top, bottom = (middle - greatest * reach).astype(np.int32), (middle - least * reach).astype(np.int32)
    ink = tokens().colour("wave")
    share = 0.62 if tokens().name == "dark" else 0.55
    parts = (round(share * level) for level in (255, ink.red(), ink.green(), ink.blue()))
    alpha, red, green, blue = parts
    table = np.array([0, (alpha << 24) | (red << 16) | (green << 8) | blue], np.uint32)
    return table[((rows >= top) & (rows <= bottom)).view(np.uint8)]
