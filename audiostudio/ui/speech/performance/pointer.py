"""The mouse in the performance view: what it points at, takes hold of, and drags."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from audiostudio.ui.speech.performance import hands
from audiostudio.ui.speech.performance.hands import NOTHING, Edits, Grip, Hit
from audiostudio.ui.speech.performance.stage import KEYS

if TYPE_CHECKING:
    from audiostudio.ui.speech.performance.view import PerformanceView

DRAW = "draw"
_SLOP, _BAND_SLOP = 3, 4
"""Pixels that a pointer may move before it drags."""
_SHIFT, _CTRL, _ALT = (
    Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
_SIDEWAYS = Qt.CursorShape.SizeHorCursor
_CURSORS = {
    "end": _SIDEWAYS, "start": _SIDEWAYS, "gap": _SIDEWAYS, "phoneme": _SIDEWAYS,
    "energy": Qt.CursorShape.SizeVerCursor, "curve": Qt.CursorShape.SizeVerCursor,
    "point": Qt.CursorShape.SizeAllCursor, "word": Qt.CursorShape.PointingHandCursor,
}  # fmt: skip


class Pointer:
    def __init__(self, view: "PerformanceView") -> None:
        self._view = view
        self._grip: Grip | None = None
        self._press: tuple[QPointF, Hit] | None = None
        self.band: QRectF | None = None
        """The frame that is drawn around words."""
        self.over = NOTHING
        """What is under it."""
        self.draft: Edits | None = None
        """The edits as they would be if it let go now."""
        self.gesture = 0
        """Another for each drag, so that two of them are two steps."""

    @property
    def dragging(self) -> bool:
        return self._grip is not None

    @property
    def busy(self) -> bool:
        """Whether there is something to let go of."""
        return self._grip is not None or self.band is not None

    def drop(self) -> None:
        """Let go of what is dragged; it stays as it was."""
        self._grip, self._press, self.band, self.draft = None, None, None, None

    def press(self, event: QMouseEvent) -> None:
        view, place, modifiers = self._view, event.position(), event.modifiers()
        found = self._hit(place)
        if view.comparing and view.editable and found.kind not in ("ruler", "nothing"):
            view.begin()
            found = self._hit(place)
        self._press = (place, found)
        if found.kind in ("ruler", "nothing"):
            if found.kind == "ruler":
                view.seek(place.x())
            return
        if (view.tool == DRAW or modifiers & _ALT) and found.kind in ("point", "curve", "pitch"):
            if view.editable:
                self._grip = hands.Draw(view.stage, view.shape, view.edits, (), place, view.scale)
                self._drag(place, False)
            return
        if found.kind in ("point", "curve", "word", "energy", "end", "phoneme"):
            self._select_by(found, modifiers)
        self._hold(found, place)

    def move(self, event: QMouseEvent) -> None:
        place = event.position()
        if self._press is None:
            self._point_at(place)
            return
        start, found = self._press
        far = (place - start).manhattanLength()
        if self._grip is not None:
            if far >= _SLOP or self.draft is not None:
                self._drag(place, bool(event.modifiers() & _SHIFT))
        elif found.kind == "ruler":
            self._view.seek(place.x())
        elif found.kind in ("pitch", "word", "nothing") and far >= _BAND_SLOP:
            self._stretch_band(start, place, event.modifiers())

    def release(self, event: QMouseEvent) -> None:
        if self._press is None:
            return
        view, (place, found), grip, draft = self._view, self._press, self._grip, self.draft
        drawn, self._press, self._grip, self.band, self.draft = self.band, None, None, None, None
        if grip is not None and draft is not None:
            self.gesture += 1
            view.commit(draft, grip.kind)
            self.gesture += 1
        elif drawn is None and found.kind == "pitch" and grip is None:
            if not event.modifiers() & (_SHIFT | _CTRL):
                view.select(frozenset())
            view.seek(place.x())
        self._point_at(event.position())
        view.update()

    def double_click(self, event: QMouseEvent) -> None:
        """A point more, or one less; a word: hear it."""
        view, place = self._view, event.position()
        found = self._hit(place)
        word = view.shape.word(found.word)
        if found.kind == "point":
            view.point = (found.word, found.number)
            view.remove_point()
        elif found.kind == "curve" and word is not None:
            view.add_point(word, (view.stage.time(place.x()) - word.start) / word.seconds)
        elif found.kind == "word":
            view.play_wanted.emit()

    def leave(self) -> None:
        self.over = NOTHING
        self._view.update()

    def wheel(self, event: QWheelEvent) -> None:
        camera, place = self._view.camera, event.position()
        steps, sideways, modifiers = event.angleDelta().y() / 120, event.angleDelta().x() / 120, event.modifiers()
        if modifiers & _CTRL:
            camera.zoom(0.8**steps, place.x())
        elif modifiers & _SHIFT:
            camera.zoom_notes(0.85 ** (steps or sideways), place.y())
        else:
            camera.scroll_to(camera.stage.left + (sideways or -steps) * 0.1 * camera.stage.seconds)
        self._view.update()

    def _hit(self, place: QPointF) -> Hit:
        return hands.hit(self._view.stage, self._view.shape, self._view.handles(), place)

    def _point_at(self, place: QPointF) -> None:
        found, view = self._hit(place), self._view
        if found != self.over:
            self.over = found
            pencil = view.tool == DRAW and found.kind in ("point", "curve", "pitch")
            shape = Qt.CursorShape.CrossCursor if pencil else _CURSORS.get(found.kind, Qt.CursorShape.ArrowCursor)
            view.setCursor(shape if view.editable else Qt.CursorShape.ArrowCursor)
            view.update()

    def _select_by(self, found: Hit, modifiers: Qt.KeyboardModifier) -> None:
        view = self._view
        order = [word.index for word in view.shape.words]
        if modifiers & _CTRL:
            view.select(view.selected ^ {found.word})
        elif modifiers & _SHIFT and view.selected and found.kind == "word":
            places = [order.index(index) for index in (*view.selected, found.word) if index in order]
            view.select(frozenset(order[min(places) : max(places) + 1]))
        elif found.word not in view.selected or found.kind == "word":
            view.select(frozenset([found.word]))
        view.point = (found.word, found.number) if found.kind == "point" else None

    def _hold(self, found: Hit, place: QPointF) -> None:
        """Take hold of what can be dragged."""
        view = self._view
        word = view.shape.word(found.word)
        if word is None or not view.editable:
            return
        others = [one for one in view.chosen() if one.index in view.selected and one is not word]
        words = (word, *others) if word.index in view.selected else (word,)
        held = hands.Held(view.stage, view.shape, view.edits, words, place, view.scale)
        self._grip = hands.grip(found, held, view.limits)

    def _drag(self, place: QPointF, fine: bool) -> None:
        if self._grip is not None:
            self.draft = self._grip.follow(place, fine)
            self._view.follow_draft()

    def _stretch_band(self, start: QPointF, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        view = self._view
        lanes = QRectF(KEYS, view.stage.pitch.top(), view.width() - KEYS, view.height())
        self.band = QRectF(start, place).normalized().intersected(lanes)
        first, last = view.stage.time(self.band.left()), view.stage.time(self.band.right())
        within = {word.index for word in view.shape.words if word.end > first and word.start < last}
        view.select(frozenset(within | view.selected if modifiers & (_SHIFT | _CTRL) else within))
        view.update()
