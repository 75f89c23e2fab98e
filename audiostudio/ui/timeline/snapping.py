"""Where something that is dragged clicks into place."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from audiostudio.timeline.tracks import Tempo, Timeline
from audiostudio.ui.timeline.divisions import beats_apart

REACH = 8
"""Pixels."""


class Snap(NamedTuple):
    by: int
    """Ticks that were wanted, and what brings them to the place."""
    at: int | None
    """The place; None: nothing near."""


class Places(NamedTuple):
    """What there is to click to."""

    fixed: Sequence[int]
    """Ticks, in order."""
    tempo: Tempo | None = None
    beats: Sequence[int] = ()
    """Of the music on the timeline: ticks, in order."""

    def near(self, at: int, per_pixel: float) -> list[int]:
        """The nearest before and after `at`, and the nearest of the beats that are shown at a scale."""
        found = []
        for ordered in (self.fixed, self.beats):
            index = bisect_left(ordered, at)
            found += ordered[max(0, index - 1) : index + 1]
        if self.tempo is not None:
            apart = beats_apart(self.tempo, per_pixel)
            found.append(self.tempo.beat(round(self.tempo.number(at) / apart) * apart))
        return found


def places(timeline: Timeline, playhead: int, without: Collection[str] = (), beats: Sequence[int] = ()) -> Places:
    """Edges of clips but those of `without`, markers, the range, the playhead, the beginning, and beats: of the tempo,
    and of the music (`beats`, ticks in order)."""
    found = {0, playhead}
    for clip in timeline.clips():
        if clip.id not in without:
            found.update((clip.start, clip.end))
    for marker in timeline.markers:
        if marker.id not in without:
            found.update((marker.at, marker.at + marker.duration))
    if timeline.range is not None:
        found.update(timeline.range)
    return Places(sorted(found), timeline.tempo, beats)


def snapped(by: int, edges: Iterable[int], targets: Places, per_pixel: float) -> Snap:
    """The distance `by` that brings one of `edges` exactly to one of `targets`, where one is within `REACH`."""
    best, at = round(REACH * per_pixel) + 1, None
    for edge in edges:
        for target in targets.near(edge + by, per_pixel):
            away = target - (edge + by)
            if target >= 0 and abs(away) < abs(best):
                best, at = away, target
    return Snap(by, None) if at is None else Snap(by + best, at)
