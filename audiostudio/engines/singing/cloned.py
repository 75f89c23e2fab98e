"""Cloned voices, sung: their engine speaks each line, and that is moved onto the melody. What comes out is marked
again, as the vocoder does not keep the mark of what was spoken."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import numpy as np

from audiostudio.engines.base import EngineManifest, SpeechChunk, SpeechEngine, SpeechSettings, SungPhrase
from audiostudio.engines.singing.alignment import aligned
from audiostudio.engines.singing.manner import manner_of, without
from audiostudio.engines.singing.phrase import HOP, Floats, SpokenPhrase, Voice, singing
from audiostudio.engines.singing.warping import Warping
from audiostudio.engines.singing.world import sing_with_world, spoken_of
from audiostudio.engines.supplies import ModelFiles
from audiostudio.engines.tokens import FRAME, SAMPLE_RATE, Piece
from audiostudio.engines.watermark import Watermarker
from audiostudio.errors import EngineFailed
from audiostudio.script.spoken import Sentence
from audiostudio.sound.resample import resample

_SILENCE = 0.1
"""Seconds put around what is spoken."""
_SOUND = 45.0
"""Decibels under the loudest at which speech begins and ends."""

Reference = Callable[[str], Voice]
"""A language's tag → a voice that reads phonemes and knows when each of them sounds."""


class ClonedSinger:
    """A `SingingEngine` around one that clones."""

    def __init__(self, engine: SpeechEngine, models: ModelFiles, reference: Reference) -> None:
        self.manifest: EngineManifest = engine.manifest
        self.device = engine.device
        self._engine = engine
        self._models = models
        self._reference = reference

    def sing(self, phrases: Iterable[SungPhrase], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        """See `base.SingingEngine`. Raises `ModelMissing` where the mark cannot be set."""
        manner_of(settings, self.manifest)
        watermarker = Watermarker(self._models)
        voice = ClonedVoice(self._engine, without(settings), self._reference)
        return (_marked(watermarker, chunk) for chunk in singing(voice, phrases, settings, self.manifest))

    def close(self) -> None:
        self._engine.close()


class ClonedVoice:
    """A `phrase.Voice` of an engine that does not tell when its phonemes sound."""

    def __init__(self, engine: SpeechEngine, settings: SpeechSettings, reference: Reference) -> None:
        self._engine = engine
        self._settings = settings
        self._reference = reference

    def say(self, piece: Piece, language: str) -> SpokenPhrase:
        audio = self._spoken(piece, language)
        reference = self._reference(language).say(piece, language)
        spoken = spoken_of(piece, reference.frames, audio, SAMPLE_RATE)
        return replace(spoken, frames=_frames(reference, spoken))

    def sing(self, spoken: SpokenPhrase, warped: Warping, melody: Floats, chance: np.random.Generator) -> Floats:
        return sing_with_world(spoken.made, warped, melody)

    def _spoken(self, piece: Piece, language: str) -> Floats:
        """With a little silence around it."""
        pieces = [np.zeros(0, np.float32)]
        rate = SAMPLE_RATE
        for chunk in self._engine.speak([Sentence(piece.words, language)], self._settings):
            rate = chunk.sample_rate
            pieces.append(chunk.audio)
        audio: Floats = resample(np.concatenate(pieces)[np.newaxis], rate, SAMPLE_RATE)[0]
        if not np.abs(audio).max(initial=0.0) > 0:
            raise EngineFailed(f"{self._engine.manifest.title} said nothing.", "Try again with another seed.")
        padded: Floats = np.pad(audio, round(_SILENCE * SAMPLE_RATE))
        return padded


def _frames(reference: SpokenPhrase, spoken: SpokenPhrase) -> Floats:
    """How long each token is in what is spoken, in frames."""
    (first, end), (begin, stop) = _sounding(reference), _sounding(spoken)
    path = begin + aligned(reference.bands[first:end], spoken.bands[begin:stop])
    edges = np.concatenate([[0.0], np.cumsum(reference.frames, dtype=np.float64)]) * FRAME / HOP
    known = np.concatenate([[0.0], np.arange(first, end) + 0.5, [len(reference.bands)]])
    found = np.interp(edges, known, np.concatenate([[0.0], path + 0.5, [len(spoken.bands)]]))
    frames: Floats = np.diff(found).astype(np.float32) * np.float32(HOP / FRAME)
    return frames


def _sounding(spoken: SpokenPhrase) -> tuple[int, int]:
    level = spoken.bands.max(axis=1)
    loud = np.flatnonzero(level > level.max() - _SOUND)
    return int(loud[0]), int(loud[-1]) + 1


def _marked(watermarker: Watermarker, chunk: SpeechChunk) -> SpeechChunk:
    """The phrase with the mark, in its place."""
    alone = SpeechChunk(chunk.audio, chunk.sample_rate, 0)
    audio = np.concatenate([one.audio for one in watermarker.mark([alone])])
    return replace(chunk, audio=audio)
