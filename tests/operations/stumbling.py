"""An engine for tests: Hibari, but it swallows words until it is asked with a certain seed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.hibari import create as hibari
from audiostudio.script.spoken import Pause, Sentence

SPEAKS_WELL = 2
"""The first seed with which it says everything."""


class Stumbling:
    device = "the processor"

    def __init__(self, models: Models, manifest: EngineManifest) -> None:
        self.manifest = manifest
        self._engine = hibari(models, replace(manifest, name="hibari"))

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        kept = 3 + settings.seed if settings.seed < SPEAKS_WELL else 1000
        said = (replace(part, words=part.words[:kept]) if isinstance(part, Sentence) else part for part in parts)
        return self._engine.speak(said, replace(settings, voice="hibari_heart", seed=0))

    def close(self) -> None:
        self._engine.close()


create = Stumbling
