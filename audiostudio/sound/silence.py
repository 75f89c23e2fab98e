"""Where a sound is silent, from its outline: found again in milliseconds for another threshold."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.peaks import LEVELS, Peaks

LOWEST, HIGHEST = -70.0, -20.0
"""dBFS that a threshold lies between."""
_BELOW = -32.0
"""dB against the speech: what stays below is a pause, where the room is as quiet as that."""
_ABOVE = 8.0
"""dB above the noise of a room: what is louder is no noise."""
_CLEAR = -15.0
"""dB against the speech that a pause is below in any room."""
_CLICK = 0.03
"""Seconds: a shorter sound between silences is none, but a click or a breath."""
_BLOCKS = 2
"""Of 256 samples: about 10 ms, in which a voice's lowest tone has its level."""


@dataclass(frozen=True, slots=True)
class Levels:
    """The level of a sound every few samples."""

    step: int
    """Samples."""
    length: int
    """Samples of the whole."""
    sample_rate: int
    decibels: NDArray[np.float32]
    """(n,), RMS in dBFS of the loudest channel; −120 is nothing."""

    @property
    def threshold(self) -> float:
        """dBFS that parts silence from speech: below the loud parts, above the noise of the room."""
        heard = self.decibels[self.decibels > LOWEST]
        if not len(heard):
            return LOWEST
        speech, room = (float(np.percentile(part, share)) for part, share in ((heard, 90), (self.decibels, 10)))
        wanted = min(max(speech + _BELOW, room + _ABOVE), speech + _CLEAR)
        return min(HIGHEST, max(LOWEST, wanted))

    def quiet(self, threshold: float | None = None, least: float = 0.1) -> list[tuple[int, int]]:
        """Where it stays below `threshold` dBFS (None: its own) for `least` seconds: samples, half-open, in order."""
        level = self.threshold if threshold is None else threshold
        loud = _without_clicks(self.decibels > level, math.ceil(_CLICK * self.sample_rate / self.step))
        edges = np.flatnonzero(np.diff(np.concatenate([[True], loud, [True]]).astype(np.int8)))
        shortest = least * self.sample_rate
        spans = [
            (int(first) * self.step, min(int(last) * self.step, self.length))
            for first, last in edges.reshape(-1, 2).tolist()
        ]
        return [(first, last) for first, last in spans if last - first >= shortest]


def levels(outline: Peaks) -> Levels:
    """Of what `sound.peaks` found."""
    rms = outline.levels[0][:, 2].astype(np.float64) / 32_767
    power = np.square(rms).max(axis=0, initial=0.0)
    if len(power) % _BLOCKS:
        power = np.append(power, power[-1])
    mean = power.reshape(-1, _BLOCKS).mean(axis=1)
    decibels = (10 * np.log10(np.maximum(mean, 1e-12))).astype(np.float32)
    return Levels(LEVELS[0] * _BLOCKS, outline.length, outline.sample_rate, decibels)


def _without_clicks(loud: NDArray[np.bool_], frames: int) -> NDArray[np.bool_]:
    """Sounds of fewer than `frames` in a row are silence; not at the ends, where they may go on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(np.int8))).reshape(-1, 2)
    kept = loud.copy()
    for first, last in edges[np.diff(edges, axis=1)[:, 0] < frames].tolist():
        if first > 0 and last < len(loud):
            kept[first:last] = False
    return kept
