"""When each moment of one reading of a text is in another voice's: dynamic time warping of their spectra."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bands: TypeAlias = NDArray[np.floating]

_FLOOR = 45.0
"""Decibels under the loudest that count as silence."""


def aligned(reference: Bands, other: Bands) -> NDArray[np.float64]:
    """For each step of `reference` the step of `other` that says the same, never falling; both are decibels in bands,
    shape (steps, bands), none empty. Cost is the product of their lengths."""
    distance = _distance(_shape(reference), _shape(other))
    total = np.full((len(reference) + 1, len(other) + 1), np.inf)
    total[0, 0] = 0.0
    for diagonal in range(2, len(reference) + len(other) + 1):  # all cells of a diagonal follow from those before
        rows = np.arange(max(1, diagonal - len(other)), min(len(reference), diagonal - 1) + 1)
        columns = diagonal - rows
        before = np.minimum(
            total[rows - 1, columns - 1], np.minimum(total[rows - 1, columns], total[rows, columns - 1])
        )
        total[rows, columns] = before + distance[rows - 1, columns - 1]
    return _path(total, len(reference), len(other))


def _path(total: NDArray[np.float64], row: int, column: int) -> NDArray[np.float64]:
    sums, counts = np.zeros(row), np.zeros(row)
    while row > 0 and column > 0:
        sums[row - 1] += column - 1
        counts[row - 1] += 1
        step = int(np.argmin([total[row - 1, column - 1], total[row - 1, column], total[row, column - 1]]))
        row, column = row - (step != 2), column - (step != 1)
    found: NDArray[np.float64] = np.maximum.accumulate(sums / np.maximum(counts, 1))
    return found


def _shape(bands: Bands) -> NDArray[np.float64]:
    """What is said, rather than who says it: each band around its own mean, and how the whole rises and falls."""
    heights = np.maximum(bands, bands.max() - _FLOOR).astype(np.float64)
    level = heights.mean(axis=1, keepdims=True)
    spoken = level[:, 0] > level.max() - _FLOOR / 2
    colour = heights - level
    colour -= colour[spoken].mean(axis=0) if spoken.any() else 0.0
    rise = np.gradient(level[:, 0])[:, None]
    return np.concatenate([colour, 2 * (level - level.max()), 4 * rise], axis=1)


def _distance(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    squares = np.square(one).sum(axis=1)[:, None] + np.square(other).sum(axis=1)[None, :] - 2 * one @ other.T
    found: NDArray[np.float64] = np.sqrt(np.maximum(squares, 0.0))
    return found
