"""A card: a raised surface that can be hovered, focused, selected and opened."""

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QWidget

from audiostudio.ui.theme import RADIUS_LARGE, tokens


class Card(QFrame):
    """Put a layout in it. `clicked` comes from a click, Space or Enter; `opened` from a double click or Enter."""

    clicked = Signal()
    opened = Signal()

    def __init__(self, parent: QWidget | None = None, label: str = "") -> None:
        super().__init__(parent)
        self._selected = False
        self._pressed = False
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @property
    def selected(self) -> bool:
        return self._selected

    def set_selected(self, selected: bool) -> None:
        self._selected = selected
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.button() == Qt.MouseButton.LeftButton
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, False
        self.update()
        if pressed and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.clicked.emit()
            self.opened.emit()
        elif event.key() == Qt.Key.Key_Space:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave, QEvent.Type.EnabledChange):
            self.update()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge, width = colours.colour("border"), 1.0
        if self.underMouse() and self.isEnabled():
            edge = colours.colour("border_strong")
        if self._selected:
            edge, width = colours.colour("accent"), 1.5
        if self.hasFocus():
            edge, width = colours.colour("focus"), 2.0
        box = QRectF(self.rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2)
        painter.setPen(QPen(edge, width))
        painter.setBrush(colours.colour("accent_soft" if self._selected else "raised"))
        painter.drawRoundedRect(box, RADIUS_LARGE, RADIUS_LARGE)
        if self.isEnabled() and (self._pressed or self.underMouse()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("pressed" if self._pressed else "hover"))
            painter.drawRoundedRect(box, RADIUS_LARGE, RADIUS_LARGE)
