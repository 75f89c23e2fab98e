"""One drag from press to release."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent

from audiostudio.timeline.project import Project
from audiostudio.timeline.time import TICKS
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.snapping import Places, places, snapped
from audiostudio.ui.timeline.work import TimelineWork

Change = Callable[[Project, str], Project]


class Gesture:
    """Subclasses say in `change` what the drag so far would do to the document."""

    label = ""
    cursor = Qt.CursorShape.ArrowCursor

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF) -> None:
        self.work, self.canvas, self.origin = work, canvas, place
        self.modifiers = Qt.KeyboardModifier.NoModifier
        self._targets: Places | None = None
        self._done: Change | None = None
        self.hint = ""
        """What is said beside the pointer."""
        self.place = place
        """Of the pointer."""

    def move(self, event: QMouseEvent) -> None:
        """Show what would be. A place where it cannot be leaves the last one that could."""
        self.modifiers, self.place = event.modifiers(), event.position()
        self.follow()

    def follow(self) -> None:
        """As `move`, to where the pointer is already: what is under it was scrolled."""
        change = self.change(self.place)
        if change is not None and self.work.preview(change):
            self._done = change

    def finish(self) -> None:
        change = self._done
        self.end()
        if change is not None:
            self.work.edit(self.label, change)

    def cancel(self) -> None:
        self.end()

    def end(self) -> None:
        """Nothing is shown any more but the document."""
        self.canvas.scene.snap = None
        self.work.preview(None)

    def change(self, place: QPointF) -> Change | None:
        """None: nothing, or nothing new."""
        raise NotImplementedError

    def scrolled(self, x: float, y: float) -> None:
        """The tracks were scrolled by so many pixels."""
        self.origin -= QPointF(x, y)

    def ticks(self, place: QPointF) -> int:
        """How far it was dragged along the time, in whole samples."""
        sample = TICKS // self.work.document.sample_rate
        return round((place.x() - self.origin.x()) * self.canvas.scene.scale.per_pixel / sample) * sample

    def snap(self, by: int, edges: Iterable[int], without: Iterable[str] = ()) -> int:
        """`by`, changed a little where one of `edges` comes near something; not while Ctrl is held."""
        free = bool(self.modifiers & Qt.KeyboardModifier.ControlModifier)
        if self.work.snapping == free:
            self.canvas.scene.snap = None
            return by
        if self._targets is None:
            left_out = frozenset(without)
            beats = self.work.beat_places(left_out)
            self._targets = places(self.work.document, self.work.playhead, left_out, beats)
        found = snapped(by, edges, self._targets, self.canvas.scene.scale.per_pixel)
        self.canvas.scene.snap = found.at
        return found.by

    def say(self, ticks: int) -> str:
        """A distance, as the hint beside the pointer has it."""
        return f"{'+' if ticks >= 0 else '−'}{abs(ticks) / TICKS:.3f} s"
