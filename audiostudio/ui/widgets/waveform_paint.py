"""How a waveform is drawn. The wave itself is kept as two pictures, heard and not yet heard, so that a moving playhead
costs two blits."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from audiostudio.ui.theme import Tokens, font, tokens

if TYPE_CHECKING:
    from audiostudio.ui.widgets.waveform import PeakSource, WordMark

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)


def clock(seconds: float, decimals: int = 1) -> str:
    """`0:07.3`, `12:05.0`, `1:00:00.0`."""
    whole = round(seconds, decimals)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(int(minutes), 60)
    width = 3 + decimals if decimals else 2
    tail = f"{rest:0{width}.{decimals}f}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


@dataclass(slots=True)
class Look:
    style: str
    ruler: bool = True
    words: "tuple[WordMark, ...]" = ()

    @property
    def compact(self) -> bool:
        return not self.ruler

    @property
    def words_height(self) -> int:
        return 24 if self.words and self.ruler else 0

    @property
    def ruler_height(self) -> int:
        return 20 if self.ruler else 0


class WavePainter:
    def __init__(self) -> None:
        self._key: tuple[object, ...] | None = None
        self._pictures: tuple[QPixmap, QPixmap] | None = None

    def forget(self) -> None:
        self._key = None

    def paint(
        self,
        painter: QPainter,
        box: QRectF,
        ratio: float,
        look: Look,
        source: "PeakSource | None",
        shown: tuple[float, float],
        position: float,
        loop: tuple[float, float] | None,
        hover: float | None,
        focused: bool,
    ) -> None:
        colours = tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        start, end = shown
        wave = box.adjusted(0, look.ruler_height, 0, -look.words_height)
        scale = box.width() / (end - start) if end > start else 0.0
        if look.ruler:
            _ruler(painter, colours, box, shown, scale)
        if loop and scale:
            _selection(painter, colours, wave, (loop[0] - start) * scale, (loop[1] - start) * scale)
        if source is None or not scale:
            painter.setPen(QPen(colours.colour("border_strong"), 1))
            painter.drawLine(QLineF(wave.left(), wave.center().y(), wave.right(), wave.center().y()))
        else:
            self._wave(painter, wave, ratio, look, source, shown, (position - start) * scale)
        if look.words_height and scale:
            _words(painter, colours, box, look, shown, scale, position)
        if hover is not None and scale:
            painter.setPen(QPen(colours.colour("text_disabled"), 1))
            x = round((hover - start) * scale) + 0.5
            painter.drawLine(QLineF(x, wave.top(), x, wave.bottom()))
            if look.ruler:
                _hover_time(painter, colours, box, x, clock(hover))
        if source is not None and scale and (position > 0 or not look.compact):
            _playhead(painter, colours, wave, (position - start) * scale, look)
        if focused:
            painter.setPen(QPen(colours.colour("focus"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)

    def _wave(
        self,
        painter: QPainter,
        box: QRectF,
        ratio: float,
        look: Look,
        source: "PeakSource",
        shown: tuple[float, float],
        head: float,
    ) -> None:
        colours = tokens()
        key = (box.width(), box.height(), ratio, look.style, shown, colours.name, source.length, id(source))
        if key != self._key or self._pictures is None:
            least, greatest, rms = _levels(source, shown, box.width(), ratio, look)
            self._pictures = (
                _picture(box, ratio, look, (least, greatest, rms), colours.wave, colours.wave_rms),
                _picture(box, ratio, look, (least, greatest, rms), colours.wave_played, colours.wave_played_rms),
            )
            self._key = key
        head = min(max(0.0, head), box.width())
        for picture, left, right in ((self._pictures[1], 0.0, head), (self._pictures[0], head, box.width())):
            if right > left:
                part = QRectF(left * ratio, 0, (right - left) * ratio, box.height() * ratio)
                painter.drawPixmap(QRectF(box.left() + left, box.top(), right - left, box.height()), picture, part)


def _levels(
    source: "PeakSource", shown: tuple[float, float], width: float, ratio: float, look: Look
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    columns = max(1, int(width * ratio) if look.style == "filled" else int(width // 3))
    first, last = (int(edge * source.sample_rate) for edge in shown)
    made = min(last, source.length)
    filled = max(0, round(columns * (made - first) / max(1, last - first)))
    parts = [np.zeros(columns, np.float32) for _ in range(3)]
    if filled and made > first:
        least, greatest, rms = (np.atleast_2d(values) for values in source.view(first, made, filled))
        for part, values in zip(parts, (least.min(0), greatest.max(0), rms.mean(0)), strict=True):
            part[:filled] = values
    return parts[0], parts[1], parts[2]


def _picture(
    box: QRectF, ratio: float, look: Look, levels: tuple[np.ndarray, np.ndarray, np.ndarray], colour: str, core: str
) -> QPixmap:
    picture = QPixmap(max(1, round(box.width() * ratio)), max(1, round(box.height() * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    middle, reach = box.height() / 2, box.height() / 2 - (2 if look.compact else 6)
    if look.style == "bars":
        _bars(painter, box.width(), middle, reach, levels, core)
    else:
        _filled(painter, ratio, middle, reach, levels, colour, core)
    painter.end()
    return picture


def _bars(
    painter: QPainter, width: float, middle: float, reach: float, levels: tuple[np.ndarray, ...], colour: str
) -> None:
    heights = np.maximum(np.abs(levels[0]), np.abs(levels[1])) * reach
    step = width / len(heights)
    painter.setPen(QPen(QColor(colour), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    xs = (np.arange(len(heights)) + 0.5) * step
    painter.drawLines(
        [
            QLineF(x, middle - h, x, middle + h)
            for x, h in zip(xs.tolist(), np.maximum(heights, 0.5).tolist(), strict=True)
        ]
    )


def _filled(
    painter: QPainter,
    ratio: float,
    middle: float,
    reach: float,
    levels: tuple[np.ndarray, ...],
    colour: str,
    core: str,
) -> None:
    least, greatest, rms = levels
    xs = (np.arange(len(least)) + 0.5) / ratio
    painter.setPen(Qt.PenStyle.NoPen)
    inner = np.minimum(rms, np.maximum(np.abs(least), np.abs(greatest)))
    for top, bottom, ink in ((greatest, least, colour), (inner, -inner, core)):
        upper = np.minimum(middle - top * reach, middle - 0.5)
        lower = np.maximum(middle - bottom * reach, middle + 0.5)
        painter.setBrush(QColor(ink))
        outline = list(zip(xs.tolist(), upper.tolist(), strict=True))
        outline += list(zip(xs[::-1].tolist(), lower[::-1].tolist(), strict=True))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in outline]))


def _ruler(painter: QPainter, colours: Tokens, box: QRectF, shown: tuple[float, float], scale: float) -> None:
    if not scale:
        return
    start, end = shown
    step = next((step for step in _STEPS if step * scale >= 72), _STEPS[-1])
    decimals = 2 if step < 0.1 else 1 if step < 1 else 0
    painter.setFont(font("caption", tabular=True))
    for number in range(int(start // step), int(end // step) + 1):
        x = round((number * step - start) * scale) + 0.5
        if x < 0:
            continue
        painter.setPen(QPen(colours.colour("border"), 1))
        painter.drawLine(QLineF(x, 16, x, box.height()))
        painter.setPen(colours.colour("text_muted"))
        words = clock(number * step, decimals)
        if x + 4 + painter.fontMetrics().horizontalAdvance(words) <= box.width():
            painter.drawText(QPointF(x + 4, 13), words)


def _hover_time(painter: QPainter, colours: Tokens, box: QRectF, x: float, words: str) -> None:
    painter.setFont(font("caption", tabular=True))
    width = painter.fontMetrics().horizontalAdvance(words) + 12
    plate = QRectF(min(max(x - width / 2, box.left()), box.right() - width), 0, width, 18)
    painter.setPen(QPen(colours.colour("border_strong"), 1))
    painter.setBrush(colours.colour("overlay"))
    painter.drawRoundedRect(plate.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(colours.colour("text"))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)


def _selection(painter: QPainter, colours: Tokens, box: QRectF, left: float, right: float) -> None:
    painter.fillRect(QRectF(left, box.top(), right - left, box.height()), colours.colour("wave_selection"))
    painter.setPen(QPen(colours.colour("accent_text"), 1.5))
    for x in (left, right):
        painter.drawLine(QLineF(x, box.top(), x, box.bottom()))
        painter.drawLine(QLineF(x - 3, box.top() + 1, x + 3, box.top() + 1))


def _playhead(painter: QPainter, colours: Tokens, box: QRectF, x: float, look: Look) -> None:
    x = min(max(x, 0.75), box.width() - 0.75)
    painter.setPen(QPen(colours.colour("playhead"), 1.5))
    painter.drawLine(QLineF(x, box.top(), x, box.bottom()))
    if not look.compact:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("playhead"))
        top = box.top()
        painter.drawPolygon(QPolygonF([QPointF(x - 5, top - 4), QPointF(x + 5, top - 4), QPointF(x, top + 3)]))


def _words(
    painter: QPainter,
    colours: Tokens,
    box: QRectF,
    look: Look,
    shown: tuple[float, float],
    scale: float,
    position: float,
) -> None:
    starts = [word.start for word in look.words]
    current = bisect_right(starts, position) - 1
    first = max(0, bisect_right(starts, shown[0]) - 1)
    last = bisect_right(starts, shown[1])
    painter.setFont(font("small"))
    advance = painter.fontMetrics().horizontalAdvance
    places = word_places(look.words[first:last], shown[0], scale, box.width(), advance)
    top, height = box.height() - look.words_height, look.words_height
    here: QRectF | None = None
    if first <= current < last and position <= look.words[current].end:
        here = QRectF(places[current - first][0] - 4, top + 3, places[current - first][1] + 8, height - 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("accent"))
        painter.drawRoundedRect(here, 4, 4)
    taken, skipped = -8.0, False

    def mark(until: float) -> None:
        """For words that are left out, so that nobody reads the others as what is said."""
        room = until - taken + 4
        if skipped and taken > 0 and room >= 4:
            painter.setPen(colours.colour("text_muted"))
            text = "…" if room >= advance("…") else "·"
            painter.drawText(QRectF(taken - 6, top + 2, 20, height - 4), Qt.AlignmentFlag.AlignVCenter, text)

    for index, (x, width) in enumerate(places, first):
        if x < taken and taken + width <= (look.words[index].end - shown[0]) * scale:
            x = taken  # it still stands under its own sound
        lit = here is not None and index == current
        hidden = here is not None and x < here.right() + 4 and x + width > here.left() - 4
        if not lit and (x < taken or hidden):
            skipped = skipped or not hidden
            continue
        mark(x)
        painter.setPen(colours.colour("on_accent" if lit else "text_secondary"))
        painter.drawText(
            QRectF(x, top + 2, width + 2, height - 4), Qt.AlignmentFlag.AlignVCenter, look.words[index].text
        )
        taken, skipped = x + width + 8, False
    mark(box.width())


def word_places(
    words: "Sequence[WordMark]", start: float, scale: float, room: float, advance: Callable[[str], int]
) -> list[tuple[float, int]]:
    """Left edge and width of each word in pixels; none reaches beyond `room`."""
    widths = [advance(word.text) for word in words]
    return [
        (min((word.start - start) * scale, room - width - 4), width) for word, width in zip(words, widths, strict=True)
    ]
