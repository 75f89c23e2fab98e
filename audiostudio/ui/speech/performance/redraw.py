"""What a user does to words, as functions from one voicing to the next. Plain Python."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from audiostudio.performance import HIGHEST, LONGEST_GAP, LONGEST_WORD, LOWEST, PitchPoint, Voicing
from audiostudio.ui.speech.performance.notes import hertz, note
from audiostudio.ui.speech.performance.shape import SHORTEST, WordShape, curve_notes, points, simplified

LOUDER = 12.0
"""dB up or down."""
_LOWEST, _HIGHEST = note(LOWEST), note(HIGHEST)
SMALLEST_SHARE = 0.02
"""Of a phoneme in its word."""
_NEAR_EDGE = 0.08
"""Of a word: who begins to draw there means its edge."""
_WINDOW = 9
"""Points of a melody (5 ms each) that smoothing looks at."""


def transposed(
    edit: Voicing, word: WordShape, semitones: float, limits: tuple[float, float] = (-12.0, 12.0)
) -> Voicing:
    """Higher by so many semitones; a melody that was drawn is moved, and stays within what can be drawn."""
    if edit.curve:
        notes = [note(point.hz) for point in edit.curve]
        way = min(max(semitones, _LOWEST - min(notes)), _HIGHEST - max(notes))
        return replace(
            edit, curve=tuple(_at(point.at, one + way) for point, one in zip(edit.curve, notes, strict=True))
        )
    before = edit.pitch or word.asked.pitch
    return replace(edit, pitch=_said(min(limits[1], max(limits[0], before + semitones)), word.asked.pitch))


def flattened(edit: Voicing, word: WordShape, remaining: float = 0.0) -> Voicing:
    """With `remaining` of the range of its melody: 0 is one note."""
    if not word.voiced:
        return edit
    drawn = points(word, edit)
    places = (np.arange(len(word.melody)) + 0.5) / len(word.melody)
    heard = curve_notes(drawn, places)[np.isfinite(word.melody)]
    middle = float(np.median(heard))
    if not remaining:
        return _curved(edit, (_at(0.0, middle), _at(1.0, middle)))
    return _curved(edit, [_at(one.at, middle + remaining * (note(one.hz) - middle)) for one in drawn])


def smoothed(edit: Voicing, word: WordShape) -> Voicing:
    """Without the small turns of its melody."""
    if not word.voiced:
        return edit
    places = (np.arange(len(word.melody)) + 0.5) / len(word.melody)
    line = curve_notes(points(word, edit, 0.05), places)
    width = min(_WINDOW, len(line)) | 1
    window = np.hanning(width + 2)[1:-1]
    padded = np.pad(line, width // 2, mode="edge")
    soft = np.convolve(padded, window / window.sum(), mode="valid")[: len(line)]
    voiced = np.where(np.isfinite(word.melody), soft, np.nan).astype(np.float32)
    return _curved(edit, simplified(voiced, 0.25))


def with_point(edit: Voicing, word: WordShape, number: int, at: float, height: float) -> Voicing:
    """With point `number` of its melody somewhere else, between its neighbours."""
    drawn = list(points(word, edit))
    low = drawn[number - 1].at + 0.005 if number else 0.0
    high = drawn[number + 1].at - 0.005 if number < len(drawn) - 1 else 1.0
    drawn[number] = _at(min(max(at, low), high) if low <= high else drawn[number].at, height)
    return _curved(edit, drawn)


def with_new_point(edit: Voicing, word: WordShape, at: float, height: float) -> tuple[Voicing, int]:
    """With one point more, and which it is."""
    drawn = [point for point in points(word, edit) if abs(point.at - at) > 0.005]
    number = sum(point.at < at for point in drawn)
    drawn.insert(number, _at(at, height))
    return _curved(edit, drawn), number


def without_point(edit: Voicing, word: WordShape, number: int) -> Voicing:
    """With one point less; without any, the melody is the engine's again."""
    drawn = list(points(word, edit))
    del drawn[number]
    return _curved(edit, drawn)


def drawn(edit: Voicing, word: WordShape, stroke: Sequence[tuple[float, float]]) -> Voicing:
    """With a melody drawn by hand over a part of the word. `stroke`: places 0…1 in rising order, and notes."""
    if not word.voiced or not stroke:
        return edit
    first = 0.0 if stroke[0][0] < _NEAR_EDGE else stroke[0][0]
    last = 1.0 if stroke[-1][0] > 1 - _NEAR_EDGE else stroke[-1][0]
    count = 200
    places = (np.arange(count) + 0.5) / count
    line = curve_notes(points(word, edit, 0.1), places)
    within = (places >= first) & (places <= last)
    by_hand = np.interp(places, [at for at, _ in stroke], [height for _, height in stroke])
    new = simplified(np.where(within, by_hand, line).astype(np.float32), 0.15)
    return _curved(edit, new)


def lasting(edit: Voicing, seconds: float) -> Voicing:
    """Of another length."""
    return replace(edit, seconds=round(min(LONGEST_WORD, max(SHORTEST, seconds)), 3))


def followed_by(edit: Voicing, gap: float) -> Voicing:
    """With another silence behind it."""
    return replace(edit, gap=round(min(LONGEST_GAP, max(0.0, gap)), 3))


def louder(edit: Voicing, word: WordShape, decibels: float) -> Voicing:
    before = edit.energy or word.asked.energy
    return replace(edit, energy=_said(min(LOUDER, max(-LOUDER, before + decibels)), word.asked.energy))


def with_edge(edit: Voicing, word: WordShape, number: int, place: float) -> Voicing:
    """With the edge behind phoneme `number` at another place (0…1) of the word; the other edges stay."""
    shares = [share for _, share in word.phonemes]
    before = sum(shares[:number])
    both = shares[number] + shares[number + 1]
    if both < 2 * SMALLEST_SHARE:
        return edit
    own = min(both - SMALLEST_SHARE, max(SMALLEST_SHARE, place - before))
    shares[number : number + 2] = [own, both - own]
    rounded = [round(share, 5) for share in shares]
    total = sum(rounded)
    seconds = edit.seconds if edit.seconds is not None else round(word.seconds, 3)
    return replace(edit, phonemes=tuple(share / total for share in rounded), seconds=seconds)


def _curved(edit: Voicing, curve: Sequence[PitchPoint]) -> Voicing:
    return replace(edit, curve=tuple(curve), pitch=0.0)


def _at(place: float, height: float) -> PitchPoint:
    return PitchPoint(round(place, 4), round(hertz(min(_HIGHEST, max(_LOWEST, height))), 2))


def _said(value: float, asked: float) -> float:
    """A value that is on top of nothing; 0 would leave what markup asks for, so it is a hundredth instead."""
    value = round(value, 3)
    return 0.01 if not value and asked else value
