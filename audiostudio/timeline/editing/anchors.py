"""What is anchored to a line of the script moves with the line's first clip; an edit that puts it somewhere itself
moves its anchor instead."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from audiostudio.timeline.editing import source
from audiostudio.timeline.tracks import Anchor, Clip, Marker, Timeline, Track


def line_starts(tracks: Iterable[Track]) -> dict[str, int]:
    """Where the first clip of each line begins, in ticks."""
    return {line: clip.start for line, clip in _first_clips(tracks).items()}


def follow_anchors(before: Timeline, after: Timeline, placed: Collection[str]) -> Timeline:
    """`after` with everything anchored at its line. A clip that finds no room there stays, and is anchored anew."""
    clips = any(clip.anchor is not None for clip in after.clips())
    if not clips and not any(marker.anchor is not None for marker in after.markers):
        return after
    lines = _lines(before, after)
    markers = tuple([_marker(marker, lines, placed) for marker in after.markers])
    if markers != after.markers:
        after = replace(after, markers=markers)
    if not clips:
        return after
    return replace(after, tracks=tuple([_track(track, lines, placed) for track in after.tracks]))


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where lines are. A copy of a line's clip before it does not draw there what is anchored to the line, nor does
    what is left of the line when its first clip goes."""

    now: dict[str, int]
    """Of the first clip of each."""
    followed: dict[str, int]
    """Of the clip that was the first one before the edit, or is the first one ever."""

    def place(self, anchor: Anchor, at: int) -> int:
        """Where what is anchored belongs, that is at `at`."""
        return self.followed[anchor.line] + anchor.offset if anchor.line in self.followed else at

    def anchor_at(self, anchor: Anchor, at: int) -> Anchor:
        return Anchor(anchor.line, at - self.now[anchor.line]) if anchor.line in self.now else anchor


def _lines(before: Timeline, after: Timeline) -> _Lines:
    was = {clip.id: line for line, clip in _first_clips(before.tracks).items()}
    now = line_starts(after.tracks)
    known = set(was.values())
    new = {line: start for line, start in now.items() if line not in known}
    return _Lines(now, new | {was[clip.id]: clip.start for clip in after.clips() if clip.id in was})


def _first_clips(tracks: Iterable[Track]) -> dict[str, Clip]:
    found: dict[str, Clip] = {}
    for track in tracks:
        for clip in track.clips:
            if clip.line is not None and (clip.line not in found or clip.start < found[clip.line].start):
                found[clip.line] = clip
    return found


def _marker(marker: Marker, lines: _Lines, placed: Collection[str]) -> Marker:
    if marker.anchor is None:
        return marker
    at = marker.at if marker.id in placed else lines.place(marker.anchor, marker.at)
    at = at if at >= 0 else marker.at
    anchor = lines.anchor_at(marker.anchor, at)
    return marker if (at, anchor) == (marker.at, marker.anchor) else replace(marker, at=at, anchor=anchor)


def _track(track: Track, lines: _Lines, placed: Collection[str]) -> Track:
    """Clips that go later are moved last first, those that go earlier first first: so they do not bar each other."""
    if track.locked or not any(clip.anchor is not None for clip in track.clips):
        return track
    clips = list(track.clips)
    wanted = [_target(clip, lines, placed) for clip in clips]
    for index in sorted(range(len(clips)), key=lambda i: -i if wanted[i] > clips[i].start else i - len(clips)):
        clip, at = clips[index], wanted[index]
        if at != clip.start:
            lower = clips[index - 1].end if index else 0
            upper = clips[index + 1].start if index + 1 < len(clips) else at + clip.duration
            if lower <= at and at + clip.duration <= upper:
                clips[index] = clip = source.moved(clip, at - clip.start)
        clips[index] = _anchored_here(clip, lines)
    return track if all(a is b for a, b in zip(clips, track.clips, strict=True)) else replace(track, clips=tuple(clips))


def _target(clip: Clip, lines: _Lines, placed: Collection[str]) -> int:
    if clip.anchor is None or clip.line is not None or clip.id in placed:
        return clip.start
    return lines.place(clip.anchor, clip.start)


def _anchored_here(clip: Clip, lines: _Lines) -> Clip:
    if clip.anchor is None or clip.line is not None:
        return clip
    here = lines.anchor_at(clip.anchor, clip.start)
    return clip if here == clip.anchor else replace(clip, anchor=here)
