"""From phonemes to the tokens that Kokoro and its kin read, and from tokens back to words in time."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import check_language
from audiostudio.engines.base import EngineManifest, TimedPhoneme, TimedWord
from audiostudio.performance import PitchPoint
from audiostudio.resource import resource
from audiostudio.script.phonemes import phonemize
from audiostudio.script.spoken import Pause, Sentence, Word

SAMPLE_RATE = 24_000
FRAME = 600
"""Samples in a frame, by which durations are counted."""
MOST_TOKENS = 250
"""In one piece, about 18 s. The model takes 510, but hurries and slurs when it is full, and memory grows with it."""
TOKENS_A_SECOND = 14
SENTENCE_GAP = 0.35
"""Seconds between sentences at speed 1, as in the readings that Kokoro learned from."""
PARAGRAPH_GAP = 0.8
CLAUSE_GAP = 0.12
"""Between the pieces of a sentence that is too long for the model."""

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


def breaths(
    parts: Iterable[Sentence | Pause],
    manifest: EngineManifest,
    first: int,
    together: int = 0,
    read: Callable[[Sentence], Sentence] = phonemize,
) -> Iterator[tuple[Piece, float] | Pause]:
    """What is to be said, in order: pieces, each with the seconds of silence after it at speed 1, and pauses.

    The first piece has at most `first` tokens, so that the beginning is soon heard. Sentences of a paragraph are one
    piece as long as they have at most `together` tokens. `read` fills in the phonemes. Raises `UnknownLanguage`.
    """
    longest = first
    for part in _gathered(_phonemized(parts, manifest, read), min(first, together), together):
        if isinstance(part, Pause):
            yield part
            continue
        cut = pieces(part.words, longest)
        for piece in cut:
            yield piece, CLAUSE_GAP if piece is not cut[-1] else PARAGRAPH_GAP if part.ends_paragraph else SENTENCE_GAP
            longest = MOST_TOKENS


def _phonemized(
    parts: Iterable[Sentence | Pause], manifest: EngineManifest, read: Callable[[Sentence], Sentence]
) -> Iterator[Sentence | Pause]:
    for part in parts:
        if isinstance(part, Sentence):
            check_language(part, manifest)
            yield read(part)
        else:
            yield part


def _gathered(parts: Iterable[Sentence | Pause], first: int, together: int) -> Iterator[Sentence | Pause]:
    """Sentences that follow each other as one, up to `together` tokens, the first up to `first`.

    What cannot be spoken is left out.
    """
    held: Sentence | None = None
    longest = first
    for part in parts:
        both = _joined(held, part, longest)
        if both:
            held = both
            continue
        if held:
            yield held
            longest = together
        held = part if isinstance(part, Sentence) else None
        if isinstance(part, Pause):
            yield part
    if held:
        yield held


def _joined(one: Sentence | None, two: Sentence | Pause, longest: int) -> Sentence | None:
    """Both as one sentence, if they go together."""
    if one is None or isinstance(two, Pause):
        return None
    if _silent(piece_of(one.words)):
        return two
    if _silent(piece_of(two.words)):
        return replace(one, ends_paragraph=one.ends_paragraph or two.ends_paragraph)
    both = replace(two, words=one.words + two.words)
    follow = not one.ends_paragraph and one.language == two.language and _stops(one)
    return both if follow and len(piece_of(both.words).symbols) <= longest else None


def _stops(sentence: Sentence) -> bool:
    """Whether a mark says that the voice comes to rest. What has none, like a heading, would run into what follows."""
    return piece_of(sentence.words).symbols.rstrip("”)")[-1:] in (".", "!", "?", "…")


def _silent(piece: Piece) -> bool:
    return all(symbol in SILENT for symbol in piece.symbols)


def pieces(words: tuple[Word, ...], longest: int = MOST_TOKENS) -> list[Piece]:
    """The words as pieces of at most `longest` tokens, cut after the strongest punctuation near the middle; none when
    nothing in them can be spoken.

    What is drawn longer parts a piece only where it would not fit into memory: a word that lasts a little longer must
    not move the breaths of its sentence.
    """
    piece = piece_of(words)
    if _silent(piece):
        return []
    fits = len(piece.symbols) <= longest
    if fits and len(piece.symbols) + sum(map(_slow, words)) <= MOST_TOKENS:
        return [piece]
    cut = _cut(piece, [len(word.phonemes) + fits * _slow(word) for word in words])
    if cut is None and fits:
        return [piece]
    if cut is None:
        cut, words = 1, _halves(words[0])
    return [*pieces(words[:cut], longest), *pieces(words[cut:], longest)]


def _slow(word: Word) -> int:
    """How many tokens more the word would have if what is drawn longer were longer to say."""
    own = len(word.phonemes)
    seconds, speed = word.voicing.seconds, word.voicing.speed
    wanted = own / speed if seconds is None else seconds * TOKENS_A_SECOND
    return max(0, round(wanted - own))


def _halves(word: Word) -> tuple[Word, Word]:
    """One word that is too long for the model: it keeps its place in the source, its sound comes in two."""
    middle = len(word.phonemes) // 2
    share = middle / len(word.phonemes)
    both = replace(word.voicing, phonemes=(), gap=None)
    if both.seconds is not None:
        both = replace(both, seconds=both.seconds * share)
    curve = [PitchPoint(min(1.0, point.at / share), point.hz) for point in word.voicing.curve if point.at <= share]
    rest = [PitchPoint((p.at - share) / (1 - share), p.hz) for p in word.voicing.curve if p.at > share]
    one = replace(both, curve=tuple(curve or rest[:1]), gap=0.0 if word.voicing.seconds is not None else None)
    two = replace(both, curve=tuple(rest or curve[-1:]), gap=word.voicing.gap)
    if word.voicing.seconds is not None:
        two = replace(two, seconds=word.voicing.seconds * (1 - share))
    first = Word(word.text, word.start, word.end, word.spoken, word.phonemes[:middle], voicing=one)
    return first, Word("", word.end, word.end, "", word.phonemes[middle:], voicing=two)


def piece_of(words: tuple[Word, ...]) -> Piece:
    """The words as one piece, however long."""
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


def _cut(piece: Piece, lengths: Sequence[int]) -> int | None:
    """Before which word to cut: near the middle, rather after a strong mark. None for a single word."""
    said = [0, *accumulate(lengths)]

    def quality(index: int) -> float:
        mark = piece.words[index - 1].phonemes[-1:] or " "
        strength = 3 if mark in ".!?…;:" else 2 if mark in ",—)”" else 0
        return strength - 4 * abs(said[index] / said[-1] - 0.5)

    return max(range(1, len(piece.words)), key=quality, default=None)


def paced(frames: NDArray[np.float32], speed: float | NDArray[np.float64]) -> NDArray[np.float32]:
    """Durations at another speed, one for all or one for each: whole frames, at least 1 each, and the sum as asked
    (as far as that allows).

    What rounding takes from one token it gives to the next, where each by itself would be rounded the same way.
    """
    even = isinstance(speed, float | int)
    edges = np.round(np.cumsum(frames) / speed if even else np.cumsum(frames / speed))
    found = np.maximum(1, np.diff(edges, prepend=0.0))
    for index in np.argsort(-found)[: int(found.sum() - edges[-1])]:
        found[index] -= found[index] > 1
    return found.astype(np.float32)


def spans(piece: Piece) -> list[tuple[int, int]]:
    """For each word its tokens, from its first to its last phoneme, without the punctuation that touches it; empty at
    0 for a word that has no sound."""
    found = [(0, 0)] * len(piece.words)
    for at, (symbol, owner) in enumerate(zip(piece.symbols, piece.owners, strict=True), 1):
        if owner >= 0 and symbol not in SILENT:
            found[owner] = (found[owner][0] or at, at + 1)
    return found


def timed(piece: Piece, frames: NDArray[np.float32]) -> tuple[TimedWord, ...]:
    """The words with their times in samples, given the frames of each token (with the silences around them).

    A word lasts from its first to its last phoneme, without the punctuation that touches it; a word of
    punctuation alone lasts no time.
    """
    edges = np.concatenate([[0], np.cumsum(frames)]).astype(int) * FRAME
    found: list[TimedWord] = []
    last = int(edges[1])
    for word, (first, end) in zip(piece.words, spans(piece), strict=True):
        phonemes = tuple(
            TimedPhoneme(piece.symbols[at - 1], int(edges[at]), int(edges[at + 1])) for at in range(first, end)
        )
        begin, last = (phonemes[0].start, phonemes[-1].end) if phonemes else (last, last)
        found.append(TimedWord(word.text, word.start, word.end, begin, last, phonemes))
    return tuple(found)
