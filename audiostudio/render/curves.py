"""Fades and automation as factors for every sample."""

import bisect
import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.timeline.editing.source import AT
from audiostudio.timeline.tracks import Point, Shape

Factor: TypeAlias = "float | NDArray[np.float32]"
"""One for all samples of a block, or one for each."""

_LOWEST = -60.0
"""dB at which a logarithmic fade begins."""


def shaped(shape: str, x: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far a fade has risen, 0…1, at x = 0…1 (outside: as at the end). A shape that is not known is linear."""
    x = np.clip(x, 0.0, 1.0)
    if shape == Shape.EQUAL_POWER:
        return np.sin(x * (math.pi / 2))
    if shape == Shape.SMOOTH:
        return (1.0 - np.cos(x * math.pi)) / 2
    if shape == Shape.LOGARITHMIC:
        return np.where(x > 0, 10.0 ** (_LOWEST / 20 * (1.0 - x)), 0.0)
    return x


def values(points: Sequence[Point], first: int, step: int, count: int) -> "float | NDArray[np.float64]":
    """At the ticks `first`, `first + step`, …: one value where nothing moves."""
    last = first + step * (count - 1)
    if last <= points[0].at or len(points) == 1:
        return points[0].value
    if first >= points[-1].at:
        return points[-1].value
    low = max(0, bisect.bisect_right(points, first, key=AT) - 1)
    near = points[low : bisect.bisect_left(points, last, key=AT) + 1]
    if all(point.value == near[0].value for point in near):
        return near[0].value
    ticks = first + step * np.arange(count, dtype=np.int64)
    return np.interp(ticks, [point.at for point in near], [point.value for point in near])


def amplitude(db: "float | NDArray[np.float64]") -> Factor:
    """dB as factors."""
    if isinstance(db, float | int):
        return float(10.0 ** (db / 20.0))
    factors: NDArray[np.float32] = np.power(10.0, db / 20.0).astype(np.float32)
    return factors


def panned(pan: "float | NDArray[np.float64]") -> tuple[Factor, Factor]:
    """Factors of the left and the right channel for a pan of −1…1.

    Constant power: left² + right² is 2 everywhere, so that the middle leaves both channels as they are and a side is
    3 dB louder than the middle.
    """
    if isinstance(pan, float | int):
        if pan == 0:
            return 1.0, 1.0
        angle = (min(max(pan, -1.0), 1.0) + 1.0) * (math.pi / 4)
        return math.sqrt(2) * math.cos(angle), math.sqrt(2) * math.sin(angle)
    angles = (np.clip(pan, -1.0, 1.0) + 1.0) * (math.pi / 4)
    return (math.sqrt(2) * np.cos(angles)).astype(np.float32), (math.sqrt(2) * np.sin(angles)).astype(np.float32)
