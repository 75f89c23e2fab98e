"""The ring of frames between the one who renders and the sound card, in shared memory so that a third can see how far
the sound has been heard. One process writes, its output's thread reads, another process watches; there is no lock."""

import time
from enum import IntEnum
from multiprocessing.shared_memory import SharedMemory

import numpy as np
from numpy.typing import NDArray

SIZE = 131_072
"""Frames in the ring. Only the first few are ever waiting; the others remember what was heard."""


class State(IntEnum):
    STOPPED = 0
    PLAYING = 1
    ENDED = 2
    UNAVAILABLE = 3


class Ring:
    """Counters are frames since the beginning, never reset. Each is one aligned 64-bit word: written at once."""

    _READ, _WRITTEN, _RATE, _ZERO, _STATE, _HANDLED, _GAPS, _EXPECTS, _LATE, _ASKED = range(10)
    _HEADER = 16

    def __init__(self, name: str | None = None) -> None:
        """A new ring, or the one that another process made."""
        length = 8 * (self._HEADER + SIZE + SIZE) + 4 * 2 * SIZE
        self._memory = SharedMemory(name, create=name is None, size=length)
        self._owner = name is None
        whole = np.ndarray((length,), np.uint8, self._memory.buf)
        words = 8 * (self._HEADER + 2 * SIZE)
        self._words = whole[:words].view(np.int64)
        self._positions = self._words[self._HEADER : self._HEADER + SIZE]
        self._epochs = self._words[self._HEADER + SIZE :]
        self._frames = whole[words:length].view(np.float32).reshape(SIZE, 2)
        if self._owner:
            self._words[:] = 0
            self._words[self._RATE] = 48_000

    @property
    def name(self) -> str:
        return self._memory.name

    @property
    def waiting(self) -> int:
        """Frames written and not yet read."""
        return max(0, int(self._words[self._WRITTEN] - self._words[self._READ]))

    @property
    def gaps(self) -> int:
        """How often something should have been heard and was not: the output found too few frames, or what is played
        was not there in time."""
        return int(self._words[self._GAPS] + self._words[self._LATE])

    @property
    def late(self) -> int:
        """How many of the gaps are for what is played not being there in time."""
        return int(self._words[self._LATE])

    @property
    def asked(self) -> int:
        """Frames that the output asked for at once the last time."""
        return int(self._words[self._ASKED])

    @property
    def state(self) -> State:
        return State(int(self._words[self._STATE]))

    @property
    def handled(self) -> int:
        """The number of the last command that `state` knows of."""
        return int(self._words[self._HANDLED])

    def publish(self, state: State, handled: int, expects: bool = False, late: int = 0) -> None:
        """`expects`: whether an output that finds too few frames misses something. `late`: how often what is played
        was late by itself."""
        self._words[self._EXPECTS] = expects
        self._words[self._LATE] = late
        self._words[self._STATE] = state
        self._words[self._HANDLED] = handled

    def write(self, frames: NDArray[np.float32], positions: NDArray[np.int64], epoch: int) -> None:
        """Append float32 (n, 2) frames, with the source position after each, as of command number `epoch`."""
        written = max(int(self._words[self._WRITTEN]), int(self._words[self._READ]))
        slots = np.arange(written, written + len(frames)) % SIZE
        self._frames[slots] = frames
        self._positions[slots] = positions
        self._epochs[slots] = epoch
        self._words[self._WRITTEN] = written + len(frames)

    def read_into(self, out: NDArray[np.float32], delay: float, rate: int) -> None:
        """Fill float32 (n, 2) that will be heard in `delay` seconds, at `rate` Hz; with silence where there is nothing.

        Runs in the sound card's thread: copies, and nothing else.
        """
        self._words[self._ASKED] = len(out)
        read = int(self._words[self._READ])
        count = min(len(out), self.waiting)
        begin = read % SIZE
        first = min(count, SIZE - begin)
        out[:first] = self._frames[begin : begin + first]
        out[first:count] = self._frames[: count - first]
        out[count:] = 0.0
        if count:
            self._words[self._RATE] = rate
            self._words[self._ZERO] = time.monotonic_ns() + int((delay - read / rate) * 1e9)
            self._words[self._READ] = read + count
        if count < len(out) and self._words[self._EXPECTS]:
            self._words[self._GAPS] += 1

    def take_back(self, keep: int) -> int | None:
        """Forget what waits beyond the next `keep` frames, which must be more than an output asks for at once. Gives
        the position after the last that is kept; None: there is nothing to forget."""
        written = int(self._words[self._WRITTEN])
        kept = int(self._words[self._READ]) + keep
        if kept >= written:
            return None
        self._words[self._WRITTEN] = kept
        return int(self._positions[(kept - 1) % SIZE])

    def drop(self) -> int | None:
        """Forget what waits (while nobody reads). Gives the position where hearing stopped, None if nothing waited."""
        waiting = self.waiting
        read = int(self._words[self._READ])
        self._words[self._WRITTEN] = read
        return int(self._positions[read % SIZE]) - 1 if waiting else None

    def heard(self) -> tuple[int, int]:
        """The source position that is heard now, and the number of the command it is heard since (0: none)."""
        read = int(self._words[self._READ])
        since = (time.monotonic_ns() - int(self._words[self._ZERO])) * int(self._words[self._RATE]) // 1_000_000_000
        count = max(read - SIZE // 2, min(since, read))
        if count <= 0:
            return 0, 0
        slot = (count - 1) % SIZE
        return int(self._positions[slot]), int(self._epochs[slot])

    def close(self) -> None:
        """Give the memory back; its maker also removes it."""
        del self._words, self._positions, self._epochs, self._frames
        self._memory.close()
        if self._owner:
            self._memory.unlink()
