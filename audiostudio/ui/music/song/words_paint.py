"""How a track with words over it looks."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from audiostudio.ui import icons
from audiostudio.ui.music.song.colours import colour
from audiostudio.ui.music.song.timed import Place
from audiostudio.ui.theme import font, tokens
from audiostudio.ui.widgets.waveform_paint import clock

if TYPE_CHECKING:
    from audiostudio.ui.music.song.words_track import WordsTrack

RULER, LINES, WORDS = 20, 24, 36
"""Pixels of time, lines and words."""
_UNSURE = 0.5
"""Words found with less confidence look so."""


def track(view: "WordsTrack") -> None:
    painter, colours = QPainter(view), tokens()
    painter.fillRect(view.rect(), colours.colour("sunken"))
    wave = QRectF(0, RULER, view.width(), max(1, view.height() - RULER - LINES - WORDS))
    _paint_ruler(view, painter)
    _paint_wave(view, painter, wave)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_lines(view, painter)
    for place in view.seen():
        _paint_word(view, painter, place)
    x = view.x_of(view.position)
    painter.setPen(QPen(colours.colour("playhead"), 1.4))
    painter.drawLine(QPointF(x, 0), QPointF(x, view.height()))
    if view.hasFocus():
        painter.setPen(QPen(colours.colour("focus"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(QRectF(view.rect()).adjusted(0.5, 0.5, -0.5, -0.5))


def _paint_ruler(view: "WordsTrack", painter: QPainter) -> None:
    step = next(s for s in (0.1, 0.5, 1, 2, 5, 10, 30, 60, 300, 1e9) if s * view.scale >= 64)
    painter.setFont(font("caption", tabular=True))
    painter.setPen(tokens().colour("text_muted"))
    number = int(view.left // step)
    while number * step <= view.time_at(view.width()) and step < 1e9:
        x = view.x_of(number * step)
        painter.drawLine(QPointF(x, RULER - 5), QPointF(x, RULER))
        painter.drawText(QPointF(x + 4, RULER - 6), clock(number * step))
        number += 1


def _paint_wave(view: "WordsTrack", painter: QPainter, box: QRectF) -> None:
    peaks = view.peaks
    if peaks is None or not view.seconds:
        painter.setPen(tokens().colour("border_strong"))
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
        return
    last = min(view.time_at(view.width()), peaks.length / peaks.sample_rate)
    pixels = max(1, round(view.x_of(last)))
    start, end = round(view.left * peaks.sample_rate), round(last * peaks.sample_rate)
    if end <= start:
        return
    least, greatest, _ = peaks.view(start, end, pixels)
    low, high = (np.atleast_2d(one) for one in (least, greatest))
    reach = box.height() / 2 * 0.94
    painter.setPen(tokens().colour("wave_rms"))
    for x, (down, up) in enumerate(zip(low.min(axis=0).tolist(), high.max(axis=0).tolist(), strict=True)):
        middle = box.center().y()
        painter.drawLine(QPointF(x, middle - up * reach), QPointF(x, middle - down * reach + 1))


def _paint_lines(view: "WordsTrack", painter: QPainter) -> None:
    top = view.height() - WORDS - LINES
    painter.setFont(font("caption"))
    for line in view.lines:
        left, right = view.x_of(line.start), view.x_of(line.end)
        if right < 0 or left > view.width():
            continue
        soft = colour(line.slots[0])
        soft.setAlpha(50)
        box = QRectF(left, top + 2, max(2.0, right - left), LINES - 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(soft)
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(tokens().colour("text_secondary"))
        room = box.adjusted(max(0.0, -left) + 4, 0, -3, 0)
        words = painter.fontMetrics().elidedText(line.text, Qt.TextElideMode.ElideRight, int(max(0, room.width())))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def _paint_word(view: "WordsTrack", painter: QPainter, place: Place) -> None:
    colours, line = tokens(), view.lines[place[0]]
    word, box = line.words[place[1]], view.word_box(line.words[place[1]])
    unsure = word.confidence < _UNSURE and not word.fixed
    fill = QColor(colour(line.slots[0]))
    fill.setAlpha(150 if word.fixed else 60 if unsure else 105)
    pen = QPen(colour(line.slots[0]), 1, Qt.PenStyle.DashLine if unsure else Qt.PenStyle.SolidLine)
    if place == view.chosen:
        pen = QPen(colours.colour("text"), 2)
    elif place == view.next_place and view.tapping:
        pen = QPen(colours.colour("warning"), 2)
    elif place == view.hover:
        fill.setAlpha(180)
    painter.setBrush(fill)
    painter.setPen(pen)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(font("small"))
    painter.setPen(colours.colour("text"))
    room = box.adjusted(4, 0, -14 if word.fixed and box.width() > 60 else -2, 0)
    if room.width() > 12:
        shown = painter.fontMetrics().elidedText(word.text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    if word.fixed and box.width() > 60:
        lock = icons.pixmap("lock", "text_secondary", 10, view.devicePixelRatioF())
        painter.drawPixmap(QPointF(box.right() - 14, box.center().y() - 5), lock)
