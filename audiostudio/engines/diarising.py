"""Whether several people speak in a recording, and when."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.speakers import direction

_LEAST = 3
"""Windows of another speaker: fewer are a laugh or a noise."""
_TRIES = 4
_ROUNDS = 12
_HALF_WINDOW = 0.8
_JOINED = 2.0
"""Seconds between two windows of one stretch."""


def others(
    embeddings: NDArray[np.float32], middles: NDArray[np.float32], same: float
) -> tuple[list[tuple[float, float]], float]:
    """Where somebody else speaks than most of the time: seconds, half-open, in order; empty for one speaker. And how
    much alike the two are, the cosine of their directions; 1 for one speaker.

    `embeddings`, shape (n, 256), of windows of 1.6 s with their `middles` in seconds, as `SpeakerEncoder.windows` has
    them. Two groups of windows are two speakers when the cosine of their directions is below `same`.
    """
    kept = np.arange(len(embeddings))
    for _ in range(_TRIES):
        if len(kept) < 2 * _LEAST:
            return [], 1.0
        groups = _two(embeddings[kept])
        smaller = kept[groups == np.argmin(np.bincount(groups, minlength=2))]
        larger = np.setdiff1d(kept, smaller)
        alike = float(direction(embeddings[smaller]) @ direction(embeddings[larger]))
        if alike >= same:
            return [], 1.0
        if len(smaller) >= _LEAST:
            return _stretches(middles[smaller].tolist()), alike
        kept = larger  # without what is alone in its group
    return [], 1.0


def _two(embeddings: NDArray[np.float32]) -> NDArray[np.intp]:
    """Two groups around the two windows that are least alike (spherical k-means)."""
    alike = embeddings @ embeddings.T
    first, second = np.unravel_index(int(np.argmin(alike)), alike.shape)
    centres = embeddings[[first, second]]
    groups = np.zeros(len(embeddings), np.intp)
    for _ in range(_ROUNDS):
        found = np.argmax(embeddings @ centres.T, axis=1)
        if (found == groups).all() and groups.any():
            break
        groups = found
        if np.bincount(groups, minlength=2).min() == 0:
            break
        centres = np.stack([direction(embeddings[groups == number]) for number in (0, 1)])
    return groups


def _stretches(middles: Sequence[float]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for middle in middles:
        start, end = max(0.0, middle - _HALF_WINDOW), middle + _HALF_WINDOW
        if found and middle - found[-1][1] + _HALF_WINDOW <= _JOINED:
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found
