"""What the performance view is drawn upon: notes or frequencies, lanes and gaps, times, the playhead."""

from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from audiostudio.ui.speech.performance import notes
from audiostudio.ui.speech.performance.picture import row_of
from audiostudio.ui.speech.performance.scene import Scene
from audiostudio.ui.speech.performance.shape import WordShape
from audiostudio.ui.speech.performance.stage import Stage
from audiostudio.ui.theme import Tokens, font
from audiostudio.ui.widgets.waveform_paint import clock

_STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60)
_TICKS = (1_000, 2_000, 4_000, 8_000)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def grid(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    """Notes or frequencies, named at the left."""
    stage, box = scene.stage, scene.stage.pitch
    over = scene.over
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    line = colours.colour("text")
    painter.setFont(font("caption", tabular=True))
    for height, words, strong in _heights(stage, scene.hertz):
        y = round(stage.y(height))
        if not box.top() + 6 < y < box.bottom() - 2:
            continue
        line.setAlpha((40 if strong else 16) if not over else (56 if strong else 0))
        painter.setPen(QPen(line, 1))
        painter.drawLine(QLineF(box.left(), y, box.right(), y))
        painter.setPen(colours.colour("text_secondary" if strong else "text_muted"))
        if words:
            painter.drawText(QRectF(0, y - 8, box.left() - 8, 16), _RIGHT, words)
    if over:
        painter.setPen(colours.colour("text_muted"))
        for hz in _TICKS:
            words = f"{hz // 1000} kHz"
            width = painter.fontMetrics().horizontalAdvance(words) + 8
            plate = QRectF(box.right() - width - 4, box.top() + row_of(hz) * box.height() - 7, width, 14)
            painter.fillRect(plate, colours.colour("surface"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _heights(stage: Stage, hertz: bool) -> list[tuple[float, str, bool]]:
    """Where lines are, their names and which of them are strong."""
    room = stage.pitch.height() / (stage.high - stage.low)
    if hertz:
        low, high = notes.hertz(stage.low), notes.hertz(stage.high)
        step = next(
            (one for one in (5, 10, 20, 25, 50, 100, 200, 500) if (high - low) / one <= stage.pitch.height() / 22), 500
        )
        first = int(low // step) + 1
        return [(notes.note(n * step), f"{n * step} Hz", n % 2 == 0) for n in range(first, int(high // step) + 1) if n]
    every = next((one for one in (1, 2, 3, 6, 12) if one * room >= 15), 12)
    numbers = range(int(np.ceil(stage.low)), int(stage.high) + 1)
    return [(n, notes.name(n) if n % every == 0 else "", n % 12 == 0) for n in numbers]


def lanes(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    stage = scene.stage
    box = stage.energy.united(stage.phonemes)
    painter.fillRect(QRectF(0, box.top(), stage.width, box.height()), colours.colour("surface"))
    painter.setPen(QPen(colours.colour("border"), 1))
    painter.drawLine(QLineF(0, box.top() + 0.5, stage.width, box.top() + 0.5))
    painter.setFont(font("caption", tabular=True))
    painter.setPen(colours.colour("text_muted"))
    painter.drawText(QRectF(0, stage.energy.top(), stage.energy.left() - 8, stage.energy.height()), _RIGHT, "dB")
    painter.save()
    painter.setClipRect(box.toRect())
    middle = stage.energy.center().y()
    painter.setPen(QPen(colours.colour("border_strong"), 1, Qt.PenStyle.DotLine))
    painter.drawLine(QLineF(box.left(), middle, box.right(), middle))
    for before, after in pairwise(scene.shape.words):
        _gap(painter, colours, scene, before, after)
    painter.restore()


def _gap(painter: QPainter, colours: Tokens, scene: Scene, before: WordShape, after: WordShape) -> None:
    stage = scene.stage
    left, right = stage.x(before.end), stage.x(after.start)
    hovered = scene.hovered is not None and scene.hovered[:2] == ("gap", before.index)
    y = stage.words.center().y()
    if right - left >= 10:
        painter.setPen(QPen(colours.colour("accent_text" if hovered else "border_strong"), 1.5, Qt.PenStyle.DotLine))
        painter.drawLine(QLineF(left + 3, y, right - 3, y))
    if right - left >= 44:
        painter.setFont(font("caption", tabular=True))
        words = f"{before.gap:.2f} s"
        width = painter.fontMetrics().horizontalAdvance(words) + 8
        plate = QRectF((left + right - width) / 2, y - 8, width, 16)
        painter.fillRect(plate, colours.colour("surface"))
        painter.setPen(colours.colour("accent_text" if hovered else "text_muted"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)


def ruler(painter: QPainter, colours: Tokens, stage: Stage) -> None:
    painter.fillRect(QRectF(0, 0, stage.width, stage.pitch.top()), colours.colour("surface"))
    step = next((one for one in _STEPS if one * stage.scale >= 64), _STEPS[-1])
    decimals = 2 if step < 0.1 else 1 if step < 1 else 0
    painter.setFont(font("caption", tabular=True))
    for number in range(max(0, int(stage.left / step)), int((stage.left + stage.seconds) / step) + 1):
        x = round(stage.x(number * step)) + 0.5
        if x < stage.pitch.left():
            continue
        painter.setPen(QPen(colours.colour("border_strong"), 1))
        painter.drawLine(QLineF(x, stage.pitch.top() - 6, x, stage.pitch.top()))
        words = clock(number * step, decimals)
        if x + 4 + painter.fontMetrics().horizontalAdvance(words) <= stage.width:
            painter.setPen(colours.colour("text_muted"))
            painter.drawText(QPointF(x + 4, stage.pitch.top() - 6), words)
    painter.setPen(QPen(colours.colour("border"), 1))
    painter.drawLine(QLineF(0, stage.pitch.top() - 0.5, stage.width, stage.pitch.top() - 0.5))


def edge(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    """The edge of a word that the pointer is at."""
    if scene.hovered is None or scene.hovered[0] not in ("end", "start"):
        return
    words = [word.index for word in scene.shape.words]
    number = words.index(scene.hovered[1]) if scene.hovered[1] in words else -1
    word = scene.shape.words[number] if scene.hovered[0] == "end" else scene.shape.words[number + 1]
    x = scene.stage.x(word.end if scene.hovered[0] == "end" else word.start)
    painter.setPen(QPen(colours.colour("accent_text"), 2))
    painter.drawLine(QLineF(x, scene.stage.pitch.top(), x, scene.stage.phonemes.bottom()))


def playhead(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    stage = scene.stage
    x = stage.x(scene.position)
    if stage.pitch.left() - 1 <= x <= stage.width + 1:
        painter.setPen(QPen(colours.colour("playhead"), 1.5))
        painter.drawLine(QLineF(x, stage.pitch.top(), x, stage.phonemes.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("playhead"))
        top = stage.pitch.top()
        painter.drawPolygon(QPolygonF([QPointF(x - 5, top - 7), QPointF(x + 5, top - 7), QPointF(x, top)]))
