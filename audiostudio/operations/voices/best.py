"""Which part of a recording is worth most for making a voice: whole phrases, cut at pauses."""

from collections.abc import Sequence
from typing import NamedTuple

from audiostudio.voices.verdict import BEST_LEAST

_ROOM = 0.15
"""Seconds kept before the first phrase and after the last, where there is so much pause."""
_PAUSE = 0.6
"""Seconds of a pause that cost nothing: people breathe."""
_CANDIDATES = 3


class Phrase(NamedTuple):
    start: float
    """Seconds."""
    end: float
    worth: float
    """0…1 for each second of it; 0: it must not be in."""


def best(phrases: Sequence[Phrase], most: float) -> list[tuple[float, float]]:
    """Up to three parts that hardly overlap, the one that is worth most first: seconds.

    Each lasts at most `most` seconds, and 6 at least where there is so much without a phrase of no worth.
    """
    ranked = sorted(_parts(phrases, most), key=lambda one: -one[0])
    chosen: list[tuple[float, float]] = []
    for _, start, end in ranked:
        if all(min(end, other_end) - max(start, other) < 0.5 * (end - start) for other, other_end in chosen):
            chosen.append((start, end))
        if len(chosen) == _CANDIDATES:
            break
    return chosen


def _parts(phrases: Sequence[Phrase], most: float) -> list[tuple[float, float, float]]:
    """For each phrase the part that begins with it and is worth most: worth, start, end."""
    found = []
    for number, first in enumerate(phrases):
        total, last_end = 0.0, first.start
        part: tuple[float, float, float] | None = None
        for phrase in phrases[number:]:
            if phrase.worth == 0 or phrase.end - first.start > most - 2 * _ROOM:
                break
            total += phrase.worth * (phrase.end - phrase.start) - max(0.0, phrase.start - last_end - _PAUSE)
            last_end = phrase.end
            if part is None or total > part[0]:
                part = total, first.start, phrase.end
        if first.worth > 0 and part is None:  # one phrase that is longer than asked for
            part = first.worth * most, first.start, first.start + most - 2 * _ROOM
        if part is not None:
            short = min(1.0, (part[2] - part[1]) / BEST_LEAST)
            found.append((part[0] * short, max(0.0, part[1] - _ROOM), part[2] + _ROOM))
    return found
