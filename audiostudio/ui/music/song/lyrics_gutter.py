"""The strip left of the lyrics: who sings each line, and how many syllables it has."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from audiostudio.music.lyrics import Line
from audiostudio.ui.music.song.colours import colour
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import font, tokens

if TYPE_CHECKING:
    from audiostudio.ui.music.song.lyrics_editor import LyricsEditor

_BADGE = 18
_FIGURES = 30
"""Pixels for the number of syllables."""


class LyricsGutter(QWidget):
    """A click on a badge asks who sings the line."""

    WIDTH = 92
    clicked = Signal(int, QPoint)
    """A row, and a place on the screen."""

    def __init__(self, editor: "LyricsEditor") -> None:
        super().__init__(editor)
        self._editor = editor
        self.syllables: Mapping[int, int] = {}
        """Row → how many; those that are not known are not shown."""
        self._hover: int | None = None
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Singers and syllables of the lines"))

    def show_syllables(self, syllables: Mapping[int, int]) -> None:
        self.syllables = syllables
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        here = self._editor.row()
        height = self._editor.fontMetrics().height()
        for block, box in self._editor.blocks():
            row = block.blockNumber()
            line = self._editor.line_of(row)
            if line is None:
                continue
            middle = box.top() + height / 2
            self._paint_badges(painter, line, middle, row == self._hover)
            count = self.syllables.get(row)
            if count is not None:
                painter.setFont(font("caption", tabular=True))
                painter.setPen(tokens().colour("text_secondary" if row == here else "text_muted"))
                place = QRectF(self.width() - _FIGURES - 6, middle - 9, _FIGURES, 18)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(count))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._editor.row_at(event.position().toPoint())
        if row is not None and self._editor.line_of(row) is not None:
            self.clicked.emit(row, event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._editor.row_at(event.position().toPoint())
        hover = row if row is not None and self._editor.line_of(row) is not None else None
        self.setCursor(Qt.CursorShape.PointingHandCursor if hover is not None else Qt.CursorShape.ArrowCursor)
        if hover != self._hover:
            self._hover = hover
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._editor.verticalScrollBar().event(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._editor.row_at(event.pos())
            line = self._editor.line_of(row) if row is not None else None
            QToolTip.showText(event.globalPos(), self._told(row, line) if line is not None else "", self)
            return True
        return super().event(event)

    def _told(self, row: int | None, line: Line) -> str:
        who = self.tr("Sung by {singers}: click to choose others").replace("{singers}", _names(line))
        count = self.syllables.get(row) if row is not None else None
        return who if count is None else f"{who}\n" + counted(count, self.tr("1 syllable"), self.tr("%n syllables"))

    def _paint_badges(self, painter: QPainter, line: Line, middle: float, hovered: bool) -> None:
        left = 6.0
        for slot in line.slots:
            box = QRectF(left, middle - _BADGE / 2, _BADGE, _BADGE)
            tint = colour(slot)
            soft = colour(slot)
            soft.setAlpha(90 if hovered else 46)
            painter.setPen(QPen(tint, 1.2 if not line.backing else 0))
            painter.setBrush(soft)
            painter.drawEllipse(box)
            painter.setFont(font("caption", font().Weight.DemiBold))
            painter.setPen(tokens().colour("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, slot)
            left += _BADGE - 1


def _names(line: Line) -> str:
    return (" & " if line.unison else " + ").join(line.slots)
