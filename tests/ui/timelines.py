"""A window with a timeline in tests, and a hand that drags on it."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from audiostudio.timeline.editing import placing
from audiostudio.timeline.project import AssetReference, Media, Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Content, Track
from audiostudio.ui.main_window import MainWindow
from audiostudio.ui.timeline.panel import TimelinePanel
from audiostudio.ui.timeline.scale import Scale

SECOND = TICKS
MEDIA = Media("m", AssetReference("m", "", "m.wav"), 60 * 48_000, 48_000, 1, "Sea")
"""A minute; its file is not there."""
PIXELS = 60
"""A second's, in `show`."""
NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL, ALT = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def clip(name: str, start: float, end: float, first: float = 20.0, **fields: object) -> Clip:
    """A clip of `MEDIA`, in seconds."""
    samples = round((end - start) * 48_000)
    begin = round(first * 48_000)
    return placing.clip_of(MEDIA, round(start * TICKS), first=begin, last=begin + samples, name=name, **fields)


class Hand:
    """The mouse and the keyboard on the timeline of a window. Places are (track number, seconds)."""

    def __init__(self, window: MainWindow) -> None:
        panel = window.timeline_dock.panel
        assert isinstance(panel, TimelinePanel)
        self.window, self.panel, self.work = window, panel, panel.work
        self.canvas = panel.view.canvas

    def put(self, **tracks: list[Clip]) -> None:
        """Tracks of these names with these clips, and everything in sight."""

        def made(project: Project, timeline: str) -> Project:
            new = [Track(name, name, content=Content.SPEECH) for name in tracks]
            placed = [(name, one) for name, clips in tracks.items() for one in clips]
            return placing.place(project, timeline, placed, media=[MEDIA], tracks=new)

        assert self.work.edit("Put", made)
        self.show()

    def show(self, left: float = 0.0) -> None:
        self.canvas.set_scale(Scale(round(left * TICKS), TICKS / PIXELS))
        self.canvas.setFocus()

    def find(self, name: str) -> Clip:
        return next(one for one in self.work.document.clips() if one.name == name)

    def spans(self, track: int) -> list[tuple[str, float, float]]:
        """Name, start and end of each clip, in seconds."""
        return [
            (one.name, round(one.start / TICKS, 3), round(one.end / TICKS, 3))
            for one in self.work.document.tracks[track].clips
        ]

    def place(self, track: int, at: float, part: float = 0.6) -> QPointF:
        """`part` of the way down the track."""
        row = self.canvas.scene.rows().rows[track]
        return QPointF(self.canvas.scene.scale.x(at * TICKS), row.top + part * row.height)

    def click(self, track: int, at: float, keys: Qt.KeyboardModifier = NONE, part: float = 0.6) -> None:
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, keys, self.place(track, at, part).toPoint())

    def double_click(self, track: int, at: float, part: float = 0.6) -> None:
        QTest.mouseDClick(self.canvas, Qt.MouseButton.LeftButton, NONE, self.place(track, at, part).toPoint())

    def double_click_at(self, place: QPointF) -> None:
        QTest.mouseDClick(self.canvas, Qt.MouseButton.LeftButton, NONE, place.toPoint())

    @contextmanager
    def holding(self, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NONE) -> Iterator[None]:
        """Pressed at `start` and moved to `end`; let go of afterwards."""
        QTest.mousePress(self.canvas, Qt.MouseButton.LeftButton, keys, start.toPoint())
        for step in (0.5, 1.0):
            place = (start + (end - start) * step).toPoint()
            self.move(place, keys)
        yield
        QTest.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, keys, end.toPoint())

    def drag(self, start: QPointF, end: QPointF, keys: Qt.KeyboardModifier = NONE) -> None:
        with self.holding(start, end, keys):
            pass

    def slide(self, track: int, at: float, to: float, keys: Qt.KeyboardModifier = NONE, part: float = 0.6) -> None:
        """Along one track."""
        self.drag(self.place(track, at, part), self.place(track, to, part), keys)

    def key(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas, key, keys)

    def undo(self) -> None:
        self.window.commands.run("edit.undo")

    def move(self, place: QPoint, keys: Qt.KeyboardModifier) -> None:
        """As `QTest.mouseMove`, with keys held, which that cannot."""
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QMouseEvent
        from PySide6.QtWidgets import QApplication

        event = QMouseEvent(
            QEvent.Type.MouseMove,
            QPointF(place),
            QPointF(self.canvas.mapToGlobal(place)),
            Qt.MouseButton.NoButton,
            Qt.MouseButton.LeftButton,
            keys,
        )
        QApplication.sendEvent(self.canvas, event)
