"""The clips of a track as sound.

Where a sample comes from is decided once for each clip: sample n of the mix is sample n + offset of the source. So the
parts of a clip that was split sound exactly as the whole did.
"""

import bisect
import itertools
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from audiostudio.render.curves import amplitude, shaped, values
from audiostudio.render.sources import Sources, Treated
from audiostudio.sound.channels import stereo
from audiostudio.timeline.project import AssetReference, Media
from audiostudio.timeline.time import TICKS, to_samples
from audiostudio.timeline.tracks import Clip, Track, Transition

_NOWHERE = AssetReference("", "", "")


@dataclass(frozen=True, slots=True)
class Slope:
    """A fade: 0 at tick `zero`, 1 at tick `one`; one that falls has its one first."""

    zero: int
    one: int
    shape: str

    def covers(self, first: int, last: int) -> bool:
        """Whether any of the ticks first…last (both meant) is before the one."""
        return first < self.one if self.zero < self.one else last > self.one

    def factors(self, ticks: NDArray[np.int64]) -> NDArray[np.float32]:
        x = (ticks - self.zero) / (self.one - self.zero)
        return shaped(self.shape, x).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Voice:
    """A clip that can be heard."""

    clip: Clip
    first: int
    """Samples of the mix: where it is heard, with what transitions let it be heard longer; half-open."""
    last: int
    offset: int
    """Sample of the source minus sample of the mix."""
    treated: Treated
    slopes: tuple[Slope, ...]

    def read(self, sources: Sources, first: int, count: int, tick: int) -> NDArray[np.float32] | None:
        """float32 (2, count) of the samples from `first` on, with gain, envelope and fades; None: silence."""
        source = sources.get(self.clip.media, self.treated)
        begin, end = max(first, self.first), min(first + count, self.last)
        if source is None or end <= begin:
            return None
        sound = sources.read(source, self.clip.media, begin + self.offset, end - begin)
        if sound is None:
            return None
        sound = self._levelled(stereo(sound), begin, tick)
        if end - begin == count:
            return sound
        return np.pad(sound, ((0, 0), (begin - first, first + count - end)))

    def _levelled(self, sound: NDArray[np.float32], first: int, tick: int) -> NDArray[np.float32]:
        count = sound.shape[1]
        clip = self.clip
        db: float | NDArray[np.float64] = clip.gain
        if clip.envelope:
            db = db + values(clip.envelope, first * tick - clip.start, tick, count)
        factor = amplitude(db)
        for slope in self.slopes:
            if slope.covers(first * tick, (first + count - 1) * tick):
                ticks = (first + np.arange(count, dtype=np.int64)) * tick
                factor = slope.factors(ticks) * factor
        if isinstance(factor, float):
            return sound if factor == 1.0 else sound * np.float32(factor)
        return sound * factor


class Voices:
    """Of one track, in order."""

    def __init__(self, track: Track, media: dict[str, Media], sample_rate: int) -> None:
        self.voices = tuple(_voices(track, media, sample_rate))
        self._reach = list(itertools.accumulate((voice.last for voice in self.voices), max))
        self._firsts = [voice.first for voice in self.voices]

    def between(self, first: int, last: int) -> tuple[Voice, ...]:
        """Those that are heard between two samples."""
        low = bisect.bisect_right(self._reach, first)
        high = bisect.bisect_left(self._firsts, last)
        return tuple([voice for voice in self.voices[low:high] if voice.last > first])


def _voices(track: Track, media: dict[str, Media], rate: int) -> list[Voice]:
    tick = TICKS // rate
    by_id = {clip.id: clip for clip in track.clips}
    crossing = [t for t in track.transitions if _touch(by_id.get(t.left), by_id.get(t.right))]
    into = {transition.right: transition for transition in crossing}
    out_of = {transition.left: transition for transition in crossing}
    found: list[Voice] = []
    exact_before = Fraction(0)
    for clip in track.clips:
        medium = media.get(clip.media, Media(clip.media, _NOWHERE, 0, rate))
        if medium.sample_rate <= 0:
            continue
        treated = Treated.of(clip, medium, (*clip.effects, *track.channel.effects), rate)
        exact = _offset(clip, medium, treated, tick)
        voice = _voice(clip, exact, treated, into.get(clip.id), out_of.get(clip.id), rate)
        before = found[-1] if found else None
        if (
            before is not None
            and _goes_on(before, voice)
            and abs(exact - exact_before) <= Fraction(rate, medium.sample_rate)
        ):
            voice = replace(voice, offset=before.offset)
        found.append(voice)
        exact_before = exact
    return [voice for voice in found if not voice.clip.muted and voice.last > voice.first]


def _touch(left: Clip | None, right: Clip | None) -> bool:
    return left is not None and right is not None and left.end == right.start


def _goes_on(before: Voice, voice: Voice) -> bool:
    """Whether two clips may be the parts of one: then rounding to samples of the medium must not show at the cut."""
    one, two = before.clip, voice.clip
    return one.media == two.media and one.end == two.start and before.treated == voice.treated


def _offset(clip: Clip, medium: Media, treated: Treated, tick: int) -> Fraction:
    """In samples of the mix, exactly."""
    begins = Fraction(clip.source_start * TICKS, medium.sample_rate) / treated.speed
    return (begins - clip.start) / tick


def _voice(
    clip: Clip, exact: Fraction, treated: Treated, into: Transition | None, out_of: Transition | None, rate: int
) -> Voice:
    start, end = clip.start, clip.end
    slopes: list[Slope] = []
    if into is not None:
        start, until = clip.start - into.in_offset, clip.start + into.out_offset
        slopes.append(Slope(start, until, into.shape))
    elif clip.fade_in.length > 0:
        slopes.append(Slope(start, start + clip.fade_in.length, clip.fade_in.shape))
    if out_of is not None:
        since, end = clip.end - out_of.in_offset, clip.end + out_of.out_offset
        slopes.append(Slope(end, since, out_of.shape))
    elif clip.fade_out.length > 0:
        slopes.append(Slope(end, end - clip.fade_out.length, clip.fade_out.shape))
    first, last = max(0, to_samples(start, rate)), to_samples(end, rate)
    usable = tuple([slope for slope in slopes if slope.zero != slope.one])
    return Voice(clip, first, last, int((exact + Fraction(1, 2)) // 1), treated, usable)
