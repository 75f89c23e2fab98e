"""How loud a sound is while it is made: what a loudness meter (EBU R 128, EBU Tech 3341) shows."""

import math
from fractions import Fraction
from typing import NamedTuple

import av
import av.error
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from audiostudio.sound.loudness import UNHEARD


class LoudnessNow(NamedTuple):
    """LUFS and dBTP; −inf for silence."""

    momentary: float = -math.inf
    """Of the last 0.4 s."""
    short_term: float = -math.inf
    """Of the last 3 s."""
    integrated: float = -math.inf
    """Since the beginning."""
    true_peak: float = -math.inf
    """The highest since the beginning."""


_SILENT = -120.0


class LiveLoudness:
    """Of stereo sound as it comes; a new value every 0.1 s of it."""

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self.now = LoudnessNow()
        self._pushed = 0
        self._graph = Graph()
        source = self._graph.add_abuffer(
            sample_rate=self._rate, format="fltp", layout="stereo", time_base=Fraction(1, self._rate)
        )
        meter = self._graph.add("ebur128", "metadata=1:peak=true")
        sink = self._graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        self._graph.configure()

    def push(self, sound: NDArray[np.float32]) -> LoudnessNow:
        """float32 (2, n)."""
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound + UNHEARD), "fltp", "stereo")
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._pushed
        self._pushed += sound.shape[1]
        self._graph.push(frame)
        while True:
            try:
                metered = self._graph.pull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return self.now
            assert isinstance(metered, av.AudioFrame)
            self._read(metered.metadata)

    def _read(self, found: dict[str, str]) -> None:
        def value(name: str, silent: float) -> float:
            loud = float(found.get(f"lavfi.r128.{name}", "-inf"))
            return loud if loud > silent else -math.inf

        peak = max(float(found.get(f"lavfi.r128.true_peaks_ch{channel}", 0.0)) for channel in (0, 1))
        decibels = 20 * math.log10(peak) if peak > 10 * UNHEARD else -math.inf
        self.now = LoudnessNow(
            value("M", _SILENT),
            value("S", _SILENT),
            value("I", -70.0),
            max(self.now.true_peak, decibels),
        )
