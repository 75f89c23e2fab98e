"""Collecting the sound of a plan: 48 kHz, 24 bits, each medium read once however many clips were cut from it."""

import contextlib
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiostudio.render.handoff.bake import LEAD
from audiostudio.render.handoff.cuts import Piece
from audiostudio.render.handoff.formats import RATE
from audiostudio.sound.files import SoundWriter, decode
from audiostudio.sound.writer import Seal
from audiostudio.timeline.time import to_samples
from audiostudio.timeline.tracks import Timeline

Mixer = Callable[[Timeline, int], Iterator[NDArray[np.float32]]]
"""(timeline, samples) → its mix from 0 on, float32 (2, n) at 48 kHz, as many samples or fewer."""
SealOf = Callable[[Piece], Seal]
_BLOCK = 65_536
_AT_ONCE = 100
"""Files that are open at the same time."""


class Written(NamedTuple):
    """A file that was finished."""

    piece: Piece
    clipped: int
    """Samples that were louder than a file can hold."""


def collect(
    pieces: Iterable[Piece], folder: Path, source: Callable[[Piece], Path], mix: Mixer, seal: SealOf | None = None
) -> Iterator[Written | int]:
    """Write the pieces into `folder`; gives each when it is whole, and between them how many samples were done.
    `seal`: what each finished file is given to before it appears.

    Raises `UnreadableMedia`, `MissingMedia`, `DiskFull`, `ReadOnly`, other `StorageError`s.
    """
    plain: defaultdict[str, list[Piece]] = defaultdict(list)
    for piece in pieces:
        if piece.bake is None:
            plain[piece.media.id].append(piece)
        else:
            yield from _write(piece, folder, _after_lead(mix(piece.bake, _lead() + piece.length)), seal)
    for group in plain.values():
        yield from _write_cuts(group, folder, source(group[0]), seal)


def _lead() -> int:
    return to_samples(LEAD, RATE)


def _after_lead(chunks: Iterator[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
    skip = _lead()
    for chunk in chunks:
        yield chunk[:, skip:]
        skip = max(0, skip - chunk.shape[1])


def _write(
    piece: Piece, folder: Path, chunks: Iterator[NDArray[np.float32]], seal: SealOf | None
) -> Iterator[Written | int]:
    with _Output(piece, folder, seal) as output:
        for chunk in chunks:
            yield output.take(piece.first + output.position, chunk)
        yield output.fill()
    yield Written(piece, output.clipped)


def _write_cuts(
    pieces: list[Piece], folder: Path, source: Path, seal: SealOf | None
) -> Generator[Written | int, None, None]:
    """Cuts of one medium, in one pass through it, or several where very many begin near each other."""
    waiting = sorted(pieces, key=lambda piece: piece.first)
    while waiting:
        waiting = yield from _pass(waiting, folder, source, seal)


def _pass(
    pieces: list[Piece], folder: Path, source: Path, seal: SealOf | None
) -> Generator[Written | int, None, list[Piece]]:
    """Gives the pieces that are left: those that began when `_AT_ONCE` others were being written."""
    waiting = deque(pieces)
    left: list[Piece] = []
    with contextlib.ExitStack() as stack:
        opened: list[tuple[_Output, contextlib.ExitStack]] = []
        at = 0
        for chunk in decode(source, RATE):
            while waiting and waiting[0].first < at + chunk.shape[1]:
                piece = waiting.popleft()
                if len(opened) == _AT_ONCE:
                    left.append(piece)
                    continue
                own = stack.enter_context(contextlib.ExitStack())
                opened.append((own.enter_context(_Output(piece, folder, seal)), own))
            yield sum(output.take(at, chunk) for output, _ in opened)
            for output, own in [entry for entry in opened if entry[0].full]:
                own.close()
                yield Written(output.piece, output.clipped)
            opened = [entry for entry in opened if not entry[0].full]
            at += chunk.shape[1]
            if not waiting and not opened:
                return left
        for output, own in opened:
            yield output.fill()
            own.close()
            yield Written(output.piece, output.clipped)
    for piece in waiting:  # behind the end of the medium
        yield from _write(piece, folder, iter(()), seal)
    return left


class _Output:
    """One file; silence where the medium has nothing."""

    def __init__(self, piece: Piece, folder: Path, seal: SealOf | None) -> None:
        self.piece = piece
        self.position = 0
        title = piece.name.rpartition(".")[0]
        sealed = None if seal is None else seal(piece)
        self._writer = SoundWriter(folder / piece.name, RATE, piece.channels, "wav", title=title, seal=sealed)

    def __enter__(self) -> "_Output":
        self._writer.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.__exit__(kind, error, trace)

    @property
    def full(self) -> bool:
        return self.position >= self.piece.length

    @property
    def clipped(self) -> int:
        return self._writer.clipped

    def take(self, at: int, chunk: NDArray[np.float32]) -> int:
        """What of `chunk`, which lies at `at` in the medium, belongs here; how many samples that were."""
        before = min(at - self.piece.first - self.position, self.piece.length - self.position)
        written = self._silence(max(0, before))
        first = self.piece.first + self.position - at
        part = chunk[:, first : first + self.piece.length - self.position]
        if part.shape[1]:
            self._writer.write(_with_channels(part, self.piece.channels))
            self.position += part.shape[1]
        return written + int(part.shape[1])

    def fill(self) -> int:
        return self._silence(self.piece.length - self.position)

    def _silence(self, samples: int) -> int:
        for start in range(0, samples, _BLOCK):
            self._writer.write(np.zeros((self.piece.channels, min(_BLOCK, samples - start)), np.float32))
        self.position += max(0, samples)
        return max(0, samples)


def _with_channels(samples: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    if samples.shape[0] == channels:
        return samples
    if samples.shape[0] > channels == 1:  # a mix whose channels are the same
        return samples[:1]
    mean = samples.mean(axis=0, keepdims=True, dtype=np.float32)
    return np.repeat(mean, channels, axis=0)
