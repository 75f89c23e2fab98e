"""A curve drawn by hand: how much is going on, from the beginning of a piece to its end."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.ui.theme import RADIUS, tokens

POINTS = 7
_STEP = 0.05
_EDGE = 10.0
USUAL = (0.35, 0.5, 0.6, 0.75, 0.55, 0.9, 0.45)


class EnergyCurve(QWidget):
    """Points at equal distances, each 0…1. Drag one up and down; arrow keys: left and right choose, up and down move
    it. Until somebody does, it is drawn faint: the composer chooses."""

    drawn = Signal(tuple)
    """All points, while one is dragged too."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[float, ...] = USUAL
        self._chosen = False
        self._at = 0
        self._held = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Energy"))
        self.setToolTip(self.tr("Drag the points: how much is going on, from beginning to end"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def points(self) -> tuple[float, ...]:
        return self._points

    def show_points(self, points: Sequence[float]) -> None:
        """Empty: the composer chooses."""
        self._chosen = bool(points)
        self._points = tuple(points) if len(points) >= 2 else tuple(points) * 2 or USUAL
        self._at = min(self._at, len(self._points) - 1)
        self._say()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, 88)

    def place(self, index: int) -> QPointF:
        """Where a point is drawn."""
        wide, tall = self.width() - 2 * _EDGE, self.height() - 2 * _EDGE
        return QPointF(_EDGE + wide * index / (len(self._points) - 1), _EDGE + tall * (1 - self._points[index]))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._at = self._nearest(event.position().x())
            self._held = True
            self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._follow(event)
        else:
            self.setCursor(Qt.CursorShape.SizeVerCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._at = min(len(self._points) - 1, max(0, self._at + (1 if key == Qt.Key.Key_Right else -1)))
            self._say()
            self.update()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._set(self._points[self._at] + (_STEP if key == Qt.Key.Key_Up else -_STEP))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _nearest(self, x: float) -> int:
        return min(range(len(self._points)), key=lambda index: abs(self.place(index).x() - x))

    def _follow(self, event: QMouseEvent) -> None:
        self._set(1 - (event.position().y() - _EDGE) / max(1.0, self.height() - 2 * _EDGE))

    def _set(self, value: float) -> None:
        value = round(min(1.0, max(0.0, value)) / _STEP) * _STEP
        points = list(self._points)
        points[self._at] = round(value, 2)
        if tuple(points) != self._points:
            self._points, self._chosen = tuple(points), True
            self._say()
            self.update()
            self.drawn.emit(self._points)

    def _say(self) -> None:
        words = self.tr("Point {n}: {value} %").replace("{n}", str(self._at + 1))
        self.setAccessibleDescription(words.replace("{value}", str(round(self._points[self._at] * 100))))

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colours.colour("focus" if self.hasFocus() else "border"), 1))
        painter.setBrush(colours.colour("sunken"))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        line = self._line()
        ink = colours.colour("kind_music" if self._chosen else "text_disabled")
        fill, ground = QPainterPath(line), self.height() - 1.0
        fill.lineTo(self.width() - _EDGE, ground)
        fill.lineTo(_EDGE, ground)
        shade = QLinearGradient(0, 0, 0, self.height())
        for at, alpha in ((0.0, 90), (1.0, 8)):
            colour = QColor(ink)
            colour.setAlpha(alpha)
            shade.setColorAt(at, colour)
        painter.fillPath(fill, shade)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(ink, 2))
        painter.drawPath(line)
        for index in range(len(self._points)):
            chosen = self.hasFocus() and index == self._at
            painter.setPen(QPen(colours.colour("focus") if chosen else ink, 2))
            painter.setBrush(colours.colour("raised"))
            painter.drawEllipse(self.place(index), 4.5 if chosen else 3.5, 4.5 if chosen else 3.5)

    def _line(self) -> QPainterPath:
        path = QPainterPath(self.place(0))
        for index in range(1, len(self._points)):
            before, here = self.place(index - 1), self.place(index)
            middle = (before.x() + here.x()) / 2
            path.cubicTo(QPointF(middle, before.y()), QPointF(middle, here.y()), here)
        return path
