"""Where the vowels of speech truly are: a network's durations say it only roughly, so that its sound is looked at.

Places are steps of what is spoken: 0 is where the first begins, 0.5 its middle, 1 where it ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Spectrum: TypeAlias = NDArray[np.floating]

_EARLY = 8
"""Steps that a vowel may be heard before its time."""
_STRANGE = 1.0
"""Decibels for each step outside of its time that a vowel must be louder to be sought there."""
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
    """Where it is loudest."""
    end: float


def anchors(spectrum: Spectrum, voiced: Spectrum, vowels: Sequence[tuple[float, float]]) -> list[Anchor]:
    """`spectrum`: decibels in some 20…40 bands, shape (steps, bands); `voiced`: decibels of what has a pitch, shape
    (steps,); `vowels`: roughly from when to when each vowel is, in order."""
    steps = len(spectrum)
    heights = np.maximum(spectrum, spectrum.max() - _FLOOR)
    level = np.convolve(voiced, np.ones(3) / 3, "same")
    middles: list[int] = []
    for index, (first, end) in enumerate(vowels):
        low = max(middles[-1] + 2 if middles else 0, int(first) - _EARLY)
        latest = vowels[index + 1][0] if index + 1 < len(vowels) else steps
        high = min(max(low + 1, int(np.ceil(min(end, latest)))), steps)
        low = min(low, high - 1)
        at = np.arange(low, high)
        strange = np.maximum(0, first - at) + np.maximum(0, at + 1 - end)
        middles.append(int(at[np.argmax(level[low:high] - _STRANGE * strange)]))
    return [_anchor(heights, middles, index) for index in range(len(middles))]


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
