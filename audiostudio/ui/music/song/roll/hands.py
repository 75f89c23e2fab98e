"""What the mouse does on the piano roll."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from audiostudio.ui.music.song.roll import notes
from audiostudio.ui.music.song.roll.notes import Chosen, Parts, Ref
from audiostudio.ui.music.song.roll.stage import KEYS, RULER

if TYPE_CHECKING:
    from audiostudio.ui.music.song.roll.canvas import RollCanvas

_EDGE = 6
"""Pixels of a note's ends that make it longer and shorter."""


class Grip(Protocol):
    """Something that is dragged."""

    step: str
    """What it is called once it is done: a key of `page.STEPS`."""

    def follow(self, place: QPointF, fine: bool) -> None:
        """The pointer is there; `fine`: without the grid."""
        ...


class _Held:
    """How it was when the drag began."""

    step = ""

    def __init__(self, canvas: "RollCanvas", place: QPointF) -> None:
        self.canvas, self.start = canvas, place
        self.parts: Parts = canvas.parts
        self.chosen: Chosen = canvas.chosen
        self.tick = canvas.stage.tick(place.x())

    def way(self, place: QPointF, anchor: int, fine: bool) -> int:
        """Ticks that something at `anchor` goes: it comes to the grid."""
        way = self.canvas.stage.tick(place.x()) - self.tick
        if fine or not self.canvas.grid.on:
            return round(way)
        if abs(way) * self.canvas.stage.scale < 3:
            return 0
        return self.canvas.grid.snap(anchor + way) - anchor


class Move(_Held):
    step = "move"

    def __init__(self, canvas: "RollCanvas", place: QPointF, ref: Ref) -> None:
        super().__init__(canvas, place)
        self._ref = ref
        self._pitch = canvas.stage.pitch(place.y())
        self._heard = ref.note.pitch

    def follow(self, place: QPointF, fine: bool) -> None:
        if not self.canvas.editable:
            return
        up = self.canvas.stage.pitch(place.y()) - self._pitch
        made = notes.moved(self.parts, self.chosen, self.way(place, self._ref.note.start, fine), up)
        self.canvas.preview(made)
        pitch = self._ref.note.pitch + up
        if pitch != self._heard and len(self.chosen) == 1 and made[1]:
            self._heard = pitch
            self.canvas.hear_wanted.emit(next(iter(made[1])))


class Stretch(_Held):
    step = "length"

    def __init__(self, canvas: "RollCanvas", place: QPointF, ref: Ref, end: bool) -> None:
        super().__init__(canvas, place)
        self._ref, self._end = ref, end

    def follow(self, place: QPointF, fine: bool) -> None:
        if not self.canvas.editable:
            return
        note = self._ref.note
        anchor = note.start + note.length if self._end else note.start
        change = notes.lengthened if self._end else notes.begun
        self.canvas.preview(change(self.parts, self.chosen, self.way(place, anchor, fine)))


class Band(_Held):
    """A rubber band chooses what it touches."""

    step = "choose"

    def __init__(self, canvas: "RollCanvas", place: QPointF, more: bool) -> None:
        super().__init__(canvas, place)
        self._kept = canvas.chosen if more else notes.NONE
        canvas.choose(self._kept)

    def follow(self, place: QPointF, fine: bool) -> None:
        canvas, stage = self.canvas, self.canvas.stage
        canvas.band = QRectF(self.start, place).normalized()
        low, high = stage.pitch(canvas.band.bottom()), stage.pitch(canvas.band.top())
        first, last = stage.tick(canvas.band.left()), stage.tick(canvas.band.right())
        found = {
            Ref(canvas.part, note)
            for note in (canvas.between(canvas.part, first, last) if canvas.parts else ())
            if low <= note.pitch <= high and note.start + note.length > first
        }
        canvas.chosen = self._kept | found
        canvas.viewport().update()


class Draw(_Held):
    step = "draw"

    def __init__(self, canvas: "RollCanvas", place: QPointF) -> None:
        super().__init__(canvas, place)
        self._at = max(0, canvas.grid.floor(self.tick))
        self._pitch = canvas.stage.pitch(place.y())
        self._put(canvas.grid.ticks)
        if self.canvas.chosen:
            canvas.hear_wanted.emit(next(iter(canvas.chosen)))

    def follow(self, place: QPointF, fine: bool) -> None:
        end = self.canvas.grid.snap(self.canvas.stage.tick(place.x()), fine)
        self._put(max(notes.SHORTEST if fine else self.canvas.grid.ticks, end - self._at))

    def _put(self, length: int) -> None:
        self.canvas.preview(notes.drawn(self.parts, self.canvas.part, self._at, length, self._pitch))


class Seek(_Held):
    """In the ruler: from there it is heard."""

    step = "seek"

    def __init__(self, canvas: "RollCanvas", place: QPointF) -> None:
        super().__init__(canvas, place)
        self.follow(place, False)

    def follow(self, place: QPointF, fine: bool) -> None:
        self.canvas.sought.emit(max(0.0, self.canvas.stage.tick(max(KEYS, place.x()))))


def press(canvas: "RollCanvas", event: QMouseEvent) -> Grip | None:
    place, held = event.position(), event.modifiers()
    more = bool(held & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))
    if place.y() < RULER:
        return Seek(canvas, place) if place.x() >= KEYS else None
    if place.x() < KEYS:
        return None
    ref = canvas.note_at(place)
    if ref is None:
        drawing = canvas.tool == "draw" or bool(held & Qt.KeyboardModifier.AltModifier)
        return draw(canvas, place) if drawing else Band(canvas, place, more)
    if more:
        canvas.choose(canvas.chosen ^ {ref})
        return None
    if ref not in canvas.chosen:
        canvas.choose(frozenset({ref}), hear=True)
    elif len(canvas.chosen) == 1:
        canvas.hear_wanted.emit(ref)
    edge = _edge(canvas, ref, place)
    return Stretch(canvas, place, ref, edge == "end") if edge else Move(canvas, place, ref)


def draw(canvas: "RollCanvas", place: QPointF) -> Grip | None:
    """A note more, as long as it is dragged."""
    return Draw(canvas, place) if canvas.editable and canvas.parts else None


def cursor(canvas: "RollCanvas", place: QPointF) -> Qt.CursorShape:
    if place.y() < RULER or place.x() < KEYS:
        return Qt.CursorShape.ArrowCursor
    ref = canvas.note_at(place)
    if ref is None or not canvas.editable:
        return Qt.CursorShape.ArrowCursor
    return Qt.CursorShape.SizeHorCursor if _edge(canvas, ref, place) else Qt.CursorShape.OpenHandCursor


def _edge(canvas: "RollCanvas", ref: Ref, place: QPointF) -> str:
    left, right = canvas.stage.x(ref.note.start), canvas.stage.x(ref.note.start + ref.note.length)
    reach = min(_EDGE, (right - left) / 3)
    return "end" if right - place.x() <= reach else "start" if place.x() - left <= reach else ""
