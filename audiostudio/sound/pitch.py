"""How high a voice speaks: YIN (de Cheveigné and Kawahara, 2002) over many frames at once."""

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
"""Hz that it listens at."""
HOP = 256
"""Samples between two answers: 16 ms."""
LOWEST, HIGHEST = 60.0, 500.0
"""Hz of voices that speak."""

_WINDOW = 640
_LONGEST = int(RATE / LOWEST)
_SHORTEST = int(RATE / HIGHEST)
_SIZE = 2048
_CLEAR = 0.15
"""Of the normalised difference: below it a voice is clear."""
_BLOCK = 1000
"""Frames that are computed at once."""


def melody(audio: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mono at 16 kHz, shape (n,) → Hz every 16 ms, 0 where no voice is clear."""
    span = _WINDOW + _LONGEST
    if len(audio) < span:
        return np.zeros(0, np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(audio, span)[::HOP]
    return np.concatenate([_pitches(frames[at : at + _BLOCK]) for at in range(0, len(frames), _BLOCK)])


def _pitches(frames: NDArray[np.float32]) -> NDArray[np.float32]:
    wide = frames.astype(np.float64)
    squares = np.concatenate([np.zeros((len(wide), 1)), np.cumsum(wide**2, axis=1)], axis=1)
    energy = squares[:, _WINDOW : _WINDOW + _LONGEST] - squares[:, :_LONGEST]
    heads = np.conj(np.fft.rfft(wide[:, :_WINDOW], _SIZE, axis=1))
    product = np.fft.irfft(np.fft.rfft(wide, _SIZE, axis=1) * heads, _SIZE, axis=1)[:, :_LONGEST]
    difference = np.maximum(energy[:, :1] + energy - 2 * product, 0.0)
    normal = np.ones_like(difference)
    sums = np.cumsum(difference[:, 1:], axis=1)
    normal[:, 1:] = difference[:, 1:] * np.arange(1, _LONGEST) / np.maximum(sums, 1e-12)
    level = np.sqrt(energy[:, 0] / _WINDOW)
    heard = (level > 1e-3) & (normal[:, _SHORTEST:-1] < _CLEAR).any(axis=1)
    found = np.zeros(len(frames), np.float32)
    for at in np.flatnonzero(heard):
        found[at] = _refined(normal[at], difference[at])
    return found


def _refined(normal: NDArray[np.float64], difference: NDArray[np.float64]) -> float:
    """The first clear valley, between samples."""
    lag = _SHORTEST + int(np.argmax(normal[_SHORTEST:-1] < _CLEAR))
    while lag + 1 < _LONGEST - 1 and normal[lag + 1] < normal[lag]:
        lag += 1
    before, here, after = difference[lag - 1 : lag + 2]
    curve = before - 2 * here + after
    return float(RATE / (lag + (0.5 * (before - after) / curve if curve > 0 else 0.0)))
