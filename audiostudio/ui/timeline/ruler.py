"""The ruler above the tracks: times, markers, the range between the in and the out point, the playhead's handle."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Tempo
from audiostudio.ui.theme import Tokens, font, tokens
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.divisions import (
    LEAST_LABEL,
    Unit,
    bar_and_beat,
    beats_apart,
    divisions,
    shown_beats,
    shown_time,
)

HEIGHT = 32
_FLAG = 10
_HALF = 6
"""Pixels: half of the playhead's handle."""
_BESIDE = _HALF + 2
"""Pixels from a line to its time, which the handle leaves free where it stands on that line."""
_NEAR = 5
"""Pixels at which an edge of the range is taken hold of."""


class Ruler(QWidget):
    """Click or drag: the playhead. Drag an edge of the range, or with Shift: another range."""

    sought = Signal(object, bool)
    """Ticks; whether it is still being dragged."""
    ranged = Signal(object, object, bool)
    marker_moved = Signal(str, object, bool)
    """A marker's id, where it is dragged to, whether it still is."""
    marker_opened = Signal(str)
    menu_wanted = Signal(str, object, object)
    """A marker's id or nothing, ticks, the event."""

    def __init__(self, canvas: TimelineCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._held: tuple[str, int] | None = None
        """What is dragged: `playhead`, `range` (its other edge), or a marker's id; and where it began."""
        self.unit = Unit.CLOCK
        self.snap: Callable[[int, str, bool], int] = lambda at, _what, _free: at
        """Brings what is dragged (`range`, or a marker's id) to something near; whether Ctrl is held."""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Time ruler"))
        canvas.scale_changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x, at = event.position().x(), self._at(event)
        marker = self._marker_at(event.position())
        edge = self._range_edge(x)
        if marker is not None:
            self._held = (marker, at)
        elif edge is not None:
            self._held = ("range", edge)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._held = ("range", self._snapped(event, "range"))
        else:
            self._held = ("playhead", at)
            self.sought.emit(at, True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            near = self._range_edge(event.position().x()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.ArrowCursor)
        else:
            self._drag(event, True)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held is not None and event.button() == Qt.MouseButton.LeftButton:
            self._drag(event, False)
            self._held = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        marker = self._marker_at(event.position())
        if marker is not None:
            self._held = None
            self.marker_opened.emit(marker)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        marker = self._marker_at(QPointF(event.pos()))
        self.menu_wanted.emit(marker or "", max(0, self._canvas.scene.scale.at(event.pos().x())), event)

    def _drag(self, event: QMouseEvent, still: bool) -> None:
        assert self._held is not None
        what, origin = self._held
        if what == "playhead":
            self.sought.emit(self._at(event), still)
            return
        at = self._snapped(event, what)
        if what == "range":
            self.ranged.emit(min(origin, at), max(origin, at), still)
        else:
            self.marker_moved.emit(what, at, still)

    def _snapped(self, event: QMouseEvent, what: str) -> int:
        return self.snap(self._at(event), what, bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))

    def _at(self, event: QMouseEvent) -> int:
        return max(0, self._canvas.scene.scale.at(event.position().x()))

    def _range_edge(self, x: float) -> int | None:
        """The edge of the range that is not at `x`, where the other one is."""
        shown = self._canvas.scene.timeline.range
        if shown is None:
            return None
        scale = self._canvas.scene.scale
        if abs(scale.x(shown.start) - x) <= _NEAR:
            return shown.end
        return shown.start if abs(scale.x(shown.end) - x) <= _NEAR else None

    def _marker_at(self, place: QPointF) -> str | None:
        scale = self._canvas.scene.scale
        for marker in reversed(self._canvas.scene.timeline.markers):
            if -2 <= place.x() - scale.x(marker.at) <= _FLAG and place.y() <= HEIGHT / 2:
                return marker.id
        return None

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.fillRect(self.rect(), colours.colour("surface"))
        self._range(painter, colours)
        self._times(painter, colours)
        self._markers(painter, colours)
        painter.fillRect(QRectF(0, HEIGHT - 1, self.width(), 1), colours.colour("border"))
        self._handle(painter, colours)

    def _times(self, painter: QPainter, colours: Tokens) -> None:
        timeline, scale = self._canvas.scene.timeline, self._canvas.scene.scale
        painter.setFont(font("caption", tabular=True))
        if self.unit == Unit.BEATS and timeline.tempo is not None:
            self._beats(painter, colours, timeline.tempo)
            return
        step, parts = divisions(scale.per_pixel, timeline.sample_rate)
        unit = Unit.CLOCK if step < TICKS // 100 else self.unit
        end = scale.at(self.width())
        tick, words = colours.colour("border_strong"), colours.colour("text_muted")
        for number in range(max(0, scale.left // step), end // step + 1):
            at = number * step
            x = round(scale.x(at))
            painter.fillRect(QRectF(x, HEIGHT - 12, 1, 12), tick)
            painter.setPen(words)
            painter.drawText(QPointF(x + _BESIDE, HEIGHT - 6), shown_time(at, timeline, unit, step))
            for part in range(1, parts):
                painter.fillRect(QRectF(round(scale.x(at + step * part // parts)), HEIGHT - 5, 1, 5), tick)

    def _beats(self, painter: QPainter, colours: Tokens, tempo: Tempo) -> None:
        scale = self._canvas.scene.scale
        start, end = scale.left, scale.at(self.width())
        tick = colours.colour("border_strong")
        for _, at in shown_beats(tempo, beats_apart(tempo, scale.per_pixel), start, end):
            painter.fillRect(QRectF(round(scale.x(at)), HEIGHT - 5, 1, 5), tick)
        painter.setPen(colours.colour("text_muted"))
        apart = beats_apart(tempo, scale.per_pixel, LEAST_LABEL)
        for number, at in shown_beats(tempo, apart, scale.at(-LEAST_LABEL), end):
            x = round(scale.x(at))
            painter.fillRect(QRectF(x, HEIGHT - 12, 1, 12), tick)
            painter.drawText(QPointF(x + _BESIDE, HEIGHT - 6), bar_and_beat(tempo, number))

    def _range(self, painter: QPainter, colours: Tokens) -> None:
        shown = self._canvas.scene.timeline.range
        if shown is None:
            return
        scale = self._canvas.scene.scale
        left, right = scale.x(shown.start), scale.x(shown.end)
        painter.fillRect(QRectF(left, 0, right - left, HEIGHT), colours.colour("wave_selection"))
        for x in (left, right):
            painter.fillRect(QRectF(round(x) - 1, 0, 2, HEIGHT), colours.colour("accent_text"))

    def _markers(self, painter: QPainter, colours: Tokens) -> None:
        scale = self._canvas.scene.scale
        painter.setFont(font("caption"))
        taken = -1.0
        for marker in self._canvas.scene.timeline.markers:
            x = scale.x(marker.at)
            if not -200 <= x <= self.width():
                continue
            ink = colours.kind(marker.colour or "image")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawPolygon(
                QPolygonF(
                    [
                        QPointF(x, 2),
                        QPointF(x + _FLAG, 2),
                        QPointF(x + _FLAG - 4, 7),
                        QPointF(x + _FLAG, 12),
                        QPointF(x, 12),
                    ]
                )
            )
            painter.fillRect(QRectF(round(x), 2, 1, HEIGHT - 2), ink)
            left = x + _FLAG + 4
            if marker.name and left > taken:
                painter.setPen(colours.colour("text_secondary"))
                text = painter.fontMetrics().elidedText(marker.name, Qt.TextElideMode.ElideRight, 160)
                painter.drawText(QPointF(left, 12), text)
                taken = left + painter.fontMetrics().horizontalAdvance(text) + _FLAG

    def _handle(self, painter: QPainter, colours: Tokens) -> None:
        x = self._canvas.scene.scale.x(self._canvas.playhead)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("playhead"))
        top = HEIGHT - 12
        painter.drawPolygon(
            QPolygonF(
                [
                    QPointF(x - _HALF, top),
                    QPointF(x + _HALF, top),
                    QPointF(x + _HALF, top + 5),
                    QPointF(x, HEIGHT),
                    QPointF(x - _HALF, top + 5),
                ]
            )
        )
