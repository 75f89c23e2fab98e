"""The outline of a piece: bars, what was heard in the accent's colour, sections in faint colours. A click seeks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.ui.theme import HALF, font, tokens

if TYPE_CHECKING:
    Levels = NDArray[np.float32]

_BAR, _GAP = 2, 1
SECTION_TOKENS = {
    "intro": "kind_document",
    "outro": "kind_document",
    "verse": "kind_image",
    "pre-chorus": "kind_film",
    "chorus": "kind_song",
    "drop": "kind_song",
    "bridge": "kind_sound_effect",
    "build": "kind_sound_effect",
    "break": "kind_avatar",
    "solo": "kind_recording",
}

_OTHERS = ("kind_music", "kind_sound_effect", "kind_image", "kind_song", "kind_avatar", "kind_film", "kind_recording")


def section_colour(kind: str) -> QColor:
    """Of a kind of section (`chorus`, `Chorus 2`) or of one that was heard (`A`), in the present theme."""
    words = kind.casefold().rstrip(" 0123456789")
    place = ord(words) - ord("a") if len(words) == 1 else crc32(words.encode())
    return tokens().colour(SECTION_TOKENS.get(words) or _OTHERS[place % len(_OTHERS)])


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a sound with a name, in seconds."""

    start: float
    end: float
    label: str


class OutlineView(QWidget):
    sought = Signal(float)
    """Seconds."""

    def __init__(self, parent: QWidget | None = None, height: int = 40) -> None:
        super().__init__(parent)
        self._levels: Levels | None = None
        self.seconds = 0.0
        self.position = 0.0
        self.stretches: tuple[Stretch, ...] = ()
        self.marks: tuple[float, ...] = ()
        """Places that are pointed out, in seconds: seams, beats."""
        self.mark_token = "warning"
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Waveform"))

    def show_sound(self, levels: "Levels | None", seconds: float) -> None:
        """`levels`: least, greatest and RMS, shape (3, columns), −1…1; None: not there yet."""
        self._levels, self.seconds = levels, seconds
        self.update()

    def show_stretches(self, stretches: Sequence[Stretch]) -> None:
        self.stretches = tuple(stretches)
        self.update()

    def show_marks(self, marks: Sequence[float], token: str = "warning") -> None:
        self.marks, self.mark_token = tuple(marks), token
        self.update()

    def set_position(self, seconds: float) -> None:
        if seconds != self.position:
            self.position = seconds
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.seconds:
            self.sought.emit(min(1.0, max(0.0, event.position().x() / max(1, self.width()))) * self.seconds)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -5.0, Qt.Key.Key_Right: 5.0}.get(Qt.Key(event.key()))
        if step and self.seconds:
            self.sought.emit(min(self.seconds, max(0.0, self.position + step)))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        self._paint_stretches(painter)
        share = min(1.0, self.position / self.seconds) if self.seconds else 0.0
        if self._levels is None:
            painter.setPen(QPen(colours.colour("border_strong"), 1))
            painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)
        else:
            self._paint_bars(painter, share)
        painter.setPen(QPen(colours.colour(self.mark_token), 1.5))
        for at in self.marks if self.seconds else ():
            x = at / self.seconds * self.width()
            painter.drawLine(round(x), 0, round(x), self.height())
        if self.position:
            painter.setPen(QPen(colours.colour("playhead"), 1))
            painter.drawLine(round(share * self.width()), 0, round(share * self.width()), self.height())
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("focus"), 1.5))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_stretches(self, painter: QPainter) -> None:
        painter.setFont(font("caption"))
        for one in self.stretches if self.seconds else ():
            left, right = (at / self.seconds * self.width() for at in (one.start, one.end))
            box = QRectF(left, 0, max(1.0, right - left - 1), self.height())
            colour = section_colour(one.label)
            ground = QColor(colour)
            ground.setAlpha(30)
            painter.fillRect(box, ground)
            if self.height() >= 56:
                painter.setPen(colour)
                room = box.adjusted(HALF, 2, -2, 0)
                words = painter.fontMetrics().elidedText(one.label, Qt.TextElideMode.ElideRight, round(room.width()))
                painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_bars(self, painter: QPainter, share: float) -> None:
        assert self._levels is not None
        count = max(1, self.width() // (_BAR + _GAP))
        edges = np.linspace(0, self._levels.shape[1], count + 1).astype(int)
        reach = np.maximum(self._levels[1], -self._levels[0])
        high = np.maximum.reduceat(reach, np.minimum(edges[:-1], self._levels.shape[1] - 1))
        top = 14 if self.stretches and self.height() >= 56 else 2
        middle, most = (self.height() + top) / 2, (self.height() - top) / 2 - 1
        heard, rest = tokens().colour("wave_played_rms"), tokens().colour("wave_rms")
        for index, value in enumerate(high):
            tall = max(1.0, float(min(1.0, value)) * most)
            x = index * (_BAR + _GAP)
            painter.fillRect(QRectF(x, middle - tall, _BAR, 2 * tall), heard if x < share * self.width() else rest)
