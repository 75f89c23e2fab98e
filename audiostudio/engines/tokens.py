"""From phonemes to the tokens that Kokoro and its kin read, and from tokens back to words in time."""

import json
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import TimedPhoneme, TimedWord
from audiostudio.resource import resource
from audiostudio.script.spoken import Word

SAMPLE_RATE = 24_000
FRAME = 600
"""Samples in a frame, by which durations are counted."""
MOST_TOKENS = 250
"""In one piece, about 18 s. The model takes 510, but hurries and slurs when it is full, and memory grows with it."""
Tokens: TypeAlias = NDArray[np.int64]

SILENT = frozenset(' ;:,.!?—…"()“”')


@cache
def vocabulary() -> dict[str, int]:
    """Kokoro's symbols and their numbers."""
    found: dict[str, int] = json.loads(resource("engines/kokoro/vocabulary.json").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that Kokoro says in one breath: a sentence, or a part of one that is too long."""

    words: tuple[Word, ...]
    symbols: str
    owners: tuple[int, ...]
    """For each symbol the index of its word; −1 for the spaces between words."""

    @property
    def tokens(self) -> Tokens:
        """With the silence before and after, shape (symbols + 2,)."""
        known = vocabulary()
        return np.array([0, *(known[symbol] for symbol in self.symbols), 0], np.int64)


def pieces(words: tuple[Word, ...], longest: int = MOST_TOKENS) -> list[Piece]:
    """The words as pieces of at most `longest` tokens, cut after the strongest punctuation near the middle; none when
    nothing in them can be spoken."""
    piece = _piece(words)
    if all(symbol in SILENT for symbol in piece.symbols):
        return []
    if len(piece.symbols) <= longest:
        return [piece]
    cut = _cut(piece)
    if cut is None:
        cut, words = 1, _halves(words[0])
    return [*pieces(words[:cut], longest), *pieces(words[cut:], longest)]


def _halves(word: Word) -> tuple[Word, Word]:
    """One word that is too long for the model: it keeps its place in the source, its sound comes in two."""
    middle = len(word.phonemes) // 2
    first = Word(word.text, word.start, word.end, word.spoken, word.phonemes[:middle])
    return first, Word("", word.end, word.end, "", word.phonemes[middle:])


def _piece(words: tuple[Word, ...]) -> Piece:
    known = vocabulary()
    symbols: list[str] = []
    owners: list[int] = []
    for index, word in enumerate(words):
        said = [symbol for symbol in word.phonemes if symbol in known]
        if said and symbols:
            symbols.append(" ")
            owners.append(-1)
        symbols += said
        owners += [index] * len(said)
    return Piece(words, "".join(symbols), tuple(owners))


def _cut(piece: Piece) -> int | None:
    """Before which word to cut: near the middle, rather after a strong mark. None for a single word."""
    said = [0, *accumulate(len(word.phonemes) for word in piece.words)]

    def quality(index: int) -> float:
        mark = piece.words[index - 1].phonemes[-1:] or " "
        strength = 3 if mark in ".!?…;:" else 2 if mark in ",—)”" else 0
        return strength - 4 * abs(said[index] / said[-1] - 0.5)

    return max(range(1, len(piece.words)), key=quality, default=None)


def paced(frames: NDArray[np.float32], speed: float) -> NDArray[np.float32]:
    """Durations at another speed: whole frames, at least 1 each, and the sum as asked (as far as that allows).

    What rounding takes from one token it gives to the next, where each by itself would be rounded the same way.
    """
    edges = np.round(np.cumsum(frames) / speed)
    found = np.maximum(1, np.diff(edges, prepend=0.0))
    for index in np.argsort(-found)[: int(found.sum() - edges[-1])]:
        found[index] -= found[index] > 1
    return found.astype(np.float32)


def timed(piece: Piece, frames: NDArray[np.float32]) -> tuple[TimedWord, ...]:
    """The words with their times in samples, given the frames of each token (with the silences around them).

    A word lasts from its first to its last phoneme, without the punctuation that touches it; a word of
    punctuation alone lasts no time.
    """
    edges = np.concatenate([[0], np.cumsum(frames)]).astype(int)[1:] * FRAME
    found: list[TimedWord] = []
    at = 0
    last = int(edges[0])
    for index, word in enumerate(piece.words):
        places: list[int] = []
        while at < len(piece.owners) and piece.owners[at] in (index, -1):
            if piece.owners[at] == index:
                places.append(at)
            at += 1
        while places and piece.symbols[places[0]] in SILENT:
            del places[0]
        while places and piece.symbols[places[-1]] in SILENT:
            del places[-1]
        phonemes = tuple(TimedPhoneme(piece.symbols[i], int(edges[i]), int(edges[i + 1])) for i in places)
        start, end = (phonemes[0].start, phonemes[-1].end) if phonemes else (last, last)
        found.append(TimedWord(word.text, word.start, word.end, start, end, phonemes))
        last = end
    return tuple(found)
