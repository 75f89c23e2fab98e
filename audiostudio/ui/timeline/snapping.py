"""Where something that is dragged clicks into place."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from audiostudio.timeline.tracks import Timeline

REACH = 8
"""Pixels."""


class Snap(NamedTuple):
    by: int
    """Ticks that were wanted, and what brings them to the place."""
    at: int | None
    """The place; None: nothing near."""


def places(timeline: Timeline, playhead: int, without: Collection[str] = ()) -> list[int]:
    """Edges of clips but those of `without`, markers, the range, the playhead and the beginning; in order."""
    found = {0, playhead}
    for clip in timeline.clips():
        if clip.id not in without:
            found.update((clip.start, clip.end))
    for marker in timeline.markers:
        found.update((marker.at, marker.at + marker.duration))
    if timeline.range is not None:
        found.update(timeline.range)
    return sorted(found)


def snapped(by: int, edges: Iterable[int], targets: Iterable[int], reach: int) -> Snap:
    """The distance `by` that brings one of `edges` exactly to one of `targets`, where one is within `reach` ticks."""
    known = list(targets)
    best, at = reach + 1, None
    for edge in edges:
        for target in known:
            away = target - (edge + by)
            if abs(away) < abs(best):
                best, at = away, target
    return Snap(by, None) if at is None else Snap(by + best, at)
