"""Media as a mix reads them: uncompressed, at its sample rate, on at most two channels, perhaps without noise.

What is uncompressed and fits is read where it lies. Everything else is decoded once, in a worker process (a hostile
file ends that), into a file of the cache.
"""

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import UnreadableMedia
from audiostudio.files import remove_dead_halves, replace_file, storage_errors
from audiostudio.sound.channels import stereo
from audiostudio.sound.denoise import SAMPLE_RATE, Denoiser
from audiostudio.sound.files import SoundStream
from audiostudio.sound.pcm import PcmFile
from audiostudio.sound.resample import Resampler
from audiostudio.sound.writer import SoundWriter

LIMIT = 40 << 30
"""Bytes of the cache, about."""
IN_USE = 12 * 3600.0
"""Seconds since a file was last opened in which it is not thrown away, however full the cache is."""


class Treatment(NamedTuple):
    """What is done to a medium before it is mixed."""

    sample_rate: int
    denoise: float | None = None
    """dB by which noise is taken off, at most; None: not."""


class Conformed:
    """A folder with media that were made fit."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        """`limit`: bytes; files not in use go, longest unused first, when there are more."""
        self._folder = folder
        self._limit = limit

    def find(self, source: Path, treatment: Treatment) -> Path | None:
        """What a mix reads instead of `source`, or `source` itself; None: it has to be made first.

        Raises `MissingMedia` when there is no `source`, or a `StorageError`.
        """
        if treatment.denoise is None and _fits(source, treatment.sample_rate):
            return source
        made = self._place(source, treatment)
        try:
            os.utime(made, ns=(time.time_ns(), made.stat().st_mtime_ns))  # used now, and the same file as before
        except OSError:
            return None
        return made

    def note(self, source: Path, treatment: Treatment) -> str:
        """What was wrong with `source` when it was made fit, in a sentence; empty: nothing."""
        try:
            noted: str = json.loads(self._place(source, treatment).with_suffix(".json").read_text("utf-8"))["note"]
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return noted

    def make(self, source: Path, treatment: Treatment) -> Generator[float, None, Path]:
        """Yields seconds that are done; returns the file. Of a damaged one, as much as can be decoded.

        To be run in a worker process. Raises as `SoundStream` when nothing can be, `DiskFull`, a `StorageError` or
        `EngineUnavailable`.
        """
        place = self._place(source, treatment)
        with storage_errors(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            remove_dead_halves(place)
        self._prune()
        note = ""
        stream = _sound(source, treatment)
        first = next(stream)
        with SoundWriter(place, treatment.sample_rate, first.shape[0], "wav32f") as writer:
            writer.write(first)
            while True:
                yield writer.samples / treatment.sample_rate
                try:
                    writer.write(next(stream))
                except StopIteration:
                    break
                except UnreadableMedia as error:
                    note = error.sentence
                    break
        replace_file(place.with_suffix(".json"), json.dumps({"source": source.name, "note": note}).encode())
        return place

    def _place(self, source: Path, treatment: Treatment) -> Path:
        with storage_errors(source):
            status = source.stat()
        about = f"{source.absolute()}\0{status.st_size}\0{status.st_mtime_ns}\0{tuple(treatment)}"
        return self._folder / f"{hashlib.sha256(about.encode()).hexdigest()[:32]}.wav"

    def _prune(self) -> None:
        """Throw away what was not used for longest, as much as is over the limit."""
        with contextlib.suppress(OSError):
            found = [
                (entry.stat(), Path(entry.path)) for entry in os.scandir(self._folder) if entry.name.endswith(".wav")
            ]
            over = sum(status.st_size for status, _ in found) - self._limit
            for status, path in sorted(found, key=lambda one: one[0].st_atime_ns):
                if over <= 0 or status.st_atime > time.time() - IN_USE:
                    break
                path.unlink(missing_ok=True)
                path.with_suffix(".json").unlink(missing_ok=True)
                over -= status.st_size


def _fits(source: Path, sample_rate: int) -> bool:
    try:
        return PcmFile(source).sample_rate == sample_rate
    except UnreadableMedia:
        return False


def _sound(source: Path, treatment: Treatment) -> Iterator[NDArray[np.float32]]:
    """The sound of a file, treated. Raises as `SoundStream`, after everything that could be read."""
    if treatment.denoise is None:
        for chunk in SoundStream(source, treatment.sample_rate):
            yield stereo(chunk) if chunk.shape[0] > 2 else chunk
        return
    yield from _denoised(source, treatment.denoise, treatment.sample_rate)


def _denoised(source: Path, reduction: float, sample_rate: int) -> Iterator[NDArray[np.float32]]:
    with contextlib.ExitStack() as opened:
        channels: list[Denoiser] = []
        resampler: Resampler | None = None
        damage: UnreadableMedia | None = None
        try:
            for chunk in SoundStream(source, SAMPLE_RATE):
                sound = stereo(chunk) if chunk.shape[0] > 2 else chunk
                channels = channels or [opened.enter_context(Denoiser(reduction)) for _ in sound]
                resampler = resampler or Resampler(SAMPLE_RATE, sample_rate, len(sound))
                clean = np.stack([one.push(part) for one, part in zip(channels, sound, strict=True)])
                yield resampler.push(clean)
        except UnreadableMedia as error:
            damage = error
        if resampler is not None:
            yield resampler.push(np.stack([one.finish() for one in channels]))
            yield resampler.finish()
        if damage is not None:
            raise damage
