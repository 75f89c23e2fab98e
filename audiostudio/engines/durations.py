"""How long what is said lasts: the model's own durations, with lengths and pauses that were drawn imposed on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import TimedWord
from audiostudio.engines.tokens import FRAME, SAMPLE_RATE, SILENT, Piece, paced, spans, timed
from audiostudio.errors import UnsupportedSetting
from audiostudio.performance import Voicing, too_long
from audiostudio.script.spoken import Word

Floats: TypeAlias = NDArray[np.float32]

FRAMES_A_SECOND = SAMPLE_RATE / FRAME
VOWELS = frozenset("aeiouyøœæɐɑɒɔəɚɛɜɤɨɪɯʊʌᵊᵻAIOQWYˈˌː̃")
"""And the marks that belong to them. They take what a drawn length adds or takes away."""

_MARKS = frozenset("ˈˌː̃ʰʲ↓→↗↘") | SILENT
"""What need not last at all."""
_CLIPPED = 0.5
"""A vowel is not made shorter than this part of itself before consonants are, too."""
_DYING = 4
"""Frames between two words in which the model lets the one die away and the other begin, where the rest is silence."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Frames of silence that are put somewhere between two samples of what the model made, where it is quietest."""

    start: int
    end: int
    frames: int


@dataclass(frozen=True, slots=True)
class Timing:
    """When the tokens of a piece sound."""

    frames: Floats
    """That the model is given, shape (tokens,)."""
    words: tuple[TimedWord, ...]
    """Times in samples from the beginning of what the model makes."""
    silences: tuple[Silence, ...] = ()
    """In order."""


def timing(piece: Piece, natural: Floats, speed: float) -> Timing:
    """The durations of `piece` at `speed`, as its words ask for. `natural`: frames of each token at speed 1.

    A word lasts at least a frame for each sound in it. Raises `UnsupportedSetting`.
    """
    check_lengths(piece.words)
    voicings = [word.voicing for word in piece.words]
    if all(voicing.plain for voicing in voicings):
        frames = paced(natural, speed)
        return Timing(frames, timed(piece, frames))
    frames = paced(natural, _speeds(piece, speed))
    places = spans(piece)
    for (first, end), voicing in zip(places, voicings, strict=True):
        if first and (voicing.seconds is not None or len(voicing.phonemes) == end - first):
            symbols = piece.symbols[first - 1 : end - 1]
            frames[first:end] = _lasting(symbols, frames[first:end], voicing)
    added = _rest(frames, places, voicings)
    words = timed(piece, frames)
    return Timing(frames, words, tuple(Silence(words[a].end, words[b].start, n) for a, b, n in added))


def check_lengths(words: Sequence[Word]) -> None:
    """Raises `UnsupportedSetting` where a word or a gap is to be longer than anybody would say it."""
    for word in words:
        if (refused := too_long(word.voicing)) is not None:
            what, hint = refused
            raise UnsupportedSetting(f"“{word.text}” (character {word.start + 1}) cannot {what}.", hint)


def whole_frames(seconds: float) -> int:
    return round(seconds * FRAMES_A_SECOND)


def sounds(word: TimedWord) -> int:
    """How many frames a word lasts at least: one for each sound."""
    return sum(phoneme.symbol not in _MARKS for phoneme in word.phonemes) or 1


def _speeds(piece: Piece, speed: float) -> float | NDArray[np.float64]:
    """Of each token: its word's; spaces and silences go with the word before."""
    own = [word.voicing.speed for word in piece.words]
    if all(one == 1.0 for one in own):
        return speed
    found = [speed]
    for owner in piece.owners:
        found.append(found[-1] if owner < 0 else speed * own[owner])
    return np.array([*found, speed])


def _lasting(symbols: str, frames: Floats, voicing: Voicing) -> Floats:
    """The frames of a word's phonemes that make its length."""
    least = np.array([symbol not in _MARKS for symbol in symbols], np.float64)
    asked = int(frames.sum()) if voicing.seconds is None else whole_frames(voicing.seconds)
    total = max(asked, int(least.sum()))
    own = frames.astype(np.float64)
    if len(voicing.phonemes) == len(symbols):
        own = np.array(voicing.phonemes) if sum(voicing.phonemes) > 0 else own
        return spread(own * (total / own.sum()), total, least)
    vowels = np.array([symbol in VOWELS for symbol in symbols])
    rest = total - own[~vowels].sum()
    if vowels.any() and rest >= _CLIPPED * own[vowels].sum():
        own[vowels] *= rest / own[vowels].sum()
    else:
        own *= total / own.sum()
    return spread(own, total, least)


def _rest(frames: Floats, places: list[tuple[int, int]], voicings: list[Voicing]) -> list[tuple[int, int, int]]:
    """Impose the gaps between words on `frames`. What is longer than the model would rest by itself: between which
    words, and how many frames of silence are to be put in."""
    added: list[tuple[int, int, int]] = []
    before = -1
    gap: float | None = None
    for index, ((first, _), voicing) in enumerate(zip(places, voicings, strict=True)):
        if first and before >= 0 and gap is not None:
            between = frames[places[before][1] : first]
            wanted = whole_frames(gap)
            inside = wanted if wanted <= between.sum() else min(wanted, _DYING * (len(between) > 0))
            if inside:
                between[:] = spread(between * (inside / between.sum()), inside, np.zeros(len(between)))
            else:
                between[:] = 0
            if wanted > inside:
                added.append((before, index, wanted - inside))
        if first:
            before, gap = index, voicing.gap
        elif voicing.gap is not None:
            gap = voicing.gap
    return added


def spread(wanted: NDArray[np.floating], total: int, least: NDArray[np.float64]) -> Floats:
    """Whole numbers near `wanted` that sum to `total`, each at least its `least`; `total` is at least their sum."""
    found = np.maximum(np.floor(wanted + 1e-6), least)
    while (missing := total - int(found.sum())) > 0:
        nearest = np.argsort(found - wanted, kind="stable")[:missing]
        found[nearest] += 1
    while (over := int(found.sum()) - total) > 0:
        able = np.flatnonzero(found > least)
        found[able[np.argsort((wanted - found)[able], kind="stable")[:over]]] -= 1
    counted: Floats = found.astype(np.float32)
    return counted
