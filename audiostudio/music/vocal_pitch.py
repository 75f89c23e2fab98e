"""Which pitches a line is sung on: chord tones on strong beats, steps, leaps that turn back, an aim, a cadence."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from audiostudio.music.ranges import Range
from audiostudio.music.theory import TICKS, Chord, Key, Metre
from audiostudio.music.vocal_rhythm import STRONG, Onset, weight

_STEPS = (0.75, 0.1, 0.0, 0.25, 0.45, 1.0, 2.2, 1.3, 2.6, 2.8, 4.0, 4.5, 3.0)
"""What going 0…12 semitones costs."""
_TOO_FAR = 9.0
_AIM = 0.08
_BEAM = 40
"""Ways that are followed."""
_LEAP = 5


class Cadence(StrEnum):
    OPEN = "open"
    """It waits for an answer."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Setting:
    """What a line is sung over."""

    key: Key
    chords: tuple[Chord, ...]
    """At each of its notes."""
    range: Range
    height: float
    """Where in the range it lives: 0…1."""
    cadence: Cadence
    metre: Metre


def melody(
    notes: Sequence[Onset],
    over: Setting,
    rng: Random,
    like: Sequence[tuple[int, int]] = (),
    before: int | None = None,
    faith: float = 0.35,
) -> list[int]:
    """A pitch for each note. `like`: (start, pitch) of a line that this one resembles, with `faith` a semitone of
    difference; `before`: the last pitch that this voice sang."""
    aims = _contour(notes, over, rng)
    copied = [_at(like, note.start) for note in notes]
    likings = [rng.random() * 0.5 for _ in range(12)]
    paths: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for place, note in enumerate(notes):
        last = place == len(notes) - 1
        model = copied[place]
        owns: list[tuple[int, float]] = []
        for pitch in candidates(over.key, over.chords[place], over.range):
            own = _own(pitch, place, note, over, last) + likings[pitch % 12]
            own += _AIM * abs(pitch - aims[place]) ** 1.5 if model is None else faith * abs(pitch - model)
            if place == 0 and before is not None:
                own += 0.3 * _moved(pitch - before)
            owns.append((pitch, own))
        paths = _best(paths, owns)
    return list(min((cost + _dullness(path, over.range), path) for cost, path in paths)[1])


def _best(
    paths: list[tuple[float, tuple[int, ...]]], owns: list[tuple[int, float]]
) -> list[tuple[float, tuple[int, ...]]]:
    """The cheapest ways to go on, of each that ends with the same three notes one."""
    found: dict[tuple[int, ...], tuple[float, tuple[int, ...]]] = {}
    for cost, path in paths:
        for pitch, own in owns:
            total = cost + own + (_going(path, pitch) if path else 0.0)
            end = (*path[-2:], pitch)
            known = found.get(end)
            if known is None or total < known[0]:
                found[end] = (total, (*path, pitch))
    return sorted(found.values())[:_BEAM]


def _going(path: tuple[int, ...], pitch: int) -> float:
    """What it costs to go on to `pitch`."""
    cost = _moved(pitch - path[-1])
    if len(path) > 1:
        cost += _turning(pitch - path[-1], _direction(path[-1] - path[-2]))
        if pitch == path[-2]:
            cost += 0.9 if len(path) > 2 and path[-1] == path[-3] else 0.25  # to and fro
            cost += 0.7 if pitch == path[-1] else 0.0
    return cost


def _dullness(path: tuple[int, ...], within: Range) -> float:
    """A line that hardly moves."""
    colours = min(5, len(path) // 2 + 1) - len(set(path))
    narrow = min(5, len(path) - 1, within.span) - (max(path) - min(path))
    return 0.6 * max(0, colours) + 0.25 * max(0, narrow)


def candidates(key: Key, chord: Chord, within: Range) -> list[int]:
    """The key's notes and the chord's, without those that rub against the chord's altered ones."""
    altered = set(chord.classes) - set(key.scale)
    usable = set(chord.classes) | {
        one for one in key.scale if one in chord.classes or not {(one + 1) % 12, (one - 1) % 12} & altered
    }
    return [pitch for pitch in range(within.low, within.high + 1) if pitch % 12 in usable]


def _own(pitch: int, place: int, note: Onset, over: Setting, last: bool) -> float:
    """What a pitch costs for itself."""
    classes = over.chords[place].classes
    strength = weight(note.start, over.metre)
    long = note.length >= TICKS
    cost = 0.0
    if pitch % 12 not in classes:
        cost += 2.2 if strength >= STRONG or long else 0.5
        if any((pitch - one) % 12 == 1 for one in classes):  # a semitone above a chord tone
            cost += 1.2 if strength >= STRONG or long else 0.3
    elif pitch % 12 in classes[3:]:
        cost += 0.4
    if last:
        cost += _closing(pitch, classes, over)
    edge = min(pitch - over.range.low, over.range.high - pitch)
    return cost + (0.5 if edge < 2 else 0.0)


def _closing(pitch: int, classes: tuple[int, ...], over: Setting) -> float:
    degree = (pitch - over.key.tonic) % 12
    if over.cadence is Cadence.CLOSED:
        cost = {0: 0.0, 3: 0.7, 4: 0.7, 7: 1.2}.get(degree, 3.0)
        return cost if pitch % 12 in classes else cost + 1.0
    return {2: 0.0, 7: 0.0, 11: 0.4, 4: 0.4, 3: 0.4, 0: 1.2}.get(degree, 0.8) + (0.0 if pitch % 12 in classes else 1.5)


def _moved(interval: int) -> float:
    size = abs(interval)
    return _STEPS[size] if size < len(_STEPS) else _TOO_FAR + size


def _direction(interval: int) -> int:
    return 0 if abs(interval) < _LEAP else (1 if interval > 0 else -1)


def _turning(interval: int, leapt: int) -> float:
    """After a leap the melody turns back, by step."""
    if leapt == 0:
        return 0.0
    if interval * leapt < 0:
        return 0.0 if abs(interval) <= 2 else 0.6
    return 0.9 if interval == 0 else 1.8


def _contour(notes: Sequence[Onset], over: Setting, rng: Random) -> list[float]:
    """Where the line aims at each note: up and down again, down, up, or a wave."""
    low, high = over.range.low + 2, over.range.high - 2
    middle = low + over.height * (high - low)
    reach = min(5.0, (high - low) / 2.5)
    shape = rng.choices(("arch", "fall", "rise", "wave"), (4, 3, 1.5, 2))[0]
    if over.cadence is Cadence.CLOSED and shape == "rise":
        shape = "arch"
    begin, end = notes[0].start, max(notes[-1].start, notes[0].start + 1)
    peak = rng.uniform(0.3, 0.7)
    return [middle + reach * _shape(shape, (note.start - begin) / (end - begin), peak) for note in notes]


def _shape(shape: str, at: float, peak: float) -> float:
    """−1…1."""
    if shape == "fall":
        return 0.9 - 1.7 * at
    if shape == "rise":
        return -0.8 + 1.5 * at
    if shape == "wave":
        return 0.8 - 4 * abs((at + peak) % 1.0 - 0.5) + 0.2
    side = at / peak if at < peak else (1 - at) / (1 - peak)
    return -0.7 + 1.6 * side


def _at(like: Sequence[tuple[int, int]], start: int) -> int | None:
    """The pitch that the model has at a place: its note there, or the nearest within a beat."""
    if not like:
        return None
    nearest = min(like, key=lambda one: abs(one[0] - start))
    return nearest[1] if abs(nearest[0] - start) <= TICKS else None
