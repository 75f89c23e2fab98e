"""Second and third voices: thirds and sixths that follow the chords, and do not cross."""

from collections.abc import Sequence

from audiostudio.music.ranges import Range
from audiostudio.music.song import SungNote
from audiostudio.music.theory import TICKS, Chord, Key
from audiostudio.music.vocal_pitch import candidates

_INTERVALS = (2.6, 6.0, 5.0, 0.0, 0.0, 0.9, 4.0, 1.0, 0.4, 0.3, 5.0, 6.0)
"""What 0…11 semitones from the lead cost, octaves left away: thirds are best, then sixths, then fourths and fifths."""
_TAKEN = 8.0
_CROSSED = 4.0
_STEP = 0.18


def harmony(
    lead: Sequence[SungNote],
    chords: Sequence[Chord],
    key: Key,
    within: Range,
    others: Sequence[Sequence[SungNote]] = (),
    below: bool = True,
) -> tuple[SungNote, ...]:
    """A second voice to `lead` with the same rhythm and words.

    `chords`: at each of its notes; `others`: voices that sing along already, note by note as the lead; `below`: the
    side that is preferred. The voice stays on its side of the lead wherever its range has room there.
    """
    states: dict[int, float] = {}
    trail: list[dict[int, int]] = []
    for place, note in enumerate(lead):
        taken = {note.pitch, *(other[place].pitch for other in others)}
        arrived: dict[int, float] = {}
        origin: dict[int, int] = {}
        for pitch in candidates(key, chords[place], within):
            own = _own(pitch, note, chords[place], taken, below)
            if place == 0:
                arrived[pitch] = own
                continue
            before, cost = min(
                ((earlier, cost + _moved(pitch - earlier)) for earlier, cost in states.items()),
                key=lambda one: (one[1], one[0]),
            )
            arrived[pitch], origin[pitch] = cost + own, before
        states = arrived
        trail.append(origin)
    if not states:
        return ()
    pitch = min(states, key=lambda one: (states[one], one))
    pitches = [pitch]
    for origin in reversed(trail[1:]):
        pitch = origin[pitch]
        pitches.append(pitch)
    return tuple(
        note._replace(pitch=pitch, velocity=max(1, note.velocity - 12))
        for note, pitch in zip(lead, pitches[::-1], strict=True)
    )


def unison(lead: Sequence[SungNote], within: Range) -> tuple[SungNote, ...]:
    """The same melody, in the octave that a voice can sing; single notes that miss it go to another octave."""
    if not lead:
        return ()
    middle = sorted(note.pitch for note in lead)[len(lead) // 2]
    steps = within.nearest(middle) - middle
    return tuple(
        note._replace(pitch=note.pitch + steps)
        if within.low <= note.pitch + steps <= within.high
        else note._replace(pitch=within.nearest(note.pitch + steps))
        for note in lead
    )


def _moved(interval: int) -> float:
    return _STEP * abs(interval) + (0.5 if abs(interval) > 4 else 0.0) + (1.0 if abs(interval) > 7 else 0.0)


def _own(pitch: int, note: SungNote, chord: Chord, taken: set[int], below: bool) -> float:
    distance = note.pitch - pitch if below else pitch - note.pitch
    cost = _INTERVALS[abs(distance) % 12]
    if distance < 0:
        cost += _CROSSED
    if abs(distance) > 12:
        cost += 0.25 * (abs(distance) - 12)
    if pitch % 12 not in chord.classes:
        cost += 1.6 if note.length >= TICKS else 0.6
    if pitch in taken:
        cost += _TAKEN
    if any(abs(pitch - other) in (1, 2) for other in taken):
        cost += 3.0
    return cost
