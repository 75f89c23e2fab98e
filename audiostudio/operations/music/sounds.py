"""Sounds that are worked on: an asset of the library, or a file; read once for all that is measured in it."""

import math
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import MissingMedia, NotFound, RequestError
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject, Progress
from audiostudio.library import Asset
from audiostudio.music.analysis import RATE
from audiostudio.music.analysis.spectra import Listener, Spectra
from audiostudio.operations.aligning import sound_of
from audiostudio.operations.preparing import conformed
from audiostudio.operations.progress import told
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.sound.conform import Treatment
from audiostudio.sound.files import decode, probe
from audiostudio.sound.loudness import Meter
from audiostudio.sound.resample import Resampler


class Source(NamedTuple):
    path: Path
    asset: Asset | None
    """None: a file that is not in the library."""

    @property
    def name(self) -> str:
        """For people."""
        return self.asset.name if self.asset is not None else self.path.stem


class Heard(NamedTuple):
    """What one reading of a file tells."""

    spectra: Spectra
    loudness: float | None
    """LUFS; None: silence."""
    true_peak: float | None
    """dBTP."""
    sample_rate: int
    channels: int
    samples: int


def source_of(studio: Studio, request: JsonObject) -> Source:
    """`asset` or `path` of a request. Raises `MissingMedia`, `NotFound`."""
    if request.get("asset"):
        asset = studio.library.get(request["asset"])
        return Source(sound_of(asset), asset)
    path = absolute(request["path"])
    if not path.is_file():
        raise MissingMedia(f"There is no file {path}.", "Check its name and folder.")
    return Source(path, None)


def source_named(studio: Studio, name: str) -> Source:
    """The same of an asset's id, or of a path."""
    try:
        asset = studio.library.get(name)
    except NotFound:
        return source_of(studio, {"path": name})
    return Source(sound_of(asset), asset)


def uncompressed(studio: Studio, path: Path) -> Generator[Progress, None, Path]:
    """What can be read at any place instead of a recording: itself, or a WAV file of 48 kHz in the cache, on one or two
    channels. Raises `UnreadableMedia`, `MissingMedia`, `StorageError`."""
    store, treatment = conformed(studio), Treatment(SAMPLE_RATE)
    found = store.find(path, treatment)
    if found is not None:
        return found
    seconds = probe(path).duration or 0.0
    return (yield from told(_shares(store.make(path, treatment), seconds), f"Reading {path.name}"))


def _shares(work: Generator[float, None, Path], seconds: float) -> Generator[float, None, Path]:
    """Seconds that are done, as shares of all."""
    while True:
        try:
            done = next(work)
        except StopIteration as end:
            found: Path = end.value
            return found
        yield min(1.0, done / seconds) if seconds else 0.0


def listened(path: Path) -> Generator[float, None, Heard]:
    """Everything that can be measured in one reading, in constant memory for its sound; yields its share, 0…1.

    Raises `UnreadableMedia`, `MissingMedia`, `StorageError`.
    """
    info = probe(path)
    rate = info.sample_rate or RATE
    expected = (info.duration or 0.0) * rate
    listener, resampler = Listener(), Resampler(rate, RATE)
    meter: Meter | None = None
    samples = channels = 0
    for chunk in decode(path, rate):
        channels = chunk.shape[0]
        meter = meter or Meter(rate, channels)
        meter.push(chunk)
        listener.push(resampler.push(chunk.mean(axis=0, keepdims=True, dtype=np.float32))[0])
        samples += chunk.shape[1]
        yield min(0.99, samples / expected) if expected else 0.5
    if meter is None:
        raise RequestError(f"{path.name} holds no sound.", "Choose another file.")
    listener.push(resampler.finish()[0])
    loudness = meter.finish()
    return Heard(listener.finish(), _finite(loudness.integrated), _finite(loudness.true_peak), rate, channels, samples)


def mono(path: Path, sample_rate: int) -> Iterator[NDArray[np.float32]]:
    """Shape (n,), in pieces."""
    return (chunk[0] for chunk in decode(path, sample_rate, mono=True))


def _finite(value: float) -> float | None:
    return round(value, 2) if math.isfinite(value) else None
