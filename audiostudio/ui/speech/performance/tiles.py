"""Pictures of words, kept while they look the same: a word that only moves is not drawn again."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap

from audiostudio.ui.speech.performance.scene import Scene
from audiostudio.ui.speech.performance.shape import WordShape
from audiostudio.ui.speech.performance.stage import KEYS
from audiostudio.ui.speech.performance.words_paint import draw_words
from audiostudio.ui.theme import tokens

_MARGIN = 8
"""Pixels beside a word in which its points and ends of lines lie."""


class WordTiles:
    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], tuple[QPixmap, WordShape, object]] = {}
        """With what the key names by its address."""

    def draw(self, painter: QPainter, scene: Scene, words: Sequence[WordShape], ratio: float) -> None:
        """Each to the nearest pixel."""
        used = {}
        stage = scene.stage
        lanes = stage.pitch.united(stage.phonemes).toRect()
        painter.save()
        painter.setClipRect(lanes, Qt.ClipOperation.IntersectClip)
        for word in words:
            if word.seconds * stage.scale > stage.width:
                draw_words(painter, scene, [word])
                continue
            key = _look(scene, word, ratio)
            used[key] = self._kept.get(key) or (
                _tile(scene, word, ratio),
                word,
                (scene.picture, scene.ghost.get(word.index)),
            )
            x = round((stage.x(word.start) - _MARGIN) * ratio) / ratio
            painter.drawPixmap(QPointF(x, 0.0), used[key][0])
        painter.restore()
        self._kept = used


def _look(scene: Scene, word: WordShape, ratio: float) -> tuple[object, ...]:
    """All that a word's picture depends on."""
    stage, index, ghost = scene.stage, word.index, scene.ghost.get(word.index)
    return (
        (tokens().name, ratio, stage.height, stage.low, stage.high, stage.scale),
        (scene.over, scene.muted, id(scene.picture), _sound(scene, word), None if ghost is None else id(ghost.melody)),
        (word.text, _seconds(word), word.energy, word.phonemes, id(word.melody)),
        (index in scene.selected, index in scene.changed, scene.speaks(word)),
        (scene.handles.get(index), scene.point if scene.point and scene.point[0] == index else None),
        scene.hovered if scene.hovered and scene.hovered[1] == index else None,
    )


def _seconds(word: WordShape) -> float:
    """The same wherever it lies, though it is told by where it begins and ends."""
    return round(word.seconds, 6)


def _sound(scene: Scene, word: WordShape) -> tuple[float, ...]:
    """From where to where of the sound it lies."""
    return tuple(scene.heard([word.start, word.end]).round(5).tolist()) if scene.knots else ()


def _tile(scene: Scene, word: WordShape, ratio: float) -> QPixmap:
    """As if the word were the first."""
    seconds, sound = _seconds(word), _sound(scene, word)
    stage = replace(scene.stage, left=-_MARGIN / scene.stage.scale)
    alone = replace(
        scene,
        stage=stage,
        knots=list(zip((0.0, seconds), sound, strict=True)) if sound else (),
        position=seconds / 2 if scene.speaks(word) else 0.0,
    )
    width = seconds * stage.scale + 2 * _MARGIN + 1
    made = QPixmap(max(1, round(width * ratio)), max(1, round(stage.height * ratio)))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(-KEYS, 0)
    draw_words(painter, alone, [replace(word, start=0.0, end=seconds)])
    painter.end()
    return made
