"""The mix of a timeline on its way to the ear, in memory that three processes share: one mixes, ahead of what is heard;
one plays, and only copies; the window looks at the levels.

There are two banks of slots. Each slot holds `CHUNK` samples of one place of the mix, and of which generation (state of
the document) they are. A new generation is written into the bank that is not being played; the player goes over to it,
fading, at the first place that it has.
"""

import math
from multiprocessing.shared_memory import SharedMemory

import numpy as np
from numpy.typing import NDArray

CHUNK = 1_024
"""Samples of a slot: 21 ms. Levels are measured over these."""
SLOTS = 256
"""Of a bank: 5.5 s at 48 kHz."""
MOST_TRACKS = 256
"""Tracks whose levels are shown; those beyond are heard all the same."""
FADE = 480
"""Samples over which one generation goes over into the next."""
_ENDLESS = 1 << 50

_AT, _LENGTH, _ENDLESSLY, _RATE, _BANK, _FLOOR, _READS = range(7)
_WORDS = 8


class Memory:
    """Words are aligned and of 64 bits: each is written at once."""

    def __init__(self, name: str | None = None) -> None:
        """New memory, or that which another process made. Raises `FileNotFoundError`."""
        shapes = (
            ("words", np.int64, (_WORDS,)),
            ("marks", np.int64, (2, SLOTS, 2)),
            ("frames", np.float32, (2, SLOTS, CHUNK, 2)),
            ("levels", np.float32, (2, SLOTS, MOST_TRACKS + 1, 4)),
            ("loudness", np.float32, (2, SLOTS, 4)),
        )
        sizes = [np.dtype(kind).itemsize * math.prod(shape) for _, kind, shape in shapes]
        self._memory = SharedMemory(name, create=name is None, size=sum(sizes))
        self._owner = name is None
        arrays, at = {}, 0
        for (field, kind, shape), size in zip(shapes, sizes, strict=True):
            arrays[field] = np.ndarray(shape, kind, self._memory.buf, at)
            at += size
        self._words: NDArray[np.int64] = arrays["words"]
        self.marks: NDArray[np.int64] = arrays["marks"]
        """Of each slot: the number of its chunk, −1 for none, and its generation."""
        self.frames: NDArray[np.float32] = arrays["frames"]
        self.levels: NDArray[np.float32] = arrays["levels"]
        """Of each slot, for the master, then each track: peak left and right, RMS left and right; 1 is full scale."""
        self.loudness: NDArray[np.float32] = arrays["loudness"]
        """Of each slot: a `LoudnessNow`."""
        if self._owner:
            self._words[:] = 0
            self._words[_RATE] = 48_000
            self.marks[:] = -1

    @property
    def name(self) -> str:
        return self._memory.name

    def _get(self, word: int) -> int:
        return int(self._words[word])

    @property
    def at(self) -> int:
        """The sample that is wanted next."""
        return self._get(_AT)

    @at.setter
    def at(self, sample: int) -> None:
        self._words[_AT] = sample

    @property
    def length(self) -> int:
        """Samples of the mix."""
        return _ENDLESS if self._words[_ENDLESSLY] else self._get(_LENGTH)

    @length.setter
    def length(self, samples: int) -> None:
        self._words[_LENGTH] = samples

    def extend(self, samples: int) -> None:
        """Let the mix have at least so many."""
        self._words[_LENGTH] = max(self._get(_LENGTH), samples)

    def set_endless(self, endless: bool) -> None:
        """Whether playing goes on in silence after the end, as when something is recorded there."""
        self._words[_ENDLESSLY] = endless

    @property
    def sample_rate(self) -> int:
        return self._get(_RATE)

    @sample_rate.setter
    def sample_rate(self, rate: int) -> None:
        self._words[_RATE] = rate

    @property
    def bank(self) -> int:
        """The one that is played."""
        return self._get(_BANK)

    @bank.setter
    def bank(self, bank: int) -> None:
        self._words[_BANK] = bank

    @property
    def floor(self) -> int:
        """Generations before this must not be heard any more."""
        return self._get(_FLOOR)

    @floor.setter
    def floor(self, generation: int) -> None:
        self._words[_FLOOR] = generation

    @property
    def reads(self) -> int:
        """How often something was read: it moves while something plays."""
        return self._get(_READS)

    def count_read(self) -> None:
        self._words[_READS] += 1

    def slot(self, bank: int, chunk: int) -> int:
        """Where a chunk is; −1: nowhere."""
        found = np.flatnonzero(self.marks[bank, :, 0] == chunk)
        return int(found[0]) if len(found) and self.marks[bank, found[0], 1] >= self.floor else -1

    def newest(self, chunk: int, preferred: int | None = None) -> tuple[int, int, int]:
        """Bank, slot and generation of a chunk as it is in the newest document that has it, or in the `preferred`
        bank, where that has it; slot −1: nowhere."""
        slots = [self.slot(bank, chunk) for bank in (0, 1)]
        generations = [int(self.marks[bank, slot, 1]) if slot >= 0 else -1 for bank, slot in enumerate(slots)]
        bank = int(generations[1] > generations[0])
        if preferred is not None and slots[preferred] >= 0:
            bank = preferred
        return bank, slots[bank], generations[bank]

    def close(self) -> None:
        """Let go of it; its maker also removes it."""
        del self._words, self.marks, self.frames, self.levels, self.loudness
        self._memory.close()
        if self._owner:
            self._memory.unlink()


class MixedSource:
    """The mix as the player's source (`sound.transport.Source`). It knows nothing of timelines: it copies."""

    complete = True

    def __init__(self, name: str) -> None:
        """`name`: of the memory. Without it there is nothing to hear: the timeline was closed."""
        try:
            self._memory: Memory | None = Memory(name)
        except FileNotFoundError:
            self._memory = None
        self.sample_rate = self._memory.sample_rate if self._memory is not None else 48_000
        self._bank = 0
        self._generation = 0
        self._next = -1
        """Where reading goes on without a jump."""
        self._old_bank = 0
        self._fading = 0
        """Samples of the fade from the old bank that are left."""

    @property
    def length(self) -> int:
        return self._memory.length if self._memory is not None else 0

    def ready(self, start: int, count: int) -> int:
        memory = self._memory
        if memory is None or start < 0:
            return 0
        memory.at = start
        memory.count_read()
        chunk = start // CHUNK
        while chunk * CHUNK < start + count and memory.newest(chunk)[1] >= 0:
            chunk += 1
        return max(0, min(count, chunk * CHUNK - start))

    def read(self, start: int, stop: int) -> NDArray[np.float32]:
        out = np.zeros((stop - start, 2), np.float32)
        if self._memory is None:
            return out
        at = max(0, start)
        while at < stop:
            end = min(stop, (at // CHUNK + 1) * CHUNK)
            self._choose(at)
            part = out[at - start : end - start]
            self._copy(self._bank, at, part)
            self._fade(at, part)
            at = self._next = end
        return out

    def close(self) -> None:
        if self._memory is not None:
            self._memory.close()
            self._memory = None

    def _choose(self, at: int) -> None:
        """Play the newest generation that is there, going over to it with a fade where something plays already."""
        assert self._memory is not None
        bank, slot, generation = self._followed(at // CHUNK)
        if slot < 0 or generation == self._generation:
            return
        if at == self._next and bank != self._bank and self._memory.slot(self._bank, at // CHUNK) >= 0:
            self._old_bank, self._fading = self._bank, FADE
        self._bank, self._generation = bank, generation
        self._memory.bank = bank

    def _followed(self, chunk: int) -> tuple[int, int, int]:
        """`Memory.newest`, but one that goes on: from where nothing follows there is no way back with a fade."""
        assert self._memory is not None
        newest = self._memory.newest(chunk)
        bank, slot, _ = newest
        if slot >= 0 and self._memory.slot(bank, chunk + 1) < 0 <= self._memory.slot(1 - bank, chunk + 1):
            found = self._memory.newest(chunk, 1 - bank)
            return found if found[0] != bank else newest
        return newest

    def _copy(self, bank: int, at: int, out: NDArray[np.float32]) -> bool:
        """Into float32 (n, 2), all within one chunk. False: it is not there, and `out` as it was."""
        assert self._memory is not None
        chunk = at // CHUNK
        slot = self._memory.slot(bank, chunk)
        if slot < 0:
            return False
        begin = at - chunk * CHUNK
        out[:] = self._memory.frames[bank, slot, begin : begin + len(out)]
        if self._memory.marks[bank, slot, 0] != chunk:  # it was being overwritten
            out[:] = 0.0
            return False
        return True

    def _fade(self, at: int, new: NDArray[np.float32]) -> None:
        count = min(self._fading, len(new))
        if not count:
            return
        old = np.empty((count, 2), np.float32)
        if at != self._next or not self._copy(self._old_bank, at, old):
            self._fading = 0
            return
        since = FADE - self._fading
        rise = ((np.arange(since, since + count, dtype=np.float32) + 1) / (FADE + 1))[:, np.newaxis]
        new[:count] = old * (1 - rise) + new[:count] * rise
        self._fading -= count
