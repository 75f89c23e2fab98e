"""Hibari, the instant voice: fast enough to follow typing. English."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path

import numpy as np

from audiostudio.engines import shaping
from audiostudio.engines.asked import check
from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings, SungPhrase
from audiostudio.engines.durations import timing
from audiostudio.engines.onnx import Session, read_model, subgraph
from audiostudio.engines.singing.phrase import Floats, singing
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.tokens import SAMPLE_RATE, Piece, breaths
from audiostudio.script.spoken import Pause, Sentence

FIRST_TOKENS = 60
"""The first piece of a stream is short, so that it is heard at once."""

_DURATIONS = "/Clip_output_0"
"""Inside the graph: frames of each token."""
_SPECTRUM = ("lh", "theta", "ln", "lr", "phi", "f0")
_VOICED = 40.0


class HibariEngine:
    device = "the processor (ONNX Runtime, one thread)"
    floor = _VOICED

    def __init__(self, model: Path, manifest: EngineManifest) -> None:
        self.manifest = manifest
        whole = read_model(model, {_DURATIONS, *_SPECTRUM})
        durations = subgraph(whole, ["ids", "speed"], [_DURATIONS])
        spectrum = subgraph(whole, ["ids", _DURATIONS], _SPECTRUM)
        self._durations = Session(durations.SerializeToString(), 1, model)
        self._spectrum = Session(spectrum.SerializeToString(), 1, model)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        return join(self._spoken(parts, settings), SAMPLE_RATE)

    def sing(self, phrases: Iterable[SungPhrase], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        """See `base.SingingEngine`."""
        return singing(self, phrases, settings, self.manifest)

    def close(self) -> None:
        """Nothing is held but memory."""

    def durations(self, piece: Piece) -> Floats:
        """Frames of each token at speed 1, shape (tokens,)."""
        frames: Floats = self._durations.run({"ids": piece.tokens[None], "speed": np.ones(1, np.float32)})[0]
        return frames

    def perform(
        self, piece: Piece, natural: Floats, frames: Floats, melody: Callable[[Floats], Floats], seed: int
    ) -> Floats:
        audio, _ = self._sound(piece, frames, melody, np.random.default_rng(seed))
        return audio

    def _sound(
        self, piece: Piece, frames: Floats, melody: Callable[[Floats], Floats], noise: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """What `piece` sounds like with `frames` and what `melody` makes of its own melody; and
        that melody."""
        from hibari import dsp

        *spectrum, f0 = self._spectrum.run({"ids": piece.tokens[None], _DURATIONS: frames})
        drawn = melody(f0[0])
        audio: Floats = dsp.synth(*(part[0] for part in spectrum), drawn, noise)
        return audio, drawn

    def _spoken(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[Spoken | Pause]:
        noises = (np.random.default_rng((settings.seed, number)) for number in count())
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
        when = timing(piece, self.durations(piece), settings.speed)
        voicings = [word.voicing for word in piece.words]

        def melody(f0: Floats) -> Floats:
            nonlocal centre
            centre = shaping.centre_of(f0, _VOICED) if centre is None else centre
            return shaping.shaped(f0, when.words, voicings, settings, _VOICED, centre)

        audio, drawn = self._sound(piece, when.frames, melody, noise)
        made = shaping.spoken(audio, drawn, when.words, voicings, settings, gap, _VOICED, when.silences)
        return made, centre


def create(models: Models, manifest: EngineManifest) -> HibariEngine:
    """Raises `ModelMissing`, `ModelDamaged`."""
    return HibariEngine(models.path("hibari", "hibari.onnx"), manifest)
