"""Sound at another speed and the same pitch, forwards or backwards, as it is played: grains that overlap, each moved to
where it fits best to the one before (WSOLA: Verhelst and Roelands, ICASSP 1993)."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

HOP_SECONDS = 0.02
"""Between two grains, which are twice as long."""
SEARCH_SECONDS = 0.008
"""How far a grain is moved: more than half a period of the lowest voice."""
_COARSE = 4
"""Of so many samples one is compared."""

Read = Callable[[int, int], NDArray[np.float32]]
"""As `transport.Source.read`."""


class Shuttle:
    """From one place of a source on."""

    def __init__(self, rate: float, position: int, sample_rate: int) -> None:
        """`rate`: a factor, negative for backwards."""
        self._back = rate < 0
        self._hop = round(HOP_SECONDS * sample_rate)
        self._search = round(SEARCH_SECONDS * sample_rate) if abs(rate) != 1.0 else 0  # then it fits exactly
        self._step = abs(rate) * self._hop
        self._at = float(-position if self._back else position)
        """Where the next grain begins, in samples of the source, which is taken mirrored for backwards."""
        falling = 0.5 + 0.5 * np.cos(np.pi * (np.arange(self._hop) + 0.5) / self._hop)
        self._window = falling.astype(np.float32)[:, np.newaxis]
        self._follows: NDArray[np.float32] | None = None
        """What came after the last grain's middle; None before the first grain."""
        self._ready = np.zeros((0, 2), np.float32)

    def needs(self, frames: int = 1) -> tuple[int, int]:
        """The range of the source that `next` will read for so many frames, at most `HOP_SECONDS` of them."""
        if len(self._ready) >= frames:
            return 0, 0
        first = int(self._at) - self._search
        return self._source(first, 2 * (self._hop + self._search))

    def next(self, read: Read, most: int) -> NDArray[np.float32]:
        """1…`most` frames, float32 (n, 2)."""
        if not len(self._ready):
            self._ready = self._grain(read)
        out, self._ready = self._ready[:most], self._ready[most:]
        return out

    def leave(self, count: int) -> NDArray[np.float32]:
        """`count` frames of what would come next, without reading on."""
        out = np.zeros((count, 2), np.float32)
        coming = self._ready
        if self._follows is not None:
            coming = np.concatenate([coming, self._follows * self._window])
        out[: len(coming)] = coming[:count]
        return out

    def _grain(self, read: Read) -> NDArray[np.float32]:
        around = self._taken(read, int(self._at) - self._search, 2 * (self._hop + self._search))
        moved = self._search if self._follows is None else self._best(around)
        grain = around[moved : moved + 2 * self._hop]
        rising = grain[: self._hop]
        if self._follows is not None:
            rising = rising * (1 - self._window) + self._follows * self._window
        self._follows = grain[self._hop :].copy()
        self._at += self._step
        return rising

    def _best(self, around: NDArray[np.float32]) -> int:
        """Where in `around` the sound is most like what follows."""
        assert self._follows is not None
        wanted = self._follows.mean(axis=1)[::_COARSE]
        there = around.mean(axis=1)[: self._hop + 2 * self._search : _COARSE]
        power = np.correlate(np.square(there), np.ones_like(wanted))
        return int(np.argmax(np.correlate(there, wanted) / np.sqrt(power + 1e-9))) * _COARSE

    def _taken(self, read: Read, first: int, count: int) -> NDArray[np.float32]:
        start, stop = self._source(first, count)
        sound = read(start, stop)
        return sound[::-1] if self._back else sound

    def _source(self, first: int, count: int) -> tuple[int, int]:
        return (-first - count, -first) if self._back else (first, first + count)
