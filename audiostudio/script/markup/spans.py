"""From tags to spans, and from spans to what holds at each place."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from audiostudio.performance import PLAIN, Voicing
from audiostudio.script.markup import values
from audiostudio.script.markup.meaning import NOTHING, Closing, Opening, Problem, Span


def matched(
    tags: Iterable[tuple[int, int, Opening | Closing]], line_ends: Sequence[int]
) -> tuple[list[Span], list[Problem]]:
    """The spans of tags (begin, end, meaning; in order) and the tags that close nothing.

    A tag closes the nearest open one of its name, whatever else is open. One that is never closed holds to the end
    of its line. `line_ends`: where the lines end, in order.
    """
    opened: dict[str, list[tuple[int, Opening]]] = {}
    spans: list[Span] = []
    problems: list[Problem] = []
    for start, end, tag in tags:
        if isinstance(tag, Opening):
            opened.setdefault(tag.name, []).append((end, tag))
        elif opened.get(tag.name):
            begin, opening = opened[tag.name].pop()
            spans.append(Span(begin, start, opening.change))
        else:
            problems.append(Problem(start, end, "This closes nothing that is open."))
    for begin, opening in (one for stack in opened.values() for one in stack):
        line = line_ends[min(bisect_left(line_ends, begin), len(line_ends) - 1)]
        spans.append(Span(begin, line, opening.change))
    spans = [span for span in spans if span.change != NOTHING and span.start < span.end]
    return sorted(spans, key=lambda span: (span.start, -span.end)), problems


@dataclass(frozen=True, slots=True)
class State:
    """What holds from `start` on until the next one."""

    start: int
    voicing: Voicing = PLAIN
    voice: str | None = None
    language: str | None = None


def states(spans: Sequence[Span], start: int) -> list[State]:
    """What holds from `start` on, and at each place where something begins or ends. Linear in the spans."""
    edges: list[tuple[int, int, int]] = []
    for number, span in enumerate(spans):
        edges += [(span.start, 1, number), (span.end, 0, number)]
    found = [State(start)]
    running = _Running()
    for place, group in groupby(sorted(edges), key=lambda edge: edge[0]):
        for _, begins, number in group:
            running.change(spans[number], number, bool(begins))
        found.append(State(place, running.voicing(), running.innermost("voice"), running.innermost("language")))
    return found


class _Running:
    """The sums over the spans that are open, so that deep nesting costs no more than shallow."""

    def __init__(self) -> None:
        self._speed = self._pitch = self._energy = 0.0
        self._voiced = 0
        self._open: dict[str, dict[int, str]] = {"voice": {}, "language": {}}

    def change(self, span: Span, number: int, begins: bool) -> None:
        change, sign = span.change, 1 if begins else -1
        if (change.speed, change.pitch, change.energy) != (1.0, 0.0, 0.0):
            self._speed += sign * math.log(change.speed)
            self._pitch += sign * change.pitch
            self._energy += sign * change.energy
            self._voiced += sign
        for kind, value in (("voice", change.voice), ("language", change.language)):
            if value is not None and begins:
                self._open[kind][number] = value
            elif value is not None:
                del self._open[kind][number]

    def voicing(self) -> Voicing:
        if not self._voiced:
            return PLAIN
        return Voicing(
            _limited(math.exp(self._speed), values.SPEED),
            _limited(self._pitch, values.PITCH),
            _limited(self._energy, values.ENERGY),
        )

    def innermost(self, kind: str) -> str | None:
        return next(reversed(self._open[kind].values()), None)


def _limited(value: float, span: tuple[float, float]) -> float:
    return round(max(span[0], min(span[1], value)), 6) + 0.0


def voicings(states: Sequence[State], ranges: Sequence[tuple[int, int]]) -> Iterator[Voicing]:
    """The voicing of each range (begin, end; in order): the one at its beginning, else the first that begins in it."""
    at = max(0, bisect_right(states, ranges[0][0], key=lambda state: state.start) - 1) if ranges else 0
    for start, end in ranges:
        while at + 1 < len(states) and states[at + 1].start <= start:
            at += 1
        found = states[at].voicing
        inner = at + 1
        while found.plain and inner < len(states) and states[inner].start < end:
            found = states[inner].voicing
            inner += 1
        yield found
