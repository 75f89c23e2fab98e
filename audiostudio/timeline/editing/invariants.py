"""What is true of every timeline after an edit, in one place:

- clips of a track are in order and never overlap; they begin at 0 or later and last at least one tick;
- a clip plays nothing that its medium does not have, at 0.25 to 4 times its speed;
- fades are no longer than their clip; transitions lie between clips that touch, within what both media have;
- a group has at least two clips; what is anchored to a line of the script moves with it;
- the clips, transitions and automation of a locked track stay as they are.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import pairwise
from operator import add, attrgetter, ge, gt, is_

from audiostudio.errors import NotFound, RequestError
from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.anchors import follow_anchors
from audiostudio.timeline.project import Media
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Fade, Marker, Range, Timeline, Track, Transition

LAST_MOMENT = 360_000 * TICKS
"""100 hours: nothing ends later."""
LOUDEST = 60.0
"""dB either way that a clip or a channel may be set to; below −60 a gain may go on to −150, which is silence."""
SILENCE = -150.0
FASTEST_SAMPLES = 768_000
"""In a second."""
HIGHEST_PITCH = 24.0
"""Semitones either way."""

_START, _DURATION = attrgetter("start"), attrgetter("duration")
_CHECKED = attrgetter(
    "media", "duration", "source_start", "source_length", "gain", "pitch", "fade_in", "fade_out", "envelope"
)
"""What `_clip` looks at."""


def settled(before: Timeline, after: Timeline, media: Mapping[str, Media], placed: Collection[str]) -> Timeline:
    """`after` as a timeline may be. `placed`: ids of clips and markers that the edit itself put somewhere.

    Raises `RequestError` when it cannot be made so.
    """
    known = {track.id: track for track in before.tracks}
    after = replace(after, tracks=tuple([_in_order(known.get(track.id), track) for track in after.tracks]))
    after = follow_anchors(before, after, placed)
    tracks = tuple([_track(known.get(track.id), track, media) for track in after.tracks])
    return replace(
        after,
        tracks=_without_lone_groups(known, tracks),
        markers=_markers(before, after.markers),
        range=_range(after.range),
    )


def clock(at: int) -> str:
    """A place as messages name it: `0:01:02.345`."""
    milliseconds = (abs(at) * 1000 + TICKS // 2) // TICKS
    hours, rest = divmod(milliseconds, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{'−' if at < 0 else ''}{hours}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"


def gain(decibels: float) -> float:
    """Raises `RequestError` where it is none."""
    return _within(decibels, SILENCE, LOUDEST, "A gain", "dB")


def pan(value: float) -> float:
    return _within(value, -1.0, 1.0, "Pan", "(left to right)")


def finite(value: float) -> float:
    return _within(value, -1e12, 1e12, "A setting", "")


def medium(media: Media) -> Media:
    """Raises `RequestError` for what no file can be: a fragment or a plug-in may say anything."""
    if not (media.samples >= 0 and 0 <= media.sample_rate <= FASTEST_SAMPLES and media.channels >= 0):
        raise RequestError(f"“{media.name}” is not described as a sound or a picture can be.", "Import the file again.")
    return media


def _within(value: float, low: float, high: float, what: str, unit: str) -> float:
    if not (math.isfinite(value) and low <= value <= high):
        raise RequestError(f"{what} lies between {low:g} and {high:g} {unit}".strip() + ".", "Give another number.")
    return value


def fades(fade_in: Fade, fade_out: Fade, duration: int) -> tuple[Fade, Fade]:
    """No longer than the clip, together; the fade out gives way."""
    first = min(max(fade_in.length, 0), duration)
    second = min(max(fade_out.length, 0), duration - first)
    return (
        fade_in if fade_in.length == first else fade_in._replace(length=first),
        fade_out if fade_out.length == second else fade_out._replace(length=second),
    )


def _in_order(before: Track | None, track: Track) -> Track:
    """The track with its clips in order; the one there was, where nothing changed. Clips must not overlap."""
    clips = track.clips
    if before is not None and clips is not before.clips:
        same = len(clips) == len(before.clips) and all(map(is_, clips, before.clips))
        clips = before.clips if same else clips
    if before is None or clips is not before.clips:
        starts = list(map(_START, clips))
        if any(map(gt, starts, starts[1:])):
            clips = tuple(sorted(clips, key=_START))
            starts = list(map(_START, clips))
        ends = list(map(add, starts, map(_DURATION, clips)))
        if any(map(gt, ends, starts[1:])):
            at = next(start for end, start in zip(ends, starts[1:], strict=False) if end > start)
            raise RequestError(
                f"On the track “{track.name}” two clips would lie on each other at {clock(at)}.",
                "Make room there first.",
            )
    track = track if clips is track.clips else replace(track, clips=clips)
    return before if before is not None and track == before else track


def _track(before: Track | None, track: Track, media: Mapping[str, Media]) -> Track:
    if before is not None and track is before:
        return track
    if before is not None and before.locked and track.locked and _held(track) != _held(before):
        raise RequestError(f"The track “{track.name}” is locked.", "Unlock it first.")
    old = {clip.id: clip for clip in before.clips} if before is not None else {}
    clips = tuple([clip if _known(old.get(clip.id), clip) else _clip(clip, media) for clip in track.clips])
    if clips:
        _placed(clips[0], media)
        _placed(clips[-1], media)
    return replace(track, clips=clips, transitions=possible(track.transitions, clips, media))


def _held(track: Track) -> tuple[object, ...]:
    return track.clips, track.transitions, track.channel.automation


def _medium(clip: Clip, media: Mapping[str, Media]) -> Media:
    try:
        return media[clip.media]
    except KeyError:
        raise NotFound(f"The project has no medium for the clip at {clock(clip.start)}.", "Import it.") from None


def _known(before: Clip | None, clip: Clip) -> bool:
    """Whether the clip was checked before; where it is now is looked at elsewhere."""
    return before is clip or (before is not None and _CHECKED(before) == _CHECKED(clip))


def _placed(clip: Clip, media: Mapping[str, Media]) -> None:
    """The first and the last clip of a track lie on the timeline; so do those between them."""
    if clip.start < 0:
        raise RequestError(f"“{_name(clip, media)}” would begin before the timeline does.", "Move it less far.")
    if clip.end > LAST_MOMENT:
        raise RequestError(
            f"“{_name(clip, media)}” would end after {clock(LAST_MOMENT)}.", "A timeline is no longer than that."
        )


def _name(clip: Clip, media: Mapping[str, Media]) -> str:
    return clip.name or _medium(clip, media).name or "The clip"


def _clip(clip: Clip, known: Mapping[str, Media]) -> Clip:
    media = _medium(clip, known)
    name = _name(clip, known)
    if clip.duration < 1 or clip.source_length < 1:
        raise RequestError(f"Nothing would be left of “{name}” at {clock(clip.start)}.", "Delete it instead.")
    if not source.is_still(media):
        if clip.source_start < 0 or clip.source_start + clip.source_length > media.samples:
            raise RequestError(
                f"“{media.name or name}” has no more sound {'before' if clip.source_start < 0 else 'after'} that.",
                "Drag less far.",
            )
        if source.is_stretched(clip, media) and not _playable(clip, media):
            raise RequestError(
                f"“{name}” would have to play at {float(clip.speed(media.sample_rate)):.2f} times its speed.",
                f"Between {source.SLOWEST:g} and {source.FASTEST:g} is possible.",
            )
    gain(clip.gain)
    _within(clip.pitch, -HIGHEST_PITCH, HIGHEST_PITCH, "A pitch", "semitones")
    fade_in, fade_out = fades(clip.fade_in, clip.fade_out, clip.duration)
    times = [point.at for point in clip.envelope]
    if any(map(ge, times, times[1:])):
        clip = replace(clip, envelope=tuple(sorted({point.at: point for point in clip.envelope}.values())))
    if fade_in is clip.fade_in and fade_out is clip.fade_out:
        return clip
    return replace(clip, fade_in=fade_in, fade_out=fade_out)


def _playable(clip: Clip, media: Media) -> bool:
    """Whether its speed is possible, give or take the sample that cuts are rounded to."""
    seconds = clip.duration * media.sample_rate
    slowest, fastest = (clip.source_length + 1) * TICKS, (clip.source_length - 1) * TICKS
    return slowest >= source.SLOWEST * seconds and fastest <= source.FASTEST * seconds


def possible(
    transitions: tuple[Transition, ...], clips: tuple[Clip, ...], media: Mapping[str, Media]
) -> tuple[Transition, ...]:
    """Those that are still possible, as long as they can be; in the order of their cuts."""
    if not transitions:
        return transitions
    wanted = {one.left: one for one in transitions}
    kept: list[Transition] = []
    taken = 0
    """Of the clip at hand, by the transition before it."""
    for left, right in pairwise(clips):
        one = wanted.get(left.id)
        room = left.duration - taken
        taken = 0
        if one is None or one.right != right.id or left.end != right.start:
            continue
        before, after = transition_limits(left, right, media[left.media], media[right.media])
        shorter = _shortened(one, min(before, room), after)
        if shorter is not None:
            kept.append(shorter)
            taken = shorter.out_offset
    return transitions if kept == list(transitions) else tuple(kept)


def _shortened(one: Transition, before: int, after: int) -> Transition | None:
    into, out = min(one.in_offset, before), min(one.out_offset, after)
    if into + out <= 0 or into < 0 or out < 0:
        return None
    return one if (into, out) == (one.in_offset, one.out_offset) else replace(one, in_offset=into, out_offset=out)


def transition_limits(left: Clip, right: Clip, left_media: Media, right_media: Media) -> tuple[int, int]:
    """Ticks that a transition may reach before the cut between two clips and after it: no further than the clips
    themselves, and than what the right medium has before its clip and the left one after its."""
    before, _ = source.handles(right, right_media)
    _, after = source.handles(left, left_media)
    into = left.duration if before is None else min(left.duration, before * right.duration // right.source_length)
    out = right.duration if after is None else min(right.duration, after * left.duration // left.source_length)
    return into, out


def _without_lone_groups(known: Mapping[str, Track], tracks: tuple[Track, ...]) -> tuple[Track, ...]:
    if all(known.get(track.id) is track for track in tracks) and len(tracks) == len(known):
        return tracks
    members = Counter(clip.group for track in tracks for clip in track.clips if clip.group is not None)
    lone = {group for group, count in members.items() if count == 1}
    return tuple([_ungrouped(track, lone) for track in tracks]) if lone else tracks


def _ungrouped(track: Track, groups: Collection[str]) -> Track:
    if track.locked or not any(clip.group in groups for clip in track.clips):
        return track
    return replace(track, clips=tuple([replace(c, group=None) if c.group in groups else c for c in track.clips]))


def _markers(before: Timeline, markers: tuple[Marker, ...]) -> tuple[Marker, ...]:
    if markers is before.markers:
        return markers
    for marker in markers:
        if marker.at < 0 or marker.duration < 0 or marker.at + marker.duration > LAST_MOMENT:
            raise RequestError(f"The marker “{marker.name}” would lie outside of the timeline.", "Move it less far.")
    ordered = tuple(sorted(markers, key=attrgetter("at")))
    return before.markers if ordered == before.markers else ordered


def _range(range_: Range | None) -> Range | None:
    if range_ is None:
        return None
    start, end = max(range_.start, 0), min(range_.end, LAST_MOMENT)
    return Range(start, end) if end > start else None
