"""Uncompressed sound read at any place, at once: WAV (RIFF and RF64) files of 16, 24 or 32 bits.

Read with plain reads, not through a memory map: where a drive goes away under a map, the program dies of a signal
that nothing can catch; a read fails with an error.
"""

import os
import struct
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import UnreadableMedia
from audiostudio.files import storage_errors
from audiostudio.sound.media import MAX_CHANNELS, MAX_SAMPLE_RATE

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE
_STREAMED = 0xFFFF_FFFF
"""The size that a header claims whose file is larger than it can say, or was not finished."""
_MOST_CHUNKS = 1_000


class _Chunk(NamedTuple):
    name: bytes
    start: int
    size: int
    whole: bool = True
    """Whether the file has as much as the chunk says."""


class PcmFile:
    """A sound of PCM or 32-bit float samples. Safe to read from several threads.

    It is opened for every read (some 10 µs), so that a timeline may have any number of them, and so that a drive that
    comes back is read again.
    """

    def __init__(self, path: Path) -> None:
        """Raises `MissingMedia`, `UnreadableMedia` (also for sound that is compressed) or a `StorageError`."""
        with storage_errors(path), path.open("rb", buffering=0) as file:
            self._seen = _identity(file)
            form, data = _found(file)
        if len(form) < 16 or data is None:
            raise _other(path)
        kind, channels, rate, _, frame, bits = struct.unpack_from("<HHIIHH", form)
        if kind == _EXTENSIBLE and len(form) >= 26:
            kind = int.from_bytes(form[24:26], "little")
        if (kind, bits) not in ((_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32)):
            raise _other(path)
        if not (0 < channels <= MAX_CHANNELS and 0 < rate <= MAX_SAMPLE_RATE and frame == channels * bits // 8):
            raise _other(path)
        self.path = path
        self.channels: int = channels
        self.sample_rate: int = rate
        self.length = data.size // frame
        """Samples of each channel."""
        self.whole = data.whole
        """False: the file was cut short."""
        self._start = data.start
        self._frame: int = frame
        self.bits: int = bits
        """16, 24 or 32, of which the last may be float."""
        self._is_float = kind == _FLOAT

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """float32 (channels, count); 0 outside of the sound.

        Raises `MissingMedia`, a `StorageError`, or `UnreadableMedia` when it is another file now.
        """
        out = np.zeros((self.channels, count), np.float32)
        first, last = max(0, start), min(self.length, start + count)
        if last <= first:
            return out
        with storage_errors(self.path), self.path.open("rb", buffering=0) as file:
            if _identity(file) != self._seen:
                raise UnreadableMedia(f"{self.path.name} was changed by another program.", "Play or export again.")
            file.seek(self._start + first * self._frame)
            raw = bytearray(1 + (last - first) * self._frame)
            frames = file.readinto(memoryview(raw)[1:]) // self._frame
        self._convert(raw, frames, out[:, first - start : first - start + frames])
        return out

    def pieces(self, count: int, first: int, last: int) -> Iterator[NDArray[np.float32]]:
        """Samples first…last, at most to its end, as float32 (channels, up to `count`), in order. Each piece is
        overwritten by the next: that is much faster than new memory. Raises as `read`."""
        out = np.empty((self.channels, count), np.float32)
        for raw, frames in self._raw(count, first, last):
            self._convert(raw, frames, out[:, :frames])
            yield out[:, :frames]

    def integers(self, count: int, first: int, last: int) -> Iterator[NDArray[np.int16]]:
        """As `pieces`, of a file of 16 bits: as they lie there, int16 (up to `count`, channels)."""
        for raw, frames in self._raw(count, first, last):
            yield np.ndarray((frames, self.channels), "<i2", raw, 1)

    def _raw(self, count: int, first: int, last: int) -> Iterator[tuple[bytearray, int]]:
        """Pieces of up to `count` samples after one byte more, and how many samples they have."""
        last = min(last, self.length)
        raw = bytearray(1 + count * self._frame)
        with storage_errors(self.path), self.path.open("rb", buffering=0) as file:
            file.seek(self._start + first * self._frame)
            for at in range(first, last, count):
                frames = min(count, last - at)
                if file.readinto(memoryview(raw)[1 : 1 + frames * self._frame]) < frames * self._frame:
                    raise UnreadableMedia(f"{self.path.name} was cut short while it was read.", "Copy it again.")
                yield raw, frames

    def _convert(self, raw: bytes | bytearray, frames: int, out: NDArray[np.float32]) -> None:
        """`raw`: the samples after one byte more."""
        shape = frames, self.channels
        if self._is_float:
            out[:] = np.nan_to_num(np.ndarray(shape, "<f4", raw, 1).T, posinf=1.0, neginf=-1.0)
        elif self.bits == 16:
            np.multiply(np.ndarray(shape, "<i2", raw, 1).T, np.float32(2.0**-15), out=out, dtype=np.float32)
        elif self.bits == 32:
            scale = np.float32(2.0**-31)
            np.multiply(np.ndarray(shape, "<i4", raw, 1).T, scale, out=out, dtype=np.float32, casting="unsafe")
        else:  # the upper three bytes of four, the lowest of which is masked out: it belongs to the sample before
            four = np.ndarray(shape, "<i4", raw, 0, (self._frame, 3))
            for channel in range(self.channels):
                upper = four[:, channel] & -256
                np.multiply(upper, np.float32(2.0**-31), out=out[channel], dtype=np.float32, casting="unsafe")


def _identity(file: FileIO) -> tuple[int, int]:
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _found(file: FileIO) -> tuple[bytes, _Chunk | None]:
    """What the format chunk says, and where the samples are."""
    form = b""
    for chunk in _chunks(file, file.seek(0, os.SEEK_END)):
        if chunk.name == b"fmt ":
            file.seek(chunk.start)
            form = file.read(min(chunk.size, 40)) or b""
        elif chunk.name == b"data":
            return form, chunk
    return form, None


def _chunks(file: FileIO, end: int) -> Iterator[_Chunk]:
    """The chunks of a file up to its data, whose size is cut to what is there."""
    file.seek(0)
    head = file.read(12) or b""
    if head[:4] not in (b"RIFF", b"RF64") or head[8:12] != b"WAVE":
        return
    at, long_data = 12, 0
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        header = file.read(8) or b""
        if len(header) < 8:
            return
        name, size, start = header[:4], int.from_bytes(header[4:], "little"), at + 8
        if name == b"ds64":
            long_data = int.from_bytes((file.read(16) or b"")[8:], "little")
        if name == b"data":
            there = max(0, end - start)
            claimed = (long_data or there) if size == _STREAMED else size
            yield _Chunk(name, start, min(claimed, there), claimed <= there)
            return
        yield _Chunk(name, start, size)
        at = start + size + size % 2


def _other(path: Path) -> UnreadableMedia:
    return UnreadableMedia(f"{path.name} is no uncompressed sound.", "It has to be prepared first.")
