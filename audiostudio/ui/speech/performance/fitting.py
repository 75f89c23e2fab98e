"""A line in the time that it has: pauses give way first, then the words. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from audiostudio.ui.speech.performance.shape import WordShape

FRAME = 0.025
"""Seconds: engines count in these."""
LEAST_GAP, MOST_GAP = 0.4, 2.5
"""Of what a pause between words is by itself."""
FASTEST, SLOWEST = 0.55, 1.8
"""Of what a word lasts by itself: beyond, nobody says it so."""


@dataclass(frozen=True, slots=True)
class Fit:
    seconds: tuple[float, ...]
    """How long each word is to last."""
    gaps: tuple[float, ...]
    """The silence behind each word; of the last 0."""
    factor: float
    """How much longer (below 1: shorter) the words last than by themselves."""
    over: float
    """Seconds that the line is too long (above 0) or too short all the same."""


def fit(words: Sequence[WordShape], wanted: float) -> Fit:
    """Lengths and pauses with which a line lasts `wanted` seconds.

    A line whose words have lengths imposed begins a frame before its first word and ends with its last.
    """
    speech = sum(word.seconds for word in words)
    silence = sum(word.gap for word in words)
    if not speech:
        return Fit((), (), 1.0, 0.0)
    room = wanted - FRAME
    gaps = min(max(room - speech, LEAST_GAP * silence), MOST_GAP * silence)
    factor = min(SLOWEST, max(FASTEST, (room - gaps) / speech))
    quieter = gaps / silence if silence else 1.0
    lengths = _whole([length for word in words for length in (word.seconds * factor, word.gap * quieter)])
    return Fit(tuple(lengths[::2]), tuple(lengths[1::2]), factor, factor * speech + gaps - room)


def _whole(lengths: Sequence[float]) -> list[float]:
    """In whole frames, so that their sum is no more than half of one off."""
    edges = [0, *(round(edge / FRAME) for edge in accumulate(lengths))]
    return [round((after - before) * FRAME, 4) for before, after in pairwise(edges)]
