"""Where exactly one leaves a piece of music and enters it elsewhere, so that nobody hears it.

The places are near those that were asked for: both sides are brought together to the sample by correlation, then the
seam is put where least happens, with a fade as long as it needs. What is heard is measured: the spectral flux at the
seam against that of the piece itself.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from audiostudio.music.analysis.beats import Floats
from audiostudio.music.fitting import Jump

Samples = NDArray[np.float32]
Read = Callable[[int, int], Samples]
"""float32 (channels, count) of a sound from a sample on; 0 outside of it."""

_WINDOW, _HOP = 0.046, 0.0116
"""Seconds over which the spectrum is looked at, and from one look to the next."""
_REACH = 0.03
"""Seconds by which a side is moved at most, so that both fit."""
_COMPARED = 0.25
"""Seconds that are compared for that."""
_FADES = (0.03, 0.1, 0.3)
"""Seconds over which one side goes over to the other."""
_OFFSETS = (-0.42, -0.3, -0.2, -0.12, -0.06, 0.0, 0.2, 0.35)
"""Of a beat, before the place: where the seam may lie."""


class Seam(NamedTuple):
    leave: int
    """The sample of the piece at whose place something else is played,"""
    enter: int
    """and from which."""
    fade: int
    """Samples over which that changes, around the place; even."""
    likeness: float
    """−1…1: the correlation of both sides, which decides the fade's shape."""
    flux: float
    """The most that happens at the seam."""


def flux(mono: Samples, sample_rate: int) -> Floats:
    """The spectral flux of float32 (n,): how much more there is of each frequency than a look before, summed."""
    window, hop = round(_WINDOW * sample_rate), round(_HOP * sample_rate)
    if len(mono) < window + hop:
        return np.zeros(0)
    shape = np.hanning(window).astype(np.float32)
    before: Samples | None = None
    found: list[Floats] = []
    looks = sliding_window_view(mono, window)[::hop]
    for start in range(0, len(looks), 256):
        spectrum = np.abs(np.fft.rfft(looks[start : start + 256] * shape, axis=1)).astype(np.float32)
        whole = spectrum if before is None else np.concatenate([before, spectrum])
        found.append(np.maximum(np.diff(whole, axis=0), 0.0).sum(axis=1, dtype=np.float64))
        before = spectrum[-1:]
    return np.concatenate(found)


def usual_flux(pieces: Iterator[Samples], sample_rate: int) -> float:
    """The 95th percentile of a whole sound's flux, given as float32 (channels, n) pieces in order; each piece is
    looked at by itself."""
    found = [flux(piece.mean(axis=0), sample_rate) for piece in pieces]
    values = np.concatenate(found) if found else np.zeros(0)
    return float(np.percentile(values, 95)) if len(values) else 0.0


def find_seam(read: Read, sample_rate: int, jump: Jump, beat: float, bound: float) -> Seam:
    """The best seam for a jump. `beat`: seconds of a step. One at or below `bound` (flux) is good; else it is the
    best there is."""
    reach = round(_REACH * sample_rate)
    leave, enter = round(jump.leave * sample_rate), round(jump.enter * sample_rate)
    enter += _moved(read, leave, enter, round(_COMPARED * sample_rate), reach)
    best: Seam | None = None
    for fade in _FADES:
        for offset in _OFFSETS:
            shift = round(offset * beat * sample_rate)
            one = _measured(read, sample_rate, leave + shift, enter + shift, round(fade * sample_rate) // 2 * 2)
            if best is None or one.flux < best.flux:
                best = one
        if best is not None and best.flux <= 0.8 * bound:
            break
    assert best is not None
    return best


def faded(before: Samples, after: Samples, likeness: float) -> Samples:
    """One sound going over to another, float32 (channels, n) both; as loud in the middle as they are."""
    rise = np.linspace(0.0, 1.0, before.shape[1] + 2)[1:-1]
    rise = rise * rise * (3 - 2 * rise)
    fall = 1 - rise
    power = np.sqrt(rise**2 + fall**2 + 2 * rise * fall * max(0.0, likeness))
    mixed: Samples = (before * (fall / power) + after * (rise / power)).astype(np.float32)
    return mixed


def _moved(read: Read, leave: int, enter: int, span: int, reach: int) -> int:
    """Samples by which the second place has to be moved so that both sounds lie on each other."""
    one = read(leave - span // 2, span).mean(axis=0)
    two = read(enter - span // 2 - reach, span + 2 * reach).mean(axis=0)
    size = 1 << (len(one) + len(two)).bit_length()
    product = np.fft.irfft(np.fft.rfft(two, size) * np.conj(np.fft.rfft(one, size)), size)[: 2 * reach + 1]
    total = np.concatenate([[0.0], np.cumsum(np.square(two, dtype=np.float64))])
    energy = np.sqrt(np.maximum(total[span : span + 2 * reach + 1] - total[: 2 * reach + 1], 1e-12))
    likeness = product / energy
    best = int(np.argmax(likeness * (1 - 0.1 * np.abs(np.arange(-reach, reach + 1)) / reach)))
    return best - reach


def _measured(read: Read, sample_rate: int, leave: int, enter: int, fade: int) -> Seam:
    """The seam at a place."""
    half, room = fade // 2, round(2 * _WINDOW * sample_rate)
    before = read(leave - half - room, room + fade)
    after = read(enter - half, fade + room)
    one, two = before[:, room:], after[:, :fade]
    likeness = _likeness(one, two)
    joined = np.concatenate([before[:, :room], faded(one, two, likeness), after[:, fade:]], axis=1)
    here = flux(joined.mean(axis=0), sample_rate)
    return Seam(leave, enter, fade, likeness, float(here.max(initial=0.0)))


def _likeness(one: Samples, two: Samples) -> float:
    power = np.sqrt(np.square(one, dtype=np.float64).sum() * np.square(two, dtype=np.float64).sum())
    return float((one.astype(np.float64) * two).sum() / power) if power > 1e-9 else 0.0


class Readable(Protocol):
    channels: int
    sample_rate: int
    length: int

    def read(self, start: int, count: int) -> Samples: ...


class Joined:
    """A sound played in another order: up to a seam, then from where it enters. Readable at any place."""

    def __init__(self, source: Readable, seams: Sequence[Seam], skip: int = 0, end: int | None = None) -> None:
        """`skip`: samples left out at the beginning; `end`: the sample of the source at which it ends."""
        self._source = source
        self._seams = tuple(seams)
        self.channels = source.channels
        self.sample_rate = source.sample_rate
        self._entries = [skip, *(one.enter for one in seams)]
        leaves = [*(one.leave for one in seams), source.length if end is None else end]
        self._starts = [0]
        for entry, leave in zip(self._entries, leaves, strict=True):
            self._starts.append(self._starts[-1] + leave - entry)
        self.length = self._starts.pop()

    @property
    def places(self) -> tuple[int, ...]:
        """The sample of the result at which each seam lies."""
        return tuple(self._starts[1:])

    def read(self, start: int, count: int) -> Samples:
        """float32 (channels, count); 0 outside of the sound. Raises as the source does."""
        out = np.zeros((self.channels, count), np.float32)
        first = max(0, bisect_right(self._starts, max(0, start)) - 1)
        for number in range(first, len(self._starts)):
            begin = max(start, self._starts[number]) if number else start
            end = self._starts[number + 1] if number + 1 < len(self._starts) else self.length
            if begin >= start + count or begin >= self.length:
                break
            stop = min(end, start + count)
            if stop > begin:
                place = self._entries[number] + begin - self._starts[number]
                out[:, begin - start : stop - start] = self._source.read(place, stop - begin)
        for number in range(max(1, first), len(self._starts)):
            if self._starts[number] - self._seams[number - 1].fade > start + count:
                break
            self._fade(out, start, number)
        return out

    def from_source(self, times: Iterable[float]) -> list[float]:
        """When sounds that are at `times` of the source are heard, in seconds; some more than once, some never."""
        wanted = np.array(sorted(times))
        found: list[float] = []
        ends = [*self._starts[1:], self.length]
        for entry, start, end in zip(self._entries, self._starts, ends, strict=True):
            begin = entry / self.sample_rate
            here = wanted[(wanted >= begin) & (wanted < begin + (end - start) / self.sample_rate)]
            found += (here - begin + start / self.sample_rate).tolist()
        return found

    def _fade(self, out: Samples, start: int, number: int) -> None:
        """Write the part of a seam's fade that lies in what is read from `start` on."""
        seam = self._seams[number - 1]
        half = seam.fade // 2
        begin = self._starts[number] - half
        first, last = max(begin, start), min(begin + seam.fade, start + out.shape[1])
        if last <= first:
            return
        one = self._source.read(seam.leave - half, seam.fade)
        two = self._source.read(seam.enter - half, seam.fade)
        mixed = faded(one, two, seam.likeness)
        out[:, first - start : last - start] = mixed[:, first - begin : last - begin]
