"""The two ends of Kokoro's decoder: the hum that it shapes, and the spectrum that it makes, to and from sound.

In double precision where phase adds up, so that pitch stays exact however long the sentence is.
"""

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.kokoro.stages import Floats
from audiostudio.engines.tokens import SAMPLE_RATE

_WINDOW = 20
_HOP = 5
_BINS = _WINDOW // 2 + 1
_HALF_FRAME = 300
_VOICED = 10.0
_LOUDNESS = 0.1


class Harmonics:
    """Makes the hum: sines at F0 and its multiples, as the spectrum that the decoder's network reads."""

    def __init__(self, weights: Floats, bias: float) -> None:
        """`weights` of F0 and each multiple of it."""
        self._weights = weights
        self._bias = bias
        self._basis = _forward_basis()

    def spectrum(self, f0: Floats) -> Floats:
        """Magnitudes and phases, shape (22, 120 · frames + 1), of the hum at `f0` Hz, shape (2 · frames,)."""
        hum = np.pad(self._hum(f0), _WINDOW // 2, mode="reflect")
        frames = np.lib.stride_tricks.sliding_window_view(hum, _WINDOW)[::_HOP]
        real, imaginary = np.split((frames @ self._basis).T, 2)
        return np.concatenate([np.hypot(real, imaginary), np.arctan2(imaginary, real)])

    def _hum(self, f0: Floats) -> Floats:
        phase = np.cumsum(f0, dtype=np.float64) * (_HALF_FRAME / SAMPLE_RATE)
        angle = (2 * np.pi * (_between(phase) % 1.0)).astype(np.float32)
        sines = _sine_sum(angle, self._weights) * np.float32(_LOUDNESS)
        sines *= np.repeat(f0 > _VOICED, _HALF_FRAME)
        hum: Floats = np.tanh(sines + np.float32(self._bias))
        return hum


def sound_of(spectrum: Floats, basis: Floats) -> Floats:
    """The sound whose log magnitudes and phase sines are `spectrum`, shape (22, 120 · frames + 1): (600 · frames,)."""
    magnitude = np.exp(spectrum[:_BINS])
    phase = np.sin(spectrum[_BINS:])
    blocks = np.concatenate([magnitude * np.cos(phase), magnitude * np.sin(phase)]).T @ basis
    hops = _WINDOW // _HOP
    sound = np.zeros((len(blocks) + hops - 1, _HOP), np.float32)
    for hop in range(hops):
        sound[hop : hop + len(blocks)] += blocks[:, hop * _HOP : (hop + 1) * _HOP]
    edge = _WINDOW // 2
    return sound.reshape(-1)[edge:-edge] * np.float32(_WINDOW / _HOP)


def _forward_basis() -> Floats:
    """Of a short Fourier transform with a Hann window, shape (20, 22): real parts, then imaginary parts.

    The imaginary parts of the first and last bin are exactly 0, so that a negative one has the phase +π.
    """
    n = np.arange(_WINDOW)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * n / _WINDOW)
    angle = 2 * np.pi * np.outer(n, np.arange(_BINS)) / _WINDOW
    sine = -np.sin(angle)
    sine[:, [0, -1]] = 0
    return np.concatenate([np.cos(angle), sine], axis=1).astype(np.float32) * window[:, None].astype(np.float32)


def _between(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """`values`, each the middle of a half frame, joined by straight lines: one value a sample."""
    places = (np.arange(len(values) * _HALF_FRAME) + 0.5) / _HALF_FRAME - 0.5
    return np.interp(places, np.arange(len(values)), values)


def _sine_sum(angle: Floats, weights: Floats) -> Floats:
    """Σ weights[k] · sin((k + 1) · angle), by Clenshaw's recurrence."""
    double = 2 * np.cos(angle)
    after = np.zeros_like(angle)
    here = np.zeros_like(angle)
    for weight in weights[::-1]:
        here, after = weight + double * here - after, here
    return here * np.sin(angle)
