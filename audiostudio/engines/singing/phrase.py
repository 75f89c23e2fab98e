"""Phrases sung by engines that let durations and melody be imposed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import check_language
from audiostudio.engines.base import EngineManifest, SpeechChunk, SpeechSettings, SungPhrase
from audiostudio.engines.singing import finish
from audiostudio.engines.singing.manner import Manner, manner_of
from audiostudio.engines.singing.melody import hertz, melody, tones
from audiostudio.engines.singing.syllables import SONORANT, VOICELESS
from audiostudio.engines.singing.timing import SungTiming, carriers, sung_timing
from audiostudio.engines.stream import moved
from audiostudio.engines.tokens import MOST_TOKENS, SAMPLE_RATE, SILENT, Piece, piece_of, timed
from audiostudio.errors import EngineFailed, UnsupportedSetting
from audiostudio.script.phonemes import phonemize
from audiostudio.script.reading import read as read_text
from audiostudio.script.spoken import Sentence, Word

Floats: TypeAlias = NDArray[np.float32]
Reader: TypeAlias = Callable[[Sentence], Sentence]

HOP = 300
"""Samples of each value of a melody: two a frame."""


class Voice(Protocol):
    """What differs between the engines. Frames are `tokens.FRAME` samples."""

    floor: float
    """Hz at and under which a value of its melody has no voice."""

    def durations(self, piece: Piece) -> Floats:
        """Frames of each token as it is spoken, shape (tokens,)."""
        ...

    def perform(
        self, piece: Piece, natural: Floats, frames: Floats, melody: Callable[[Floats], Floats], seed: int
    ) -> Floats:
        """The sound of `frames`, those of each token, shape (600 · their sum,). `natural`: what `durations` gave.
        `melody` makes of the engine's own melody for `frames` the one that is sung: Hz, two values a frame."""
        ...


def singing(
    voice: Voice,
    phrases: Iterable[SungPhrase],
    settings: SpeechSettings,
    manifest: EngineManifest,
    read: Reader = phonemize,
) -> Iterator[SpeechChunk]:
    """See `base.SingingEngine.sing`. What can be known before the first sound is raised here. `read` fills in
    phonemes."""
    manner = manner_of(settings, manifest)
    return _sung(voice, phrases, settings.seed, manner, lambda phrase: spelt(phrase, manifest, read))


def _sung(
    voice: Voice, phrases: Iterable[SungPhrase], seed: int, manner: Manner, spell: Callable[[SungPhrase], Piece]
) -> Iterator[SpeechChunk]:
    ended = 0.0
    for number, phrase in enumerate(phrases):
        piece = spell(phrase)
        held = carriers(phrase, piece)
        if not held:  # nothing in it can be sung
            continue
        chance = np.random.default_rng((seed, phrase.line, number))
        natural = voice.durations(piece)
        timing = sung_timing(piece, held, natural)
        audio = voice.perform(piece, natural, timing.frames, _curve(piece, timing, manner, voice.floor, chance), seed)
        if not np.isfinite(audio).all():
            raise EngineFailed("The engine made sound that is no sound.", "Try again, or choose another voice.")
        audio = finish.levelled(audio, timing)
        yield _chunk(finish.with_breath(audio, timing.start, ended, manner.breath, chance), piece, timing)
        ended = held[-1].end


def spelt(phrase: SungPhrase, manifest: EngineManifest, read: Reader) -> Piece:
    """The words of a phrase as tokens. Raises `UnknownLanguage`, `UnsupportedSetting`."""
    text = " ".join(word.text for word in phrase.words)
    found = [word for part in read_text(text, phrase.language) if isinstance(part, Sentence) for word in part.words]
    words: list[Word] = []
    start = 0
    for index, word in enumerate(phrase.words):
        said = found[index].spoken if len(found) == len(phrase.words) else word.text
        phonemes = "".join(symbol for syllable in word.phonemes for symbol in syllable)
        words.append(Word(word.text, start, start + len(word.text), said, phonemes))
        start += len(word.text) + 1
    sentence = Sentence(tuple(words), phrase.language)
    check_language(sentence, manifest)
    piece = piece_of(read(sentence).words)
    if len(piece.symbols) > MOST_TOKENS:
        raise UnsupportedSetting(
            f"Line {phrase.line + 1} of the lyrics is too long to be sung in one breath.", "Part it into shorter lines."
        )
    return piece


def _curve(
    piece: Piece, timing: SungTiming, manner: Manner, floor: float, chance: np.random.Generator
) -> Callable[[Floats], Floats]:
    def sung(natural: Floats) -> Floats:
        times = timing.start + (np.arange(len(natural)) + 0.5) * HOP / SAMPLE_RATE
        wanted = hertz(melody(tones(timing.held), times, manner, chance))
        return np.where(_voiced(piece, timing, natural > floor), wanted, 0.0).astype(np.float32)

    return sung


def _voiced(piece: Piece, timing: SungTiming, own: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where there is a voice: where the engine has one by itself, always in vowels and their kin, never in voiceless
    consonants and silences."""
    owner = np.repeat(np.arange(len(timing.frames)), 2 * timing.frames.astype(int))[: len(own)]
    symbols = f" {piece.symbols} "
    never = np.array([symbol in VOICELESS or symbol in SILENT for symbol in symbols])
    always = np.array([symbol in SONORANT for symbol in symbols])
    found: NDArray[np.bool_] = np.zeros(len(own), bool)
    found[: len(owner)] = (own[: len(owner)] | always[owner]) & ~never[owner]
    return found


def _chunk(made: finish.Made, piece: Piece, timing: SungTiming) -> SpeechChunk:
    """At its place in the song; what would come before the song's beginning is left out."""
    words = timed(piece, timing.frames)
    begins = round(timing.start * SAMPLE_RATE)
    first = begins - made.before
    audio = made.audio[max(0, -first) :]
    length = max(0, first) + len(audio)
    placed = (moved(word, begins) for word in words)
    clipped = tuple(replace(word, start=max(0, word.start), end=min(word.end, length)) for word in placed)
    return SpeechChunk(np.clip(audio, -1.0, 1.0).astype(np.float32), SAMPLE_RATE, max(0, first), clipped)
