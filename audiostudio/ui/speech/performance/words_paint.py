"""How words of the performance view are drawn: melodies, loudness, names and sounds."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from audiostudio.performance import PitchPoint
from audiostudio.ui.speech.performance import notes
from audiostudio.ui.speech.performance.scene import Scene
from audiostudio.ui.speech.performance.shape import WordShape
from audiostudio.ui.speech.performance.stage import Stage
from audiostudio.ui.theme import Tokens, font, tokens

THICKEST = 11.0
"""Pixels of half a melody's band where it is loudest."""


def draw_words(painter: QPainter, scene: Scene, words: Sequence[WordShape]) -> None:
    """Everything that is drawn of `words`."""
    colours, stage = tokens(), scene.stage
    painter.save()
    painter.setClipRect(stage.pitch.toRect(), Qt.ClipOperation.IntersectClip)
    _columns(painter, colours, scene, words)
    _melodies(painter, colours, scene, words)
    painter.restore()
    painter.save()
    painter.setClipRect(stage.energy.united(stage.phonemes).toRect(), Qt.ClipOperation.IntersectClip)
    for word in words:
        _energy(painter, colours, scene, word)
        _word(painter, colours, scene, word)
        _phonemes(painter, colours, scene, word)
    painter.restore()


def _columns(painter: QPainter, colours: Tokens, scene: Scene, words: Sequence[WordShape]) -> None:
    """Selected words, and the edges of words."""
    stage, box = scene.stage, scene.stage.pitch
    edge = colours.colour("text")
    edge.setAlpha(26)
    edges: list[QLineF] = []
    for word in words:
        left, right = stage.x(word.start), stage.x(word.end)
        if word.index in scene.selected:
            painter.fillRect(QRectF(left, box.top(), right - left, box.height()), colours.colour("wave_selection"))
        edges += [QLineF(round(x) + 0.5, box.top(), round(x) + 0.5, box.bottom()) for x in (left, right)]
    painter.setPen(QPen(edge, 1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawLines(edges)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _melodies(painter: QPainter, colours: Tokens, scene: Scene, words: Sequence[WordShape]) -> None:
    ghost = QPen(colours.colour("text_secondary" if scene.over else "text_muted"), 1.25, Qt.PenStyle.DashLine)
    for word in words:
        natural = scene.ghost.get(word.index)
        for run in _runs(scene.stage, word, natural.melody) if natural is not None else ():
            painter.setPen(ghost)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in run]))
    for word in words:
        changed = word.index in scene.changed and not scene.muted
        ink = colours.colour("accent" if changed else "wave_rms")
        fill = QColor(ink)
        fill.setAlpha(150 if changed else 120)
        for run in _runs(scene.stage, word, word.melody):
            _band(painter, scene, run, fill)
            _line(painter, colours, run, changed, scene.over)
        for number, point in enumerate(scene.handles.get(word.index, ())):
            _handle(painter, colours, scene, word, number, point)


def _runs(stage: Stage, word: WordShape, melody: NDArray[np.float32]) -> list[list[tuple[float, float]]]:
    """The places of a melody, for each stretch that has a voice; no more of them than there are pixels."""
    box = stage.pitch
    left, right = stage.x(word.start), stage.x(word.end)
    skip = max(1, int(len(melody) / max(4.0, (right - left) / 2)))
    chosen = melody[::skip]
    xs = left + (np.arange(len(chosen)) * skip + 0.5) / len(melody) * (right - left)
    ys = box.bottom() - (chosen - stage.low) / (stage.high - stage.low) * box.height()
    voiced = np.flatnonzero(np.isfinite(ys))
    pieces = np.split(voiced, np.flatnonzero(np.diff(voiced) > 1) + 1) if len(voiced) else []
    return [list(zip(xs[piece].tolist(), ys[piece].tolist(), strict=True)) for piece in pieces]


def _band(painter: QPainter, scene: Scene, run: list[tuple[float, float]], fill: QColor) -> None:
    """As thick as it is loud."""
    run = [*run[:-1:3], run[-1]]
    if scene.picture is None or not scene.knots or len(run) < 2:
        return
    times = scene.heard([scene.stage.time(x) for x, _ in run])
    loudest = float(scene.picture.power.max()) or 1.0
    thick = 2.0 + THICKEST * np.sqrt(np.clip(scene.picture.loudness(times) / loudest, 0, 1))
    edge = [(x, y, one) for (x, y), one in zip(run, thick.tolist(), strict=True)]
    outline = [QPointF(x, y - one) for x, y, one in edge] + [QPointF(x, y + one) for x, y, one in reversed(edge)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # which would take most of a picture's time
    painter.drawPolygon(QPolygonF(outline))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _line(painter: QPainter, colours: Tokens, run: list[tuple[float, float]], changed: bool, over: bool) -> None:
    polygon = QPolygonF([QPointF(x, y) for x, y in run])
    painter.setBrush(Qt.BrushStyle.NoBrush)
    round_cap = Qt.PenCapStyle.RoundCap
    if over:
        painter.setPen(QPen(colours.colour("backdrop"), 4.5, Qt.PenStyle.SolidLine, round_cap))
        painter.drawPolyline(polygon)
    ink = "accent_text" if changed and not (over and colours.name == "dark") else "text"
    painter.setPen(QPen(colours.colour(ink), 2.0, Qt.PenStyle.SolidLine, round_cap))
    painter.drawPolyline(polygon)


def _handle(painter: QPainter, colours: Tokens, scene: Scene, word: WordShape, number: int, point: PitchPoint) -> None:
    x = scene.stage.x(word.start + point.at * word.seconds)
    y = scene.stage.y(notes.note(point.hz))
    active = scene.point == (word.index, number)
    hovered = scene.hovered == ("point", word.index, number)
    painter.setPen(QPen(colours.colour("accent_text"), 1.75))
    painter.setBrush(colours.colour("accent" if active else "surface"))
    size = 5.5 if hovered or active else 4.0
    painter.drawEllipse(QPointF(x, y), size, size)


def _energy(painter: QPainter, colours: Tokens, scene: Scene, word: WordShape) -> None:
    """How much louder or quieter: a bar from the middle, with its handle."""
    stage = scene.stage
    box = stage.energy
    left, right = stage.x(word.start) + 1, stage.x(word.end) - 1
    y = box.center().y() - word.energy / 12.0 * (box.height() / 2 - 6)
    strong = word.index in scene.selected or scene.hovered == ("energy", word.index, 0)
    bar = colours.colour("accent" if word.energy else "border_strong")
    bar.setAlpha(110)
    painter.fillRect(QRectF(left, min(y, box.center().y()), right - left, abs(y - box.center().y())), bar)
    ink = colours.colour("accent_text" if word.energy or strong else "border_strong")
    painter.setPen(QPen(ink, 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QLineF(left + 1, y, right - 1, y))
    if (word.energy or strong) and right - left > 34:
        painter.setPen(colours.colour("text_secondary"))
        painter.setFont(font("caption", tabular=True))
        at = QRectF(left, box.top() if word.energy < 0 else box.center().y() + 2, right - left, box.height() / 2 - 2)
        painter.drawText(at, Qt.AlignmentFlag.AlignCenter, f"{word.energy:+.1f}" if word.energy else "0")


def _word(painter: QPainter, colours: Tokens, scene: Scene, word: WordShape) -> None:
    stage = scene.stage
    box = QRectF(stage.x(word.start), stage.words.top() + 2, word.seconds * stage.scale, stage.words.height() - 4)
    box.adjust(0.5, 0, -0.5, 0)
    selected = word.index in scene.selected
    hovered = scene.hovered is not None and scene.hovered[0] == "word" and scene.hovered[1] == word.index
    painter.setPen(QPen(colours.colour("accent" if selected else "border_strong"), 1))
    painter.setBrush(
        colours.colour(
            "accent" if selected else "accent_soft" if scene.speaks(word) else "overlay" if hovered else "raised"
        )
    )
    painter.drawRoundedRect(box, 4, 4)
    changed = word.index in scene.changed
    if changed:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("on_accent" if selected else "accent_text"))
        painter.drawEllipse(QPointF(box.left() + 7, box.center().y()), 2.5, 2.5)
    painter.setPen(colours.colour("on_accent" if selected else "text"))
    _name(painter, word.text, box.adjusted(13 if changed else 5, 0, -3, 0))


def _name(painter: QPainter, text: str, room: QRectF) -> None:
    """In small letters where it does not fit, and then as much as does."""
    for size in ("small", "caption"):
        painter.setFont(font(size))
        if painter.fontMetrics().horizontalAdvance(text) <= room.width():
            break
    else:
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
    if text != "…":
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def _phonemes(painter: QPainter, colours: Tokens, scene: Scene, word: WordShape) -> None:
    box = scene.stage.phonemes
    edges = [scene.stage.x(edge) for edge in word.edges()]
    painter.setFont(font("caption"))
    painter.setPen(colours.colour("text_secondary"))
    for (symbol, _), (left, right) in zip(word.phonemes, pairwise(edges), strict=True):
        if right - left >= 7:
            place = QRectF(left, box.top(), right - left, box.height() - 2)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, symbol)
    painter.setPen(QPen(colours.colour("border_strong"), 1))
    painter.drawLines([QLineF(round(x) + 0.5, box.top() + 2, round(x) + 0.5, box.bottom() - 4) for x in edges[1:-1]])
    if scene.hovered is not None and scene.hovered[:2] == ("phoneme", word.index):
        x = edges[scene.hovered[2] + 1]
        painter.setPen(QPen(colours.colour("accent_text"), 3))
        painter.drawLine(QLineF(x, box.top() + 2, x, box.bottom() - 4))
