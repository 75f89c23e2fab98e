"""What a part plays, small: every note a line, the higher the further up."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.music.score import Part, Score
from audiostudio.ui.music.outline import section_colour
from audiostudio.ui.theme import tokens

HEIGHT = 44


class NotesView(QWidget):
    """Painted once for each width and theme; a piece of 10,000 notes costs a few milliseconds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part: Part | None = None
        self._score: Score | None = None
        self._muted = False
        self._picture: QImage | None = None
        self._look: tuple[object, ...] = ()
        self.played = 0.0
        """The share that was heard."""
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Notes"))

    def show_part(self, score: Score | None, part: Part | None, muted: bool) -> None:
        """None: not composed yet."""
        if (score, part, muted) != (self._score, self._part, self._muted):
            self._score, self._part, self._muted = score, part, muted
            self._look = ()
            self.update()

    def show_played(self, share: float) -> None:
        if share != self.played:
            self.played = share
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        ratio = self.devicePixelRatioF()
        look = (self.width(), ratio, tokens().name)
        if look != self._look:
            self._picture, self._look = self._painted(ratio), look
        painter = QPainter(self)
        if self._picture is not None:
            painter.drawImage(QRectF(self.rect()), self._picture)
        if self.played:
            painter.setPen(QPen(tokens().colour("playhead"), 1))
            x = round(self.played * self.width())
            painter.drawLine(x, 0, x, self.height())

    def _painted(self, ratio: float) -> QImage:
        wide, tall = max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))
        image = QImage(wide, tall, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        score, part = self._score, self._part
        if score is not None:
            for section in score.sections:
                ground = QColor(section_colour(section.kind))
                ground.setAlpha(16)
                left = section.bar * score.metre.bar / max(1, score.ticks) * wide
                painter.fillRect(
                    QRectF(left, 0, section.bars * score.metre.bar / max(1, score.ticks) * wide - 2, tall), ground
                )
        painter.end()
        if score is not None and part is not None and part.notes:
            colour = tokens().colour("text_disabled" if self._muted else "kind_music")
            _draw(image, part, score.ticks, colour, ratio)
        return image


def _draw(image: QImage, part: Part, ticks: int, colour: QColor, ratio: float) -> None:
    """Every note as a rectangle of pixels, all of a row of the picture at once."""
    wide, tall = image.width(), image.height()
    notes = np.array([(one.start, one.length, one.pitch, one.velocity) for one in part.notes], np.int64)
    low, high = notes[:, 2].min(), notes[:, 2].max()
    thick = max(1, round(2 * ratio))
    left = np.clip(notes[:, 0] * wide // max(1, ticks), 0, wide - 1)
    right = np.clip((notes[:, 0] + notes[:, 1]) * wide // max(1, ticks), left + 1, wide)
    margin = round(5 * ratio)
    top = margin + ((high - notes[:, 2]) * (tall - 2 * margin - thick) // max(1, high - low))
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(tall, wide)
    red, green, blue = colour.red(), colour.green(), colour.blue()
    for x, end, y, velocity in zip(left.tolist(), right.tolist(), top.tolist(), notes[:, 3].tolist(), strict=True):
        alpha = 120 + velocity
        value = alpha << 24 | (red * alpha // 255) << 16 | (green * alpha // 255) << 8 | blue * alpha // 255
        pixels[y : y + thick, x:end] = value
