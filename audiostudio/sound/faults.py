"""What can be wrong with a recording that a machine can measure: clipping, and silence before, within and after."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FRAME = 0.01
"""Seconds of sound for each level."""
QUIET = -40.0
"""dB against the speech: what stays below is a pause."""
PAUSE = -32.0
"""dB against the speech: between words, where a breath or a room is heard, it is not as quiet as silence."""
LOWEST = -60.0
"""dBFS that count as silence in any recording."""

_SHORTEST = 8
"""Frames of a pause."""
_FULL = 1.0 - 2.0**-15
_RUN = 3
"""Samples at full scale in a row that make clipping: fewer are a loud sound that just reaches it."""


@dataclass(frozen=True, slots=True)
class Faults:
    seconds: float
    clipped: int
    """Samples at full scale, in runs of three or more."""
    before: float
    """Seconds of silence before the first sound; the whole length when there is none."""
    within: float
    """Seconds of the longest silence between the first sound and the last."""
    after: float
    quiet: tuple[tuple[float, float], ...]
    """Where it is quiet for 0.08 s or longer, as between words: seconds, half-open, in order."""


class FaultFinder:
    """Takes a sound piece by piece; memory grows by 400 bytes a second."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._frame = max(1, round(FRAME * sample_rate))
        self._levels: list[NDArray[np.float32]] = []
        self._rest = np.zeros(0, np.float32)
        self._samples = 0
        self._run = 0
        self._clipped = 0

    def push(self, samples: NDArray[np.float32]) -> None:
        """float32 (channels, n) or (n,)."""
        planar = np.atleast_2d(samples)
        self._samples += planar.shape[1]
        level = np.abs(planar).max(axis=0, initial=0.0)
        self._count_clipped(level >= _FULL)
        power = np.concatenate([self._rest, np.square(planar).mean(axis=0)])
        whole = len(power) // self._frame * self._frame
        self._levels.append(np.sqrt(power[:whole].reshape(-1, self._frame).mean(axis=1)))
        self._rest = power[whole:]

    def finish(self) -> Faults:
        """What was found. Nothing may be pushed afterwards."""
        self._count_clipped(np.zeros(1, np.bool_))
        if len(self._rest):
            self._levels.append(np.sqrt(self._rest.mean(keepdims=True)))
        levels = np.concatenate([np.zeros(0, np.float32), *self._levels])
        seconds = self._samples / self._rate
        loud = np.flatnonzero(levels > _threshold(levels, QUIET))
        if not len(loud):
            return Faults(seconds, self._clipped, seconds, 0.0, 0.0, ((0.0, seconds),) if seconds else ())
        frame = self._frame / self._rate
        within = float(np.diff(loud).max(initial=1) - 1) * frame
        before, after = int(loud[0]) * frame, max(0.0, seconds - (int(loud[-1]) + 1) * frame)
        return Faults(seconds, self._clipped, before, within, after, tuple(_pauses(levels, frame, seconds)))

    def _count_clipped(self, full: NDArray[np.bool_]) -> None:
        """A run that reaches the end of a piece is counted with the next."""
        if not len(full):
            return
        edges = np.flatnonzero(np.diff(np.concatenate([[False], full, [False]]).astype(np.int8))).tolist()
        carried, self._run = self._run, 0
        if not full[0]:
            self._add(carried)
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            run = end - start + (carried if start == 0 else 0)
            if end == len(full):
                self._run = run
            else:
                self._add(run)

    def _add(self, run: int) -> None:
        if run >= _RUN:
            self._clipped += run


def _threshold(levels: NDArray[np.float32], below: float) -> float:
    """The level that parts sound from silence: `below` the loud parts, whatever noise the room has."""
    lowest = 10 ** (LOWEST / 20)
    heard = levels[levels > lowest]
    speech = float(np.percentile(heard, 90)) if len(heard) else 0.0
    return max(lowest, speech * 10 ** (below / 20))


def _pauses(levels: NDArray[np.float32], frame: float, seconds: float) -> Iterator[tuple[float, float]]:
    loud = np.flatnonzero(levels > _threshold(levels, PAUSE))
    edges = np.concatenate([[-1], loud, [len(levels)]])
    for at in np.flatnonzero(np.diff(edges) > _SHORTEST):
        yield (float(edges[at] + 1) * frame, min(float(edges[at + 1]) * frame, seconds))
