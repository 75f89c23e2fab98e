"""Sound so near that its samples are seen: read beside the window's thread, and kept for a while."""

import math
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from audiostudio.sound.pcm import PcmFile
from audiostudio.ui.library.clerk import Clerk

NEAR = 256
"""Samples for each pixel below which outlines are too coarse."""
_LINE = 16
"""The same, below which the wave is a line."""
_PIECE = 65_536
"""Samples that are read at once."""
_KEPT = 48
"""Pieces: some 25 MB."""

Sound = NDArray[np.float32]


class CloseUps(QObject):
    """Pieces of media, those that were looked at last."""

    came = Signal(str)
    """The id of a medium of which a piece is there now."""

    def __init__(self, open_file: Callable[[str], tuple[PcmFile, float] | None], parent: QObject) -> None:
        """`open_file` gives, beside the window's thread, the uncompressed sound of a medium by its id and how many
        samples it has for each of the medium; None: there is none."""
        super().__init__(parent)
        self._open = open_file
        self._clerk = Clerk(self)
        self._pieces: OrderedDict[tuple[str, int], Sound | None] = OrderedDict()
        """None: asked for."""

    def samples(self, media_id: str, first: int, last: int) -> Sound | None:
        """Samples first…last of a medium, float32 (channels, last - first), silent where it has none; None: they are
        not there yet."""
        numbers = range(first // _PIECE, (last - 1) // _PIECE + 1)
        found = [self._piece(media_id, number) for number in numbers]
        there = [piece for piece in found if piece is not None]
        if len(there) < len(found):
            return None
        begin = first - numbers[0] * _PIECE
        return np.concatenate(there, axis=1)[:, begin : begin + last - first]

    def forget(self, media_id: str) -> None:
        """Its file may be another one."""
        for key in [key for key in self._pieces if key[0] == media_id]:
            del self._pieces[key]

    def close(self) -> None:
        self._clerk.close()

    def _piece(self, media_id: str, number: int) -> Sound | None:
        key = media_id, number
        if key in self._pieces:
            self._pieces.move_to_end(key)
            return self._pieces[key]
        self._pieces[key] = None
        while len(self._pieces) > _KEPT:
            self._pieces.popitem(last=False)
        came = partial(self._came, key)
        self._clerk.ask(partial(self._read, *key), came, refused=lambda _error: came(None))
        return None

    def _read(self, media_id: str, number: int) -> Sound | None:
        """Beside the window's thread."""
        found = self._open(media_id)
        if found is None:
            return None
        file, ratio = found
        if ratio == 1:
            return file.read(number * _PIECE, _PIECE)
        begin = math.floor(number * _PIECE * ratio)
        sound = file.read(begin, math.ceil(_PIECE * ratio) + 2)
        places = (number * _PIECE + np.arange(_PIECE)) * ratio - begin
        known = np.arange(sound.shape[1])
        return np.stack([np.interp(places, known, channel) for channel in sound]).astype(np.float32)

    def _came(self, key: tuple[str, int], piece: Sound | None) -> None:
        if key not in self._pieces:
            return
        if piece is None:  # asked for again by the next picture
            del self._pieces[key]
            return
        self._pieces[key] = piece
        self.came.emit(key[0])


def columns(sound: Sound, first: float, per_pixel: float, count: int) -> tuple[Sound, Sound, Sound]:
    """Least, greatest and RMS values of `count` columns of `per_pixel` samples, the first of which begins at sample
    `first` of float32 (channels, n): float32 (channels, count) each. Between samples the wave is a straight line, so
    that no column is empty, however near one looks."""
    edges = first + np.arange(count + 1) * per_pixel
    places = np.arange(sound.shape[1])
    line = np.stack([np.interp(edges, places, channel) for channel in sound]).astype(np.float32)
    least, greatest = np.minimum(line[:, :-1], line[:, 1:]), np.maximum(line[:, :-1], line[:, 1:])
    inner = np.clip(np.ceil(edges), 0, sound.shape[1]).astype(np.int64)
    begins, ends = inner[:-1], inner[1:]
    held = ends > begins
    pairs = np.stack([begins, ends], axis=1).reshape(-1)
    padded = np.pad(sound, ((0, 0), (0, 1)))
    least = np.where(held, np.minimum(least, np.minimum.reduceat(padded, pairs, axis=1)[:, ::2]), least)
    greatest = np.where(held, np.maximum(greatest, np.maximum.reduceat(padded, pairs, axis=1)[:, ::2]), greatest)
    if per_pixel < _LINE:
        return least, greatest, np.maximum(np.abs(least), np.abs(greatest))
    power = np.add.reduceat(np.square(padded), pairs, axis=1)[:, ::2] / np.maximum(ends - begins, 1)
    return least, greatest, np.sqrt(power).astype(np.float32)
