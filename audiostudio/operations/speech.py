"""Speech for every purpose: what is to be spoken, its recipe, and the stream of sound and words."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechChunk, SpeechSettings, TimedWord
from audiostudio.jobs import JsonObject
from audiostudio.operations.studio import Studio
from audiostudio.rights import Rights, inherited
from audiostudio.script.captions import CaptionWord
from audiostudio.script.language import language
from audiostudio.script.reading import problems, read, require_speakable
from audiostudio.sound.files import SoundWriter
from audiostudio.sound.resample import Resampler

SAMPLE_RATE = 48_000
"""Of every file made here: what video editors want."""

DEFAULT_VOICE = "af_heart"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A text and how it is to be spoken."""

    text: str
    voice: str
    language: str = ""
    """Empty: the voice's own."""
    speed: float = 1.0
    pitch: float = 0.0
    seed: int = 0

    @classmethod
    def from_json(cls, data: JsonObject) -> "Delivery":
        """From a request; a missing setting takes its default."""
        known = {name: data[name] for name in ("language", "speed", "pitch", "seed") if name in data}
        return cls(data["text"], data["voice"], **known)


def chunks(studio: Studio, delivery: Delivery) -> Iterator[SpeechChunk]:
    """Speech as the engine makes it, in constant memory. What can be known before the first sound is raised here."""
    require_speakable(delivery.text)
    manifest, _ = studio.engines.resolve(delivery.voice)
    engine = studio.engines.load(manifest.name)
    settings = SpeechSettings(delivery.voice, delivery.speed, delivery.pitch, delivery.seed)
    return engine.speak(read(delivery.text, spoken_language(studio, delivery)), settings)


def spoken_language(studio: Studio, delivery: Delivery) -> str:
    """The language's tag: the one asked for, else the voice's own."""
    _, voices = studio.engines.resolve(delivery.voice)
    return language(delivery.language or voices[0][0].language).tag


def recipe(studio: Studio, delivery: Delivery) -> JsonObject:
    """All that is needed to make the same sound again."""
    manifest, _ = studio.engines.resolve(delivery.voice)
    return {
        "operation": "speech",
        "engine": manifest.name,
        "engine_version": manifest.version,
        "models": list(manifest.models),
        "text": delivery.text,
        "voice": delivery.voice,
        "language": spoken_language(studio, delivery),
        "speed": delivery.speed,
        "pitch": delivery.pitch,
        "seed": delivery.seed,
        "sample_rate": SAMPLE_RATE,
    }


def rights(studio: Studio, delivery: Delivery) -> Rights:
    """The terms of what the engine and its models make."""
    manifest, _ = studio.engines.resolve(delivery.voice)
    return inherited([manifest.rights])


def notices(text: str) -> list[str]:
    """What in the text was not understood and is not spoken, in words."""
    return [problem.message for problem in problems(text)]


class Recorder:
    """Takes a stream of speech to a 48 kHz file and, if asked, keeps the words with their times at that rate."""

    def __init__(self, writer: SoundWriter, keep_words: bool = True) -> None:
        self._writer = writer
        self._keep_words = keep_words
        self._resampler: Resampler | None = None
        self.samples = 0
        self.words: list[TimedWord] = []

    def add(self, chunk: SpeechChunk) -> list[TimedWord]:
        """Write the chunk; its words, with times in samples at 48 kHz."""
        if self._resampler is None:
            self._resampler = Resampler(chunk.sample_rate, SAMPLE_RATE, 1)
        self._write(self._resampler.push(chunk.audio[np.newaxis]))
        words = [at_rate(word, chunk.sample_rate, SAMPLE_RATE) for word in chunk.words]
        if self._keep_words:
            self.words += words
        return words

    def finish(self) -> None:
        """Write what the resampler still holds."""
        if self._resampler is not None:
            self._write(self._resampler.finish())

    def _write(self, samples: NDArray[np.float32]) -> None:
        self._writer.write(samples)
        self.samples += samples.shape[-1]


def at_rate(word: TimedWord, rate: int, wanted: int) -> TimedWord:
    """The word with its times at another sample rate, without its phonemes."""
    return replace(word, start=word.start * wanted // rate, end=word.end * wanted // rate, phonemes=())


def caption_words(words: list[TimedWord], offset: int = 0) -> list[CaptionWord]:
    """48 kHz words as captions want them: in seconds, `offset` samples later."""
    return [
        CaptionWord(word.text, (offset + word.start) / SAMPLE_RATE, (offset + word.end) / SAMPLE_RATE) for word in words
    ]


def words_to_json(words: list[TimedWord]) -> list[list[Any]]:
    """Words as they are stored: text, source start and end, first and last sample (48 kHz, half-open)."""
    return [[word.text, word.source_start, word.source_end, word.start, word.end] for word in words]
