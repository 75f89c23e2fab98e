"""The colour of a voice and its microphone: the long-term spectrum of speech, and an equaliser that changes it."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.tokens import SAMPLE_RATE

Floats: TypeAlias = NDArray[np.float32]
Decibels: TypeAlias = NDArray[np.float64]

EDGES = np.geomspace(80.0, 11_000.0, 29)
"""Hz between the 28 bands, a quarter of an octave each."""
BANDS = len(EDGES) - 1
MOST = 12.0
"""dB that a band is changed by at most."""

_CENTRES = np.sqrt(EDGES[1:] * EDGES[:-1])
_WINDOW = 1024
_HOP = 512
_SPEECH = 1e-3
"""Of the loud frames' power: what is quieter is no speech."""
_TAPS = 512
_LEAST = 50.0
"""dB below the loudest band: what lies deeper was cut off, by a codec or a telephone, and is left alone."""


def spectrum(sounds: Sequence[Floats], sample_rate: int) -> Decibels:
    """The mean power of speech in each band, dB, shape (28,), with the mean 0 over the bands that have any; NaN where
    there is none: beyond half of `sample_rate`, or cut off. `sounds`: mono, shape (n,), all at `sample_rate`."""
    total = np.zeros(_WINDOW // 2 + 1)
    for audio in sounds:
        power = _frames(audio)
        loud = power.sum(axis=1)
        if loud.any():
            total += power[loud > np.quantile(loud, 0.9) * _SPEECH].sum(axis=0)
    hertz = np.fft.rfftfreq(_WINDOW, 1 / sample_rate)
    within = np.interp(EDGES, hertz + hertz[1] / 2, np.cumsum(total))
    level = 10 * np.log10(np.maximum(np.diff(within) / np.diff(EDGES), 1e-20))
    level[EDGES[1:] > sample_rate / 2] = np.nan
    level[level < np.nanmax(level) - _LEAST] = np.nan
    return np.asarray(level - np.nanmean(level))


def _frames(audio: Floats) -> Decibels:
    padded = np.pad(audio, (0, max(0, _WINDOW - len(audio))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::_HOP]
    return np.asarray(np.square(np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1))))


def correction(wanted: Decibels, had: Decibels) -> Decibels:
    """How an equaliser turns one spectrum into another: dB in each band, shape (28,), within ±12, smooth, and with no
    change of loudness; 0 where either is not known."""
    difference = np.nan_to_num(wanted - had)
    smooth = np.convolve(np.pad(difference, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
    power = 10 ** (np.nan_to_num(had, nan=-100.0) / 10) * np.diff(EDGES)
    change = 10 * np.log10((power * 10 ** (smooth / 10)).sum() / power.sum())
    return np.asarray(np.clip(smooth - change, -MOST, MOST))


def equalised(audio: Floats, decibels: Decibels) -> Floats:
    """`audio` (mono, shape (n,), at 24 kHz) with its bands changed, as long and in time: the filter has no delay."""
    if not len(audio) or not decibels.any():
        return audio
    hertz = np.fft.rfftfreq(_TAPS, 1 / SAMPLE_RATE)
    gains = 10 ** (np.interp(np.log(np.maximum(hertz, 1.0)), np.log(_CENTRES), decibels) / 20)
    taps = np.roll(np.fft.irfft(gains), _TAPS // 2) * np.hanning(_TAPS + 1)[:-1]
    size = 1 << (len(audio) + _TAPS).bit_length()
    filtered = np.fft.irfft(np.fft.rfft(audio, size) * np.fft.rfft(taps, size), size)
    return filtered[_TAPS // 2 : _TAPS // 2 + len(audio)].astype(np.float32)
