"""The performance view as a picture."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from audiostudio.ui.speech.performance import frame
from audiostudio.ui.speech.performance.backdrop import Backdrop
from audiostudio.ui.speech.performance.scene import Scene
from audiostudio.ui.speech.performance.shape import WordShape
from audiostudio.ui.speech.performance.tiles import WordTiles
from audiostudio.ui.speech.performance.words_paint import draw_words
from audiostudio.ui.theme import Tokens, tokens


class ScenePainter:
    """Keeps what does not move as a picture: while a word is dragged, or the playhead moves, only that is drawn. When
    words behind a longer one move, that picture is put together again from tiles."""

    def __init__(self) -> None:
        self._still = QPixmap()
        self._still_key: tuple[object, ...] | None = None
        self._kept: list[object] = []
        """What the key names by its address."""
        self._backdrop = Backdrop()
        self._tiles = WordTiles()

    def paint(self, painter: QPainter, scene: Scene, ratio: float) -> None:
        colours = tokens()
        words = scene.words
        still = [word for word in words if word.index not in scene.moving]
        key = _key_of(scene, still, ratio)
        if key != self._still_key:
            self._draw_still(scene, still, ratio)
            self._still_key = key
            self._kept = [scene.picture, *(word.melody for word in still)]
        painter.drawPixmap(0, 0, self._still)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_words(painter, scene, [word for word in words if word.index in scene.moving])
        frame.edge(painter, colours, scene)
        _band(painter, colours, scene)
        frame.playhead(painter, colours, scene)
        _focus(painter, colours, scene)

    def _draw_still(self, scene: Scene, words: list[WordShape], ratio: float) -> None:
        colours, stage = tokens(), scene.stage
        width, height = max(1, round(stage.width * ratio)), max(1, round(stage.height * ratio))
        if (self._still.width(), self._still.height()) != (width, height):
            self._still = QPixmap(width, height)
        self._still.setDevicePixelRatio(ratio)
        self._still.fill(colours.colour("sunken"))
        painter = QPainter(self._still)
        self._backdrop.draw(painter, scene, ratio)
        frame.grid(painter, colours, scene)
        frame.lanes(painter, colours, scene)
        self._tiles.draw(painter, scene, words, ratio)
        frame.ruler(painter, colours, stage)
        painter.end()


def _key_of(scene: Scene, still: list[WordShape], ratio: float) -> tuple[object, ...]:
    speaking = next((word.index for word in still if scene.speaks(word)), None)
    words = tuple((word.index, word.start, word.end, word.energy, word.phonemes, id(word.melody)) for word in still)
    look = (scene.backdrop, scene.hertz, scene.selected, scene.changed, scene.point, scene.hovered, scene.muted)
    handles = tuple(item for item in scene.handles.items() if item[0] not in scene.moving)
    return (scene.stage, tokens().name, ratio, id(scene.picture), tuple(scene.knots), words, look, handles, speaking)


def _band(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    if scene.band is not None:
        painter.setPen(QPen(colours.colour("accent_text"), 1))
        painter.setBrush(colours.colour("wave_selection"))
        painter.drawRect(scene.band)


def _focus(painter: QPainter, colours: Tokens, scene: Scene) -> None:
    if scene.focused:
        painter.setPen(QPen(colours.colour("focus"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(1, 1, scene.stage.width - 2, scene.stage.height - 2), 6, 6)
