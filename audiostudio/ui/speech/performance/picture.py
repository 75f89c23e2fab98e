"""The sound behind the melody: waveform and spectrogram, kept small, and drawn at any pace. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLOCK = 48
"""Samples of a waveform's smallest piece."""
HOP = 240
"""Samples between two columns of a spectrogram."""
ROWS = 160
LOWEST, HIGHEST = 60.0, 11_000.0
"""Hz of a spectrogram's lowest and highest row."""
RANGE = 75.0
"""dB from the loudest to what is drawn as silence."""
_WINDOW, _POINTS = 1200, 2048
_AT_ONCE = 512


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What is needed to draw a sound. Made beside the window."""

    least: NDArray[np.float32]
    greatest: NDArray[np.float32]
    """Of each `BLOCK` samples."""
    power: NDArray[np.float32]
    """RMS of each `HOP` samples."""
    colours: NDArray[np.uint8]
    """The spectrogram, shape (`ROWS`, columns), the lowest frequency last; 255 is the loudest."""
    rate: int

    @classmethod
    def of(cls, samples: NDArray[np.float32], rate: int) -> "Picture":
        """`samples`: mono, shape (n,)."""
        blocks, hops = _cut(samples, BLOCK), _cut(samples, HOP)
        power = np.sqrt(np.square(hops).mean(axis=1))
        return cls(blocks.min(axis=1), blocks.max(axis=1), power, spectrogram(samples, rate), rate)

    def wave(self, times: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The least and greatest values between each two of the rising `times` (n + 1,) in seconds, shape (n,)."""
        edges = np.clip((times * self.rate / BLOCK).astype(np.int64), 0, len(self.least) - 1)
        least, greatest = self.least[: edges[-1] + 1], self.greatest[: edges[-1] + 1]
        return np.minimum.reduceat(least, edges[:-1]), np.maximum.reduceat(greatest, edges[:-1])

    def loudness(self, times: NDArray[np.float64]) -> NDArray[np.float32]:
        """RMS at `times`."""
        return self.power[np.clip((times * self.rate / HOP).astype(np.int64), 0, len(self.power) - 1)]

    def spectrum(self, times: NDArray[np.float64], height: int) -> NDArray[np.uint8]:
        """Columns at `times` in `height` rows, shape (height, n)."""
        columns = np.clip((times * self.rate / HOP).astype(np.int64), 0, self.colours.shape[1] - 1)
        places = np.clip((np.arange(height) + 0.5) * ROWS / height - 0.5, 0, ROWS - 1)
        low = np.floor(places).astype(np.int64)
        part = np.round((places - low) * 256).astype(np.uint16)[:, None]
        seen = self.colours[:, columns].astype(np.uint16)
        mixed = seen[low] * (256 - part) + seen[np.minimum(low + 1, ROWS - 1)] * part
        return (mixed >> 8).astype(np.uint8)


def spectrogram(samples: NDArray[np.float32], rate: int) -> NDArray[np.uint8]:
    """The power of a sound by frequency (rows evenly spaced in mel) and time, shape (`ROWS`, columns)."""
    columns = max(1, len(samples) // HOP)
    padded = np.pad(samples, (_WINDOW // 2, _WINDOW + HOP))
    starts = np.arange(columns) * HOP
    window = np.hanning(_WINDOW).astype(np.float32)
    low, part = _rows(rate)
    found = np.empty((ROWS, columns), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)
    for first in range(0, columns, _AT_ONCE):
        some = frames[starts[first : first + _AT_ONCE]] * window
        power = np.abs(np.fft.rfft(some, _POINTS, axis=1)).astype(np.float32).T
        found[:, first : first + some.shape[0]] = power[low] * (1 - part[:, None]) + power[low + 1] * part[:, None]
    decibels = 20 * np.log10(found + 1e-6)
    decibels += np.linspace(14.0, 0.0, ROWS, dtype=np.float32)[:, None]  # high sounds are quiet and matter as much
    level = (decibels - decibels.max() + RANGE) / RANGE
    return (np.clip(level, 0, 1) ** 1.5 * 255).astype(np.uint8)


def row_of(hz: float) -> float:
    """Where a frequency lies in a spectrogram: 0 its top, 1 its bottom."""
    return float((_mel(HIGHEST) - _mel(hz)) / (_mel(HIGHEST) - _mel(LOWEST)))


def colour_table(stops: Sequence[tuple[int, int, int]]) -> NDArray[np.uint32]:
    """256 opaque colours through `stops`, as ARGB."""
    places = np.linspace(0, 1, len(stops))
    channels = [np.interp(np.linspace(0, 1, 256), places, [stop[one] for stop in stops]) for one in range(3)]
    red, green, blue = (np.round(channel).astype(np.uint32) for channel in channels)
    return (np.uint32(0xFF000000) | (red << 16) | (green << 8) | blue).astype(np.uint32)


def _cut(samples: NDArray[np.float32], length: int) -> NDArray[np.float32]:
    count = -(-len(samples) // length) or 1
    return np.pad(samples, (0, count * length - len(samples))).reshape(count, length)


def _rows(rate: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each row the bin below it and how far it is to the next."""
    mels = np.linspace(_mel(HIGHEST), _mel(LOWEST), ROWS)
    places = 700 * (10 ** (mels / 2595) - 1) * _POINTS / rate
    low = np.floor(places).astype(np.int64)
    return low, (places - low).astype(np.float32)


def _mel(hz: float) -> float:
    return float(2595 * np.log10(1 + hz / 700))
