"""A sound's spectrum in few bands, as anchors are found in it."""

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]

_BANDS = 24
_LOWEST, _HIGHEST = 100.0, 8000.0


def in_bands(power: Floats, sample_rate: int) -> Floats:
    """The mean of each of some bands that are as wide as the ear's: from shape (steps, bins) to (steps, bands)."""
    made: Floats = power @ _weights(power.shape[1], sample_rate)
    return made


def decibels(power: Floats) -> Floats:
    made: Floats = (10 * np.log10(np.maximum(power, 1e-14))).astype(np.float32)
    return made


@cache
def _weights(bins: int, sample_rate: int) -> Floats:
    hertz = np.linspace(0.0, sample_rate / 2, bins)
    pitch = 2595 * np.log10(1 + hertz / 700)
    edges = np.linspace(2595 * np.log10(1 + _LOWEST / 700), 2595 * np.log10(1 + _HIGHEST / 700), _BANDS + 2)
    rising = (pitch[:, None] - edges[:-2]) / np.diff(edges[:-1])
    falling = (edges[2:] - pitch[:, None]) / np.diff(edges[1:])
    found = np.maximum(0.0, np.minimum(rising, falling))
    weights: Floats = (found / np.maximum(found.sum(axis=0), 1e-9)).astype(np.float32)
    return weights
