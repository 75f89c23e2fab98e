"""The table by which a spectrum becomes the twelve pitch classes, as MusicGen's melody models were trained with."""

import numpy as np
from numpy.typing import NDArray

_LOWEST = 440.0 / 16
"""Hz: where octaves are counted from."""
_CENTRE, _WIDTH = 5.0, 2.0
"""Octaves that count most, and how fast others fade (Ellis 2007)."""


def filters(sample_rate: float, bins: int, classes: int = 12) -> NDArray[np.float32]:
    """Weights, shape (classes, bins // 2 + 1), C first: what each bin of a spectrum of `bins` points adds to each
    pitch class. The same as `librosa.filters.chroma` without tuning gives."""
    hertz = np.arange(1, bins) * (sample_rate / bins)
    place = classes * np.log2(hertz / _LOWEST)
    place = np.concatenate([[place[0] - 1.5 * classes], place])
    width = np.concatenate([np.maximum(np.diff(place), 1.0), [1.0]])
    half = round(classes / 2)
    away = np.remainder(place - np.arange(classes)[:, np.newaxis] + half + 10 * classes, classes) - half
    weights = np.exp(-0.5 * (2 * away / width) ** 2)
    weights /= np.sqrt(np.square(weights).sum(axis=0))
    weights *= np.exp(-0.5 * ((place / classes - _CENTRE) / _WIDTH) ** 2)
    first_c = np.roll(weights, -3 * (classes // 12), axis=0)
    return np.ascontiguousarray(first_c[:, : 1 + bins // 2], dtype=np.float32)
