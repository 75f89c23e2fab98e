"""A clip of speech plays another take of its line, with everything that was done to it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from audiostudio.timeline.editing import source
from audiostudio.timeline.project import Media, Take
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip


def retaken(
    clips: Sequence[Clip], media: Media, old: Take | None, take: Take, new_media: Media, *, fit: bool
) -> list[Clip]:
    """Clips of `take` in the place of `clips`, which follow each other and play `media`, the sound of `old`.

    They have the cuts of `clips` where both takes say the same words; else they are one clip, in which silence at the
    ends is trimmed as it was. Each begins where the old one did; it lasts as long (`fit`), or as long as the take
    does at the old clip's speed.
    """
    ranges = [_range(clip, media, old, take) for clip in clips] if old is not None and _same_words(old, take) else []
    if not ranges or any(last <= first for first, last in ranges):
        first, last = _ends(clips[0], clips[-1], media, old, take)
        whole = replace(clips[0], duration=clips[-1].end - clips[0].start, fade_out=clips[-1].fade_out)
        return [_clip(whole, clips[0], media, take, new_media, first, last, fit)]
    return [
        _clip(clip, clip, media, take, new_media, first, last, fit)
        for clip, (first, last) in zip(clips, ranges, strict=True)
    ]


def _clip(
    place: Clip, like: Clip, media: Media, take: Take, new_media: Media, first: int, last: int, fit: bool
) -> Clip:
    length = place.duration
    if not fit:
        length = source.natural(last - first, new_media)
        if source.is_stretched(like, media):
            speed = Fraction(like.source_length * TICKS, media.sample_rate * like.duration)
            length = round(length / speed)
    scaled = source.stretched(place, max(1, length))
    return replace(
        scaled,
        media=new_media.id,
        take=take.id,
        source_start=first,
        source_length=last - first,
        fade_in=place.fade_in,
        fade_out=place.fade_out,
    )


def _same_words(old: Take, new: Take) -> bool:
    return bool(old.words) and [word.text for word in old.words] == [word.text for word in new.words]


def _range(clip: Clip, media: Media, old: Take, new: Take) -> tuple[int, int]:
    """What a clip of the old take plays, in samples of a new one with the same words."""
    last = clip.source_start + clip.source_length
    end = new.samples if last >= media.samples else _same_place(old, new, last)
    return _same_place(old, new, clip.source_start) if clip.source_start else 0, end


def _same_place(old: Take, new: Take, sample: int) -> int:
    """The sample of a take at which it is as far in its words as another with the same words is at `sample`."""
    here, there = [0], [0]
    pairs = [(0, 0)]
    for was, now in zip(old.words, new.words, strict=True):
        pairs += [(was.start, now.start), (was.end, now.end)]
    for at, to in [*pairs, (old.samples, new.samples)]:
        if at > here[-1] and to > there[-1]:
            here.append(at)
            there.append(to)
    index = min(max(1, bisect_right(here, sample)), len(here) - 1)
    (at, end), (to, until) = here[index - 1 : index + 1], there[index - 1 : index + 1]
    return max(0, min(new.samples, to + round((sample - at) * (until - to) / (end - at))))


def _ends(first: Clip, last: Clip, media: Media, old: Take | None, new: Take) -> tuple[int, int]:
    """From where to where a take with other words is played: all of it, but for silence that was trimmed."""
    begin, end = 0, new.samples
    if old is None or not old.words or not new.words or not old.sample_rate:
        return begin, end
    lead = old.words[0].start - first.source_start
    if first.source_start and lead >= 0:
        begin = max(0, new.words[0].start - lead * new.sample_rate // old.sample_rate)
    trail = last.source_start + last.source_length - old.words[-1].end
    if last.source_start + last.source_length < media.samples and trail >= 0:
        end = min(new.samples, new.words[-1].end + trail * new.sample_rate // old.sample_rate)
    return (begin, end) if begin < end else (0, new.samples)
