"""The strip left of the script: line numbers, and what is made of each line."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QTextBlock, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from audiostudio.ui.speech.script import LineState
from audiostudio.ui.theme import font, tokens

if TYPE_CHECKING:
    from audiostudio.ui.speech.editor import ScriptEditor

GUTTER = 64
_FIRST = 11
"""Where the first row of a line has its middle, from the line's top."""


class Gutter(QWidget):
    """A click on a line's mark opens its menu."""

    clicked = Signal(int, QPoint)
    """A line's number and a place on the screen."""

    def __init__(self, editor: "ScriptEditor") -> None:
        super().__init__(editor)
        self._editor = editor
        self.states = lambda _line: LineState.EMPTY
        """Line number → its state; the tab puts its own here."""
        self._hover: int | None = None
        self._angle = 0
        self._turning = QTimer(self)
        self._turning.setInterval(60)
        self._turning.timeout.connect(self._turn)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("State of the lines"))

    def settle(self) -> None:
        """Stand left of the text."""
        view = self._editor.viewport().geometry()
        self.setGeometry(view.left() - GUTTER, view.top(), GUTTER, view.height())

    def sizeHint(self) -> QSize:
        return QSize(GUTTER, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, here = tokens(), self._editor.line()
        painter.setFont(font("caption", tabular=True))
        making = False
        for block, box in self._editor.visible_blocks():
            number = block.blockNumber()
            state = self.states(number)
            making |= state is LineState.MAKING
            middle = box.top() + _FIRST
            if block.text().strip() or number == here:
                painter.setPen(colours.colour("text_secondary" if number == here else "text_disabled"))
                place = QRectF(0, middle - 10, GUTTER - 36, 20)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number + 1))
            self._paint_state(painter, state, QPointF(GUTTER - 20, middle), number == self._hover)
        if making != self._turning.isActive():
            self._turning.start() if making else self._turning.stop()

    def hideEvent(self, event: QEvent) -> None:
        self._turning.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        block = self._block(event.position().y())
        if block is not None and event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self.clicked.emit(block.blockNumber(), event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        block = self._block(event.position().y())
        hover = block.blockNumber() if block is not None and self._has_menu(block) else None
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
            block = self._block(event.pos().y())
            words = self.words(self.states(block.blockNumber())) if block is not None else ""
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def words(self, state: LineState) -> str:
        """What a mark means."""
        return {
            LineState.NEW: self.tr("Not made yet"),
            LineState.CHANGED: self.tr("Changed since it was made"),
            LineState.MAKING: self.tr("Being made"),
            LineState.FAILED: self.tr("Could not be made"),
            LineState.MADE: self.tr("Made"),
        }.get(state, "")

    def _has_menu(self, block: QTextBlock) -> bool:
        return self.states(block.blockNumber()) is not LineState.EMPTY

    def _block(self, y: float) -> QTextBlock | None:
        for block, box in self._editor.visible_blocks():
            if box.top() <= y < box.bottom():
                return block
        return None

    def _turn(self) -> None:
        self._angle = (self._angle + 30) % 360
        self.update()

    def _paint_state(self, painter: QPainter, state: LineState, middle: QPointF, hover: bool) -> None:
        colours = tokens()
        if hover:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("hover"))
            painter.drawEllipse(middle, 11, 11)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if state is LineState.NEW:
            painter.setPen(QPen(colours.colour("border_strong"), 1.5))
            painter.drawEllipse(middle, 4, 4)
        elif state is LineState.CHANGED:
            painter.setPen(QPen(colours.colour("warning"), 1.5))
            painter.drawEllipse(middle, 4, 4)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("warning"))
            painter.drawPie(QRectF(middle.x() - 4, middle.y() - 4, 8, 8), 90 * 16, 180 * 16)
        elif state is LineState.MAKING:
            box = QRectF(middle.x() - 6, middle.y() - 6, 12, 12)
            painter.setPen(QPen(colours.colour("border_strong"), 2))
            painter.drawEllipse(box)
            painter.setPen(QPen(colours.colour("accent_text"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawArc(box, (90 - self._angle) * 16, -110 * 16)
        elif state is LineState.MADE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("success"))
            painter.drawEllipse(middle, 4, 4)
        elif state is LineState.FAILED:
            painter.setPen(QPen(colours.colour("error"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            for way in (1, -1):
                painter.drawLine(
                    QPointF(middle.x() - 4, middle.y() - 4 * way), QPointF(middle.x() + 4, middle.y() + 4 * way)
                )
