"""How one clip is drawn: a plate in its colour, its name, its waveform, fades and envelope, the words it says."""

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF, QStaticText, QTransform

from audiostudio.render.curves import shaped
from audiostudio.timeline.project import Media, TakeWord
from audiostudio.timeline.tracks import Clip, Fade
from audiostudio.ui.theme import HALF, Tokens, font
from audiostudio.ui.timeline.beats import beats_within
from audiostudio.ui.timeline.outline import TILE, Look, Outline, Tile, Tiles, coarser, premultiplied
from audiostudio.ui.timeline.scale import Scale

NAME_HEIGHT = 18
WORDS_HEIGHT = 18
_RUN_IN = 600
"""Pixels before what is seen from which words are thinned out, so that it is the same ones wherever one looks from."""
_LEFT_OUT = ("…", "·")
"""Instead of words."""
_APART = 6
"""Pixels between two words."""
GAIN_ROOM = 40
"""Pixels of height from which there is a gain line."""
_DIMMED = 0.45
"""How much of a clip that is not heard is seen."""
_LEAST_NAME = 24
"""Pixels of width from which a clip has a name."""
_BEAT_HEIGHT, _BEAT_ROOM, _BEATS_APART = 5, 16, 6
"""Pixels: of a beat's line, of the wave from which beats are shown, and between two."""
_LEAST_ROOM = 22
"""Pixels of height below which a clip is only its plate and its wave."""


class Shown(NamedTuple):
    """What is known of a clip's medium."""

    media: Media | None
    outline: Callable[[], Outline | None]
    words: Sequence[TakeWord] = ()
    missing: bool = False
    beats: Sequence[float] = ()
    """Seconds of the medium."""


class Dress(NamedTuple):
    """How the clip stands out."""

    colour: QColor
    selected: bool = False
    dimmed: bool = False
    """Muted, or on a track that is not heard."""
    hovered: bool = False


class ClipPainter:
    def __init__(self, tiles: Tiles) -> None:
        self._tiles = tiles
        self.hurried = False
        """While a user zooms: waveforms may be a little coarse."""

    def plate(self, painter: QPainter, box: QRectF, colours: Tokens, dress: Dress, missing: bool, view: QRectF) -> None:
        """What the clip stands on: opaque, which takes half the time."""
        if box.intersects(view):
            body = _inks(dress, colours, missing)[0]
            if dress.dimmed:
                body.setAlphaF(body.alphaF() * _DIMMED)
            painter.fillRect(_plate(box, view), _over(colours.colour("sunken"), body))

    def paint(
        self,
        painter: QPainter,
        box: QRectF,
        clip: Clip,
        scale: Scale,
        colours: Tokens,
        shown: Shown,
        dress: Dress,
        view: QRectF,
        ratio: float,
    ) -> None:
        """On its plate. `box` is the whole clip's, which may reach far beyond `view`."""
        seen = box.intersected(view)
        if seen.isEmpty():
            return
        painter.save()
        if dress.dimmed:
            painter.setOpacity(_DIMMED)
        plate = _plate(box, view)
        edge = _inks(dress, colours, shown.missing)[1]
        wave = wave_box(box, bool(shown.words))
        painter.setClipRect(seen)
        if shown.missing:
            _hatch(painter, QRectF(plate), colours)
        elif wave.height() > 4:
            self._wave(painter, wave, clip, scale, shown, dress, seen, ratio, colours)
            _beats(painter, wave, clip, shown, colours, seen)
        _fades(painter, box, clip, scale, colours, edge, seen)
        if box.height() >= GAIN_ROOM and (clip.envelope or dress.selected):
            _gain_line(painter, wave_box(box), clip, scale, colours)
        if shown.words and box.height() > NAME_HEIGHT + WORDS_HEIGHT:
            _words(painter, box, clip, scale, shown, colours, seen)
        if box.height() >= _LEAST_ROOM and box.width() > _LEAST_NAME and box.left() >= 0:
            _name(painter, box, clip, shown, colours, dress.selected)
        painter.setClipRect(view)
        if dress.selected:
            frame(painter, plate, colours.colour("text"), 2)
        else:
            frame(painter, plate, edge, 2 if dress.hovered else 1)
        painter.restore()

    def name(self, painter: QPainter, box: QRectF, clip: Clip, shown: Shown, colours: Tokens, selected: bool) -> None:
        """At the view's left edge, of a clip that begins before it."""
        if box.height() >= _LEAST_ROOM and box.right() > _LEAST_NAME:
            _name(painter, QRectF(0, box.top(), box.right(), box.height()), clip, shown, colours, selected)

    def _wave(
        self,
        painter: QPainter,
        box: QRectF,
        clip: Clip,
        scale: Scale,
        shown: Shown,
        dress: Dress,
        seen: QRectF,
        ratio: float,
        colours: Tokens,
    ) -> None:
        media = shown.media
        if media is None or not media.sample_rate or not media.channels:
            return
        exact = clip.source_length / (clip.duration / scale.per_pixel) / ratio
        wave, core = _wave_inks(dress, colours)
        height = max(1, round(box.height() * ratio))
        look = Look(height, round(10 ** (clip.gain / 20), 4), premultiplied(wave), premultiplied(core))

        def tiles(per_pixel: float) -> list[Tile]:
            wide = TILE / ratio * per_pixel / exact
            first = max(0, math.floor((seen.left() - box.left()) / wide))
            last = math.floor((seen.right() - box.left()) / wide)
            return [Tile(clip.media, clip.source_start, per_pixel, number, look) for number in range(first, last + 1)]

        for tile in self._at_hand(tiles, exact) if self.hurried else tiles(exact):
            picture = self._tiles.get(tile, shown.outline)
            if picture is None:
                return
            wide = TILE / ratio * tile.per_pixel / exact
            painter.drawImage(QRectF(box.left() + tile.number * wide, box.top(), wide, height / ratio), picture)

    def _at_hand(self, tiles: Callable[[float], list[Tile]], exact: float) -> list[Tile]:
        """Of a step near enough: where too many were made for this frame already, one of which all are there."""
        step = coarser(exact)
        wanted = tiles(step)
        if (self._tiles.spare or 0) > 0 or all(map(self._tiles.has, wanted)):
            return wanted
        others = (tiles(step * factor) for factor in (2.0, 0.5, 4.0, 0.25, 8.0, 0.125))
        return next((found for found in others if all(map(self._tiles.has, found))), wanted)


def frame(painter: QPainter, box: QRect, ink: QColor, width: int) -> None:
    """An edge within `box`, by rectangles: a rounded, antialiased one takes ten times as long."""
    painter.fillRect(QRect(box.left(), box.top(), box.width(), width), ink)
    painter.fillRect(QRect(box.left(), box.bottom() + 1 - width, box.width(), width), ink)
    inner = box.height() - 2 * width
    painter.fillRect(QRect(box.left(), box.top() + width, width, inner), ink)
    painter.fillRect(QRect(box.right() + 1 - width, box.top() + width, width, inner), ink)


def wave_box(box: QRectF, words: bool = False) -> QRectF:
    """Where the wave is drawn, and the gain line, which words do not move."""
    if box.height() < _LEAST_ROOM:
        return box.adjusted(0, 1, 0, -1)
    below = WORDS_HEIGHT if words and box.height() > NAME_HEIGHT + WORDS_HEIGHT + 16 else 2
    return box.adjusted(0, NAME_HEIGHT, 0, -below)


def _inks(dress: Dress, colours: Tokens, missing: bool) -> tuple[QColor, QColor]:
    """Of the plate and of its edge."""
    base = colours.colour("error") if missing else dress.colour
    body, edge = QColor(base), QColor(base)
    body.setAlphaF(0.34 if dress.selected else 0.24 if dress.hovered else 0.2)
    edge.setAlphaF(0.75)
    return body, edge


def _plate(box: QRectF, view: QRectF) -> QRect:
    return box.intersected(view.adjusted(-20, 0, 20, 0)).toAlignedRect()


def _over(below: QColor, above: QColor) -> QColor:
    """One colour that looks as `above` on `below`, which is opaque."""
    share = above.alphaF()
    parts = zip(below.getRgbF()[:3], above.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(one + (two - one) * share for one, two in parts))


def _wave_inks(dress: Dress, colours: Tokens) -> tuple[QColor, QColor]:
    wave, core = QColor(dress.colour), QColor(dress.colour)
    wave.setAlphaF(0.62)
    if colours.name == "light":
        core = core.darker(115)
    return wave, core


def _name(painter: QPainter, box: QRectF, clip: Clip, shown: Shown, colours: Tokens, selected: bool) -> None:
    left = box.left() + HALF + 2
    room = box.right() - HALF - left
    words = clip.name or (shown.media.name if shown.media else "")
    speed = 1.0 if shown.media is None or not shown.media.sample_rate else float(clip.speed(shown.media.sample_rate))
    if abs(speed - 1) > 1e-6:
        words = f"{words}  {speed:.2f}×".strip()
    if shown.missing:
        words = f"{words} – {QCoreApplication.translate('Clips', 'its file is missing')}".removeprefix(" – ")
    whole = _laid_out(words)
    shown_words = whole if whole.size().width() <= room else _laid_out(_shortened(words, int(room)))
    painter.setFont(font("caption"))
    painter.setPen(colours.colour("text" if selected else "text_secondary"))
    painter.drawStaticText(QPointF(left, box.top() + (NAME_HEIGHT - shown_words.size().height()) / 2), shown_words)


@lru_cache(4096)
def _laid_out(words: str) -> QStaticText:
    """Laid out once: a long timeline shows the same names again and again."""
    made = QStaticText(words)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.prepare(QTransform(), font("caption"))
    return made


@lru_cache(4096)
def _shortened(words: str, room: int) -> str:
    return QFontMetrics(font("caption")).elidedText(words, Qt.TextElideMode.ElideRight, room)


def _hatch(painter: QPainter, plate: QRectF, colours: Tokens) -> None:
    painter.setPen(QPen(colours.colour("error"), 1))
    painter.setOpacity(painter.opacity() * 0.4)
    step, x = 10.0, plate.left() - plate.height()
    while x < plate.right():
        painter.drawLine(QPointF(x, plate.bottom()), QPointF(x + plate.height(), plate.top()))
        x += step
    painter.setOpacity(min(1.0, painter.opacity() / 0.4))


@cache
def shape_of(shape: str) -> tuple[float, ...]:
    """The gain, 0…1, at evenly spaced places of a fade in that `shape`."""
    return tuple(shaped(shape, np.linspace(0, 1, 16)).tolist())


def _beats(painter: QPainter, box: QRectF, clip: Clip, shown: Shown, colours: Tokens, seen: QRectF) -> None:
    """Small lines at the foot of the wave; of many only every second, fourth, …"""
    if not len(shown.beats) or shown.media is None or box.height() < _BEAT_ROOM:
        return
    places = beats_within(clip, shown.media, np.asarray(shown.beats)) * (box.width() / clip.duration) + box.left()
    if len(places) < 2:
        return
    apart = (places[-1] - places[0]) / (len(places) - 1)
    every = 1 << max(0, math.ceil(math.log2(_BEATS_APART / max(apart, 1e-6))))
    ink = colours.colour("text")
    ink.setAlphaF(0.4)
    first, last = np.searchsorted(places, [seen.left(), seen.right()])
    for place in places[first + -first % every : last : every]:
        painter.fillRect(QRectF(round(place), box.bottom() - _BEAT_HEIGHT, 1, _BEAT_HEIGHT), ink)


def _fades(
    painter: QPainter, box: QRectF, clip: Clip, scale: Scale, colours: Tokens, ink: QColor, seen: QRectF
) -> None:
    """What a fade takes away is darkened above its curve."""
    for fade, falling in ((clip.fade_in, False), (clip.fade_out, True)):
        if not fade.length:
            continue
        width = scale.width(fade.length)
        left = box.right() - width if falling else box.left()
        if left > seen.right() or left + width < seen.left():
            continue
        curve = _fade_curve(fade, left, width, box, falling)
        corner = QPointF(box.right() if falling else box.left(), box.top())
        shade = colours.colour("backdrop")
        shade.setAlphaF(0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPolygon(QPolygonF([*curve, corner]))
        painter.setPen(QPen(ink, 1))
        painter.drawPolyline(QPolygonF(curve))


def _fade_curve(fade: Fade, left: float, width: float, box: QRectF, falling: bool) -> list[QPointF]:
    if width < 3:
        return [
            QPointF(left, box.top() if falling else box.bottom()),
            QPointF(left + width, box.bottom() if falling else box.top()),
        ]
    values = shape_of(fade.shape)
    if falling:
        values = values[::-1]
    step = width / (len(values) - 1)
    bottom, height = box.bottom(), box.height()
    return [QPointF(left + step * number, bottom - value * height) for number, value in enumerate(values)]


def envelope_y(box: QRectF, decibels: float) -> float:
    """Where a gain lies in a clip: 0 dB a quarter from the top, −36 dB and less at the bottom, +12 dB at the top."""
    part = 0.25 - decibels / 48 if decibels > 0 else 0.25 - decibels / 36 * 0.75
    return box.top() + min(1.0, max(0.0, part)) * box.height()


def envelope_decibels(box: QRectF, y: float) -> float:
    """The gain at a height: `envelope_y` backwards."""
    part = min(1.0, max(0.0, (y - box.top()) / max(1.0, box.height())))
    return (0.25 - part) * 48 if part < 0.25 else (0.25 - part) / 0.75 * 36


def _gain_line(painter: QPainter, box: QRectF, clip: Clip, scale: Scale, colours: Tokens) -> None:
    """The envelope, or the gain of all of the clip."""
    left = box.left()
    places = [QPointF(left + scale.width(point.at), envelope_y(box, point.value)) for point in clip.envelope]
    middle = envelope_y(box, clip.gain)
    ends = (places[0].y(), places[-1].y()) if places else (middle, middle)
    ink = colours.colour("text")
    ink.setAlphaF(0.9 if places else 0.45)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1.25))
    painter.setBrush(colours.colour("surface"))
    painter.drawPolyline(QPolygonF([QPointF(left, ends[0]), *places, QPointF(box.right(), ends[1])]))
    for place in places:
        painter.drawEllipse(place, 3, 3)


def _words(
    painter: QPainter, box: QRectF, clip: Clip, scale: Scale, shown: Shown, colours: Tokens, seen: QRectF
) -> None:
    media = shown.media
    if media is None or not media.sample_rate:
        return
    per_sample = clip.duration / clip.source_length
    painter.setFont(font("caption"))
    painter.setPen(colours.colour("text_secondary"))
    metrics = painter.fontMetrics()
    far = scale.at(seen.left() - _RUN_IN) - clip.start
    first = bisect_left(shown.words, clip.source_start + far / per_sample, key=_begin)
    found: list[tuple[float, float, str]] = []
    for word in islice(shown.words, first, None):
        left = box.left() + scale.width((word.start - clip.source_start) * per_sample)
        if left > box.right() or (found and found[-1][0] > seen.right()):
            break
        if left >= box.left():
            found.append((left, metrics.horizontalAdvance(word.text), word.text))
    marks = [(metrics.horizontalAdvance(mark), mark) for mark in _LEFT_OUT]
    for left, text in thinned(found, marks, box.right(), box.left()):
        if seen.left() - _RUN_IN / 2 <= left <= seen.right():
            painter.drawText(QPointF(left, box.bottom() - WORDS_HEIGHT / 2 + metrics.capHeight() / 2), text)


def thinned(
    words: Iterable[tuple[float, float, str]], marks: Sequence[tuple[float, str]], right: float, left: float = 0.0
) -> list[tuple[float, str]]:
    """Left edges and texts of those of `words` (left edge, width, text) that have room from `left` to `right`. Where
    some are left out stands the first of `marks` (width, text) that fits there, so that nobody reads it as what is
    said."""
    found: list[tuple[float, str]] = []
    end, taken, skipped = left, left, False

    def mark(until: float) -> None:
        room = until - end
        fitting = [(width, text) for width, text in marks if width + 2 <= room]
        if skipped and fitting:
            width, text = fitting[0]
            found.append((end + min(2, (room - width) / 2), text))

    for place, width, text in words:
        if place < taken or place + width > right:
            skipped = True
            continue
        mark(place)
        found.append((place, text))
        end, skipped = place + width, False
        taken = end + _APART
    mark(right)
    return found


def _begin(word: TakeWord) -> int:
    return word.start
