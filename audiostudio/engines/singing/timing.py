"""When each sound of a sung phrase sounds: vowels begin on their notes and fill them, consonants come before.

Times are seconds from the beginning of the song.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SungPhrase, SungSyllable
from audiostudio.engines.durations import spread
from audiostudio.engines.singing.syllables import LENGTH, STRESS, nuclei, of_syllables
from audiostudio.engines.tokens import FRAME, SAMPLE_RATE, SILENT, Piece

Floats: TypeAlias = NDArray[np.float32]

FRAME_SECONDS = FRAME / SAMPLE_RATE
LEAD, TAIL = 4, 8
"""Frames of silence before the first sound and after the last."""
_REST = 0.12
"""A gap between notes that is shorter than this is sung through."""
_BEHIND = 0.05
"""Seconds for which the consonants at the end of a note may go on into a rest."""
_CONSONANTS = 0.5
"""The share of the time from one vowel to the next that the consonants between them take at most."""
_LONGEST_CONSONANT = 0.2
_WITH_MARK = 4
"""Frames of a vowel from which its mark of stress has one."""
_BEFORE = 0.4
"""Seconds that the consonants before the first note take at most."""


@dataclass(frozen=True, slots=True)
class Held:
    """A sound that carries a note, and when it is heard."""

    token: int
    """Among the tokens of its piece."""
    syllables: tuple[SungSyllable, ...]
    """More than one where it goes on."""
    word: int

    @property
    def start(self) -> float:
        return self.syllables[0].start

    @property
    def end(self) -> float:
        return self.syllables[-1].end


@dataclass(frozen=True, slots=True)
class SungTiming:
    frames: Floats
    """Of each token, silences around included, shape (tokens,)."""
    start: float
    """When the first token begins."""
    held: tuple[Held, ...]

    @property
    def edges(self) -> NDArray[np.float64]:
        """When each token begins, and the last ends, shape (tokens + 1,)."""
        return self.start + np.concatenate([[0.0], np.cumsum(self.frames, dtype=np.float64)]) * FRAME_SECONDS


def carriers(phrase: SungPhrase, piece: Piece) -> list[Held]:
    """The sounds of `piece`, the phrase's words in the same order, that carry its notes."""
    found: list[Held] = []
    for index, word in enumerate(phrase.words):
        places = [
            at
            for at, (symbol, owner) in enumerate(zip(piece.symbols, piece.owners, strict=True), 1)
            if owner == index and symbol not in SILENT
        ]
        if not places:  # nothing in it can be sung: its notes go to the word before
            _prolong(found, word.syllables)
            continue
        sounds = "".join(piece.symbols[at - 1] for at in places)
        parted = word.phonemes if "".join(map("".join, word.phonemes)) == sounds else ()
        chosen = of_syllables(parted) if parted else nuclei(sounds, len(word.syllables))
        for at, syllable in zip(chosen, word.syllables, strict=True):
            if found and found[-1].word == index and found[-1].token == places[at]:
                _prolong(found, (syllable,))
            else:
                found.append(Held(places[at], (syllable,), index))
    return found


def _prolong(found: list[Held], syllables: tuple[SungSyllable, ...]) -> None:
    if found:
        found[-1] = Held(found[-1].token, found[-1].syllables + syllables, found[-1].word)


def sung_timing(piece: Piece, held: Sequence[Held], natural: Floats) -> SungTiming:
    """`natural`: frames of each token as it is spoken; `held`: not empty, in order."""
    vowels = [_tokens(piece, one) for one in held]
    lengths = _spoken_lengths(piece, natural)
    frames = np.zeros(len(natural), np.float32)
    opening = lengths[1 : vowels[0][0]]
    opened = _whole(_fitting(opening, _BEFORE).sum())
    frames[0], frames[-1] = LEAD, TAIL
    _fill(frames[1 : vowels[0][0]], opening, opened)
    start = held[0].start - (LEAD + opened) * FRAME_SECONDS
    for index, (one, (first, after)) in enumerate(zip(held, vowels, strict=True)):
        begin, end = (_whole(at - start) for at in (one.start, one.end))
        more = index + 1 < len(held)
        following = _whole(held[index + 1].start - start) if more else None
        consonants = slice(after, vowels[index + 1][0] if more else len(natural) - 1)
        if following is not None and following - end < _REST / FRAME_SECONDS:
            most = int(_CONSONANTS * (following - begin))
            taken = min(most, _whole(lengths[consonants].sum()))
            _fill(frames[consonants], lengths[consonants], taken)
            vowel = following - begin - taken
        else:
            vowel = _closed(frames, piece, lengths, consonants, begin, end, following)
        _hold(frames, first, one.token, vowel)
    return SungTiming(frames, start, tuple(held))


def _closed(
    frames: Floats,
    piece: Piece,
    lengths: NDArray[np.float64],
    consonants: slice,
    begin: int,
    end: int,
    following: int | None,
) -> int:
    """A note that a rest follows, or nothing: `frames` of the consonants that end it, of the silence, and of those
    before the next note, which begins at the frame `following`; the frames that are its vowel's."""
    space = next((at for at in range(consonants.start, consonants.stop) if piece.symbols[at - 1] == " "), None)
    closing = slice(consonants.start, consonants.stop if space is None else space)
    closed = min(_whole(lengths[closing].sum()), int(_CONSONANTS * (end - begin)))
    behind = min(closed, _whole(_BEHIND))
    vowel = max(1, end - begin - closed + behind)
    _fill(frames[closing], lengths[closing], closed)
    if following is None:
        return vowel
    silence = following - begin - vowel - closed
    if space is None:  # within a word
        return vowel + silence
    opening = slice(space + 1, consonants.stop)
    opened = min(_whole(lengths[opening].sum()), silence)
    _fill(frames[opening], lengths[opening], opened)
    frames[space] = silence - opened
    return vowel


def _tokens(piece: Piece, held: Held) -> tuple[int, int]:
    """Where the tokens of a vowel begin (with its mark of stress) and end (with its marks of length)."""
    symbols = f" {piece.symbols} "
    end = held.token + 1
    while symbols[end] in LENGTH:
        end += 1
    return held.token - (symbols[held.token - 1] in STRESS), end


def _spoken_lengths(piece: Piece, natural: Floats) -> NDArray[np.float64]:
    """Seconds of each token as it is spoken; spaces and marks take none."""
    lengths = np.minimum(natural.astype(np.float64) * FRAME_SECONDS, _LONGEST_CONSONANT)
    silent = [at for at, symbol in enumerate(piece.symbols, 1) if symbol in SILENT or symbol in STRESS]
    lengths[silent] = 0.0
    return lengths


def _fitting(lengths: NDArray[np.float64], most: float) -> NDArray[np.float64]:
    total = lengths.sum()
    return lengths * (most / total) if total > most else lengths


def _fill(frames: Floats, lengths: NDArray[np.float64], total: int) -> None:
    """`total` frames shared as `lengths` are, in place: one at least for each sound, where there are so many."""
    if not lengths.any():
        return
    wanted = lengths * (total / lengths.sum())
    least = (lengths > 0).astype(np.float64)
    frames[:] = spread(wanted, total, least if least.sum() <= total else np.zeros(len(wanted)))


def _hold(frames: Floats, first: int, vowel: int, total: int) -> None:
    """`total` frames for a vowel; its mark of stress has one of them, where there are enough."""
    if first < vowel and total >= _WITH_MARK:
        frames[first] = 1
    frames[vowel] = total - frames[first:vowel].sum()


def _whole(seconds: float) -> int:
    return round(float(seconds) / FRAME_SECONDS)
