"""When each word of known lyrics is sung, from the words of them that were recognised.

Recognised words are anchors. Those that would tear a line apart are not believed. What was not recognised lies between
its neighbours of the same line, at the pace of the song; lines of which nothing was recognised follow the line before,
or precede the one behind, whichever is of their section. Nothing is laid over an instrumental gap.
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

LEAST = 0.06
"""Seconds that a word takes at least, where there is room for it."""
_PACE = 0.09
"""Seconds of a letter, where the song does not tell."""
_TORN = 2.5
"""How many times longer than its letters say a line may last, and"""
_MORE = 3.0
"""so many seconds more."""
_RUSHED = 1.5
"""How many times longer than its letters say the first word behind a pause may last: recognisers count that to it."""
_HELD = 2.0
"""Seconds that a last word is held at most, where nobody knows."""


class Timed(NamedTuple):
    """Seconds."""

    start: float
    end: float
    confidence: float
    """0…1; 0: nobody heard it, its place is guessed."""


@dataclass(frozen=True, slots=True)
class SungLine:
    letters: tuple[int, ...]
    """Of each word, one at least."""
    section: int


def sung_times(lines: Sequence[SungLine], heard: Sequence[Sequence[Timed | None]], seconds: float) -> list[list[Timed]]:
    """A time for every word: in order, none overlapping, within the sound. `heard`: by line and word; those with a
    confidence of 1 are as the user fixed them and stay."""
    pace = _pace(lines, heard)
    rows = _ordered([_whole(line, list(row), pace) for line, row in zip(lines, heard, strict=True)])
    rows = [_without_pauses(line, row, pace) for line, row in zip(lines, rows, strict=True)]
    spans = _placed(lines, rows, pace, seconds)
    found: list[list[Timed]] = []
    for line, row, (start, end) in zip(lines, rows, spans, strict=True):
        found.append(_filled(line, row, start, end))
    return _settled(found, seconds)


def _pace(lines: Sequence[SungLine], heard: Sequence[Sequence[Timed | None]]) -> float:
    """Seconds of a letter: the median from one recognised word to the next of its line."""
    steps = [
        (two.start - one.start) / line.letters[at]
        for line, row in zip(lines, heard, strict=True)
        for at, (one, two) in enumerate(pairwise(row))
        if one is not None and two is not None and two.start > one.start
    ]
    return min(0.4, max(0.03, statistics.median(steps))) if steps else _PACE


def _whole(line: SungLine, row: list[Timed | None], pace: float) -> list[Timed | None]:
    """Without words that lie too far from the others of their line: of groups that are apart, the surest stays."""
    known = [at for at, one in enumerate(row) if one is not None]
    groups: list[list[int]] = []
    for at in known:
        before = row[groups[-1][-1]] if groups else None
        here = row[at]
        assert here is not None
        room = _TORN * pace * sum(line.letters[groups[-1][-1] : at]) + _MORE if groups else 0.0
        if before is not None and here.start - before.start <= room:
            groups[-1].append(at)
        else:
            groups.append([at])
    if len(groups) < 2:
        return row
    best = max(groups, key=lambda group: sum(_weight(line, row, at) for at in group))
    fixed = {at for at in known if (one := row[at]) is not None and one.confidence >= 1.0}
    return [one if at in best or at in fixed else None for at, one in enumerate(row)]


def _without_pauses(line: SungLine, row: list[Timed | None], pace: float) -> list[Timed | None]:
    """The first word behind a pause begins later than recognisers say: they are right about where words end."""
    found: list[Timed | None] = []
    for at, one in enumerate(row):
        before = row[at - 1] if at else None
        if one is not None and one.confidence < 1.0 and (at == 0 or before is None or one.start - before.end > 0.0):
            longest = _RUSHED * pace * line.letters[at] + LEAST
            one = one._replace(start=max(one.start, one.end - longest))
        found.append(one)
    return found


def _weight(line: SungLine, row: Sequence[Timed | None], at: int) -> float:
    one = row[at]
    assert one is not None
    return 1000.0 if one.confidence >= 1.0 else one.confidence * line.letters[at]


def _ordered(rows: list[list[Timed | None]]) -> list[list[Timed | None]]:
    """Without what begins before something surer that comes earlier, or after something surer that comes later."""
    places = [(number, at) for number, row in enumerate(rows) for at, one in enumerate(row) if one is not None]
    kept: list[tuple[int, int]] = []
    for place in places:
        one = _at(rows, place)
        while kept and _at(rows, kept[-1]).start >= one.start:
            if _at(rows, kept[-1]).confidence > one.confidence:
                break
            kept.pop()
        else:
            kept.append(place)
    chosen = set(kept)
    return [[one if (number, at) in chosen else None for at, one in enumerate(row)] for number, row in enumerate(rows)]


def _at(rows: Sequence[Sequence[Timed | None]], place: tuple[int, int]) -> Timed:
    found = rows[place[0]][place[1]]
    assert found is not None
    return found


def _placed(
    lines: Sequence[SungLine], rows: Sequence[Sequence[Timed | None]], pace: float, seconds: float
) -> list[tuple[float, float]]:
    """When each line begins and ends."""
    spans: list[tuple[float, float] | None] = [_span(line, row, pace) for line, row in zip(lines, rows, strict=True)]
    apart = _apart(lines, spans, pace)
    at = 0
    while at < len(spans):
        if spans[at] is not None:
            at += 1
            continue
        last = next((other for other in range(at, len(spans)) if spans[other] is not None), len(spans))
        before = spans[at - 1] if at else None
        after = spans[last] if last < len(spans) else None
        spans[at:last] = _between(lines, at, last, before, after, apart, pace, seconds)
        at = last
    known = [one for one in spans if one is not None]
    return _untangled(known, seconds)


def _span(line: SungLine, row: Sequence[Timed | None], pace: float) -> tuple[float, float] | None:
    """From the words of it that are known, at the pace of the song before and behind them."""
    known = [at for at, one in enumerate(row) if one is not None]
    if not known:
        return None
    first, last = row[known[0]], row[known[-1]]
    assert first is not None
    assert last is not None
    start = first.start - pace * sum(line.letters[: known[0]])
    end = max(last.end, last.start + LEAST) + pace * sum(line.letters[known[-1] + 1 :])
    return max(0.0, start), end


def _apart(lines: Sequence[SungLine], spans: Sequence[tuple[float, float] | None], pace: float) -> float:
    """Seconds from the end of a line to the next of its section."""
    gaps = [
        max(0.0, two[0] - one[1])
        for (one, two), (first, second) in zip(pairwise(spans), pairwise(lines), strict=True)
        if one is not None and two is not None and first.section == second.section
    ]
    return statistics.median(gaps) if gaps else 6 * pace


def _between(
    lines: Sequence[SungLine],
    first: int,
    last: int,
    before: tuple[float, float] | None,
    after: tuple[float, float] | None,
    apart: float,
    pace: float,
    seconds: float,
) -> list[tuple[float, float] | None]:
    """Places for lines of which nothing was heard."""
    left, right = before[1] if before else 0.0, after[0] if after else seconds
    lengths = [pace * sum(lines[at].letters) for at in range(first, last)]
    needed = sum(lengths) + apart * (last - first + 1)
    if needed >= right - left or (before is None and after is None):
        step = max(0.0, right - left) / max(1e-9, sum(lengths) + apart * (last - first))
        at, found = left, []
        for length in lengths:
            found.append((at, at + length * step))
            at += (length + apart) * step
        return list(found)
    with_next = next(
        (at for at in range(first, last) if after is not None and lines[at].section == lines[last].section), last
    )
    if before is None:
        with_next = first
    elif lines[first].section == lines[first - 1].section and with_next == first:
        with_next = last
    spans: list[tuple[float, float] | None] = []
    at = left
    for number in range(first, with_next):
        at += apart
        spans.append((at, at + lengths[number - first]))
        at += lengths[number - first]
    tail: list[tuple[float, float] | None] = []
    at = right
    for number in range(last - 1, with_next - 1, -1):
        at -= apart
        tail.append((at - lengths[number - first], at))
        at -= lengths[number - first]
    return [*spans, *reversed(tail)]


def _untangled(spans: Sequence[tuple[float, float]], seconds: float) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    last = 0.0
    for number, (start, end) in enumerate(spans):
        begin = min(max(start, last), seconds)
        limit = spans[number + 1][0] if number + 1 < len(spans) else seconds
        stop = max(begin, min(end, max(limit, begin + LEAST), seconds))
        found.append((begin, stop))
        last = begin
    return found


def _filled(line: SungLine, row: Sequence[Timed | None], start: float, end: float) -> list[Timed]:
    """Every word of a line with a time."""
    found: list[Timed] = []
    at = 0
    left = start
    while at < len(row):
        one = row[at]
        if one is not None:
            found.append(one)
            left = max(one.start + LEAST, min(one.end, _next_start(row, at, end)))
            at += 1
            continue
        last = next((other for other in range(at, len(row)) if row[other] is not None), len(row))
        right = _next_start(row, at, end)
        if right - left < LEAST * (last - at) and found:  # the word before was held too long
            before = found[-1]
            left = max(before.start + LEAST, right - LEAST * (last - at))
            found[-1] = before._replace(end=left)
        total = sum(line.letters[at:last])
        passed = 0
        for word in range(at, last):
            begin = left + (right - left) * passed / total
            passed += line.letters[word]
            found.append(Timed(begin, left + (right - left) * passed / total, 0.0))
        left = right
        at = last
    return found


def _next_start(row: Sequence[Timed | None], at: int, end: float) -> float:
    return next((one.start for one in row[at + 1 :] if one is not None), end)


def _settled(rows: list[list[Timed]], seconds: float) -> list[list[Timed]]:
    """In order, none overlapping, within the sound."""
    flat = [(number, one) for number, row in enumerate(rows) for one in row]
    last = 0.0
    settled: list[tuple[int, Timed]] = []
    for number, one in flat:
        start = min(max(one.start, last), seconds)
        settled.append((number, one._replace(start=start, end=min(max(one.end, start), seconds))))
        last = start
    found: list[list[Timed]] = [[] for _ in rows]
    for at, (number, one) in enumerate(settled):
        limit = (
            settled[at + 1][1].start
            if at + 1 < len(settled)
            else min(seconds, one.start + max(_HELD, one.end - one.start))
        )
        end = min(max(one.end, one.start + LEAST), max(limit, one.start))
        found[number].append(one._replace(end=end))
    return found
