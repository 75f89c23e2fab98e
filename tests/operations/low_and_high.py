"""An engine that takes a mix apart by frequency alone: quick, and its stems' sum is the mix."""

from collections.abc import Generator
from pathlib import Path

import numpy as np

from audiostudio.engines.base import EngineManifest, Models
from audiostudio.jobs.job import Progress
from audiostudio.sound.files import Sound, read_sound, write_sound


class LowAndHigh:
    device = "the processor"

    def __init__(self, manifest: EngineManifest) -> None:
        self.manifest = manifest

    def separate(self, path: Path, folder: Path) -> Generator[Progress, None, tuple[tuple[str, str], ...]]:
        yield Progress(0.0, "Listening.")
        mix = read_sound(path)
        spectrum = np.fft.rfft(mix.samples)
        spectrum[:, round(len(mix.samples[0]) * 1000 / mix.sample_rate) :] = 0
        low = np.fft.irfft(spectrum, mix.samples.shape[1]).astype(np.float32)
        write_sound(folder / "low.wav", Sound(low, mix.sample_rate), "wav32f")
        yield Progress(0.5, "Listening.")
        write_sound(folder / "high.wav", Sound(mix.samples - low, mix.sample_rate), "wav32f")
        return (("bass", "low.wav"), ("vocals", "high.wav"))

    def close(self) -> None:
        """Nothing is held."""


def create(_models: Models, manifest: EngineManifest) -> LowAndHigh:
    return LowAndHigh(manifest)
