"""Music at another length: which parts are played one after the other, so that jumps are few and are not heard.

A piece is a row of steps (beats; where there are none, a grid). A jump goes from one step to another that sounds as
what would have followed, at the same place of the bar. Dynamic programming finds the cheapest way from the beginning
to the end in so many steps. Nothing here sees the sound itself.
"""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiostudio.errors import RequestError
from audiostudio.music.analysis.beats import Floats, find_bars, find_beats
from audiostudio.music.analysis.sections import described
from audiostudio.music.analysis.spectra import Spectra

SHORTEST = 2.0
"""Seconds that music can be fitted to."""
LONGEST = 4 * 3600.0
TIMES = 40.0
"""As often as a piece can be made longer than it is."""
STRETCH = 0.015
"""Share by which the tempo may change, so that the length is exact."""

_GRID = 0.25
"""Seconds of a step where there are no beats."""
_WAYS = 12
"""Jumps to each step that are looked at."""
_JUMP = 1.0
"""What a jump costs, however alike its sides are."""
_UNLIKE = 1.6
"""What it costs more for each unit of distance; two steps of one chord and one arrangement are about 0.3 apart."""
_SHORT = 1.5
"""What it costs more to go back by a bar or so: that is heard as a loop."""
_OFF_BEAT, _HALF_BAR = 1.6, 0.9
"""What it costs more to go on at another beat of the bar, or half a bar away."""
_LAST_BEATS = 2.0
"""Beats of the last sound that are heard, however much of its decay is cut."""
_GAP = 0.4
"""Seconds of silence behind an ending that nobody minds."""
_BLOCK = 128
"""Steps whose jumps are looked for together."""
_MOST_CELLS = 20_000_000
"""Steps of the result times steps of the piece; of more, steps are longer."""
_ENDS = 8
"""Steps at both ends that stay as they are, where there is room."""


class Jump(NamedTuple):
    leave: float
    """Seconds of the piece at which something else is played,"""
    enter: float
    """and from where."""


@dataclass(frozen=True, slots=True)
class Way:
    """A piece from its beginning to its end, with jumps."""

    jumps: tuple[Jump, ...]
    seconds: float
    """How long it is."""
    cost: float


@dataclass(frozen=True, slots=True)
class Steps:
    """A piece as it is fitted."""

    times: Floats
    """Seconds at which each begins."""
    looks: Floats
    """How each sounds, shape (steps, n)."""
    places: NDArray[np.int64]
    """Each one's place in its bar; all 0 where there are no bars."""
    bar: int
    """Steps of a bar; 1 where there are none."""
    seconds: float
    regular: bool
    """Whether these are beats."""

    @property
    def step(self) -> float:
        """Seconds."""
        return float(np.median(np.diff(self.times))) if len(self.times) > 1 else _GRID

    @property
    def decay(self) -> float:
        """Seconds at the end that may fade sooner: what follows the last beat, less two beats."""
        return max(0.0, self.seconds - float(self.times[-1]) - max(1.0, _LAST_BEATS * self.step))


def steps_of(spectra: Spectra) -> Steps:
    """Beats and bars of a piece, or a grid where it has none."""
    beats = find_beats(spectra)
    if len(beats.times) >= 16:
        metre, firsts = find_bars(spectra, beats.times)
        places = np.full(len(beats.times), -1, np.int64)
        places[firsts] = 0
        first = int(firsts[0]) if len(firsts) else 0
        places[0] = (-first) % metre
        for at in range(1, len(places)):
            if places[at] != 0:
                places[at] = (places[at - 1] + 1) % metre
        times, bar = beats.times, metre
    else:
        times = np.arange(0.0, max(_GRID, spectra.seconds - _GRID), _GRID)
        places, bar = np.zeros(len(times), np.int64), 1
    return Steps(times, described(spectra, times), places, bar, spectra.seconds, len(beats.times) >= 16)


def require_possible(seconds: float, target: float) -> None:
    """Raises `RequestError` for what no piece of `seconds` can be made to."""
    if not math.isfinite(target) or target < SHORTEST:
        raise RequestError(
            f"Music cannot be fitted to {target:g} seconds.", f"Ask for {SHORTEST:g} seconds or more, or cut it."
        )
    most = min(LONGEST, TIMES * seconds)
    if target > most:
        raise RequestError(
            f"{seconds:.1f} seconds of music cannot be made into {target:g} seconds: it would be heard that it "
            "repeats itself.",
            f"Ask for {most:.0f} seconds at most, or repeat it on a timeline.",
        )
    if seconds < SHORTEST:
        raise RequestError(f"{seconds:.1f} seconds are too short to be fitted.", "Choose a longer piece.")


def find_way(piece: Steps, target: float, without: Collection[Jump] = (), after: float = 0.0) -> Way:
    """The way through a piece that takes about `target` seconds: as near as its steps allow, at least within a step.

    `without`: jumps that are not to be used; `after`: seconds before which none leaves. Raises `RequestError` where
    there is none.
    """
    require_possible(piece.seconds, target)
    if abs(target / piece.seconds - 1) <= STRETCH:
        return Way((), piece.seconds, 0.0)
    kept = _coarser(piece, target)
    head, tail = float(kept.times[0]), piece.seconds - float(kept.times[-1])
    spare = min(kept.decay, 0.25 * target)
    least = math.floor((target - head - tail) / kept.step * (1 - 2 * STRETCH)) - 1
    most = math.ceil((target - head - tail + spare) / kept.step * (1 + 2 * STRETCH)) + 1
    if most < 1:
        raise _too_short(target, head + tail + 4 * kept.step)
    ways = _ways(kept, without, after, min(_ENDS, max(1, len(kept.times) // 8), max(1, most // 5)))
    costs, came = _costs(ways, len(kept.times), most)
    best: Way | None = None
    worth = math.inf
    for count in range(max(1, least), most + 1):
        if not math.isfinite(costs[count]):
            continue
        way = _traced(kept, ways, came, count, float(costs[count]))
        price = way.cost + _misfit(way.seconds, target, spare)
        if price < worth:
            best, worth = way, price
    if best is None or best.seconds - target > spare + max(kept.step, 3 * STRETCH * target):
        raise _too_short(target, head + tail - spare + 4 * kept.step)
    return best


def _misfit(seconds: float, target: float, spare: float) -> float:
    """What it costs that a way is longer or shorter: little where its tempo or its decay can make up for that."""
    over = seconds - target
    if over > 0:
        beyond = max(0.0, over - spare - STRETCH * target)
        return 0.5 * min(1.0, over / max(spare, STRETCH * target)) + 20.0 * beyond / target + (2.0 if beyond else 0.0)
    beyond = max(0.0, -over - _GAP - STRETCH * target)
    return 0.5 * min(1.0, -over / (STRETCH * target)) + 20.0 * beyond / target + (1.0 if beyond else 0.0)


def _too_short(target: float, least: float) -> RequestError:
    return RequestError(
        f"No way was found to make {target:g} seconds of it that sounds whole.",
        f"Ask for another length ({math.ceil(least)} seconds or more), or cut it on a timeline.",
    )


def _coarser(piece: Steps, target: float) -> Steps:
    """Fewer, longer steps of long pieces."""
    count = len(piece.times)
    wanted = count * max(1.0, target / piece.seconds)
    if count * wanted <= _MOST_CELLS:
        return piece
    factor = math.ceil(math.sqrt(count * wanted / _MOST_CELLS))
    factor = math.ceil(factor / piece.bar) * piece.bar
    firsts = np.flatnonzero(piece.places == 0)
    chosen = firsts[:: max(1, factor // piece.bar)]
    looks = np.stack([piece.looks[a : a + factor].mean(axis=0) for a in chosen])
    return Steps(piece.times[chosen], looks, np.zeros(len(chosen), np.int64), 1, piece.seconds, piece.regular)


class _Ways(NamedTuple):
    """Jumps by the step that they go to."""

    leave: NDArray[np.int64]
    """Shape (steps, _WAYS): before which step they leave."""
    cost: NDArray[np.float32]
    """The same; infinite where there is none."""


def _ways(piece: Steps, without: Collection[Jump], after: float, ends: int) -> _Ways:
    count = len(piece.times)
    around = _context(piece.looks)
    leave = np.zeros((count, _WAYS), np.int64)
    cost = np.full((count, _WAYS), np.inf, np.float32)
    squares = np.square(around).sum(axis=1)
    far = 2 * piece.bar if piece.regular else round(2.0 / _GRID)
    numbers = np.arange(count)
    kept = min(_WAYS, count - 1)
    for start in range(1, count - ends, _BLOCK):
        enter = np.arange(start, min(start + _BLOCK, count - ends))
        near = squares[enter][:, None] + squares - 2 * around[enter] @ around.T
        back = np.abs(numbers - enter[:, None])
        price = _JUMP + _UNLIKE * np.sqrt(np.maximum(near, 0.0)) + _SHORT * np.exp(-back / (2 * far))
        apart = (piece.places - piece.places[enter][:, None]) % piece.bar
        price += np.where(apart == 0, 0.0, np.where(2 * apart == piece.bar, _HALF_BAR, _OFF_BEAT))
        price[back < min(far, count // 4)] = np.inf
        price[:, :ends] = np.inf
        price[:, piece.times < after] = np.inf
        best = np.argpartition(price, kept, axis=1)[:, :kept]
        leave[enter, :kept], cost[enter, :kept] = best, np.take_along_axis(price, best, axis=1)
    banned = {(round(one.leave, 3), round(one.enter, 3)) for one in without}
    for one, slot in zip(*np.nonzero(np.isfinite(cost)), strict=True) if banned else ():
        if (round(float(piece.times[leave[one, slot]]), 3), round(float(piece.times[one]), 3)) in banned:
            cost[one, slot] = np.inf
    return _Ways(leave, cost)


def _context(looks: Floats) -> Floats:
    """Each step with the one before it and those after: a jump must fit on both sides."""
    count = len(looks)
    rows = np.arange(count)
    parts = [(-1, 0.6), (0, 0.7), (1, 0.4), (2, 0.25)]
    context: Floats = np.concatenate([w * looks[np.clip(rows + shift, 0, count - 1)] for shift, w in parts], axis=1)
    return context


def _costs(ways: _Ways, count: int, most: int) -> tuple[Floats, NDArray[np.uint8]]:
    """What it costs to come to the last step in so many steps, for 0…`most`; and from where each came (0: from the
    step before, n: by its jump n − 1), shape (`most` + 1, steps)."""
    at = np.full(count, np.inf, np.float32)
    at[0] = 0.0
    came = np.zeros((most + 1, count), np.uint8)
    costs = np.full(most + 1, np.inf)
    rows = np.arange(count)
    for step in range(1, most + 1):
        plain = np.concatenate([[np.inf], at[:-1]]).astype(np.float32)
        jumps = plain[ways.leave] + ways.cost
        best = jumps.argmin(axis=1)
        price = jumps[rows, best]
        better = price < plain
        at = np.where(better, price, plain)
        came[step] = np.where(better, best + 1, 0)
        costs[step] = at[-1]
    return costs, came


def _traced(piece: Steps, ways: _Ways, came: NDArray[np.uint8], count: int, cost: float) -> Way:
    at = len(piece.times) - 1
    jumps: list[Jump] = []
    for step in range(count, 0, -1):
        slot = int(came[step, at])
        if slot:
            leave = int(ways.leave[at, slot - 1])
            jumps.append(Jump(float(piece.times[leave]), float(piece.times[at])))
            at = leave
        at -= 1
    jumps.reverse()
    return Way(tuple(jumps), length(piece.seconds, jumps), cost)


def length(seconds: float, jumps: Collection[Jump]) -> float:
    """Of a piece of `seconds` with jumps."""
    return seconds + sum(one.leave - one.enter for one in jumps)


def find_loop(piece: Steps, start: float | None, end: float | None) -> Jump:
    """From where to where a piece is repeated best: whole bars (where there are none, any steps), near `start` and
    `end` where these are given, else as long as is good. Raises `RequestError`."""
    firsts = np.flatnonzero(piece.places == 0)
    least = min(2 * piece.bar, 8) if piece.regular else round(2.0 / _GRID)
    if start is not None and end is not None and end - start < 1.0:
        raise RequestError("A loop of less than a second cannot be made.", "Choose a longer part.")
    if len(firsts) < 3 or firsts[-1] - firsts[0] < least:
        raise RequestError("The piece is too short for a loop.", "Choose one of four bars or more.")
    around = _context(piece.looks)[firsts]
    times = piece.times[firsts]
    squares = np.square(around).sum(axis=1)
    room = 2.5 * piece.bar * piece.step if piece.regular else 3.0
    begins = np.abs(times - start) if start is not None else np.maximum(0.0, times - 0.4 * piece.seconds)
    ends = np.abs(times - end) if end is not None else np.maximum(0.0, 0.6 * piece.seconds - times)
    best, found = math.inf, None
    for at in np.flatnonzero(begins <= (room if start is not None else math.inf)):
        away = np.sqrt(np.maximum(squares + squares[at] - 2 * around @ around[at], 0.0))
        price = _UNLIKE * away + (begins[at] + ends) / max(room, 0.1 * piece.seconds)
        price[firsts - firsts[at] < least] = np.inf
        price[ends > (room if end is not None else math.inf)] = np.inf
        other = int(price.argmin())
        if price[other] < best:
            best, found = float(price[other]), Jump(float(times[other]), float(times[at]))
    if found is None:
        raise RequestError("No part near there can be repeated.", "Choose a longer part, or let it be found.")
    return found
