"""Drags of a clip's gain: its line, and the points of its envelope."""

from functools import partial

from PySide6.QtCore import QPointF, Qt

from audiostudio.timeline.editing import mixing
from audiostudio.timeline.editing.source import value_at
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Clip, Point, Track
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.clip_paint import envelope_decibels, envelope_y, wave_box
from audiostudio.ui.timeline.gestures.gesture import Change, Gesture
from audiostudio.ui.timeline.work import TimelineWork

LEAST, MOST = -36.0, 12.0
"""dB, as far as the line goes."""


class _Gain(Gesture):
    cursor = Qt.CursorShape.SizeVerCursor

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, track: Track, clip: Clip) -> None:
        super().__init__(work, canvas, place)
        self.label = work.tr("Clip gain")
        self._clip = clip
        self._box = wave_box(canvas.scene.box(clip, canvas.scene.rows(), track))

    def _moved(self, value: float, place: QPointF) -> float:
        """`value` dB, dragged to `place`; with Shift ten times finer."""
        way = place.y() - self.origin.y()
        fine = bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)
        y = envelope_y(self._box, value) + way * (0.1 if fine else 1.0)
        return round(min(MOST, max(LEAST, envelope_decibels(self._box, y))), 1)

    def _set(self, points: list[Point]) -> Change:
        return partial(_with_envelope, self._clip.id, tuple(points))


class DragGain(_Gain):
    """The line: the gain of all selected clips; between two points of an envelope those two."""

    def change(self, place: QPointF) -> Change:
        if self._clip.envelope:
            return self._segment(place)
        value = self._moved(self._clip.gain, place)
        by = value - self._clip.gain
        ids = list(self.work.selected)
        self.hint = f"{value:+.1f} dB"
        return lambda project, timeline: mixing.change_gain(project, timeline, ids, by)

    def _segment(self, place: QPointF) -> Change:
        points = self._clip.envelope
        at = self.canvas.scene.scale.at(self.origin.x()) - self._clip.start
        before = value_at(points, at)
        by = self._moved(before, place) - before
        after = sum(point.at <= at for point in points)
        held = {max(0, after - 1), min(after, len(points) - 1)}
        moved = [
            point._replace(value=min(MOST, max(LEAST, point.value + by))) if number in held else point
            for number, point in enumerate(points)
        ]
        self.hint = f"{before + by:+.1f} dB"
        return self._set(moved)


class DragPoint(_Gain):
    """A point of the envelope, between its neighbours; `number` None: a new one where the drag began."""

    def __init__(
        self,
        work: TimelineWork,
        canvas: TimelineCanvas,
        place: QPointF,
        track: Track,
        clip: Clip,
        number: int | None = None,
    ) -> None:
        super().__init__(work, canvas, place, track, clip)
        self.label = work.tr("Gain point")
        points = list(clip.envelope)
        if number is None:
            at = min(max(0, canvas.scene.scale.at(place.x()) - clip.start), clip.duration)
            value = value_at(clip.envelope, at) if points else 0.0
            number = sum(point.at < at for point in points)
            points.insert(number, Point(at, value))
            self._done = self._set(points)
        self._points, self._number = points, number

    def change(self, place: QPointF) -> Change:
        before = self._points[self._number]
        least = self._points[self._number - 1].at + 1 if self._number else 0
        last = self._number == len(self._points) - 1
        most = self._clip.duration if last else self._points[self._number + 1].at - 1
        at = min(max(least, before.at + self.ticks(place)), most)
        value = self._moved(before.value, place)
        self.hint = f"{value:+.1f} dB"
        points = list(self._points)
        points[self._number] = Point(at, value)
        return self._set(points)


def remove_point(work: TimelineWork, clip: Clip, number: int) -> None:
    points = tuple([point for place, point in enumerate(clip.envelope) if place != number])
    work.edit(work.tr("Delete a gain point"), partial(_with_envelope, clip.id, points))


def _with_envelope(clip_id: str, points: tuple[Point, ...], project: Project, timeline: str) -> Project:
    return mixing.set_envelope(project, timeline, clip_id, points)
