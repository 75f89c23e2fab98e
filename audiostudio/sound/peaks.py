"""What a waveform widget draws: the least, the greatest and the RMS value of every few samples, at three sizes."""

import contextlib
import hashlib
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import StorageError, UnreadableMedia
from audiostudio.files import replace_file
from audiostudio.sound.files import SoundStream
from audiostudio.sound.pcm import PcmFile

LEVELS = (256, 4_096, 65_536)
"""Samples in one block of each level."""
_FULL = 32_767
_PIECE = LEVELS[-1]
"""Samples read at once."""
_MAGIC = int.from_bytes(b"peaks  1", "little")
_HEADER = 32


@dataclass(frozen=True, slots=True)
class Peaks:
    """A sound's outline: about 1.1 kB for each second and channel at 48 kHz."""

    sample_rate: int
    length: int
    """Samples of each channel."""
    levels: tuple[NDArray[np.int16], ...]
    """For each of `LEVELS`: int16 (channels, 3, blocks), least, greatest and RMS; full scale is 32767."""

    @property
    def channels(self) -> int:
        return int(self.levels[0].shape[0])

    def view(
        self, start: int, end: int, pixels: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Least, greatest and RMS value of samples start…end for each of `pixels` columns: float32 (channels, pixels).

        No peak is ever missed: a column also shows the rest of the blocks it only touches. Outside the sound all is 0.
        Time grows with `pixels`, not with the length. Below 256 samples a pixel, draw the samples themselves.
        """
        if pixels <= 0 or end <= start:
            empty = np.zeros((self.channels, max(0, pixels)), np.float32)
            return empty, empty, empty
        fitting = [number for number, block in enumerate(LEVELS) if block * pixels <= end - start]
        number = fitting[-1] if fitting else 0
        block, level = LEVELS[number], self.levels[number]
        edges = start + np.arange(pixels + 1, dtype=np.int64) * (end - start) // pixels
        count = level.shape[2]
        first = np.clip(edges[:-1] // block, 0, count)
        stop = np.clip(-(-edges[1:] // block), first, count)
        stop = np.where((first < count) & (edges[1:] > 0), np.maximum(stop, first + 1), first)
        begin = first[0]
        seen = np.zeros((self.channels, 3, int(stop[-1] - begin) + 1), np.float32)  # one more, for ranges at the end
        np.multiply(level[:, :, begin : stop[-1]], np.float32(1 / _FULL), out=seen[:, :, :-1])
        np.square(seen[:, 2], out=seen[:, 2])
        pairs = np.stack([first - begin, stop - begin], axis=1).reshape(-1)
        least, greatest, power = (
            np.where(stop > first, combine.reduceat(seen[:, row], pairs, axis=1)[:, ::2], np.float32(0.0))
            for row, combine in enumerate((np.minimum, np.maximum, np.add))
        )
        return least, greatest, np.sqrt(power / np.maximum(stop - first, 1, dtype=np.float32))

    def save(self, path: Path) -> None:
        """Keep it in a file, whole or not at all. Raises `StorageError`."""
        about = np.array([_MAGIC, self.sample_rate, self.length, self.channels], "<i8")
        replace_file(path, about.tobytes() + self.levels[0].astype("<i2").tobytes())

    @classmethod
    def load(cls, path: Path) -> "Peaks | None":
        """What `save` kept; None when there is nothing that can be used."""
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if len(data) < _HEADER:
            return None
        magic, sample_rate, length, channels = (int(word) for word in np.frombuffer(data, "<i8", 4))
        blocks = -(-length // LEVELS[0])
        if magic != _MAGIC or len(data) != _HEADER + 2 * channels * 3 * blocks:
            return None
        level = np.frombuffer(data, "<i2", offset=_HEADER).astype(np.int16).reshape(channels, 3, blocks)
        return cls(sample_rate, length, _levels(level, length))


class PeakBuilder:
    """Makes peaks of a sound as it comes, in time that grows with its length."""

    def __init__(self, sample_rate: int, channels: int = 1) -> None:
        self.sample_rate = sample_rate
        self._done = [np.zeros((channels, 3, 0), np.int16)]
        self._rest = np.zeros((channels, 0), np.float32)
        self._length = 0

    def push(self, samples: NDArray[np.float32]) -> None:
        """Append float32 (n,) for one channel or (channels, n)."""
        planar = np.atleast_2d(samples)
        self._length += planar.shape[1]
        if self._rest.shape[1]:
            planar = np.concatenate([self._rest, planar], axis=1)
        whole = planar.shape[1] // LEVELS[0] * LEVELS[0]
        if whole:
            self._done.append(_outline(planar[:, :whole]))
        self._rest = planar[:, whole:].copy()

    def peaks(self) -> Peaks:
        """Of everything pushed so far."""
        self._done = [np.concatenate(self._done, axis=2)]
        level = self._done[0]
        if self._rest.shape[1]:
            level = np.concatenate([level, _outline(self._rest)], axis=2)
        return Peaks(self.sample_rate, self._length, _levels(level, self._length))


def peaks(path: Path, cache: Path | None = None) -> Peaks:
    """The peaks of a sound file, kept in the folder `cache` until the file changes. Raises as `files.decode` does."""
    kept = cache / f"{_identity(path)}.peaks" if cache is not None and path.exists() else None
    found = Peaks.load(kept) if kept is not None else None
    if found is not None:
        return found
    made = _uncompressed(path) or _decoded(path)
    if kept is not None:
        with contextlib.suppress(StorageError):  # then they are made again next time
            made.save(kept)
    return made


def _uncompressed(path: Path) -> Peaks | None:
    """Of a whole file whose samples lie open, which is read about as fast as it can be; None: it is another."""
    try:
        file = PcmFile(path)
    except UnreadableMedia:
        return None
    if not file.whole or not file.length:
        return None
    everything = _PIECE, 0, file.length
    if file.bits == 16:
        level = _outline_of_integers(file.integers(*everything))
        return Peaks(file.sample_rate, file.length, _levels(level, file.length))
    builder = PeakBuilder(file.sample_rate, file.channels)
    for piece in file.pieces(*everything):
        builder.push(piece)
    return builder.peaks()


def _decoded(path: Path) -> Peaks:
    stream = SoundStream(path)
    builder: PeakBuilder | None = None
    for chunk in stream:
        builder = builder or PeakBuilder(stream.sample_rate, chunk.shape[0])
        builder.push(chunk)
    assert builder is not None
    return builder.peaks()


def _identity(path: Path) -> str:
    status = path.stat()
    return hashlib.sha256(f"{path.absolute()}\0{status.st_size}\0{status.st_mtime_ns}".encode()).hexdigest()[:32]


def _outline(planar: NDArray[np.float32]) -> NDArray[np.int16]:
    """int16 (channels, 3, blocks) of float32 (channels, n): whole blocks, or one that is shorter."""
    size = min(LEVELS[0], planar.shape[1])
    blocks = planar.reshape(planar.shape[0], -1, size)
    rms = np.sqrt(np.einsum("cbs,cbs->cb", blocks, blocks) / size)
    # fmin and fmax are three times as fast as min and max, which look for what is not a number.
    low, high = np.fmin.reduce(blocks, axis=2), np.fmax.reduce(blocks, axis=2)
    values = [np.floor(low * _FULL), np.ceil(high * _FULL), np.rint(rms * _FULL)]
    outline: NDArray[np.int16] = np.clip(np.stack(values, axis=1), -_FULL, _FULL).astype(np.int16)
    return outline


def _outline_of_integers(pieces: Iterable[NDArray[np.int16]]) -> NDArray[np.int16]:
    """`_outline` of int16 (n, channels), as they lie in files: twice as fast as with floats in between."""
    parts = [part for piece in pieces for part in _blocks(piece)]
    low, high, power = (np.concatenate(kind, axis=1) for kind in zip(*parts, strict=True))
    scale = np.float32(2.0**-15 * _FULL)
    values = [np.floor(low * scale), np.ceil(high * scale), np.rint(np.sqrt(power) * scale)]
    outline: NDArray[np.int16] = np.clip(np.stack(values, axis=1), -_FULL, _FULL).astype(np.int16)
    return outline


def _blocks(frames: NDArray[np.int16]) -> Iterator[tuple[NDArray[np.float32], ...]]:
    """Least, greatest and mean square of each block: float32 (channels, blocks) each. A shorter one comes alone."""
    count, channels = frames.shape
    size = min(LEVELS[0], count)
    whole = frames[: count // size * size].reshape(-1, size * channels)
    floats = whole.astype(np.float32)
    mean = np.tile(np.eye(channels, dtype=np.float32) / np.float32(size), (size, 1))
    power: NDArray[np.float32] = np.square(floats, out=floats) @ mean
    yield _extreme(whole, np.minimum, channels), _extreme(whole, np.maximum, channels), power.T
    if len(whole) * size < count:
        yield from _blocks(frames[len(whole) * size :])


def _extreme(blocks: NDArray[np.int16], combine: np.ufunc, channels: int) -> NDArray[np.float32]:
    """Of int16 (blocks, size · channels), for each channel: halved as long as a half is long, then across."""
    while blocks.shape[1] % (2 * channels) == 0 and blocks.shape[1] > 32 * channels:
        half = blocks.shape[1] // 2
        blocks = combine(blocks[:, :half], blocks[:, half:])
    across = np.ascontiguousarray(blocks.T).reshape(-1, channels, blocks.shape[0])
    found: NDArray[np.float32] = combine.reduce(across, axis=0).astype(np.float32)
    return found


def _levels(level: NDArray[np.int16], length: int) -> tuple[NDArray[np.int16], ...]:
    levels = [level]
    for fine, coarse in itertools.pairwise(LEVELS):
        below = levels[-1]
        starts = np.arange(0, below.shape[2], coarse // fine)
        if not len(starts):
            levels.append(below)
            continue
        samples = np.full(below.shape[2], fine, np.float64)
        samples[-1] = length - fine * (below.shape[2] - 1)
        power = np.add.reduceat(np.square(below[:, 2], dtype=np.float64) * samples, starts, axis=1)
        rms = np.rint(np.sqrt(power / np.add.reduceat(samples, starts)))
        low, high = np.minimum.reduceat(below[:, 0], starts, axis=1), np.maximum.reduceat(below[:, 1], starts, axis=1)
        levels.append(np.stack([low, high, rms.astype(np.int16)], axis=1))
    return tuple(levels)
