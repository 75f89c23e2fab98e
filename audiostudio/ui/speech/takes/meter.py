"""How loud the microphone is."""

import math

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.ui.speech.takes.recorder import CLIPPING
from audiostudio.ui.theme import tokens

FLOOR = -60.0
"""dBFS: the left end."""
HOT = -6.0
"""dBFS: from here on it may become too loud."""
_TICK = 33
_FALL = 1.2
"""dB of each tick."""
_HOLD = 60
"""Ticks that the mark of clipping stays."""


class LevelMeter(QWidget):
    """Rises at once, falls slowly; a mark at the right stays for a while after clipping."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.decibels = FLOOR
        self._clipped = 0
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK)
        self._tick.timeout.connect(self._fall)
        self.setAccessibleName(self.tr("Level of the microphone"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def clipping(self) -> bool:
        return self._clipped > 0

    def show_level(self, level: float) -> None:
        """0…1."""
        heard = 20 * math.log10(level) if level > 0 else FLOOR
        self.decibels = max(self.decibels, min(0.0, heard))
        if level >= CLIPPING:
            self._clipped = _HOLD
        if self.decibels > FLOOR and not self._tick.isActive():
            self._tick.start()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 16)

    def hideEvent(self, event: object) -> None:
        self._tick.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        bar = QRectF(0, 3, self.width() - 18, self.height() - 6)
        painter.setBrush(colours.colour("border"))
        painter.drawRoundedRect(bar, 4, 4)
        share = (self.decibels - FLOOR) / -FLOOR
        hot = (HOT - FLOOR) / -FLOOR
        painter.setBrush(colours.colour("warning" if self.decibels > HOT else "success"))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()), 4, 4)
        painter.setBrush(colours.colour("border_strong"))
        painter.drawRect(QRectF(bar.left() + bar.width() * hot, bar.top(), 1, bar.height()))
        painter.setBrush(colours.colour("error" if self.clipping else "border"))
        painter.drawEllipse(QRectF(self.width() - 13, self.height() / 2 - 5, 10, 10))

    def _fall(self) -> None:
        self.decibels = max(FLOOR, self.decibels - _FALL)
        self._clipped = max(0, self._clipped - 1)
        if self.decibels <= FLOOR and not self._clipped:
            self._tick.stop()
        self.update()
