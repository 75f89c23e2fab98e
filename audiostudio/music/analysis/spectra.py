"""What is heard in a recording, frame by frame: onsets, timbre, pitch classes. In constant memory for its sound."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Array = NDArray[np.float32]

RATE = 22_050
"""Hz: what is listened to."""
HOP = 256
"""Samples from one frame to the next; 86 frames a second."""
FPS = RATE / HOP
COARSE = 8
"""Frames of one coarse frame: 11 a second."""
BANDS = 40
BINS = 60
"""Of an octave: five of a semitone, so that a recording may be out of tune."""

_WINDOW = 1024
_LONG = 8192
_BLOCK = 1 << 18
"""Samples that are looked at together."""
_LOW = 6
"""Bands below 200 Hz or so: bass drum and bass."""
_LOWEST, _HIGHEST = 50.0, 4200.0
"""Hz of tones that say something of the key."""
_PRESSED = 60.0
"""How much louder sounds are pressed towards quiet ones before onsets are looked for."""
_FLOOR = 1e-5
"""Amplitude of what is silence."""


@dataclass(frozen=True, slots=True)
class Spectra:
    """Everything that the rest of the analysis looks at. Frame n is centred on sample n · HOP."""

    onsets: Array
    """Shape (frames,), 0…: how much more there is than just before, in all bands."""
    low_onsets: Array
    """The same, of the lowest bands."""
    timbre: Array
    """Shape (coarse frames, BANDS): decibels of mel bands, 0 the loudest there can be."""
    chroma: Array
    """Shape (coarse frames, BINS): how much of each pitch class from C, 0…."""
    bass: Array
    """The same, of tones below 250 Hz."""
    level: Array
    """Shape (coarse frames,): RMS, 0…1."""
    seconds: float


class Listener:
    """Takes mono sound at `RATE` in pieces."""

    def __init__(self) -> None:
        self._fine = _Windows(np.zeros(_WINDOW // 2, np.float32))
        self._wide = _Windows(np.zeros(_LONG // 2, np.float32))
        self._before = np.zeros((2, BANDS), np.float32)
        self._found: dict[str, list[Array]] = {
            name: [] for name in ("onsets", "low", "bands", "chroma", "bass", "level")
        }
        self._samples = 0

    def push(self, mono: Array) -> None:
        """float32 (n,)."""
        self._samples += len(mono)
        for start in range(0, len(mono), _BLOCK):
            piece = mono[start : start + _BLOCK]
            self._look_closely(self._fine.push(piece, _WINDOW, HOP))
            self._look_widely(self._wide.push(piece, _LONG, HOP * COARSE))

    def finish(self) -> Spectra:
        """All frames, to the end of the sound. Nothing may be pushed afterwards."""
        frames = self._samples // HOP + 1
        coarse = (frames - 1) // COARSE + 1
        self._look_closely(self._fine.push(np.zeros(_WINDOW + HOP, np.float32), _WINDOW, HOP))
        self._look_widely(self._wide.push(np.zeros(_LONG + HOP * COARSE, np.float32), _LONG, HOP * COARSE))
        found = {name: np.concatenate(parts) for name, parts in self._found.items()}
        bands = found["bands"][:frames]
        short = -len(bands) % COARSE
        timbre = np.pad(bands, ((0, short), (0, 0)), "edge").reshape(-1, COARSE, BANDS).mean(axis=1, dtype=np.float32)
        return Spectra(
            found["onsets"][:frames],
            found["low"][:frames],
            timbre[:coarse],
            found["chroma"][:coarse],
            found["bass"][:coarse],
            found["level"][:coarse],
            self._samples / RATE,
        )

    def _look_closely(self, windows: Array) -> None:
        if not len(windows):
            return
        power = np.abs(np.fft.rfft(windows * _hann(_WINDOW), axis=1)).astype(np.float32)
        mel = power @ _mel()
        bands = np.concatenate([self._before, np.log1p(_PRESSED * mel)])
        # Against the loudest of two frames before and of the bands beside: vibrato is no onset (SuperFlux).
        padded = np.pad(bands, ((0, 0), (1, 1)), "edge")
        beside = np.maximum(np.maximum(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
        rise = np.maximum(bands[2:] - beside[:-2], 0.0)
        self._before = bands[-2:]
        self._found["onsets"].append(rise.mean(axis=1, dtype=np.float32))
        self._found["low"].append(rise[:, :_LOW].mean(axis=1, dtype=np.float32))
        self._found["bands"].append(20 * np.log10(np.maximum(mel, _FLOOR)))

    def _look_widely(self, windows: Array) -> None:
        for start in range(0, len(windows), 64):
            some = windows[start : start + 64]
            magnitude = np.abs(np.fft.rfft(some * _hann(_LONG), axis=1)).astype(np.float32)
            chroma, bass = _pitch_classes(magnitude)
            middle = some[:, _LONG // 2 - HOP * COARSE // 2 : _LONG // 2 + HOP * COARSE // 2]
            self._found["chroma"].append(chroma)
            self._found["bass"].append(bass)
            self._found["level"].append(np.sqrt(np.square(middle).mean(axis=1, dtype=np.float32)))


class _Windows:
    """Sound that is looked at through windows that overlap."""

    def __init__(self, before: Array) -> None:
        self._held = before

    def push(self, piece: Array, window: int, hop: int) -> Array:
        """The windows that are whole now, shape (n, window)."""
        held = np.concatenate([self._held, piece])
        count = max(0, (len(held) - window) // hop + 1)
        self._held = held[count * hop :]
        if not count:
            return np.zeros((0, window), np.float32)
        windows: Array = sliding_window_view(held, window)[: count * hop : hop]
        return windows


def listen(chunks: Iterable[Array]) -> Spectra:
    """Mono sound at `RATE`, in pieces of any length."""
    listener = Listener()
    for chunk in chunks:
        listener.push(chunk)
    return listener.finish()


def pieces(mono: Array) -> Iterator[Array]:
    for start in range(0, len(mono), _BLOCK):
        yield mono[start : start + _BLOCK]


@cache
def _hann(length: int) -> Array:
    window: Array = np.hanning(length + 1)[:-1].astype(np.float32)
    return window * np.float32(2 / length)


@cache
def _mel() -> Array:
    """Shape (bins, BANDS): triangles on the mel scale, 30 Hz … 10 kHz."""
    edges = 700 * (10 ** (np.linspace(_to_mel(30.0), _to_mel(10_000.0), BANDS + 2) / 2595) - 1)
    hertz = np.arange(_WINDOW // 2 + 1) * RATE / _WINDOW
    width = RATE / _WINDOW
    low, middle, high = edges[:-2], edges[1:-1], edges[2:]
    rising = (hertz[:, None] - low) / np.maximum(middle - low, width)
    falling = (high - hertz[:, None]) / np.maximum(high - middle, width)
    triangles = np.maximum(0.0, np.minimum(rising, falling))
    bank: Array = (triangles / np.maximum(triangles.sum(axis=0), 1e-9)).astype(np.float32)
    return bank


def _to_mel(hertz: float) -> float:
    return float(2595 * np.log10(1 + hertz / 700))


def _pitch_classes(magnitude: Array) -> tuple[Array, Array]:
    """Tones (peaks of the spectrum) by pitch class: all, and those of the bass. Each weighs by the root of its
    amplitude, so that a quiet chord counts beside a loud bass; and where its overtones would lie too."""
    frames = len(magnitude)
    first, last = int(_LOWEST * _LONG / RATE), int(_HIGHEST * _LONG / RATE)
    here = magnitude[:, first:last]
    left, right = magnitude[:, first - 1 : last - 1], magnitude[:, first + 1 : last + 1]
    floor = np.maximum(_FLOOR, 0.01 * here.max(axis=1, keepdims=True))
    row, column = np.nonzero((here > left) & (here >= right) & (here > floor))
    a, b, c = (np.log(np.maximum(one[row, column], 1e-12)) for one in (left, here, right))
    shift = 0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-6)
    hertz = (column + first + np.clip(shift, -0.5, 0.5)) * RATE / _LONG
    weight = np.sqrt(here[row, column])
    chroma, bass = np.zeros((frames, BINS), np.float32), np.zeros((frames, BINS), np.float32)
    place = np.log2(hertz / 261.6256) * BINS
    for harmonic, share in ((1, 1.0), (3, 0.1), (5, 0.05)):
        bins = np.rint(place - BINS * np.log2(harmonic)).astype(np.int64) % BINS
        np.add.at(chroma, (row, bins), weight * np.float32(share))
    deep = hertz < 250.0
    np.add.at(bass, (row[deep], np.rint(place[deep]).astype(np.int64) % BINS), weight[deep])
    return chroma, bass
