"""How high a voice speaks, by autocorrelation (after de Cheveigné and Kawahara's YIN)."""

import numpy as np
from numpy.typing import NDArray

_WINDOW = 0.040
_HOP = 0.010
_LOWEST = 60.0
_HIGHEST = 800.0
_CLEAR = 0.12


def melody(audio: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    """F0 in Hz, one value each 10 ms; 0 where no voice is clear."""
    return heard(audio, sample_rate)[1]


def heard(audio: NDArray[np.float32], sample_rate: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Places in samples, 10 ms apart, and the F0 there in Hz; 0 where no voice is clear."""
    window, hop = int(_WINDOW * sample_rate), int(_HOP * sample_rate)
    longest, shortest = int(sample_rate / _LOWEST), int(sample_rate / _HIGHEST)
    level = np.sqrt(np.mean(audio**2)) * 0.1
    found = []
    for start in range(0, len(audio) - window - longest, hop):
        frame = audio[start : start + window + longest].astype(np.float64)
        found.append(_pitch(frame, window, shortest, longest, sample_rate) if np.std(frame) > level else 0.0)
    hz = np.array(found)
    starts = np.arange(len(hz)) * hop
    return starts + window / 2 + sample_rate / np.where(hz > 0, hz, np.inf) / 2, hz


def _pitch(frame: NDArray[np.float64], window: int, shortest: int, longest: int, sample_rate: int) -> float:
    head = frame[:window]
    squares = np.concatenate([[0], np.cumsum(frame**2)])
    energy = squares[window : window + longest] - squares[:longest]
    size = 1 << (len(frame) + window).bit_length()
    product = np.fft.irfft(np.fft.rfft(frame, size) * np.conj(np.fft.rfft(head, size)), size)[:longest]
    difference = energy[0] + energy - 2 * product
    normal = np.ones(longest)
    normal[1:] = difference[1:] * np.arange(1, longest) / np.maximum(np.cumsum(difference[1:]), 1e-12)
    below = np.flatnonzero(normal[shortest:-1] < _CLEAR)
    if not len(below):
        return 0.0
    lag = shortest + int(below[0])
    while lag + 1 < longest - 1 and normal[lag + 1] < normal[lag]:
        lag += 1
    a, b, c = difference[lag - 1 : lag + 2]
    curve = a - 2 * b + c
    return sample_rate / (lag + (0.5 * (a - c) / curve if curve > 0 else 0.0))


def cents(changed: NDArray[np.float64], plain: NDArray[np.float64], shift: float = 0.0) -> NDArray[np.float64]:
    """For each moment where both have a voice: how far `changed` is from `plain` moved by `shift` semitones.

    Octave errors of the tracker (more than 500 cents) are left out.
    """
    length = min(len(changed), len(plain))
    changed, plain = changed[:length], plain[:length]
    both = (changed > 0) & (plain > 0)
    off = 1200 * np.log2(changed[both] / plain[both]) - 100 * shift
    return off[np.abs(off) < 500]
