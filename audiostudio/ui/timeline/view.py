"""Ruler, canvas and scroll bars as one: zooming, scrolling, following the playhead."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGridLayout, QScrollBar, QWidget

from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Timeline
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.clip_paint import Shown
from audiostudio.ui.timeline.rows import Lanes
from audiostudio.ui.timeline.ruler import Ruler
from audiostudio.ui.timeline.scale import Scale

_STEP = 1.15
"""One notch of the wheel."""
_BAR = 10_000
"""Positions of the horizontal scroll bar."""
_AFTER = 10 * TICKS
"""There is always that much room after the end."""


class TimelineView(QWidget):
    """What is seen of a timeline. Ctrl and wheel, or a pinch: zoom at the pointer; wheel: tracks up and down; Shift
    and wheel, or sideways: along the time; Alt and wheel: heights of the tracks."""

    offset_changed = Signal(float)
    heights_changed = Signal(float)
    """A factor for all of them."""

    def __init__(self, shown: Callable[[Clip], Shown], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = TimelineCanvas(shown, self)
        self.ruler = Ruler(self.canvas, self)
        self.along = QScrollBar(Qt.Orientation.Horizontal, self)
        self.down = QScrollBar(Qt.Orientation.Vertical, self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.ruler, 0, 0)
        grid.addWidget(self.canvas, 1, 0)
        grid.addWidget(self.down, 0, 1, 2, 1)
        grid.addWidget(self.along, 2, 0)
        self.canvas.installEventFilter(self)
        self.ruler.installEventFilter(self)
        self.canvas.scale_changed.connect(self._fit_bars)
        self.along.valueChanged.connect(self._scrolled_along)
        self.down.valueChanged.connect(self._scrolled_down)

    def show_timeline(self, timeline: Timeline, lanes: Lanes) -> None:
        """Another timeline, or the same after an edit; and the automation that is shown."""
        self.canvas.show_timeline(timeline, lanes)
        self.ruler.update()
        self._fit_bars()

    def set_heights(self, heights: Mapping[str, int]) -> None:
        """Of tracks by their ids, where they are not as usual."""
        self.canvas.scene.heights = heights
        self.canvas.change()
        self._fit_bars()

    def set_playhead(self, at: int, *, follow: bool = False) -> None:
        if follow:
            self.canvas.set_scale(self.canvas.scene.scale.following(at, self.canvas.width()))
        self.canvas.set_playhead(at)
        self.ruler.update()

    def zoom(self, factor: float, x: float | None = None) -> None:
        """Closer, around `x`; around the playhead where that is in sight."""
        scale = self.canvas.scene.scale
        if x is None:
            head = scale.x(self.canvas.playhead)
            x = head if 0 <= head <= self.canvas.width() else self.canvas.width() / 2
        self.canvas.set_scale(scale.zoomed(factor, x))

    def show_all(self) -> None:
        end = self.canvas.scene.timeline.end or 60 * TICKS
        self.canvas.set_scale(self.canvas.scene.scale.showing(0, end, self.canvas.width()))

    def show_range(self, start: int, end: int) -> None:
        self.canvas.set_scale(self.canvas.scene.scale.showing(start, end, self.canvas.width()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QWheelEvent):
            self._wheel(event)
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1 + event.value(), event.position().x())
            return True
        return super().eventFilter(watched, event)

    def _wheel(self, event: QWheelEvent) -> None:
        fine = event.pixelDelta()
        delta = QPointF(fine) if not fine.isNull() else QPointF(event.angleDelta()) / 120 * 48
        keys = event.modifiers()
        if keys & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_STEP ** (delta.y() / 48), event.position().x())
        elif keys & Qt.KeyboardModifier.AltModifier:
            self.heights_changed.emit(_STEP ** ((delta.y() or delta.x()) / 48))
        elif keys & Qt.KeyboardModifier.ShiftModifier or abs(delta.x()) > abs(delta.y()):
            self.canvas.set_scale(self.canvas.scene.scale.scrolled(-(delta.x() or delta.y())))
        else:
            self.down.setValue(round(self.down.value() - delta.y()))

    def _length(self) -> int:
        """Ticks that can be scrolled over: some more than there is, unless all there is can be seen."""
        scale, end = self.canvas.scene.scale, self.canvas.scene.timeline.end
        shown = scale.per_pixel * max(1, self.canvas.width())
        whole = scale.left == 0 and end <= shown
        return round(shown if whole else max(end + _AFTER + shown / 2, scale.left + shown))

    def _fit_bars(self) -> None:
        scene = self.canvas.scene
        shown = scene.scale.per_pixel * max(1, self.canvas.width())
        length = self._length()
        page = max(1, round(_BAR * min(1.0, shown / length)))
        self.along.setEnabled(page < _BAR)
        self.along.blockSignals(True)
        self.along.setRange(0, _BAR - page)
        self.along.setPageStep(page)
        self.along.setSingleStep(max(1, page // 20))
        self.along.setValue(round(_BAR * scene.scale.left / length))
        self.along.blockSignals(False)
        hidden = max(0, round(scene.rows().height - self.canvas.height()))
        self.down.setRange(0, hidden)
        self.down.setPageStep(max(1, self.canvas.height()))
        self.down.setSingleStep(24)
        self.down.setVisible(hidden > 0)

    def _scrolled_along(self, value: int) -> None:
        scale = self.canvas.scene.scale
        self.canvas.set_scale(Scale(round(value / _BAR * self._length()), scale.per_pixel))

    def _scrolled_down(self, value: int) -> None:
        self.canvas.scene.offset = value
        self.canvas.change()
        self.offset_changed.emit(float(value))
