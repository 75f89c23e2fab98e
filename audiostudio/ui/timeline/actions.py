"""What can be done to the timeline, by keys and menus alike: with what is selected, at the playhead."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from audiostudio.errors import RequestError
from audiostudio.timeline.editing import (
    arranging,
    clipboard,
    fading,
    marking,
    mixing,
    placing,
    removing,
    stretching,
    trimming,
)
from audiostudio.timeline.project import Project, new_id
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Content, Fade, Marker, Range, Tempo, Track
from audiostudio.ui.timeline.work import TimelineWork

FRAGMENT = "application/x-audiostudio-clips"
"""What clips on the clipboard are."""
Edit = Callable[[Project, str], Project]


class Actions(QObject):
    def __init__(self, work: TimelineWork) -> None:
        super().__init__(work)
        self.work = work

    # Clips

    def split(self, at: int | None = None) -> None:
        """At the playhead: the selected clips that lie there, else all of them."""
        place = self.work.playhead if at is None else at
        chosen = [clip.id for clip in self.work.selected_clips() if clip.start < place < clip.end]
        self._edit(self.tr("Split"), lambda p, t: trimming.split(p, t, place, chosen or None))

    def delete(self, *, ripple: bool = False) -> None:
        """What is selected, else what lies between the in and the out point."""
        ids, range_ = list(self.work.selected), self.work.document.range
        if ids:
            self._edit(self.tr("Delete"), lambda p, t: removing.remove(p, t, ids, ripple=ripple))
        elif range_ is not None:
            self._edit(self.tr("Delete the range"), lambda p, t: removing.remove_ranges(p, t, [range_], ripple=ripple))

    def copy(self) -> bool:
        try:
            found = clipboard.copy(self.work.project, self.work.document.id, self.work.selected)
        except RequestError:
            return False
        data = QMimeData()
        data.setData(FRAGMENT, found.to_text().encode())
        QGuiApplication.clipboard().setMimeData(data)
        return True

    def cut(self) -> None:
        ids = list(self.work.selected)
        if self.copy():
            self._edit(self.tr("Cut"), lambda p, t: clipboard.cut(p, t, ids, ripple=self.work.rippling))

    def can_paste(self) -> bool:
        held = QGuiApplication.clipboard().mimeData()
        return held is not None and held.hasFormat(FRAGMENT)  # some systems have nothing at all there

    def paste(self, *, insert: bool = False, at: int | None = None, track: str | None = None) -> None:
        """At the playhead; what is there is cut away, or makes room."""
        if not self.can_paste():
            return
        text = bytes(QGuiApplication.clipboard().mimeData().data(FRAGMENT).data()).decode(errors="replace")
        place = self.work.playhead if at is None else at
        mode = placing.Mode.INSERT if insert else self.work.mode
        before = _ids(self.work)

        def pasted(project: Project, timeline: str) -> Project:
            return clipboard.paste(project, timeline, clipboard.Fragment.from_text(text), place, track, mode)

        if self._edit(self.tr("Paste"), pasted):
            self._select_new(before)
            self.work.seek(max(clip.end for clip in self.work.selected_clips()))

    def duplicate(self) -> None:
        before = _ids(self.work)
        if self._on_clips(self.tr("Duplicate"), lambda p, t, ids: placing.duplicate(p, t, ids, self.work.mode)):
            self._select_new(before)

    def nudge(self, frames: int) -> None:
        by = frames * self.work.document.frame_rate.ticks
        label = self.tr("Nudge")
        self._on_clips(label, lambda p, t, ids: placing.nudge(p, t, ids, by), f"nudge {sorted(self.work.selected)}")

    def change_gain(self, by: float) -> None:
        key = f"gain {sorted(self.work.selected)}"
        self._on_clips(self.tr("Clip gain"), lambda p, t, ids: mixing.change_gain(p, t, ids, by), key)

    def toggle_mute(self) -> None:
        mute = not all(clip.muted for clip in self.work.selected_clips())
        label = self.tr("Mute clips") if mute else self.tr("Unmute clips")
        self._on_clips(label, lambda p, t, ids: mixing.set_muted(p, t, ids, mute))

    def group(self) -> None:
        self._on_clips(self.tr("Group"), arranging.group)

    def ungroup(self) -> None:
        self._on_clips(self.tr("Ungroup"), arranging.ungroup)

    def join(self) -> None:
        self._on_clips(self.tr("Join"), trimming.join)

    def crossfade(self) -> None:
        """At every cut between selected clips; of one clip: at both of its ends."""
        ids = list(self.work.selected)
        if len(ids) == 1:
            clips = self.work.document.track_of(ids[0]).clips
            clip = next(one for one in clips if one.id == ids[0])
            ids = [one.id for one in clips if clip.start <= one.end and one.start <= clip.end]
        if ids:
            self._edit(self.tr("Crossfade"), lambda p, t: fading.crossfade_all(p, t, ids))

    def set_fade(self, *, rising: bool, shape: str | None = None, length: int | None = None) -> None:
        """The shape or the length of selected clips' fades."""
        clips = self.work.selected_clips()

        def faded(project: Project, timeline: str) -> Project:
            for clip in clips:
                before = clip.fade_in if rising else clip.fade_out
                long = before.length if length is None else length
                fade = Fade(long or min(TICKS // 2, clip.duration // 2), before.shape if shape is None else shape)
                fade = Fade(0, fade.shape) if length == 0 else fade
                if rising:
                    project = fading.set_fades(project, timeline, [clip.id], fade_in=fade)
                else:
                    project = fading.set_fades(project, timeline, [clip.id], fade_out=fade)
            return project

        if clips:
            self._edit(self.tr("Fade in") if rising else self.tr("Fade out"), faded)

    def set_speed(self, speed: float) -> None:
        ripple = self.work.rippling
        self._on_clips(self.tr("Speed"), lambda p, t, ids: stretching.set_speed(p, t, ids, speed, ripple=ripple))

    def colour(self, name: str | None) -> None:
        self._on_clips(self.tr("Colour"), lambda p, t, ids: arranging.colour_clips(p, t, ids, name))

    def rename(self, clip_id: str, name: str) -> None:
        self._edit(self.tr("Rename"), lambda p, t: arranging.rename_clip(p, t, clip_id, name))

    def trim(self, edge: trimming.Edge) -> None:
        """The end of selected clips, else of all that lie there, to the playhead."""
        at = self.work.playhead
        there = [clip for clip in self.work.selected_clips() or self._open_clips() if clip.start < at < clip.end]
        if there:
            ids, ripple = [clip.id for clip in there], self.work.rippling
            self._edit(self.tr("Trim"), lambda p, t: trimming.trim_to(p, t, ids, edge, at, ripple=ripple))

    def select_all(self) -> None:
        self.work.select(clip.id for clip in self._open_clips())

    def select_from(self, at: int, track_id: str | None = None) -> None:
        """Everything that ends after `at`, on one track or on all."""
        tracks = [track for track in self.work.document.tracks if track_id in (None, track.id)]
        self.work.select(clip.id for track in tracks for clip in track.clips if clip.end > at)

    # Gaps and tracks

    def close_gap(self, track_id: str, at: int) -> None:
        self._edit(self.tr("Close the gap"), lambda p, t: removing.close_gap(p, t, track_id, at))

    def close_gaps(self, track_id: str) -> None:
        self._edit(self.tr("Close all gaps"), lambda p, t: removing.close_gaps(p, t, [track_id]))

    def add_track(self, name: str, content: Content, index: int | None = None) -> None:
        track = Track(new_id(), name, content=content)
        self._edit(self.tr("Add a track"), lambda p, t: arranging.add_track(p, t, track, index))

    def remove_track(self, track_id: str) -> None:
        self._edit(self.tr("Delete the track"), lambda p, t: arranging.remove_track(p, t, track_id))

    # Places

    def add_marker(self, at: int | None = None) -> Marker | None:
        marker = Marker(new_id(), self.work.playhead if at is None else max(0, at))
        done = self._edit(self.tr("Add a marker"), lambda p, t: marking.add_marker(p, t, marker))
        return marker if done else None

    def set_marker(self, marker: Marker, merge: str | None = None) -> None:
        self._edit(self.tr("Change the marker"), lambda p, t: marking.set_marker(p, t, marker), merge)

    def remove_marker(self, marker_id: str) -> None:
        self._edit(self.tr("Delete the marker"), lambda p, t: marking.remove_markers(p, t, [marker_id]))

    def anchor(self, item_id: str, line: str | None) -> None:
        self._edit(self.tr("Move with a line"), lambda p, t: marking.anchor(p, t, item_id, line))

    def set_in(self, at: int | None = None) -> None:
        start = self.work.playhead if at is None else at
        range_ = self.work.document.range
        end = range_.end if range_ is not None and range_.end > start else max(self.work.document.end, start + TICKS)
        self.set_range(Range(start, end))

    def set_out(self, at: int | None = None) -> None:
        end = self.work.playhead if at is None else at
        range_ = self.work.document.range
        if end > 0:
            self.set_range(Range(range_.start if range_ is not None and range_.start < end else 0, end))

    def set_range(self, range_: Range | None, merge: str | None = None) -> None:
        self._edit(self.tr("In and out points"), lambda p, t: marking.set_range(p, t, range_), merge)

    def set_tempo(self, tempo: Tempo | None) -> bool:
        label = self.tr("No beats") if tempo is None else self.tr("Tempo")
        return self._edit(label, lambda p, t: marking.set_tempo(p, t, tempo))

    def step(self, frames: int) -> None:
        """The playhead by frames, on a frame."""
        length = self.work.document.frame_rate.ticks
        now = self.work.playhead
        number = now // length if frames > 0 else -(-now // length)
        self.work.seek((number + frames) * length)

    def step_seconds(self, seconds: int) -> None:
        """As `step`, by the frames that are nearest to seconds."""
        rate = self.work.document.frame_rate
        self.step(seconds * round(rate.numerator / rate.denominator))

    def jump(self, direction: int) -> None:
        """The playhead to the next edge of a clip, or the one before."""
        self._go(direction, {0} | {edge for clip in self.work.document.clips() for edge in (clip.start, clip.end)})

    def jump_marker(self, direction: int) -> None:
        self._go(direction, {marker.at for marker in self.work.document.markers})

    def _go(self, direction: int, places: Iterable[int]) -> None:
        now = self.work.playhead
        if direction > 0:
            target = min((place for place in places if place > now), default=None)
        else:
            target = max((place for place in places if place < now), default=None)
        if target is not None:
            self.work.seek(target)

    def _open_clips(self) -> list[Clip]:
        return [clip for track in self.work.document.tracks if not track.locked for clip in track.clips]

    def _on_clips(
        self, label: str, change: Callable[[Project, str, list[str]], Project], merge: str | None = None
    ) -> bool:
        ids = [clip.id for clip in self.work.selected_clips()]
        return bool(ids) and self._edit(label, lambda p, t: change(p, t, ids), merge)

    def _edit(self, label: str, change: Edit, merge: str | None = None) -> bool:
        return self.work.edit(label, change, merge)

    def _select_new(self, before: frozenset[str]) -> None:
        self.work.select(_ids(self.work) - before)


def _ids(work: TimelineWork) -> frozenset[str]:
    return frozenset(clip.id for clip in work.document.clips())
