"""Drags in a lane of automation."""

from functools import partial

from PySide6.QtCore import QPointF, Qt

from audiostudio.errors import NotFound
from audiostudio.timeline.editing import mixing
from audiostudio.timeline.project import Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Point
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.divisions import clock
from audiostudio.ui.timeline.gestures.gesture import Change, Gesture
from audiostudio.ui.timeline.lane_paint import lane_value, lane_y
from audiostudio.ui.timeline.motions import motion_of
from audiostudio.ui.timeline.rows import Lane
from audiostudio.ui.timeline.work import TimelineWork


class DragAutomation(Gesture):
    """A point, between its neighbours; `number` None: a new one where the drag began. Shift: ten times finer."""

    cursor = Qt.CursorShape.SizeAllCursor

    def __init__(
        self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, lane: Lane, number: int | None = None
    ) -> None:
        """Raises `RequestError` where the track is locked."""
        super().__init__(work, canvas, place)
        self.label = work.tr("Automation")
        motion = motion_of(lane.track.channel, lane.parameter)
        if motion is None:
            raise NotFound("That effect is no longer there.", "Undo brings it back.")
        self._lane, self._motion = lane, motion
        points = list(lane.track.channel.automated(lane.parameter))
        if number is None:
            at = max(0, canvas.scene.scale.at(place.x()))
            points = [point for point in points if point.at != at]
            number = sum(point.at < at for point in points)
            points.insert(number, Point(at, lane_value(lane, motion, place.y())))
            self._done = self._set(points)
        self._points, self._number = points, number
        self.at = points[number].at
        """Ticks: where the point is now."""
        self._set(points)(work.project, work.document.id)

    def change(self, place: QPointF) -> Change:
        before = self._points[self._number]
        least = self._points[self._number - 1].at + 1 if self._number else 0
        last = self._number == len(self._points) - 1
        at = max(least, before.at + self.snap(self.ticks(place), [before.at]))
        if not last:
            at = min(at, self._points[self._number + 1].at - 1)
        fine = bool(self.modifiers & Qt.KeyboardModifier.ShiftModifier)
        way = (place.y() - self.origin.y()) * (0.1 if fine else 1.0)
        value = lane_value(self._lane, self._motion, lane_y(self._lane, self._motion, before.value) + way)
        self.hint = f"{clock(at, TICKS // 100)}   {self._motion.words(value)}"
        points = list(self._points)
        points[self._number] = Point(at, value)
        self.at = at
        return self._set(points)

    def _set(self, points: list[Point]) -> Change:
        return partial(_with_points, self._lane, tuple(points))


def remove_automation_point(work: TimelineWork, lane: Lane, number: int) -> None:
    points = list(lane.track.channel.automated(lane.parameter))
    del points[number]
    work.edit(work.tr("Delete a point"), partial(_with_points, lane, tuple(points)))


def remove_automation(work: TimelineWork, track_id: str, parameter: str) -> None:
    """All of a parameter's points."""
    work.edit(
        work.tr("Take the automation away"),
        lambda project, timeline: mixing.set_automation(project, timeline, track_id, parameter, ()),
    )


def _with_points(lane: Lane, points: tuple[Point, ...], project: Project, timeline: str) -> Project:
    return mixing.set_automation(project, timeline, lane.track.id, lane.parameter, points)
