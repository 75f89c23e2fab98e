"""What is anchored to a line of the script moves with the line's first clip; an edit that puts it somewhere itself
moves its anchor instead."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from audiostudio.timeline.editing import source
from audiostudio.timeline.tracks import Anchor, Clip, Marker, Timeline, Track


def line_starts(tracks: Iterable[Track]) -> dict[str, int]:
    """Where the first clip of each line begins, in ticks."""
    starts: dict[str, int] = {}
    for track in tracks:
        for clip in track.clips:
            if clip.line is not None and clip.start < starts.get(clip.line, clip.start + 1):
                starts[clip.line] = clip.start
    return starts


def follow_anchors(before: Timeline, after: Timeline, placed: Collection[str]) -> Timeline:
    """`after` with everything anchored at its line. A clip that finds no room there stays, and is anchored anew."""
    clips = any(clip.anchor is not None for clip in after.clips())
    if not clips and not any(marker.anchor is not None for marker in after.markers):
        return after
    starts = line_starts(after.tracks)
    markers = tuple([_marker(marker, starts, placed) for marker in after.markers])
    if markers != after.markers:
        after = replace(after, markers=markers)
    if not clips:
        return after
    return replace(after, tracks=tuple([_track(track, starts, placed) for track in after.tracks]))


def _marker(marker: Marker, starts: Mapping[str, int], placed: Collection[str]) -> Marker:
    anchor = marker.anchor
    if anchor is None or anchor.line not in starts:
        return marker
    at = starts[anchor.line] + anchor.offset
    if at == marker.at:
        return marker
    if marker.id in placed or at < 0:
        return replace(marker, anchor=Anchor(anchor.line, marker.at - starts[anchor.line]))
    return replace(marker, at=at)


def _track(track: Track, starts: Mapping[str, int], placed: Collection[str]) -> Track:
    """Clips that go later are moved last first, those that go earlier first first: so they do not bar each other."""
    if track.locked or not any(clip.anchor is not None for clip in track.clips):
        return track
    clips = list(track.clips)
    wanted = [_target(clip, starts, placed) for clip in clips]
    for index in sorted(range(len(clips)), key=lambda i: -i if wanted[i] > clips[i].start else i - len(clips)):
        clip, at = clips[index], wanted[index]
        if at != clip.start:
            lower = clips[index - 1].end if index else 0
            upper = clips[index + 1].start if index + 1 < len(clips) else at + clip.duration
            if lower <= at and at + clip.duration <= upper:
                clips[index] = clip = source.moved(clip, at - clip.start)
        clips[index] = _anchored_here(clip, starts)
    return track if all(a is b for a, b in zip(clips, track.clips, strict=True)) else replace(track, clips=tuple(clips))


def _target(clip: Clip, starts: Mapping[str, int], placed: Collection[str]) -> int:
    if clip.anchor is None or clip.line is not None or clip.id in placed or clip.anchor.line not in starts:
        return clip.start
    return starts[clip.anchor.line] + clip.anchor.offset


def _anchored_here(clip: Clip, starts: Mapping[str, int]) -> Clip:
    anchor = clip.anchor
    if anchor is None or clip.line is not None or anchor.line not in starts:
        return clip
    here = Anchor(anchor.line, clip.start - starts[anchor.line])
    return clip if here == anchor else replace(clip, anchor=here)
