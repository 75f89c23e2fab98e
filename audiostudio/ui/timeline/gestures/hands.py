"""From mouse and keys on the canvas to gestures."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter

from audiostudio.errors import StudioError
from audiostudio.timeline.editing import trimming
from audiostudio.ui.theme import font, tokens
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.gestures.automation import DragAutomation, remove_automation_point
from audiostudio.ui.timeline.gestures.clips import DragFade, Move, Roll, Slide, Slip, Stretch, Trim
from audiostudio.ui.timeline.gestures.gain import DragGain, DragPoint, remove_point
from audiostudio.ui.timeline.gestures.gesture import Gesture
from audiostudio.ui.timeline.hits import Hit, Zone, clips_in, hit
from audiostudio.ui.timeline.rows import Lane
from audiostudio.ui.timeline.view import TimelineView
from audiostudio.ui.timeline.work import TimelineWork

_FAR = 4
"""Pixels after which a press is a drag."""
_CURSORS = {
    Zone.EMPTY: Qt.CursorShape.ArrowCursor,
    Zone.BODY: Qt.CursorShape.ArrowCursor,
    Zone.START: Qt.CursorShape.SizeHorCursor,
    Zone.END: Qt.CursorShape.SizeHorCursor,
    Zone.CUT: Qt.CursorShape.SplitHCursor,
    Zone.FADE_IN: Qt.CursorShape.PointingHandCursor,
    Zone.FADE_OUT: Qt.CursorShape.PointingHandCursor,
    Zone.GAIN: Qt.CursorShape.SizeVerCursor,
    Zone.POINT: Qt.CursorShape.PointingHandCursor,
    Zone.LANE: Qt.CursorShape.CrossCursor,
    Zone.LANE_POINT: Qt.CursorShape.PointingHandCursor,
}
_TOOL_CURSORS = {
    "blade": Qt.CursorShape.CrossCursor,
    "slip": Qt.CursorShape.SizeHorCursor,
    "slide": Qt.CursorShape.SizeHorCursor,
}
"""Over a clip."""
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_EDGE = 28
"""Pixels at the edges of the canvas where a drag scrolls it."""
_FASTEST = 40.0
"""Pixels that one tick scrolls at most."""
_TICK = 30
_OUT = 48
"""Pixels beyond the canvas after which clips that are moved are dragged out of the window."""
SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


class Band(Gesture):
    """A rubber band selects what it touches; with Shift or Ctrl on top of what is selected."""

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, kept: frozenset[str]) -> None:
        super().__init__(work, canvas, place)
        self._kept, self._before = kept, work.selected

    def move(self, event: QMouseEvent) -> None:
        self.place = event.position()
        self.follow()

    def follow(self) -> None:
        scene = self.canvas.scene
        scene.band = QRectF(self.origin, self.place).normalized()
        self.work.select(self._kept | {clip.id for clip in clips_in(scene, scene.band)})
        self.canvas.change()

    def cancel(self) -> None:
        self.work.select(self._before)
        self.end()

    def end(self) -> None:
        self.canvas.scene.band = None
        self.canvas.change()


class Hands(QObject):
    """Watches the canvas. Tools: `select`; `blade` cuts where it is clicked; `slip`, `slide`, `stretch` and `ripple`
    are what a plain drag of a clip or of its ends does."""

    held = Signal()
    """A drag begins."""
    opened = Signal(object)
    """A `Hit` that was double-clicked."""
    menu_wanted = Signal(object, object)
    """A `Hit` and the place on the screen."""
    leaving = Signal(object)
    """Ids of clips: the pointer left the tracks with them, and may be on its way out."""
    dragged_out = Signal(object)
    """Ids of clips: the pointer left the timeline with them."""

    def __init__(self, work: TimelineWork, view: TimelineView) -> None:
        canvas = view.canvas
        super().__init__(canvas)
        self._work, self._view, self._canvas = work, view, canvas
        self._pressed: tuple[Hit, QPointF] | None = None
        self._added = False
        """The press selected what was not selected."""
        self._left = False
        """The pointer left the tracks with clips."""
        self._gesture: Gesture | None = None
        self._scrolling = QTimer(self)
        self._scrolling.setInterval(_TICK)
        self._scrolling.timeout.connect(self._scroll)
        canvas.overlay = self._paint_hint
        canvas.installEventFilter(self)

    @property
    def dragging(self) -> bool:
        return self._gesture is not None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QMouseEvent):
            if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
                self._press(event)
                return True
            if kind == QEvent.Type.MouseMove:
                self._move(event)
                return True
            if kind == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton:
                self._release(event)
                return True
            if kind == QEvent.Type.MouseButtonDblClick:
                self._double_click(hit(self._canvas.scene, event.position()))
                return True
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            return self.escape()
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress and event.key() in _DELETE:
            return self._delete_point() or super().eventFilter(watched, event)
        elif kind == QEvent.Type.ContextMenu:
            found = hit(self._canvas.scene, QPointF(event.pos()))
            self._choose(found, Qt.KeyboardModifier.NoModifier)
            self.menu_wanted.emit(found, event.globalPos())
            return True
        elif kind == QEvent.Type.Leave:
            self._hover(None)
        return super().eventFilter(watched, event)

    def escape(self) -> bool:
        """Take back what is being dragged. False when nothing is."""
        if self._gesture is None:
            return False
        self._gesture.cancel()
        self._drop()
        return True

    def _drop(self) -> Gesture | None:
        gesture, self._gesture, self._pressed, self._left = self._gesture, None, None, False
        self._scrolling.stop()
        self._canvas.unsetCursor()
        return gesture

    # Mouse

    def _press(self, event: QMouseEvent) -> None:
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        found = hit(self._canvas.scene, event.position())
        self._work.select_track(None if found.track is None else found.track.id)
        self._hold(found.lane, None if found.point < 0 or found.lane is None else self._tick(found.lane, found.point))
        if found.lane is not None:
            self._work.select(())  # so that Delete means the point
        if self._work.tool == "blade" and found.clip is not None:
            self._cut(found, event.position())
            return
        self._pressed = (found, event.position())
        self._added = found.clip is not None and found.clip.id not in self._work.selected
        if self._added:
            self._choose(found, event.modifiers())

    def _move(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            found = hit(self._canvas.scene, event.position())
            self._canvas.setCursor(self._cursor(found))
            self._hover(found)
            return
        found, origin = self._pressed
        place = event.position().toPoint()
        if self._gesture is None:
            if (event.position() - origin).manhattanLength() < _FAR:
                return
            self._begin(found, origin, event)
        if isinstance(self._gesture, Move) and self._is_out(event.position()):
            self.escape()
            self.dragged_out.emit(tuple(self._work.selected))
        elif self._gesture is not None:
            self._gesture.move(event)
            self._scroll_near(event.position())
            if isinstance(self._gesture, Move) and not self._left and not self._canvas.rect().contains(place):
                self._left = True
                self.leaving.emit(tuple(self._work.selected))

    def _is_out(self, place: QPointF) -> bool:
        """Sideways the tracks scroll; up and down, and out of the window, they do not."""
        window = self._canvas.window()
        beyond = not window.rect().contains(self._canvas.mapTo(window, place.toPoint()))
        return beyond or place.y() < -_OUT - self._view.ruler.height()

    def _scroll_near(self, place: QPointF) -> None:
        if self._speed(place).isNull():
            self._scrolling.stop()
        elif not self._scrolling.isActive():
            self._scrolling.start()

    def _speed(self, place: QPointF) -> QPointF:
        """Pixels a tick, more the further the pointer is beyond the edge."""
        x = _beyond(place.x(), self._canvas.width())
        if x < 0 and self._canvas.scene.scale.left == 0:
            x = 0.0
        y = _beyond(place.y(), self._canvas.height()) if self._view.down.maximum() > 0 else 0.0
        return QPointF(x, y)

    def _scroll(self) -> None:
        gesture = self._gesture
        speed = QPointF() if gesture is None else self._speed(gesture.place)
        if gesture is None or speed.isNull():
            self._scrolling.stop()
            return
        scale, top = self._canvas.scene.scale, self._view.down.value()
        self._canvas.set_scale(scale.scrolled(speed.x()))
        self._view.down.setValue(round(top + speed.y()))
        moved = scale.width(self._canvas.scene.scale.left - scale.left)
        gesture.scrolled(moved, self._view.down.value() - top)
        gesture.follow()

    def _paint_hint(self, painter: QPainter) -> None:
        if self._gesture is None or not self._gesture.hint:
            return
        colours = tokens()
        painter.setFont(font("small", tabular=True))
        metrics = painter.fontMetrics()
        size = QPointF(metrics.horizontalAdvance(self._gesture.hint) + 12, metrics.height() + 6)
        place = self._gesture.place + QPointF(14, -size.y() - 6)
        left = min(max(2.0, place.x()), self._canvas.width() - size.x() - 2)
        box = QRectF(left, max(2.0, place.y()), size.x(), size.y())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("tooltip"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(colours.colour("on_tooltip"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._gesture.hint)

    def _release(self, event: QMouseEvent) -> None:
        pressed, gesture = self._pressed, self._drop()
        if gesture is not None:
            gesture.finish()
            if isinstance(gesture, DragAutomation) and pressed is not None:
                self._hold(pressed[0].lane, gesture.at)
        elif pressed is not None:
            self._clicked(pressed[0], event)

    def _begin(self, found: Hit, origin: QPointF, event: QMouseEvent) -> None:
        try:
            self._gesture = self._gesture_for(found, origin, event)
        except StudioError as error:
            self._pressed = None
            self._work.desk.messages.error(error)
            return
        if self._gesture is not None:
            self._canvas.setCursor(self._gesture.cursor)
            self.held.emit()

    def _gesture_for(self, found: Hit, origin: QPointF, event: QMouseEvent) -> Gesture | None:
        work, canvas, clip, tool = self._work, self._canvas, found.clip, self._work.tool
        if found.lane is not None:
            number = found.point if found.zone == Zone.LANE_POINT else None
            return DragAutomation(work, canvas, origin, found.lane, number)
        if clip is None or found.track is None:
            kept = work.selected if event.modifiers() & (SHIFT | CONTROL) else frozenset()
            return Band(work, canvas, origin, kept)
        if found.zone == Zone.CUT and found.neighbour is not None:
            return Roll(work, canvas, origin, clip, found.neighbour)
        if found.zone in (Zone.FADE_IN, Zone.FADE_OUT):
            return DragFade(work, canvas, origin, clip, found.zone == Zone.FADE_IN)
        if found.zone == Zone.POINT:
            return DragPoint(work, canvas, origin, found.track, clip, found.point)
        if found.zone == Zone.GAIN and event.modifiers() & CONTROL:
            return DragPoint(work, canvas, origin, found.track, clip)
        if found.zone == Zone.GAIN:
            return DragGain(work, canvas, origin, found.track, clip)
        if found.zone in (Zone.START, Zone.END):
            edge = trimming.Edge.START if found.zone == Zone.START else trimming.Edge.END
            if tool == "stretch" or event.modifiers() & ALT:
                return Stretch(work, canvas, origin, clip, edge)
            return Trim(work, canvas, origin, clip, edge)
        if tool == "slip" or (tool == "select" and event.modifiers() & ALT):
            return Slip(work, canvas, origin)
        if tool == "slide":
            return Slide(work, canvas, origin, clip)
        return Move(work, canvas, origin, found.track)

    def _clicked(self, found: Hit, event: QMouseEvent) -> None:
        """Pressed and let go of in one place."""
        if found.lane is not None:
            if found.zone == Zone.LANE:
                self._add_point(found.lane, event.position())
        elif found.zone == Zone.GAIN and found.track is not None and event.modifiers() & CONTROL:
            assert found.clip is not None
            DragPoint(self._work, self._canvas, event.position(), found.track, found.clip).finish()
        elif found.clip is None:
            if not event.modifiers() & (SHIFT | CONTROL):
                self._work.select(())
            self._work.seek(self._canvas.scene.scale.at(event.position().x()))
        elif not self._added:
            self._choose(found, event.modifiers(), clicked=True)

    def _add_point(self, lane: Lane, place: QPointF) -> None:
        try:
            gesture = DragAutomation(self._work, self._canvas, place, lane)
        except StudioError as error:
            self._work.desk.messages.error(error)
        else:
            gesture.finish()
            self._hold(lane, gesture.at)

    def _tick(self, lane: Lane, number: int) -> int:
        return lane.track.channel.automated(lane.parameter)[number].at

    def _hold(self, lane: Lane | None, at: int | None) -> None:
        """Remember the point that was taken hold of last; None: none."""
        scene = self._canvas.scene
        point = None if lane is None or at is None else (lane.track.id, lane.parameter, at)
        if point != scene.point:
            scene.point = point
            self._canvas.change()

    def _delete_point(self) -> bool:
        """That point. False where there is none."""
        held, self._canvas.scene.point = self._canvas.scene.point, None
        row = None if held is None else self._canvas.scene.rows().of(held[0])
        for lane in () if row is None or held is None else row.lanes:
            points = lane.track.channel.automated(lane.parameter)
            numbers = [number for number, point in enumerate(points) if point.at == held[2]]
            if lane.parameter == held[1] and numbers:
                remove_automation_point(self._work, lane, numbers[0])
                return True
        return False

    def _double_click(self, found: Hit) -> None:
        self._pressed = None
        if found.lane is not None:
            if found.zone == Zone.LANE_POINT:
                remove_automation_point(self._work, found.lane, found.point)
        elif found.zone == Zone.POINT and found.clip is not None:
            remove_point(self._work, found.clip, found.point)
        else:
            self.opened.emit(found)

    def _choose(self, found: Hit, modifiers: Qt.KeyboardModifier, *, clicked: bool = False) -> None:
        """Select as everywhere: Ctrl adds and takes away, Shift adds up to here on the track."""
        clip = found.clip
        if clip is None or found.track is None:
            return
        with_group = self._group(clip.id)
        before = self._work.selected
        if modifiers & CONTROL:
            self._work.select(before - with_group if clicked and clip.id in before else before | with_group)
        elif modifiers & SHIFT:
            there = [one for one in found.track.clips if one.id in before] or [clip]
            first, last = min(one.start for one in (*there, clip)), max(one.end for one in (*there, clip))
            between = {one.id for one in found.track.clips if one.start >= first and one.end <= last}
            self._work.select(before | between)
        elif clicked or clip.id not in before:
            self._work.select(with_group)

    def _group(self, clip_id: str) -> frozenset[str]:
        clips = list(self._work.document.clips())
        group = next(clip.group for clip in clips if clip.id == clip_id)
        if group is None:
            return frozenset([clip_id])
        return frozenset(clip.id for clip in clips if clip.group == group)

    def _cut(self, found: Hit, place: QPointF) -> None:
        clip = found.clip
        assert clip is not None
        at = self._canvas.scene.scale.at(place.x())
        self._work.edit(self.tr("Split"), lambda project, timeline: trimming.split(project, timeline, at, [clip.id]))

    def _cursor(self, found: Hit) -> Qt.CursorShape:
        usual = _CURSORS[found.zone]
        if found.clip is None or (self._work.tool != "blade" and found.zone != Zone.BODY):
            return usual
        return _TOOL_CURSORS.get(self._work.tool, usual)

    def _hover(self, found: Hit | None) -> None:
        clip = None if found is None or found.clip is None else found.clip.id
        if clip != self._canvas.scene.hovered:
            self._canvas.scene.hovered = clip
            self._canvas.change()


def _beyond(at: float, length: float) -> float:
    """How fast to scroll, −1…1 times the fastest: 0 unless `at` is near an edge of 0…`length`."""
    if at < _EDGE:
        return -_FASTEST * min(1.0, (_EDGE - at) / (3 * _EDGE))
    return _FASTEST * min(1.0, (at - length + _EDGE) / (3 * _EDGE)) if at > length - _EDGE else 0.0
