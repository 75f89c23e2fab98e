"""The strip left of the script: line numbers, and what is made of each line."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QTextBlock, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from audiostudio.operations.verdict import Level
from audiostudio.ui import icons
from audiostudio.ui.speech.script import LineState
from audiostudio.ui.theme import font, tokens

if TYPE_CHECKING:
    from audiostudio.ui.speech.editor import ScriptEditor

GUTTER = 72
NAMES = 104
"""The room for speakers' names, in a script that has some."""
MAKEABLE = (LineState.NEW, LineState.CHANGED, LineState.FAILED, LineState.MADE)
"""States of lines that can be made alone."""
_VERDICTS = {
    Level.GOOD: ("circle-check", "success"),
    Level.LISTEN: ("triangle-alert", "warning"),
    Level.BAD: ("circle-alert", "error"),
}
_FIRST = 11
"""Where the first row of a line has its middle, from the line's top."""


class Gutter(QWidget):
    """A click on a line's mark opens its menu."""

    clicked = Signal(int, QPoint)
    """A line's number and a place on the screen."""
    speaker_clicked = Signal(int, QPoint)
    make_wanted = Signal(int)
    """To make this line alone, or once more."""

    def __init__(self, editor: "ScriptEditor") -> None:
        super().__init__(editor)
        self._editor = editor
        self.states = lambda _line: LineState.EMPTY
        """Line number → its state; the tab puts its own here."""
        self.verdicts: Callable[[int], Level | None] = lambda _line: None
        """Line number → what was found in its take; None: nobody listened to it."""
        self.speakers: Callable[[int], tuple[str, str] | None] = lambda _line: None
        """Line number → the name of who says it and the token of his colour."""
        self._named = False
        self._hover: int | None = None
        self._part = ""
        self._angle = 0
        self._turning = QTimer(self)
        self._turning.setInterval(60)
        self._turning.timeout.connect(self._turn)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("State of the lines"))

    def settle(self) -> None:
        """Stand left of the text."""
        view = self._editor.viewport().geometry()
        self.setGeometry(view.left() - self.wanted(), view.top(), self.wanted(), view.height())

    def wanted(self) -> int:
        """Its width."""
        return GUTTER + (NAMES if self._named else 0)

    def show_names(self, named: bool) -> None:
        """Whether there is room for speakers' names."""
        if named != self._named:
            self._named = named
            self._editor.settle()

    def sizeHint(self) -> QSize:
        return QSize(self.wanted(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, here = tokens(), self._editor.line()
        making = False
        for block, box in self._editor.visible_blocks():
            number = block.blockNumber()
            state = self.states(number)
            making |= state is LineState.MAKING
            middle = box.top() + _FIRST
            hovered = number == self._hover
            if hovered and state in MAKEABLE:
                self._paint_make(painter, state, middle)
            elif block.text().strip() or number == here:
                painter.setFont(font("caption", tabular=True))
                painter.setPen(colours.colour("text_secondary" if number == here else "text_disabled"))
                place = QRectF(self.width() - GUTTER, middle - 10, GUTTER - 40, 20)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number + 1))
            verdict = self.verdicts(number) if state is LineState.MADE else None
            self._paint_state(
                painter, state, QPointF(self.width() - 24, middle), hovered and self._part == "state", verdict
            )
            self._paint_speaker(painter, number, box)
        if making != self._turning.isActive():
            self._turning.start() if making else self._turning.stop()

    def hideEvent(self, event: QEvent) -> None:
        self._turning.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        block = self._block(event.position().y())
        if block is None or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            return
        number, place, part = block.blockNumber(), event.globalPosition().toPoint(), self._part_at(event.position().x())
        if part == "speaker":
            self.speaker_clicked.emit(number, place)
        elif part == "make" and event.button() == Qt.MouseButton.LeftButton and self.states(number) in MAKEABLE:
            self.make_wanted.emit(number)
        else:
            self.clicked.emit(number, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        block = self._block(event.position().y())
        hover = block.blockNumber() if block is not None and self._has_menu(block) else None
        part = self._part_at(event.position().x())
        self.setCursor(Qt.CursorShape.PointingHandCursor if hover is not None else Qt.CursorShape.ArrowCursor)
        if (hover, part) != (self._hover, self._part):
            self._hover, self._part = hover, part
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._editor.verticalScrollBar().event(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            block = self._block(event.pos().y())
            words = self._explained(block.blockNumber(), event.pos().x()) if block is not None else ""
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

    def _explained(self, number: int, x: float) -> str:
        part, state = self._part_at(x), self.states(number)
        if part == "speaker":
            speaker = self.speakers(number)
            return self.tr("Said by {name}").replace("{name}", speaker[0]) if speaker else self.tr("Choose who says it")
        if part == "make" and state in MAKEABLE:
            return self.tr("Make another take") if state is LineState.MADE else self.tr("Generate this line only")
        return self.told(number)

    def told(self, number: int) -> str:
        """What the mark of a line means."""
        state = self.states(number)
        verdict = self.verdicts(number) if state is LineState.MADE else None
        if verdict is None:
            return self.words(state)
        return {
            Level.GOOD: self.tr("Made, and good: every word is heard"),
            Level.LISTEN: self.tr("Made; worth a listen"),
            Level.BAD: self.tr("Made, but something is wrong with it"),
        }[verdict]

    def _part_at(self, x: float) -> str:
        """What is there: `speaker`, `make` or `state`."""
        left = self.width() - GUTTER
        return "speaker" if x < left else "make" if x < left + GUTTER - 38 else "state"

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

    def _paint_make(self, painter: QPainter, state: LineState, middle: float) -> None:
        at = QPointF(self.width() - 50, middle)
        if self._part == "make":
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tokens().colour("hover"))
            painter.drawEllipse(at, 11, 11)
        name = "refresh-cw" if state is LineState.MADE else "sparkles"
        picture = icons.pixmap(name, "accent_text", 14, self.devicePixelRatioF())
        painter.drawPixmap(QPointF(at.x() - 7, at.y() - 7), picture)

    def _paint_speaker(self, painter: QPainter, number: int, box: QRectF) -> None:
        speaker = self.speakers(number) if self._named else None
        if speaker is None:
            return
        name, token = speaker
        colour = tokens().colour(token)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(self.width() - 5, box.top(), 3, box.height() - 4), 1.5, 1.5)
        painter.setFont(font("caption", font().Weight.DemiBold))
        room = QRectF(4, box.top() + _FIRST - 10, NAMES - 4, 20)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.setPen(colour)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)

    def _paint_state(
        self, painter: QPainter, state: LineState, middle: QPointF, hover: bool, verdict: Level | None = None
    ) -> None:
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
        elif verdict is not None:
            name, token = _VERDICTS[verdict]
            picture = icons.pixmap(name, token, 14, self.devicePixelRatioF())
            painter.drawPixmap(QPointF(middle.x() - 7, middle.y() - 7), picture)
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
