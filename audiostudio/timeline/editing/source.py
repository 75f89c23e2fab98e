"""A clip's own grid: where the samples of its medium fall on the timeline, and what is left when it is cut there.

Offsets are ticks since the clip's beginning; samples are counted from its first one. A picture that stands still has
no samples: its grid is the ticks themselves.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import add, attrgetter

from audiostudio.timeline.project import Media
from audiostudio.timeline.schema import with_values
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import NO_FADE, Clip, Point

AT = attrgetter("at")
SLOWEST, FASTEST = 0.25, 4.0
"""Speeds that a clip can be played at."""


def is_still(media: Media) -> bool:
    return media.sample_rate == 0


def length(clip: Clip, media: Media) -> int:
    """Samples that the clip plays."""
    return clip.duration if is_still(media) else clip.source_length


def natural(samples: int, media: Media) -> int:
    """The offset of a sample in a clip that plays as recorded."""
    return samples if is_still(media) else (2 * samples * TICKS + media.sample_rate) // (2 * media.sample_rate)


def is_stretched(clip: Clip, media: Media) -> bool:
    """Whether it is played faster or slower than it was recorded.

    A clip may end anywhere within its last sample, so that another begins right there; that does not count.
    """
    return not is_still(media) and abs(clip.duration * media.sample_rate - clip.source_length * TICKS) >= TICKS


def offset_of(clip: Clip, media: Media, sample: int) -> int:
    """The offset of a sample, which may lie before the clip (below 0) or after it."""
    if sample == length(clip, media):
        return clip.duration
    if is_stretched(clip, media):
        return (2 * sample * clip.duration + clip.source_length) // (2 * clip.source_length)
    return natural(sample, media)


def sample_near(clip: Clip, media: Media, offset: int) -> int:
    """The sample nearest to an offset."""
    if is_still(media):
        return offset
    if offset == clip.duration:
        return clip.source_length
    if is_stretched(clip, media):
        return (2 * offset * clip.source_length + clip.duration) // (2 * clip.duration)
    return (2 * offset * media.sample_rate + TICKS) // (2 * TICKS)


def sample_after(clip: Clip, media: Media, offset: int) -> int:
    """The first sample that begins at an offset or later."""
    sample = sample_near(clip, media, offset)
    return sample if offset_of(clip, media, sample) >= offset else sample + 1


def handles(clip: Clip, media: Media) -> tuple[int | None, int | None]:
    """Samples that the medium has before and after what the clip plays; None: as many as wanted."""
    if is_still(media):
        return None, None
    return clip.source_start, media.samples - clip.source_start - clip.source_length


def section(clip: Clip, media: Media, first: int, last: int) -> Clip:
    """The clip from one of its samples to another (half-open), at the place where they were. Both may lie outside of
    it; whether the medium has so much is not looked at."""
    start, end = offset_of(clip, media, first), offset_of(clip, media, last)
    return replace(
        clip,
        start=clip.start + start,
        duration=end - start,
        source_start=clip.source_start + (0 if is_still(media) else first),
        source_length=clip.source_length if is_still(media) else last - first,
        envelope=part(clip.envelope, start, end),
    )


def until(clip: Clip, media: Media, offset: int) -> Clip | None:
    """The clip, with another end: exactly there, within its last sample. None when not even half of one is left."""
    sample = min(sample_near(clip, media, offset), media.samples - clip.source_start) if media.sample_rate else offset
    if sample < 1:
        return None
    return replace(
        clip,
        duration=offset,
        source_length=clip.source_length if is_still(media) else sample,
        envelope=part(clip.envelope, 0, offset),
    )


def halves(clip: Clip, media: Media, sample: int, right_id: str) -> tuple[Clip, Clip]:
    """The clip in two that play as it did: 0 < `sample` < its length."""
    left = replace(section(clip, media, 0, sample), fade_out=NO_FADE)
    right = replace(section(clip, media, sample, length(clip, media)), fade_in=NO_FADE, id=right_id)
    return left, right


def part(points: Sequence[Point], start: int, end: int) -> tuple[Point, ...]:
    """A curve from one offset to another, with offsets from there."""
    if not points or (start <= points[0].at and points[-1].at <= end):
        return moved_points(points, lambda at: at - start)
    inner = [point for point in points if start <= point.at <= end]
    if not inner or (inner[0].at > start and inner[0] is not points[0]):
        inner.insert(0, Point(start, value_at(points, start)))
    if inner[-1].at < end and inner[-1] is not points[-1] and value_at(points, end) != inner[-1].value:
        inner.append(Point(end, value_at(points, end)))
    return moved_points(inner, lambda at: at - start)


def moved_points(points: Sequence[Point], place: Callable[[int], int]) -> tuple[Point, ...]:
    """A curve at other times, in the same order. Of points that come to stand at one time the last stays."""
    return tuple([Point(at, value) for at, value in {place(at): value for at, value in points}.items()])


def stretched(clip: Clip, duration: int) -> Clip:
    """The clip, lasting so many ticks: its envelope and fades with it."""

    def scaled(at: int) -> int:
        return (2 * at * duration + clip.duration) // (2 * clip.duration)

    return replace(
        clip,
        duration=duration,
        envelope=moved_points(clip.envelope, scaled),
        fade_in=clip.fade_in._replace(length=scaled(clip.fade_in.length)),
        fade_out=clip.fade_out._replace(length=scaled(clip.fade_out.length)),
    )


def joined_curves(left: tuple[Point, ...], right: tuple[Point, ...], at: int) -> tuple[Point, ...]:
    """Two curves, the second from `at` on, as one, without the point that a split made there."""
    if left == right == ():
        return ()
    points = {point.at: point.value for point in left or (Point(at, 0.0),)}
    points |= {point.at + at: point.value for point in right or (Point(0, 0.0),)}
    curve = tuple([Point(*item) for item in sorted(points.items())])
    without = tuple([point for point in curve if point.at != at])
    plain = not without or abs(value_at(without, at) - value_at(curve, at)) < 1e-9
    return (without or curve) if plain else curve


def value_at(points: Sequence[Point], at: int) -> float:
    """A curve's value at a time, before its first point and after its last as there; 0 of one without points."""
    if not points:
        return 0.0
    after = bisect_right(points, at, key=AT)
    if after == 0 or after == len(points):
        return points[min(after, len(points) - 1)].value
    (left, low), (right, high) = points[after - 1 : after + 1]
    return low + (high - low) * (at - left) / (right - left)


def moved(clip: Clip, by: int) -> Clip:
    """The clip `by` ticks later."""
    return replace(clip, start=clip.start + by) if by else clip


def moved_all(clips: Sequence[Clip], moves: Sequence[int]) -> list[Clip]:
    """Each clip so many ticks later; those that stay are the same objects."""
    if all(moves):
        return with_values(clips, start=list(map(add, map(attrgetter("start"), clips), moves)))
    moving = [clip for clip, by in zip(clips, moves, strict=True) if by]
    later = iter(moved_all(moving, [by for by in moves if by]))
    return [next(later) if by else clip for clip, by in zip(clips, moves, strict=True)]
