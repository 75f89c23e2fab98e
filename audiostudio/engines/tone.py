"""Tone: an engine without weights. Each word is a tone; its letters choose the pitch, its syllables the length."""

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import check, check_language
from audiostudio.engines.base import EngineManifest, Models, SpeechChunk, SpeechSettings, TimedPhoneme, TimedWord
from audiostudio.engines.durations import check_lengths
from audiostudio.engines.shaping import HOP, shaped, spoken
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.tokens import FRAME, SAMPLE_RATE
from audiostudio.script.spoken import Pause, Sentence, Word

_LOWEST = 196.0
_STEPS = (0, 2, 4, 7, 9)
"""Semitones above the lowest: a scale in which any two tones sound well, within an octave as a voice that speaks."""
_SYLLABLE = 0.12
_WORD_GAP = 0.05
_SENTENCE_GAP = 0.3
_LOUDNESS = 0.25
_SHORTEST = 0.025
_UNVOICED = 1.0
"""Hz."""
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
    words, samples = _timed(sentence, settings.speed)
    f0 = np.zeros(-(-samples // HOP), np.float32)
    for word, said in zip(words, sentence.words, strict=True):
        f0[word.start // HOP : -(-word.end // HOP)] = _height(said)
    voicings = [word.voicing for word in sentence.words]
    f0 = shaped(f0, words, voicings, settings, _UNVOICED)
    places = (np.arange(samples) + 0.5) / HOP - 0.5
    audio = np.zeros(samples, np.float32)
    for word in words:
        first, last = word.start // HOP, -(-word.end // HOP)
        hz = (
            np.interp(places[word.start : word.end], np.arange(first, last), f0[first:last])
            if last > first
            else np.zeros(0)
        )
        audio[word.start : word.end] = _tone(hz)
    return spoken(audio, f0, words, voicings, settings, _SENTENCE_GAP / settings.speed, _UNVOICED)


def _timed(sentence: Sentence, speed: float) -> tuple[list[TimedWord], int]:
    """The words with their times, a little after the beginning, and how many samples all takes."""
    check_lengths(sentence.words)
    words: list[TimedWord] = []
    at = end = FRAME
    for word in sentence.words:
        syllables = _SYLLABLES.findall(word.spoken)
        voicing = word.voicing
        length = len(syllables) * _SYLLABLE / (speed * voicing.speed)
        seconds = length if voicing.seconds is None or not syllables else max(_SHORTEST, voicing.seconds)
        shares = voicing.phonemes if len(voicing.phonemes) == len(syllables) else [1 / len(syllables)] * len(syllables)
        edges = [at + round(share * seconds * SAMPLE_RATE) for share in accumulate(shares, initial=0.0)]
        phonemes = tuple(map(TimedPhoneme, syllables, edges, edges[1:]))
        words.append(TimedWord(word.text, word.start, word.end, edges[0], edges[-1], phonemes))
        if syllables:
            gap = _WORD_GAP / speed if voicing.gap is None else voicing.gap
            end = edges[-1]
            at = end + round(gap * SAMPLE_RATE)
        elif voicing.gap is not None:
            at = end + round(voicing.gap * SAMPLE_RATE)
    return words, at


def _height(word: Word) -> float:
    """Hz."""
    return float(_LOWEST * 2 ** (_STEPS[zlib.crc32(word.spoken.lower().encode()) % len(_STEPS)] / 12))


def _tone(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """A sine with an octave above it, that begins and ends softly; a sample for each of `hz`."""
    samples = len(hz)
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE
    soft = np.minimum(1.0, np.minimum(np.arange(1, samples + 1), np.arange(samples, 0, -1)) / (0.01 * SAMPLE_RATE))
    return _LOUDNESS * soft * (np.sin(phase) + 0.3 * np.sin(2 * phase))
