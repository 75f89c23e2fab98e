"""From mouse and keys on the canvas to gestures."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent

from audiostudio.errors import StudioError
from audiostudio.timeline.editing import trimming
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.gestures.clips import DragFade, Move, Roll, Slide, Slip, Stretch, Trim
from audiostudio.ui.timeline.gestures.gesture import Gesture
from audiostudio.ui.timeline.hits import Hit, Zone, clips_in, hit
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
}
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
        scene = self.canvas.scene
        scene.band = QRectF(self.origin, event.position()).normalized()
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

    opened = Signal(object)
    """A `Hit` that was double-clicked."""
    menu_wanted = Signal(object, object)
    """A `Hit` and the place on the screen."""

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas) -> None:
        super().__init__(canvas)
        self._work, self._canvas = work, canvas
        self._pressed: tuple[Hit, QPointF] | None = None
        self._gesture: Gesture | None = None
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
                self.opened.emit(hit(self._canvas.scene, event.position()))
                return True
        elif isinstance(event, QKeyEvent) and kind == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            return self.escape()
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
        self._gesture, self._pressed = None, None
        return True

    # Mouse

    def _press(self, event: QMouseEvent) -> None:
        self._canvas.setFocus(Qt.FocusReason.MouseFocusReason)
        found = hit(self._canvas.scene, event.position())
        self._work.select_track(None if found.track is None else found.track.id)
        if self._work.tool == "blade" and found.clip is not None:
            self._cut(found, event.position())
            return
        self._pressed = (found, event.position())
        if found.clip is not None and found.clip.id not in self._work.selected:
            self._choose(found, event.modifiers())

    def _move(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            found = hit(self._canvas.scene, event.position())
            self._canvas.setCursor(self._cursor(found))
            self._hover(found)
            return
        found, origin = self._pressed
        if self._gesture is None:
            if (event.position() - origin).manhattanLength() < _FAR:
                return
            self._begin(found, origin, event)
        if self._gesture is not None:
            self._gesture.move(event)

    def _release(self, event: QMouseEvent) -> None:
        gesture, pressed = self._gesture, self._pressed
        self._gesture, self._pressed = None, None
        if gesture is not None:
            gesture.finish()
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

    def _gesture_for(self, found: Hit, origin: QPointF, event: QMouseEvent) -> Gesture | None:
        work, canvas, clip, tool = self._work, self._canvas, found.clip, self._work.tool
        if clip is None or found.track is None:
            kept = work.selected if event.modifiers() & (SHIFT | CONTROL) else frozenset()
            return Band(work, canvas, origin, kept)
        if found.zone == Zone.CUT and found.neighbour is not None:
            return Roll(work, canvas, origin, clip, found.neighbour)
        if found.zone in (Zone.FADE_IN, Zone.FADE_OUT):
            return DragFade(work, canvas, origin, clip, found.zone == Zone.FADE_IN)
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
        if found.clip is None:
            if not event.modifiers() & (SHIFT | CONTROL):
                self._work.select(())
            self._work.seek(self._canvas.scene.scale.at(event.position().x()))
        else:
            self._choose(found, event.modifiers(), clicked=True)

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
        if self._work.tool == "blade" and found.clip is not None:
            return Qt.CursorShape.CrossCursor
        return _CURSORS[found.zone]

    def _hover(self, found: Hit | None) -> None:
        clip = None if found is None or found.clip is None else found.clip.id
        if clip != self._canvas.scene.hovered:
            self._canvas.scene.hovered = clip
            self._canvas.change()
