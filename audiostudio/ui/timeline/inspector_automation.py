"""A parameter of a track or of the master, drawn over what the timeline shows."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Point
from audiostudio.ui.theme import font, tokens
from audiostudio.ui.timeline.divisions import clock
from audiostudio.ui.timeline.motions import Motion

_NEAR = 7
_STEPS = 40
"""Of the arrow keys, from the bottom to the top."""


class AutomationCurve(QWidget):
    """Nothing is edited here: `drawn` tells what somebody drew."""

    drawn = Signal(object, str)
    """The points, and a key that is the same for one drag."""

    def __init__(self, label: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._motion: Motion | None = None
        self._points: list[Point] = []
        self._first, self._last = 0, TICKS
        """What is shown, in ticks."""
        self._playhead = 0
        self._held: int | None = None
        self._chosen: int | None = None
        self._number = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(label)
        self.setToolTip(self.tr("Click: a point. Drag: move it. Double-click or Delete: take it away"))

    def show_span(self, first: int, last: int) -> None:
        """Ticks: the same part as the timeline, so that zooming in makes it finer."""
        self._first, self._last = max(0, first), max(last, first + 1)
        self.update()

    def show_points(self, motion: Motion, points: Sequence[Point]) -> None:
        self._motion = motion
        self._points = list(points)
        if self._chosen is not None and self._chosen >= len(self._points):
            self._chosen = None
        self.update()

    def show_playhead(self, at: int) -> None:
        self._playhead = at
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, 72)

    # Mouse and keys

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._motion is None:
            return
        self._number += 1
        place = event.position()
        near = self._near(place)
        if near is None:
            point = self._point(place)
            self._points = sorted([*(one for one in self._points if one.at != point.at), point])
            near = self._points.index(point)
            self._tell()
        self._held = self._chosen = near
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            return
        least = self._points[self._held - 1].at + 1 if self._held else 0
        most = self._points[self._held + 1].at - 1 if self._held + 1 < len(self._points) else self._last
        moved = self._point(event.position())
        self._points[self._held] = moved._replace(at=min(max(moved.at, least), most))
        self._tell()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        near = self._near(event.position())
        if near is not None:
            self._take(near)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._chosen is not None:
            self._take(self._chosen)
        elif event.key() in steps and self._chosen is not None and self._motion is not None:
            point = self._points[self._chosen]
            share = self._motion.share(point.value) + steps[Qt.Key(event.key())] / _STEPS
            self._points[self._chosen] = point._replace(value=self._motion.value(share))
            self._tell()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._points:
            by = 1 if event.key() == Qt.Key.Key_Right else -1
            self._chosen = min(len(self._points) - 1, max(0, (self._chosen if self._chosen is not None else -by) + by))
            self.update()
        else:
            super().keyPressEvent(event)

    def _take(self, index: int) -> None:
        self._number += 1
        del self._points[index]
        self._held = self._chosen = None
        self._tell()

    def _tell(self) -> None:
        self.update()
        parameter = "" if self._motion is None else self._motion.parameter
        self.drawn.emit(tuple(self._points), f"{parameter}.{self._number}")

    # Places

    def _box(self) -> QRectF:
        return QRectF(6, 8, self.width() - 12, self.height() - 16)

    def _place(self, point: Point) -> QPointF:
        box = self._box()
        share = 0.0 if self._motion is None else self._motion.share(point.value)
        along = (point.at - self._first) / (self._last - self._first)
        return QPointF(box.left() + box.width() * along, box.bottom() - box.height() * share)

    def _point(self, place: QPointF) -> Point:
        box = self._box()
        along = min(1.0, max(0.0, (place.x() - box.left()) / box.width()))
        at = self._first + round(along * (self._last - self._first))
        share = (box.bottom() - place.y()) / box.height()
        return Point(at, 0.0 if self._motion is None else self._motion.value(share))

    def _near(self, place: QPointF) -> int | None:
        found = [(QPointF(self._place(one) - place).manhattanLength(), i) for i, one in enumerate(self._points)]
        distance, index = min(found, default=(_NEAR + 1, 0))
        return index if distance <= _NEAR else None

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = tokens()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = "focus" if self.hasFocus() else "border"
        painter.setPen(QPen(colours.colour(edge), 1))
        painter.setBrush(colours.colour("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        box = self._box()
        zero = self._place(Point(0, 0.0)).y()
        painter.setPen(QPen(colours.colour("border_strong"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(box.left(), zero), QPointF(box.right(), zero))
        painter.setClipRect(box.adjusted(-4, -6, 4, 6))
        head = self._place(Point(self._playhead, 0.0)).x()
        painter.fillRect(QRectF(head, 2, 1, self.height() - 4), colours.colour("text_disabled"))
        places = [self._place(point) for point in self._points]
        level = self._place(Point(0, 0.0 if self._motion is None else self._motion.rest)).y()
        line = (
            [
                QPointF(min(box.left(), places[0].x()), places[0].y()),
                *places,
                QPointF(max(box.right(), places[-1].x()), places[-1].y()),
            ]
            if places
            else [QPointF(box.left(), level), QPointF(box.right(), level)]
        )
        painter.setPen(QPen(colours.colour("accent_text" if places else "text_muted"), 1.5))
        painter.drawPolyline(QPolygonF(line))
        painter.setBrush(colours.colour("surface"))
        for index, place in enumerate(places):
            painter.setBrush(colours.colour("accent_text" if index == self._chosen else "surface"))
            painter.drawEllipse(place, 3.5, 3.5)
        if self._chosen is not None and self._chosen < len(self._points):
            painter.setFont(font("caption", tabular=True))
            painter.setPen(colours.colour("text_secondary"))
            painter.drawText(self.rect().adjusted(8, 2, -8, -2), Qt.AlignmentFlag.AlignRight, self._words())

    def _words(self) -> str:
        point = self._points[self._chosen or 0]
        value = "" if self._motion is None else self._motion.words(point.value)
        return f"{clock(point.at, TICKS // 10)}  {value}"
