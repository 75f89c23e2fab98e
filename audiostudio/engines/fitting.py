"""A line in a given time: how long each word and each gap of a take has to be, so that the whole lasts as asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import TimedWord
from audiostudio.engines.durations import sounds, spread
from audiostudio.performance import LONGEST_GAP, LONGEST_WORD, PLAIN, Voicing

FRAME = 0.025
"""Seconds: everything lasts whole frames."""
FASTEST, SLOWEST = 1.8, 1.5
"""How many times faster, and slower, than in the take words are spoken at most: beyond, they cannot be understood."""
GAPS = (0.5, 2.0)
"""By which factor gaps give way before words do."""

_LEAD = 1
"""Frames before the first word, where its length is imposed."""
_TAIL = (2, 12)
"""Frames behind the last word in which it dies away."""

_Frames = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fitting:
    """How a line comes to last as long as asked."""

    voicings: tuple[Voicing, ...]
    """Of each of the words."""
    factor: float
    """How much faster than in the take its words have to be spoken: 1 as they are, 0.8 slower."""
    seconds: float
    """How long it becomes."""
    over: float
    """Seconds that it is too long all the same, with its words as fast as they can be; 0: it fits."""


def fitted(
    words: Sequence[TimedWord],
    samples: int,
    sample_rate: int,
    seconds: float,
    voicings: Sequence[Voicing] = (),
    pauses: Mapping[int, float] | None = None,
) -> Fitting:
    """The voicings with which the words of a take make a line of `seconds`, to a frame.

    `words` are all words of the take, of `samples` samples; `voicings` those it was made with. `pauses`: seconds of
    silence that were asked for behind words, by their index (−1: before the first), and keep their length.
    Gaps give way first, then words as far as they can be understood; what is left of a longer time goes to the gaps,
    as far as those may be.
    """
    drawn = list(voicings) or [PLAIN] * len(words)
    asked = pauses or {}
    frame = sample_rate * FRAME
    at = [index for index, word in enumerate(words) if word.end > word.start]
    if not at:
        return Fitting(tuple(drawn), 1.0, samples / sample_rate, max(0.0, samples / sample_rate - seconds))
    own = np.maximum(1.0, np.round([(words[index].end - words[index].start) / frame for index in at]))
    least = np.array([min(length, sounds(words[index])) for index, length in zip(at, own, strict=True)])
    fixed = np.array([np.round(_pause(asked, one, two) / FRAME) for one, two in _between(at, len(words))])
    ends = [words[two].start for two in at[1:]] + [samples]
    gaps = np.round([(end - words[one].end) / frame for one, end in zip(at, ends, strict=True)]) - fixed
    gaps = np.maximum(0.0, gaps)
    gaps[-1] = np.clip(gaps[-1], *_TAIL)
    before = _LEAD + np.round(asked.get(-1, 0.0) / FRAME)
    room = np.floor(seconds / FRAME + 1e-6) - before - fixed.sum()
    lengths, rests, factor = _shared(own, gaps, least, max(0.0, float(room)))
    lengths = np.minimum(lengths, LONGEST_WORD / FRAME)
    rests = np.minimum(rests, np.maximum(0.0, LONGEST_GAP / FRAME - fixed))
    made = list(drawn)
    for index, length, rest in zip(at, lengths, rests + fixed, strict=True):
        made[index] = replace(made[index], seconds=round(float(length) * FRAME, 3), gap=round(float(rest) * FRAME, 3))
    total = float(before + lengths.sum() + rests.sum() + fixed.sum()) * FRAME
    return Fitting(tuple(made), factor, total, max(0.0, round(total - seconds, 6)))


def _shared(own: _Frames, gaps: _Frames, least: _Frames, room: float) -> tuple[_Frames, _Frames, float]:
    """Lengths of words and gaps that sum to `room` frames, and how much faster the words have to be for it."""
    low, high = np.floor(gaps * GAPS[0]), np.ceil(gaps * GAPS[1])
    silence = float(np.clip(room - own.sum(), low.sum(), high.sum()))
    factor = float(own.sum() / max(room - silence, 1.0)) if room - silence != own.sum() else 1.0
    shortest = np.maximum(least, np.ceil(own / FASTEST))
    speech = float(np.clip(room - silence, shortest.sum(), np.floor(own.sum() * SLOWEST)))
    lengths = spread(np.maximum(own * (speech / own.sum()), shortest), round(speech), shortest).astype(float)
    rest = round(max(room - speech, low.sum()))
    weights = np.maximum(gaps, 0.25)
    wanted = low + weights * ((rest - low.sum()) / weights.sum())
    return lengths, spread(wanted, rest, low).astype(float), factor


def _between(at: Sequence[int], count: int) -> list[tuple[int, int]]:
    return list(zip(at, [*at[1:], count], strict=True))


def _pause(pauses: Mapping[int, float], one: int, two: int) -> float:
    return sum(pauses.get(index, 0.0) for index in range(one, two))
