"""A limiter that sees peaks coming, also those between the samples."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.effects.catalogue import limiter_latency, look_ahead
from audiostudio.sound.effects.dynamics import Ballistics, Glide, Hold, greatest
from audiostudio.sound.effects.processor import STEP, Processor, amplitude

_TAPS = 24
_HALF = _TAPS // 2
_UNHEARD = np.float32(1e-6)
_PHASES = (0.25, 0.5, 0.75)


def _interpolator(phase: float) -> NDArray[np.float32]:
    """A windowed sinc that gives what is `phase` of the way between two samples (BS.1770 asks for 4 times)."""
    at = np.arange(_TAPS) - (_HALF - 1) - phase
    window = np.i0(5.0 * np.sqrt(np.maximum(0.0, 1.0 - (at / _HALF) ** 2))) / np.i0(5.0)
    taps = np.sinc(at) * window
    found: NDArray[np.float32] = (taps / taps.sum()).astype(np.float32)
    return found


_INTERPOLATORS = tuple(_interpolator(phase) for phase in _PHASES)
_MOST = np.float32(max(float(np.abs(taps).sum()) for taps in _INTERPOLATORS))
"""How far a peak between samples can be above all of them."""


class TruePeaks:
    """The greatest value of both channels, at the samples and between them, for every `STEP` samples.

    Late by half of its filter: what it gives for sample n was at n − 12.
    """

    LATENCY = _HALF

    def __init__(self) -> None:
        self._before = np.zeros((2, _TAPS - 1), np.float32)

    def reset(self) -> None:
        self._before = np.zeros((2, _TAPS - 1), np.float32)

    def follow(self, sound: NDArray[np.float32], floor: np.float32) -> NDArray[np.float32]:
        """float32 (2, n) → float32 (n / STEP,). Where nothing can be above `floor`, only the samples count."""
        count = sound.shape[1]
        line = np.concatenate([self._before, sound], axis=1)
        self._before = line[:, count:]
        found = greatest(line[:, _HALF - 1 : _HALF - 1 + count])
        if np.abs(line).max() * _MOST <= floor:
            return found
        for taps in _INTERPOLATORS:
            between = line[:, :count] * taps[0]
            for number in range(1, _TAPS):
                between += line[:, number : number + count] * taps[number]
            found = np.maximum(found, greatest(between))
        return found


class Limiter(Processor):
    """The gain is down when a peak comes, because it is held for as long as it takes to go there in a straight line,
    and the sound waits for as long."""

    _MARGIN = 0.5
    """dB, for what lies between the places that are looked at: full-band noise, the worst there is, needs 0.5."""

    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        self.latency = limiter_latency(sample_rate)
        self._steps = look_ahead(sample_rate)
        self._peaks = TruePeaks()
        self._hold = Hold(self._steps)
        self._release = Ballistics(sample_rate / STEP, 0.0, values["release"])
        self._glide = Glide()
        waits = self._steps * STEP + TruePeaks.LATENCY
        self._waiting = np.zeros((2, waits), np.float32)
        self._rest = np.zeros((2, self.latency - waits), np.float32)
        self._held = np.zeros(self._steps - 1, np.float32)

    def changed(self, name: str) -> None:
        self._release.set_times(0.0, self.values["release"])

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        count = sound.shape[1]
        driven = sound * amplitude(self.values["gain"]) if self.values["gain"] else sound
        gains = self._gains(driven)
        line = np.concatenate([self._waiting, driven], axis=1)
        self._waiting = line[:, count:].copy()
        limited = line[:, :count] * self._glide.samples(gains)
        out = np.concatenate([self._rest, limited], axis=1)
        self._rest = out[:, count:].copy()
        return out[:, :count]

    def reset(self) -> None:
        for part in (self._peaks, self._hold, self._release, self._glide):
            part.reset()
        for line in (self._waiting, self._rest, self._held):
            line[:] = 0.0

    def _gains(self, driven: NDArray[np.float32]) -> NDArray[np.float32]:
        """For every `STEP` samples of what comes out."""
        ceiling = amplitude(self.values["ceiling"] - self._MARGIN)
        peaks = self._peaks.follow(driven, ceiling)
        down = np.maximum(np.float32(1.0) - ceiling / np.maximum(peaks, ceiling), np.float32(0.0))
        down = self._release.follow(self._hold.follow(down))
        line = np.concatenate([self._held, down])
        self._held = line[len(down) :].copy()
        smooth = np.zeros_like(down)
        for number in range(self._steps):
            smooth += line[number : number + len(down)]
        smooth *= np.float32(1.0 / self._steps)
        return np.where(smooth < _UNHEARD, np.float32(1.0), np.float32(1.0) - smooth)
