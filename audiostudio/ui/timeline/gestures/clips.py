"""Drags of clips: move, trim, roll, slip, slide, stretch, fades."""

from functools import partial

from PySide6.QtCore import QPointF, Qt

from audiostudio.timeline.editing import fading, placing, stretching, trimming
from audiostudio.timeline.project import Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Fade, Track
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.gestures.gesture import Change, Gesture
from audiostudio.ui.timeline.work import TimelineWork


class Move(Gesture):
    """All selected clips, along the time and to other tracks. Shift keeps the time; Alt, pressed meanwhile, lets them
    pass into those that they overlap, or cut them away where that is what they do."""

    cursor = Qt.CursorShape.ClosedHandCursor

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, track: Track) -> None:
        super().__init__(work, canvas, place)
        self.label = work.tr("Move clips")
        self._clips = work.selected_clips()
        self._from = [one.id for one in work.document.tracks].index(track.id)

    def change(self, place: QPointF) -> Change:
        ids = [clip.id for clip in self._clips]
        by = self.ticks(place)
        if self.modifiers & Qt.KeyboardModifier.ShiftModifier:
            by = 0
        first = min(clip.start for clip in self._clips)
        edges = [edge for clip in self._clips for edge in (clip.start, clip.end)]
        by = max(-first, self.snap(by, edges, ids))
        down = self._tracks(place)
        self.hint = self.say(by)
        mode = self._mode()
        return lambda project, timeline: placing.move(project, timeline, ids, by, down=down, mode=mode)

    def _mode(self) -> placing.Mode:
        if not self.modifiers & Qt.KeyboardModifier.AltModifier:
            return self.work.mode
        fading = self.work.mode == placing.Mode.CROSSFADE
        return placing.Mode.OVERWRITE if fading else placing.Mode.CROSSFADE

    def _tracks(self, place: QPointF) -> int:
        rows = self.canvas.scene.rows()
        row = rows.at(place.y())
        if row is None:
            return len(rows.rows) - 1 - self._from if place.y() > 0 else -self._from
        return rows.rows.index(row) - self._from


class Trim(Gesture):
    """One end of the clip, or of all selected ones. With rippling on what follows moves along."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(
        self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, clip: Clip, edge: trimming.Edge
    ) -> None:
        super().__init__(work, canvas, place)
        self.label = work.tr("Trim")
        self._clip, self._edge = clip, edge
        self._ids = list(work.selected) if clip.id in work.selected else [clip.id]
        self._ripple = work.rippling
        limits = partial(trimming.trim_limits, work.project, work.timeline.id, self._ids, edge)
        self._limits = limits(ripple=self._ripple)

    def change(self, place: QPointF) -> Change:
        at = self._clip.start if self._edge == trimming.Edge.START else self._clip.end
        by = self.snap(self.ticks(place), [at], [self._clip.id])
        by = min(max(by, self._limits.least), self._limits.most)
        self.hint = self.say(by)
        return lambda project, timeline: trimming.trim(
            project, timeline, self._ids, self._edge, by, ripple=self._ripple
        )


class Roll(Gesture):
    """The cut between two clips."""

    cursor = Qt.CursorShape.SplitHCursor

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, left: Clip, right: Clip) -> None:
        super().__init__(work, canvas, place)
        self.label = work.tr("Roll the cut")
        self._left, self._right = left, right
        self._limits = trimming.roll_limits(work.project, work.timeline.id, left.id, right.id)

    def change(self, place: QPointF) -> Change:
        by = self.snap(self.ticks(place), [self._right.start], [self._left.id, self._right.id])
        by = min(max(by, self._limits.least), self._limits.most)
        self.hint = self.say(by)
        return lambda project, timeline: trimming.roll(project, timeline, self._left.id, self._right.id, by)


class Slip(Gesture):
    """What clips play, under their edges."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF) -> None:
        super().__init__(work, canvas, place)
        self.label = work.tr("Slip")
        self._ids = list(work.selected)
        self._limits = trimming.slip_limits(work.project, work.timeline.id, self._ids)

    def change(self, place: QPointF) -> Change:
        by = min(max(-self.ticks(place), self._limits.least), self._limits.most)
        self.hint = self.say(by)
        return lambda project, timeline: trimming.slip(project, timeline, self._ids, by)


class Slide(Gesture):
    """A clip between its neighbours."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, clip: Clip) -> None:
        super().__init__(work, canvas, place)
        self.label = work.tr("Slide")
        self._clip = clip
        self._limits = trimming.slide_limits(work.project, work.timeline.id, clip.id)

    def change(self, place: QPointF) -> Change:
        by = self.snap(self.ticks(place), [self._clip.start, self._clip.end], [self._clip.id])
        by = min(max(by, self._limits.least), self._limits.most)
        self.hint = self.say(by)
        return lambda project, timeline: trimming.slide(project, timeline, self._clip.id, by)


class Stretch(Gesture):
    """The length of a clip, by playing it faster or slower."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(
        self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, clip: Clip, edge: trimming.Edge
    ) -> None:
        super().__init__(work, canvas, place)
        self.label = work.tr("Stretch")
        self._clip, self._edge = clip, edge

    def change(self, place: QPointF) -> Change:
        start = self._edge == trimming.Edge.START
        by = self.snap(self.ticks(place), [self._clip.start if start else self._clip.end], [self._clip.id])
        duration = max(1, self._clip.duration + (-by if start else by))
        ripple = self.work.rippling
        self.hint = f"{float(self._clip.duration / duration) * 100:.0f} %"
        return lambda project, timeline: stretching.stretch(
            project, timeline, self._clip.id, duration, self._edge, ripple=ripple
        )


class DragFade(Gesture):
    """The upper end of a fade, which keeps its shape. Over the edge into the clip that touches it: a crossfade."""

    cursor = Qt.CursorShape.SizeHorCursor

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, place: QPointF, clip: Clip, rising: bool) -> None:
        super().__init__(work, canvas, place)
        self._clip, self._rising = clip, rising
        self._before = clip.fade_in if rising else clip.fade_out
        track = work.document.track_of(clip.id)
        touching = (one for one in track.clips if (one.end == clip.start if rising else one.start == clip.end))
        self._neighbour = next(touching, None)

    def change(self, place: QPointF) -> Change:
        by = self.ticks(place)
        length = self._before.length + (by if self._rising else -by)
        if length < 0 and self._neighbour is not None:
            return self._crossfade(-2 * length)
        self.label = self.work.tr("Fade in") if self._rising else self.work.tr("Fade out")
        fade = Fade(min(max(0, length), self._clip.duration), self._before.shape)
        self.hint = f"{fade.length / TICKS:.2f} s"

        def faded(project: Project, timeline: str) -> Project:
            if self._rising:
                return fading.set_fades(project, timeline, [self._clip.id], fade_in=fade)
            return fading.set_fades(project, timeline, [self._clip.id], fade_out=fade)

        return faded

    def _crossfade(self, length: int) -> Change:
        self.label = self.work.tr("Crossfade")
        self.hint = f"{length / TICKS:.2f} s"
        assert self._neighbour is not None
        pair = (self._neighbour.id, self._clip.id) if self._rising else (self._clip.id, self._neighbour.id)
        return lambda project, timeline: fading.crossfade(project, timeline, *pair, length)
