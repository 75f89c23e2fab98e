"""A mix as files: the whole or a range, one file for each track beside, at a loudness.

Everything streams: a timeline of 24 hours takes as much memory as one of a minute.
"""

import math
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import RequestError
from audiostudio.files import scratch_file, storage_errors, sync_folder
from audiostudio.render.mix import BLOCK, Mix, Problem
from audiostudio.sound.effects import STEP, Processor, check, make
from audiostudio.sound.files import SoundStream
from audiostudio.sound.loudness import Loudness, Meter
from audiostudio.sound.writer import SoundWriter

PIECE = 2 * BLOCK
"""Samples between two yields."""
TRUE_PEAK = -1.0
"""dBTP that a mix brought to a loudness stays below."""
NEAR = 0.1
"""LU that a file may be off its loudness before it is made again."""
_TRIES = 6
"""Looks at what a gain would come to."""
_WRITTEN = 3
"""Times that a file is written at most."""
_MOST_DRIVE = 18.0
"""dB that a mix is driven into the limiter at most, beyond its distance to the target."""
_LEAST_SLOPE = 0.15
_MOST_CORRECTION = 6.0
"""dB, after a file was looked at."""
_QUIET = 1e-5
"""What rings on below −100 dBFS after the last clip is cut off."""
_RENDERED = 0.6
"""The share of the work that is the mix itself, where there is a loudness to be reached."""
_FITTED = 0.8

OpenWriter: TypeAlias = Callable[[Path], SoundWriter]
"""A writer of two channels, not yet entered, at the mix's sample rate."""


class Target(NamedTuple):
    loudness: float
    """LUFS, integrated (EBU R 128): −14, −16 or −23 are usual."""
    true_peak: float = TRUE_PEAK
    """dBTP."""


@dataclass(frozen=True, slots=True)
class MixedDown:
    path: Path
    samples: int
    clipped: int
    """Samples that were beyond ±1 and were limited to it; never with a target."""
    stems: Mapping[str, Path]
    """By the ids of their tracks."""
    problems: tuple[Problem, ...]
    measured: Loudness | None = None
    """Of the written file; None without a target."""
    gain: float = 0.0
    """dB that the target took."""
    reached: bool = True
    """Whether the file has the loudness asked for, within 0.5 LU, and stays below the true peak."""


def mixdown(
    mix: Mix,
    output: Path,
    open_writer: OpenWriter,
    *,
    first: int = 0,
    last: int | None = None,
    target: Target | None = None,
    stems: Mapping[str, Path] | None = None,
    open_stem: OpenWriter | None = None,
) -> Generator[float, None, MixedDown]:
    """Write samples `first`…`last` of a mix; None: all of it, and what rings on. Yields how much is done, 0…1.

    `stems`: for the ids of tracks, where each goes, as it is before the master (`Mix(stems=True)`). No file appears
    before it is whole; after an error, or when the generator is closed, those that are not are gone.

    Raises `RequestError` when there is nothing to mix, `EncodingFailed`, `DiskFull` or another `StorageError`.
    """
    whole = last is None
    end = mix.length if last is None else last
    if end <= first or (whole and not mix.end):
        raise RequestError("There is nothing to mix.", "Put a clip on the timeline, or choose a longer range.")
    pieces = _pieces(mix, first, end, mix.end if whole else end, bool(stems))
    total = end - first
    with storage_errors(output):
        output.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        writers = {name: files.enter_context((open_stem or open_writer)(path)) for name, path in (stems or {}).items()}
        if target is None:
            writer = files.enter_context(open_writer(output))
            for done, sound, tracks in pieces:
                writer.write(sound)
                _write_stems(writers, tracks, sound.shape[1])
                yield min(1.0, done / total)
            found = MixedDown(output, writer.samples, writer.clipped, dict(stems or {}), mix.problems)
        else:
            scratch = files.enter_context(scratch_file(output))
            kept = _Kept(scratch, mix.sample_rate)
            with storage_errors(output), scratch.open("wb") as opened:
                for done, sound, tracks in pieces:
                    kept.add(opened.write(np.ascontiguousarray(sound.T).tobytes()) // 8, sound)
                    _write_stems(writers, tracks, sound.shape[1])
                    yield _RENDERED * min(1.0, done / total)
            reached = yield from _mastered(kept, output, open_writer, target)
            found = MixedDown(output, kept.samples, 0, dict(stems or {}), mix.problems, *reached)
    return found


def _write_stems(writers: Mapping[str, SoundWriter], tracks: Mapping[str, NDArray[np.float32]], count: int) -> None:
    for name, writer in writers.items():
        writer.write(tracks[name] if name in tracks else np.zeros((2, count), np.float32))


_Piece: TypeAlias = tuple[int, NDArray[np.float32], Mapping[str, NDArray[np.float32]]]


def _pieces(mix: Mix, first: int, last: int, until: int, with_tracks: bool) -> Iterator[_Piece]:
    """How many samples are done, the mix, and its tracks. After `until`, only as long as something is heard."""
    silent: list[_Piece] = []
    for at in range(first, last, PIECE):
        count = min(PIECE, last - at)
        if with_tracks:
            sound, tracks = mix.render_tracks(at, count)
        else:
            sound, tracks = mix.render(at, count), {}
        needed = max(0, min(count, until - at), _heard(sound) if at + count > until else 0)
        if needed:
            yield from silent
            silent = []
            yield at + needed - first, sound[:, :needed], {name: one[:, :needed] for name, one in tracks.items()}
        if needed < count:
            rest = {name: one[:, needed:] for name, one in tracks.items()}
            silent.append((at + count - first, sound[:, needed:], rest))


def _heard(sound: NDArray[np.float32]) -> int:
    """Samples up to the last that is not silence."""
    loud = np.flatnonzero(np.abs(sound).max(axis=0) > _QUIET)
    return int(loud[-1]) + 1 if len(loud) else 0


class _Kept:
    """A mix in a file of bare floats, and what was measured of it."""

    def __init__(self, path: Path, sample_rate: int) -> None:
        self._path = path
        self.sample_rate = sample_rate
        self.samples = 0
        self._meter = Meter(sample_rate, 2)
        self._loudness: Loudness | None = None

    def add(self, samples: int, sound: NDArray[np.float32]) -> None:
        self.samples += samples
        self._meter.push(sound)

    @property
    def loudness(self) -> Loudness:
        if self._loudness is None:
            self._loudness = self._meter.finish()
        return self._loudness

    def __iter__(self) -> Iterator[NDArray[np.float32]]:
        with storage_errors(self._path), self._path.open("rb") as opened:
            while piece := opened.read(PIECE * 8):
                yield np.ascontiguousarray(np.frombuffer(piece, np.float32).reshape(-1, 2).T)


def _mastered(
    kept: _Kept, output: Path, open_writer: OpenWriter, target: Target
) -> Generator[float, None, tuple[Loudness, float, bool]]:
    """Write a mix at a loudness, look at what came out, and write it again where that is off."""
    silent = not math.isfinite(kept.loudness.integrated)
    gain, slope = (0.0, 1.0) if silent else (yield from _fitting(kept, target))
    ceiling = target.true_peak
    with scratch_file(output) as made:
        for attempt in range(_WRITTEN):
            done = 0
            with open_writer(made) as writer:
                for sound in _levelled(kept, gain, ceiling):
                    writer.write(sound)
                    done += sound.shape[1]
                    yield _nearer(_FITTED, 1.0, attempt + done / kept.samples / 2)
            meter = Meter(kept.sample_rate, 2)
            for sound in SoundStream(made, kept.sample_rate):
                meter.push(sound)
                done += sound.shape[1]
                yield _nearer(_FITTED, 1.0, attempt + done / kept.samples / 2)
            found = meter.finish()
            off = 0.0 if silent else target.loudness - found.integrated
            over = found.true_peak - target.true_peak
            if (abs(off) <= NEAR and over <= 0) or attempt == _WRITTEN - 1:
                break
            gain += min(off / slope, _MOST_CORRECTION) if math.isfinite(off) else 0.0
            ceiling -= over + 0.05 if over > 0 else 0.0
        with storage_errors(output):
            made.replace(output)
            sync_folder(output.parent)
    yield 1.0
    return found, gain, silent or (abs(off) <= 0.5 and over <= 0)


def _fitting(kept: _Kept, target: Target) -> Generator[float, None, tuple[float, float]]:
    """The gain in dB that brings a mix to a loudness, and how many LU a dB more would bring: less than 1 where peaks
    are held back, so that it has to be looked for."""
    gain, slope = target.loudness - kept.loudness.integrated, 1.0
    most = gain + _MOST_DRIVE
    before: tuple[float, float] | None = None
    if kept.loudness.true_peak + gain <= target.true_peak:
        return gain, slope
    for attempt in range(_TRIES):
        meter, done = Meter(kept.sample_rate, 2), 0
        for sound in _levelled(kept, gain, target.true_peak):
            meter.push(sound)
            done += sound.shape[1]
            yield _nearer(_RENDERED, _FITTED, attempt + done / kept.samples)
        reached = meter.finish().integrated
        if before is not None and gain != before[0]:
            slope = min(1.0, max(_LEAST_SLOPE, (reached - before[1]) / (gain - before[0])))
        if abs(target.loudness - reached) <= NEAR / 2 or not math.isfinite(reached):
            break
        before = gain, reached
        gain = min(most, gain + (target.loudness - reached) / slope)
    return gain, slope


def _nearer(begin: float, end: float, passes: float) -> float:
    """Progress of passes of which nobody knows how many there will be: each goes half of the rest of the way."""
    return float(end - (end - begin) * 0.5**passes)


def _levelled(kept: _Kept, gain: float, ceiling: float) -> Iterator[NDArray[np.float32]]:
    """A mix with a gain, limited where that is too much for it: the samples it has, no more and no fewer."""
    factor = np.float32(10.0 ** (gain / 20.0))
    limiter: Processor | None = None
    if kept.loudness.true_peak + gain > ceiling:
        limiter = make(check("limiter", {"ceiling": ceiling, "release": 100.0}), kept.sample_rate)
    if limiter is None:
        yield from (sound * factor for sound in kept)
        return
    late, short = limiter.latency, 0
    for sound in kept:
        short = -sound.shape[1] % STEP  # of the last piece
        limited = limiter.process(np.pad(sound * factor, ((0, 0), (0, short))))
        skipped = min(late, limited.shape[1])
        late -= skipped
        if skipped < limited.shape[1]:
            yield limited[:, skipped:]
    rest = limiter.process(np.zeros((2, limiter.latency), np.float32))
    yield rest[:, late : rest.shape[1] - short]
