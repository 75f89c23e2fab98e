"""When the syllables of a line are sung: stresses on strong beats, the last one long, all of them before the breath."""

import math
from random import Random
from typing import NamedTuple

from audiostudio.music import form
from audiostudio.music.theory import TICKS, Metre
from audiostudio.music.vocal_form import Unit

STRONG = 0.6
"""Weight from which a place in the bar counts as strong."""
_FAR = 1e9
_PUSH = 3.2
"""What a stressed syllable on the weakest place costs."""


class Onset(NamedTuple):
    start: int
    """Ticks from the first bar of the line; less than 0 before it."""
    length: int


class Window(NamedTuple):
    """Where the notes of a line may lie: half-open ticks from its first bar."""

    low: int
    high: int


def weight(tick: int, metre: Metre) -> float:
    """How strong a place is in its bar: 1 the first beat … 0 between eighths."""
    at = tick % metre.bar
    pulses = form.pulses(metre)
    if at == 0:
        return 1.0
    if at in pulses:
        return 0.85 if len(pulses) % 2 == 0 and pulses.index(at) == len(pulses) // 2 else 0.65
    return 0.3 if at % (TICKS // 2) == 0 else 0.0


def rhythm(
    sung: list[Unit],
    window: Window,
    metre: Metre,
    bpm: float,
    step: int,
    rng: Random,
    like: frozenset[int] = frozenset(),
) -> list[Onset]:
    """The cheapest way to lay syllables on a grid of `step` ticks. `like`: places where a line sung before has notes.

    The window holds them: `(len(sung) + 1) * step` ticks at least.
    """
    places = list(range(-(-window.low // step) * step, window.high - step + 1, step))
    ideal = _ideal(sung, window, bpm)
    bias = _biases(places, metre, rng, like)
    leading = next((place for place, unit in enumerate(sung) if unit.stress == 1), 0)
    costs = [[_FAR] * len(places) for _ in sung]
    origins = [[-1] * len(places) for _ in sung]
    reach = max(2, 5 * TICKS // 2 // step)
    for number, unit in enumerate(sung):
        first = min(number, len(places))
        for at in range(first, len(places) - (len(sung) - 1 - number)):
            own = _fit(unit, places[at], metre) + bias[at]
            if number == leading:
                own += 0.5 * min(abs(places[at]), metre.bar) / TICKS
            if number == len(sung) - 1:
                own += _ending(window.high - places[at])
            if number == 0:
                costs[0][at] = own
                continue
            before = costs[number - 1]
            best, origin = _FAR, -1
            for gap in range(1, min(reach, at) + 1):
                cost = before[at - gap] + _gap(gap * step, ideal[number - 1])
                if cost < best:
                    best, origin = cost, at - gap
            costs[number][at], origins[number][at] = best + own, origin
    return _lengths(_traced(places, costs, origins), sung, window, step)


def _ideal(sung: list[Unit], window: Window, bpm: float) -> list[float]:
    """Ticks that each syllable would last: stressed ones longer, none as in a dirge or a race."""
    weights = [1.35 if unit.stress == 1 else 1.1 if unit.stress or unit.comma else 0.85 for unit in sung]
    even = 0.85 * (window.high - window.low) / (sum(weights) + 1.5)
    even = min(max(even, 0.14 * bpm * TICKS / 60), 0.55 * bpm * TICKS / 60)
    return [one * even for one in weights]


def _biases(places: list[int], metre: Metre, rng: Random, like: frozenset[int]) -> list[float]:
    """What makes one line other than the next: likings of its own; a weak sixteenth needs a reason."""
    return [
        0.5 * rng.random() + (0.7 if weight(place, metre) == 0 else 0.0) - (0.9 if place in like else 0.0)
        for place in places
    ]


def _fit(unit: Unit, place: int, metre: Metre) -> float:
    strength = weight(place, metre)
    if unit.stress == 1:
        return _PUSH * max(0.0, 0.85 - strength)
    return 0.8 * strength if unit.stress == 0 else 0.4 * strength


def _gap(ticks: int, ideal: float) -> float:
    octaves = math.log2(ticks / ideal)
    return 0.55 * octaves * octaves + (0.6 if ticks > 2 * TICKS else 0.0)


def _ending(left: int) -> float:
    """The last note wants a beat or two, not four."""
    if left < TICKS:
        return 3.0 * (1 - left / TICKS)
    return 0.35 * max(0.0, left / TICKS - 2.5)


def _traced(places: list[int], costs: list[list[float]], origins: list[list[int]]) -> list[int]:
    at = min(range(len(places)), key=lambda place: costs[-1][place])
    found = [places[at]]
    for number in range(len(costs) - 1, 0, -1):
        at = origins[number][at]
        found.append(places[at])
    return found[::-1]


def _lengths(starts: list[int], sung: list[Unit], window: Window, step: int) -> list[Onset]:
    ends = [*starts[1:], min(window.high, starts[-1] + 5 * TICKS // 2)]
    found: list[Onset] = []
    for start, end, unit in zip(starts, ends, sung, strict=True):
        length = end - start
        if end in starts and length > step:
            length = _held(length, unit, step)
        found.append(Onset(start, length))
    return found


def _held(length: int, unit: Unit, step: int) -> int:
    """How long of the way to the next note is sung: a comma breathes, a very long way is not sung out."""
    if unit.comma and length >= TICKS:
        return length - TICKS // 2
    return min(length, max(2 * TICKS, step))
