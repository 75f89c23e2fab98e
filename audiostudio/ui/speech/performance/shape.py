"""What a line sounds like, word by word, and what it will sound like with other voicings. Plain Python.

Times are seconds from the beginning of the sound, pitches are notes (see `notes`), loudness is in dB.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audiostudio.performance import LOWEST, PLAIN, PitchPoint, Voicing
from audiostudio.script.performing import over
from audiostudio.ui.speech.performance.notes import hertz

Notes = NDArray[np.float32]

SHORTEST = 0.03
"""Seconds that a word lasts at least."""
STEP = 0.005
"""Seconds between two notes of a melody."""
_STEEPEST, _DYING = 1.0, 12
"""Semitones from one note of a melody to the next: no voice moves faster; and how many notes at the edges of what has a
voice may, which are no melody but where it begins or breaks off."""


@dataclass(frozen=True, slots=True, eq=False)
class WordShape:
    """A word as it sounds."""

    index: int
    """Its place among the words of the line as read."""
    text: str
    """As written."""
    start: float
    end: float
    gap: float
    """Silence behind it; of the last word 0."""
    phonemes: tuple[tuple[str, float], ...]
    """Symbols and their shares in the word, which sum to 1."""
    melody: Notes
    """At places that part the word evenly, their middles, shape (n,); NaN where there is no voice."""
    asked: Voicing = PLAIN
    """What markup asks for; it is in the sound already."""
    energy: float = 0.0
    """dB louder than without a change."""
    source_start: int = 0
    """Where it begins in the line, in characters."""

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def voiced(self) -> bool:
        return bool(np.isfinite(self.melody).any())

    @property
    def centre(self) -> float:
        """The note in the middle of its melody; NaN without a voice."""
        return float(np.nanmedian(self.melody)) if self.voiced else float("nan")

    def edges(self) -> list[float]:
        """Where its phonemes begin, and its end."""
        shares = np.concatenate([[0.0], np.cumsum([share for _, share in self.phonemes])])
        return [self.start + float(share) * self.seconds for share in shares]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    words: tuple[WordShape, ...]
    seconds: float

    def word(self, index: int) -> WordShape | None:
        return next((word for word in self.words if word.index == index), None)

    def at(self, seconds: float) -> WordShape | None:
        """The word that sounds there."""
        return next((word for word in self.words if word.start <= seconds < word.end), None)


def melody_between(hz: NDArray[np.float32], hop: float, start: float, end: float) -> Notes:
    """The notes of a stretch of sound from the Hz at the middle of each `hop` seconds; NaN where nobody speaks so."""
    hz = np.where(hz < LOWEST, np.float32(0), hz)
    count = max(4, round((end - start) / STEP))
    if not len(hz):
        return np.full(count, np.nan, np.float32)
    times = start + (np.arange(count) + 0.5) * (end - start) / count
    places = times / hop - 0.5
    nearest = np.clip(np.round(places).astype(int), 0, len(hz) - 1)
    low = np.clip(np.floor(places).astype(int), 0, len(hz) - 1)
    high = np.minimum(low + 1, len(hz) - 1)
    notes = 69.0 + 12.0 * np.log2(np.maximum(hz, 1.0) / 440.0)
    mixed = notes[low] + (notes[high] - notes[low]) * np.clip(places - low, 0.0, 1.0)
    both = (hz[low] > 0) & (hz[high] > 0)
    found = np.where(both, mixed, notes[nearest])
    return _steady(np.where(hz[nearest] > 0, found, np.nan).astype(np.float32))


def _steady(melody: Notes) -> Notes:
    """Without the falls and jumps at the edges of what is voiced."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], np.isfinite(melody), [False]]).astype(np.int8)))
    for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        steep = (np.abs(np.diff(melody[start:end])) > _STEEPEST).tolist()
        before, after = _reach(steep), _reach(steep[::-1])
        if before + after < end - start:
            melody[start : start + before] = np.nan
            melody[end - after : end] = np.nan
    return melody


def _reach(steep: Sequence[bool]) -> int:
    """How far an edge is steep, but for two notes that were only held."""
    last = 0
    for number, one in enumerate(steep[:_DYING], 1):
        if one:
            last = number
        elif number - last > 2:
            break
    return last


def planned(
    base: Shape, made: Mapping[int, Voicing], natural: Shape, wanted: Mapping[int, Voicing]
) -> tuple[Shape, list[tuple[float, float]]]:
    """What the line will sound like with the edits `wanted`, and which time of it (first) is which of `base` (second).

    `base` was made with the edits `made`, `natural` without any. A word whose edit is the same sounds as in `base`.
    """
    words: list[WordShape] = []
    knots = [(0.0, 0.0)]
    at = base.words[0].start if base.words else 0.0
    tail = base.seconds - base.words[-1].end if base.words else base.seconds
    if any(edit.seconds is not None and edit != made.get(index) for index, edit in wanted.items()):
        tail = 0.0  # engines end such a line with its last word
    if base.words and (last := wanted.get(base.words[-1].index, PLAIN).gap) is not None:
        tail = last
    for number, here in enumerate(base.words):
        edit = wanted.get(here.index, PLAIN)
        own = natural.word(here.index) or here
        former = made.get(here.index, PLAIN)
        word = here if edit == former else _voiced(own, edit)
        gap = _gap(here, former, own, edit) if number < len(base.words) - 1 else 0.0
        seconds = max(SHORTEST, word.seconds)
        energy = over(own.asked, edit).energy - own.asked.energy
        words.append(replace(word, start=at, end=at + seconds, gap=gap, energy=energy))
        knots += [(at, here.start), (at + seconds, here.end)]
        at += seconds + gap
    knots.append((at + max(0.0, tail), base.seconds))
    return Shape(tuple(words), at + max(0.0, tail)), _rising(knots)


def curve_notes(curve: Sequence[PitchPoint], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The notes of a drawn melody at places 0…1 of its word."""
    notes = [69.0 + 12.0 * np.log2(point.hz / 440.0) for point in curve]
    return np.interp(places, [point.at for point in curve], notes)


def points(word: WordShape, edit: Voicing, tolerance: float = 0.5) -> tuple[PitchPoint, ...]:
    """The points that a word's melody can be dragged by: those that were drawn, else the fewest from which it is
    nowhere further than `tolerance` semitones."""
    if edit.curve:
        return edit.curve
    return simplified(word.melody, tolerance)


def simplified(melody: Notes, tolerance: float) -> tuple[PitchPoint, ...]:
    """A melody as few points; empty where nothing has a voice."""
    places = (np.arange(len(melody)) + 0.5) / len(melody)
    voiced = np.flatnonzero(np.isfinite(melody))
    if not len(voiced):
        return ()
    kept = {int(voiced[0]), int(voiced[-1])}
    spans = [(0, len(voiced) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        run = voiced[first : last + 1]
        line = np.interp(places[run], places[run[[0, -1]]], melody[run[[0, -1]]])
        off = np.abs(melody[run] - line)
        worst = int(off.argmax())
        if off[worst] > tolerance:
            kept.add(int(run[worst]))
            spans += [(first, first + worst), (first + worst, last)]
    return tuple(PitchPoint(round(float(places[one]), 4), round(hertz(float(melody[one])), 2)) for one in sorted(kept))


@lru_cache(512)
def _voiced(own: WordShape, edit: Voicing) -> WordShape:
    """The natural word with an edit. Remembered, as what is not dragged stays the same from one picture to the next."""
    asked, wanted = own.asked, over(own.asked, edit)
    seconds = own.seconds * asked.speed / wanted.speed if wanted.seconds is None else wanted.seconds
    melody = own.melody + np.float32(wanted.pitch - asked.pitch)
    if wanted.curve:
        places = (np.arange(len(melody)) + 0.5) / len(melody)
        melody = np.where(np.isfinite(melody), curve_notes(wanted.curve, places), np.nan).astype(np.float32)
    shares = wanted.phonemes if len(wanted.phonemes) == len(own.phonemes) else [share for _, share in own.phonemes]
    phonemes = tuple((symbol, share) for (symbol, _), share in zip(own.phonemes, shares, strict=True))
    return replace(own, start=0.0, end=seconds, phonemes=phonemes, melody=melody)


def _gap(here: WordShape, made: Voicing, own: WordShape, edit: Voicing) -> float:
    if edit.gap == made.gap:
        return here.gap
    return own.gap if edit.gap is None else edit.gap


def _rising(knots: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Without places of no length, which no time is in."""
    kept = [knots[0]]
    kept += [after for before, after in pairwise(knots) if after[0] > before[0]]
    return kept
