"""Kokoro as a speech engine."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from audiostudio.engines.base import EngineManifest, SpeechChunk, SpeechSettings
from audiostudio.engines.kokoro.stages import SAMPLE_RATE, Floats, Stages
from audiostudio.engines.kokoro.tokens import Piece, pieces, timed
from audiostudio.engines.kokoro.voices import style_table
from audiostudio.engines.registry import Models, parse_mix
from audiostudio.engines.settings import check
from audiostudio.engines.stream import Spoken, join
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Pause, Sentence

SENTENCE_GAP = 0.35
PARAGRAPH_GAP = 0.8
VOICES = "kokoro-voices"


class KokoroEngine:
    """Three stages, 54 voices, one stream."""

    def __init__(self, models: Models, manifest: EngineManifest, stages: Stages) -> None:
        self.manifest = manifest
        self.device = stages.device
        self._models = models
        self._stages = stages
        self._styles = lru_cache(maxsize=16)(self._style_table)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        styles = self._styles(settings.voice)
        return join(self._pieces(parts, styles, settings), SAMPLE_RATE)

    def close(self) -> None:
        self._stages.close()

    def _style_table(self, voice: str) -> Floats:
        return style_table([(self._models.path(VOICES, f"{name}.bin"), weight) for name, weight in parse_mix(voice)])

    def _pieces(
        self, parts: Iterable[Sentence | Pause], styles: Floats, settings: SpeechSettings
    ) -> Iterator[Spoken | Pause]:
        for part in parts:
            if isinstance(part, Pause):
                yield part
                continue
            cut = pieces(phonemize(part).words)
            for piece in cut:
                gap = PARAGRAPH_GAP if part.ends_paragraph else SENTENCE_GAP
                yield self._spoken(piece, styles, settings, gap / settings.speed)

    def _spoken(self, piece: Piece, styles: Floats, settings: SpeechSettings, gap: float) -> Spoken:
        style = styles[len(piece.symbols)]
        tokens = piece.tokens
        frames = self._stages.durations(tokens, style, settings.speed)
        prosody = self._stages.prosody(tokens, style, frames)
        return Spoken(self._stages.decode(style, prosody), timed(piece, frames), gap)
