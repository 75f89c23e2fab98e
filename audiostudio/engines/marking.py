"""Engines that clone voices, so that nothing comes out of them without the inaudible mark."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest, Learnt, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.voices import parse_mix
from audiostudio.errors import UnsupportedSetting
from audiostudio.jobs.job import Progress
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.voices.voice import OWN

if TYPE_CHECKING:
    from audiostudio.engines.watermark import Watermarker


def marked(engine: Any, manifest: EngineManifest, models: Models) -> Any:
    """The engine itself, or, if it clones voices, one that marks what it says and converts. Called once, in the
    process in which the engine runs, before anybody else has it. An engine may say so itself, `clones`: a manifest
    that somebody wrote does not take that back."""
    clones = manifest.capabilities.cloning == "clone" or getattr(engine, "clones", False)
    return MarkedEngine(engine, manifest, models) if clones else engine


class MarkedEngine:
    """A `SpeechEngine`, `VoiceMaker` and `Converter` around one that clones, with nothing else of it.

    All that it speaks and converts is marked; of an engine that runs elsewhere and has voices of its own, what own
    voices speak, and those of which it says that they are clones (`is_clone`): a voice that was cloned here is to be
    had there under its other name. Where the mark cannot be set nothing is said: `ModelMissing` comes before anything
    is asked of the engine.
    """

    def __init__(self, engine: Any, manifest: EngineManifest, models: Models) -> None:
        self.manifest = manifest
        self._engine = engine
        self._models = models

    @property
    def device(self) -> str:
        device: str = self._engine.device
        return device

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        if self.manifest.capabilities.remote and not any(self._is_clone(name) for name, _ in parse_mix(settings.voice)):
            theirs: Iterator[SpeechChunk] = self._engine.speak(parts, settings)
            return theirs
        watermarker = self._watermarker
        return watermarker.mark(self._engine.speak(parts, settings))

    def convert(self, audio: NDArray[np.float32], sample_rate: int, voice: str) -> Iterator[SpeechChunk]:
        """Raises `UnsupportedSetting` where the engine has no conversion."""
        if not self.manifest.capabilities.conversion:
            raise UnsupportedSetting(
                f"{self.manifest.title} cannot say a recording again in another voice.", "Choose another engine."
            )
        watermarker = self._watermarker
        return watermarker.mark(self._engine.convert(audio, sample_rate, voice))

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        learnt: Learnt = yield from self._engine.learn(samples, folder, options)
        return learnt

    def close(self) -> None:
        self._engine.close()

    def _is_clone(self, voice: str) -> bool:
        knows = getattr(self._engine, "is_clone", None)
        return voice.startswith(OWN) or (knows is not None and knows(voice))

    @cached_property
    def _watermarker(self) -> "Watermarker":
        from audiostudio.engines.watermark import Watermarker

        return Watermarker(self._models)
