"""How loud a sound is (ITU-R BS.1770, EBU R 128), its true peak, its silences, and bringing it to a loudness."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

import av
import av.error
import numpy as np
from av.filter import Graph
from numpy.typing import NDArray

from audiostudio.sound.files import Sound
from audiostudio.sound.resample import Resampler
from audiostudio.sound.writer import LAYOUTS

QUIETEST = -70.0
"""LUFS: the absolute gate of BS.1770. What is below counts as silence."""
UNHEARD = np.float32(1e-9)
"""Put under what FFmpeg's `ebur128` weighs: of nothing but zeros it takes 14 times as long (denormal numbers)."""
_BLOCK_SECONDS = 0.4
_PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Loudness:
    integrated: float
    """LUFS; -inf for silence. A mono sound reads 3 LU lower than the same sound on two channels, as BS.1770 has it."""
    true_peak: float
    """dBTP: the highest level between the samples, 4 times oversampled; -inf for digital silence."""
    clipped: int
    """Samples in runs of two or more at or beyond full scale: such runs are heard as distortion."""


def loudness(sound: Sound) -> Loudness:
    """Of a whole sound. One shorter than 0.4 s, BS.1770's block, is measured as if it were repeated."""
    samples = sound.samples
    return measure((samples[:, at : at + _PIECE] for at in range(0, samples.shape[1], _PIECE)), sound.sample_rate)


def measure(chunks: Iterable[NDArray[np.float32]], sample_rate: int) -> Loudness:
    """Of float32 (channels, n) chunks as they come, in constant memory."""
    meter: Meter | None = None
    for chunk in chunks:
        meter = meter or Meter(sample_rate, chunk.shape[0])
        for at in range(0, chunk.shape[1], _PIECE):
            meter.push(chunk[:, at : at + _PIECE])
    return meter.finish() if meter else Loudness(-math.inf, -math.inf, 0)


def normalise(sound: Sound, lufs: float = -16.0, true_peak: float = -1.0) -> Sound:
    """The sound at an integrated loudness of `lufs`, or as near as its true peak may stay below `true_peak` dBTP.

    One gain for the whole sound: nothing is compressed or limited. Silence stays as it is.
    """
    now = loudness(sound)
    if not math.isfinite(now.integrated):
        return sound
    gain = min(lufs - now.integrated, true_peak - now.true_peak)
    return Sound(sound.samples * np.float32(10 ** (gain / 20)), sound.sample_rate)


def silences(
    samples: NDArray[np.float32], sample_rate: int, threshold: float = -50.0, shortest: float = 0.2
) -> list[tuple[int, int]]:
    """Where float32 (channels, n) or (n,) stays below `threshold` dBFS for at least `shortest` seconds: half-open
    ranges of samples, exact, in order."""
    planar = np.atleast_2d(samples)
    loud = np.flatnonzero(np.abs(planar).max(axis=0) >= 10 ** (threshold / 20))
    edges = np.concatenate([[-1], loud, [planar.shape[1]]])
    gaps = np.flatnonzero(np.diff(edges) - 1 >= max(1, shortest * sample_rate))
    return [(int(edges[gap]) + 1, int(edges[gap + 1])) for gap in gaps]


class Meter:
    """Measures a sound as it comes, in constant memory. `live_loudness` tells meanwhile."""

    def __init__(self, sample_rate: int, channels: int) -> None:
        self._rate = sample_rate
        self._layout = LAYOUTS.get(channels, "mono")
        self._channels = channels
        self._graph = self._make_graph()
        self._integrated = -math.inf
        self._pushed = 0
        self._short = np.zeros((channels, 0), np.float32)
        """The beginning of the sound, while it is shorter than a block."""
        self._oversampler = Resampler(sample_rate, 4 * sample_rate, channels)
        self._peak = 0.0
        self._clipped = 0
        self._full_before = np.zeros((channels, 2), np.bool_)

    def push(self, planar: NDArray[np.float32]) -> None:
        """float32 (channels, n)."""
        if self._pushed + self._short.shape[1] < _BLOCK_SECONDS * self._rate:
            planar_so_far = np.concatenate([self._short, planar], axis=1)
            if planar_so_far.shape[1] >= _BLOCK_SECONDS * self._rate:
                self._weigh(planar_so_far)
                planar_so_far = planar_so_far[:, :0]
            self._short = planar_so_far
        else:
            self._weigh(planar)
        self._find_peak(self._oversampler.push(planar))
        self._find_peak(planar)
        self._count_clipped(planar)

    def finish(self) -> Loudness:
        """What was measured. Nothing may be pushed afterwards."""
        if self._short.shape[1]:
            times = math.ceil(2 * _BLOCK_SECONDS * self._rate / self._short.shape[1])
            self._weigh(np.tile(self._short, times))
        self._find_peak(self._oversampler.finish())
        self._count_clipped(np.zeros((self._channels, 1), np.float32))
        self._graph.push(None)
        self._read()
        integrated = self._integrated if self._integrated > QUIETEST else -math.inf
        return Loudness(integrated, 20 * math.log10(self._peak) if self._peak else -math.inf, self._clipped)

    def _make_graph(self) -> Graph:
        graph = Graph()
        source = graph.add_abuffer(
            sample_rate=self._rate, format="fltp", layout=self._layout, time_base=Fraction(1, self._rate)
        )
        meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        return graph

    def _weigh(self, planar: NDArray[np.float32]) -> None:
        mixed = planar if self._channels in LAYOUTS else planar.mean(axis=0, keepdims=True)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(mixed + UNHEARD), "fltp", self._layout)
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._pushed
        self._pushed += planar.shape[1]
        self._graph.push(frame)
        self._read()

    def _read(self) -> None:
        for frame in _pulled(self._graph):
            self._integrated = float(frame.metadata.get("lavfi.r128.I", self._integrated))

    def _find_peak(self, planar: NDArray[np.float32]) -> None:
        self._peak = max(self._peak, float(np.abs(planar).max(initial=0.0)))

    def _count_clipped(self, planar: NDArray[np.float32]) -> None:
        """A full sample counts when one beside it is full; the last of a chunk is judged with the next chunk."""
        full = np.concatenate([self._full_before, np.abs(planar) >= 1.0 - 2.0**-15], axis=1)
        middle = full[:, 1:-1]
        self._clipped += int(np.count_nonzero(middle & (full[:, :-2] | full[:, 2:])))
        self._full_before = full[:, -2:]


def _pulled(graph: Graph) -> Iterator[av.AudioFrame]:
    while True:
        try:
            frame = graph.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        assert isinstance(frame, av.AudioFrame)
        yield frame
