"""Where things come to stand when time is put in or taken out."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from audiostudio.timeline.editing.source import moved_points
from audiostudio.timeline.tracks import Automation, Point, Range


class Shift(NamedTuple):
    """Everything at `at` or later moves by `by`: both in ticks."""

    at: int
    by: int
    """Below 0: earlier, into what was taken out right before `at`."""


class Shifts:
    """Several shifts at once, all told by where things were before."""

    def __init__(self, shifts: Iterable[Shift]) -> None:
        ordered = sorted(shifts)
        self._at = [shift.at for shift in ordered]
        self._by = [0, *accumulate(shift.by for shift in ordered)]
        places = [at + by for at, by in zip(self._at, self._by[1:], strict=True)]
        self._later: list[int] = list(accumulate(reversed(places), min))[::-1]
        """Where the first thing behind each shift, or any after it, comes to stand."""

    def __bool__(self) -> bool:
        return any(self._by)

    def by(self, at: int) -> int:
        """Ticks by which something that begins at `at` moves."""
        return self._by[bisect_right(self._at, at)]

    def moves(self, starts: Sequence[int]) -> list[int]:
        """By how much each of several things moves; `starts` are in order."""
        moves: list[int] = []
        for at, by in zip([*self._at, None], self._by, strict=True):
            end = len(starts) if at is None else bisect_left(starts, at)
            moves += [by] * (end - len(moves))
        return moves

    def place(self, at: int) -> int:
        """Where a point in time comes to stand; one in what was taken out, at its beginning. Keeps the order."""
        index = bisect_right(self._at, at)
        place = at + self._by[index]
        return min(place, self._later[index]) if index < len(self._at) else place

    def points(self, points: tuple[Point, ...]) -> tuple[Point, ...]:
        return moved_points(points, self.place) if points else points

    def automation(self, automation: tuple[Automation, ...]) -> tuple[Automation, ...]:
        moved = tuple([_with_points(one, self.points(one.points)) for one in automation])
        return moved if moved != automation else automation

    def range(self, range_: Range | None) -> Range | None:
        if range_ is None:
            return None
        start, end = self.place(range_.start), self.place(range_.end)
        return Range(start, end) if end > start else None


def _with_points(automation: Automation, points: tuple[Point, ...]) -> Automation:
    return Automation(automation.parameter, points, automation.extra)
