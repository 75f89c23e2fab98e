"""When the words of a known text are spoken, from what a recogniser heard of the sound.

Recognised words are anchors; what was not recognised is laid between them by its letters; silences in the sound
settle where one word ends and the next begins.
"""

import itertools
import math
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from audiostudio.script.comparison import Comparison

LEAST = 0.04
"""Seconds that a word takes at least, where there is room for it."""
NEAR = 0.15
"""Seconds between a recognised border and a silence that is that border."""
STOP = 0.25
"""Seconds more behind a comma or full stop: there Whisper counts the pause to the word behind it."""

_STOPS = frozenset('.,;:!?…—–、。，！？；：।"”»)')


class Span(NamedTuple):
    """Seconds from the beginning of the sound."""

    start: float
    end: float


class HeardSpan(NamedTuple):
    """A recognised word: its place in the recognised text, in characters, and its time."""

    first: int
    last: int
    start: float
    end: float


def word_times(
    comparison: Comparison, heard: Sequence[HeardSpan], quiet: Sequence[tuple[float, float]], seconds: float
) -> list[Span]:
    """A time for every word of the text: in order, none overlapping, within the sound.

    `heard`: the recognised words in order; `quiet`: where the sound is silent; `seconds`: its length.
    """
    letters = [max(1, sum(one.isalnum() for one in word.spoken)) for word in comparison.words]
    anchored = _anchored(comparison, heard, letters, seconds)
    stops = [word.text[-1:] in _STOPS for word in comparison.words]
    return _settled(_filled(anchored, letters, seconds), stops, quiet)


def heard_times(texts: Sequence[str], times: Sequence[Span], quiet: Sequence[tuple[float, float]]) -> list[Span]:
    """When recognised words are spoken whose text is not known: silences in the sound settle their borders."""
    return _settled(times, [text[-1:] in _STOPS for text in texts], quiet)


def _anchored(
    comparison: Comparison, heard: Sequence[HeardSpan], letters: Sequence[int], seconds: float
) -> list[Span | None]:
    times: list[Span | None] = [None] * len(letters)
    first = 0
    for match in comparison.matches:
        while first < len(heard) and heard[first].last <= match.heard_start:
            first += 1
        last = first
        while last < len(heard) and heard[last].first < match.heard_end:
            last += 1
        if first == last:
            continue
        span = Span(heard[first].start, min(heard[last - 1].end, seconds))
        shares = _shared(span, letters[match.first : match.last])
        for word, part in zip(range(match.first, match.last), shares, strict=True):
            before = times[word]
            times[word] = Span(before.start, max(before.end, part.end)) if before else part
    return _ordered(times)


def _shared(span: Span, letters: Sequence[int]) -> list[Span]:
    """A span divided among words by their letters."""
    total = sum(letters)
    edges = [span.start + (span.end - span.start) * done / total for done in itertools.accumulate(letters, initial=0)]
    return [Span(start, end) for start, end in itertools.pairwise(edges)]


def _ordered(times: list[Span | None]) -> list[Span | None]:
    """Without anchors that begin before the one before them ends by more than they could share."""
    last = 0.0
    for at, span in enumerate(times):
        if span is None:
            continue
        start = max(span.start, last)
        if span.end - start < LEAST / 2:
            times[at] = None
            continue
        times[at] = Span(start, span.end)
        last = span.end
    return times


def _filled(times: list[Span | None], letters: Sequence[int], seconds: float) -> list[Span]:
    """Every word with a time; words without one share the room between their neighbours, or take some of theirs."""
    found = list(times)
    at = 0
    while at < len(found):
        if found[at] is not None:
            at += 1
            continue
        first, last = at, _anchor(found, at)
        left, right = _edge(found, first - 1, 1, 0.0), _edge(found, last, 0, seconds)
        while right - left < LEAST * found[first:last].count(None) and (first > 0 or last < len(found)):
            if first > 0:
                first -= 1
                left = _edge(found, first, 0, 0.0)
            if right - left < LEAST * found[first:last].count(None) and last < len(found):
                side = 0 if found[last] is None else 1
                last = _anchor(found, last) if side == 0 else last + 1
                right = _edge(found, last - side, side, seconds)
        found[first:last] = _shared(Span(left, max(left, right)), letters[first:last])
        at = last
    return [one for one in found if one is not None]


def _anchor(times: Sequence[Span | None], start: int) -> int:
    """The first word from `start` on that has a time; their number where none has."""
    return next((at for at in range(start, len(times)) if times[at] is not None), len(times))


def _edge(times: Sequence[Span | None], at: int, side: int, outside: float) -> float:
    span = times[at] if 0 <= at < len(times) else None
    return outside if span is None else span[side]


def _settled(times: Sequence[Span], stops: Sequence[bool], quiet: Sequence[tuple[float, float]]) -> list[Span]:
    """Words end where silence begins and begin where it ends, when it lies at their border."""
    starts, ends = [span.start for span in times], [span.end for span in times]
    for border, group in itertools.groupby(quiet, key=lambda pause: _border(times, stops, pause)):
        if border is None:
            continue
        pauses = list(group)
        silent, sounding = pauses[0][0], pauses[-1][1]
        if border and silent >= starts[border - 1] + LEAST:
            ends[border - 1] = silent
        if border < len(times) and sounding <= ends[border] - LEAST:
            starts[border] = max(sounding, ends[border - 1] if border else 0.0)
    following = [*starts[1:], math.inf]
    return [Span(start, min(end, limit)) for start, end, limit in zip(starts, ends, following, strict=True)]


def _border(times: Sequence[Span], stops: Sequence[bool], pause: tuple[float, float]) -> int | None:
    """Before which word a pause lies (the number of words: behind the last); None: within a word."""
    middle = (pause[0] + pause[1]) / 2
    near = bisect_left(times, middle, key=lambda span: span.start)
    borders = range(max(near - 1, 0), min(near + 1, len(times)) + 1)
    away, found = min(
        (_distance(times, border, pause) - (STOP if border and stops[border - 1] else 0.0), border)
        for border in borders
    )
    return found if away <= NEAR else None


def _distance(times: Sequence[Span], border: int, pause: tuple[float, float]) -> float:
    left = times[border - 1].end if border else 0.0
    right = times[border].start if border < len(times) else math.inf
    return max(0.0, left - pause[1], pause[0] - right)
