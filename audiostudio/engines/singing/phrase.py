"""Phrases sung by engines that let durations and melody be imposed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import check_language
from audiostudio.engines.base import EngineManifest, SpeechChunk, SpeechSettings, SungPhrase, TimedPhoneme
from audiostudio.engines.singing import finish
from audiostudio.engines.singing.anchors import Anchor, anchors, splits
from audiostudio.engines.singing.carriers import Held, carriers
from audiostudio.engines.singing.manner import Manner, manner_of
from audiostudio.engines.singing.melody import hertz, melody, tones
from audiostudio.engines.singing.syllables import DIPHTHONGS
from audiostudio.engines.singing.warping import Warping, warping
from audiostudio.engines.tokens import FRAME, MOST_TOKENS, SAMPLE_RATE, Piece, piece_of, timed
from audiostudio.errors import EngineFailed, UnsupportedSetting
from audiostudio.script.phonemes import phonemize
from audiostudio.script.reading import read as read_text
from audiostudio.script.spoken import Sentence, Word

Floats: TypeAlias = NDArray[np.float32]
Reader: TypeAlias = Callable[[Sentence], Sentence]

HOP = 300
"""Samples of a step: half a frame."""
STEP = HOP / SAMPLE_RATE
_DYING = 0.1
"""Seconds behind its last note after which a phrase counts as over."""
_OF_ONE, _OF_TWO = 0.45, 0.3
"""Where a vowel is held, as a share of its length: of a diphthong the first of its sounds is."""


@dataclass(frozen=True, slots=True)
class SpokenPhrase:
    """What a voice says by itself."""

    piece: Piece
    frames: Floats
    """Of each token."""
    bands: Floats
    """Decibels of its sound in bands, shape (steps, bands)."""
    voiced: Floats
    """Decibels of what in it has a pitch, shape (steps,)."""
    made: Any
    """Whatever the voice needs to sing it."""


class Voice(Protocol):
    """What differs between the engines. A step is `HOP` samples."""

    def say(self, piece: Piece, language: str) -> SpokenPhrase: ...

    def sing(self, spoken: SpokenPhrase, warped: Warping, melody: Floats, chance: np.random.Generator) -> Floats:
        """The sound of what is spoken in another time, shape (steps · 300,). `melody`: Hz at the middle of each step
        that is sung, also where there is no voice."""
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
        chance = np.random.default_rng((seed % (1 << 63), phrase.line, number))
        spoken = voice.say(piece, phrase.language)
        warped, vowels = in_time(held, spoken)
        wanted = hertz(melody(tones(held), warped.moments, manner, chance)).astype(np.float32)
        audio = voice.sing(spoken, warped, wanted, chance)
        if not np.isfinite(audio).all():
            raise EngineFailed("The engine made sound that is no sound.", "Try again, or choose another voice.")
        audio = finish.levelled(audio, warped)
        made = finish.with_breath(audio, warped.start, ended, manner.breath, chance)
        yield _chunk(made, spoken, warped, _heard_at(spoken, held, vowels))
        ended = held[-1].end


def in_time(held: Sequence[Held], spoken: SpokenPhrase) -> tuple[Warping, list[Anchor]]:
    """What is spoken in the time of its notes; and where its vowels are."""
    edges = _edges(spoken)
    vowels = [(float(edges[one.first]), float(edges[one.after])) for one in held]
    sounds = [spoken.piece.symbols[one.first - 1 : one.after - 1] for one in held]
    shares = [_OF_TWO if DIPHTHONGS.intersection(sound) else _OF_ONE for sound in sounds]
    found = anchors(spoken.bands, spoken.voiced, vowels, shares)
    return warping(held, found, splits(spoken.bands, found), len(spoken.bands), STEP), found


def _heard_at(spoken: SpokenPhrase, held: Sequence[Held], vowels: Sequence[Anchor]) -> Callable[[float], float]:
    """From the step at which a sound should be spoken to that at which it is: vowels are where they were found."""
    edges = _edges(spoken)
    told, true = [0.0], [0.0]
    for one, vowel in zip(held, vowels, strict=True):
        told += [float(edges[one.first]), float(edges[one.after])]
        true += [vowel.begin, vowel.end]
    told.append(float(edges[-1]))
    true.append(float(len(spoken.bands)))
    places = np.maximum.accumulate(true)
    return lambda step: float(np.interp(step, told, places))


def _edges(spoken: SpokenPhrase) -> NDArray[np.float64]:
    """Where each token begins, and the last ends, in steps."""
    edges: NDArray[np.float64] = np.concatenate([[0.0], np.cumsum(spoken.frames, dtype=np.float64)]) * FRAME / HOP
    return edges


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


def _chunk(made: finish.Made, spoken: SpokenPhrase, warped: Warping, heard_at: Callable[[float], float]) -> SpeechChunk:
    """At its place in the song; what would come before the song's beginning is left out."""
    begins = round(warped.start * SAMPLE_RATE)
    first = begins - made.before
    audio = made.audio[max(0, -first) :]

    last = warped.vowels[-1].held.end + _DYING

    def when(samples: int) -> int:
        return max(0, round(min(last, warped.when(heard_at(samples / HOP))) * SAMPLE_RATE))

    words = tuple(
        replace(
            word,
            start=when(word.start),
            end=when(word.end),
            phonemes=tuple(TimedPhoneme(one.symbol, when(one.start), when(one.end)) for one in word.phonemes),
        )
        for word in timed(spoken.piece, spoken.frames)
    )
    return SpeechChunk(np.clip(audio, -1.0, 1.0).astype(np.float32), SAMPLE_RATE, max(0, first), words)
