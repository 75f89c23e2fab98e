"""Speech in the time of a song: vowels begin on their notes and fill them, consonants keep their lengths and come
before.

A network that learned speech lets a vowel die away that lasts a second. So it speaks as always, and of each vowel the
middle is stretched until it fills its note.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.singing.anchors import Anchor
from audiostudio.engines.singing.carriers import Held

Floats: TypeAlias = NDArray[np.float32]
Curve: TypeAlias = NDArray[np.float64]

_REST = 0.12
"""Seconds; a gap between notes that is shorter than this is sung through."""
_BEHIND = 0.06
"""Seconds for which the consonants at the end of a note may go on into a rest."""
_CONSONANTS = 0.5
"""The share of the time from one vowel to the next that the consonants between them take at most."""
_BEFORE, _AFTER = 0.35, 0.5
"""Seconds of what is spoken before the first vowel and after the last that is sung."""
_STILL = 0.5
"""Steps that are spoken for each that is sung, from which down the sound stands nearly still."""
_FADE = 0.03


@dataclass(frozen=True, slots=True)
class Vowel:
    """When a vowel is sung."""

    start: float
    end: float
    held: Held


@dataclass(frozen=True, slots=True)
class Warping:
    """What is sung, in steps of `step` seconds, and where in what is spoken each moment of it is found."""

    start: float
    """Seconds from the beginning of the song to the first step."""
    step: float
    places: Curve
    """For each step that is sung, which one of those spoken it is: fractions lie between two."""
    gate: Floats
    """For each step: 1 where there is sound, 0 in rests."""
    vowels: tuple[Vowel, ...]
    times: Curve
    knots: Curve
    """Seconds, and the places that are sung then; in between straight lines."""

    @property
    def moments(self) -> Curve:
        """Seconds at the middle of each step."""
        moments: Curve = self.start + (np.arange(len(self.places), dtype=np.float64) + 0.5) * self.step
        return moments

    @property
    def held(self) -> NDArray[np.bool_]:
        """Where the sound stands nearly still."""
        still: NDArray[np.bool_] = np.gradient(self.places) < _STILL
        return still

    def along(self, values: Floats) -> Floats:
        """`values` of what is spoken, time last, as they are sung: between two of them a straight line."""
        places = np.clip(self.places, 0, values.shape[-1] - 1)
        before = places.astype(int)
        after = np.minimum(before + 1, values.shape[-1] - 1)
        share = (places - before).astype(values.dtype)
        made: Floats = values[..., before] * (1 - share) + values[..., after] * share
        return made

    def nearest(self, values: Floats) -> Floats:
        """As `along`, without values between two."""
        return values[..., np.clip(np.round(self.places).astype(int), 0, values.shape[-1] - 1)]

    def at(self, seconds: Curve) -> Curve:
        """Which places of what is spoken are sung at those moments: 0 is where the first step begins."""
        found: Curve = np.interp(seconds, self.times, self.knots)
        return found

    def when(self, place: float) -> float:
        """Seconds from the beginning of the song at which `place` of what is spoken is sung."""
        return float(np.interp(place, self.knots, self.times))


def warping(
    held: Sequence[Held], spoken: Sequence[Anchor], splits: Sequence[float], steps: int, step: float
) -> Warping:
    """`spoken`: the vowels of `held` in what is spoken, `steps` of `step` seconds; `splits`: where, between each and
    the next, what belongs to the first ends."""
    knots: list[tuple[float, float]] = []
    rests: list[tuple[float, float]] = []
    vowels: list[Vowel] = []
    first = spoken[0]
    lead = min(_BEFORE, first.begin * step)
    knots.append((held[0].start - lead, first.begin - lead / step))
    for index, (one, anchor) in enumerate(zip(held, spoken, strict=True)):
        following = held[index + 1] if index + 1 < len(held) else None
        if following is not None and following.start - one.end < _REST:
            consonants = max(0.0, spoken[index + 1].begin - anchor.end) * step
            end = following.start - min(consonants, _CONSONANTS * (following.start - one.start))
            knots += _vowel(one.start, end, anchor, step)
        else:
            split = splits[index] if following else min(steps - 1.0, anchor.end + _AFTER / step)
            closing = max(0.0, split - anchor.end) * step
            inside = max(0.0, closing - _BEHIND) if following else min(closing, _BEHIND)
            end = one.end - min(inside, _CONSONANTS * (one.end - one.start))
            knots += _vowel(one.start, end, anchor, step)
            knots.append((end + closing, split))
            if following:
                opening = min(max(0.0, spoken[index + 1].begin - split) * step, following.start - end - closing)
                rests.append((end + closing, following.start - max(0.0, opening)))
                knots.append((rests[-1][1], split))
        vowels.append(Vowel(one.start, end, one))
    return _warping(knots, rests, vowels, step)


def _vowel(start: float, end: float, anchor: Anchor, step: float) -> list[tuple[float, float]]:
    """When each place of a vowel is sung: what comes before and after its middle as it is spoken."""
    opening, closing = (anchor.middle - anchor.begin) * step, (anchor.end - anchor.middle) * step
    if opening + closing < end - start:
        middle = [(start + opening, anchor.middle - 0.5), (end - closing, anchor.middle + 0.5)]
        return [(start, anchor.begin), *middle, (end, anchor.end)]
    return [(start, anchor.begin), (end, anchor.end)]


def _warping(
    knots: list[tuple[float, float]], rests: list[tuple[float, float]], vowels: list[Vowel], step: float
) -> Warping:
    times = np.maximum.accumulate(np.array([time for time, _ in knots]))
    places = np.maximum.accumulate(np.array([place for _, place in knots]))
    count = int(np.ceil((times[-1] - times[0]) / step))
    moments = times[0] + (np.arange(count) + 0.5) * step
    gate = np.ones(count, np.float32)
    for begin, end in rests:
        if end - begin > 2 * _FADE:
            inside = np.clip(np.minimum(moments - begin, end - moments) / _FADE, 0.0, 1.0)
            gate *= (1 - inside).astype(np.float32)
    return Warping(float(times[0]), step, np.interp(moments, times, places) - 0.5, gate, tuple(vowels), times, places)
