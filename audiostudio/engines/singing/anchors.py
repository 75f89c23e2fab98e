"""Where the vowels of speech truly are: a network's durations say it only roughly, so that its sound is looked at.

Places are steps of what is spoken: 0 is where the first begins, 0.5 its middle, 1 where it ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Spectrum: TypeAlias = NDArray[np.floating]

_SOON = 3.0
"""Steps after its beginning at which a vowel is loudest, unless it is over before."""
_STRANGE, _UNEVEN = 0.7, 1.0
"""Decibels that a vowel must be louder for each step that it is sought away from its time, or from the time since the
vowel before."""
_LEAST = 2
"""Steps between two vowels."""
_LOUD = 6.0
"""Decibels under the loudest from which up louder is no better."""
_WEAKER = 6.0
"""Decibels by which a vowel may be weaker where it is held than where it is loudest."""
_FLOOR = 50.0
"""Decibels under the loudest that count as silence."""
_APART = 0.5
"""The share of the difference between a vowel and its consonant at which the one becomes the other."""
_NEAR = 12
"""Steps around a vowel's middle within which its edges are looked for, where no other vowel is nearer."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A vowel."""

    begin: float
    middle: float
    """Where it is held."""
    end: float


def anchors(
    spectrum: Spectrum, voiced: Spectrum, vowels: Sequence[tuple[float, float]], shares: Sequence[float]
) -> list[Anchor]:
    """`spectrum`: decibels in some 20…40 bands, shape (steps, bands); `voiced`: decibels of what has a pitch, shape
    (steps,); `vowels`: roughly from when to when each vowel is, in order; `shares`: where in each it is most itself,
    0…1."""
    heights = np.maximum(spectrum, spectrum.max() - _FLOOR)
    middles = _middles(voiced, vowels)
    found = [_anchor(heights, middles, index) for index in range(len(middles))]
    return [_itself(anchor, share, voiced) for anchor, share in zip(found, shares, strict=True)]


def _itself(anchor: Anchor, share: float, voiced: Spectrum) -> Anchor:
    """With its middle where it is most itself, if it is loud enough there."""
    wanted = anchor.begin + share * (anchor.end - anchor.begin)
    loudest = voiced[min(int(anchor.middle), len(voiced) - 1)]
    between = sorted((wanted, anchor.middle))
    steps = np.arange(int(between[0]), min(int(between[1]) + 1, len(voiced)))
    able = steps[voiced[steps] >= loudest - _WEAKER]
    if not len(able):
        return anchor
    nearest = float(able[np.argmin(np.abs(able + 0.5 - wanted))]) + 0.5
    return replace(anchor, middle=float(np.clip(nearest, anchor.begin, anchor.end)))


def _middles(voiced: Spectrum, vowels: Sequence[tuple[float, float]]) -> list[int]:
    """Where the vowels are loudest: near their times, as far from each other as their times are."""
    level = np.convolve(np.clip(voiced, voiced.max() - _FLOOR, voiced.max() - _LOUD), np.ones(3) / 3, "same")
    middle = [min(first + _SOON, (first + end) / 2) for first, end in vowels]
    at = np.arange(len(level))
    best = level - _STRANGE * np.abs(at - middle[0])
    trail: list[NDArray[np.intp]] = []
    for before, here in pairwise(middle):
        apart = at[None, :] - at[:, None]
        reached = best[:, None] - _UNEVEN * np.abs(apart - (here - before)) - 1e6 * (apart < _LEAST)
        trail.append(np.argmax(reached, axis=0))
        best = reached[trail[-1], at] + level - _STRANGE * np.abs(at - here)
    found = [int(np.argmax(best))]
    for came in reversed(trail):
        found.append(int(came[found[-1]]))
    return found[::-1]


def splits(spectrum: Spectrum, vowels: Sequence[Anchor]) -> list[float]:
    """Between each vowel and the next the place where it is quietest: what comes before it belongs to the first."""
    level = spectrum.max(axis=1)
    found: list[float] = []
    for one, following in pairwise(vowels):
        low = int(np.ceil(one.end))
        high = max(low + 1, int(following.begin))
        found.append(
            float(np.clip(low + int(np.argmin(level[low:high])) + 0.5, one.end, max(one.end, following.begin)))
        )
    return found


def _anchor(heights: Spectrum, middles: list[int], index: int) -> Anchor:
    middle = middles[index]
    low = max(middles[index - 1] if index else 0, middle - _NEAR)
    high = min(middles[index + 1] if index + 1 < len(middles) else len(heights) - 1, middle + _NEAR)
    before = _edge(heights[low : middle + 1][::-1])
    after = _edge(heights[middle : high + 1])
    return Anchor(middle + 0.5 - before, middle + 0.5, middle + 0.5 + after)


def _edge(heights: Spectrum) -> float:
    """Steps from the first, a vowel, until it has become something else."""
    away = np.sqrt(np.square(heights - heights[0]).mean(axis=1))
    most = float(away.max(initial=0.0))
    if len(away) < 2 or most <= 0:
        return 0.0
    over = int(np.argmax(away >= _APART * most))
    before, after = float(away[over - 1]), float(away[over])
    return over - 1 + (_APART * most - before) / (after - before) if after > before else float(over)
