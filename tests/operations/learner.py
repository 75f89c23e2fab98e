"""An engine that learns voices in no time: a tone, as high as the person of the samples speaks."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest, Learnt, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.tone import ToneEngine
from audiostudio.jobs.job import Progress
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.sound.files import read_sound
from audiostudio.sound.pitch import RATE, melody

MANIFEST: dict[str, Any] = {
    "name": "learner",
    "title": "Learner",
    "module": "tests.operations.learner",
    "version": "7",
    "kind": "speech",
    "capabilities": {
        "languages": ["en-us", "en-gb"], "streaming": True, "pitch": [-12, 12], "cloning": "match", "conversion": True,
    },
    "rights": {"licence": "Learner licence", "commercial": False, "credit": "Learner by nobody", "url": ""},
    "voices": [],
    "models": [],
}  # fmt: skip


class Learner:
    device = "the processor"

    def __init__(self, models: Models, manifest: EngineManifest) -> None:
        self.manifest = manifest
        self._models = models
        self._tone = ToneEngine(manifest)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        hertz = float((self._models.voice(settings.voice) / "style.bin").read_text())
        return self._tone.speak(parts, replace(settings, pitch=12 * float(np.log2(hertz / 196.0))))

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        """`hold`: never comes to an end."""
        sounds = [read_sound(path) for path in samples]
        assert all((one.sample_rate, one.channels) == (48_000, 1) for one in sounds)
        (folder / "style.bin").write_text("196.0")
        yield Progress(0.1, "Learning")
        while options.get("hold"):
            yield Progress(0.2, "Holding")
        heard = np.concatenate([melody(read_sound(path, RATE).samples[0]) for path in samples])
        (folder / "style.bin").write_text(f"{np.median(heard[heard > 0]):.1f}")
        return Learnt(("style.bin",), {"similarity": 0.5, "samples": len(samples)})

    def convert(self, audio: NDArray[np.float32], sample_rate: int, voice: str) -> Iterator[SpeechChunk]:
        """The same again, at half the loudness."""
        assert self._models.voice(voice).is_dir()
        for start in range(0, len(audio), sample_rate):
            yield SpeechChunk(audio[start : start + sample_rate] / 2, sample_rate, start)

    def close(self) -> None:
        """Nothing is held."""


def create(models: Models, manifest: EngineManifest) -> Learner:
    return Learner(models, manifest)
