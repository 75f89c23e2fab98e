"""Tone: an engine without weights. Each word is a tone; its letters choose the pitch, its syllables the length."""

import re
import zlib
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import check, check_language
from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings, TimedPhoneme, TimedWord
from audiostudio.engines.stream import Spoken, join
from audiostudio.script.spoken import Pause, Sentence, Word

SAMPLE_RATE = 24_000

_LOWEST = 196.0
_STEPS = (0, 2, 4, 7, 9, 12, 14)
"""Semitones above the lowest: a scale in which any two tones sound well."""
_SYLLABLE = 0.12
_WORD_GAP = 0.05
_SENTENCE_GAP = 0.3
_LOUDNESS = 0.25
_SYLLABLES = re.compile(r"[^\W\d_]*?[aeiouyáéíóúàèìòùâêîôûäöü]+(?:[^\W\d_aeiouy]+$)?|\d|[^\W\d_]+", re.IGNORECASE)


class ToneEngine:
    device = "the processor"

    def __init__(self, manifest: EngineManifest) -> None:
        self.manifest = manifest

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        return join(self._spoken(parts, settings), SAMPLE_RATE)

    def close(self) -> None:
        """Nothing is held."""

    def _spoken(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[Spoken | Pause]:
        for part in parts:
            if isinstance(part, Sentence):
                check_language(part, self.manifest)
                yield _sentence(part, settings)
            else:
                yield part


def create(models: Models, manifest: EngineManifest) -> ToneEngine:
    return ToneEngine(manifest)


def _sentence(sentence: Sentence, settings: SpeechSettings) -> Spoken:
    sound: list[NDArray[np.float32]] = []
    words: list[TimedWord] = []
    at = 0
    for word in sentence.words:
        syllables = _SYLLABLES.findall(word.spoken)
        edges = [at + round(n * _SYLLABLE / settings.speed * SAMPLE_RATE) for n in range(len(syllables) + 1)]
        phonemes = tuple(map(TimedPhoneme, syllables, edges, edges[1:]))
        words.append(TimedWord(word.text, word.start, word.end, edges[0], edges[-1], phonemes))
        if syllables:
            gap = round(_WORD_GAP / settings.speed * SAMPLE_RATE)
            sound += [_tone(word, edges[-1] - edges[0], settings.pitch), np.zeros(gap, np.float32)]
            at = edges[-1] + gap
    audio = np.concatenate(sound) if sound else np.zeros(0, np.float32)
    return Spoken(audio, tuple(words), _SENTENCE_GAP / settings.speed)


def _tone(word: Word, samples: int, semitones: float) -> NDArray[np.float32]:
    """A sine with an octave above it, that begins and ends softly."""
    step = _STEPS[zlib.crc32(word.spoken.lower().encode()) % len(_STEPS)]
    phase = 2 * np.pi * _LOWEST * 2 ** ((step + semitones) / 12) * np.arange(samples) / SAMPLE_RATE
    soft = np.minimum(1.0, np.minimum(np.arange(1, samples + 1), np.arange(samples, 0, -1)) / (0.01 * SAMPLE_RATE))
    return (_LOUDNESS * soft * (np.sin(phase) + 0.3 * np.sin(2 * phase))).astype(np.float32)
