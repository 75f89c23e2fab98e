"""Waveforms as pictures: rasterised by numpy into tiles, which are kept until there are too many."""

import math
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from audiostudio.ui.timeline.close_up import NEAR, columns

TILE = 512
"""Device pixels."""
_MOST_BYTES = 96 << 20

Levels = NDArray[np.float32]


class Outline(Protocol):
    """What is known of a medium's sound; `sound.peaks.Peaks` is one."""

    @property
    def length(self) -> int:
        """Samples."""
        ...

    def view(self, start: int, end: int, pixels: int) -> tuple[Levels, Levels, Levels]:
        """Least, greatest and RMS values of samples start…end, float32 (channels, pixels), −1…1."""
        ...


class Look(NamedTuple):
    height: int
    """Device pixels."""
    factor: float
    """Of the gain."""
    wave: int
    """Premultiplied ARGB."""
    core: int
    """That of the RMS."""


class Tile(NamedTuple):
    """One picture: columns number·TILE … of a clip's own pixels, from its source's beginning on."""

    media: str
    source_start: int
    per_pixel: float
    """Samples of the medium for each device pixel."""
    number: int
    look: Look


class Tiles:
    """Keeps as many pictures as fit into memory, the ones used last."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._kept: OrderedDict[Tile, QImage] = OrderedDict()
        self._bytes = 0
        self._most = most_bytes
        self.samples: Callable[[str, int, int], Levels | None] | None = None
        """Samples first…last of a medium by its id, float32 (channels, n); None while they are not there."""
        self.spare: int | None = None
        """How many may be made until it is set again; None: as many as are wanted."""

    def has(self, tile: Tile) -> bool:
        return tile in self._kept

    def get(self, tile: Tile, outline: Callable[[], Outline | None]) -> QImage | None:
        """The picture; None while nothing is known of the sound."""
        found = self._kept.get(tile)
        if found is not None:
            self._kept.move_to_end(tile)
            return found
        source = outline()
        if source is None:
            return None
        if self.spare is not None:
            self.spare -= 1
        made = raster(self._near(tile) or _levels(source, tile), tile.look)
        self._kept[tile] = made
        self._bytes += made.sizeInBytes()
        while self._bytes > self._most:
            self._bytes -= self._kept.popitem(last=False)[1].sizeInBytes()
        return made

    def _near(self, tile: Tile) -> tuple[Levels, Levels, Levels] | None:
        """Of single samples, where the outline is too coarse and they are there."""
        if self.samples is None or tile.per_pixel >= NEAR:
            return None
        start = tile.source_start + tile.number * TILE * tile.per_pixel
        first, last = math.floor(start), math.ceil(start + TILE * tile.per_pixel) + 1
        sound = self.samples(tile.media, first, last)
        return None if sound is None else columns(sound, start - first, tile.per_pixel, TILE)

    def forget(self, media: str) -> None:
        """Of a medium whose outline became another."""
        for tile in [tile for tile in self._kept if tile.media == media]:
            self._bytes -= self._kept.pop(tile).sizeInBytes()


def _levels(source: Outline, tile: Tile) -> tuple[Levels, Levels, Levels]:
    start = tile.source_start + tile.number * TILE * tile.per_pixel
    first, last = math.floor(start), math.ceil(start + TILE * tile.per_pixel)
    least, greatest, rms = source.view(first, max(first + 1, last), TILE)
    return np.atleast_2d(least), np.atleast_2d(greatest), np.atleast_2d(rms)


def raster(levels: tuple[Levels, Levels, Levels], look: Look) -> QImage:
    """One lane for each channel (at most two), each `Levels` of shape (channels, columns)."""
    least, greatest, rms = (part * np.float32(look.factor) for part in levels)
    lanes = min(2, least.shape[0]) if look.height >= 40 else 1
    if lanes == 1 and least.shape[0] > 1:
        least, greatest, rms = least.min(0, keepdims=True), greatest.max(0, keepdims=True), rms.max(0, keepdims=True)
    columns = least.shape[1]
    pixels = np.zeros((look.height, columns), np.uint32)
    for lane in range(lanes):
        top, bottom = look.height * lane // lanes, look.height * (lane + 1) // lanes
        middle, reach = (bottom - top - 1) / 2, (bottom - top) / 2 - 1
        ys = np.arange(bottom - top, dtype=np.float32)[:, np.newaxis]
        upper = np.rint(middle - np.clip(greatest[lane], -1, 1) * reach)
        lower = np.maximum(np.rint(middle - np.clip(least[lane], -1, 1) * reach), upper)
        inner = np.minimum(rms[lane], np.maximum(np.abs(least[lane]), np.abs(greatest[lane]))) * reach
        part = pixels[top:bottom]
        part[(ys >= upper) & (ys <= lower)] = look.wave
        part[(np.abs(ys - middle) <= inner) & (ys >= upper) & (ys <= lower)] = look.core
    image = QImage(columns, look.height, QImage.Format.Format_ARGB32_Premultiplied)
    np.frombuffer(image.bits(), np.uint32).reshape(look.height, columns)[:] = pixels
    return image


def coarser(per_pixel: float) -> float:
    """The step above `per_pixel` among powers of 2: while a user zooms, tiles of such a step are drawn wider than they
    are, so that only a few are made anew; no peak is ever missed."""
    return float(2 ** math.ceil(math.log2(per_pixel) - 1e-9))


def premultiplied(colour: QColor) -> int:
    """A colour as `Look` wants it."""
    alpha = colour.alpha()
    red, green, blue = (part * alpha // 255 for part in (colour.red(), colour.green(), colour.blue()))
    return alpha << 24 | red << 16 | green << 8 | blue
