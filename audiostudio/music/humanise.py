"""Hands: swing, and notes that stray a little from the grid; on average beats stay where they are."""

from random import Random

from audiostudio.music.genres import Genre
from audiostudio.music.score import Note, Role
from audiostudio.music.theory import TICKS

_FARTHEST = 2.2
"""Standard deviations."""


def swung(tick: int, amount: float, unit: int) -> int:
    """A tick of a straight bar where it is swung: off-beats are later by `amount` of their length."""
    size = TICKS * 4 // unit
    pair, place = divmod(tick, 2 * size)
    late = place * (1 + amount) if place < size else size * (1 + amount) + (place - size) * (1 - amount)
    return pair * 2 * size + round(late)


def played(notes: list[Note], role: Role, genre: Genre, swing: float, bpm: float, end: int, rng: Random) -> list[Note]:
    """Notes of a section as hands play them; none leaves the section."""
    ticks = genre.timing * bpm * TICKS / 60_000
    loose = {Role.DRUMS: 0.5, Role.PERCUSSION: 0.8, Role.BASS: 0.6, Role.PAD: 0.8, Role.EFFECTS: 0.0}.get(role, 1.0)
    ticks *= loose
    touch = genre.touch * (0.0 if role is Role.EFFECTS else 1.0)
    unit = genre.swing_unit
    gauss = rng.gauss
    found = []
    shift: dict[int, float] = {}
    for start, length, pitch, velocity in notes:
        begin, stop = start, start + length
        if swing:
            begin, stop = swung(begin, swing, unit), swung(stop, swing, unit)
        if ticks:
            stray = shift.get(start)  # a chord is one movement of a hand
            if stray is None:
                stray = min(max(gauss(0, ticks), -_FARTHEST * ticks), _FARTHEST * ticks)
                shift[start] = stray
            begin = round(begin + stray)
        if touch:
            velocity = min(127, max(1, round(velocity + gauss(0, touch))))
        begin = min(max(begin, 0), end - 1)
        found.append(Note(begin, max(1, min(stop, end) - begin), pitch, velocity))
    return found


def tidy(notes: list[Note]) -> tuple[Note, ...]:
    """By start; a pitch that is struck again ends first, and is struck once at a time."""
    found: list[Note] = []
    last: dict[int, int] = {}
    for one in sorted(notes):
        place = last.get(one.pitch)
        if place is not None:
            before = found[place]
            if before.start + before.length > one.start:
                if one.start - before.start < 8:
                    found[place] = before._replace(velocity=max(before.velocity, one.velocity))
                    continue
                found[place] = before._replace(length=one.start - before.start)
        last[one.pitch] = len(found)
        found.append(one)
    return tuple(sorted(found))
