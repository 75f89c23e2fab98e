"""Sound at another speed or pitch, readable at any place: made in long pieces when they are asked for.

The pieces lie on a grid of the source, so that a place sounds the same whatever is read before it. They meet where the
source is quietest nearby, because what the two sides make of a sustained tone does not fit together to the sample.
"""

import threading
from collections import OrderedDict
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

PIECE = 12.0
"""Seconds of the source, about."""
_SEARCH = 1.5
"""Seconds around the end of a piece in which the quietest place is looked for."""
_MARGIN = 0.4
"""Seconds that are made on both sides of a piece and thrown away."""
_FADE = 0.02
"""Seconds over which two pieces change."""
_FRAME = 0.02
_KEPT = 2
"""Pieces of one sound that are kept."""
SLOWEST, FASTEST = 1 / 16, 16.0


class Readable(Protocol):
    channels: int
    sample_rate: int
    length: int

    def read(self, start: int, count: int) -> NDArray[np.float32]: ...


class Stretched:
    """`source` at `speed`, moved by `semitones`. Sample n of it sounds what the source has at n · speed.

    About 30–60 times real time on one core; Python's lock is held meanwhile.
    """

    def __init__(self, source: Readable, speed: Fraction, semitones: float = 0.0) -> None:
        """Speeds beyond 1/16 and 16 are taken as these."""
        self._source = source
        self.speed = min(max(speed, Fraction(SLOWEST)), Fraction(FASTEST))
        self._semitones = semitones
        self.channels = source.channels
        self.sample_rate = source.sample_rate
        self.length = int(source.length / self.speed)
        self._grid = round(PIECE * source.sample_rate)
        self._pieces: OrderedDict[int, tuple[int, NDArray[np.float32]]] = OrderedDict()
        self._edges: dict[int, int] = {0: 0}
        self._turn = threading.Lock()

    @property
    def bytes(self) -> int:
        """That it keeps, about, once it was read."""
        kept = min(self._source.length, _KEPT * self._grid)
        return round(kept / self.speed) * self.channels * 4

    def read(self, start: int, count: int) -> NDArray[np.float32]:
        """float32 (channels, count); 0 outside of the sound. Raises as the source does."""
        out = np.zeros((self.channels, count), np.float32)
        with self._turn:
            at, end = max(0, start), min(self.length, start + count)
            number = int(at * self.speed) // self._grid
            while number > 0 and self._begin(number) > at:
                number -= 1
            while at < end:
                while self._begin(number + 1) <= at:
                    number += 1
                stop = min(end, self._begin(number + 1))
                begin, piece = self._piece(number)
                out[:, at - start : stop - start] = piece[:, at - begin : stop - begin]
                at = stop
        return out

    def _edge(self, number: int) -> int:
        """The sample of the source at which a piece begins."""
        if number not in self._edges:
            middle = number * self._grid
            if middle >= self._source.length:
                return self._source.length + self._grid * (number + 1)
            reach, frame = round(_SEARCH * self.sample_rate), round(_FRAME * self.sample_rate)
            around = self._source.read(middle - reach, 2 * reach // frame * frame)
            power = np.square(around).sum(axis=0).reshape(-1, frame).sum(axis=1)
            self._edges[number] = middle - reach + int(np.argmin(power)) * frame + frame // 2
        return self._edges[number]

    def _begin(self, number: int) -> int:
        """The sample of the result at which a piece begins."""
        return int(self._edge(number) / self.speed) if number else 0

    def _piece(self, number: int) -> tuple[int, NDArray[np.float32]]:
        """Where a piece begins, and its sound, which fades over from the one before."""
        if number not in self._pieces:
            fade = round(_FADE * self.sample_rate) if number else 0
            begin, end = self._begin(number), min(self._begin(number + 1), self.length)
            made = self._made(number, begin, end - begin)
            if fade:
                before = self._made(number - 1, begin, min(fade, end - begin))
                rise: NDArray[np.float32] = np.linspace(0.0, 1.0, before.shape[1], dtype=np.float32)
                made[:, : before.shape[1]] = before * (1 - rise) + made[:, : before.shape[1]] * rise
            self._pieces[number] = begin, made
            while len(self._pieces) > _KEPT:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(number)
        return self._pieces[number]

    def _made(self, number: int, begin: int, count: int) -> NDArray[np.float32]:
        """Samples of the result from `begin` on, made from the source around piece `number`."""
        import python_stretch

        margin = round(_MARGIN * self.sample_rate)
        first = self._edge(number) - margin if number else -margin
        skipped = begin - round(first / self.speed)
        needed = int((skipped + count) * self.speed) + 2 * margin
        stretch = python_stretch.Signalsmith.Stretch()
        stretch.preset(self.channels, float(self.sample_rate))
        stretch.setTimeFactor(float(self.speed))
        stretch.setTransposeSemitones(self._semitones)
        made: Any = stretch.process(self._source.read(first, needed))
        out = np.zeros((self.channels, count), np.float32)
        wanted = made[:, skipped : skipped + count]
        out[:, : wanted.shape[1]] = wanted
        return out
