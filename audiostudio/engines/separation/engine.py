"""HTDemucs at work: a mix goes through in stretches that go over into each other, in constant memory."""

import contextlib
import itertools
import math
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest
from audiostudio.engines.torch_device import device_name
from audiostudio.errors import RequestError, UnreadableMedia
from audiostudio.jobs.job import Progress
from audiostudio.sound.resample import Resampler

REST = "other"
"""The stem that takes what no other has, so that all together are the mix."""
ORDER = ("vocals", "drums", "bass", REST)
LONGEST = 3 * 3600
"""Seconds."""
_BLOCK = 1 << 16
_OVERLAP = 0.25

Sound = NDArray[np.float32]
"""Shape (channels, samples)."""


class SeparationEngine:
    """See `base.Separator`."""

    def __init__(self, network: Any, device: str, manifest: EngineManifest) -> None:
        """`network`: an `HTDemucs` on `device`."""
        self.manifest = manifest
        self.device = device_name(device)
        self._device = device
        self._network = network

    def close(self) -> None:
        del self._network

    def separate(self, path: Path, folder: Path) -> Generator[Progress, None, tuple[tuple[str, str], ...]]:
        """See `base.Separator`. The stems' sum is the mix, but for what 44.1 kHz cannot hold."""
        import soundfile

        yield Progress(0.0, "Listening to the mix.")
        try:
            info = soundfile.info(str(path))
            mean, spread = _level(path)
        except (soundfile.LibsndfileError, OSError) as error:
            raise UnreadableMedia(f"{path.name} cannot be read here: {error}.", "Export it as WAV.") from error
        if info.frames > LONGEST * info.samplerate:
            raise RequestError(f"{path.name} is longer than {LONGEST // 3600} hours.", "Cut it into parts first.")
        names = [name for name in ORDER if name in self._network.sources]
        names += [name for name in self._network.sources if name not in names]
        files = tuple((name, f"{name}.wav") for name in names)
        channels = min(2, info.channels)
        with contextlib.ExitStack() as open_files:
            writers = [
                open_files.enter_context(_Stem(folder / file, info.samplerate, channels, info.frames, self._rate))
                for _, file in files
            ]
            for stems, fraction in self._parts(path, info.samplerate, info.frames, mean, spread):
                for name, writer in zip(names, writers, strict=True):
                    writer.push(stems[name])
                yield Progress(min(0.99, fraction), "Taking it apart.")
            for writer in writers:
                writer.finish()
        yield Progress(1.0, "Taken apart.")
        return files

    @property
    def _rate(self) -> int:
        return int(self._network.samplerate)

    def _parts(
        self, path: Path, rate: int, frames: int, mean: float, spread: float
    ) -> Iterator[tuple[dict[str, Sound], float]]:
        """The stems of the mix, stretch after stretch, and how far it is."""
        length = int(self._network.segment * self._rate)
        step = int(length * (1 - _OVERLAP))
        weight = _triangle(length)
        sources = list(self._network.sources)
        total = max(1, math.ceil(frames * self._rate / rate))
        made = np.zeros((len(sources), 2, length), np.float32)
        weights = np.zeros(length, np.float32)
        done = 0
        for past, stretch, left in _stretches(path, rate, self._rate, length, step):
            size = stretch.shape[1]
            made[:, :, :size] += self._estimate(past, stretch, length, mean, spread) * weight[:size]
            weights[:size] += weight[:size]
            ready = min(step, left)
            stems = made[:, :, :ready] / np.maximum(weights[:ready], 1e-9)
            parts = dict(zip(sources, stems, strict=True))
            if REST in parts:
                parts[REST] = stretch[:, :ready] - sum(parts[name] for name in sources if name != REST)
            done += ready
            yield parts, done / total
            made = np.concatenate([made[:, :, step:], np.zeros_like(made[:, :, :step])], axis=2)
            weights = np.concatenate([weights[step:], np.zeros(step, np.float32)])

    def _estimate(self, past: Sound, stretch: Sound, length: int, mean: float, spread: float) -> NDArray[np.float32]:
        """Shape (stems, 2, samples of `stretch`). A short one is heard with what came before, in the middle."""
        import torch

        size = stretch.shape[1]
        before = (length - size) // 2
        heard = past[:, past.shape[1] - min(before, past.shape[1]) :]
        whole = (np.concatenate([heard, stretch], axis=1) - mean) / spread
        padded = np.pad(whole, ((0, 0), (before - heard.shape[1], length - size - before))).astype(np.float32)
        with torch.inference_mode():
            found = self._network(torch.from_numpy(padded)[None].to(self._device))[0].cpu().numpy()
        return np.asarray(found[:, :, before : before + size] * spread + mean, np.float32)


class _Stem:
    """A file that becomes exactly as long as the mix, at its rate and with its channels."""

    def __init__(self, path: Path, rate: int, channels: int, frames: int, heard_at: int) -> None:
        import soundfile

        self._resampler = Resampler(heard_at, rate, 2)
        self._file = soundfile.SoundFile(str(path), "w", rate, channels, "FLOAT", format="WAV")
        self._channels = channels
        self._left = frames

    def __enter__(self) -> "_Stem":
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def push(self, sound: Sound) -> None:
        self._write(self._resampler.push(np.ascontiguousarray(sound)))

    def finish(self) -> None:
        self._write(self._resampler.finish())
        self._write(np.zeros((2, self._left), np.float32))

    def _write(self, sound: Sound) -> None:
        kept = sound[:, : self._left]
        self._left -= kept.shape[1]
        self._file.write((kept if self._channels == 2 else kept.mean(axis=0, keepdims=True)).T)


def _stretches(path: Path, rate: int, wanted: int, length: int, step: int) -> Iterator[tuple[Sound, Sound, int]]:
    """Every `step` samples at the rate that is wanted: what came before, the next `length`, and how many are left
    from there, as far as it is known."""
    past = held = np.zeros((2, 0), np.float32)
    for block in itertools.chain(_blocks(path, rate, wanted), [None]):
        held = held if block is None else np.concatenate([held, block], axis=1)
        while held.shape[1] >= length + step or (block is None and held.shape[1]):
            yield past, held[:, :length], held.shape[1]
            past = np.concatenate([past, held[:, :step]], axis=1)[:, -length:]
            held = held[:, step:]


def _blocks(path: Path, rate: int, wanted: int) -> Iterator[Sound]:
    """The sound of a file on two channels, at another rate."""
    import soundfile

    resampler = Resampler(rate, wanted, 2)
    with soundfile.SoundFile(str(path)) as file:
        for block in file.blocks(_BLOCK, dtype="float32", always_2d=True):
            yield resampler.push(_stereo(block))
    yield resampler.finish()


def _level(path: Path) -> tuple[float, float]:
    """Mean and spread of a file's sound on one channel, as the network was trained to have them taken out."""
    import soundfile

    count, total, squares = 0, 0.0, 0.0
    with soundfile.SoundFile(str(path)) as file:
        for block in file.blocks(_BLOCK, dtype="float32", always_2d=True):
            mono = _stereo(block).mean(axis=0, dtype=np.float64)
            count += len(mono)
            total += float(mono.sum())
            squares += float(np.square(mono).sum())
    if not count:
        return 0.0, 1.0
    mean = total / count
    return mean, math.sqrt(max(0.0, squares / count - mean * mean)) + 1e-8


def _stereo(block: NDArray[np.float32]) -> Sound:
    """From soundfile's (samples, channels)."""
    both = block[:, :2] if block.shape[1] > 1 else np.repeat(block, 2, axis=1)
    return np.ascontiguousarray(both.T)


def _triangle(length: int) -> NDArray[np.float32]:
    rising = np.arange(1, length // 2 + 1, dtype=np.float32)
    falling = np.arange(length - length // 2, 0, -1, dtype=np.float32)
    whole = np.concatenate([rising, falling])
    return np.asarray(whole / whole.max(), np.float32)
