"""Hibari, the instant voice: fast enough to follow typing. English."""

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

import numpy as np

from audiostudio.engines import shaping
from audiostudio.engines.asked import check
from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings, SungPhrase
from audiostudio.engines.durations import timing
from audiostudio.engines.onnx import Session, read_model, subgraph
from audiostudio.engines.singing.instant import DURATIONS, VOICED, InstantVoice
from audiostudio.engines.singing.phrase import singing
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.tokens import SAMPLE_RATE, Piece, breaths
from audiostudio.script.spoken import Pause, Sentence

FIRST_TOKENS = 60
"""The first piece of a stream is short, so that it is heard at once."""

_SPECTRUM = ("lh", "theta", "ln", "lr", "phi", "f0")


class HibariEngine:
    device = "the processor (ONNX Runtime, one thread)"

    def __init__(self, model: Path, manifest: EngineManifest) -> None:
        self.manifest = manifest
        whole = read_model(model, {DURATIONS, *_SPECTRUM})
        durations = subgraph(whole, ["ids", "speed"], [DURATIONS])
        spectrum = subgraph(whole, ["ids", DURATIONS], _SPECTRUM)
        self._durations = Session(durations.SerializeToString(), 1, model)
        self._spectrum = Session(spectrum.SerializeToString(), 1, model)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        return join(self._spoken(parts, settings), SAMPLE_RATE)

    def sing(self, phrases: Iterable[SungPhrase], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        """See `base.SingingEngine`."""
        return singing(self.reading_voice(), phrases, settings, self.manifest)

    def reading_voice(self) -> InstantVoice:
        """That reads phonemes and knows when each sounds."""
        return InstantVoice(self._durations, self._spectrum)

    def close(self) -> None:
        """Nothing is held but memory."""

    def _spoken(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[Spoken | Pause]:
        noises = (np.random.default_rng((settings.seed % (1 << 63), number)) for number in count())
        centre: float | None = None
        for breath in breaths(parts, self.manifest, FIRST_TOKENS):
            if isinstance(breath, Pause):
                yield breath
                continue
            piece, gap = breath
            spoken, centre = self._piece(piece, settings, next(noises), gap / settings.speed, centre)
            yield spoken

    def _piece(
        self, piece: Piece, settings: SpeechSettings, noise: np.random.Generator, gap: float, centre: float | None
    ) -> tuple[Spoken, float | None]:
        """`centre` of the melody of what was said before, and from now on."""
        from hibari import dsp

        ids = piece.tokens[None]
        natural = self._durations.run({"ids": ids, "speed": np.ones(1, np.float32)})[0]
        when = timing(piece, natural, settings.speed)
        *spectrum, f0 = self._spectrum.run({"ids": ids, DURATIONS: when.frames})
        voicings = [word.voicing for word in piece.words]
        centre = shaping.centre_of(f0[0], VOICED) if centre is None else centre
        melody = shaping.shaped(f0[0], when.words, voicings, settings, VOICED, centre)
        audio = dsp.synth(*(part[0] for part in spectrum), melody, noise)
        made = shaping.spoken(audio, melody, when.words, voicings, settings, gap, VOICED, when.silences)
        return made, centre


def create(models: Models, manifest: EngineManifest) -> HibariEngine:
    """Raises `ModelMissing`, `ModelDamaged`."""
    return HibariEngine(models.path("hibari", "hibari.onnx"), manifest)
